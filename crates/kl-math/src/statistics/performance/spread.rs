//! How estimates lie about their own mean.

use crate::numeric::DoubleDouble;
use crate::statistics::Summary;

/// Number, mean m and Σ(xᵢ − m)ᵏ for k = 2, 3, 4 of finite numbers, in double-double arithmetic.
///
/// Two passes: the sums are taken about the mean itself, so that nothing cancels; every certified digit of NIST's
/// reference sets for the mean and the standard deviation comes out. What 32 digits do not tell from 0 is 0. Two of them merge by moving both to the common mean
/// (as Pébay 2008, Sandia report SAND2008-6212, does), in 32 digits.
///
/// ```
/// use kl_math::statistics::{Spread, Summary};
/// let mut some = Spread::of(&[1e9 + 1.0, 1e9 + 2.0]);
/// some.merge(Spread::of(&[1e9 + 3.0, 1e9 + 6.0]));
/// assert_eq!((some.count(), some.mean(), some.variance()), (4, Some(1e9 + 3.0), Some(14.0 / 3.0)));
/// assert_eq!(Spread::of(&[7.0]).variance(), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    count: u64,
    mean: DoubleDouble,
    powers: [DoubleDouble; 3],
}

impl Spread {
    /// Of these numbers, which are finite and whose fourth powers no double exceeds.
    pub fn of<T: Copy + Into<DoubleDouble>>(values: &[T]) -> Self {
        Self::scaled(values, 1.0)
    }

    /// Of these numbers times `factor`, a power of two.
    pub(super) fn scaled<T: Copy + Into<DoubleDouble>>(values: &[T], factor: f64) -> Self {
        let Some(mean) = mean(values, factor) else { return Self::default() };
        let mut powers = [DoubleDouble::ZERO; 3];
        for &value in values {
            let deviation = value.into().scaled(factor) - mean;
            let square = deviation * deviation;
            powers[0] += square;
            powers[1] += square * deviation;
            powers[2] += square * square;
        }
        Self { count: values.len() as u64, mean, powers }
    }

    /// The same without the third and fourth powers, which are left at 0: for the mean and the variance.
    pub(super) fn of_squares<T: Copy + Into<DoubleDouble>>(values: &[T], factor: f64) -> Self {
        let Some(mean) = mean(values, factor) else { return Self::default() };
        let square = |&value: &T| {
            let deviation = value.into().scaled(factor) - mean;
            deviation * deviation
        };
        let squares: DoubleDouble = values.iter().map(square).sum();
        Self { count: values.len() as u64, mean, powers: [squares, DoubleDouble::ZERO, DoubleDouble::ZERO] }
    }

    /// How many numbers there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// m; none of no numbers.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.mean.to_f64())
    }

    /// m to 32 digits, 0 of no numbers.
    pub(super) fn exact_mean(&self) -> DoubleDouble {
        self.mean
    }

    /// m − `other`; 0 where the rounding of m may be all of it.
    pub(super) fn distance_from(&self, other: DoubleDouble) -> DoubleDouble {
        let distance = self.mean - other;
        // No number is larger than the mean and the root of all squares.
        let size = self.mean.to_f64().abs().max(other.to_f64().abs()) + self.powers[0].to_f64().sqrt();
        let room = self.rounding() * size;
        if distance.to_f64().abs() <= room { DoubleDouble::ZERO } else { distance }
    }

    /// What rounding may do to a sum, as a part of the size of its terms: 2⁻¹⁰⁴ = 5e-32 for each of them.
    fn rounding(&self) -> f64 {
        5e-32 * (8.0 + self.count as f64)
    }

    /// S² = Σ(xᵢ − m)²/(n−1); none of fewer than two.
    pub fn variance(&self) -> Option<f64> {
        self.exact_variance().map(DoubleDouble::to_f64)
    }

    /// S; none of fewer than two.
    pub fn std_dev(&self) -> Option<f64> {
        self.exact_variance().map(|variance| variance.sqrt().to_f64())
    }

    /// The sample kurtosis k = (Σ(xᵢ − m)⁴/n) / (Σ(xᵢ − m)²/n)², 3 of a normal law; none where all numbers are the same, and of
    /// fewer than four: of two and three it is always 1 and 3/2.
    ///
    /// ```
    /// use kl_math::statistics::Spread;
    /// assert_eq!(Spread::of(&[0.0, 0.0, 0.0, 4.0]).kurtosis(), Some(7.0 / 3.0));
    /// ```
    pub fn kurtosis(&self) -> Option<f64> {
        let [squares, _, fourths] = self.powers;
        let enough = self.count >= 4 && squares.to_f64() > 0.0;
        let kurtosis = fourths * DoubleDouble::from(self.count as f64) / (squares * squares);
        // Of two values that are equally frequent it is 1, and no law has less.
        let excess = kurtosis - DoubleDouble::ONE;
        enough.then(|| if excess.to_f64() <= 2.0 * self.rounding() { 1.0 } else { kurtosis.to_f64() })
    }

    /// Σ(xᵢ − m)ᵏ for k = 2, 3, 4.
    pub(super) fn powers(&self) -> [f64; 3] {
        self.powers.map(DoubleDouble::to_f64)
    }

    /// Σ(xᵢ − m)² to 32 digits.
    pub(super) fn squares(&self) -> DoubleDouble {
        self.powers[0]
    }

    /// Σ[(xᵢ − m)² − M]² with M the mean of the squares.
    pub(super) fn spread_of_squares(&self) -> f64 {
        let [squares, _, fourths] = self.powers;
        let spread = (fourths - squares * squares / DoubleDouble::from(self.count.max(1) as f64)).to_f64();
        if spread <= self.rounding() * fourths.to_f64() { 0.0 } else { spread }
    }

    fn exact_variance(&self) -> Option<DoubleDouble> {
        (self.count > 1).then(|| self.powers[0] / DoubleDouble::from((self.count - 1) as f64))
    }

    /// Σ(xᵢ − m + step)ᵏ.
    fn moved(&self, step: DoubleDouble) -> [DoubleDouble; 3] {
        let [squares, cubes, fourths] = self.powers;
        let (count, square) = (DoubleDouble::from(self.count as f64), step * step);
        let times = |factor: f64| DoubleDouble::from(factor);
        [
            squares + count * square,
            cubes + times(3.0) * step * squares + count * square * step,
            fourths + times(4.0) * step * cubes + times(6.0) * square * squares + count * square * square,
        ]
    }
}

