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
        let groups = self.pair.possible_log_ratios(self.n);
        let mut distances: Vec<f64> = Vec::with_capacity(groups.iter().map(Vec::len).sum());
        for group in groups {
            let least = group.iter().copied().fold(f64::INFINITY, f64::min);
            distances.extend(group.iter().map(|ratio| ratio - least));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::ChainLaw;
    use crate::numeric::DoubleDouble;
    use std::f64::consts::LN_2;

    /// The span of N copies of Y, for two states.
    fn span(n: u64, p: [f64; 6], q: [f64; 6]) -> Option<f64> {
        let [p, q] = [p, q].map(|events| events.map(DoubleDouble::from));
        let [source, model] = [&p, &q].map(|events| ChainLaw { initial: &events[..2], transition: &events[2..] });
        let pair = ChainPair::new(source, model).unwrap();
        ChainCumulants::new(pair.into(), n).unwrap().span().map(|span| span * n as f64)
    }

    /// Q cannot make a transition of P, which a single symbol does not have: the search for a span once never ended.
    #[test]
    fn what_cannot_occur_yet_has_no_part_in_the_lattice() {
        let p = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
        let is_near = |found: Option<f64>, expected: f64| (found.unwrap() / expected - 1.0).abs() < 1e-9;
        let one = |transition: [f64; 4]| {
            let [a, b, c, d] = transition;
            span(1, p, [0.8, 0.2, a, b, c, d])
        };
        for transition in [[0.0, 1.0, 0.9, 0.1], [0.0, 1.0, 1.0, 0.0], [0.3, 0.7, 0.9, 0.1]] {
            assert!(is_near(one(transition), 2.0 * LN_2), "{transition:?}: {:?}", one(transition));
        }
        // Two symbols do not leave the second state, from which Q cannot do what P does.
        let begins = [1.0, 0.0, 0.5, 0.5, 0.5, 0.5];
        assert!(is_near(span(2, begins, [1.0, 0.0, 0.8, 0.2, 0.0, 1.0]), 2.0 * LN_2));
    }
}
