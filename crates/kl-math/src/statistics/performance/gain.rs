//! How much more precise one estimator is than another.

use super::{Assessment, Measure, Spread};
use crate::numeric::DoubleDouble;

/// [`Measure::PrecisionGain`] of estimator B, whose `estimates` stand in the order of those of A, `reference`: those of one
/// place come from the same sequence. None with fewer than two trials or unequally many, or where all estimates of B are the
/// same.
///
/// ```
/// use kl_math::statistics::precision_gain;
/// // B strays half as far as A: a quarter of the variance.
/// let gain = precision_gain(&[1.5, 2.5, 3.5, 0.5], &[1.0, 3.0, 5.0, -1.0]).expect("four pairs");
/// assert_eq!((gain.estimate, gain.mcse), (300.0, Some(0.0)));
/// ```
pub fn precision_gain<T: Copy + Into<DoubleDouble>>(estimates: &[T], reference: &[T]) -> Option<Assessment> {
    let pairs = Pairs::new(estimates, reference)?;
    let estimate = 100.0 * pairs.excess();
    estimate.is_finite().then(|| Assessment { measure: Measure::PrecisionGain, estimate, mcse: pairs.jackknife() })
}

/// 200 (S_A/S_B)² √((1−ρ²)/(n−1)), the standard error of the literature, with ρ the correlation of the pairs: it holds where
/// they are normal, and is 1.8 times too small where they are exponential. None likewise.
///
/// ```
/// use kl_math::statistics::precision_gain_mcse_if_normal;
/// // Uncorrelated, and equally precise.
/// let mcse = precision_gain_mcse_if_normal(&[1.0, 1.0, -1.0, -1.0], &[1.0, -1.0, 1.0, -1.0]).expect("four pairs");
/// assert!((mcse - 200.0 / 3f64.sqrt()).abs() < 1e-12);
/// ```
pub fn precision_gain_mcse_if_normal<T: Copy + Into<DoubleDouble>>(estimates: &[T], reference: &[T]) -> Option<f64> {
    let pairs = Pairs::new(estimates, reference)?;
    let [b, a] = pairs.spreads.map(|spread| spread.squares().to_f64());
    let product: DoubleDouble = pairs.deviations().map(|[b, a]| b * a).sum();
    let unexplained = 1.0 - product.to_f64() / a * (product.to_f64() / b);
    let mcse = 200.0 * pairs.unscaled(a / b) * (unexplained.max(0.0) / (estimates.len() as f64 - 1.0)).sqrt();
    mcse.is_finite().then_some(mcse)
}

/// The estimates of B and A, both divided by powers of two near their size: ratios of variances are put right at the end.
struct Pairs<'a, T> {
    values: [&'a [T]; 2],
    factors: [f64; 2],
    spreads: [Spread; 2],
}

impl<'a, T: Copy + Into<DoubleDouble>> Pairs<'a, T> {
    fn new(estimates: &'a [T], reference: &'a [T]) -> Option<Self> {
        if estimates.len() != reference.len() || estimates.len() < 2 {
            return None;
        }
        let values = [estimates, reference];
        let factors = values.map(super::scale);
        let spreads = [Spread::of_squares(estimates, factors[0]), Spread::of_squares(reference, factors[1])];
        (spreads[0].squares().to_f64() > 0.0).then_some(Self { values, factors, spreads })
    }

    /// (S_A/S_B)² − 1, from the difference: it keeps its digits where both are nearly as precise.
    fn excess(&self) -> f64 {
        let [b, a] = self.spreads.map(|spread| spread.squares());
        let ratio = a / b;
        let back = self.factors[0] / self.factors[1];
        (ratio.scaled(back).scaled(back) - DoubleDouble::ONE).to_f64()
    }

    /// What a ratio of variances, A's to B's, is without the factors.
    fn unscaled(&self, ratio: f64) -> f64 {
        let back = self.factors[0] / self.factors[1];
        ratio * back * back
    }

    /// θ̂ᵢ − m of B and of A.
    fn deviations(&self) -> impl Iterator<Item = [DoubleDouble; 2]> {
        let [b, a] = self.values;
        let deviation =
            |value: T, place: usize| value.into().scaled(self.factors[place]) - self.spreads[place].exact_mean();
        b.iter().zip(a).map(move |(&b, &a)| [deviation(b, 0), deviation(a, 1)])
    }

    /// The gain without trial j in turn: its squares are Σd² − dⱼ² n/(n−1).
    fn jackknife(&self) -> Option<f64> {
        let n = self.values[0].len() as f64;
        if n < 4.0 {
            return None;
        }
        let share = DoubleDouble::from(n) / DoubleDouble::from(n - 1.0);
        let without =
            |place: usize, deviation: DoubleDouble| self.spreads[place].squares() - deviation * deviation * share;
        let ratios: Vec<DoubleDouble> = self.deviations().map(|[b, a]| without(1, a) / without(0, b)).collect();
        let spread = ratios.iter().all(|ratio| ratio.to_f64().is_finite()).then(|| Spread::of_squares(&ratios, 1.0))?;
        // Where both stray alike, but for a factor, all ratios are the same but for rounding.
        let (strays, rounding) = (spread.powers()[0].sqrt(), 1e-28 * n * spread.exact_mean().to_f64());
        let mcse = if strays <= rounding { 0.0 } else { 100.0 * self.unscaled(((n - 1.0) / n).sqrt() * strays) };
        mcse.is_finite().then_some(mcse)
    }
}
