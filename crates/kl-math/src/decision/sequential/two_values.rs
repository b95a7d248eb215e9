//! Steps of at most two finite values: the number of the larger ones says where Λ is.

use super::mass::Mass;
use super::tally::Tally;
use super::walk::{Edge, Walk};
use crate::decision::StoppingRule;
use crate::numeric::DoubleDouble;

/// Finite values with their probabilities, and the chances of −∞ and +∞.
pub(super) fn parted(atoms: &[(f64, DoubleDouble)]) -> (Vec<(f64, DoubleDouble)>, [DoubleDouble; 2]) {
    let at = |infinity: f64| atoms.iter().filter(|(value, _)| *value == infinity).map(|&(_, mass)| mass).sum();
    let finite = atoms.iter().copied().filter(|(value, _)| value.is_finite()).collect();
    (finite, [at(f64::NEG_INFINITY), at(f64::INFINITY)])
}

/// The test to its end: in pairs of doubles if half a second is enough for that, else in doubles. None where there are more than two
/// finite values, and where it takes too long.
pub(super) fn followed(atoms: &[(f64, DoubleDouble)], rule: &StoppingRule) -> Option<Tally> {
    let (finite, infinite) = parted(atoms);
    let (low, high) = match *finite.as_slice() {
        [] => ((0.0, DoubleDouble::ZERO), (0.0, DoubleDouble::ZERO)),
        [one] => (one, (one.0, DoubleDouble::ZERO)),
        [low, high] => (low, high),
        _ => return None,
    };
    let moves: Vec<(i64, DoubleDouble)> =
        [(0, low.1), (1, high.1)].into_iter().filter(|(_, mass)| *mass > DoubleDouble::ZERO).collect();
    let walk = Walk {
        moves: &moves,
        infinite,
        start: &[(0, DoubleDouble::ONE)],
        log_ratio: |n: u64, count: i64| {
            let highs = DoubleDouble::from(count as f64);
            let lows = DoubleDouble::from(n as f64) - highs;
            (highs * DoubleDouble::from(high.0) + lows * DoubleDouble::from(low.0)).to_f64()
        },
        edge: Edge::Point,
    };
    let precise = walk.followed::<DoubleDouble>(rule, DoubleDouble::SPEED / 2);
    precise.or_else(|| walk.followed::<f64>(rule, f64::SPEED))
}
