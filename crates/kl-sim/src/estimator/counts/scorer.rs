//! From counts to estimates, trial by trial.

use super::rule::{Evaluator, ModelLogs};
use crate::estimator::{Batch, Outcome, Scorer, View};

/// What is known of Q.
#[derive(Debug)]
pub(super) enum Model {
    /// ln q of each symbol.
    Known(Vec<f64>),
    /// A sample.
    Sampled(ModelLogs),
}

/// Scores the counts of whole sequences. Those of stretches are added up.
#[derive(Debug)]
pub(super) struct CountScorer {
    evaluator: Evaluator,
    model: Model,
    n: u64,
    /// Counts of the stretches so far of a sequence that did not come whole.
    so_far: Vec<u64>,
}

impl CountScorer {
    /// Scores sequences of `n` symbols of an alphabet of that size.
    pub(super) fn new(evaluator: Evaluator, model: Model, n: u64, alphabet: usize) -> Self {
        Self { evaluator, model, n, so_far: vec![0; alphabet] }
    }

    fn outcome(&self, counts: &[u64], model_counts: &[u64]) -> Outcome {
        let estimate = match &self.model {
            Model::Known(logs) => self.evaluator.estimate(counts, self.n, logs.iter().copied()),
            Model::Sampled(logs) => self.evaluator.estimate(counts, self.n, logs.of(model_counts)),
        };
        Outcome { estimate, std_error: None, length: self.n }
    }
}

impl Scorer for CountScorer {
    fn view(&self) -> View {
        View::Counts
    }

    fn score(&mut self, batch: &Batch, outcomes: &mut Vec<Outcome>) {
        if batch.start == 0 && batch.end == self.n {
            match self.model {
                Model::Known(_) => outcomes.extend(batch.counts().map(|counts| self.outcome(counts, &[]))),
                Model::Sampled(_) => {
                    let both = batch.counts().zip(batch.model_counts());
                    outcomes.extend(both.map(|(counts, model)| self.outcome(counts, model)));
                }
            }
            return;
        }
        for counts in batch.counts() {
            for (total, count) in self.so_far.iter_mut().zip(counts) {
                *total += count;
            }
        }
        if batch.end == self.n {
            outcomes.push(self.outcome(&self.so_far, batch.model_counts().next().unwrap_or_default()));
            self.so_far.fill(0);
        }
    }

    fn running(&self, length: u64) -> f64 {
        match &self.model {
            Model::Known(logs) => self.evaluator.estimate(&self.so_far, length, logs.iter().copied()),
            // The sample from Q has no order beside the sequence's.
            Model::Sampled(_) => f64::NAN,
        }
    }
}
