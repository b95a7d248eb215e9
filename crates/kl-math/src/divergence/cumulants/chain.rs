//! The cumulant generating function of a chain's estimate.

use super::{CumulantFunction, lattice};
use crate::chain::{ChainPair, ChainTheory};
use std::sync::Arc;

/// K of Y = (S − E\[S\])/N, S the log ratio of a sequence of N symbols with memory, where it is surely finite: the distance
/// of the estimate from its mean.
///
/// ```
/// use kl_math::chain::{ChainLaw, ChainPair};
/// use kl_math::divergence::{ChainCumulants, CumulantFunction};
/// use kl_math::numeric::DoubleDouble;
/// let [half, quarter, rest] = [0.5, 0.25, 0.75].map(DoubleDouble::from);
/// let source = ChainLaw { initial: &[half; 2], transition: &[half; 4] };
/// let model = ChainLaw { initial: &[half; 2], transition: &[quarter, rest, half, half] };
/// let k = ChainCumulants::new(ChainPair::new(source, model)?.into(), 10).expect("it varies");
/// let step = 1e-3 / k.variance().sqrt();
/// assert!(((k.value(step) + k.value(-step)) / step / step / k.variance() - 1.0).abs() < 1e-6);
/// # Ok::<(), kl_math::chain::ChainError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ChainCumulants {
    pair: Arc<ChainPair>,
    n: u64,
    /// E\[S\].
    mean: f64,
    /// Var\[S\].
    variance: f64,
    /// The largest log ratio of an event, in size.
    largest: f64,
}

impl ChainCumulants {
    /// K for sequences of `n` symbols; none where S is constant or can be infinite.
    pub fn new(pair: Arc<ChainPair>, n: u64) -> Option<Self> {
        let theory = ChainTheory::of(&pair, n);
        let variance = theory.spread.map(|spread| spread.variance).filter(|&variance| variance > 0.0)?;
        let finite = pair.event_log_ratios().iter().filter(|ratio| ratio.is_finite());
        let largest = finite.fold(0.0, |largest, ratio| f64::max(largest, ratio.abs()));
        Some(Self { pair, n, mean: theory.mean, variance, largest })
    }
}

impl CumulantFunction for ChainCumulants {
    fn value(&self, s: f64) -> f64 {
        let tilt = s / self.n as f64;
        self.pair.cumulant(self.n, tilt).value - tilt * self.mean
    }

    fn slope(&self, s: f64) -> f64 {
        (self.pair.cumulant(self.n, s / self.n as f64).slope - self.mean) / self.n as f64
    }

    fn variance(&self) -> f64 {
        self.variance / self.n as f64 / self.n as f64
    }

    fn end_of_domain(&self, _: bool) -> f64 {
        /// Beyond it an event with the largest log ratio outweighs others by this many nats.
        const FARTHEST: f64 = 200.0;
        FARTHEST * self.n as f64 / self.largest
    }

    fn is_costly(&self) -> bool {
        const MANY: usize = 12;
        self.pair.states() > MANY
    }

    fn span(&self) -> Option<f64> {
        // The first symbol's log ratio may lie beside the lattice of the steps: all sequences have one of each.
        let states = self.pair.states();
        let events = self.pair.event_log_ratios().iter().zip(self.pair.source_events()).enumerate();
        let possible = events.filter(|(_, (_, mass))| **mass > 0.0);
        let (first, steps): (Vec<_>, Vec<_>) = possible.partition(|(event, _)| *event < states);
        let mut distances = Vec::with_capacity(first.len() + steps.len());
        for group in [first, steps] {
            let least = group.iter().map(|(_, (ratio, _))| **ratio).fold(f64::INFINITY, f64::min);
            distances.extend(group.iter().map(|(_, (ratio, _))| **ratio - least));
        }
        distances.sort_by(f64::total_cmp);
        lattice::span(distances.into_iter()).map(|span| span / self.n as f64)
    }

    fn has_exponential_squares(&self) -> bool {
        true
    }

    fn scale(&self) -> f64 {
        // K is right to 1e-15 of N times s times this: twice what bounds allow for.
        4.0 * self.largest
    }
}
