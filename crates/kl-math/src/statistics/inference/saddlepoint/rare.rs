//! Tails of a sum to which rare and far values add their steps.

use super::tails::{Terms, tails};
use crate::divergence::FiniteCumulants;
use crate::law::Binomial;
use crate::numeric::DoubleDouble;

/// Values that are expected more often than this make no single steps.
const RARE: f64 = 40.0;

/// Those that are expected less often than this make none that matter.
const NEVER: f64 = 1e-6;

/// A step shows unless the sum of the others has so many times its size for a standard deviation: what is left of it then is of
/// the order e^(−2π²).
const BRIDGED: f64 = 1.0;

/// Counts that add less than this part are left out.
const NEGLIGIBLE: f64 = 1e-7;

/// The tails of the mean of `count` copies beyond `deviation`, in its direction and in the other one, as sums over how many of the
/// copies are of the rare and far values, which `split` found; `span` is that of their lattice. None where too little is left of
/// the others.
pub(super) fn tails_by_count(split: Split<'_>, span: Option<f64>, deviation: f64, count: f64) -> Option<[f64; 2]> {
    /// More steps than these are no few.
    const MOST: u64 = 400;
    let Split { far, rest } = split;
    let chance = far.mass;
    let rare = Binomial::new(count as u64, DoubleDouble::from(chance), DoubleDouble::ONE - DoubleDouble::from(chance));
    let (far, rest) = ((far.mean, far.about_mean()), (rest.mean, rest.about_mean()));
    let mut sums = [0.0; 2];
    for steps in 0..=MOST.min(count as u64) {
        let (chance, steps) = (rare.mass(steps), steps as f64);
        let others = count - steps;
        let beyond = (deviation - rest.0) * count - steps * (far.0 - rest.0);
        let parts = Terms::of_parts(vec![(others, &rest.1), (steps, &far.1)], span);
        let [outer, inner] = match tails(&parts, beyond) {
            Some(found) => found,
            // So far out that there is no tilt: of no account.
            None if beyond.abs() > 9.0 * parts.variance().sqrt() => [0.0, 1.0],
            None => return None,
        };
        let both = if (beyond < 0.0) == (deviation < 0.0) { [outer, inner] } else { [inner, outer] };
        let added = both.map(|tail| chance * tail);
        sums.iter_mut().zip(added).for_each(|(sum, more)| *sum += more);
        let is_past = steps > rare.mean();
        if is_past && added.iter().zip(sums).all(|(more, sum)| *more < NEGLIGIBLE * sum) {
            break;
        }
    }
    Some(sums)
}

/// The values, some of which are rare and far.
pub(in crate::statistics::inference) struct Split<'a> {
    pub(in crate::statistics::inference) far: Part<'a>,
    pub(in crate::statistics::inference) rest: Part<'a>,
}

/// Some of the values.
pub(in crate::statistics::inference) struct Part<'a> {
    terms: &'a [(f64, f64)],
    pub(in crate::statistics::inference) mass: f64,
    pub(in crate::statistics::inference) mean: f64,
}

impl<'a> Part<'a> {
    fn of(terms: &'a [(f64, f64)]) -> Self {
        let mass: f64 = terms.iter().map(|(mass, _)| mass).sum();
        let mean = terms.iter().map(|(mass, value)| mass * value).sum::<f64>() / mass;
        Self { terms, mass, mean }
    }

    /// K of one of them about their mean.
    pub(in crate::statistics::inference) fn about_mean(&self) -> FiniteCumulants {
        let terms = self.terms.iter().map(|&(mass, value)| (mass / self.mass, value - self.mean));
        FiniteCumulants::new(terms.collect())
    }

    fn variance(&self) -> f64 {
        let square = |&(mass, value): &(f64, f64)| mass * (value - self.mean) * (value - self.mean);
        self.terms.iter().map(square).sum::<f64>() / self.mass
    }
}

impl<'a> Split<'a> {
    /// The rare values at one end, beyond the widest gap, and the others, if the gap is one that `count` copies of those do not
    /// bridge. `terms` are mass and value, by rising value.
    pub(in crate::statistics::inference) fn of(terms: &'a [(f64, f64)], count: f64) -> Option<Self> {
        let (mut widest, mut place) = (0.0, None);
        let (mut below, mut above) = (0.0, 0.0);
        let is_rare = |mass: f64| (NEVER..=RARE).contains(&(mass * count));
        for (index, pair) in terms.windows(2).enumerate() {
            let &[one, next] = pair else { continue };
            below += one.0;
            if is_rare(below) && next.1 - one.1 > widest {
                (widest, place) = (next.1 - one.1, Some((index + 1, true)));
            }
        }
        for (index, pair) in terms.windows(2).enumerate().rev() {
            let &[one, next] = pair else { continue };
            above += next.0;
            if is_rare(above) && next.1 - one.1 > widest {
                (widest, place) = (next.1 - one.1, Some((index + 1, false)));
            }
        }
        let (place, is_low) = place?;
        let (low, high) = terms.split_at_checked(place)?;
        let (far, rest) = if is_low { (low, high) } else { (high, low) };
        let rest = Part::of(rest);
        let spread = (count * rest.mass * rest.variance()).sqrt();
        (rest.terms.len() > 1 && widest > BRIDGED * spread).then(|| Split { far: Part::of(far), rest })
    }
}
