//! `runner summarize --save`: a folder that is shown and checked again.

use crate::harness::{COIN, Workspace};

const MISSING: &str = include_str!("../../reference/studies/missing.csv");

const SUMMARIZE: [&str; 14] = [
    "summarize",
    "study.csv",
    "--estimate-column",
    "b",
    "--truth",
    "0.50",
    "--by",
    "method",
    "--reference",
    "CC",
    "--trial-column",
    "dataset",
    "--save",
    "results/study",
];

/// A workspace whose `results/study` is saved.
fn saved() -> Workspace {
    let here = Workspace::new().file("study.csv", MISSING);
    here.run(SUMMARIZE).succeeds().shows("358 estimates");
    here
}

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    SUMMARIZE.iter().chain(more).copied().collect()
}

#[test]
fn the_same_trials_leave_the_same_bytes() {
    let here = saved();
    let first = here.contents("results/study");
    let names: Vec<String> = first.keys().map(|path| path.display().to_string()).collect();
    assert_eq!(names, ["manifest.json", "measures.csv", "trials.csv"]);
    assert_eq!(here.read("results/study/trials.csv"), MISSING);
    here.run(SUMMARIZE).succeeds();
    assert_eq!(here.contents("results/study"), first);
    // From elsewhere, under another name, from a pipe's end or a file: the folder does not say.
    let there = Workspace::new().file("other.csv", MISSING);
    there.run(with(&[]).into_iter().map(|word| if word == "study.csv" { "other.csv" } else { word })).succeeds();
    assert_eq!(there.contents("results/study"), first);
    assert!(!here.read("results/study/manifest.json").contains("study.csv"));
}

#[test]
fn a_saved_study_is_reported_as_it_was_summarized() {
    let here = saved();
    let plain: Vec<&str> = SUMMARIZE[..12].to_vec();
    for format in ["csv", "json", "terminal"] {
        let of_file = here.run(plain.iter().copied().chain(["--format", format])).succeeds().out;
        let of_folder = here.run(["report", "results/study", "--format", format]).succeeds().out;
        assert_eq!(of_folder.replace("results/study", "study.csv"), of_file, "{format}");
    }
    assert_eq!(here.read("results/study/measures.csv"), here.run(["report", "results/study", "--format", "csv"]).out);
    here.run(["report", "results/study", "--format", "markdown"]).succeeds().shows("| CC | 120 |");
    here.run(["report", "results/study", "--format", "latex"]).succeeds().shows("\\toprule").shows("MI\\_LOGT");
    let written = here.run(["report", "results/study", "--format", "svg"]).succeeds().out;
    assert_eq!(written, "results/study/lollipops.svg\nresults/study/zip.svg\nresults/study/scatter.svg\n");
    here.run(["report", "results", "--format", "html", "--out", "pages"]).succeeds().shows("pages/study.html");
    here.run(with(&["--format", "html"])).succeeds().shows("results/study/report.html");
    // Pages and pictures beside the files are no obstacle.
    here.run(SUMMARIZE).succeeds();
    here.run(["check", "results/study"]).succeeds();
}

#[test]
fn several_files_are_saved_one_by_one() {
    let here = Workspace::new().file("a.csv", "estimate\n1\n2\n").file("b.csv", "estimate\n3\n5\n");
    let save = ["summarize", "a.csv", "b.csv", "--save", "s", "--format", "csv"];
    let out = here.run(save).succeeds().out;
    assert_eq!(here.run(["report", "s", "--format", "csv"]).succeeds().out, out);
    assert!(out.contains("\nb.csv,mean,4.0,"), "{out}");
    assert_eq!(here.read("s/trials-2.csv"), "estimate\n3\n5\n");
    here.run(["summarize", "a.csv", "--save", "s"]).refuses().says("a summary of other trials").says("--replace");
    here.run(["summarize", "a.csv", "--save", "s", "--replace"]).succeeds();
    let names: Vec<_> = here.contents("s").into_keys().collect();
    assert_eq!(names.len(), 3, "{names:?}");
    here.run(["check", "s"]).succeeds();
}

