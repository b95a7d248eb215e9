//! `runner check` as a maintainer uses it.

use crate::harness::{COIN, Workspace};

/// A workspace with an experiment and its committed results.
fn committed(spec: &str) -> Workspace {
    let workspace = Workspace::new();
    std::fs::create_dir(workspace.path("experiments")).unwrap();
    let workspace = workspace.file("experiments/coin.toml", spec);
    workspace.run(["experiments/coin.toml", "--quiet"]).succeeds();
    workspace
}

/// The same with one file of the results changed.
fn tampered(file: &str, change: impl Fn(String) -> String) -> Workspace {
    let workspace = committed(COIN);
    let text = workspace.read(&format!("results/coin/{file}"));
    let changed = change(text.clone());
    assert_ne!(text, changed);
    workspace.file(&format!("results/coin/{file}"), changed)
}

#[test]
fn a_clean_checkout_passes() {
    let workspace = committed(COIN);
    let found = workspace.run(["check"]).succeeds();
    insta::assert_snapshot!(found.out, @"
    over 6 tests, the chance of any false alarm is at most 1e-6; a bias of 94 % of KL(P‖Q) or more is missed with a probability of at most 1e-3, and in the best condition one of 30 %
    coin  bytes  the same as results/coin: 3 files
          law    6 tests of fresh trials with seed 8422650605787699836, the smallest p-value ≤ 0.52
    PASS: 1 experiment
    ");
    assert_eq!(workspace.run(["check", "--quiet"]).succeeds().out, "");
}

#[test]
fn one_digit_of_a_committed_result_is_found() {
    let workspace = committed(COIN);
    let row = &workspace.rows("results/coin/summary.csv")[1];
    let mean = &row["mean"];
    let digit = if mean.ends_with('7') { "3" } else { "7" };
    let edited = format!("{}{digit}", &mean[..mean.len() - 1]);
    let text = workspace.read("results/coin/summary.csv").replacen(mean.as_str(), &edited, 1);
    let workspace = workspace.file("results/coin/summary.csv", text);
    workspace
        .run(["check", "--only", "bytes"])
        .exits_with(1)
        .shows(&format!("summary.csv line 3, condition 2, N = 100: mean was {edited}, is {mean}"))
        .shows("edited since they were written: summary.csv")
        .shows("REGRESSED: coin");
}

#[test]
fn what_else_may_happen_to_a_results_file_has_its_own_words() {
    let rest = |text: String| text.lines().skip(1).fold(String::new(), |all, line| all + line + "\n");
    let header = |text: &str| text.lines().next().unwrap().to_owned();
    for (workspace, words) in [
        (tampered("summary.csv", |_| String::new()), "the file was empty, is with rows"),
        (tampered("summary.csv", |text| text[..text.len() - 20].to_owned()), "absent: the row is cut short"),
        (
            tampered("summary.csv", |text| text.lines().take(2).fold(String::new(), |all, line| all + line + "\n")),
            "the row was absent, is there",
        ),
        (
            tampered("summary.csv", |text| {
                let other = header(&text).replacen("experiment,condition", "condition,experiment", 1);
                other + "\n" + &rest(text)
            }),
            "the columns was condition,experiment",
        ),
        (tampered("law.csv", |text| text.replace('\n', "\r\n")), "the same cells in other bytes"),
    ] {
        workspace.run(["check", "--only", "bytes"]).exits_with(1).shows(words);
    }
    let workspace = committed(COIN);
    std::fs::remove_file(workspace.path("results/coin/law.csv")).unwrap();
    workspace.run(["check", "--only", "bytes"]).exits_with(1).shows("law.csv: the file was absent, is there");
    let workspace = committed(COIN).file("results/coin/trials.csv", "trial\n1\n");
    workspace.run(["check", "--only", "bytes"]).exits_with(1).shows("trials.csv: the file was there, is absent");
    tampered("manifest.json", |text| text[..40].to_owned())
        .run(["check", "--only", "bytes"])
        .exits_with(1)
        .shows("UNREADABLE: results/coin/manifest.json");
}

#[test]
fn nothing_to_compare_with_is_no_regression() {
    let newer = tampered("manifest.json", |text| text.replace("\"format\": 1", "\"format\": 2"));
    newer.run(["check", "--only", "bytes"]).exits_with(3).shows("NEWER: results/coin has layout 2");
    let streams = tampered("manifest.json", |text| text.replace("\"stream_version\": ", "\"stream_version\": 9"));
    streams.run(["check", "--only", "bytes"]).exits_with(3).shows("OTHER STREAMS");
    // Another version of the program is no difference.
    tampered("manifest.json", |text| text.replace("\"version\": \"", "\"version\": \"9."))
        .run(["check", "--only", "bytes"])
        .succeeds();
    let workspace = committed(COIN);
    std::fs::remove_dir_all(workspace.path("results")).unwrap();
    workspace
        .run(["check"])
        .exits_with(3)
        .shows("MISSING: there are no results in results/coin")
        .shows("CHANGED: coin");
    let workspace = committed(COIN).file("experiments/coin.toml", COIN.replace("1_000", "1_001"));
    workspace.run(["check"]).exits_with(3).shows("SPEC CHANGED").shows("trials was 1000, is 1001");
    workspace.run(["check", "--update"]).succeeds().says("updated results/coin");
    workspace.run(["check"]).succeeds();
    assert!(workspace.read("results/coin/manifest.json").contains("1001"));
}

/// Of a long grid only what changed is named.
#[test]
fn a_changed_label_is_named_alone() {
    let spec = |label: &str| {
        format!(
            "seed = 1\ntrials = 50\nN = 5\nP = [0.5, 0.5]\n[grid]\nQ = [{{ label = \"near\", value = [0.4, 0.6] }}, \
             {{ label = \"{label}\", value = [0.1, 0.9] }}]\n"
        )
    };
    let workspace = committed(&spec("far")).file("experiments/coin.toml", spec("distant"));
    let shown = workspace.run(["check", "--only", "bytes"]).exits_with(3).shows("SPEC CHANGED").out;
    let change = shown.lines().find(|line| line.contains(" was \"")).unwrap();
    assert!(change.ends_with("[2].label was \"far\", is \"distant\""), "{change}");
}

/// Repeated checks agree; another text gives other trials.
#[test]
fn fresh_trials_come_from_the_text() {
    let workspace = committed(COIN);
    let seed = |arguments: &[&str]| {
        let json = workspace.run(["check", "--json"].into_iter().chain(arguments.iter().copied())).succeeds().out;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        json["experiments"][0]["law"]["seed"].as_u64().unwrap()
    };
    assert_eq!(seed(&[]), seed(&["--only", "law"]));
    assert_ne!(seed(&[]), seed(&["--fresh", "3f2c1a7"]));
}

#[test]
fn a_check_that_could_miss_what_it_must_see_is_inconclusive() {
    let workspace = committed(&format!("{COIN}\n[check]\ndetect = 0.1\n"));
    workspace
        .run(["check"])
        .exits_with(4)
        .shows("a bias of 10 % of KL(P‖Q) must be detected")
        .shows("INCONCLUSIVE: coin");
    // `[check]` has no part in what a run leaves.
    workspace.run(["check", "--only", "bytes"]).succeeds();
    committed(&format!("{COIN}\n[check]\ndetect = 0.9\n"))
        .run(["check", "--set", "trials=1e6", "--only", "law"])
        .succeeds();
}

#[test]
fn mistakes_in_check_are_told_at_their_place() {
    let workspace =
        committed(COIN).file("experiments/coin.toml", format!("{COIN}\n[check]\nfalse_alarm = 2\ndetekt = 0.1\n"));
    let found = workspace.run(["check"]).refuses();
    insta::assert_snapshot!(found.err, @"
    error: `check.false_alarm` is 2, but must be a number above 0 and below 1
     --> experiments/coin.toml:9:15
      |
    9 | false_alarm = 2
      |               ^
      |
      = help: write for example: false_alarm = 1e-6

    error: `check` has no key `detekt`
      --> experiments/coin.toml:10:1
       |
    10 | detekt = 0.1
       | ^^^^^^
       |
       = help: did you mean `detect`?
    ");
}

/// A case for the bytes and one for each test, with figures; the same bytes each time.
#[test]
fn junit_has_a_case_for_each_test() {
    let workspace = committed(COIN);
    workspace.run(["check", "--junit", "first.xml"]).succeeds();
    workspace.run(["check", "--junit", "again.xml"]).succeeds();
    let xml = workspace.read("first.xml");
    assert_eq!(xml, workspace.read("again.xml"));
    assert_eq!(xml.matches("<testcase ").count(), 7);
    assert!(xml.contains("tests=\"7\"") && xml.contains("failures=\"0\""), "{xml}");
    for part in
        ["p-value ", "detectable effect ", "to reproduce: runner experiments/coin.toml --seed ", "of 1,000 trials"]
    {
        assert!(xml.contains(part), "{part} is not in {xml}");
    }
    // What it says to type can be typed.
    let replay = xml.lines().find_map(|line| line.strip_prefix("one of the trials: runner ")).unwrap();
    workspace.run(replay.split_ascii_whitespace()).succeeds().shows("trial 1 of 1,000");
    let workspace = tampered("summary.csv", |_| String::new());
    workspace.run(["check", "--junit", "found.xml"]).exits_with(1);
    assert!(workspace.read("found.xml").contains("failures=\"1\""));
}

/// The same promise as that of one look, but for some percent, with fewer trials.
#[test]
fn a_check_at_any_time_saves_trials() {
    let workspace = committed(COIN);
    let check = |more: &[&str]| {
        let arguments = ["check", "--only", "law", "--set", "trials=1e6", "--set", "sampler=\"counts\""];
        workspace.run(arguments.into_iter().chain(more.iter().copied())).succeeds().out
    };
    insta::assert_snapshot!(check(&["--anytime"]), @"
    over 6 tests, the chance of any false alarm is at most 1e-6; a bias of 3.1 % of KL(P‖Q) or more is missed with a probability of at most 1e-3, and in the best condition one of 0.97 %
    coin  law    6 tests of 638,976 of 2,000,000 fresh trials with seed 8422650605787699836, the smallest p-value ≤ 0.43
    638,976 of 2,000,000 trials were enough: 68 % saved
    PASS: 1 experiment
    ");
    let json = |text: String| -> serde_json::Value { serde_json::from_str(&text).unwrap() };
    let (once, anytime) = (json(check(&["--json"])), json(check(&["--anytime", "--json"])));
    let ratio = anytime["detectable_bias"].as_f64().unwrap() / once["detectable_bias"].as_f64().unwrap();
    assert!((1.0..1.05).contains(&ratio), "{ratio}");
    let law = &anytime["experiments"][0]["law"];
    let number = |key: &str| law[key].as_str().unwrap().parse::<u64>().unwrap();
    assert_eq!(number("planned_trials"), 2_000_000);
    assert!(number("trials") < 1_200_000, "{law}");
    assert_eq!(once["experiments"][0]["law"]["trials"], "2000000");
}

/// A bias that must be seen, and is large, is soon excluded.
#[test]
fn a_check_at_any_time_stops_sooner_where_less_must_be_seen() {
    let workspace = committed(COIN);
    let drawn = |detect: &str| {
        let detect = format!("check.detect={detect}");
        let arguments = ["check", "--only", "law", "--anytime", "--json", "--set", "trials=1e6", "--set", &detect];
        let json: serde_json::Value = serde_json::from_str(&workspace.run(arguments).succeeds().out).unwrap();
        json["experiments"][0]["law"]["trials"].as_str().unwrap().parse::<u64>().unwrap()
    };
    assert!(2 * drawn("0.5") < drawn("0.04"));
}

/// Where no moments are finite and no law is known, the committed trials are what fresh ones are held against.
#[test]
fn rows_without_theory_are_held_against_the_committed_trials() {
    let spec = |scale: &str| {
        format!(
            "trials = 20_000\nN = 3\nP.cauchy = {{ location = 0, scale = {scale} }}\nQ.normal = {{ mean = 0, std_dev = 1 }}\n"
        )
    };
    let workspace = committed(&spec("1"));
    let shown = workspace.run(["check", "--only", "law", "--json"]).out;
    let json: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let found = json["experiments"][0]["law"]["tests"].as_array().unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["test"], "fit to the committed trials");
    assert_eq!(found[0]["failed"], false);
    // Fewer trials are of the same law.
    workspace.run(["check", "--only", "law", "--set", "trials=3000"]).succeeds().shows("1 test of fresh trials");
    workspace.run(["check", "--only", "law", "--set", "P.cauchy.scale=2"]).succeeds().shows("nothing to test");
    // The trials of another law. An edited file is no baseline: the manifest must say the same.
    let other = committed(&spec("1.2"));
    let workspace = workspace.file("results/coin/law.csv", other.read("results/coin/law.csv"));
    workspace.run(["check", "--only", "law"]).succeeds().shows("nothing to test");
    workspace.run(["check", "--only", "bytes"]).exits_with(1).shows("edited since they were written: law.csv");
    let digest = |manifest: &str| {
        let manifest: serde_json::Value = serde_json::from_str(manifest).unwrap();
        manifest["files"]["law.csv"].as_str().unwrap().to_owned()
    };
    let manifest = workspace.read("results/coin/manifest.json");
    let manifest = manifest.replace(&digest(&manifest), &digest(&other.read("results/coin/manifest.json")));
    let workspace = workspace.file("results/coin/manifest.json", manifest);
    workspace
        .run(["check", "--only", "law"])
        .exits_with(1)
        .shows("condition 1, N = 3: fit to the committed trials has p-value");
    std::fs::remove_dir_all(workspace.path("results")).unwrap();
    let json = workspace.run(["check", "--only", "law", "--json"]).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["experiments"][0]["law"]["tests"].as_array().unwrap().len(), 0);
}
