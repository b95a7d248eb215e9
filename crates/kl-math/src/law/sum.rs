//! The law of the estimate where it is linear in a sum whose law is known.

use super::{Binomial, Gamma, NegativeBinomial, Normal, Poisson};
use crate::distribution::{CountLaw, LogRatioForm, ValuePair};
use crate::numeric::DoubleDouble;

/// L = c + x S/N, S the sum of N independent numbers: normal, of a gamma law (exponential numbers, squares of normal ones),
/// or counts. The sum over all trials is of the same family.
///
/// ```
/// use kl_math::distribution::LogRatioForm;
/// use kl_math::law::SumLaw;
/// // The log ratio of one value is −1 + E: negative where E < 1.
/// let law = SumLaw::of_form(&LogRatioForm::Exponential { constant: -1.0, slope: 1.0 }, 1).expect("a gamma law");
/// assert!((law.below(0.0) - (1.0 - libm::exp(-1.0))).abs() < 1e-10);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SumLaw {
    n: u64,
    constant: f64,
    slope: f64,
    one: Summand,
}

/// What is summed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Summand {
    /// Standard normal.
    Normal,
    /// Gamma of this shape, rate 1.
    Gamma(f64),
    /// A count.
    Count(CountLaw),
}

/// The law of a sum.
enum Total {
    Normal(Normal),
    Gamma(Gamma),
    Poisson(Poisson),
    NegativeBinomial(NegativeBinomial),
    Binomial(Binomial),
}

/// Sums of more than this have no tails to ten digits.
const MOST: f64 = 9_007_199_254_740_992.0;

/// What rounding may do to an estimate, as a part of the size of what it is computed from.
const ROUNDING: f64 = 4e-15;

impl SumLaw {
    /// The law of the estimate from `n` values of `pair`, if it is of this kind.
    pub fn of(pair: &ValuePair, n: u64) -> Option<Self> {
        pair.form().filter(|_| pair.uncovered().is_none()).and_then(|form| Self::of_form(form, n))
    }

    /// The law of c + x S/N where the log ratio of a value is of this form.
    pub fn of_form(form: &LogRatioForm, n: u64) -> Option<Self> {
        if form.is_constant() {
            return None;
        }
        let (constant, slope, one) = match form {
            LogRatioForm::Exponential { constant, slope } => (*constant, *slope, Summand::Gamma(1.0)),
            LogRatioForm::Normal { constant, linear, square } if *square == 0.0 => {
                (*constant, *linear, Summand::Normal)
            }
            LogRatioForm::Normal { constant, linear, square } if *linear == 0.0 => {
                (*constant, *square, Summand::Gamma(0.5))
            }
            LogRatioForm::Normals { constant, linear, square } if square.iter().flatten().all(|&a| a == 0.0) => {
                (*constant, linear.iter().map(|b| b * b).sum::<f64>().sqrt(), Summand::Normal)
            }
            LogRatioForm::Gamma { shape, constant, shape_difference, slope, .. } if *shape_difference == 0.0 => {
                (*constant, *slope, Summand::Gamma(*shape))
            }
            LogRatioForm::Count { count, constant, slope } => (*constant, *slope, Summand::Count(*count)),
            _ => return None,
        };
        let law = Self { n, constant, slope, one };
        law.total(1).map(|_| law)
    }

    /// Whether sums are whole numbers.
    pub fn is_whole(&self) -> bool {
        matches!(self.one, Summand::Count(_))
    }

    /// Whether the estimate rises with the sum.
    pub fn rises(&self) -> bool {
        self.slope > 0.0
    }

    /// x, nats.
    pub fn slope(&self) -> f64 {
        self.slope
    }

    /// The estimate that goes with a sum.
    pub fn value(&self, sum: f64) -> f64 {
        self.constant + self.slope * sum / self.n as f64
    }

    /// Mean and standard deviation of S.
    pub fn moments(&self) -> (f64, f64) {
        self.moments_of(self.n as f64)
    }

    /// The smallest and the largest S.
    pub fn support(&self) -> [f64; 2] {
        match self.one {
            Summand::Normal => [f64::NEG_INFINITY, f64::INFINITY],
            Summand::Count(CountLaw::Binomial { tries, .. }) => [0.0, self.n as f64 * tries],
            Summand::Gamma(_) | Summand::Count(_) => [0.0, f64::INFINITY],
        }
    }

    /// P(a < S ≤ b), a and b whole or infinite where sums are.
    pub fn mass_between(&self, a: f64, b: f64) -> f64 {
        self.total(1).map_or(f64::NAN, |total| total.mass_between(a, b))
    }