#[test]
fn nothing_but_the_same_summary_is_overwritten() {
    let here = saved().file("coin.toml", COIN);
    std::fs::create_dir(here.path("notes")).unwrap();
    let here = here.file("notes/todo.txt", "mine");
    here.run(["coin.toml", "--quiet"]).succeeds();
    let before = (here.contents("results"), here.contents("notes"));
    let save = |folder: &'static str| [&SUMMARIZE[..13], &[folder]].concat();
    here.run(save("results/coin")).refuses().says("results/coin holds the results of a run");
    here.run([save("results/coin"), vec!["--replace"]].concat()).refuses().says("holds the results of a run");
    here.run([save("notes"), vec!["--replace"]].concat()).refuses().says("such as todo.txt").says("--save");
    let other = with(&["--level", "0.9", "--trim", "0.1"]);
    here.run(other.clone()).refuses().says("it differs in level, trim").says("--replace");
    here.run(save("results/..")).refuses().says("cannot be the folder of a study");
    here.run(["summarize", "study.csv", "--replace"]).refuses().says("--save");
    let here = here.file("study.csv", MISSING.replace("0.625584", "0.625585"));
    here.run(SUMMARIZE).refuses().says("results/study holds a summary of other trials").says("--replace");
    assert_eq!((here.contents("results"), here.contents("notes")), before);
    here.run([other, vec!["--replace"]].concat()).succeeds();
    here.run(["check", "results/study"]).succeeds();
    assert!(here.read("results/study/manifest.json").contains("\"level\": 0.9"));
    // A mistake in the trials leaves what is there, and no new folder.
    let here = here.file("study.csv", "method,b,dataset\nCC,one,1\n");
    let before = here.contents("results");
    here.run(with(&["--replace"])).refuses().says("an estimate is a number");
    here.run([&SUMMARIZE[..13], &["new/folder"]].concat()).refuses();
    assert_eq!(here.contents("results"), before);
    assert!(!here.path("new").exists());
}

#[test]
fn a_check_finds_what_was_edited_and_what_changed() {
    let here = saved();
    here.run(["check", "results/study"])
        .succeeds()
        .shows("results/study: the measures of the saved trials are the same");
    assert_eq!(here.run(["check", "results/study", "--quiet"]).succeeds().out, "");
    let measures = here.read("results/study/measures.csv");
    let here = here.file("results/study/measures.csv", measures.replace("CC,bias,0.0", "CC,bias,0.1"));
    here.run(["check", "results/study"]).exits_with(1).shows("measures.csv is not the file that was saved");
    // The same with the digest put right: now it is the measure that changed.
    let digest = |text: &str| kl_runner::record::hex(&<sha2::Sha256 as sha2::Digest>::digest(text.as_bytes()));
    let manifest = here.read("results/study/manifest.json");
    let edited = measures.replace("CC,bias,0.0", "CC,bias,0.1");
    let here = here.file("results/study/manifest.json", manifest.replace(&digest(&measures), &digest(&edited)));
    here.run(["check", "results/study"]).exits_with(1).shows("1 line of measures.csv changed").shows("− CC,bias,0.1");
    let json: serde_json::Value =
        serde_json::from_str(&here.run(["check", "results/study", "--json"]).exits_with(1).out).unwrap();
    assert_eq!(
        (&json["folders"][0]["verdict"], &json["schema"]),
        (&"changed".into(), &"kl-runner/check-trials/1".into())
    );
    let here = here.file("results/study/trials.csv", "b\n1\n");
    here.run(["check", "results/study"]).exits_with(1).shows("trials.csv is not the file that was saved");
    here.run(["report", "results/study"]).refuses().says("trials.csv is not what manifest.json says");
    std::fs::remove_file(here.path("results/study/trials.csv")).unwrap();
    here.run(["check", "results/study"]).exits_with(1).shows("trials.csv is not the file");
}

#[test]
fn commands_for_runs_say_what_the_folder_is() {
    let here = saved().file("coin.toml", COIN);
    here.run(["coin.toml", "--quiet"]).succeeds();
    here.run(["summarize", "results/study"]).refuses().says("holds trials that `runner summarize` saved");
    here.run(["report", "results/study", "--columns", "N"]).refuses().says("--columns is for results of runs");
    here.run(["report", "results", "--format", "csv"]).refuses().says("whose columns differ").says("one by one");
    here.run(["report", "results"]).succeeds().shows("358 estimates").shows("coin");
    here.run(["check", "results/study", "coin.toml"]).refuses().says("not checked together");
    here.run(["check", "results/study", "--anytime"]).refuses().says("--anytime is for results of runs");
    here.run(["summarize", "results/coin", "--save", "s"]).refuses();
    // Manifests of others: a newer layout, a name that leads out of the folder, a level that is none.
    let manifest = here.read("results/study/manifest.json");
    for (from, to, says) in [
        ("\"format\": 1", "\"format\": 99", "newer version"),
        ("\"experiment\": \"study\"", "\"experiment\": \"../x\"", "not a plain file name"),
        ("\"level\": 0.95", "\"level\": 7", "`level` is not between 0 and 1"),
        ("\"spec\": {", "\"spec\": { \"more\": 1,", "unknown field"),
        ("\"level\": 0.95", "\"level\": 0.9", "its `spec` is not the one that was saved"),
        ("\"format\": 1,", "", "missing field"),
        ("{", "", "manifest.json"),
    ] {
        assert!(manifest.contains(from), "{from}");
        let here = Workspace::new();
        std::fs::create_dir(here.path("s")).unwrap();
        let here = here.file("s/manifest.json", manifest.replacen(from, to, 1));
        here.run(["report", "s"]).refuses().says(says);
        here.run(["check", "s"]).refuses().says(says);
    }
}
