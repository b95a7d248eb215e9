//! `run --json` and `plan --json`: one shape, before and after.

use crate::harness::Workspace;
use serde_json::Value;

/// A grid in bits, with a condition whose KL(P‖Q) is infinite, and two estimators.
const SPEC: &str = "question = \"How far?\"\ntrials = 50\nN = [1, 4]\nunit = \"bits\"\nestimators = [\"log_ratio\", \"k2\"]\n\
                    P = [0.5, 0.5]\n[grid]\nQ = [[0.4, 0.6], [1, 0]]\n";

fn documents(out: &str) -> Vec<Value> {
    serde_json::Deserializer::from_str(out).into_iter().collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_run_prints_what_its_files_hold() {
    let here = Workspace::with_spec(SPEC);
    let ended = here.run(["coin.toml", "--json", "--quiet"]).succeeds();
    assert_eq!(ended.err, "");
    let [run] = documents(&ended.out).try_into().unwrap();
    let files = ["summary.csv", "law.csv", "paths.csv", "measures.csv", "manifest.json"];
    assert_eq!((&run["schema"], &run["verdict"]), (&"kl-runner/run/1".into(), &"agree".into()));
    assert_eq!((&run["folder"], &run["files"]), (&"results/coin".into(), &files.to_vec().into()));
    let rows = here.rows("results/coin/summary.csv");
    assert_eq!(run["rows"].as_array().unwrap().len(), rows.len());
    let mut kinds = [0; 4];
    for (row, found) in rows.iter().zip(run["rows"].as_array().unwrap()) {
        for (column, cell) in row {
            // What all rows have in common stands in front of them.
            let found = found.get(column).unwrap_or_else(|| &run[column]);
            let (kind, is_same) = match cell.parse::<f64>() {
                _ if cell.is_empty() => (0, found.is_null()),
                Ok(number) if number.is_infinite() => (1, found == cell.as_str()),
                Ok(number) => (2, found.as_f64() == Some(number)),
                Err(_) => (3, found == cell.as_str()),
            };
            assert!(is_same, "{column}: {cell} is not {found}");
            kinds[kind] += 1;
        }
    }
    assert!(kinds.iter().all(|&count| count > 0), "{kinds:?}");
}

#[test]
fn a_plan_has_the_shape_of_its_run() {
    let here = Workspace::with_spec(SPEC);
    let [plan] = documents(&here.run(["plan", "coin.toml", "--json"]).succeeds().out).try_into().unwrap();
    let [run] = documents(&here.run(["coin.toml", "--json"]).succeeds().out).try_into().unwrap();
    let head = ["experiment", "question", "seed", "sampler", "unit", "conditions"];
    head.iter().for_each(|key| assert_eq!(plan[key], run[key], "{key}"));
    assert_eq!(plan["conditions"][1]["n"], 4);
    let own = ["detectable_bias", "detectable_variance"];
    let (planned, ran) = (plan["rows"].as_array().unwrap(), run["rows"].as_array().unwrap());
    assert_eq!(planned.len(), ran.len());
    for (planned, ran) in planned.iter().zip(ran) {
        let shared = planned.as_object().unwrap().iter().filter(|(key, _)| !own.contains(&key.as_str()));
        let same: Vec<&String> =
            shared.inspect(|(key, value)| assert_eq!(&ran[key], *value, "{key}")).map(|(key, _)| key).collect();
        let names = [
            "condition",
            "label",
            "p",
            "q",
            "n",
            "trials",
            "estimator",
            "unit",
            "closed_form",
            "expected",
            "mcse",
            "infinite_expected",
            "Q",
        ];
        assert_eq!(same, names);
    }
}

#[test]
fn each_experiment_has_its_document_and_verdict() {
    let infinite = "trials = 20\nN = 2\nP = [0.5, 0.5]\nQ = [1, 0]\n";
    let here = Workspace::with_spec(SPEC).file("never.toml", infinite);
    let ended = here.run(["coin.toml", "never.toml", "--json"]).succeeds();
    let names: Vec<(Value, Value)> =
        documents(&ended.out).iter().map(|run| (run["experiment"].clone(), run["verdict"].clone())).collect();
    assert_eq!(names, [("coin".into(), "agree".into()), ("never".into(), "infinite".into())]);
    assert!(ended.err.contains("wrote results/never/"), "{}", ended.err);
}
