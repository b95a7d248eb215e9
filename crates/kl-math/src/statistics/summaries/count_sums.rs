//! Integer sums of symbol counts, from which every model's mean and variance follows.

use super::{each_occurring, sparse};
use crate::numeric::DoubleDouble;
use crate::statistics::{Dispersion, Restore, Summary};
use serde::{Deserialize, Serialize};

/// Up to this alphabet size products of counts are summed too: K(K−1)/2 of them a trial.
pub const MAX_PAIRED_SYMBOLS: usize = 16;

/// Σ nᵢ and, on small alphabets, Σ (nᵢ−cᵢ)(nⱼ−cⱼ) for i < j over the trials, in integers: no order of
/// summation changes them. cᵢ is the whole number next to the expected count N pᵢ, with Σ cᵢ = N. Of an empty alphabet
/// only the trials are counted.
///
/// The estimate of a trial, L = Σ nᵢ xᵢ/N, is linear in its counts, so the mean and the variance of L are a
/// linear and a quadratic form of these sums, for every x: all models are scored from one pass. Because
/// Σ nᵢ = N, the quadratic form is −Σ_{i<j} Mᵢⱼ (xᵢ−xⱼ)², whose terms (covariances of counts being mostly
/// negative) do not cancel.
///
/// ```
/// use kl_math::numeric::DoubleDouble;
/// use kl_math::statistics::CountSums;
/// let fair = [DoubleDouble::ratio(1, 2); 2];
/// let mut sums = CountSums::new(&fair, 10);
/// sums.push(&[7, 3], 1);
/// sums.push(&[5, 5], 1);
/// // Scored with x = (1, 0), the estimates are 0.7 and 0.5 and 0.5 is expected.
/// let spread = sums.dispersion(&fair, &[1.0, 0.0], 0.5).expect("products are kept");
/// assert!((spread.deviation - 0.1).abs() < 1e-16 && (spread.variance.unwrap() - 0.02).abs() < 1e-16);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountSums {
    #[serde(skip)]
    n: u64,
    #[serde(skip)]
    centre: Vec<i64>,
    trials: u64,
    #[serde(with = "sparse")]
    totals: Vec<u128>,
    /// Row by row, i < j; empty on large alphabets.
    #[serde(with = "sparse")]
    products: Vec<i128>,
}

impl CountSums {
    /// No trial yet, of `n` symbols with these probabilities.
    pub fn new(probabilities: &[DoubleDouble], n: u64) -> Self {
        let mut centre: Vec<i64> =
            probabilities.iter().map(|&p| (p * DoubleDouble::from(u128::from(n))).to_f64().round() as i64).collect();
        if let Some((last, others)) = centre.split_last_mut() {
            *last = n as i64 - others.iter().sum::<i64>();
        }
        let symbols = probabilities.len();
        let pairs = if symbols <= MAX_PAIRED_SYMBOLS { symbols * symbols.saturating_sub(1) / 2 } else { 0 };
        Self { n, centre, trials: 0, totals: vec![0; symbols], products: vec![0; pairs] }
    }

    /// `trials` more trials, each with these symbol counts.
    pub fn push(&mut self, counts: &[u64], trials: u64) {
        self.trials += trials;
        each_occurring(counts, |symbol, count| {
            if let Some(total) = self.totals.get_mut(symbol) {
                *total += u128::from(count) * u128::from(trials);
            }
        });
        if self.products.is_empty() {
            return;
        }
        let mut products = self.products.iter_mut();
        for (i, (&count, &centre)) in counts.iter().zip(&self.centre).enumerate() {
            let first = i128::from(count as i64 - centre) * i128::from(trials);
            for ((&count, &centre), product) in counts.iter().zip(&self.centre).skip(i + 1).zip(&mut products) {
                *product += first * i128::from(count as i64 - centre);
            }
        }
    }

