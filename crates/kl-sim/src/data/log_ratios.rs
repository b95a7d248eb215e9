//! Estimates from values whose log ratio is known.

use super::estimate::{DataEstimate, ErrorMethod, Lack};
use crate::estimator::BiasOrder;
use kl_math::divergence::SymbolFunction;
use kl_math::statistics::student_quantile;

/// The means of k1, k2, k3, and of the control variate with this weight, over values from P, each with its standard error s/√N and
/// the interval of Student's t with N − 1 degrees of freedom. The values are given by their log ratios ln(p/q), each with the number of
/// values that have it. k2 is biased; the others are unbiased where P has mass wherever Q has.
///
/// ```
/// use kl_sim::data::estimate_log_ratios;
/// let found = estimate_log_ratios(&[(0.5, 1), (-0.25, 1), (0.75, 1)], None, 0.95);
/// assert_eq!((found[0].estimator.as_str(), found[0].estimate), ("log_ratio", Some(1.0 / 3.0)));
/// assert!((found[0].std_error.unwrap() - 0.300_462_606_288_665_8).abs() < 1e-15);
/// ```
pub fn estimate_log_ratios(
    log_ratios: &[(f64, u64)],
    control: Option<SymbolFunction>,
    level: f64,
) -> Vec<DataEstimate> {
    let functions =
        [("log_ratio", SymbolFunction::LogRatio), ("k2", SymbolFunction::HalfSquare), ("k3", SymbolFunction::Excess)];
    let controlled = control.map(|function| ("control_variate", function));
    let size = log_ratios.iter().map(|&(_, count)| count).sum::<u64>() as f64;
    let t = student_quantile(0.5 * (1.0 - level), (size - 1.0).max(1.0));
    let row = |(name, function): (&str, SymbolFunction)| {
        let values =
            || log_ratios.iter().filter(|(_, count)| *count > 0).map(|&(x, count)| (function.of(x), count as f64));
        let mean = values().map(|(value, count)| count * value).sum::<f64>() / size;
        let bias_order = if name == "k2" { BiasOrder::Lasting } else { BiasOrder::Unbiased };
        let estimate = Some(mean).filter(|mean| !mean.is_nan());
        let found = DataEstimate { bias_order, ..DataEstimate::new(name, estimate) };
        if !mean.is_finite() || size < 2.0 {
            return found.lacking(Lack::TooFew);
        }
        let squares: f64 = values().map(|(value, count)| count * ((value - mean) * (value - mean))).sum();
        let std_error = (squares / (size - 1.0) / size).sqrt();
        found.with_std_error(std_error, ErrorMethod::Spread, t).without_interval_if_lasting()
    };
    functions.into_iter().chain(controlled).map(row).collect()
}
