//! How long a test goes on, about: to find what takes too long before it is tried.

use crate::decision::StoppingRule;
use std::f64::consts::PI;

/// About how many symbols it takes until only a part e^(−`folds`) of the sequences is left, from the moments of a step: `max` at most.
///
/// A Brownian motion with drift μ and variance σ² a step leaves an interval of width w at the rate π²σ²/(2w²) + μ²/(2σ²) a step. Limits
/// that move are left at no known rate.
pub(super) fn about(mean: f64, variance: f64, rule: &StoppingRule, folds: f64) -> f64 {
    let max = rule.max() as f64;
    let Some((lower, upper)) = rule.constant_limits() else { return max };
    // Steps carry it beyond the limits.
    let width = upper - lower + variance.sqrt();
    let rate = PI * PI * variance / (2.0 * width * width) + mean * mean / (2.0 * variance);
    if rate > 0.0 { (folds / rate).min(max) } else { max }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Beside what an exact law says.
    #[test]
    fn estimates_are_near() {
        use crate::decision::{SequentialLaw, StepLaw};
        let steps = StepLaw::Normal { mean: 0.02, std_dev: 0.2 };
        let rule = StoppingRule::wald(0.05, 0.05, 100_000).unwrap();
        let law = SequentialLaw::of(&steps, &rule).unwrap();
        for folds in [10.0, 20.0] {
            let n = about(0.02, 0.04, &rule, folds);
            let left = -libm::log(1.0 - law.length_at_most(n as u64));
            assert!((left / folds - 1.0).abs() < 0.1, "{folds} {left}");
        }
        assert_eq!(about(0.0, 1e-12, &rule, 10.0), 100_000.0);
    }
}