    /// Some more trials, one after the other: as [`push`](Self::push) for each, only faster.
    pub fn push_all(&mut self, trials: &[u64]) {
        /// So many products of two numbers below 2²⁵ do not pass 2⁶².
        const PIECE: usize = 1 << 12;
        let symbols = self.totals.len();
        if self.n >= 1 << 25 || self.products.is_empty() {
            trials.chunks_exact(symbols).for_each(|counts| self.push(counts, 1));
            return;
        }
        let (mut deviations, mut totals, mut products) =
            ([0i64; MAX_PAIRED_SYMBOLS], [0i64; MAX_PAIRED_SYMBOLS], [0i64; MAX_PAIRED_SYMBOLS * MAX_PAIRED_SYMBOLS]);
        for piece in trials.chunks(PIECE * symbols) {
            for counts in piece.chunks_exact(symbols) {
                for ((deviation, &count), &centre) in deviations.iter_mut().zip(counts).zip(&self.centre) {
                    *deviation = count as i64 - centre;
                }
                let mut row = &mut products[..];
                for i in 0..symbols {
                    totals[i] += deviations[i];
                    let (now, later) = row.split_at_mut(symbols - i - 1);
                    for (product, deviation) in now.iter_mut().zip(&deviations[i + 1..]) {
                        *product += deviations[i] * deviation;
                    }
                    row = later;
                }
            }
            let count = (piece.len() / symbols) as u64;
            self.trials += count;
            for ((total, more), &centre) in self.totals.iter_mut().zip(&mut totals).zip(&self.centre) {
                let about_centre = i128::from(std::mem::take(more)) + i128::from(centre) * i128::from(count);
                *total += about_centre as u128;
            }
            for (product, more) in self.products.iter_mut().zip(&mut products) {
                *product += i128::from(std::mem::take(more));
            }
        }
    }

    /// All of them; none are left here.
    pub fn take(&mut self) -> Self {
        let (totals, products) = (vec![0; self.totals.len()], vec![0; self.products.len()]);
        let empty = Self { n: self.n, centre: self.centre.clone(), trials: 0, totals, products };
        std::mem::replace(self, empty)
    }

    /// N, the symbols of a trial.
    pub fn length(&self) -> u64 {
        self.n
    }

    /// How many trials there were.
    pub fn trials(&self) -> u64 {
        self.trials
    }

    /// How often each symbol occurred in all trials together.
    pub fn totals(&self) -> &[u128] {
        &self.totals
    }

    /// Mean of the estimates with symbol values `values`, Σ (Σ nᵢ) xᵢ/(R N), less `expected`. None without a trial.
    ///
    /// A symbol that occurred has a finite value.
    pub fn deviation_from(&self, expected: f64, values: &[f64]) -> Option<f64> {
        if self.trials == 0 {
            return None;
        }
        let symbols = DoubleDouble::from(u128::from(self.n) * u128::from(self.trials));
        let occurred = self.totals.iter().zip(values).filter(|&(&total, _)| total > 0);
        let sum: DoubleDouble =
            occurred.map(|(&total, &value)| DoubleDouble::from(total) * DoubleDouble::from(value)).sum();
        Some((sum / symbols - DoubleDouble::from(expected)).to_f64())
    }

    /// How the estimates lie about `expected`, their mean Σ pᵢ xᵢ; none without a trial or on an alphabet whose
    /// products are not kept.
    pub fn dispersion(&self, probabilities: &[DoubleDouble], values: &[f64], expected: f64) -> Option<Dispersion> {
        let deviation = self.deviation_from(expected, values)?;
        if self.products.is_empty() {
            return None;
        }
        let trials = DoubleDouble::from(u128::from(self.trials));
        // Totals about cᵢ, and how far the expected count lies from cᵢ.
        let excess: Vec<DoubleDouble> = (self.totals.iter().zip(&self.centre))
            .map(|(&total, &centre)| DoubleDouble::from(total as i128 - i128::from(centre) * i128::from(self.trials)))
            .collect();
        let offset: Vec<DoubleDouble> = (probabilities.iter().zip(&self.centre))
            .map(|(&p, &centre)| p * DoubleDouble::from(u128::from(self.n)) - DoubleDouble::from(i128::from(centre)))
            .collect();
        let possible = |symbol: usize| probabilities.get(symbol).is_some_and(|p| p.to_f64() > 0.0);
        let (mut about_expected, mut about_mean) = (DoubleDouble::ZERO, DoubleDouble::ZERO);
        let mut products = self.products.iter();
        for i in 0..values.len() {
            for (j, &product) in (i + 1..values.len()).zip(&mut products) {
                if !(possible(i) && possible(j)) {
                    continue;
                }
                let product = DoubleDouble::from(product);
                let distance = DoubleDouble::from(values[i] - values[j]);
                let weight = distance * distance;
                let moved = offset[i] * excess[j] + offset[j] * excess[i] - trials * offset[i] * offset[j];
                about_expected += (moved - product) * weight;
                about_mean += (excess[i] * excess[j] / trials - product) * weight;
            }
        }
        let square = DoubleDouble::from(self.n as f64) * DoubleDouble::from(self.n as f64);
        let mean_square = (about_expected / (trials * square)).to_f64().max(0.0);
        let variance =
            (self.trials > 1).then(|| (about_mean / (square * (trials - DoubleDouble::ONE))).to_f64().max(0.0));
        Some(Dispersion { deviation, mean_square, variance })
    }
}

