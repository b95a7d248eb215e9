//! How an estimator of a gradient does over all of its components.

use super::{Comparison, Performance};
use kl_math::statistics::Measure;

/// What is known of one component of a gradient: its truth, and the mean and the variance of the estimates of it.
#[derive(Clone, Copy, Debug, Default)]
struct Component {
    truth: f64,
    mean: f64,
    variance: f64,
}

/// The measures of a gradient over the components that are estimated, from the comparison of each; none where an estimate is infinite.
///
/// With g the true gradient, m the mean of the estimates and Σ their covariance, the measures are ‖m − g‖, tr Σ, m·g/(‖m‖ ‖g‖), and
/// √(tr Σ)/‖g‖. How the components' errors go together is not known: each Monte Carlo standard error is a bound, whatever that is, to
/// the first order. That of the norm and of the cosine follow from E ‖m − E m‖² = Σ mcse², that of the trace is the sum of those of
/// the variances.
pub fn assess_gradient(components: &[&Comparison]) -> Vec<Performance> {
    let found: Option<Vec<Component>> = components.iter().map(|of| measured(of)).collect();
    let Some(found) = found.filter(|found| !found.is_empty()) else { return Vec::new() };
    let exact: Option<Vec<Component>> = components.iter().map(|of| expected(of)).collect();
    let error = components.iter().map(|of| of.mcse.map(|mcse| mcse * mcse)).sum::<Option<f64>>().map(f64::sqrt);
    let trace_error = components.iter().map(|of| of.variance_mcse).sum::<Option<f64>>();
    let row = |measure, of: fn(&[Component]) -> Option<f64>, mcse: Option<f64>| {
        let estimate = of(&found)?;
        let expected = exact.as_deref().and_then(of);
        Some(Performance { measure, estimate, mcse: mcse.filter(|mcse| mcse.is_finite()), expected })
    };
    let size = norm(&found, |of| of.mean);
    let of_truth = norm(&found, |of| of.truth);
    let of_noise = trace(&found).and_then(|trace| Some(trace_error? / (2.0 * trace.sqrt() * of_truth)));
    [
        row(Measure::BiasNorm, |all| Some(norm(all, |of| of.mean - of.truth)), error),
        row(Measure::CovarianceTrace, trace, trace_error),
        row(Measure::Cosine, cosine, error.map(|error| error / size)),
        row(Measure::NoiseToSignal, noise, of_noise),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How many sequences a step must average for an expected cosine of its estimate to the true gradient of about `wanted`, where the exact
/// moments of each component's estimate are given: its truth, its mean and its variance. None where no number is enough.
///
/// The mean of n estimates has E ‖·‖² = ‖m‖² + tr Σ/n, so that the cosine is about m·g/(‖g‖ √(‖m‖² + tr Σ/n)).
///
/// ```
/// use kl_sim::comparison::sequences_for_cosine;
/// // An unbiased estimate of (3, 4) with a variance of 25 in all: √(1/(1 + 1/n)) = 0.8 for n = 16/9.
/// assert_eq!(sequences_for_cosine(&[(3.0, 3.0, 20.0), (4.0, 4.0, 5.0)], 0.8), Some(2));
/// // Its mean is at a right angle to the gradient.
/// assert_eq!(sequences_for_cosine(&[(1.0, 0.0, 1.0), (0.0, 1.0, 1.0)], 0.8), None);
/// ```
pub fn sequences_for_cosine(components: &[(f64, f64, f64)], wanted: f64) -> Option<u64> {
    let all: Vec<Component> =
        components.iter().map(|&(truth, mean, variance)| Component { truth, mean, variance }).collect();
    let along = all.iter().map(|of| of.mean * of.truth).sum::<f64>() / norm(&all, |of| of.truth);
    let size = norm(&all, |of| of.mean);
    let room = (along / wanted) * (along / wanted) - size * size;
    let needed = (trace(&all)? / room).ceil();
    (along > 0.0 && room > 0.0 && needed < 1e18).then_some((needed as u64).max(1))
}

fn measured(of: &Comparison) -> Option<Component> {
    let truth = of.closed_form.filter(|truth| truth.is_finite())?;
    let mean = Some(of.estimated()).filter(|mean| mean.is_finite())?;
    Some(Component { truth, mean, variance: of.variance.unwrap_or(f64::NAN) })
}

fn expected(of: &Comparison) -> Option<Component> {
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let (truth, mean) = (finite(of.closed_form)?, finite(of.expected)?);
    Some(Component { truth, mean, variance: finite(of.closed_form_variance).unwrap_or(f64::NAN) })
}

fn norm(all: &[Component], part: impl Fn(&Component) -> f64) -> f64 {
    all.iter().map(|of| part(of) * part(of)).sum::<f64>().sqrt()
}

fn trace(all: &[Component]) -> Option<f64> {
    Some(all.iter().map(|of| of.variance).sum::<f64>()).filter(|trace| trace.is_finite())
}

fn cosine(all: &[Component]) -> Option<f64> {
    let product: f64 = all.iter().map(|of| of.mean * of.truth).sum();
    let sizes = norm(all, |of| of.mean) * norm(all, |of| of.truth);
    Some(product / sizes).filter(|cosine| cosine.is_finite()).map(|cosine| cosine.clamp(-1.0, 1.0))
}

fn noise(all: &[Component]) -> Option<f64> {
    Some(trace(all)?.sqrt() / norm(all, |of| of.truth)).filter(|noise| noise.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison(truth: f64, mean: f64, variance: f64) -> Comparison {
        Comparison {
            closed_form: Some(truth),
            expected: Some(mean),
            mean: Some(mean),
            mcse: Some(0.03),
            closed_form_variance: Some(variance),
            variance: Some(variance),
            variance_mcse: Some(0.5),
            trials: 10,
            ..Comparison::default()
        }
    }

    #[test]
    fn measures_are_those_of_vectors() {
        let all = [comparison(3.0, 3.0, 4.0), comparison(4.0, 0.0, 5.0)];
        let found = assess_gradient(&all.iter().collect::<Vec<_>>());
        let values: Vec<(Measure, f64, Option<f64>)> =
            found.iter().map(|of| (of.measure, of.estimate, of.expected)).collect();
        let expected = [
            (Measure::BiasNorm, 4.0),
            (Measure::CovarianceTrace, 9.0),
            (Measure::Cosine, 0.6),
            (Measure::NoiseToSignal, 0.6),
        ];
        assert_eq!(values, expected.map(|(measure, value)| (measure, value, Some(value))));
        let errors: Vec<f64> = found.iter().map(|of| of.mcse.unwrap()).collect();
        let root = 0.03 * std::f64::consts::SQRT_2;
        for (found, expected) in errors.iter().zip([root, 1.0, root / 3.0, 1.0 / (2.0 * 3.0 * 5.0)]) {
            assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        }
    }

    #[test]
    fn a_gradient_of_0_has_no_direction() {
        let all = [comparison(0.0, 0.5, 4.0)];
        let measures: Vec<Measure> = assess_gradient(&[&all[0]]).iter().map(|of| of.measure).collect();
        assert_eq!(measures, [Measure::BiasNorm, Measure::CovarianceTrace]);
        assert_eq!(sequences_for_cosine(&[(0.0, 0.5, 4.0)], 0.9), None);
    }
}
