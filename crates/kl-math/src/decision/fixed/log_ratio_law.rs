//! The exact law of the log ratio of a whole sequence.

use super::listing::listed;
use super::test::LONGEST;
use super::whole_sums::{passing_sum, sum_at};
use crate::law::{Atom, Binomial, SumLaw, at_least_once};
use crate::numeric::{CompensatedSum, DoubleDouble, compensated};

/// The law of Λ over a sequence: a part where Λ is finite, and the chances of −∞ and +∞.
///
/// What is left of 1 is the chance of a sequence that neither P nor Q can produce.
#[derive(Clone, Debug)]
pub(super) struct LogRatioLaw {
    finite: Finite,
    /// The chance that Λ is finite.
    mass: f64,
    /// The chance of −∞: a symbol that P cannot produce.
    minus: f64,
    /// The chance of +∞: a symbol that Q cannot produce.
    plus: f64,
}

/// The law of Λ given that it is finite.
#[derive(Clone, Debug)]
enum Finite {
    Constant(f64),
    /// j (high) + (N − j) (low), j binomial.
    Count {
        high: f64,
        low: f64,
        count: Binomial,
    },
    /// start + step · S.
    Sum {
        law: SumLaw,
        start: f64,
        step: f64,
    },
    /// By rising value, those that are one but for rounding as one.
    Listed(Vec<Atom>),
}

/// The atom at which the chance of all Λ up to it passes a level, and its neighbours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passing {
    pub(super) before: Option<f64>,
    pub(super) at: Atom,
    pub(super) after: Option<f64>,
}

impl LogRatioLaw {
    /// The law of a Λ that does not vary.
    pub(super) fn constant(value: f64) -> Self {
        Self { finite: Finite::Constant(value), mass: 1.0, minus: 0.0, plus: 0.0 }
    }

    /// The same where each of `n` values has chance `mass` to make Λ infinite, of this sign.
    pub(super) fn without(self, mass: f64, n: u64, sign: f64) -> Self {
        let infinite = at_least_once(DoubleDouble::from(mass), n);
        let (minus, plus) = if sign < 0.0 { (infinite.to_f64(), 0.0) } else { (0.0, infinite.to_f64()) };
        Self { mass: (DoubleDouble::ONE - infinite).to_f64(), minus, plus, ..self }
    }

    /// The law of `sign` times N L of a sum.
    pub(super) fn of_sum(law: SumLaw, n: u64, sign: f64) -> Option<Self> {
        if n > LONGEST {
            return None;
        }
        let symbols = n as f64;
        let start = symbols * law.value(0.0);
        let step = law.slope();
        Some(Self {
            finite: Finite::Sum { start: sign * start, step: sign * step, law },
            mass: 1.0,
            minus: 0.0,
            plus: 0.0,
        })
    }

    /// The law for `n` symbols of these probabilities and log ratios, which may be infinite; none where it would take more than a million
    /// atoms.
    pub(super) fn of_symbols(probabilities: &[DoubleDouble], log_ratios: &[f64], n: u64) -> Option<Self> {
        if n > LONGEST {
            return None;
        }
        let mut groups: Vec<(f64, DoubleDouble)> = Vec::new();
        let mut possible: Vec<(f64, DoubleDouble)> = log_ratios
            .iter()
            .copied()
            .zip(probabilities.iter().copied())
            .filter(|&(_, mass)| mass > DoubleDouble::ZERO)
            .collect();
        possible.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (value, mass) in possible {
            match groups.last_mut() {
                Some(last) if last.0 == value => last.1 += mass,
                _ => groups.push((value, mass)),
            }
        }
        let mass_of = |wanted: f64| -> DoubleDouble {
            groups.iter().filter(|group| group.0 == wanted).map(|group| group.1).sum()
        };
        let (lost, gained) = (mass_of(f64::NEG_INFINITY), mass_of(f64::INFINITY));
        groups.retain(|group| group.0.is_finite());
        let possible: DoubleDouble = groups.iter().map(|group| group.1).sum();
        // (1 − x)ᴺ, and that at least one of N is among x given that none is among y.
        let none_of = |x: DoubleDouble| Binomial::new(n, x, DoubleDouble::ONE - x).mass(0);
        let only = |x: DoubleDouble, y: DoubleDouble| {
            if x > DoubleDouble::ZERO { none_of(y) * at_least_once(x / (x + possible), n).to_f64() } else { 0.0 }
        };
        let (minus, plus) = (only(lost, gained), only(gained, lost));
        let outside = lost + gained;
        let mass = if outside > DoubleDouble::ZERO { none_of(outside) } else { 1.0 };
        let symbols = n as f64;
        let finite = match groups.as_slice() {
            [] => return Some(Self { finite: Finite::Constant(0.0), mass: 0.0, minus, plus }),
            &[(value, _)] => Finite::Constant(symbols * value),
            &[(low, of_low), (high, of_high)] => {
                let count = Binomial::new(n, of_high / possible, of_low / possible);
                Finite::Count { high, low, count }
            }
            groups => {
                let values: Vec<f64> = groups.iter().map(|group| group.0).collect();
                let masses: Vec<DoubleDouble> = groups.iter().map(|group| group.1 / possible).collect();
                Finite::Listed(listed(&masses, &values, n)?)
            }
        };
        Some(Self { finite, mass, minus, plus })
    }

