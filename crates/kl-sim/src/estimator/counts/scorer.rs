//! From counts to estimates, trial by trial.

use super::rule::{Evaluator, ModelLogs, log_of};
use crate::estimator::{Batch, Detail, ScoredTrial, Scorer};
use std::sync::Arc;

/// What is known of Q.
#[derive(Debug)]
pub(super) enum Model {
    /// ln q of each symbol.
    Known(Vec<f64>),
    /// A sample.
    Sampled(Arc<ModelLogs>),
}

/// Scores the counts of whole sequences; those of segments are added up.
#[derive(Debug)]
pub(super) struct CountScorer {
    evaluator: Arc<Evaluator>,
    model: Model,
    n: u64,
    /// The counts so far of a sequence that comes in segments.
    so_far: Vec<u64>,
}

impl CountScorer {
    /// Scores sequences of `n` symbols of an alphabet of that size.
    pub(super) fn new(evaluator: Arc<Evaluator>, model: Model, n: u64, alphabet: usize) -> Self {
        Self { evaluator, model, n, so_far: vec![0; alphabet] }
    }

    fn scored(&self, counts: &[u64], model_counts: &[u64]) -> ScoredTrial {
        let estimate = match &self.model {
            Model::Known(logs) => self.evaluator.estimate(counts, self.n, log_of(logs)),
            Model::Sampled(logs) => self.evaluator.estimate(counts, self.n, logs.of(model_counts)),
        };
        ScoredTrial::of(estimate, self.n)
    }
}

impl Scorer for CountScorer {
    fn detail(&self) -> Detail {
        Detail::Totals
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        if batch.start == 0 && batch.end == self.n {
            match self.model {
                Model::Known(_) => scored.extend(batch.counts().map(|counts| self.scored(counts, &[]))),
                Model::Sampled(_) => {
                    let both = batch.counts().zip(batch.model_counts());
                    scored.extend(both.map(|(counts, model)| self.scored(counts, model)));
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
            scored.push(self.scored(&self.so_far, batch.model_counts().next().unwrap_or_default()));
            self.so_far.fill(0);
        }
    }

    fn running(&self, length: u64) -> f64 {
        match &self.model {
            Model::Known(logs) => self.evaluator.estimate(&self.so_far, length, log_of(logs)),
            // The sample from Q has no order beside the sequence's.
            Model::Sampled(_) => f64::NAN,
        }
    }
}
