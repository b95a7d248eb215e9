//! From values that are no symbols to estimates, trial by trial.

use super::{Batch, Outcome, Scorer, View};
use kl_math::distribution::{LogRatioForm, ValuePair};
use kl_math::divergence::SymbolFunction;
use kl_math::numeric::CompensatedSum;

/// The scorer of sequences of `n` values: from sums of their statistics where the log ratio is linear in them and Q can
/// produce whatever P can, else value by value.
pub(super) fn value_scorer<'a>(pair: &'a ValuePair, n: u64) -> Box<dyn Scorer + 'a> {
    match pair.form().filter(|_| pair.uncovered().is_none()) {
        Some(form) => Box::new(LinearScorer::new(form, pair.statistics(), n)),
        None => each_value_scorer(pair, SymbolFunction::LogRatio, n),
    }
}

/// The scorer of sequences of `n` values by the mean of a function of each one's log ratio.
pub(super) fn each_value_scorer(pair: &ValuePair, function: SymbolFunction, n: u64) -> Box<dyn Scorer + '_> {
    Box::new(ValueScorer { pair, function, n, sum: CompensatedSum::default(), room: Vec::new() })
}

/// The mean of c + Σ bᵢ Tᵢ over a sequence, from the sums of the Tᵢ.
#[derive(Debug)]
struct LinearScorer {
    constant: f64,
    /// As many as there are statistics.
    slopes: Vec<f64>,
    n: u64,
    /// Σ bᵢ ΣTᵢ of the trial under way.
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
    fn view(&self) -> View {
        View::Sums
    }

    fn score(&mut self, batch: &Batch, outcomes: &mut Vec<Outcome>) {
        let n = self.n;
        if batch.end < n {
            self.sum = batch.sums(self.slopes.len()).next().map_or(0.0, |sums| self.weighted(sums));
            return;
        }
        let outcome = |sum: f64| Outcome { estimate: self.constant + sum / n as f64, std_error: None, length: n };
        if self.slopes.is_empty() {
            outcomes.extend((0..batch.trials).map(|_| outcome(0.0)));
        } else {
            outcomes.extend(batch.sums(self.slopes.len()).map(|sums| outcome(self.weighted(sums))));
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
    /// Of the trial under way.
    sum: CompensatedSum,
    room: Vec<f64>,
}

impl Scorer for ValueScorer<'_> {
    fn view(&self) -> View {
        View::Draws
    }

    fn score(&mut self, batch: &Batch, outcomes: &mut Vec<Outcome>) {
        let width = self.pair.width().max(1);
        let length = (batch.end - batch.start) as usize;
        for trial in batch.draws.chunks_exact(length * width).take(batch.trials) {
            if batch.start == 0 {
                self.sum = CompensatedSum::default();
            }
            for draw in trial.chunks_exact(width) {
                self.sum.push(match self.function {
                    SymbolFunction::LogRatio => self.pair.log_ratio_of(draw, &mut self.room),
                    function => function.of(self.pair.precise_log_ratio_of(draw, &mut self.room)),
                });
            }
            if batch.end == self.n {
                let estimate = self.sum.value() / self.n as f64;
                outcomes.push(Outcome { estimate, std_error: None, length: self.n });
            }
        }
    }

    fn running(&self, length: u64) -> f64 {
        self.sum.value() / length as f64
    }
}
