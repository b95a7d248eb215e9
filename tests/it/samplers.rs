//! The three samplers, the exact law and each other.

use crate::harness::Workspace;
use kl_math::law::Binomial;
use kl_math::numeric::DoubleDouble;
use kl_runner::experiment::{Encoding, RunContext, Sink, carry_out, planned_sampling};
use kl_runner::experiment_file::{self, Source};
use kl_sim::comparison::{Verdict, judge};
use kl_sim::simulation::{Cancel, Engine, GroupOutcome, Job};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use std::convert::Infallible;

/// Keeps the histograms: exact mass and number of trials of each bin.
#[derive(Default)]
struct Histograms(Vec<Vec<(Option<f64>, u64)>>);

impl Sink for Histograms {
    type Error = Infallible;
    fn encoding(&self) -> Option<Encoding> {
        None
    }
    fn trials(&mut self, _: &[u8]) -> Result<(), Infallible> {
        Ok(())
    }
    fn group(&mut self, job: &Job<'_>, outcome: &GroupOutcome, _: &Cancel) -> Result<(), Infallible> {
        for (place, cell) in job.estimations.iter().enumerate() {
            let (bins, counts) =
                (cell.bins.as_ref().unwrap(), outcome.summary.estimation(place).histogram.as_ref().unwrap());
            self.0.push(bins.bins().iter().map(|bin| bin.mass).zip(counts.counts().iter().copied()).collect());
        }
        Ok(())
    }
}

const SAMPLERS: [&str; 3] = ["sequence", "counts", "tally"];

/// Runs a spec; its histograms, and whether all rows agree at this rate of false alarms.
fn run(spec: &str, engine: &Engine, false_alarm: f64) -> (Histograms, bool) {
    let plan =
        experiment_file::read(&Source { name: "planted.toml".into(), text: spec.into() }, "planted", &[]).unwrap();
    let mut histograms = Histograms::default();
    let run = RunContext { engine, cancel: &Cancel::default(), meter: &() };
    let findings = carry_out(&plan, &planned_sampling, run, &mut histograms).unwrap_or_else(|never| match never {});
    assert!(findings.complete);
    let comparisons: Vec<_> = findings.measured.iter().map(|measured| &measured.comparison).collect();
    (histograms, !judge(&comparisons, false_alarm).contains(&Verdict::Disagree))
}

/// The smallest p-value of the bins, each a binomial number of trials, times their number: Bonferroni.
fn p_value(bins: &[(Option<f64>, u64)]) -> f64 {
    let trials: u64 = bins.iter().map(|(_, count)| count).sum();
    let known = || bins.iter().filter_map(|&(mass, count)| Some((mass?, count)));
    let least = known().map(|(mass, count)| {
        // Masses are right to 1e-12 or so, and trials at most a million: rounding does not show.
        let mass = DoubleDouble::from(mass.min(1.0));
        Binomial::new(trials, mass, DoubleDouble::ONE - mass).two_sided_p_value(count)
    });
    least.fold(1.0, f64::min) * known().count() as f64
}

/// A million trials of each sampler against the exact law, bin by bin: a right one fails a spec with chance below 1e-9.
/// The largest bins hold some 1e5 trials: a mass wrong by 4 % is seen with chance above 0.999.
#[test]
fn a_million_trials_of_each_sampler_follow_the_exact_law() {
    let engine = Engine::new(Some(2)).unwrap();
    let twenty = vec!["\"1/20\""; 20].join(", ");
    let rising: Vec<String> = (1..=20).map(|weight| format!("\"{weight}/210\"")).collect();
    let specs = [
        "N = [1, 10, 1_000]\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n".to_owned(),
        "N = [7, 300]\nP = [0.03, 0.97]\nQ = [0.4, 0.6]\n".to_owned(),
        "N = [3, 50]\nP = [0.5, 0.3, 0.2]\nQ = [0.2, 0.3, 0.5]\n".to_owned(),
        "N = [2, 6]\nP = [0.3, 0.25, 0.2, 0.15, 0.06, 0.04]\nQ = [0.1, 0.15, 0.3, 0.25, 0.1, 0.1]\n".to_owned(),
        format!("N = 2\nP = [{}]\nQ = [{twenty}]\n", rising.join(", ")),
        "N = [1, 4]\nP = [0.5, 0.25, 0.25]\nQ = [0.5, 0.5, 0]\n".to_owned(),
    ];
    for spec in specs {
        for sampler in SAMPLERS {
            let spec = format!("seed = 57\ntrials = 1e6\nsampler = \"{sampler}\"\n{spec}");
            let (histograms, agrees) = run(&spec, &engine, 1e-9);
            assert!(agrees, "{spec}");
            for bins in &histograms.0 {
                assert!(bins.iter().all(|(mass, _)| mass.is_some()), "{spec}: the law is known");
                let p = p_value(bins);
                assert!(p > 1e-9, "{spec}: {p:e}");
            }
        }
    }
}

