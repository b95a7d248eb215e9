//! The exact law of L = (1/N) Σ ln(p(xᵢ)/q(xᵢ)).

use super::count_vectors::compositions;
use super::{Binomial, SumLaw};
use crate::distribution::{Pair, SymbolPair};
use crate::numeric::DoubleDouble;

/// One value of the estimate and its chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Atom {
    /// The estimate, nats per symbol; `inf` where a symbol occurs that Q cannot produce.
    pub value: f64,
    /// Its probability.
    pub mass: f64,
}

/// The law of the estimate from N symbols.
#[derive(Clone, Debug, PartialEq)]
pub enum Law {
    /// The log ratio of a symbol, or whatever is scored, takes two finite values: their count is binomial.
    TwoValues(TwoValues),
    /// All its atoms, by rising value.
    Atoms(Vec<Atom>),
    /// It is linear in a sum whose law is known.
    Sum(SumLaw),
}

/// The law where the value of one symbol, its log ratio or another function of it, is `first` or `second`.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoValues {
    /// N.
    pub n: u64,
    /// The value that is counted.
    pub first: f64,
    /// The other one.
    pub second: f64,
    first_mass: DoubleDouble,
    second_mass: DoubleDouble,
}

/// A value of one symbol and the mass of all symbols that share it.
#[derive(Clone, Copy, Debug)]
struct Group {
    value: f64,
    mass: DoubleDouble,
}

impl Law {
    /// The exact law for `n` symbols of `pair`, or `None` where it would take more than `most` atoms or is not known.
    ///
    /// Symbols with one log ratio count as one. The chances of a vector of counts are products of
    /// conditional binomial ones.
    pub fn of(pair: &Pair, n: u64, most: u64) -> Option<Self> {
        match pair {
            Pair::Symbols(pair) => Self::of_symbols(pair.source_probabilities(), pair.log_ratios(), n, most),
            Pair::Values(pair) => SumLaw::of(pair, n).map(Self::Sum),
            Pair::Chains(_) => None,
        }
    }

    /// The exact law of the mean of a function of the symbol, whose `values` on symbols of these `probabilities` are finite or +∞, over
    /// `n` symbols; `None` where it would take more than `most` atoms.
    ///
    /// ```
    /// use kl_math::law::Law;
    /// use kl_math::numeric::DoubleDouble;
    /// let third = [DoubleDouble::ratio(1, 3); 3];
    /// // Two symbols share a value.
    /// let atoms = Law::of_symbols(&third, &[2.0, 2.0, 5.0], 1, 10).and_then(|law| law.atoms(10)).expect("two atoms");
    /// assert!(atoms.len() == 2 && atoms.iter().any(|atom| (atom.mass - 2.0 / 3.0).abs() < 1e-15));
    /// ```
    pub fn of_symbols(probabilities: &[DoubleDouble], values: &[f64], n: u64, most: u64) -> Option<Self> {
        let groups = groups(probabilities, values);
        let (finite, infinite): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.value.is_finite());
        if let ([first, second], []) = (finite.as_slice(), infinite.as_slice()) {
            return Some(Self::TwoValues(TwoValues {
                n,
                first: first.value,
                second: second.value,
                first_mass: first.mass,
                second_mass: second.mass,
            }));
        }
        if compositions(n, finite.len())? > most {
            return None;
        }
        let impossible: DoubleDouble = infinite.iter().map(|group| group.mass).sum();
        let mut atoms = Vec::new();
        if !finite.is_empty() {
            let possible: DoubleDouble = finite.iter().map(|group| group.mass).sum();
            let all_finite = Binomial::new(n, impossible, possible).mass(0);
            enumerate(&finite, n, all_finite, |value, mass| atoms.push(Atom { value, mass }));
        }
        if !infinite.is_empty() {
            let mass = at_least_once(impossible, n).to_f64();
            atoms.push(Atom { value: f64::INFINITY, mass });
        }
        atoms.sort_by(|a, b| a.value.total_cmp(&b.value));
        Some(Self::Atoms(atoms))
    }

    /// P(low ≤ L ≤ high), if the law is a sum's or has few atoms.
    pub fn within(&self, low: f64, high: f64) -> Option<f64> {
        const FEW: usize = 65_536;
        let chance = match self {
            Self::Sum(law) => law.below(high) + law.at(high) - law.below(low),
            _ => {
                let atoms = self.atoms(FEW)?;
                atoms.iter().filter(|atom| (low..=high).contains(&atom.value)).map(|atom| atom.mass).sum()
            }
        };
        Some(chance.clamp(0.0, 1.0))
    }

    /// The smallest value x with P(L ≤ x) ≥ `level`, a number in (0, 1); +∞ if the estimate is infinite too often. None where it
    /// cannot be computed.
    ///
    /// ```
    /// use kl_math::law::Law;
    /// use kl_math::numeric::DoubleDouble;
    /// let half = [DoubleDouble::ratio(1, 2); 2];
    /// // The number of heads among four, over 4: 1/16, 4/16, 6/16, …
    /// let law = Law::of_symbols(&half, &[1.0, 0.0], 4, 10).expect("a binomial law");
    /// assert_eq!((law.quantile(0.05), law.quantile(0.25), law.quantile(0.95)), (Some(0.0), Some(0.25), Some(1.0)));
    /// ```
    pub fn quantile(&self, level: f64) -> Option<f64> {
        match self {
            Self::Sum(law) => law.quantile(level),
            Self::TwoValues(law) => law.quantile(level),
            Self::Atoms(atoms) => {
                let mut chance = DoubleDouble::ZERO;
                let reached = atoms.iter().find(|atom| {
                    chance += DoubleDouble::from(atom.mass);
                    chance.to_f64() >= level
                });
                // All together may be short of 1 by rounding.
                reached.or(atoms.last()).map(|atom| atom.value)
            }
        }
    }

    /// The atoms, if there are at most `limit`.
    pub fn atoms(&self, limit: usize) -> Option<Vec<Atom>> {
        match self {
            Self::Atoms(atoms) => (atoms.len() <= limit).then(|| atoms.clone()),
            Self::Sum(_) => None,
            Self::TwoValues(law) => {
                if law.n >= limit as u64 {
                    return None;
                }
                let binomial = law.of_trials(1)?;
                Some((0..=law.n).map(|count| Atom { value: law.value(count), mass: binomial.mass(count) }).collect())
            }
        }
    }
}

