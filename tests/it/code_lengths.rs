//! The estimator `code_length` in experiment files.

use crate::harness::Workspace;

const SPEC: &str = r#"
question = "?"
seed = 57
trials = 200
N = [1, 20]
P = ["1/2", "1/4", "1/4"]
Q = ["1/4", "1/4", "1/2"]
"#;

fn with(lines: &str) -> Workspace {
    Workspace::new().file("coded.toml", format!("{SPEC}{lines}"))
}

/// Codes of powers of 1/2 have no ends: the estimates are those of the log ratio.
#[test]
fn powers_of_two_are_the_log_ratio() {
    let here = with("estimators = [\"log_ratio\", \"code_length\"]\nrecord = \"csv\"");
    here.run(["coded.toml"]).succeeds().shows("all 4 rows agree with theory");
    let rows = here.rows("results/coded/trials.csv");
    let of = |name: &str| {
        let rows = rows.iter().filter(|row| row["estimator"] == name);
        rows.map(|row| row["estimate"].parse::<f64>().unwrap()).collect::<Vec<_>>()
    };
    let (ratios, codes) = (of("log_ratio"), of("code_length"));
    assert_eq!(ratios.len(), 400);
    assert!(ratios.iter().zip(&codes).all(|(ratio, code)| (ratio - code).abs() < 1e-15));
    let summary = here.rows("results/coded/summary.csv");
    assert!(summary[1]["reason"].starts_with("each estimate is within 1.4 of that of log_ratio"), "{:?}", summary[1]);
}

#[test]
fn the_plan_says_how_near_it_is() {
    let here = with("estimators = [\"code_length\"]\nunit = \"bits\"");
    here.run(["plan", "coded.toml"]).succeeds().shows("held against that of log_ratio, within 2 bits in condition 1");
}

#[test]
fn what_cannot_be_coded_is_refused() {
    let refused = |spec: &str| Workspace::new().file("coded.toml", spec).run(["coded.toml"]).refuses();
    let spec =
        |p: &str, q: &str, more: &str| format!("trials = 10\nN = 5\n{p}\n{q}\nestimators = [\"code_length\"]\n{more}");
    refused(&spec("P = [0.5, 0.5]", "Q = [1, 0]", "")).says("has no code under Q for the symbol");
    refused(&spec("P.normal = { mean = 0, std_dev = 1 }", "Q.normal = { mean = 1, std_dev = 1 }", ""))
        .says("codes symbols of a finite alphabet");
    refused(&spec("P = [0.5, 0.5]", "Q = [0.4, 0.6]", "sampler = \"counts\"")).says("needs every symbol");
    refused(&spec("P = [0.5, 0.5]", "Q = [0.4, 0.6]", "S = [0.3, 0.7]")).says("code_length");
}

/// In every shipped experiment of symbols, each of 40 sequences comes back from both codes, and none is beyond the bound.
#[test]
fn every_trial_of_the_shipped_experiments_keeps_the_bound() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments");
    let mut coded = 0;
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let text = std::fs::read_to_string(&path).unwrap();
        // What ends sequences, or draws them from S, or has a gradient takes no code.
        if ["[stop]", "gradient", "S.", "S ="].iter().any(|key| text.contains(key)) {
            continue;
        }
        let here = Workspace::new().file("x.toml", &text);
        let estimators = "estimators=[\"log_ratio\", \"code_length\"]";
        let ended = here.run(["x.toml", "--quiet", "--trials", "40", "--sampler", "sequence", "--set", estimators]);
        if ended.code == Some(2) {
            // Values, or a Q without mass somewhere.
            assert!(ended.err.contains("code_length") || ended.err.contains("reference"), "{}", ended.err);
            continue;
        }
        let rows = here.rows("results/x/summary.csv");
        let own: Vec<_> = rows.iter().filter(|row| row["estimator"] == "code_length").collect();
        assert!(own.iter().all(|row| row["verdict"] != "disagree"), "{}: {own:?}", path.display());
        coded += own.iter().filter(|row| !row["mean"].is_empty()).count();
    }
    assert!(coded >= 20, "{coded}");
}
