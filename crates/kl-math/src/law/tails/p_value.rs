//! A p-value made of two tails.

/// How much a p-value is rounded upward, relatively: it bounds the error of every tail of the laws here.
///
/// Each is the density at its inner end, whose logarithm is at most 800 in size and some thirty roundings off, 30 ·
/// 800 u < 3e-12 (u = 2⁻⁵³), times an integral or a sum of ratios: by 8-point segments over which the density falls by
/// about e², < 1e-13, or by up to 5000 ratios, five roundings each, < 3e-12. What is cut off is < 1e-14, and a
/// complement 1 − x with x ≤ ¾ multiplies the error of x by at most 3: together below 3e-11. Against reference values
/// it is below 1e-12 (`tests/it/tails.rs`).
pub(super) const TAIL_ERROR: f64 = 1e-10;

/// min(1, 2 min(lower, upper)) rounded upward: never below the truth, and above it by 2e-10 of itself at most, or the
/// least normal double.
pub(super) fn two_sided(lower: f64, upper: f64) -> f64 {
    (2.0 * lower.min(upper) * (1.0 + TAIL_ERROR)).clamp(f64::MIN_POSITIVE, 1.0)
}
