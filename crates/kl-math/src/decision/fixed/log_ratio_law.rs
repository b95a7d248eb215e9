//! The exact law of the log ratio of a whole sequence.

use super::test::LONGEST;
use crate::law::{Atom, Binomial, Law, Multinomial, SumLaw, at_least_once};
use crate::numeric::{CompensatedSum, DoubleDouble, compensated};

/// Laws of more atoms are not listed.
const MOST_ATOMS: u64 = 1 << 20;

/// Values closer than this part of the largest are one but for rounding.
const SAME: f64 = 4e-12;

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

/// Where Λ rises with the sum S, the smallest S whose Λ reaches `bound`, and true; else the largest one, and false.
fn sum_at(law: &SumLaw, start: f64, step: f64, bound: f64) -> (f64, bool) {
    let (sum, rises) = ((bound - start) / step, step > 0.0);
    if !law.is_whole() {
        return (sum, rises);
    }
    let reaches = |sum: f64| start + step * sum >= bound;
    let near = sum.round();
    let nearby = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|more| near + more);
    let found = if rises {
        nearby.into_iter().find(|&sum| reaches(sum))
    } else {
        nearby.into_iter().rev().find(|&sum| reaches(sum))
    };
    (found.unwrap_or(near), rises)
}

/// [`LogRatioLaw::passing`] of a whole sum.
fn passing_sum(law: &SumLaw, start: f64, step: f64, level: f64) -> Passing {
    let rises = step > 0.0;
    let value = |sum: f64| start + step * sum;
    let atom = |sum: f64| Atom { value: value(sum), mass: law.mass_between(sum - 1.0, sum) };
    let [least, most] = law.support();
    let (mean, std_dev) = law.moments();
    // Chances up to Λ of the sum pass the level there, and not yet one further out.
    let passes = |sum: f64| if rises { law.lower_tail(sum) > level } else { law.upper_tail(sum) > level };
    let mut width = 1.0 + std_dev;
    let (mut outer, mut inner) = if rises { (least - 1.0, mean.floor()) } else { (mean.ceil(), mean.ceil()) };
    if rises {
        while inner < most && !passes(inner) {
            (inner, width) = ((inner + width).floor().min(most), 2.0 * width);
        }
    } else {
        while outer <= most && passes(outer) {
            (outer, width) = ((outer + width).floor().min(most + 1.0), 2.0 * width);
        }
        let mut width = 1.0 + std_dev;
        while inner > least && !passes(inner) {
            (inner, width) = ((inner - width).floor().max(least), 2.0 * width);
        }
    }
    while (outer - inner).abs() > 1.0 {
        let middle = (0.5 * (outer + inner)).floor();
        if middle == outer || middle == inner {
            break;
        }
        if passes(middle) { inner = middle } else { outer = middle }
    }
    let neighbour = |sum: f64| (least..=most).contains(&sum).then(|| value(sum));
    let outward = if rises { -1.0 } else { 1.0 };
    Passing { before: neighbour(inner + outward), at: atom(inner), after: neighbour(inner - outward) }
}

/// All values of Λ with their chances.
fn listed(masses: &[DoubleDouble], values: &[f64], n: u64) -> Option<Vec<Atom>> {
    let symbols = n as f64;
    let mut atoms: Vec<Atom> = match Multinomial::new(masses, n, MOST_ATOMS) {
        Some(vectors) => vectors
            .iter()
            .map(|(counts, chance)| {
                let terms = counts.iter().zip(values).map(|(&count, value)| count as f64 * value);
                Atom { value: compensated(terms), mass: chance.to_f64() }
            })
            .collect(),
        None => {
            let atoms = Law::of_symbols(masses, values, n, MOST_ATOMS)?.atoms(MOST_ATOMS as usize)?;
            atoms.into_iter().map(|atom| Atom { value: symbols * atom.value, mass: atom.mass }).collect()
        }
    };
    atoms.sort_by(|a, b| a.value.total_cmp(&b.value));
    let room = SAME * symbols * values.iter().map(|value| value.abs()).fold(0.0, f64::max);
    atoms.dedup_by(|atom, kept| {
        let is_same = atom.value - kept.value <= room;
        if is_same {
            kept.mass += atom.mass;
        }
        is_same
    });
    Some(atoms)
}
