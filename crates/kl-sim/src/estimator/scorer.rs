//! From symbols to estimates, trial by trial.

use std::borrow::Cow;

/// What a scorer needs to see of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum View {
    /// How often each symbol occurs.
    Counts,
    /// The symbols themselves, in order.
    Symbols,
    /// Sums of the statistics of what values are made from: see [`Standard`](kl_math::distribution::Standard).
    Sums,
    /// What each value is made from, in order.
    Draws,
}

/// The next stretch of some trials' sequences: symbols `start`…`end` of each, counting from 0.
///
/// Short sequences come whole and many at a time. A long one comes alone, stretch after stretch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// How many trials the batch covers; one if the stretch is not the whole sequence.
    pub trials: usize,
    /// The number of the first of them, from 0.
    pub first: u64,
    /// The first symbol of the stretch.
    pub start: u64,
    /// One past the last symbol of the stretch.
    pub end: u64,
    /// How many symbols the alphabet has.
    pub alphabet: usize,
    /// Counts within the stretch, trial by trial: `trials` × `alphabet` of them.
    pub counts: Vec<u64>,
    /// The symbols, trial by trial, if a scorer asked for [`View::Symbols`].
    pub symbols: Vec<u16>,
    /// Where values are no symbols: the sums of each statistic over symbols 0…`end`, trial by trial. They do not depend on
    /// the stretches a sequence came in.
    pub sums: Vec<f64>,
    /// What the values of the stretch are made from, trial by trial, if a scorer asked for [`View::Draws`].
    pub draws: Vec<f64>,
    /// The sample from Q of each trial that ends with the stretch, for scorers whose estimator asks for
    /// [`model_draws`](super::Estimator::model_draws).
    pub model: ModelSample,
}

/// A sample from Q beside each trial of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelSample {
    /// How often each symbol occurs, trial by trial, if Q's values are symbols.
    pub counts: Vec<u64>,
    /// Else what its values are made from, trial by trial.
    pub draws: Vec<f64>,
}

impl Batch {
    /// The sums of each trial so far, `statistics` of them.
    pub fn sums(&self, statistics: usize) -> impl Iterator<Item = &[f64]> {
        self.sums.chunks_exact(statistics.max(1)).take(self.trials)
    }

    /// The symbol counts of each trial's sample from Q.
    pub fn model_counts(&self) -> impl Iterator<Item = &[u64]> {
        self.model.counts.chunks_exact(self.alphabet.max(1)).take(self.trials)
    }

    /// The symbol counts of each trial's stretch.
    pub fn counts(&self) -> impl Iterator<Item = &[u64]> {
        self.counts.chunks_exact(self.alphabet.max(1)).take(self.trials)
    }
}

/// The end of one trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The estimate, nats per symbol; NaN where an estimator of the user's own has failed to give one.
    pub estimate: f64,
    /// The estimator's own standard error, if it gives one.
    pub std_error: Option<f64>,
    /// How many symbols it used.
    pub length: u64,
}

impl Outcome {
    /// That of `length` symbols from which no estimate was made.
    pub fn failed(length: u64) -> Self {
        Self { estimate: f64::NAN, std_error: None, length }
    }

    /// Whether there is no estimate.
    pub fn is_failed(&self) -> bool {
        self.estimate.is_nan()
    }
}

/// Turns batches into estimates. It keeps what it must of a sequence that comes in stretches.
pub trait Scorer: Send {
    /// What it needs to see.
    fn view(&self) -> View;

    /// Takes the next stretch and adds an outcome for each trial that ends with it.
    fn score(&mut self, batch: &Batch, outcomes: &mut Vec<Outcome>);

    /// The estimate from the first `length` symbols of the trial under way, which are all that was seen of it.
    fn running(&self, length: u64) -> f64;
}

/// The mean over the sequence of one function of the symbol: Σ nᵢ xᵢ/N, summed in symbol order.
#[derive(Debug)]
pub struct SymbolMeanScorer<'a> {
    values: Cow<'a, [f64]>,
    n: u64,
    /// Counts of the stretches so far of a sequence that did not come whole.
    so_far: Vec<u64>,
    has_std_errors: bool,
}

impl<'a> SymbolMeanScorer<'a> {
    /// Scores sequences of `n` symbols by `values`, one for each symbol.
    pub fn new(values: Cow<'a, [f64]>, n: u64) -> Self {
        let so_far = vec![0; values.len()];
        Self { values, n, so_far, has_std_errors: false }
    }
}

impl SymbolMeanScorer<'_> {
    /// The same with the sample standard error of each estimate, √(Σ nᵢ (xᵢ − mean)²/(N(N−1))); none of one symbol.
    #[must_use]
    pub fn with_std_errors(self) -> Self {
        Self { has_std_errors: true, ..self }
    }

    fn outcome(&self, counts: &[u64]) -> Outcome {
        let (estimate, n) = (symbol_mean(counts, &self.values, self.n), self.n as f64);
        let std_error = || {
            let occurring = counts.iter().zip(self.values.iter()).filter(|&(&count, _)| count > 0);
            let squares: f64 =
                occurring.map(|(&count, value)| count as f64 * ((value - estimate) * (value - estimate))).sum();
            (squares / n / (n - 1.0)).sqrt()
        };
        let std_error = (self.has_std_errors && self.n > 1 && estimate.is_finite()).then(std_error);
        Outcome { estimate, std_error, length: self.n }
    }
}

/// Σ nᵢ xᵢ/N over the symbols that occur: an infinite value counts only where its symbol does.
fn symbol_mean(counts: &[u64], values: &[f64], n: u64) -> f64 {
    // Counts are below 2⁶³, and signed numbers convert faster.
    let sum: f64 = counts.iter().zip(values).map(|(&count, &value)| count as i64 as f64 * value).sum();
    if sum.is_finite() {
        return sum / n as f64;
    }
    let occurring = counts.iter().zip(values).filter(|&(&count, _)| count > 0);
    let sum: f64 = occurring.map(|(&count, &value)| count as f64 * value).sum();
    // +∞ − ∞: both an impossible symbol and one that Q cannot produce. Impossible under P comes first.
    if sum.is_nan() { f64::NEG_INFINITY } else { sum / n as f64 }
}

impl Scorer for SymbolMeanScorer<'_> {
    fn view(&self) -> View {
        View::Counts
    }

    fn score(&mut self, batch: &Batch, outcomes: &mut Vec<Outcome>) {
        if batch.start == 0 && batch.end == self.n {
            outcomes.extend(batch.counts().map(|counts| self.outcome(counts)));
            return;
        }
        for counts in batch.counts() {
            for (total, count) in self.so_far.iter_mut().zip(counts) {
                *total += count;
            }
        }
        if batch.end == self.n {
            outcomes.push(self.outcome(&self.so_far));
            self.so_far.fill(0);
        }
    }

    fn running(&self, length: u64) -> f64 {
        symbol_mean(&self.so_far, &self.values, length)
    }
}