impl TwoValues {
    /// The estimate of a sequence in which `count` symbols have the first value.
    pub fn value(&self, count: u64) -> f64 {
        (count as f64 * self.first + (self.n - count) as f64 * self.second) / self.n as f64
    }

    /// The smallest value that is not passed with chance `level` or more.
    fn quantile(&self, level: f64) -> Option<f64> {
        let law = self.of_trials(1)?;
        let rises = self.first > self.second;
        let is_enough = |count: u64| if rises { law.lower_tail(count) >= level } else { law.upper_tail(count) < level };
        // The first count that is enough, if any is; where the estimate falls with the count, the one before it counts.
        let (mut low, mut high) = (0, self.n + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            if is_enough(middle) { high = middle } else { low = middle + 1 }
        }
        let count = if rises { low.min(self.n) } else { low.saturating_sub(1) };
        Some(self.value(count))
    }

    /// The law of how many symbols have the first value, in all of `trials` sequences: binomial;
    /// `None` where N·R passes 2⁵³.
    pub fn of_trials(&self, trials: u64) -> Option<Binomial> {
        let symbols = self.n.checked_mul(trials).filter(|&symbols| symbols <= 1 << 53)?;
        Some(Binomial::new(symbols, self.first_mass, self.second_mass))
    }
}

/// The chance that a sequence of `n` symbols has one that Q cannot produce, 1 − (1−m)ᴺ with m = P's mass
/// where Q has none. Its complement, too, keeps its digits.
///
/// For m = 1/2 and n = 3 it is 7/8.
pub fn infinite_mass(pair: &Pair, n: u64) -> DoubleDouble {
    let log_one_finite = match pair {
        Pair::Symbols(pair) => return infinite_mass_of_symbols(pair, n),
        Pair::Values(pair) => match pair.uncovered() {
            Some(uncovered) if uncovered.mass > 0.5 => libm::log(uncovered.rest),
            uncovered => libm::log1p(-uncovered.map_or(0.0, |uncovered| uncovered.mass)),
        },
        // That of a chain is part of its own theory.
        Pair::Chains(_) => return DoubleDouble::ZERO,
    };
    one_of(log_one_finite, n)
}

/// The same for symbols of a finite alphabet.
pub fn infinite_mass_of_symbols(pair: &SymbolPair, n: u64) -> DoubleDouble {
    let impossible: DoubleDouble = pair.uncovered().map(|symbol| pair.source_probabilities()[symbol]).sum();
    at_least_once(impossible, n)
}

/// The chance that one of `n` independent draws is among values of this mass, 1 − (1 − m)ᴺ.
pub fn at_least_once(impossible: DoubleDouble, n: u64) -> DoubleDouble {
    one_of(libm::log1p(-impossible.to_f64()), n)
}

/// 1 − eⁿˣ.
fn one_of(log_one_finite: f64, n: u64) -> DoubleDouble {
    let log_finite = n as f64 * log_one_finite;
    if log_finite < -0.5 {
        DoubleDouble::ONE - DoubleDouble::from(libm::exp(log_finite))
    } else {
        DoubleDouble::from(-libm::expm1(log_finite))
    }
}