impl Summary for CountSums {
    fn merge(&mut self, later: Self) {
        self.trials += later.trials;
        for (total, more) in self.totals.iter_mut().zip(later.totals) {
            *total += more;
        }
        for (product, more) in self.products.iter_mut().zip(later.products) {
            *product += more;
        }
    }
}

impl Restore for CountSums {
    fn restore(self, empty: &Self, trials: u64) -> Option<Self> {
        let symbols = u128::from(empty.n) * u128::from(trials);
        let are_right = self.trials <= trials
            && (self.totals.len(), self.products.len()) == (empty.totals.len(), empty.products.len())
            && self.totals.iter().all(|&total| total <= symbols)
            && self
                .products
                .iter()
                .all(|product| product.unsigned_abs() <= symbols.saturating_mul(u128::from(empty.n)));
        are_right.then(|| Self { n: empty.n, centre: empty.centre.clone(), ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Moments;
    use proptest::prelude::*;

    proptest! {
        /// The quadratic form against plain sums of the estimates themselves.
        #[test]
        fn the_form_equals_the_moments_of_the_estimates(
            trials in proptest::collection::vec(proptest::collection::vec(0u64..50, 3), 1..20),
            values in proptest::collection::vec(-3.0f64..3.0, 4),
            weights in proptest::collection::vec(1u64..50, 4),
        ) {
            let whole: u64 = weights.iter().sum();
            let probabilities: Vec<DoubleDouble> = weights.iter().map(|&weight| DoubleDouble::ratio(weight, whole)).collect();
            let expected: f64 = probabilities.iter().zip(&values).map(|(p, x)| p.to_f64() * x).sum();
            let mut sums = CountSums::new(&probabilities, 150);
            let mut moments = Moments::about(expected);
            for trial in &trials {
                let counts = [trial[0], trial[1], trial[2], 150 - trial.iter().sum::<u64>()];
                sums.push(&counts, 1);
                moments.push(counts.iter().zip(&values).map(|(&n, x)| n as f64 * x).sum::<f64>() / 150.0, 1);
            }
            let (form, direct) = (sums.dispersion(&probabilities, &values, expected).unwrap(), moments.dispersion().unwrap());
            prop_assert!((form.deviation - direct.deviation).abs() < 1e-12);
            prop_assert!((form.mean_square - direct.mean_square).abs() < 1e-12);
            prop_assert_eq!(form.variance.is_some(), direct.variance.is_some());
            prop_assert!((form.variance.unwrap_or(0.0) - direct.variance.unwrap_or(0.0)).abs() < 1e-12);
        }

        #[test]
        fn merging_equals_pushing(counts in proptest::collection::vec(0u64..=1_000_000_000_000, 2..10), cut in 0usize..10) {
            let probabilities = [DoubleDouble::ratio(1, 3), DoubleDouble::ratio(2, 3)];
            let n = 1_000_000_000_000;
            let push = |counts: &[u64]| {
                let mut sums = CountSums::new(&probabilities, n);
                counts.iter().for_each(|&count| sums.push(&[count, n - count], 1));
                sums
            };
            let cut = cut.min(counts.len());
            let mut merged = push(&counts[..cut]);
            merged.merge(push(&counts[cut..]));
            prop_assert_eq!(merged, push(&counts));
        }
    }

    proptest! {
        /// Many at once, or as often as they occur: the same sums.
        #[test]
        fn pushing_all_equals_pushing_each(
            counts in proptest::collection::vec((0u64..1 << 24, 0u64..1 << 22, 1u64..4), 0..40),
            bits in 10u32..26,
        ) {
            let n = 1u64 << bits;
            let probabilities = [1, 2, 3].map(|weight| DoubleDouble::ratio(weight, 6));
            let (mut each, mut all, mut several) = (CountSums::new(&probabilities, n), CountSums::new(&probabilities, n), CountSums::new(&probabilities, n));
            let mut flat = Vec::new();
            for (first, second, times) in counts {
                let (first, second) = (first % (n / 2), second % (n / 2));
                let trial = [first, second, n - first - second];
                several.push(&trial, times);
                for _ in 0..times {
                    each.push(&trial, 1);
                    flat.extend(trial);
                }
            }
            all.push_all(&flat);
            prop_assert_eq!(&each, &all);
            prop_assert_eq!(&each, &several);
        }
    }

    #[test]
    fn equal_trials_have_no_variance_at_all() {
        let probabilities = [DoubleDouble::ratio(1, 10), DoubleDouble::ratio(9, 10)];
        let mut sums = CountSums::new(&probabilities, 7);
        sums.push(&[3, 4], 1);
        sums.push(&[3, 4], 1);
        assert_eq!(sums.dispersion(&probabilities, &[0.3, -1.7], -1.5).unwrap().variance, Some(0.0));
    }
}
