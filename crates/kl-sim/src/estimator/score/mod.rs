//! One sequence scored, step by step.

mod chains;
mod symbols;
mod values;

pub use chains::{ChainSequences, ChainTally};
pub use symbols::SymbolSequences;
pub use values::{ValueRange, ValueSequences, ValueTally};

/// Sequences of one kind under one pair: what is kept of them as they come, item by item, and how they are scored from
/// that. What is kept does not grow with a sequence.
///
/// Symbols without memory are [`SymbolSequences`], states of a Markov chain [`ChainSequences`], counts, numbers and
/// vectors [`ValueSequences`].
pub trait Sequences {
    /// What a sequence is made of: a symbol's place in P's order (`usize`), or the numbers of a value (`[f64]`).
    type Item: ?Sized;

    /// What is kept.
    type Tally;

    /// Of a sequence without items.
    fn tally(&self) -> Self::Tally;

    /// One more item.
    fn push(&self, tally: &mut Self::Tally, item: &Self::Item);

    /// Puts `other`, a sequence independent of those in `total`, with them.
    fn add(&self, total: &mut Self::Tally, other: &Self::Tally);

    /// N.
    fn length(&self, tally: &Self::Tally) -> u64;

    /// The score; none without items.
    fn score(&self, tally: &Self::Tally) -> Option<SequenceScore>;
}

/// What theory says of L = (1/N) ln(P(seq)/Q(seq)) if one of the two distributions is true.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expectation {
    /// The mean of L: KL(P‖Q) if P is true, −KL(Q‖P) if Q is; of chains the divergence of whole sequences over N. None where
    /// it cannot be had.
    pub mean: Option<f64>,
    /// Its variance, nats²; none where it does not exist.
    pub variance: Option<f64>,
}

/// What is known of a sequence's items.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// How often each symbol occurs.
    Symbols(Vec<u64>),
    /// How often each of the K states comes first, and then each of the K² transitions, row by row.
    Events(Vec<u64>),
    /// How far the values reach.
    Values(ValueRange),
}

/// The derivation of (1/N) ln(P(seq)/Q(seq)) for one sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct SequenceScore {
    /// What the sequence holds.
    pub seen: Seen,
    /// N.
    pub length: u64,
    /// ln P(seq), of densities where values are no counts.
    pub log_source: f64,
    /// ln Q(seq).
    pub log_model: f64,
    /// ln(P(seq)/Q(seq)): +∞ if Q rules the sequence out, −∞ if P does, none if both do.
    pub log_ratio: Option<f64>,
    /// L = log_ratio/N, nats per symbol.
    pub estimate: Option<f64>,
    /// What L should be if P is true.
    pub if_source: Expectation,
    /// The same if Q is.
    pub if_model: Expectation,
}

impl SequenceScore {
    /// A score from its sums over `length` items: ln P, ln Q and ln(P/Q).
    fn new(
        seen: Seen,
        length: u64,
        [log_source, log_model, log_ratio]: [f64; 3],
        [if_source, if_model]: [Expectation; 2],
    ) -> Self {
        let is_defined = log_source.is_finite() || log_model.is_finite();
        let log_ratio = is_defined.then_some(log_ratio);
        let estimate = log_ratio.map(|log_ratio| log_ratio / length as f64);
        Self { seen, length, log_source, log_model, log_ratio, estimate, if_source, if_model }
    }

    /// Distance of L from its mean in exact standard errors, if P is true; none where there are no such.
    pub fn z_if_source(&self) -> Option<f64> {
        self.distance(self.if_source)
    }

    /// The same if Q is true.
    pub fn z_if_model(&self) -> Option<f64> {
        self.distance(self.if_model)
    }

    fn distance(&self, expectation: Expectation) -> Option<f64> {
        let std_error = expectation.variance.filter(|variance| variance.is_finite())?.sqrt();
        let estimate = self.estimate.filter(|estimate| estimate.is_finite() && std_error > 0.0)?;
        Some((estimate - expectation.mean?) / std_error).filter(|distance| distance.is_finite())
    }
}

/// What is expected of the mean of independent items, when each one's log ratio has `mean` and `variance`.
#[derive(Clone, Copy, Debug)]
struct ItemTheory {
    mean: Option<f64>,
    variance: Option<f64>,
}

impl ItemTheory {
    fn of_mean(self, length: u64) -> Expectation {
        Expectation { mean: self.mean, variance: self.variance.map(|variance| variance / length as f64) }
    }
}

/// Σ nᵢ xᵢ over what occurs: 0 · ∞ is not asked for.
fn weighted(counts: &[u64], values: &[f64]) -> f64 {
    let occurring = counts.iter().zip(values).filter(|&(&count, _)| count > 0);
    occurring.map(|(&count, value)| count as f64 * value).sum()
}

fn add_counts(total: &mut [u64], counts: &[u64]) {
    total.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
}

/// Pairs for the tests of each kind.
#[cfg(test)]
mod testing {
    use kl_math::distribution::{Distribution, Number, Pair, Parameter};
    use std::sync::Arc;

    /// A family and its parameters.
    pub(super) type Written = (&'static str, Vec<(&'static str, Parameter)>);

    pub(super) fn number(value: f64) -> Parameter {
        Parameter::Number(Number::new(value))
    }

    pub(super) fn list(values: &[f64]) -> Parameter {
        Parameter::List(values.iter().copied().map(number).collect())
    }

    pub(super) fn pair(p: Written, q: Written) -> Pair {
        let read = |(family, parameters): Written| {
            let parameters = parameters.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
            let written = Parameter::Table(vec![(family.to_owned(), Parameter::Table(parameters))]);
            Arc::new(Distribution::read(&written).unwrap())
        };
        Pair::new(read(p), read(q)).unwrap()
    }
}
