//! Integrals along a tail by Gauss–Legendre nodes, one segment after another.

use crate::numeric::GAUSS_LEGENDRE;

/// Terms, or segments, below this part of the sum end it.
pub(super) const NEGLIGIBLE_PART: f64 = 1e-17;

/// ∫f over a segment that starts at `start` and is 2 `half` long.
pub(super) fn segment_integral(start: f64, half: f64, f: impl Fn(f64) -> f64) -> f64 {
    half * GAUSS_LEGENDRE.iter().fold(0.0, |part, (node, weight)| {
        part + weight * (f(start + half * (1.0 - node)) + f(start + half * (1.0 + node)))
    })
}

/// ∫f from 0 to `length` ≤ ∞ for a positive f: by segments as long as `width` says for where they start, until one is
/// negligible.
pub(super) fn integral_outward(length: f64, width: impl Fn(f64) -> f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut sum, mut position) = (0.0, 0.0);
    while position < length {
        let half = 0.5 * width(position).min(length - position);
        let part = segment_integral(position, half, &f);
        sum += part;
        position += 2.0 * half;
        // What is not a number ends it too.
        if part.is_nan() || part <= NEGLIGIBLE_PART * sum {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_is_exact_to_degree_fifteen() {
        let power = |x: f64| (0..15).fold(1.0, |product, _| product * x);
        assert!((segment_integral(0.0, 0.5, power) * 16.0 - 1.0).abs() < 1e-15);
    }

    #[test]
    fn panels_end_at_the_length_or_where_nothing_is_left() {
        let found = |length| integral_outward(length, |_| 2.0, |x| libm::exp(-x));
        assert!((found(f64::INFINITY) - 1.0).abs() < 1e-15);
        assert!((found(3.0) + libm::expm1(-3.0)).abs() < 1e-15);
        assert_eq!(found(0.0), 0.0);
    }
}
