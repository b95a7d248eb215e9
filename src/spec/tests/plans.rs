//! What plans are made of.

use super::{COIN, plan, read_text};
use crate::plan::{Plan, Record, SamplerKind};
use crate::spec::Override;
use kl_math::distribution::Pair;
use kl_math::statistics::Unit;
use std::sync::Arc;

/// Each condition as `settings…|n`.
fn points(plan: &Plan) -> Vec<String> {
    plan.conditions.iter().map(|condition| format!("{}|{}", condition.settings.join(","), condition.n)).collect()
}

fn resolved(text: &str) -> String {
    serde_json::to_string(&plan(text).resolved).expect("JSON")
}

#[test]
fn a_file_with_defaults() {
    let plan = plan(COIN);
    assert_eq!((plan.experiment.as_str(), plan.seed.get(), plan.trials), ("coin", 57, 10_000));
    assert_eq!((plan.unit, plan.record, plan.sampler), (Unit::Nats, Record::None, SamplerKind::Sequence));
    assert_eq!(points(&plan), ["|10", "|100", "|1000"]);
    assert_eq!(plan.conditions[0].model().to_string(), "categorical(H=0.4, T=0.6)");
    assert!(plan.conditions.iter().all(|one| Arc::ptr_eq(one.pair().unwrap(), plan.conditions[0].pair().unwrap())));
    assert_eq!(plan.groups().len(), 3);
    insta::assert_snapshot!(serde_json::to_string(&plan.resolved).expect("JSON"), @r#"{"question":"How far is a fair coin from a 60/40 coin?","seed":57,"trials":10000,"N":[10,100,1000],"P":{"categorical":{"H":0.5,"T":0.5}},"Q":{"categorical":{"H":0.4,"T":0.6}},"unit":"nats","record":"none","sampler":"sequence","estimators":["log_ratio"]}"#);
}

#[test]
fn cases_come_first_and_lengths_last() {
    let plan = plan(
        "trials = 1
        [grid]
        N = [1, 2]
        Q.bernoulli.p = [0.25, '1/2']
        [[case]]
        P.categorical = [0.5, 0.5]
        [[case]]
        \"P.categorical\" = { 0 = 1e-1, '1' = '9/10' }",
    );
    assert_eq!(plan.setting_names, ["P.categorical", "Q.bernoulli.p"]);
    insta::assert_snapshot!(points(&plan).join("\n"), @r#"
    [0.5, 0.5],0.25|1
    [0.5, 0.5],0.25|2
    [0.5, 0.5],1/2|1
    [0.5, 0.5],1/2|2
    { 0 = 0.1, 1 = "9/10" },0.25|1
    { 0 = 0.1, 1 = "9/10" },0.25|2
    { 0 = 0.1, 1 = "9/10" },1/2|1
    { 0 = 0.1, 1 = "9/10" },1/2|2
    "#);
    assert_eq!(
        plan.groups().iter().map(|group| group.conditions.as_slice()).collect::<Vec<_>>(),
        [[0, 2], [1, 3], [4, 6], [5, 7]]
    );
}

#[test]
fn cases_may_set_lengths() {
    let text = "trials = 1\nP = [0.5, 0.5]\n[[case]]\nN = 3\nQ = [0.1, 0.9]\n[[case]]\nN = 1\nQ = [0.1, 0.9]";
    let plan = plan(text);
    assert_eq!(points(&plan), ["[0.1, 0.9]|3", "[0.1, 0.9]|1"]);
    assert!(Arc::ptr_eq(plan.conditions[0].pair().unwrap(), plan.conditions[1].pair().unwrap()));
}

#[test]
fn linear_steps_are_the_decimals_people_mean() {
    let plan =
        plan("trials = 1\nN = 1\nP = [0.5, 0.5]\n[grid]\n\"Q.bernoulli.p\" = { from = 0.05, to = 0.95, steps = 19 }");
    let expected: Vec<String> = (1..20).map(|step| (f64::from(step * 5) / 100.0).to_string()).collect();
    assert_eq!(plan.conditions.iter().map(|one| one.settings[0].clone()).collect::<Vec<_>>(), expected);
    assert_eq!(expected[2], "0.15");
}

#[test]
fn log_steps_are_exact_at_decades_and_ends() {
    let text = |n: &str, p: &str| format!("trials = 1\nP = [0.5, 0.5]\n[grid]\nN = {n}\n\"Q.bernoulli.p\" = {p}");
    let log = |from, to, steps| format!("{{ from = {from}, to = {to}, steps = {steps}, scale = \"log\" }}");
    let plan = plan(&text(&log("1", "1e6", "7"), &log("1e-3", "1", "7")));
    let lengths: Vec<u64> = plan.conditions.iter().take(7).map(|one| one.n).collect();
    assert_eq!(lengths, [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]);
    let values: Vec<&str> = plan.conditions.iter().step_by(7).map(|one| one.settings[0].as_str()).collect();
    assert_eq!([values[0], values[2], values[4], values[6]], ["0.001", "0.01", "0.1", "1"]);
    assert!(values[1].starts_with("0.00316227766"), "{values:?}");
    let downwards = super::plan(&text("[1]", &log("\"1/2\"", "0.003", "4")));
    assert_eq!(downwards.conditions[0].settings, ["0.5"]);
    assert_eq!(downwards.conditions[3].settings, ["0.003"]);
    let halves = super::plan(&text(&log("10", "1000", "5"), "[0.5]"));
    assert_eq!(halves.conditions.iter().map(|one| one.n).collect::<Vec<_>>(), [10, 32, 100, 316, 1000]);
}

#[test]
fn one_meaning_has_one_resolved_form() {
    let plain = resolved("trials = 1000\nN = 10\nP = [0.5, 0.5]\nQ.bernoulli.p = 1");
    let spelt = "# the same\nQ = { bernoulli = { p = 1.0 } }\nunit = 'nats'\nestimators = ['log_ratio']\n
        [P]\ncategorical = [5e-1, 0.50]\n[grid]\nN = [1e1]";
    let varied = resolved(&format!("trials = 1e3\nseed = 0\nrecord = 'none'\nsampler = 'sequence'\n{spelt}"));
    assert_eq!(plain.replace("\"N\":[10],", ""), varied.replace(",\"grid\":{\"N\":[10]}", ""));
    assert_eq!(
        resolved("trials = 1\nN = 5\nP.bernoulli.p = ' 1 / 6 '\n[grid]\nN = { steps = 3.0, to = 1e2, from = 1 , scale = 'log' }
            Q.bernoulli.p = { from = 0.1, to = 0.2, steps = 2, scale = 'linear' }"),
        resolved("trials = 1\nP.bernoulli.p = '1/6'\nQ.bernoulli = { p = 0.3 }\n[grid]\n\"N\" = { from = 1, to = 100, steps = 3, scale = 'log' }
            \"Q.bernoulli.p\" = { from = 1e-1, to = 0.20, steps = 2 }")
    );
}

#[test]
fn settings_of_the_command_line_win() {
    let set = |text| Override::assignment("--set", text).expect("a setting");
    let settings = [
        Override::flag("--seed", "seed", "0x10"),
        set("unit=bits"),
        set("N=[7, 8]"),
        set("Q.categorical.H=0.3"),
        set(" Q . categorical . \"T\" = '7/10'"),
        set("question=What now?"),
    ];
    let plan = read_text(COIN, &settings).expect("a plan");
    assert_eq!((plan.seed.get(), plan.unit, plan.question.as_deref()), (16, Unit::Bits, Some("What now?")));
    assert_eq!(points(&plan), ["|7", "|8"]);
    assert_eq!(plan.conditions[0].model().to_string(), "categorical(H=0.3, T=7/10)");

    let grid = "trials = 1\nN = 1\nP = [0.5, 0.5]\n[grid]\n\"Q.bernoulli.p\" = [0.1, 0.2]";
    let plan = read_text(grid, &[set("grid.Q.bernoulli.p=[0.3]"), set("grid.N=[4]")]).expect("a plan");
    assert_eq!(points(&plan), ["0.3|4"]);
}

#[test]
fn a_million_conditions() {
    let text = "trials = 1
        N = { from = 1, to = 1000, steps = 1000 }
        P.bernoulli.p = { from = 0.001, to = 0.5, steps = 500 }
        Q = [[0.1, 0.9], [0.2, 0.8]]";
    let plan = plan(&format!("trials = 1\n[grid]\n{}", text.split_once('\n').expect("lines").1));
    assert_eq!((plan.conditions.len(), plan.groups().len()), (1_000_000, 500_000));
    let last: &Arc<Pair> = plan.conditions[999_999].pair().unwrap();
    assert_eq!(last.source().to_string(), "bernoulli(p=0.5)");
}
