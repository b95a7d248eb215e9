//! How estimators of one condition do beside each other.

use super::Comparison;
use crate::estimator::Theory;
use crate::statistics::{JointMoments, Measure, Unit};

/// A performance measure of one estimator in one condition, in nats or without a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assessed {
    /// Which.
    pub measure: Measure,
    /// What the trials say.
    pub estimate: f64,
    /// Its Monte Carlo standard error: exact for bias and empirical standard error where the law of an estimate is known well
    /// enough, else from the trials and without any assumption on that law.
    pub mcse: Option<f64>,
    /// What theory says.
    pub expected: Option<f64>,
}

impl Assessed {
    /// The same in another unit than nats.
    #[must_use]
    pub fn in_unit(self, unit: Unit) -> Self {
        let in_unit = |nats: f64| match self.measure.dimension() {
            0 => nats,
            1 => unit.of_nats(nats),
            _ => unit.of_square_nats(nats),
        };
        let Self { measure, estimate, mcse, expected } = self;
        Self { measure, estimate: in_unit(estimate), mcse: mcse.map(in_unit), expected: expected.map(in_unit) }
    }
}

/// What is known of two estimators of one condition.
#[derive(Clone, Copy, Debug)]
pub struct Rivals<'a> {
    /// What theory says of the one that precision is held against, and of this one.
    pub theories: [&'a Theory; 2],
    /// Their estimates, in that order.
    pub joint: &'a JointMoments,
    /// Whether the two are one.
    pub is_reference: bool,
}

impl Rivals<'_> {
    /// The measures that exist; none where an estimate was infinite.
    pub fn assess(&self, found: &Comparison) -> Vec<Assessed> {
        let [reference, theory] = self.theories;
        let Some(own) =
            self.joint.central(1).filter(|own| own.count == found.trials as f64 && found.closed_form.is_finite())
        else {
            return Vec::new();
        };
        let (n, estimand) = (own.count, found.closed_form);
        let [square, cube, fourth] = own.powers;
        let variance = found.variance.or((n > 1.0).then(|| square * n / (n - 1.0)));
        let bias = found.bias.unwrap_or(self.joint.centres()[1] + own.deviation - estimand);
        let of_mean = found.mcse.or(variance.map(|variance| (variance / n).sqrt()));
        let known = |value: Option<f64>| value.filter(|value| value.is_finite());
        let (mean, exact) = (known(theory.mean), known(theory.variance));
        let exact_bias = mean.map(|mean| mean - theory.closed_form);
        let exact_square = exact.zip(exact_bias).map(|(variance, bias)| variance + bias * bias);
        let row = |measure, estimate: Option<f64>, mcse: Option<f64>, expected: Option<f64>| {
            Some(Assessed { measure, estimate: estimate?, mcse: mcse.filter(|mcse| mcse.is_finite()), expected })
        };
        let relative = |value: f64| (estimand != 0.0).then(|| value / estimand.abs());
        let std_dev = variance.map(f64::sqrt);
        let of_std_dev = std_dev.filter(|&std_dev| std_dev > 0.0).and_then(|std_dev| {
            let sampled = || (n >= 4.0).then(|| ((fourth - square * square).max(0.0) / n).sqrt());
            Some(found.variance_mcse.or_else(sampled)? / (2.0 * std_dev))
        });
        let mse = square + bias * bias;
        // (θ̂−θ)² − MSE is d² − M + 2 b d: nothing cancels where b is large.
        let spread = fourth - square * square + 4.0 * bias * (cube + bias * square);
        let of_mse = (n > 1.0).then(|| (spread.max(0.0) / (n - 1.0)).sqrt());
        let gain = self.joint.precision_gain().filter(|_| !self.is_reference);
        let exact_gain = || Some(100.0 * (known(reference.variance)? / exact.filter(|&exact| exact > 0.0)? - 1.0));
        [
            row(Measure::Bias, Some(bias), of_mean, exact_bias),
            row(Measure::RelativeBias, relative(bias), of_mean.and_then(relative), exact_bias.and_then(relative)),
            row(Measure::EmpiricalSe, std_dev, of_std_dev, exact.map(f64::sqrt)),
            row(Measure::Mse, Some(mse), of_mse, exact_square),
            row(
                Measure::Rmse,
                Some(mse.sqrt()),
                of_mse.filter(|_| mse > 0.0).map(|mcse| mcse / (2.0 * mse.sqrt())),
                exact_square.map(f64::sqrt),
            ),
            row(Measure::PrecisionGain, gain.map(|gain| gain.0), gain.map(|gain| gain.1), exact_gain()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