    /// The largest chance of a sum, of sums that are whole: up to their mode chances rise, and fall from there on.
    pub fn mass_of_mode(&self) -> f64 {
        let mass = |sum: f64| self.mass_between(sum - 1.0, sum);
        let (mean, std_dev) = self.moments();
        let [least, most] = self.support();
        // No mode is farther from the mean than √3 standard deviations.
        let mut low = (mean - 2.0 * std_dev - 1.0).floor().max(least);
        let mut high = (mean + 2.0 * std_dev + 1.0).ceil().min(most);
        while low < high {
            let middle = (low + 0.5 * (high - low)).floor();
            if middle + 1.0 > middle && mass(middle + 1.0) > mass(middle) { low = middle + 1.0 } else { high = middle }
        }
        mass(low)
    }

    /// P(S ≤ `sum`), within 1e-10 of itself.
    pub fn lower_tail(&self, sum: f64) -> f64 {
        self.total(1).map_or(f64::NAN, |total| total.lower_tail(sum))
    }

    /// P(S ≥ `sum`), within 1e-10 of itself.
    pub fn upper_tail(&self, sum: f64) -> f64 {
        self.total(1).map_or(f64::NAN, |total| total.upper_tail(sum))
    }

    /// P(L < `value`).
    pub fn below(&self, value: f64) -> f64 {
        let sum = (value - self.constant) / self.slope * self.n as f64;
        let (before, after) = if self.is_whole() { (sum.ceil() - 1.0, sum.floor() + 1.0) } else { (sum, sum) };
        let Some(total) = self.total(1) else {
            return f64::NAN;
        };
        if self.rises() { total.lower_tail(before) } else { total.upper_tail(after) }
    }

    /// P(L = `value`) but for rounding.
    pub fn at(&self, value: f64) -> f64 {
        let sum = ((value - self.constant) / self.slope * self.n as f64).round();
        let room = 1e-12 * (self.constant.abs() + value.abs());
        if self.is_whole() && (self.value(sum) - value).abs() <= room { self.mass_between(sum - 1.0, sum) } else { 0.0 }
    }

    /// The smallest value of L that is not passed with chance `level` or more.
    pub fn quantile(&self, level: f64) -> Option<f64> {
        /// A quantile at a level that is a double lies within this many standard deviations.
        const REACH: f64 = 60.0;
        let total = self.total(1)?;
        let (mean, std_dev) = self.moments();
        let [least, most] = self.support();
        let (mut low, mut high) = ((mean - REACH * std_dev).max(least), (mean + REACH * std_dev).min(most));
        if self.is_whole() {
            (low, high) = (low.floor(), high.ceil());
        }
        // Of a sum that L falls with, it is the largest that is reached often enough.
        let is_enough = |sum: f64| {
            if self.rises() { total.lower_tail(sum) >= level } else { total.upper_tail(sum) < level }
        };
        if is_enough(low) {
            return self.rises().then(|| self.value(low));
        }
        loop {
            let half = 0.5 * (low + high);
            let middle = if self.is_whole() { half.floor() } else { half };
            if middle <= low || middle >= high {
                break;
            }
            if is_enough(middle) { high = middle } else { low = middle }
        }
        Some(self.value(if self.rises() { high } else { low }))
    }

    /// The two-sided p-value of a mean over `trials` trials that lies `deviation` above that of L; none where the sums are
    /// too large for their tails to be known.
    ///
    /// What rounding may have added to the deviation is taken off it.
    pub fn two_sided_p_value(&self, deviation: f64, trials: u64) -> Option<f64> {
        let total = self.total(trials)?;
        let count = self.n as f64 * trials as f64;
        let (mean, std_dev) = self.moments_of(count);
        let size = self.constant.abs() + self.slope.abs() * (mean + std_dev) / count + deviation.abs();
        let sure = (deviation.abs() - ROUNDING * size).max(0.0).copysign(deviation);
        let sum = mean + sure / self.slope * count;
        Some(total.two_sided_p_value(if self.is_whole() { whole_near(sum, mean) } else { sum }))
    }

    /// The two-sided p-value of the mean of (L − E\[L\])² over `trials` trials, over Var\[L\], where it lies at `ratio`; none where
    /// L is not normal. The sum is of a χ² law, which is a gamma law.
    pub fn two_sided_p_value_of_squares(&self, ratio: f64, trials: u64) -> Option<f64> {
        let shape = 0.5 * trials as f64;
        (self.one == Summand::Normal && shape <= MOST).then(|| Gamma::new(shape, shape).two_sided_p_value(ratio))
    }

    fn moments_of(&self, count: f64) -> (f64, f64) {
        let (mean, std_dev) = match self.one {
            Summand::Normal => (0.0, 1.0),
            Summand::Gamma(shape) => (shape, shape.sqrt()),
            Summand::Count(count) => (count.mean(), count.std_dev()),
        };
        (count * mean, count.sqrt() * std_dev)
    }

