//! Steps whose values are evenly spaced: the sum of their numbers says where Λ is, exactly. Two values always are.

use super::mass::Mass;
use super::tally::Tally;
use super::walk::{Edge, Walk};
use crate::decision::StoppingRule;
use crate::numeric::DoubleDouble;

/// Steps c + kd with whole k.
#[derive(Clone, Debug)]
pub(super) struct EvenlySpaced {
    constant: DoubleDouble,
    /// d > 0, nats.
    pub(super) spacing: DoubleDouble,
    moves: Vec<(i64, DoubleDouble)>,
    infinite: [DoubleDouble; 2],
}

/// Finite values with their probabilities, and the chances of −∞ and +∞.
pub(super) fn parted(atoms: &[(f64, DoubleDouble)]) -> (Vec<(f64, DoubleDouble)>, [DoubleDouble; 2]) {
    let at = |infinity: f64| atoms.iter().filter(|(value, _)| *value == infinity).map(|&(_, mass)| mass).sum();
    let finite = atoms.iter().copied().filter(|(value, _)| value.is_finite()).collect();
    (finite, [at(f64::NEG_INFINITY), at(f64::INFINITY)])
}

/// Values that are this part of the largest away from an even spacing are on it: each is right to some ulp.
const SAME: f64 = 4e-15;
/// The least distance of two values is at most so many spacings.
const MOST_PARTS: u32 = 64;
/// And the largest so many.
const MOST_SPACINGS: f64 = 1e6;

impl EvenlySpaced {
    /// The spacing of some values by rising value, if they have one.
    pub(super) fn of(atoms: &[(f64, DoubleDouble)]) -> Option<Self> {
        let (finite, infinite) = parted(atoms);
        let lowest = finite.first().map_or(0.0, |atom| atom.0);
        let constant = DoubleDouble::from(lowest);
        let above = |value: f64| DoubleDouble::from(value) - constant;
        let range = finite.last().map_or(DoubleDouble::ZERO, |atom| above(atom.0));
        let scale = finite.iter().map(|atom| atom.0.abs()).fold(0.0, f64::max);
        let gaps = finite.windows(2).map(|pair| above(pair[1].0) - above(pair[0].0));
        let Some(least) = gaps.min_by(|a, b| a.to_f64().total_cmp(&b.to_f64())) else {
            let moves = finite.iter().map(|atom| (0, atom.1)).collect();
            return Some(Self { constant, spacing: DoubleDouble::ONE, moves, infinite });
        };
        let numbers = |parts: u32| -> Option<(f64, Vec<i64>)> {
            let most = (range / least * DoubleDouble::from(f64::from(parts))).to_f64().round();
            let numbers = finite.iter().map(|atom| {
                let number = (above(atom.0) / range).to_f64() * most;
                let off = (above(atom.0) - range * DoubleDouble::from(number.round() / most)).to_f64().abs();
                (off <= SAME * scale).then_some(number.round() as i64)
            });
            (most <= MOST_SPACINGS)
                .then(|| numbers.collect::<Option<Vec<i64>>>())
                .flatten()
                .map(|numbers| (most, numbers))
        };
        let (most, numbers) = (1..=MOST_PARTS).find_map(numbers)?;
        let spacing = range / DoubleDouble::from(most);
        let moves = numbers.into_iter().zip(finite.iter().map(|atom| atom.1)).collect();
        Some(Self { constant, spacing, moves, infinite })
    }

    /// Where Λ may be is the same for every n: the values are multiples of the spacing.
    pub(super) fn is_lattice(&self) -> bool {
        let spacings = (self.constant / self.spacing).to_f64();
        (spacings - spacings.round()).abs() <= 1e-12 * spacings.abs().max(1.0)
    }

    /// The test to its end: in pairs of doubles if a quarter of a second is enough for that, else in doubles; none where it takes too long.
    pub(super) fn followed(&self, rule: &StoppingRule) -> Option<Tally> {
        let walk = Walk {
            moves: &self.moves,
            infinite: self.infinite,
            start: &[(0, DoubleDouble::ONE)],
            log_ratio: |n: u64, number: i64| {
                let spacings = DoubleDouble::from(number as f64) * self.spacing;
                (DoubleDouble::from(n as f64) * self.constant + spacings).to_f64()
            },
            edge: Edge::Point,
        };
        let precise = walk.followed::<DoubleDouble>(rule, DoubleDouble::SPEED / 4);
        precise.or_else(|| walk.followed::<f64>(rule, f64::SPEED / 2))
    }
}
