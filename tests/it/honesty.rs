//! A program that is wrong on purpose is caught: through the library's door another sampler is planted.

use crate::harness::{Workspace, rows};
use kl_math::distribution::{Distribution, Number, Parameter};
use kl_runner::command::{Outcome, Overwrite, Runs};
use kl_runner::experiment::{Sampling, planned_sampling};
use kl_runner::experiment_file::{self, Source};
use kl_runner::plan::Plan;
use kl_runner::store::Interval;
use kl_sim::simulation::{BlockSizes, Blocks, Cancel, Engine, SequenceBlocks, Trials};

fn bernoulli(p: f64) -> Distribution {
    let parameters = Parameter::Table(vec![("p".into(), Parameter::Number(Number::new(p)))]);
    Distribution::read(&Parameter::Table(vec![("bernoulli".into(), parameters)])).unwrap()
}

fn plan(text: &str) -> Plan {
    experiment_file::read(&Source { name: "planted.toml".into(), text: text.into() }, "planted", &[]).unwrap()
}

/// Runs a spec with another source of sequences; the outcome and the verdicts of the rows.
fn run(text: &str, sampling: &Sampling<'_>) -> (Outcome, Vec<String>) {
    let here = Workspace::new();
    let (engine, overwrite) = (Engine::new(Some(2)).unwrap(), Overwrite::default());
    let runs = Runs {
        engine,
        sampling,
        cancel: Cancel::default(),
        quiet: true,
        overwrite,
        json: false,
        interval: Interval::DEFAULT,
        resume: false,
    };
    let outcome = runs.run(vec![plan(text)], &here.path("out")).unwrap();
    let verdicts = rows(&here.path("out/planted/summary.csv")).iter().map(|row| row["verdict"].clone()).collect();
    (outcome, verdicts)
}

fn each(blocks: impl Blocks + 'static) -> Trials {
    Trials::Each(Box::new(blocks))
}

const COIN: &str = "seed = 57\ntrials = 100_000\nN = 1_000\nP.bernoulli.p = 0.5\nQ.bernoulli.p = 0.4\n";

#[test]
fn the_right_sampler_agrees() {
    let (outcome, verdicts) = run(COIN, &planned_sampling);
    assert_eq!((outcome, outcome.exit_code(), verdicts), (Outcome::Agreed, 0, vec!["agree".to_owned()]));
}

/// 1e8 tosses put p off by 0.001 twenty standard errors away: missed with chance below 1e-40.
#[test]
fn a_sampler_off_by_a_thousandth_disagrees() {
    let wrong = bernoulli(0.501);
    let (outcome, verdicts) = run(COIN, &|plan, group| each(SequenceBlocks::new(plan.seed.get(), &wrong, group.n)));
    assert_eq!((outcome, outcome.exit_code(), verdicts), (Outcome::Disagreed, 1, vec!["disagree".to_owned()]));
}

/// Sequences from Q instead of P: for instance with the arguments in the wrong order.
#[test]
fn swapped_distributions_disagree() {
    let (outcome, verdicts) = run(COIN, &|plan, group| {
        let model = plan.conditions[group.conditions[0]].model();
        each(SequenceBlocks::new(plan.seed.get(), model, group.n))
    });
    assert_eq!((outcome, verdicts), (Outcome::Disagreed, vec!["disagree".to_owned()]));
}

/// The mean is right and every sequence is drawn twice as long as it is scored for: caught by the variance alone.
#[test]
fn symbols_that_depend_on_each_other_are_caught_by_the_variance() {
    use kl_sim::estimator::{Detail, Rows, View};
    use kl_sim::simulation::{Sampler, Segment};

    /// Every symbol comes twice.
    struct Pairs(SequenceBlocks);
    struct PairSampler<'a>(Box<dyn Sampler + 'a>, Vec<u64>);
    impl Blocks for Pairs {
        fn sizes(&self) -> BlockSizes {
            self.0.sizes()
        }
        fn sampler(&self, block: u64) -> Box<dyn Sampler + '_> {
            Box::new(PairSampler(self.0.sampler(block), Vec::new()))
        }
    }
    impl Sampler for PairSampler<'_> {
        fn draw(&mut self, segment: Segment, detail: Detail) -> View<'_> {
            let half = Segment { start: segment.start / 2, end: segment.end / 2, ..segment };
            self.1 = self.0.draw(half, detail).counts().flatten().map(|count| 2 * count).collect();
            View::Counts(Rows::new(2, &self.1))
        }
    }
    // Paths cut sequences at odd lengths, so the counts of the first trials are a symbol short: far too few to matter.
    let spec = COIN.replace("100_000", "2_000");
    let (outcome, _) =
        run(&spec, &|plan, group| each(Pairs(SequenceBlocks::new(plan.seed.get(), &group.source, group.n))));
    assert_eq!(outcome, Outcome::Disagreed);
}

