//! How estimators of one condition do beside each other.

use super::against_theory::Comparison;
use crate::estimator::Theory;
use crate::simulation::EstimationSummary;
use kl_math::law::SignError;
use kl_math::statistics::{CentralMoments, Estimates, IntervalCounts, Intervals, Measure, Unit};

/// What rounding may leave of a difference of two numbers, as a part of their size: two units in the last place.
const DUST: f64 = 4.5e-16;

/// `one` − `other`, 0 where that is no more than rounding.
fn difference(one: f64, other: f64) -> f64 {
    without_dust(one - other, one, other)
}

fn without_dust(difference: f64, one: f64, other: f64) -> f64 {
    if difference.abs() <= DUST * (one.abs() + other.abs()) { 0.0 } else { difference }
}

/// A performance measure of one estimator in one condition, in nats or without a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Performance {
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

impl Performance {
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
pub struct PairedComparison<'a> {
    /// What theory says of the one that precision is held against, and of this one.
    pub theories: [&'a Theory; 2],
    /// What was kept of this one's estimates, those of both in that order among it.
    pub kept: &'a EstimationSummary,
    /// Whether the two are one.
    pub is_reference: bool,
}

impl PairedComparison<'_> {
    /// The measures that exist; none where an estimate was infinite.
    pub fn assess(&self, found: &Comparison) -> Vec<Performance> {
        let [reference, theory] = self.theories;
        let Some(estimand) = found.closed_form.filter(|estimand| estimand.is_finite()) else { return Vec::new() };
        let joint = self.kept.joint;
        let paired = (found.trials - self.kept.unpaired) as f64;
        let own = joint.and_then(|joint| joint.central(1)).filter(|own| own.count == paired);
        let Some((joint, own)) = joint.zip(own) else { return Vec::new() };
        let n = own.count;
        // Where estimates are all the same but for rounding, so are their powers.
        let [square, cube, fourth] = if found.variance == Some(0.0) { [0.0; 3] } else { own.powers };
        let variance = found.variance.or((n > 1.0).then(|| square * n / (n - 1.0)));
        let bias = found.bias.unwrap_or(joint.centres()[1] + own.deviation - estimand);
        let bias = without_dust(bias, found.estimated(), estimand);
        let of_mean = found.mcse.or(variance.map(|variance| (variance / n).sqrt()));
        let known = |value: Option<f64>| value.filter(|value| value.is_finite());
        let (mean, exact) = (known(theory.mean), known(theory.variance));
        let exact_bias = mean.map(|mean| difference(mean, theory.closed_form));
        let exact_square = exact.zip(exact_bias).map(|(variance, bias)| variance + bias * bias);
        let row = |measure, estimate: Option<f64>, mcse: Option<f64>, expected: Option<f64>| {
            Some(Performance { measure, estimate: estimate?, mcse: mcse.filter(|mcse| mcse.is_finite()), expected })
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
        // Where an estimate cannot stray, what strays is rounding.
        let strays = self.theories.iter().all(|theory| theory.variance != Some(0.0));
        let gain = joint.precision_gain().filter(|_| strays && !self.is_reference);
        let exact_gain = || Some(100.0 * (known(reference.variance)? / exact.filter(|&exact| exact > 0.0)? - 1.0));
        let nonpositive = share(self.kept.nonpositive, found.estimates());
        let exact_nonpositive = theory.law.as_ref().map(SignError::of).map(|chance| chance.below + chance.tie);
        let mut all: Vec<Performance> = [
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
            row(
                Measure::Nonpositive,
                Some(nonpositive),
                Some(of_share(nonpositive, n)),
                exact_nonpositive.filter(|chance| chance.is_finite()),
            ),
        ]
        .into_iter()
        .flatten()
        .collect();
        if let Some(sample) = self.kept.estimates.as_ref().and_then(Estimates::sample) {
            let of_level = |measure: Measure| {
                let percent = measure.percent()?;
                let exact = || theory.law.as_ref()?.quantile(f64::from(percent) / 100.0);
                let expected = exact().filter(|quantile| quantile.is_finite());
                row(measure, sample.percentile(percent), sample.percentile_error(percent), expected)
            };
            all.extend(Measure::QUANTILES.into_iter().filter_map(of_level));
        }
        if let Some(intervals) = &self.kept.intervals {
            all.extend(of_intervals(intervals, joint.centres()[1], own, std_dev, theory));
        }
        all
    }
}

/// What intervals say, and the standard errors that come with the estimates.
fn of_intervals(
    intervals: &Intervals,
    centre: f64,
    own: CentralMoments,
    std_dev: Option<f64>,
    theory: &Theory,
) -> Vec<Performance> {
    let (test, counts, exact) = (intervals.test(), intervals.own(), intervals.exact());
    let part = |measure, counts: IntervalCounts, held: u64, expected: Option<f64>| {
        let estimate = share(held, counts.intervals);
        let mcse = Some(of_share(estimate, counts.intervals as f64));
        (counts.intervals > 0).then_some(Performance { measure, estimate, mcse, expected })
    };
    let within = |low: f64, high: f64| theory.law.as_ref().and_then(|law| law.within(low, high));
    let reach = test.exact_error.map(|error| test.z * error);
    let exact_coverage = reach.and_then(|reach| within(test.truth - reach, test.truth + reach));
    let exact_rejection = reach.and_then(|reach| within(-reach, reach)).map(|held| 1.0 - held);
    let model = model_errors(intervals, centre, own, std_dev, test.exact_error).into_iter().flatten();
    let shares = [
        part(Measure::Coverage, counts, counts.hold_truth, None),
        test.mean.and_then(|_| part(Measure::BiasEliminatedCoverage, counts, counts.hold_mean, None)),
        part(Measure::Rejection, counts, counts.exclude_zero, None),
        part(Measure::ExactSeCoverage, exact, exact.hold_truth, exact_coverage),
        part(Measure::ExactSeRejection, exact, exact.exclude_zero, exact_rejection),
    ];
    model.chain(shares.into_iter().flatten()).collect()
}

/// The average of the estimates' own standard errors, and by how much it is off: those of sample means are right on average.
fn model_errors(
    intervals: &Intervals,
    centre: f64,
    own: CentralMoments,
    std_dev: Option<f64>,
    exact: Option<f64>,
) -> [Option<Performance>; 2] {
    let whole = intervals.squares().filter(|_| intervals.own().intervals as f64 == own.count);
    let Some([mean, square, with_distance, with_square]) = whole.filter(|means| means[0] > 0.0) else {
        return [None, None];
    };
    let n = own.count;
    let of_sum = |spread: f64| (n > 1.0).then(|| (spread.max(0.0) / (n - 1.0)).sqrt());
    let model = mean.sqrt();
    let model_se = Performance {
        measure: Measure::ModelSe,
        estimate: model,
        mcse: of_sum(square - mean * mean).map(|mcse| mcse / (2.0 * model)),
        expected: exact,
    };
    // Distances are from the estimand; influence is told by those from the sample mean.
    let bias = centre + own.deviation - intervals.test().truth;
    let product = with_square - 2.0 * bias * with_distance + bias * bias * mean;
    let [moment, _, fourth] = own.powers;
    let error = std_dev.filter(|&std_dev| std_dev > 0.0 && moment > 0.0).map(|std_dev| {
        let ratio = model / std_dev;
        let spread = (square / (mean * mean) - 1.0) - 2.0 * (product / (mean * moment) - 1.0)
            + (fourth / (moment * moment) - 1.0);
        let mcse = of_sum(spread).filter(|_| n >= 4.0).map(|mcse| 50.0 * ratio * mcse);
        Performance {
            measure: Measure::ModelSeError,
            estimate: 100.0 * (ratio - 1.0),
            mcse,
            expected: exact.map(|_| 0.0),
        }
    });
    [Some(model_se), error]
}

fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

/// √(C(1−C)/n).
fn of_share(share: f64, n: f64) -> f64 {
    (share * (1.0 - share) / n).sqrt()
}