    /// P(Λ < `bound`), −∞ among them.
    pub(super) fn below(&self, bound: f64) -> f64 {
        let chance = match &self.finite {
            Finite::Constant(value) => f64::from(u8::from(*value < bound)),
            Finite::Count { high, low, count } => match first_count(*high, *low, count.trials(), bound) {
                0 => 0.0,
                first => count.lower_tail(first - 1),
            },
            Finite::Sum { law, start, step } => match sum_at(law, *start, *step, bound) {
                (sum, true) => law.lower_tail(if law.is_whole() { sum - 1.0 } else { sum }),
                (sum, false) => law.upper_tail(if law.is_whole() { sum + 1.0 } else { sum }),
            },
            Finite::Listed(atoms) => {
                compensated(atoms.iter().take_while(|atom| atom.value < bound).map(|atom| atom.mass))
            }
        };
        (chance.min(1.0) * self.mass + self.minus).min(1.0)
    }

    /// P(Λ ≥ `bound`), +∞ among them.
    pub(super) fn at_least(&self, bound: f64) -> f64 {
        let chance = match &self.finite {
            Finite::Constant(value) => f64::from(u8::from(*value >= bound)),
            Finite::Count { high, low, count } => count.upper_tail(first_count(*high, *low, count.trials(), bound)),
            Finite::Sum { law, start, step } => match sum_at(law, *start, *step, bound) {
                (sum, true) => law.upper_tail(sum),
                (sum, false) => law.lower_tail(sum),
            },
            Finite::Listed(atoms) => {
                compensated(atoms.iter().rev().take_while(|atom| atom.value >= bound).map(|atom| atom.mass))
            }
        };
        (chance.min(1.0) * self.mass + self.plus).min(1.0)
    }

    /// Whether every atom is listed: then no chance below 1e-280 is known.
    pub(super) fn is_listed(&self) -> bool {
        matches!(self.finite, Finite::Listed(_))
    }

    /// The largest mass of a finite Λ: no longer sequence has an atom with more, since the atoms of a sum are means of those of the
    /// sum without one of its terms. None where Λ has a density.
    pub(super) fn largest_mass(&self) -> Option<f64> {
        let largest = match &self.finite {
            Finite::Constant(_) => 1.0,
            Finite::Count { count, .. } => count.mass(count.mode()),
            Finite::Sum { law, .. } if law.is_whole() => law.mass_of_mode(),
            Finite::Sum { .. } => return None,
            Finite::Listed(atoms) => atoms.iter().map(|atom| atom.mass).fold(0.0, f64::max),
        };
        Some(self.mass * largest)
    }

    /// Mean and standard deviation of a Λ that is linear in a sum.
    pub(super) fn moments_of_sum(&self) -> Option<(f64, f64)> {
        let Finite::Sum { law, start, step } = &self.finite else { return None };
        let (mean, std_dev) = law.moments();
        Some((start + step * mean, step.abs() * std_dev))
    }

    /// The smallest atom v with P(Λ ≤ v) > `level`; +∞ if no finite one has it. None where Λ has a density.
    pub(super) fn passing(&self, level: f64) -> Option<Passing> {
        let level = level - self.minus;
        let beyond =
            |before: Option<f64>| Passing { before, at: Atom { value: f64::INFINITY, mass: self.plus }, after: None };
        Some(match &self.finite {
            Finite::Constant(value) if self.mass > level => {
                Passing { before: None, at: Atom { value: *value, mass: self.mass }, after: None }
            }
            Finite::Constant(value) => beyond((self.mass > 0.0).then_some(*value)),
            Finite::Count { high, low, count } => {
                let n = count.trials();
                let value = |j: u64| value_of(*high, *low, n, j);
                if self.mass <= level {
                    return Some(beyond(Some(value(n))));
                }
                let (mut least, mut most) = (0, n);
                while least < most {
                    let middle = least + (most - least) / 2;
                    if self.mass * count.lower_tail(middle) > level { most = middle } else { least = middle + 1 }
                }
                Passing {
                    before: (most > 0).then(|| value(most - 1)),
                    at: Atom { value: value(most), mass: self.mass * count.mass(most) },
                    after: (most < n).then(|| value(most + 1)),
                }
            }
            Finite::Sum { law, start, step } if law.is_whole() => passing_sum(law, *start, *step, level),
            Finite::Sum { .. } => return None,
            Finite::Listed(atoms) => {
                let mut sum = CompensatedSum::default();
                let place = atoms.iter().position(|atom| {
                    sum.push(self.mass * atom.mass);
                    sum.value() > level
                });
                let Some(place) = place else { return Some(beyond(atoms.last().map(|atom| atom.value))) };
                let value = |place: usize| atoms.get(place).map(|atom| atom.value);
                let at = atoms.get(place)?;
                Passing {
                    before: place.checked_sub(1).and_then(value),
                    at: Atom { value: at.value, mass: self.mass * at.mass },
                    after: value(place + 1),
                }
            }
        })
    }
}

/// Λ of a sequence with j of the larger log ratio.
fn value_of(high: f64, low: f64, n: u64, j: u64) -> f64 {
    j as f64 * high + (n - j) as f64 * low
}

/// The smallest j whose Λ reaches `bound`; n + 1 if none does.
fn first_count(high: f64, low: f64, n: u64, bound: f64) -> u64 {
    let (mut least, mut most) = (0, n + 1);
    while least < most {
        let middle = least + (most - least) / 2;
        if value_of(high, low, n, middle) >= bound { most = middle } else { least = middle + 1 }
    }
    most
}