/// Long sequences, where laws have too many values to list: by the rigorous tests of mean and variance.
#[test]
fn counts_of_long_sequences_agree_with_theory() {
    let engine = Engine::new(Some(2)).unwrap();
    let many: Vec<String> = (1..=40).map(|weight| format!("\"{weight}/820\"")).collect();
    let reversed: Vec<&str> = many.iter().rev().map(String::as_str).collect();
    let specs = [
        "trials = 1e6\nN = [10_000, 1e6, 1e9, 1e12]\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n".to_owned(),
        "trials = 2e5\nN = [1_000, 1e5, 1e7]\nP = [0.3, 0.25, 0.2, 0.15, 0.06, 0.04]\nQ = [0.1, 0.15, 0.3, 0.25, 0.1, 0.1]\n".to_owned(),
        "trials = 2e4\nN = 1e12\nP = [0.5, 0.3, 0.2]\nQ = [0.2, 0.3, 0.5]\n".to_owned(),
        format!("trials = 2_000\nN = [3_000, 1e6]\nP = [{}]\nQ = [{}]\n", many.join(", "), reversed.join(", ")),
    ];
    for spec in specs {
        assert!(run(&format!("seed = 57\nsampler = \"counts\"\n{spec}"), &engine, 1e-9).1, "{spec}");
    }
}

/// Any spec, by each sampler: 2,000 trials bin by bin against the law that all three share. With 150 specs, three
/// samplers and a rate of 1e-9 each, a right program fails with chance below 5e-7; the specs are fixed by a seed.
#[test]
fn any_spec_has_one_law_through_all_three() {
    let engine = Engine::new(Some(2)).unwrap();
    let weights = prop_oneof![
        proptest::collection::vec(0u64..50, 2),
        proptest::collection::vec(0u64..50, 3..7),
        proptest::collection::vec(0u64..50, 17..22),
    ];
    let specs = (weights, any::<prop::sample::Index>(), 0u64..1 << 40).prop_map(|(weights, length, seed)| {
        // As long as the law can be listed.
        let longest = match weights.len() {
            2 => 2_000,
            3 => 60,
            4..=6 => 8,
            _ => 2,
        };
        (weights, 1 + length.index(longest), seed)
    });
    let config = ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(&specs, |(weights, n, seed)| {
        let sum: u64 = weights.iter().sum();
        prop_assume!(sum > 0);
        let source: Vec<String> = weights.iter().map(|weight| format!("\"{weight}/{sum}\"")).collect();
        let all = weights.len() as u64 * (weights.len() as u64 + 1) / 2;
        let model: Vec<String> = (1..=weights.len()).map(|weight| format!("\"{weight}/{all}\"")).collect();
        for sampler in SAMPLERS {
            let spec = format!(
                "seed = {seed}\ntrials = 2_000\nsampler = \"{sampler}\"\nN = {n}\nP = [{}]\nQ = [{}]\n",
                source.join(", "),
                model.join(", ")
            );
            let (histograms, agrees) = run(&spec, &engine, 1e-9);
            prop_assert!(agrees, "{}", spec);
            let bins = &histograms.0[0];
            prop_assert_eq!(bins.iter().map(|(_, count)| count).sum::<u64>(), 2_000);
            prop_assert!(p_value(bins) > 1e-9, "{}", spec);
        }
        Ok(())
    });
    result.unwrap();
}