/// The distinct values that P can produce.
fn groups(probabilities: &[DoubleDouble], values: &[f64]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for (&mass, &value) in probabilities.iter().zip(values) {
        if mass.to_f64() > 0.0 {
            let place = *places.entry(value.to_bits()).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.mass += mass,
                None => groups.push(Group { value, mass }),
            }
        }
    }
    groups
}

/// Hands out the value and the chance of each way in which `n` symbols fall into `groups`, of chance `mass` all together; returns
/// how many steps that took.
///
/// What is left to do is kept aside, not in recursion: groups may be tens of thousands. Once no symbol is left, the groups
/// that follow have none, and are not gone through.
fn enumerate(groups: &[Group], n: u64, mass: f64, mut atom: impl FnMut(f64, f64)) -> u64 {
    /// The groups from `first` on take the symbols that are left; what the others have taken has this sum and this chance.
    struct Part {
        first: usize,
        left: u64,
        sum: f64,
        mass: f64,
    }
    let possible = masses_from(groups);
    let mut parts = vec![Part { first: 0, left: n, sum: 0.0, mass }];
    let mut steps = 0;
    while let Some(Part { first, left, sum, mass }) = parts.pop() {
        steps += 1;
        let Some(group) = groups.get(first) else { continue };
        let after = possible.get(first + 1).filter(|_| left > 0);
        let (Some(&after), Some(&here)) = (after, possible.get(first)) else {
            atom((sum + left as f64 * group.value) / n as f64, mass);
            continue;
        };
        let binomial = Binomial::new(left, group.mass / here, after / here);
        // The last one is taken up first.
        parts.extend((0..=left).rev().map(|count| Part {
            first: first + 1,
            left: left - count,
            sum: sum + count as f64 * group.value,
            mass: mass * binomial.mass(count),
        }));
    }
    steps
}