/// The mean of numbers times `factor`; none of none.
fn mean<T: Copy + Into<DoubleDouble>>(values: &[T], factor: f64) -> Option<DoubleDouble> {
    let scaled = |value: T| value.into().scaled(factor);
    // About one of them: of numbers that are all the same the mean is that number.
    let offset = scaled(*values.first()?);
    let sum: DoubleDouble = values.iter().map(|&value| scaled(value) - offset).sum();
    Some(offset + sum / DoubleDouble::from(values.len() as f64))
}

impl Summary for Spread {
    fn merge(&mut self, later: Self) {
        if later.count == 0 {
            return;
        }
        let count = self.count + later.count;
        let share = DoubleDouble::ratio(later.count, count);
        let mean = self.mean + (later.mean - self.mean) * share;
        let (mut powers, more) = (self.moved(self.mean - mean), later.moved(later.mean - mean));
        for (power, more) in powers.iter_mut().zip(more) {
            *power += more;
        }
        *self = Self { count, mean, powers };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn merging_equals_taking_all_at_once(
            values in proptest::collection::vec(-1e3f64..1e3, 0..40),
            cut in 0usize..40,
            offset in -1e6f64..1e6,
        ) {
            let values: Vec<f64> = values.into_iter().map(|value| value + offset).collect();
            let whole = Spread::of(&values);
            let (first, second) = values.split_at(cut.min(values.len()));
            let mut merged = Spread::of(first);
            merged.merge(Spread::of(second));
            prop_assert_eq!(merged.count(), whole.count());
            let close = |a: f64, b: f64, size: f64| (a - b).abs() <= 1e-13 * size;
            prop_assert!(close(merged.exact_mean().to_f64(), whole.exact_mean().to_f64(), 1.0));
            let sizes = [1e6, 1e9, 1e12].map(|size| size * values.len() as f64);
            for ((found, expected), size) in merged.powers().into_iter().zip(whole.powers()).zip(sizes) {
                prop_assert!(close(found, expected, size), "{} {}", found, expected);
            }
        }

        /// Against plain sums over whole numbers, which are exact.
        #[test]
        fn powers_are_those_of_the_definition(values in proptest::collection::vec(-1_000i64..1_000, 1..30)) {
            let n = values.len() as i128;
            let sum: i128 = values.iter().map(|&value| i128::from(value)).sum();
            // Σ(n x − Σx)ᵏ is a whole number.
            let exact = |k: u32| values.iter().map(|&value| (n * i128::from(value) - sum).pow(k)).sum::<i128>() as f64;
            let values: Vec<f64> = values.iter().map(|&value| value as f64).collect();
            let spread = Spread::of(&values);
            let mut scale = n as f64;
            for (k, found) in (2..=4).zip(spread.powers()) {
                scale *= n as f64;
                let size = values.iter().map(|value| libm::pow(value.abs() + 1e3, f64::from(k))).sum::<f64>();
                prop_assert!((found - exact(k) / scale).abs() <= 1e-14 * size, "{} {}", found, exact(k) / scale);
            }
        }
    }

    #[test]
    fn squares_alone_have_the_same_bits() {
        let values: Vec<f64> = (0..1_000).map(|place| libm::sin(f64::from(place)) + 3.0).collect();
        for factor in [1.0, 0.125] {
            let (whole, squares) = (Spread::scaled(&values, factor), Spread::of_squares(&values, factor));
            assert_eq!((whole.mean, whole.powers[0], whole.count), (squares.mean, squares.powers[0], squares.count));
        }
        assert_eq!(Spread::of_squares::<f64>(&[], 1.0), Spread::default());
    }

    #[test]
    fn of_none_and_one_nothing_is_known() {
        let none = Spread::of::<f64>(&[]);
        assert_eq!((none.mean(), none.variance(), none.kurtosis()), (None, None, None));
        let one = Spread::of(&[2.5]);
        assert_eq!((one.mean(), one.std_dev(), one.kurtosis()), (Some(2.5), None, None));
        assert_eq!(Spread::of(&[0.1; 1000]).variance(), Some(0.0));
        assert_eq!(Spread::of(&[1.0, 2.0, 3.0]).kurtosis(), None);
    }
}
