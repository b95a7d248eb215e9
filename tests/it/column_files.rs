//! P and Q from columns of CSV files.

use crate::harness::Workspace;

const SPEC: &str = "seed = 3\ntrials = 400\nN = [5, 20]\nestimators = [\"log_ratio\", \"plug_in\"]\n";

/// The rows of a run with these P and Q beside these files.
fn summary(here: &Workspace, p: &str, q: &str) -> String {
    std::fs::create_dir_all(here.path("specs")).unwrap();
    std::fs::write(here.path("specs/die.toml"), format!("{SPEC}P{p}\nQ{q}\n")).unwrap();
    // Not from the folder of the spec: paths are relative to that.
    here.run(["specs/die.toml", "--quiet", "--replace"]).succeeds();
    here.run(["check", "specs/die.toml", "--only", "bytes"]).succeeds();
    here.read("results/die/summary.csv")
}

fn files() -> Workspace {
    let here = Workspace::new();
    std::fs::create_dir_all(here.path("specs/tables")).unwrap();
    here.file("specs/tables/die.csv", "face,chance,n\none,0.5,6\ntwo,1/3,4\nthree,\"1/6\",2\n")
        .file("specs/other.csv", "\u{feff}face;q\r\nthree;0.25\r\n\r\none;0.5\r\ntwo;0.25\r\n")
        .file("specs/bare.csv", "0.25\n0.25\n0.5\n")
}

#[test]
fn a_file_gives_the_bytes_of_what_is_written_inline() {
    let here = files();
    for (p, q, inline_p, inline_q) in [
        (
            ".file = { path = \"tables/die.csv\", column = \"chance\" }",
            ".file = \"bare.csv\"",
            " = [0.5, \"1/3\", \"1/6\"]",
            " = [0.25, 0.25, 0.5]",
        ),
        (
            ".file = { path = \"tables/die.csv\", column = \"n\", kind = \"counts\", symbols = \"face\" }",
            ".file = { path = \"other.csv\", column = \"q\", symbols = \"face\" }",
            ".categorical = { one = \"6/12\", two = \"4/12\", three = \"2/12\" }",
            ".categorical = { three = 0.25, one = 0.5, two = 0.25 }",
        ),
        (
            ".file = { path = \"tables/die.csv\", column = 2 }",
            ".file.path = \"bare.csv\"",
            " = [0.5, \"1/3\", \"1/6\"]",
            " = [0.25, 0.25, 0.5]",
        ),
    ] {
        assert_eq!(summary(&here, p, q), summary(&here, inline_p, inline_q), "{p}");
    }
}

/// KL(softmax(0.5, −1.25, −∞, 2) ‖ (1, 2.5, 0.5, 4)/8), by mpmath with 40 digits.
const OF_LOGITS: f64 = 0.35499951909188643;

#[test]
fn logits_and_weights_are_normalised() {
    let here =
        Workspace::new().file("logits.csv", "x\n0.5\n-1.25\n-inf\n2\n").file("weights.csv", "x\n1\n2.5\n0.5\n4\n");
    let file = |name: &str, kind: &str| format!("file={{ path = \"{name}\", kind = \"{kind}\" }}");
    let (p, q) = (file("logits.csv", "logits"), file("weights.csv", "weights"));
    let out = here.run(["kl", "--p", &p, "--q", &q, "--json"]).succeeds().out;
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    let divergence = found["p_against_q"]["divergence"]["nats"].as_f64().unwrap();
    assert!((divergence / OF_LOGITS - 1.0).abs() < 1e-15, "{divergence}: {out}");
    // A constant added to all logits changes nothing.
    let here = here.file("shifted.csv", "x\n-699.5\n-701.25\n-inf\n-698\n");
    let shifted = file("shifted.csv", "logits");
    let out = here.run(["kl", "--p", &p, "--q", &shifted, "--json"]).succeeds().out;
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(found["p_against_q"]["divergence"]["nats"], 0.0, "{out}");
}

#[test]
fn a_grid_varies_the_file_and_its_column() {
    let here = files().file(
        "specs/grid.toml",
        format!(
            "{SPEC}P = [0.5, 0.25, 0.25]\n[grid]\n\"Q.file.path\" = [\"tables/die.csv\"]\n\
             \"Q.file.column\" = [\"chance\", \"n\"]\n\"Q.file.kind\" = [\"weights\"]\n"
        ),
    );
    here.run(["specs/grid.toml", "--quiet"]).succeeds();
    let rows = here.rows("results/grid/summary.csv");
    assert_eq!(rows.len(), 8);
    assert_eq!((rows[0]["Q.file.column"].as_str(), rows[4]["Q.file.column"].as_str()), ("chance", "n"));
    // Both columns have the same proportions.
    assert_eq!(rows[0]["closed_form"], rows[4]["closed_form"]);
}

