//! From values that are no symbols to estimates, trial by trial.

use super::batch::{Batch, Detail};
use super::scored::{ScoredTrial, Scorer};
use kl_math::distribution::{LogRatioForm, ValuePair};
use kl_math::divergence::SymbolFunction;
use kl_math::numeric::CompensatedSum;

/// The scorer of sequences of `n` values: from sums of their statistics where the log ratio is linear in them and Q can
/// produce whatever P can, else value by value.
pub(in crate::estimator) fn value_scorer<'a>(pair: &'a ValuePair, n: u64) -> Box<dyn Scorer + 'a> {
    match pair.form().filter(|_| pair.uncovered().is_none()) {
        Some(form) => Box::new(LinearScorer::new(form, pair.statistics(), n)),
        None => each_value_scorer(pair, SymbolFunction::LogRatio, n),
    }
}

/// The scorer of sequences of `n` values by the mean of a function of each one's log ratio.
pub(in crate::estimator) fn each_value_scorer(
    pair: &ValuePair,
    function: SymbolFunction,
    n: u64,
) -> Box<dyn Scorer + '_> {
    Box::new(ValueScorer { pair, function, n, sum: CompensatedSum::default(), scratch: Vec::new() })
}

/// The mean of c + Σ bᵢ Tᵢ over a sequence, from the sums of the Tᵢ.
#[derive(Debug)]
struct LinearScorer {
    constant: f64,
    /// As many as there are statistics.
    slopes: Vec<f64>,
    n: u64,
    /// Σ bᵢ ΣTᵢ of the current trial.
    sum: f64,
}

impl LinearScorer {
    fn new(form: &LogRatioForm, statistics: usize, n: u64) -> Self {
        let (constant, mut slopes) = form.coefficients();
        slopes.resize(statistics, 0.0);
        Self { constant, slopes, n, sum: 0.0 }
    }

    fn weighted(&self, sums: &[f64]) -> f64 {
        // A statistic that has no part may be infinite: 0 · ∞ is not asked for.
        let terms = self.slopes.iter().zip(sums).filter(|&(&slope, _)| slope != 0.0);
        terms.map(|(slope, sum)| slope * sum).sum()
    }
}

impl Scorer for LinearScorer {
    fn detail(&self) -> Detail {
        Detail::Totals
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        let n = self.n;
        if batch.end < n {
            self.sum = batch.sums().next().map_or(0.0, |sums| self.weighted(sums));
            return;
        }
        let trial = |sum: f64| ScoredTrial::of(self.constant + sum / n as f64, n);
        if self.slopes.is_empty() {
            scored.extend((0..batch.trials).map(|_| trial(0.0)));
        } else {
            scored.extend(batch.sums().map(|sums| trial(self.weighted(sums))));
        }
    }

    fn running(&self, length: u64) -> f64 {
        self.constant + self.sum / length as f64
    }
}

/// The mean of a function of ln(p(x)/q(x)) over a sequence; infinite from the first value on that Q cannot produce.
#[derive(Debug)]
struct ValueScorer<'a> {
    pair: &'a ValuePair,
    function: SymbolFunction,
    n: u64,
    /// Of the current trial.
    sum: CompensatedSum,
    scratch: Vec<f64>,
}

impl Scorer for ValueScorer<'_> {
    fn detail(&self) -> Detail {
        Detail::Sequence
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        let width = self.pair.width().max(1);
        let length = batch.length() as usize;
        for trial in batch.view.draws().chunks_exact(length * width) {
            if batch.start == 0 {
                self.sum = CompensatedSum::default();
            }
            for draw in trial.chunks_exact(width) {
                self.sum.push(match self.function {
                    SymbolFunction::LogRatio => self.pair.log_ratio_of(draw, &mut self.scratch),
                    function => function.of(self.pair.precise_log_ratio_of(draw, &mut self.scratch)),
                });
            }
            if batch.end == self.n {
                let estimate = self.sum.value() / self.n as f64;
                scored.push(ScoredTrial::of(estimate, self.n));
            }
        }
    }

    fn running(&self, length: u64) -> f64 {
        self.sum.value() / length as f64
    }
}