    /// The law of the sum over `trials` trials.
    fn total(&self, trials: u64) -> Option<Total> {
        let count = self.n as f64 * trials as f64;
        if self.moments_of(count).0 > MOST || count > MOST {
            return None;
        }
        Some(match self.one {
            Summand::Normal => Total::Normal(Normal::new(0.0, count.sqrt())),
            Summand::Gamma(shape) => Total::Gamma(Gamma::new(count * shape, 1.0)),
            Summand::Count(CountLaw::Poisson { mean }) => Total::Poisson(Poisson::new(count * mean)),
            Summand::Count(CountLaw::NegativeBinomial { successes, success }) => {
                Total::NegativeBinomial(NegativeBinomial::new(count * successes, success, 1.0 - success))
            }
            Summand::Count(CountLaw::Binomial { tries, success }) => {
                let tries = count * tries;
                let success = DoubleDouble::from(success);
                (tries <= MOST)
                    .then(|| Total::Binomial(Binomial::new(tries as u64, success, DoubleDouble::ONE - success)))?
            }
        })
    }
}

/// The whole number that a sum is but for rounding, or the next one in the direction of the mean.
fn whole_near(sum: f64, mean: f64) -> f64 {
    let near = sum.round();
    match sum {
        _ if (sum - near).abs() < 0.25 => near,
        above if above > mean => above.floor(),
        below => below.ceil(),
    }
}

impl Total {
    /// P(S ≤ x).
    fn lower_tail(&self, x: f64) -> f64 {
        match self {
            Self::Normal(law) => law.lower_tail(x),
            Self::Gamma(law) => law.lower_tail(x),
            Self::Poisson(law) => law.lower_tail(x),
            Self::NegativeBinomial(law) => law.lower_tail(x),
            Self::Binomial(law) if x >= 0.0 => law.lower_tail(x as u64),
            Self::Binomial(_) => 0.0,
        }
    }

    /// P(S ≥ x).
    fn upper_tail(&self, x: f64) -> f64 {
        match self {
            Self::Normal(law) => law.upper_tail(x),
            Self::Gamma(law) => law.upper_tail(x),
            Self::Poisson(law) => law.upper_tail(x),
            Self::NegativeBinomial(law) => law.upper_tail(x),
            Self::Binomial(law) => law.upper_tail(x.max(0.0) as u64),
        }
    }

    /// P(a < S ≤ b).
    fn mass_between(&self, a: f64, b: f64) -> f64 {
        match self {
            Self::Normal(law) => law.mass_between(a, b),
            Self::Gamma(law) => law.mass_between(a, b),
            Self::Poisson(law) => law.mass_between(a + 1.0, b),
            Self::NegativeBinomial(law) => law.mass_between(a + 1.0, b),
            Self::Binomial(law) if b >= 0.0 => law.mass_between((a + 1.0).max(0.0) as u64, b as u64),
            Self::Binomial(_) => 0.0,
        }
    }

    /// Twice the smaller tail from x outward, rounded upward.
    fn two_sided_p_value(&self, x: f64) -> f64 {
        match self {
            Self::Normal(law) => law.two_sided_p_value(x),
            Self::Gamma(law) => law.two_sided_p_value(x),
            Self::Poisson(law) => law.two_sided_p_value(x),
            Self::NegativeBinomial(law) => law.two_sided_p_value(x),
            Self::Binomial(law) => law.two_sided_p_value(x.max(0.0) as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean of squares of `trials` normal variables of known mean has as many degrees of freedom. Twice the smaller tail of
    /// the χ² law from mpmath at 40 digits; of one trial it is 2 P(|Z| ≥ 2).
    #[test]
    fn squares_have_a_degree_of_freedom_for_every_trial() {
        let form = LogRatioForm::Normal { constant: 0.5, linear: 2.0, square: 0.0 };
        let law = SumLaw::of_form(&form, 7).unwrap();
        for (trials, ratio, expected) in [
            (1, 4.0, 0.091_000_527_792_716_83),
            (2, 0.125, 0.235_006_194_830_809_2),
            (10, 2.5, 0.010_691_010_974_268_129),
            (10, 0.25, 0.018_248_558_436_790_546),
            (10_000, 1.05, 0.000_495_894_735_978_716_1),
            (10_000, 0.9375, 6.474_840_730_847_732e-6),
        ] {
            let p = law.two_sided_p_value_of_squares(ratio, trials).unwrap();
            // Rounded upward by 1e-10 of it.
            assert!((0.0..2e-10).contains(&(p / expected - 1.0)), "{trials} {ratio}: {p:e} {expected:e}");
        }
        let skewed = SumLaw::of_form(&LogRatioForm::Exponential { constant: -1.0, slope: 1.0 }, 7).unwrap();
        assert_eq!(skewed.two_sided_p_value_of_squares(1.0, 10), None);
    }
}