/// Of each group the mass of it and all after it.
fn masses_from(groups: &[Group]) -> Vec<DoubleDouble> {
    let mut sum = DoubleDouble::ZERO;
    let add = |group: &Group| {
        sum += group.mass;
        sum
    };
    let mut probabilities: Vec<DoubleDouble> = groups.iter().rev().map(add).collect();
    probabilities.reverse();
    probabilities
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::testing::pair;
    use crate::divergence::Cumulants;

    /// The law by going through all sequences.
    fn enumerated(pair: &Pair, n: usize) -> Vec<Atom> {
        let mut sequences = vec![(0.0, 1.0)];
        for _ in 0..n {
            let longer = sequences.iter().flat_map(|&(sum, mass): &(f64, f64)| {
                let pair = pair.symbols().unwrap();
                let symbols = pair.source_probabilities().iter().zip(pair.log_ratios());
                let possible = symbols.filter(|(p, _)| p.to_f64() > 0.0);
                possible.map(move |(p, x)| (sum + x, mass * p.to_f64())).collect::<Vec<_>>()
            });
            sequences = longer.collect();
        }
        sequences.into_iter().map(|(sum, mass)| Atom { value: sum / n as f64, mass }).collect()
    }

    fn mass_up_to(atoms: &[Atom], value: f64) -> f64 {
        atoms.iter().filter(|atom| atom.value <= value).map(|atom| atom.mass).sum()
    }

    #[test]
    fn the_law_is_that_of_all_sequences() {
        let pairs = [
            pair(&[0.3, 0.7], &[0.6, 0.4]),
            pair(&[0.2, 0.3, 0.5], &[0.5, 0.25, 0.25]),
            pair(&[0.2, 0.2, 0.6], &[0.1, 0.1, 0.8]),
            pair(&[0.2, 0.3, 0.5], &[0.5, 0.0, 0.5]),
            pair(&[0.25, 0.25, 0.5, 0.0], &[0.1, 0.2, 0.3, 0.4]),
            pair(&[0.5, 0.5], &[1.0, 0.0]),
            pair(&[0.5, 0.5], &[0.5, 0.5]),
        ];
        for pair in &pairs {
            let atoms = Law::of(pair, 5, 10_000).unwrap().atoms(10_000).unwrap();
            let all = enumerated(pair, 5);
            for atom in &all {
                let value = atom.value + 1e-9;
                let (found, expected) = (mass_up_to(&atoms, value), mass_up_to(&all, value));
                assert!((found - expected).abs() < 1e-14, "{value}: {found} {expected}");
            }
        }
    }

    #[test]
    fn its_mean_and_variance_are_the_closed_forms() {
        let pair = pair(&[0.2, 0.3, 0.5], &[0.5, 0.25, 0.25]);
        let cumulants = Cumulants::of(&pair);
        let atoms = Law::of(&pair, 40, 10_000).unwrap().atoms(10_000).unwrap();
        let mean: f64 = atoms.iter().map(|atom| atom.mass * atom.value).sum();
        let variance: f64 = atoms.iter().map(|atom| atom.mass * (atom.value - mean) * (atom.value - mean)).sum();
        assert!((mean - cumulants.mean).abs() < 1e-14);
        assert!((variance * 40.0 / cumulants.spread.unwrap().variance - 1.0).abs() < 1e-12);
    }

    /// Of one symbol there are as many atoms as groups: the way there must not go through all groups for each of them.
    #[test]
    fn the_law_of_one_symbol_takes_two_steps_a_group() {
        let whole = 40_000u64;
        let group = |k: u64| Group { value: k as f64, mass: DoubleDouble::ratio(1, whole) };
        let groups: Vec<Group> = (0..whole).map(group).collect();
        let (mut atoms, mut total) = (0, DoubleDouble::ZERO);
        let steps = enumerate(&groups, 1, 1.0, |_, mass| {
            atoms += 1;
            total += DoubleDouble::from(mass);
        });
        assert_eq!((steps, atoms), (2 * whole - 1, whole));
        assert!((total.to_f64() - 1.0).abs() < 1e-9);
        // Longer sequences: no more steps than symbols are placed.
        let steps = enumerate(&groups[..100], 2, 1.0, |_, _| ());
        assert!(steps < 2 * 5_050 + 100, "{steps}");
    }

    #[test]
    fn too_many_atoms_are_not_listed() {
        assert_eq!(Law::of(&pair(&[0.1, 0.2, 0.3, 0.4], &[0.4, 0.3, 0.2, 0.1]), 1_000, 65_536), None);
    }

    #[test]
    fn infinite_estimates_have_their_exact_chance() {
        let pair = pair(&[0.5, 0.5], &[1.0, 0.0]);
        assert_eq!(infinite_mass(&pair, 1).to_f64(), 0.5);
        let hundred = infinite_mass(&pair, 100);
        // 1 − 2^−100: the complement keeps its digits.
        let complement = (DoubleDouble::ONE - hundred).to_f64();
        assert!((complement / 7.888_609_052_210_118e-31 - 1.0).abs() < 1e-13, "{complement:e}");
    }

    /// Of laws of every kind: P(L ≤ x) is enough, and P(L < x) is not.
    #[test]
    fn a_quantile_is_the_least_value_that_is_reached_often_enough() {
        use crate::distribution::{CountLaw, LogRatioForm};
        let whole =
            |probabilities: &[f64]| probabilities.iter().map(|&mass| DoubleDouble::from(mass)).collect::<Vec<_>>();
        let symbols = |probabilities: &[f64], values: &[f64], n| {
            Law::of_symbols(&whole(probabilities), values, n, 10_000).unwrap()
        };
        let sum = |form: LogRatioForm, n| Law::Sum(SumLaw::of_form(&form, n).unwrap());
        let count =
            |mean: f64, slope: f64| LogRatioForm::Count { count: CountLaw::Poisson { mean }, constant: 0.5, slope };
        let laws = [
            symbols(&[0.25, 0.75], &[0.5, -1.0], 9),
            symbols(&[0.25, 0.75], &[-1.0, 0.5], 9),
            symbols(&[0.25, 0.25, 0.5], &[0.7, -1.0, 0.1], 6),
            sum(LogRatioForm::Exponential { constant: -1.0, slope: 1.0 }, 5),
            sum(LogRatioForm::Exponential { constant: 1.0, slope: -2.0 }, 5),
            sum(LogRatioForm::Normal { constant: 0.3, linear: 2.0, square: 0.0 }, 4),
            sum(count(0.3, 0.7), 3),
            sum(count(40.0, -0.7), 3),
        ];
        for law in &laws {
            for level in [1e-9, 0.01, 0.05, 0.3, 0.5, 0.95, 0.999_999] {
                let found = law.quantile(level).unwrap();
                let up_to = |x: f64| law.within(f64::MIN, x).unwrap();
                let step = 1e-9 * found.abs().max(1.0);
                assert!(up_to(found + step) >= level * (1.0 - 1e-9), "{law:?} {level} {found}");
                assert!(up_to(found - step) < level * (1.0 + 1e-9), "{law:?} {level} {found}");
            }
        }
        // Infinite too often.
        let law = symbols(&[0.5, 0.5], &[f64::INFINITY, 1.0], 1);
        assert_eq!((law.quantile(0.25), law.quantile(0.75)), (Some(1.0), Some(f64::INFINITY)));
    }
}
