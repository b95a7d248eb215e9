//! The multinomial law, vector by vector.

use super::count_vectors::compositions;
use crate::numeric::DoubleDouble;

/// All vectors of symbol counts that n symbols can show, each with its chance n! Π pᵢ^nᵢ/nᵢ!.
///
/// Chances are products of Poisson probabilities relative to the largest, in [`DoubleDouble`], over the sum of all: right to some
/// 1e-25 of themselves while they are above 1e-290; smaller ones fade to 0.
///
/// ```
/// use kl_math::law::Multinomial;
/// use kl_math::numeric::DoubleDouble;
/// let half = DoubleDouble::ratio(1, 2);
/// let coin = Multinomial::new(&[half, half], 2, 100).expect("three vectors");
/// let listed: Vec<_> = coin.iter().map(|(counts, chance)| (counts.to_vec(), chance.to_f64())).collect();
/// assert_eq!(listed, [(vec![0, 2], 0.25), (vec![1, 1], 0.5), (vec![2, 0], 0.25)]);
/// assert!(Multinomial::new(&[half, half], 100, 100).is_none());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Multinomial {
    alphabet: usize,
    counts: Vec<u64>,
    chances: Vec<DoubleDouble>,
}

impl Multinomial {
    /// The vectors of `n` symbols with these probabilities, if there are at most `most`, and of no more than four million
    /// counts together. Symbols without mass never occur.
    pub fn new(probabilities: &[DoubleDouble], n: u64, most: u64) -> Option<Self> {
        const MOST_COUNTS: u64 = 1 << 22;
        let possible: Vec<usize> =
            (0..probabilities.len()).filter(|&symbol| probabilities[symbol] > DoubleDouble::ZERO).collect();
        let most = most.min(MOST_COUNTS / probabilities.len().max(1) as u64);
        let size = compositions(n, possible.len()).filter(|&size| size <= most)? as usize;
        if let &[symbol] = possible.as_slice() {
            let counts = (0..probabilities.len()).map(|place| if place == symbol { n } else { 0 }).collect();
            return Some(Self { alphabet: probabilities.len(), counts, chances: vec![DoubleDouble::ONE] });
        }
        let symbols: Vec<Symbol> =
            possible.iter().map(|&place| Symbol { place, weights: poisson_weights(probabilities[place], n) }).collect();
        let (counts, chances) = (Vec::with_capacity(size * probabilities.len()), Vec::with_capacity(size));
        let mut law = Self { alphabet: probabilities.len(), counts, chances };
        law.list(&symbols, n, DoubleDouble::ONE, &mut vec![0; probabilities.len()]);
        let whole: DoubleDouble = law.chances.iter().copied().sum();
        law.chances.iter_mut().for_each(|chance| *chance = *chance / whole);
        Some(law)
    }

    /// How many vectors there are.
    pub fn len(&self) -> usize {
        self.chances.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.chances.is_empty()
    }

    /// The vectors and their chances.
    pub fn iter(&self) -> impl Iterator<Item = (&[u64], DoubleDouble)> {
        self.counts.chunks_exact(self.alphabet.max(1)).zip(self.chances.iter().copied())
    }

    /// Lists what the symbols can make of the `left` symbols that are left.
    fn list(&mut self, symbols: &[Symbol], left: u64, product: DoubleDouble, counts: &mut [u64]) {
        let Some((symbol, rest)) = symbols.split_first() else { return };
        // The last symbol takes what is left: its weight is looked up, not counted up to.
        let fewest = if rest.is_empty() { left } else { 0 };
        let weights = symbol.weights.get(fewest as usize..).unwrap_or_default();
        for (count, &weight) in (fewest..=left).zip(weights) {
            counts[symbol.place] = count;
            if rest.is_empty() {
                self.counts.extend_from_slice(counts);
                self.chances.push(product * weight);
            } else {
                self.list(rest, left - count, product * weight, counts);
            }
        }
        counts[symbol.place] = 0;
    }
}

/// A symbol that has mass.
struct Symbol {
    place: usize,
    /// By its count.
    weights: Vec<DoubleDouble>,
}

/// λᵏ/k! for k = 0 … n and λ = n p, relative to the largest.
fn poisson_weights(mass: DoubleDouble, n: u64) -> Vec<DoubleDouble> {
    let mean = mass * DoubleDouble::from(n as f64);
    let mode = (mean.to_f64() as u64).min(n) as usize;
    let mut weights = vec![DoubleDouble::ONE; n as usize + 1];
    for count in mode + 1..weights.len() {
        weights[count] = weights[count - 1] * (mean / DoubleDouble::from(count as f64));
    }
    for count in (0..mode).rev() {
        weights[count] = weights[count + 1] * (DoubleDouble::from((count + 1) as f64) / mean);
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Binomial;

    #[test]
    fn chances_of_two_symbols_are_binomial() {
        let (success, failure) = (DoubleDouble::ratio(3, 10), DoubleDouble::ratio(7, 10));
        let binomial = Binomial::new(60, success, failure);
        for (counts, chance) in Multinomial::new(&[success, failure], 60, 1 << 16).unwrap().iter() {
            let expected = binomial.mass(counts[0]);
            assert!((chance.to_f64() / expected - 1.0).abs() < 1e-12, "{counts:?}");
        }
    }

    #[test]
    fn symbols_without_mass_stay_out_and_exact_chances_come_out() {
        let probabilities = [(1, 4), (0, 1), (1, 2), (1, 4)].map(|(above, below)| DoubleDouble::ratio(above, below));
        let law = Multinomial::new(&probabilities, 6, 28).unwrap();
        assert_eq!(law.len(), 28);
        let factorial = |count: u64| (1..=count).product::<u64>() as f64;
        for (counts, chance) in law.iter() {
            let ways = factorial(6) / counts.iter().map(|&count| factorial(count)).product::<f64>();
            let power = |base: f64, count: u64| (0..count).fold(1.0, |product, _| product * base);
            let expected = ways * power(0.25, counts[0]) * power(0.5, counts[2]) * power(0.25, counts[3]);
            assert!(counts[1] == 0 && (chance.to_f64() / expected - 1.0).abs() < 1e-15, "{counts:?}");
        }
        assert_eq!(Multinomial::new(&probabilities, 6, 27), None);
    }

    #[test]
    fn one_symbol_takes_all_and_large_alphabets_are_not_listed() {
        let one = Multinomial::new(&[DoubleDouble::ZERO, DoubleDouble::ONE], 1_000_000_000_000, 1).unwrap();
        assert_eq!(one.iter().collect::<Vec<_>>(), [([0, 1_000_000_000_000].as_slice(), DoubleDouble::ONE)]);
        let many = |symbols: u64| vec![DoubleDouble::ratio(1, symbols); symbols as usize];
        assert!(Multinomial::new(&many(1_000), 1, 1 << 16).is_some());
        assert!(Multinomial::new(&many(5_000), 1, 1 << 16).is_none());
    }

    #[test]
    fn long_sequences_and_rare_symbols_keep_their_chances() {
        let rare = DoubleDouble::from(1e-300);
        let law = Multinomial::new(&[rare, DoubleDouble::ONE - rare], 60_000, 1 << 16).unwrap();
        let chances: Vec<f64> = law.iter().map(|(_, chance)| chance.to_f64()).collect();
        assert_eq!(chances[0], 1.0);
        assert!((chances[1] / 6e-296 - 1.0).abs() < 1e-12 && chances[2] == 0.0);
    }
}