#[test]
fn a_changed_file_is_another_experiment() {
    let here = files();
    summary(&here, ".file = { path = \"tables/die.csv\", column = \"chance\" }", ".file = \"bare.csv\"");
    let manifest = || -> serde_json::Value { serde_json::from_str(&here.read("results/die/manifest.json")).unwrap() };
    let first = manifest();
    let digests = first["spec"]["files"].as_object().unwrap();
    assert_eq!(digests.keys().collect::<Vec<_>>(), ["bare.csv", "tables/die.csv"]);
    assert!(digests.values().all(|digest| digest.as_str().is_some_and(|digest| digest.len() == 64)));
    // The same numbers in other bytes, then other numbers.
    std::fs::write(here.path("specs/bare.csv"), "0.25\n0.25\n0.50\n").unwrap();
    here.run(["check", "specs/die.toml", "--only", "bytes"]).exits_with(3).shows("files.bare.csv");
    std::fs::write(here.path("specs/bare.csv"), "0.25\n0.35\n0.4\n").unwrap();
    here.run(["check", "specs/die.toml", "--only", "bytes"]).exits_with(3).shows("files.bare.csv");
    here.run(["specs/die.toml", "--quiet", "--replace"]).succeeds();
    assert_ne!(manifest()["spec_sha256"], first["spec_sha256"]);
}

/// Every mistake at once, with its line; nothing is written.
#[test]
fn mistakes_of_a_file_have_their_lines() {
    let here = Workspace::new()
        .file("bad.csv", "x,p\n1,0.5\n2,-1\n\n3,NA\n4\n5,\"0,3\"\n6,1e400\n7,2\n8,nan\n")
        .file("sum.csv", "0.5\n0.3\n0.19999\n")
        .file("zero.csv", "0\n0\n")
        .file("empty.csv", "")
        .file("masked.csv", "0\n0\n-1e4\n")
        .file("tiny.csv", "1e-300\n1\n")
        .file("one.csv", "1\n")
        .file("twice.csv", "s,p,p\na,0.5,1\na,0.5,1\n")
        .file("\u{1b}[31m.csv", "0.5\n0.4\n");
    let said = |p: &str, q: &str| here.run(["kl", "--p", p, "--q", q]).refuses().err;
    let err = said("file={ path = \"bad.csv\", column = \"p\" }", "file=sum.csv");
    for line in [
        "bad.csv:3: `p` is -1, but a probability is between 0 and 1",
        "bad.csv:5: `p` is NA",
        "bad.csv:6: there is no `p`",
        "bad.csv:7: `p` is 0,3",
        "= help: write a decimal point in numbers",
        "bad.csv:8: `p` is 1e400",
        "bad.csv: 2 more lines are wrong",
        "sum.csv: the probabilities sum to 0.9999",
        "kind = \"weights\" divides them by their sum",
    ] {
        assert!(err.contains(line), "{line}\n{err}");
    }
    for (p, expected) in [
        ("file=nope.csv", "there is no file nope.csv"),
        ("file=.", "cannot read .: it is a directory, not a file"),
        ("file={ path = \"zero.csv\", kind = \"counts\" }", "zero.csv: all counts are 0"),
        (
            "file={ path = \"masked.csv\", kind = \"logits\" }",
            "masked.csv: number 3 stands for a probability below 1e-270, which cannot be told from 0; write -inf",
        ),
        (
            "file={ path = \"tiny.csv\", kind = \"weights\" }",
            "tiny.csv: number 1 stands for a probability below 1e-270",
        ),
        ("file=empty.csv", "empty.csv: the file is empty"),
        ("file=one.csv", "one.csv: an alphabet has 2 to 2097152 symbols, and this has 1"),
        ("file=twice.csv", "twice.csv has 3 columns"),
        ("file={ path = \"twice.csv\", column = \"p\" }", "twice.csv has two columns `p`"),
        ("file={ path = \"twice.csv\", column = 2, symbols = \"s\" }", "twice.csv: the symbol \"a\" is given twice"),
        ("file={ path = \"twice.csv\", column = \"q\" }", "its columns are `s`, `p` and `p`"),
        ("file={ path = \"twice.csv\", column = 4 }", "twice.csv has no column 4: it has 3"),
        ("file={ path = \"sum.csv\", kind = \"count\" }", "`kind` is the string \"count\", but must be"),
        ("file={ pth = \"sum.csv\" }", "did you mean `path`?"),
        ("file={ column = 1 }", "the path of the file is missing"),
        ("file={ path = 3 }", "`path` is 3, but must be the path of a CSV file"),
        ("file.path=sum.csv", "write for example: --p file=p.csv"),
    ] {
        let err = said(p, "0.5,0.5");
        assert!(err.contains(expected), "{p}\n{err}");
    }
    let err = said("file=\u{1b}[31m.csv", "0.5,0.5");
    assert!(!err.contains('\u{1b}'), "{err:?}");
}
