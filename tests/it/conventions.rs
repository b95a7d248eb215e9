//! What people expect of a program beside its work: a schema for editors, completions, manual pages, annotations. `.ci/conventions` installs
//! and tries them.

use crate::harness::{COIN, Workspace};
use std::path::Path;

#[test]
fn the_schema_is_that_of_the_library() {
    let shown = Workspace::new().run(["schema"]).succeeds().out;
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown, kl_runner::experiment_file::schema());
}

/// The first line of the template names the file that the template says how to write.
#[test]
fn the_template_names_the_schema() {
    let template = Workspace::new().run(["init"]).succeeds().out;
    let name = template.lines().next().unwrap().strip_prefix("#:schema ./").unwrap().to_owned();
    assert!(template.contains(&format!("#   runner schema > {name}")), "{template}");
}

#[test]
fn every_shell_has_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = Workspace::new().run(["completions", shell]).succeeds().out;
        assert!(script.contains("summarize") && script.contains("allow-commands"), "{shell}: {script}");
    }
    let ended = Workspace::new().run(["completions", "tcsh"]).refuses();
    assert!(ended.err.contains("possible values: bash, elvish, fish, powershell, zsh"), "{}", ended.err);
}

#[test]
fn every_command_has_a_manual_page() {
    let here = Workspace::new();
    here.run(["man", "--out", "pages/man1"]).succeeds().says("pages to pages/man1");
    let pages = here.contents("pages/man1");
    let page = |name: &str| String::from_utf8(pages[Path::new(name)].clone()).unwrap();
    let help = here.run(["-h"]).succeeds().out;
    let verbs = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap().lines();
    let verbs: Vec<&str> =
        verbs.map(|line| line.split_whitespace().next().unwrap()).filter(|verb| *verb != "help").collect();
    assert_eq!(pages.len(), verbs.len() + 1);
    for verb in verbs {
        let text = page(&format!("runner-{verb}.1"));
        assert!(text.contains(&format!("\n.TH RUNNER-{} 1 \"\" \"kl-runner ", verb.to_uppercase())), "{text}");
        assert!(!text.contains(".SH EXTRA"), "{text}");
        assert!(page("runner.1").contains(&format!("runner\\-{verb}(1)")), "{verb}");
        assert_eq!(here.run(["man", verb]).succeeds().out, text);
    }
    assert_eq!(here.run(["man"]).succeeds().out, page("runner.1"));
    assert!(page("runner-check.1").contains(".SH EXIT STATUS\n"));
    insta::assert_snapshot!(here.run(["man", "chek"]).refuses().err, @"
    error: there is no manual page of `chek`
      help: did you mean `check`?
    ");
}

/// A workspace with committed results in `work/`, and a check there as GitHub Actions would start it.
fn on_github(here: &Workspace, arguments: &[&str]) -> crate::harness::Ended {
    let mut command = here.command(["check"].into_iter().chain(arguments.iter().copied()));
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_WORKSPACE", here.path(""));
    crate::harness::Ended::new(command.output().unwrap())
}

fn committed() -> Workspace {
    let here = Workspace::new();
    std::fs::create_dir(here.path("experiments")).unwrap();
    let here = here.file("experiments/coin.toml", COIN);
    here.run(["experiments/coin.toml", "--quiet"]).succeeds();
    here
}

#[test]
fn a_check_that_passes_annotates_nothing() {
    let here = committed();
    assert_eq!(on_github(&here, &[]).succeeds().err, "");
    let shown = on_github(&here, &["--markdown", "--quiet"]).succeeds();
    assert_eq!(shown.err, "");
    insta::assert_snapshot!(shown.out, @"
    ### Results as they should be

    over 6 tests, the chance of any false alarm is at most 1e-6; a bias of 94 % of KL(P‖Q) or more is missed with a probability of at most 1e-3, and in the best condition one of 30 %.

    | experiment | verdict | committed results | fresh trials |
    |---|---|---|---|
    | coin | pass | the same as results/coin: 3 files | 6 tests, smallest p-value ≤ 0.52, seed 8422650605787699836 |
    ");
}

/// The row of the file, where the program runs on GitHub or is told to.
#[test]
fn a_changed_row_is_annotated_at_its_line() {
    let here = committed();
    let row = &here.rows("results/coin/summary.csv")[1];
    let edited = format!(",{}1,", row["mean"]);
    let text = here.read("results/coin/summary.csv").replacen(&format!(",{},", row["mean"]), &edited, 1);
    let here = here.file("results/coin/summary.csv", text);
    let said = on_github(&here, &["--only", "bytes"]).exits_with(1).err;
    let lines: Vec<&str> = said.lines().collect();
    let expected = format!(
        "::error file=results/coin/summary.csv,line=3,title=coin%3A a committed result changed::summary.csv line 3, condition 2, N = 100: mean \
         was {0}1, is {0}",
        row["mean"]
    );
    assert!(lines[0].starts_with(&expected), "{said}");
    assert!(lines.iter().all(|line| line.starts_with("::error file=results/coin/")), "{said}");
    assert_eq!(on_github(&here, &["--only", "bytes", "--annotations", "never"]).exits_with(1).err, "");
    assert_eq!(here.run(["check", "--only", "bytes"]).exits_with(1).err, "");
    assert_eq!(here.run(["check", "--only", "bytes", "--annotations", "always"]).exits_with(1).err, said);
    // JSON on standard output stays JSON.
    let json = on_github(&here, &["--only", "bytes", "--json"]).exits_with(1);
    assert_eq!(json.err, said);
    serde_json::from_str::<serde_json::Value>(&json.out).unwrap();
    on_github(&here, &["--only", "bytes", "--markdown"])
        .exits_with(1)
        .shows("### Results regressed")
        .shows("| coin | regressed | CHANGED: ")
        .shows("| coin | summary.csv line 3, condition 2, N = 100: mean was ");
}

/// Fresh trials that disagree are said at the row of the committed summary.
#[test]
fn a_test_that_fails_is_annotated_at_its_row() {
    // A wrong theory cannot be had without a wrong program: results of another law stand for it, where no law is known.
    let cauchy = |scale: &str| {
        format!(
            "trials = 20_000\nN = 3\nP.cauchy = {{ location = 0, scale = {scale} }}\nQ.normal = {{ mean = 0, std_dev = 1 }}\n"
        )
    };
    let commit = |spec: &str| {
        let here = Workspace::new();
        std::fs::create_dir(here.path("experiments")).unwrap();
        let here = here.file("experiments/coin.toml", spec);
        here.run(["experiments/coin.toml", "--quiet"]).succeeds();
        here
    };
    let (here, other) = (commit(&cauchy("1")), commit(&cauchy("1.2")));
    let digest = |here: &Workspace| {
        let manifest: serde_json::Value = serde_json::from_str(&here.read("results/coin/manifest.json")).unwrap();
        manifest["files"]["law.csv"].as_str().unwrap().to_owned()
    };
    let manifest = here.read("results/coin/manifest.json").replace(&digest(&here), &digest(&other));
    let here = here
        .file("results/coin/manifest.json", manifest)
        .file("results/coin/law.csv", other.read("results/coin/law.csv"));
    let said = on_github(&here, &[]).exits_with(1).err;
    let of_law = said.lines().find(|line| line.contains("fresh trials disagree with theory")).unwrap();
    assert!(of_law.starts_with("::error file=results/coin/summary.csv,line=2,title=coin%3A fresh"), "{of_law}");
    assert!(of_law.contains("fit to the committed trials has p-value"), "{of_law}");
    assert!(of_law.contains("%0Ato reproduce: runner experiments/coin.toml --seed "), "{of_law}");
    // Nothing is known of the committed results if they are not read.
    let said = on_github(&here, &["--only", "law"]).exits_with(1).err;
    assert!(said.starts_with("::error file=experiments/coin.toml,line=1,title=coin%3A fresh"), "{said}");
    on_github(&here, &["--only", "law", "--markdown"])
        .exits_with(1)
        .shows("| coin | condition 1, N = 3: fit to the committed trials");
}

#[test]
fn what_is_no_regression_is_a_warning() {
    let here = committed().file("experiments/coin.toml", COIN.replace("1_000", "1_001"));
    insta::assert_snapshot!(on_github(&here, &["--only", "bytes"]).exits_with(3).err, @"::warning file=experiments/coin.toml,line=1,title=coin%3A nothing to compare with::SPEC CHANGED since results/coin was written%0Atrials was 1000, is 1001%0A`runner check --update` runs it into the committed results");
    on_github(&here, &["--only", "bytes", "--markdown"])
        .exits_with(3)
        .shows("### Results of another spec, or none")
        .shows("| coin | trials was 1000, is 1001 |");
    let here = committed().file("experiments/coin.toml", format!("{COIN}\n[check]\ndetect = 0.1\n"));
    let said = on_github(&here, &["--only", "law"]).exits_with(4).err;
    assert!(said.starts_with("::warning file=experiments/coin.toml,line=1,title=coin%3A too few trials::"), "{said}");
}

/// Each mistake of a file at its place; an error that is of no file alone.
#[test]
fn mistakes_are_annotated_at_their_places() {
    let here = committed().file("experiments/coin.toml", COIN.replace("trials", "trails").replace("0.4", "1.4"));
    let said = on_github(&here, &[]).exits_with(2).err;
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("::")).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    ::error file=experiments/coin.toml,line=3,col=1,endColumn=6,title=there is no key `trails`::did you mean `trials`?
    ::error file=experiments/coin.toml,line=6,col=32,endColumn=34,title=1.4 is not a probability%3A a probability lies between 0 and 1::write a number such as 0.4, or an exact fraction such as "1/6"
    "#);
    // The same for people.
    assert!(said.contains("--> experiments/coin.toml:3:1"), "{said}");
    let said = on_github(&here, &["--set", "N=0", "missing.toml"]).exits_with(2).err;
    assert!(said.contains("::error title=there is no file missing.toml::check the spelling"), "{said}");
    let said = on_github(&Workspace::new(), &[]).exits_with(2).err;
    assert!(said.contains("::error title=runner could not run::cannot read experiments%0A  because: "), "{said}");
    assert_eq!(said.matches("::error").count(), 1, "{said}");
}

/// What a file holds cannot add annotations of its own.
#[test]
fn text_of_others_stays_within_its_annotation() {
    let here = committed().file("experiments/coin.toml", COIN.replace("seed", "\"a\\n::error::b,c\""));
    let said = on_github(&here, &[]).exits_with(2).err;
    assert_eq!(said.lines().filter(|line| line.trim_start().starts_with("::")).count(), 1, "{said}");
    assert!(said.contains("title=there is no key `a%0A%3A%3Aerror%3A%3Ab%2Cc`::"), "{said}");
}

#[test]
fn saved_trials_are_annotated_too() {
    let here = Workspace::new().file("trials.csv", "estimate\n0.1\n0.2\n0.4\n");
    here.run(["summarize", "trials.csv", "--truth", "0.2", "--save", "study"]).succeeds();
    insta::assert_snapshot!(on_github(&here, &["study", "--markdown"]).succeeds().out, @"
    ### Saved trials as they should be

    | folder | verdict |
    |---|---|
    | study | the same measures |
    ");
    let text = here.read("study/measures.csv");
    let here = here.file("study/measures.csv", text.replacen('0', "1", 1));
    let shown = on_github(&here, &["study", "--markdown"]).exits_with(1).shows("### Saved trials changed");
    insta::assert_snapshot!(shown.err, @"::error file=study/measures.csv,line=1,title=study%3A not what was saved::it was edited, cut short or removed since it was saved");
}

/// The page of each library on a registry shows the example of its documentation, which is tested.
#[test]
fn examples_of_the_libraries_are_those_of_their_documentation() {
    for library in ["kl-math", "kl-sim"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates").join(library);
        let (page, source) = (folder.join("README.md"), folder.join("src/lib.rs"));
        let (page, source) = (std::fs::read_to_string(page).unwrap(), std::fs::read_to_string(source).unwrap());
        let example = page.split("```rust\n").nth(1).unwrap().split("```").next().unwrap();
        let frame = ["", "fn main() -> Result<(), Box<dyn std::error::Error>> {", "Ok(())", "}"];
        let lines: Vec<&str> = example.lines().map(str::trim).filter(|line| !frame.contains(line)).collect();
        assert!(lines.len() > 3);
        for line in lines {
            assert!(source.contains(&format!("//! {line}\n")), "{library}: {line}");
        }
    }
}
