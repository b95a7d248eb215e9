//! Coders that are wrong, and whether it shows.

use super::*;
use crate::estimator::{Batch, Detail, ScoredTrial};
use crate::prelude::*;

/// What is wrong with some estimates.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// One trial of a hundred does not come back.
    Lost,
    /// In one trial of a hundred Q's code is this many bits too long.
    Longer(f64),
}

/// `code_length` with a fault.
#[derive(Clone, Copy, Debug)]
struct Planted(Fault);

struct PlantedScorer<'a> {
    scorer: Box<dyn Scorer + 'a>,
    fault: Fault,
}

impl Scorer for PlantedScorer<'_> {
    fn detail(&self) -> Detail {
        self.scorer.detail()
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        let before = scored.len();
        self.scorer.score(batch, scored);
        for (trial, found) in (batch.first..).zip(scored.iter_mut().skip(before)) {
            if trial % 100 == 99 {
                found.estimate += match self.fault {
                    Fault::Lost => f64::NAN,
                    Fault::Longer(bits) => bits * LN_2 / found.length as f64,
                };
            }
        }
    }

    fn running(&self, length: u64) -> f64 {
        self.scorer.running(length)
    }
}

impl Estimator for Planted {
    fn name(&self) -> &str {
        "planted"
    }

    fn written(&self) -> (&'static str, Settings) {
        ("planted", Settings::new())
    }

    fn suits(&self, pair: &Pair, n: u64) -> Result<(), String> {
        CodeLength.suits(pair, n)
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        CodeLength.theory(pair, n)
    }

    fn moments(&self, pair: &Pair, n: u64) -> (Option<f64>, Option<f64>) {
        CodeLength.moments(pair, n)
    }

    fn bins(&self, pair: &Pair, n: u64) -> Bins {
        CodeLength.bins(pair, n)
    }

    fn same_as(&self, pair: &Pair, n: u64) -> Option<SameAs<'_>> {
        CodeLength.same_as(pair, n)
    }

    fn scorer<'a>(&'a self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
        Box::new(PlantedScorer { scorer: CodeLength.scorer(pair, n), fault: self.0 })
    }
}

fn found(fault: Fault) -> (Verdict, u64, u64, Option<u64>) {
    // Codes of powers of 1/2 have no ends: their lengths are exact.
    let pair = Pair::of(Categorical::new([0.5, 0.25, 0.25]).unwrap(), Categorical::new([0.25, 0.25, 0.5]).unwrap());
    let experiment = Experiment::new(pair.unwrap()).estimator(Planted(fault)).length(50).trials(1_000);
    let result = experiment.run().unwrap().remove(0);
    let (comparison, verdict) = (result.comparison, result.verdict);
    let differences = comparison.same_as.unwrap();
    (verdict, comparison.failed_trials, differences.differing, differences.first.map(|first| first.trial))
}

#[test]
fn a_sequence_that_does_not_come_back_shows() {
    assert_eq!(found(Fault::Lost), (Verdict::Disagree, 10, 10, Some(99)));
}

#[test]
fn a_code_beyond_the_bound_shows() {
    assert_eq!(found(Fault::Longer(3.0)), (Verdict::Disagree, 0, 10, Some(99)));
    // Two bits may be the ends of a code.
    assert_eq!(found(Fault::Longer(2.0)), (Verdict::Agree, 0, 0, None));
}
