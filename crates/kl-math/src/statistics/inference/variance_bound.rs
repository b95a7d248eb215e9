//! How large a variance may be.

use crate::numeric::normal_quantile;

/// The variance of a sample, and a bound on the true one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VarianceBound {
    /// S² = Σ (xᵢ − x̄)²/(R − 1).
    pub variance: f64,
    /// A number that the true variance exceeds about as often as asked.
    pub upper: f64,
}

impl VarianceBound {
    /// The bound that the true variance exceeds with probability about `miss`. None for fewer than two values, or for values that
    /// are not finite.
    ///
    /// # Formula
    ///
    /// S² exp(z √((b − 1)/R)), where z is the normal quantile of 1 − `miss` and b = m₄/m₂² the kurtosis of the sample: ln S² is
    /// about normal with variance (b − 1)/R. Of values whose tails the sample does not show, the bound is too low.
    ///
    /// ```
    /// use kl_math::statistics::VarianceBound;
    /// let sample: Vec<f64> = (0..1000).map(|k| f64::from(k % 10)).collect();
    /// let bound = VarianceBound::of(&sample, 0.01).expect("finite values");
    /// assert!((bound.variance - 8.25).abs() < 0.01 && (8.7..9.1).contains(&bound.upper));
    /// ```
    ///
    /// # Source
    ///
    /// The delta method for the variance of S², κ₄/R + 2σ⁴/(R − 1): Cramér, *Mathematical Methods of Statistics* (1946), §27.4.
    pub fn of(sample: &[f64], miss: f64) -> Option<Self> {
        let count = sample.len() as f64;
        if sample.len() < 2 || sample.iter().any(|value| !value.is_finite()) {
            return None;
        }
        // The first value takes away what all have in common, the mean what is left: the squares keep their digits.
        let origin = sample.first()?;
        let mean = sample.iter().map(|value| value - origin).sum::<f64>() / count;
        let deviations = || sample.iter().map(|value| value - origin - mean);
        let squares: f64 = deviations().map(|deviation| deviation * deviation).sum();
        let variance = squares / (count - 1.0);
        if squares == 0.0 {
            return Some(Self { variance, upper: 0.0 });
        }
        let scaled = deviations().map(|deviation| deviation * deviation / squares);
        let kurtosis = count * scaled.map(|part| part * part).sum::<f64>();
        let errors = normal_quantile(miss) * ((kurtosis - 1.0).max(0.0) / count).sqrt();
        Some(Self { variance, upper: variance * libm::exp(errors) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 1, 2, 3, 10 have the mean 4, squares 9, 4, 1 and 36, b = 4 (81 + 16 + 1 + 1296)/50² = 2.2304; z(0.01) = 2.3263.
    #[test]
    fn a_small_sample_by_hand() {
        let bound = VarianceBound::of(&[1.0, 2.0, 3.0, 10.0], 0.01).unwrap();
        assert!((bound.variance - 50.0 / 3.0).abs() < 1e-14);
        let errors = 2.326_347_874_040_841 * (1.2304f64 / 4.0).sqrt();
        assert!((libm::log(bound.upper / bound.variance) - errors).abs() < 1e-6, "{bound:?}");
    }

    #[test]
    fn a_sample_far_from_zero_keeps_its_digits() {
        let [near, far] = [0.0, 1e15].map(|shift| {
            let sample: Vec<f64> = (0..100).map(|k| shift + f64::from(k % 7)).collect();
            VarianceBound::of(&sample, 0.01).unwrap()
        });
        assert!((near.variance - far.variance).abs() < 1e-12 && (near.upper - far.upper).abs() < 1e-12);
        assert_eq!(VarianceBound::of(&[0.1; 9], 0.01), Some(VarianceBound { variance: 0.0, upper: 0.0 }));
    }

    #[test]
    fn what_has_no_variance_has_no_bound() {
        for sample in [&[][..], &[1.0], &[1.0, f64::INFINITY], &[1.0, f64::NAN]] {
            assert_eq!(VarianceBound::of(sample, 0.01), None);
        }
    }
}