#[test]
fn a_symbol_that_p_cannot_produce_disagrees() {
    let coin = COIN.replace("P.bernoulli.p = 0.5", "P.bernoulli.p = 1").replace("100_000", "10");
    let fair = bernoulli(0.5);
    let (outcome, verdicts) = run(&coin, &|plan, group| each(SequenceBlocks::new(plan.seed.get(), &fair, group.n)));
    assert_eq!((outcome, verdicts), (Outcome::Disagreed, vec!["disagree".to_owned()]));
}

/// The chance of an infinite trial is 0.9688; with 0.52 for p it would be 0.9620, twelve standard errors off.
#[test]
fn a_wrong_number_of_infinite_trials_disagrees() {
    let coin = COIN.replace("Q.bernoulli.p = 0.4", "Q.bernoulli.p = 1").replace("N = 1_000", "N = 5");
    let wrong = bernoulli(0.52);
    assert_eq!(run(&coin, &planned_sampling).1, ["infinite"]);
    let (outcome, verdicts) = run(&coin, &|plan, group| each(SequenceBlocks::new(plan.seed.get(), &wrong, group.n)));
    assert_eq!((outcome, verdicts), (Outcome::Disagreed, vec!["disagree".to_owned()]));
}

/// Seventeen symbols and more have no sums of products: their spread comes from the estimates themselves.
#[test]
fn large_alphabets_are_tested_as_well() {
    let spec = |size: usize| {
        let zeros = ", 0".repeat(size - 3);
        format!("trials = 20_000\nN = [1, 50]\nP = [0.2, 0.3, 0.5{zeros}]\nQ = [0.5, 0.25, 0.25{zeros}]\n")
    };
    let theory = |size: usize| {
        let here = Workspace::new();
        let runs = Runs {
            engine: Engine::new(Some(2)).unwrap(),
            sampling: &planned_sampling,
            cancel: Cancel::default(),
            quiet: true,
            json: false,
            overwrite: Overwrite::default(),
            interval: Interval::DEFAULT,
            resume: false,
        };
        assert_eq!(runs.run(vec![plan(&spec(size))], &here.path("out")).unwrap(), Outcome::Agreed);
        let columns = ["closed_form", "closed_form_variance", "mcse", "variance_mcse"];
        let rows = rows(&here.path("out/planted/summary.csv"));
        for row in &rows {
            let filled = ["mean", "z", "p_value", "variance", "variance_ratio", "variance_p_value", "rmse"];
            assert!(filled.iter().all(|column| !row[*column].is_empty()), "{row:?}");
            let number = |column: &str| row[column].parse::<f64>().unwrap();
            assert!((number("mean") - number("closed_form") - number("bias")).abs() < 1e-15);
            assert!((number("bias") / number("mcse") - number("z")).abs() < 1e-9);
            let ratio = number("variance_ratio");
            assert!((ratio - 1.0).abs() < 0.1, "{ratio}");
        }
        rows.into_iter().map(|row| columns.map(|column| row[column].clone())).collect::<Vec<_>>()
    };
    assert_eq!(theory(16), theory(17));
    let wrong = plan(&spec(17).replace("P = [0.2, 0.3", "P = [0.21, 0.29"));
    let (outcome, verdicts) = run(&spec(17), &|plan, group| {
        each(SequenceBlocks::new(plan.seed.get(), wrong.conditions[0].source(), group.n))
    });
    assert_eq!((outcome, verdicts.last().map(String::as_str)), (Outcome::Disagreed, Some("disagree")));
}

/// Small runs of coins with ties in their law, which once raised five false alarms in six hundred.
#[test]
fn ties_in_the_law_raise_no_false_alarm() {
    for seed in 0..100 {
        let spec = format!(
            "seed = {seed}\ntrials = 16\nN = [3, 5]\nP = [0.5, 0.5]\n[grid]\nQ = [[0.4, 0.6], [0.1, 0.9], [0.45, 0.55]]\n"
        );
        assert_eq!(run(&spec, &planned_sampling).0, Outcome::Agreed, "{seed}");
    }
}

/// The false-alarm budget: 400 experiments with a right program, at a rate of 1 in 100. Each fails with chance ≤
/// 0.01, so that more than 17 fail with chance below 1e-6 (binomial tail); the seeds are fixed.
#[test]
fn a_right_program_raises_no_more_alarms_than_its_budget() {
    use kl_runner::experiment::{RunContext, carry_out};
    use kl_sim::comparison::{Verdict, judge};

    let engine = Engine::new(Some(2)).unwrap();
    let alarms = (0..400)
        .filter(|seed| {
            let plan = plan(&format!(
                "seed = {seed}\ntrials = 3\nN = [2, 20]\nP = [0.9, 0.09, 0.009, 0.001]\nQ = [0.25, 0.25, 0.25, 0.25]\n"
            ));
            let run = RunContext { engine: &engine, cancel: &Cancel::default(), meter: &() };
            let Ok(findings) = carry_out(&plan, &planned_sampling, run, &mut ());
            let comparisons: Vec<_> = findings.measured.iter().map(|measured| &measured.comparison).collect();
            judge(&comparisons, 0.01).contains(&Verdict::Disagree)
        })
        .count();
    assert!(alarms <= 17, "{alarms}");
}