/// A tally of 10¹⁵ trials against the law: of each bin the mass to some 1e-8, far more than any sampler of single trials
/// can show. False alarms as above.
#[test]
fn a_quadrillion_tallied_trials_follow_the_exact_law() {
    let engine = Engine::new(Some(2)).unwrap();
    for spec in [
        "N = [1, 10, 400]\nP = [\"1/2\", \"1/2\"]\nQ = [0.4, 0.6]\n",
        "N = [9, 100]\nP = [\"1/3\", \"2/3\"]\nQ = [0.4, 0.6]\n",
        "N = [3, 20]\nP = [0.5, 0.25, 0.25]\nQ = [0.1, 0.3, 0.6]\n",
    ] {
        let (histograms, agrees) = run(&format!("trials = 1e15\nsampler = \"tally\"\n{spec}"), &engine, 1e-9);
        assert!(agrees, "{spec}");
        for bins in &histograms.0 {
            // The probabilities that the bins state are right to some 1e-13: one standard error of the largest is 1e-8.
            for &(mass, count) in bins {
                let (mass, trials) = (mass.unwrap(), 1e15);
                let error = count as f64 - trials * mass;
                let room = 8.0 * (trials * mass).sqrt() + 1e-12 * trials * mass + 40.0;
                assert!(error.abs() < room, "{spec}: {count} of {}", trials * mass);
            }
        }
    }
}

#[test]
fn counts_extend_and_a_tally_is_drawn_anew() {
    let here =
        Workspace::with_spec("seed = 57\nN = [10, 1_000]\ntrials = 1\nP = [0.5, 0.3, 0.2]\nQ = [0.2, 0.3, 0.5]\n");
    let trials = |count: &str| {
        here.run(["coin.toml", "--record", "--sampler", "counts", "--trials", count, "--out", count]).succeeds();
        here.rows(&format!("{count}/coin/trials.csv"))
    };
    let (few, many) = (trials("5000"), trials("20_000"));
    for condition in ["1", "2"] {
        let of = |rows: &[std::collections::BTreeMap<String, String>]| -> Vec<String> {
            rows.iter().filter(|row| row["condition"] == condition).map(|row| row["estimate"].clone()).collect()
        };
        assert_eq!(of(&few), of(&many)[..5_000]);
    }
    here.run(["coin.toml", "--sampler", "tally", "--record"]).refuses().says("no estimate of each trial to record");
}

/// Trials that are recorded one by one give the summary that those give of which only the counts were kept.
#[test]
fn tallied_counts_and_single_estimates_sum_up_alike() {
    let spec =
        "seed = 57\nN = [10, 300]\ntrials = 20_000\nP = [0.5, 0.5]\n[grid]\nQ = [[0.4, 0.6], [1, 0], [0.5, 0.5]]\n";
    let here = Workspace::with_spec(spec);
    for sampler in ["sequence", "counts"] {
        here.run(["coin.toml", "--sampler", sampler, "--record", "--out", "recorded"]).succeeds();
        let summary = here.rows("recorded/coin/summary.csv");
        let (law, trials) = (here.rows("recorded/coin/law.csv"), here.rows("recorded/coin/trials.csv"));
        for row in &summary {
            let of = |trial: &&std::collections::BTreeMap<String, String>| trial["condition"] == row["condition"];
            let estimates: Vec<f64> =
                trials.iter().filter(of).map(|trial| trial["estimate"].parse().unwrap()).collect();
            assert_eq!(estimates.len(), 20_000);
            let infinite = estimates.iter().filter(|estimate| estimate.is_infinite()).count();
            assert_eq!(row["infinite_trials"], infinite.to_string());
            for bin in law.iter().filter(of) {
                let (lower, upper): (f64, f64) = (bin["lower"].parse().unwrap(), bin["upper"].parse().unwrap());
                let room = 1e-13 * lower.abs();
                let within =
                    |estimate: &&f64| **estimate == lower || (**estimate >= lower - room && **estimate <= upper + room);
                assert_eq!(bin["trials"], estimates.iter().filter(within).count().to_string());
            }
        }
    }
}

/// Only sequences have an order, and a path.
#[test]
fn paths_are_of_sequences_only() {
    let here = Workspace::with_spec(crate::harness::COIN);
    for sampler in ["counts", "tally"] {
        here.run(["coin.toml", "--sampler", sampler, "--trials", "1e5"])
            .succeeds()
            .shows(&format!("sampler {sampler}"));
        assert_eq!(here.read("results/coin/paths.csv").lines().count(), 1);
        assert!(here.rows("results/coin/summary.csv").iter().all(|row| row["sampler"] == sampler));
    }
}
