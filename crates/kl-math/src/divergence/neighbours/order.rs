//! The order at which a convex function of the order is least.

/// The order from 0 to 1 where a slope that rises with the order is 0, or the end nearest to it; by halving, which asks for
/// the sign of the slope alone.
pub(super) fn least(slope: impl Fn(f64) -> f64) -> f64 {
    /// Halvings until nothing changes.
    const HALVINGS: u32 = 54;
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if slope(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    if low == 0.0 { low } else { 0.5 * (low + high) }
}
