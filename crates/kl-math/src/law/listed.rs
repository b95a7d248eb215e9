//! The law of a number of which every value is listed.

use super::Atom;
use crate::numeric::DoubleDouble;

/// Values closer than this part of what they are computed from are one but for rounding.
const SAME: f64 = 1e-14;

/// All values of an estimate with their chances, and its moments. Values in nats.
///
/// ```
/// use kl_math::law::ListedLaw;
/// use kl_math::numeric::DoubleDouble;
/// let half = DoubleDouble::ratio(1, 2);
/// let law = ListedLaw::new(vec![(1.0, half), (3.0, half * half), (3.0, half * half)], 3.0);
/// assert_eq!((law.atoms().len(), law.mean(), law.variance()), (2, 2.0, 1.0));
/// assert_eq!(law.excess_kurtosis(), Some(-2.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ListedLaw {
    atoms: Vec<Atom>,
    infinite: DoubleDouble,
    mean: f64,
    /// Distances of the finite atoms from the mean.
    centred: Vec<(f64, f64)>,
    central: [f64; 3],
    rounding: f64,
}

impl ListedLaw {
    /// The law of these values, which are finite or +∞, with chances that sum to 1. `size` is that of what the values are
    /// computed from: those that differ by no more than rounding are one, at their mean.
    pub fn new(mut values: Vec<(f64, DoubleDouble)>, size: f64) -> Self {
        values.retain(|&(_, chance)| chance > DoubleDouble::ZERO);
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        let finite = values.iter().take_while(|(value, _)| value.is_finite()).count();
        let infinite: DoubleDouble = values[finite..].iter().map(|&(_, chance)| chance).sum();
        let possible: DoubleDouble = values[..finite].iter().map(|&(_, chance)| chance).sum();
        let (merged, rounding) = merged(&values[..finite], SAME * size);
        let total: DoubleDouble = merged.iter().map(|&(value, chance)| DoubleDouble::from(value) * chance).sum();
        let mean = if possible > DoubleDouble::ZERO { total / possible } else { DoubleDouble::from(f64::INFINITY) };
        let centred: Vec<(f64, f64)> = merged
            .iter()
            .map(|&(value, chance)| ((chance / possible).to_f64(), (DoubleDouble::from(value) - mean).to_f64()))
            .collect();
        let central = [2, 3, 4].map(|power: u32| {
            let terms = centred.iter().map(|&(mass, y)| (0..power).fold(mass, |product, _| product * y));
            terms.map(DoubleDouble::from).sum::<DoubleDouble>().to_f64()
        });
        let mut atoms: Vec<Atom> =
            merged.iter().map(|&(value, chance)| Atom { value, mass: chance.to_f64() }).collect();
        if infinite > DoubleDouble::ZERO {
            atoms.push(Atom { value: f64::INFINITY, mass: infinite.to_f64() });
        }
        Self { atoms, infinite, mean: mean.to_f64(), centred, central, rounding }
    }

    /// Each value with its chance, by rising value; +∞ is one of them.
    pub fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// The atoms alone.
    pub fn into_atoms(self) -> Vec<Atom> {
        self.atoms
    }

    /// The largest distance of two values that are taken for one.
    pub fn rounding(&self) -> f64 {
        self.rounding
    }

    /// The chance of +∞.
    pub fn infinite_mass(&self) -> DoubleDouble {
        self.infinite
    }

    /// The mean of the finite values; +∞ if there are none.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The variance of the finite values.
    pub fn variance(&self) -> f64 {
        self.central[0]
    }

    /// Their third cumulant.
    pub fn third(&self) -> f64 {
        self.central[1]
    }

    /// κ₄/κ₂² of the finite values, if they vary.
    pub fn excess_kurtosis(&self) -> Option<f64> {
        let [variance, _, fourth] = self.central;
        (variance > 0.0).then(|| fourth / variance / variance - 3.0).filter(|kurtosis| kurtosis.is_finite())
    }

    /// The finite values about their mean, with their chances; these sum to 1 and the mean of these is 0.
    pub fn centred(&self) -> &[(f64, f64)] {
        &self.centred
    }
}

/// Sorted values, where those within `room` of the lowest of them are merged into their mean; and the largest distance of merged
/// values.
fn merged(values: &[(f64, DoubleDouble)], room: f64) -> (Vec<(f64, DoubleDouble)>, f64) {
    let mut merged: Vec<(f64, DoubleDouble)> = Vec::with_capacity(values.len());
    let (mut start, mut rounding) = (f64::NEG_INFINITY, 0.0);
    for &(value, chance) in values {
        match merged.last_mut() {
            Some(last) if value - start <= room => {
                rounding = f64::max(rounding, value - start);
                let whole = last.1 + chance;
                last.0 += (value - last.0) * (chance / whole).to_f64();
                last.1 = whole;
            }
            _ => {
                start = value;
                merged.push((value, chance));
            }
        }
    }
    (merged, rounding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinite_values_stay_out_of_the_moments() {
        let part = |above| DoubleDouble::ratio(above, 4);
        let law = ListedLaw::new(vec![(f64::INFINITY, part(2)), (1.0, part(1)), (2.0, part(1))], 2.0);
        assert_eq!((law.infinite_mass().to_f64(), law.mean(), law.variance(), law.third()), (0.5, 1.5, 0.25, 0.0));
        assert_eq!(law.atoms().last().map(|atom| atom.mass), Some(0.5));
        let rounded = ListedLaw::new(vec![(1.0 + 1e-15, part(2)), (1.0, part(2))], 2.0);
        assert!(rounded.atoms().len() == 1 && rounded.variance() == 0.0 && rounded.rounding() > 0.0);
        let none = ListedLaw::new(vec![(f64::INFINITY, DoubleDouble::ONE)], 1.0);
        assert_eq!((none.atoms().len(), none.mean(), none.variance()), (1, f64::INFINITY, 0.0));
    }
}
