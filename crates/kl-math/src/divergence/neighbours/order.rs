//! The order at which a convex function of the order is least.

/// The order from 0 to 1 where a slope that rises with the order is 0, or the end nearest to it.
///
/// # Source
///
/// The Illinois method: Dowell & Jarratt 1971, "A modified regula falsi method for computing the root of an equation".
pub(super) fn least(slope: impl Fn(f64) -> f64) -> f64 {
    /// Halvings until nothing changes.
    const HALVINGS: u32 = 54;
    /// Chords until nothing changes, at the most.
    const CHORDS: u32 = 60;
    let (mut low, mut high) = ((0.0, f64::NAN), (1.0, f64::NAN));
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low.0 + high.0);
        let found = slope(middle);
        if found == 0.0 {
            return middle;
        }
        if found < 0.0 {
            low = (middle, found);
        } else {
            high = (middle, found);
        }
        if low.1.is_finite() && high.1.is_finite() {
            break;
        }
    }
    if !low.1.is_finite() || !high.1.is_finite() {
        return if low.0 == 0.0 { 0.0 } else { 0.5 * (low.0 + high.0) };
    }
    let mut last = f64::NAN;
    for _ in 0..CHORDS {
        let next = low.0 - low.1 * (high.0 - low.0) / (high.1 - low.1);
        let found = slope(next);
        if found == 0.0 || !(low.0 < next && next < high.0) || (next - last).abs() <= f64::EPSILON * next {
            return next.clamp(low.0, high.0);
        }
        // An end that stays counts half.
        if found < 0.0 {
            if last == low.0 {
                high.1 *= 0.5;
            }
            low = (next, found);
        } else {
            if last == high.0 {
                low.1 *= 0.5;
            }
            high = (next, found);
        }
        last = next;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_or_the_nearest_end_is_found() {
        for root in [1e-6, 0.1, 0.5, 0.7, 1.0 - 1e-6] {
            let found = least(|order| libm::expm1(3.0 * (order - root)));
            assert!((found - root).abs() < 1e-14, "{found} is not {root}");
        }
        assert_eq!(least(|_| 1.0), 0.0);
        assert!(least(|_| -1.0) > 1.0 - 1e-14);
    }
}
