//! The bias that a test with interim analyses is guaranteed to detect.

use super::MISS;
use kl_math::statistics::{detectable_bias, two_sided_bound};
use kl_sim::comparison::Comparison;
use kl_sim::estimator::Contributions;

/// The share of each error rate that the last analysis may spend; the earlier ones divide the rest. The last one has nearly the
/// power of a single analysis.
pub(super) const LAST_SHARE: f64 = 0.5;

/// A bias that is detected with probability at least 1 − [`MISS`].
#[derive(Debug)]
pub(super) struct GuaranteedBias {
    contributions: Contributions,
    /// The bias in nats per symbol.
    bias: f64,
    /// The bias relative to D.
    pub(super) relative: f64,
}

impl GuaranteedBias {
    /// The bias that all `trials` detect at the last analysis, or the one `wanted` (relative to D) if that is larger.
    pub(super) fn new(
        contributions: Contributions,
        closed_form: f64,
        trials: u64,
        level: f64,
        wanted: Option<f64>,
    ) -> Option<Self> {
        let count = contributions.count as f64 * trials as f64;
        let function = contributions.cumulants.function();
        let detectable = detectable_bias(function, count, LAST_SHARE * level, LAST_SHARE * MISS);
        let bias = wanted.map_or(detectable, |relative| detectable.max(relative * closed_form));
        let relative = bias / closed_form;
        (relative.is_finite() && bias > 0.0).then_some(Self { contributions, bias, relative })
    }

    /// Whether the trials so far exclude the bias in both directions: with that bias, they would have probability at most
    /// `miss`. The distribution about the mean is taken from theory, as in [`detectable_bias`].
    pub(super) fn is_excluded(&self, found: &Comparison, miss: f64) -> bool {
        let Some((bias, expected)) = found.bias.zip(found.expected) else { return false };
        let deviation = bias - (expected - found.estimand());
        let count = self.contributions.count as f64 * found.trials as f64;
        let probability = |deviation: f64| {
            // The bound is two-sided.
            0.5 * two_sided_bound(self.contributions.cumulants.function(), deviation, count)
        };
        deviation.abs() < self.bias
            && probability(deviation - self.bias) <= miss
            && probability(deviation + self.bias) <= miss
    }
}
