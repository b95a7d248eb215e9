//! Where a weight is clipped.

use super::polynomial::Polynomial;
use super::terms::Terms;

/// An interval of z and the function there.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) terms: Terms,
}

/// The intervals in which the weight is below `most` throughout, or above: from, to, and whether it is below.
pub(super) fn pieces(log_weight: &Polynomial, most: f64) -> Vec<(f64, f64, bool)> {
    let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
    let [constant, linear, square] = [0, 1, 2].map(|power| log_weight.coefficient(power).to_f64());
    let above = |z: f64| constant + z * (linear + z * square) - libm::log(most);
    let mut ends = vec![low];
    ends.extend(roots(constant - libm::log(most), linear, square));
    ends.push(high);
    let between = |ends: &[f64]| match *ends {
        [from, to] => {
            let inside = match (from.is_finite(), to.is_finite()) {
                (true, true) => 0.5 * (from + to),
                (true, false) => from + 1.0 + from.abs(),
                (false, true) => to - 1.0 - to.abs(),
                (false, false) => 0.0,
            };
            Some((from, to, above(inside) <= 0.0))
        }
        _ => None,
    };
    ends.windows(2).filter_map(between).collect()
}

/// The real roots of c + b z + a z², by rising z; none that touch.
fn roots(c: f64, b: f64, a: f64) -> Vec<f64> {
    if !c.is_finite() {
        return Vec::new();
    }
    if a == 0.0 {
        return if b == 0.0 { Vec::new() } else { vec![-c / b] };
    }
    let discriminant = b * b - 4.0 * a * c;
    if discriminant.is_nan() || discriminant <= 0.0 {
        return Vec::new();
    }
    // Of two numbers of one sign.
    let sum = -0.5 * (b + discriminant.sqrt().copysign(b));
    let mut roots = vec![sum / a, c / sum];
    roots.retain(|root| root.is_finite());
    roots.sort_by(f64::total_cmp);
    roots.dedup();
    roots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::DoubleDouble;

    fn cut(coefficients: [f64; 3], most: f64) -> Vec<(f64, f64, bool)> {
        pieces(&Polynomial::new(coefficients.map(DoubleDouble::from)), most)
    }

    #[test]
    fn a_weight_is_clipped_between_roots_beyond_them_on_one_side_or_not_at_all() {
        let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
        assert_eq!(cut([1.0, 0.0, -0.25], 1.0), [(low, -2.0, true), (-2.0, 2.0, false), (2.0, high, true)]);
        assert_eq!(cut([-1.0, 0.0, 0.25], 1.0), [(low, -2.0, false), (-2.0, 2.0, true), (2.0, high, false)]);
        assert_eq!(cut([0.0, 1.0, 0.0], 1.0), [(low, -0.0, true), (-0.0, high, false)]);
        assert_eq!(cut([-1.0, 0.0, -0.25], 1.0), [(low, high, true)]);
        assert_eq!(cut([0.0, 0.0, 0.0], 0.5), [(low, high, false)]);
        assert_eq!(cut([1.0, 1.0, 1.0], high), [(low, high, true)]);
        assert_eq!(cut([1.0, 1.0, -1.0], 0.0), [(low, high, false)]);
    }
}
