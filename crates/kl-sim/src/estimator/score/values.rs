//! Sequences of counts, numbers or vectors.

use super::{ItemTheory, Seen, SequenceScore, Sequences};
use kl_math::distribution::{PairError, Space, Value, ValuePair};
use kl_math::numeric::DoubleDouble;

/// Sequences of independent values, scored in nats by Σ ln(p(x)/q(x)).
///
/// A value is a slice of as many numbers as its space has: one, the coordinates of a vector, or shares that sum to one.
///
/// ```
/// use kl_sim::estimator::{Sequences, ValueSequences};
/// use kl_math::distribution::{Exponential, Pair};
/// let pair = Pair::of(Exponential::new(1.0)?, Exponential::new(2.0)?)?;
/// let sequences = ValueSequences::new(pair.values().expect("numbers"))?;
/// let mut tally = sequences.tally();
/// sequences.push(&mut tally, &[0.25]);
/// sequences.push(&mut tally, &[0.75]);
/// let score = sequences.score(&tally).expect("two values");
/// // x − ln 2 of each.
/// assert!((score.log_ratio.unwrap() - (1.0 - 2.0 * std::f64::consts::LN_2)).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ValueSequences<'a> {
    pair: &'a ValuePair,
    theory: [ItemTheory; 2],
}

/// What is kept of a sequence of values.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueTally {
    length: u64,
    /// Σ ln p, Σ ln q, Σ ln(p/q).
    logs: [DoubleDouble; 3],
    smallest: Vec<f64>,
    largest: Vec<f64>,
    sums: Vec<DoubleDouble>,
    /// For the logarithms of shares.
    scratch: Vec<f64>,
}

/// How far the values of a sequence reach, coordinate by coordinate.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueRange {
    /// The smallest.
    pub smallest: Vec<f64>,
    /// The mean.
    pub mean: Vec<f64>,
    /// The largest.
    pub largest: Vec<f64>,
}

impl<'a> ValueSequences<'a> {
    /// Of a pair over counts, numbers, vectors or shares.
    pub fn new(pair: &'a ValuePair) -> Result<Self, PairError> {
        let reversed = match pair.reversed() {
            Err(error) if error.is_numeric() => None,
            reversed => Some(reversed?),
        };
        let theory = |values: Option<&ValuePair>, sign: f64| {
            let known = values.map(ValuePair::closed_form);
            ItemTheory { mean: known.map(|known| sign * known.mean), variance: known.and_then(|known| known.variance) }
        };
        Ok(Self { pair, theory: [theory(Some(pair), 1.0), theory(reversed.as_ref(), -1.0)] })
    }

    /// ln p, ln q and ln(p/q) at a value that may lie anywhere.
    fn logs(&self, point: Value<'_>) -> [f64; 3] {
        let [p, q] = self.pair.ln_probs(point);
        let ratio = match (p == f64::NEG_INFINITY, q == f64::NEG_INFINITY) {
            (false, false) => self.log_ratio(point),
            (true, false) => f64::NEG_INFINITY,
            (false, true) => f64::INFINITY,
            // Then nothing can be said of the sequence.
            (true, true) => 0.0,
        };
        [p, q, ratio]
    }

    /// ln(p/q) at a value that both can take.
    fn log_ratio(&self, point: Value<'_>) -> f64 {
        let linear = self.pair.linear_at(point).filter(|ratio| ratio.is_finite());
        linear.unwrap_or_else(|| self.pair.source().log_ratio_at(self.pair.model(), point))
    }
}

