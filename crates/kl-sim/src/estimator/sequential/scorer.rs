//! Sequences scored up to where a sequential test ends.

use crate::estimator::{Batch, Detail, ScoredTrial, Scorer};
use kl_math::decision::{Decision, StoppingRule};
use kl_math::distribution::ValuePair;
use kl_math::numeric::CompensatedSum;
use std::sync::Arc;

/// What each symbol or value adds to Λ.
pub(super) enum Steps<'a> {
    /// ln(p/q) of each symbol.
    Symbols(Arc<[f64]>),
    /// ln(p/q) of values from P.
    Values(&'a ValuePair),
    /// ln(p/q) of values from S: ln(s/q) − ln(s/p).
    Drawn {
        /// S and Q.
        model: &'a ValuePair,
        /// S and P.
        source: &'a ValuePair,
    },
}

/// Goes along each sequence of at most `max` symbols until its test ends.
pub(super) struct SequentialScorer<'a> {
    steps: Steps<'a>,
    rule: StoppingRule,
    /// Limits that do not move, widened to what reaches them.
    fixed: Option<(f64, f64)>,
    /// Λ of the current trial.
    sum: CompensatedSum,
    /// How many symbols it has.
    length: u64,
    ended: Option<ScoredTrial>,
    scratch: Vec<f64>,
}

impl<'a> SequentialScorer<'a> {
    pub(super) fn new(steps: Steps<'a>, rule: StoppingRule) -> Self {
        let fixed = rule.constant_limits().map(|_| rule.reached(1));
        let sum = CompensatedSum::default();
        Self { steps, rule, fixed, sum, length: 0, ended: None, scratch: Vec::new() }
    }

    /// Adds one step. Returns whether the test ends.
    fn step(&mut self, log_ratio: f64) -> bool {
        self.sum.push(log_ratio);
        self.length += 1;
        let total = self.sum.value();
        let (lower, upper) = self.fixed.unwrap_or_else(|| self.rule.reached(self.length));
        if total > lower && total < upper && self.length < self.rule.max() {
            return false;
        }
        let decision = self.rule.decide(self.length, total);
        let estimate = total / self.length as f64;
        self.ended = decision.map(|_| ScoredTrial { decision, ..ScoredTrial::of(estimate, self.length) });
        decision.is_some()
    }

    fn walk(&mut self, steps: impl Iterator<Item = f64>) {
        for step in steps {
            if self.step(step) {
                break;
            }
        }
    }

    fn of_draws(&mut self, draws: &[f64], width: usize, log_ratio: impl Fn(&[f64], &mut Vec<f64>) -> f64) {
        let mut scratch = std::mem::take(&mut self.scratch);
        for draw in draws.chunks_exact(width) {
            if self.step(log_ratio(draw, &mut scratch)) {
                break;
            }
        }
        self.scratch = scratch;
    }
}

impl Scorer for SequentialScorer<'_> {
    fn detail(&self) -> Detail {
        Detail::Sequence
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        let length = usize::try_from(batch.length()).unwrap_or(usize::MAX).max(1);
        for trial in 0..batch.trials {
            if batch.start == 0 {
                (self.sum, self.length, self.ended) = (CompensatedSum::default(), 0, None);
            }
            if self.ended.is_none() {
                let part = |width: usize| trial * length * width..(trial + 1) * length * width;
                match &self.steps {
                    Steps::Symbols(values) => {
                        let symbols = batch.view.symbols().get(part(1)).unwrap_or_default();
                        let values = Arc::clone(values);
                        self.walk(symbols.iter().filter_map(|&symbol| values.get(symbol as usize)).copied());
                    }
                    &Steps::Values(pair) => {
                        let width = pair.width().max(1);
                        let draws = batch.view.draws().get(part(width)).unwrap_or_default();
                        self.of_draws(draws, width, |draw, room| pair.log_ratio_of(draw, room));
                    }
                    &Steps::Drawn { model, source } => {
                        let width = model.width().max(1);
                        let draws = batch.view.draws().get(part(width)).unwrap_or_default();
                        let of = |draw: &[f64], room: &mut Vec<f64>| {
                            model.log_ratio_of(draw, room) - source.log_ratio_of(draw, room)
                        };
                        self.of_draws(draws, width, of);
                    }
                }
            }
            if batch.end == self.rule.max() {
                let undecided = || ScoredTrial {
                    decision: Some(Decision::Undecided),
                    ..ScoredTrial::of(self.sum.value() / self.length.max(1) as f64, self.length)
                };
                scored.push(self.ended.unwrap_or_else(undecided));
            }
        }
    }

    fn running(&self, length: u64) -> f64 {
        self.sum.value() / self.length.min(length).max(1) as f64
    }

    fn ended_at(&self) -> Option<u64> {
        self.ended.map(|ended| ended.length)
    }
}