impl Sequences for ValueSequences<'_> {
    type Item = [f64];
    type Tally = ValueTally;

    fn tally(&self) -> ValueTally {
        let width = self.pair.space().width();
        ValueTally {
            length: 0,
            logs: [DoubleDouble::ZERO; 3],
            smallest: vec![f64::INFINITY; width],
            largest: vec![f64::NEG_INFINITY; width],
            sums: vec![DoubleDouble::ZERO; width],
            scratch: Vec::new(),
        }
    }

    fn push(&self, tally: &mut ValueTally, value: &[f64]) {
        let point = match (self.pair.space(), value) {
            (Space::Counts | Space::Line, &[x]) => Value::Real(x),
            (Space::Simplex(_), shares) => {
                // As everywhere, what sums to nearly one is divided by its sum.
                let sum = libm::log(shares.iter().sum());
                tally.scratch.clear();
                tally.scratch.extend(shares.iter().map(|&share| libm::log(share) - sum));
                Value::LogShares(&tally.scratch)
            }
            (_, coordinates) => Value::Vector(coordinates),
        };
        let logs = self.logs(point);
        tally.logs.iter_mut().zip(logs).for_each(|(sum, log)| *sum += DoubleDouble::from(log));
        tally.length += 1;
        tally.smallest.iter_mut().zip(value).for_each(|(smallest, &x)| *smallest = smallest.min(x));
        tally.largest.iter_mut().zip(value).for_each(|(largest, &x)| *largest = largest.max(x));
        tally.sums.iter_mut().zip(value).for_each(|(sum, &x)| *sum += DoubleDouble::from(x));
    }

    fn add(&self, total: &mut ValueTally, other: &ValueTally) {
        total.length += other.length;
        total.logs.iter_mut().zip(other.logs).for_each(|(sum, log)| *sum += log);
        total.smallest.iter_mut().zip(&other.smallest).for_each(|(smallest, x)| *smallest = smallest.min(*x));
        total.largest.iter_mut().zip(&other.largest).for_each(|(largest, x)| *largest = largest.max(*x));
        total.sums.iter_mut().zip(&other.sums).for_each(|(sum, x)| *sum += *x);
    }

    fn length(&self, tally: &ValueTally) -> u64 {
        tally.length
    }

    fn score(&self, tally: &ValueTally) -> Option<SequenceScore> {
        let length = tally.length;
        let mean = |sum: &DoubleDouble| sum.to_f64() / length as f64;
        let seen = || ValueRange {
            smallest: tally.smallest.clone(),
            mean: tally.sums.iter().map(mean).collect(),
            largest: tally.largest.clone(),
        };
        let sums = tally.logs.map(DoubleDouble::to_f64);
        let expected = || self.theory.map(|theory| theory.of_mean(length));
        (length > 0).then(|| SequenceScore::new(Seen::Values(seen()), length, sums, expected()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Written, list, number, pair};
    use super::*;

    fn of(family: &'static str, parameters: &[(&'static str, f64)]) -> Written {
        (family, parameters.iter().map(|&(key, value)| (key, number(value))).collect())
    }

    fn scored<const K: usize>(p: Written, q: Written, values: &[[f64; K]]) -> SequenceScore {
        let pair = pair(p, q);
        let sequences = ValueSequences::new(pair.values().unwrap()).unwrap();
        let mut tally = sequences.tally();
        values.iter().for_each(|value| sequences.push(&mut tally, value));
        sequences.score(&tally).unwrap()
    }

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-13 * expected.abs().max(1.0), "{found} for {expected}");
    }

    #[test]
    fn sums_are_those_of_densities_and_z_is_of_normal_theory() {
        let normal = |mean: f64| of("normal", &[("mean", mean), ("std_dev", 1.0)]);
        let values = [[0.3], [-1.2], [0.5], [2.0]];
        let score = scored(normal(0.0), normal(1.0), &values);
        let log = |mean: f64| -> f64 {
            let squares: f64 = values.iter().map(|[x]| (x - mean) * (x - mean)).sum();
            -0.5 * squares - 2.0 * libm::log(std::f64::consts::TAU)
        };
        near(score.log_source, log(0.0));
        near(score.log_model, log(1.0));
        near(score.log_ratio.unwrap(), log(0.0) - log(1.0));
        // X = ½ − x: mean ½ if P is true and −½ if Q is, variance 1, so 2 standard errors to a nat.
        near(score.z_if_source().unwrap(), 2.0 * (0.1 - 0.5));
        near(score.z_if_model().unwrap(), 2.0 * (0.1 + 0.5));
        let range = ValueRange { smallest: vec![-1.2], mean: vec![0.4], largest: vec![2.0] };
        assert_eq!(score.seen, Seen::Values(range));
    }

    #[test]
    fn counts_vectors_and_shares_are_scored_by_their_own_masses() {
        let poisson = |rate: f64| of("poisson", &[("rate", rate)]);
        let score = scored(poisson(2.0), poisson(3.0), &[[0.0], [4.0]]);
        near(score.log_source, -4.0 + 4.0 * libm::log(2.0) - libm::log(24.0));
        near(score.log_ratio.unwrap(), 2.0 + 4.0 * libm::log(2.0 / 3.0));
        let plane = |x: f64| -> Written {
            let one = kl_math::distribution::Parameter::List(vec![list(&[1.0, 0.0]), list(&[0.0, 1.0])]);
            ("multivariate_normal", vec![("mean", list(&[x, 0.0])), ("covariance", one)])
        };
        let score = scored(plane(0.0), plane(2.0), &[[1.0, 5.0], [2.0, -3.0]]);
        near(score.log_ratio.unwrap(), 4.0 - 2.0 * 3.0);
        let shares = |alpha: [f64; 2]| ("dirichlet", vec![("alpha", list(&alpha))]);
        // 6 x₁ x₂ against 1.
        let score = scored(shares([2.0, 2.0]), shares([1.0, 1.0]), &[[0.25, 0.75], [0.5, 0.5]]);
        near(score.log_ratio.unwrap(), libm::log(6.0 * 0.1875 * 6.0 * 0.25));
    }

    #[test]
    fn digits_are_kept_where_q_is_near_p() {
        let normal = |mean: f64| of("normal", &[("mean", mean), ("std_dev", 1.0)]);
        let score = scored(normal(0.0), normal(1e-9), &[[0.3], [-1.2]]);
        // δ²/2 − δx of each.
        let expected = 1e-18 + 0.9e-9;
        assert!((score.log_ratio.unwrap() / expected - 1.0).abs() < 1e-14);
        let (rate, gap) = (1.0 + 1e-10, (1.0 + 1e-10) - 1.0);
        let exponential = |rate: f64| of("exponential", &[("rate", rate)]);
        let score = scored(exponential(1.0), exponential(rate), &[[0.5]]);
        assert!((score.log_ratio.unwrap() / (0.5 * gap - libm::log1p(gap)) - 1.0).abs() < 1e-14);
    }

    /// Through statistics or through densities: it is the same but for rounding.
    #[test]
    fn every_form_is_the_ratio_of_densities() {
        let two = |family, first: (&'static str, [f64; 2]), second: (&'static str, [f64; 2])| {
            [0, 1].map(|side| of(family, &[(first.0, first.1[side]), (second.0, second.1[side])]))
        };
        let pairs = [
            two("gamma", ("shape", [2.0, 3.0]), ("rate", [1.5, 0.5])),
            two("beta", ("alpha", [2.0, 0.5]), ("beta", [3.0, 1.5])),
            two("lognormal", ("mean", [0.0, 0.5]), ("std_dev", [1.0, 2.0])),
            two("normal", ("mean", [0.0, 0.5]), ("std_dev", [1.0, 2.0])),
            two("weibull", ("shape", [1.5, 1.5]), ("scale", [1.0, 2.0])),
            two("pareto", ("scale", [0.25, 0.125]), ("shape", [2.0, 3.0])),
            two("negative_binomial", ("r", [3.0, 3.0]), ("p", [0.2, 0.3])),
            two("binomial", ("n", [1e6, 1e6]), ("p", [0.2, 0.3])),
            [of("poisson", &[("rate", 2.0)]), of("poisson", &[("rate", 5.0)])],
            [of("geometric", &[("p", 0.2)]), of("geometric", &[("p", 0.5)])],
        ];
        for [p, q] in pairs {
            let is_of_counts = ["negative_binomial", "binomial", "poisson", "geometric"].contains(&p.0);
            let score = scored(p, q, &[[if is_of_counts { 7.0 } else { 0.375 }]]);
            let ratio = score.log_ratio.unwrap();
            let scale = score.log_source.abs().max(1.0);
            assert!((ratio - (score.log_source - score.log_model)).abs() < 1e-12 * scale, "{score:?}");
        }
    }

    #[test]
    fn values_outside_of_one_support_or_both() {
        let between = |low: f64, high: f64| of("uniform", &[("low", low), ("high", high)]);
        let log_ratio = |values: &[[f64; 1]]| scored(between(0.0, 2.0), between(1.0, 3.0), values).log_ratio;
        assert_eq!(log_ratio(&[[1.5], [2.0]]), Some(0.0));
        assert_eq!(log_ratio(&[[1.5], [0.5]]), Some(f64::INFINITY));
        assert_eq!(log_ratio(&[[2.5], [1.5]]), Some(f64::NEG_INFINITY));
        assert_eq!(log_ratio(&[[4.0]]), None);
        // One rules out the first value, the other the second.
        assert_eq!(log_ratio(&[[0.5], [2.5], [1.5]]), None);
        // The mean is infinite either way, so there is no distance from it.
        let score = scored(between(0.0, 2.0), between(1.0, 3.0), &[[1.5]]);
        assert_eq!((score.z_if_source(), score.z_if_model()), (None, None));
    }

    #[test]
    fn an_end_where_a_density_may_have_a_pole_is_no_value() {
        let weibull = |shape: f64| of("weibull", &[("shape", shape), ("scale", 1.0)]);
        let gamma = |shape: f64| of("gamma", &[("shape", shape), ("rate", 1.0)]);
        assert_eq!(scored(weibull(0.5), weibull(2.0), &[[0.0]]).log_ratio, None);
        assert_eq!(scored(gamma(0.5), gamma(2.0), &[[0.0]]).log_ratio, None);
        let shares = |alpha: [f64; 2]| ("dirichlet", vec![("alpha", list(&alpha))]);
        assert_eq!(scored(shares([0.5, 2.0]), shares([1.0, 1.0]), &[[0.0, 1.0]]).log_ratio, None);
    }

    #[test]
    fn parts_put_together_are_the_whole() {
        let exponential = |rate: f64| of("exponential", &[("rate", rate)]);
        let pair = pair(exponential(1.0), exponential(2.0));
        let sequences = ValueSequences::new(pair.values().unwrap()).unwrap();
        let tally = |values: &[f64]| {
            let mut tally = sequences.tally();
            values.iter().for_each(|&x| sequences.push(&mut tally, &[x]));
            tally
        };
        let mut total = sequences.tally();
        [tally(&[0.1, 0.7]), tally(&[3.1])].iter().for_each(|part| sequences.add(&mut total, part));
        assert_eq!(sequences.score(&total), sequences.score(&tally(&[0.1, 0.7, 3.1])));
        assert_eq!(sequences.score(&sequences.tally()), None);
    }
}
