//! Double exponential quadrature, and the nodes of Gauss and Legendre.

use std::f64::consts::{FRAC_PI_2, PI};

/// The positive nodes and the weights of the 8-point Gauss–Legendre rule on [−1, 1].
pub(crate) const GAUSS_LEGENDRE: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_27),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];

/// e^±690 is as far as a node goes from a finite end, or from 0: squares may overflow, the nodes do not.
const FURTHEST_LOG: f64 = 690.0;

/// A point and how much it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// Where the integrand is asked for; a breakpoint only by rounding, so never 0.
    pub x: f64,
    /// The factor of its value.
    pub weight: f64,
}

/// The nodes of the trapezoidal rule with step 2^−`level` in t after a double exponential transform (Takahasi & Mori
/// 1974, "Double exponential formulas for numerical integration"), on every piece between neighbouring `breakpoints`,
/// which ascend; the first may be −∞ and the last ∞.
///
/// * a finite piece: x = a + (b−a)/(1 + exp(−π sinh t)), tanh–sinh;
/// * a half-infinite one: x = b ± exp(½π sinh t), exp–sinh;
/// * the whole line, [−∞, ∞]: x = sinh(½π sinh t), sinh–sinh.
///
/// Distances from an end at 0 are exact and go down to 1e-300; near another end b they are rounded, to b itself at
/// last. So a singular point is best moved to 0. Fewer than two breakpoints, or two equal ones, make no nodes.
///
/// ```
/// use kl_math::numeric::nodes;
/// // ∫₀¹ x^−½ dx
/// let sum: f64 = nodes(&[0.0, 1.0], 5).iter().map(|node| node.weight / node.x.sqrt()).sum();
/// assert!((sum - 2.0).abs() < 1e-14);
/// ```
pub fn nodes(breakpoints: &[f64], level: u32) -> Vec<Node> {
    breakpoints.windows(2).flat_map(|ends| piece(ends[0], ends[1], level)).collect()
}

/// The nodes of one piece by rising x.
fn piece(low: f64, high: f64, level: u32) -> Vec<Node> {
    let step = 1.0 / f64::from(1u32 << level.min(30));
    // asinh: 690 = ½π sinh t, or π sinh t on a finite piece.
    let is_finite = low.is_finite() && high.is_finite();
    let furthest = libm::asinh(FURTHEST_LOG / if is_finite { PI } else { FRAC_PI_2 });
    let count = (furthest / step) as i64;
    let place = |index: i64| {
        let t = index as f64 * step;
        let (u, speed) = (FRAC_PI_2 * libm::sinh(t), FRAC_PI_2 * libm::cosh(t) * step);
        match (low.is_finite(), high.is_finite()) {
            (true, true) => {
                // At the distance small · (b−a) from the nearer end.
                let (fall, length) = (libm::exp(-2.0 * u.abs()), (high - low).min(f64::MAX));
                let (small, large) = (fall / (1.0 + fall), 1.0 / (1.0 + fall));
                let x = if u < 0.0 { low + length * small } else { high - length * small };
                Node { x, weight: 2.0 * speed * length * small * large }
            }
            (true, false) => Node { x: low + libm::exp(u), weight: speed * libm::exp(u) },
            (false, true) => Node { x: high - libm::exp(-u), weight: speed * libm::exp(-u) },
            (false, false) => Node { x: libm::sinh(u), weight: speed * libm::cosh(u) },
        }
    };
    // Two equal breakpoints, or two in the wrong order, have nothing between them.
    if low < high { (-count..=count).map(place).collect() } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::hurwitz_zeta;

    const INFINITY: f64 = f64::INFINITY;

    /// At two levels; where a node is rounded to a singular end it does not count.
    #[track_caller]
    fn meets(breakpoints: &[f64], expected: f64, f: impl Fn(f64) -> f64) {
        for level in [11, 12] {
            let values = nodes(breakpoints, level).into_iter().map(|node| node.weight * f(node.x));
            let found: f64 = values.filter(|value| value.is_finite()).sum();
            assert!((found / expected - 1.0).abs() <= 1e-13, "{found} is not {expected}");
        }
    }

    #[test]
    fn densities_on_the_line() {
        let line = [-INFINITY, INFINITY];
        for scale in [1.0, 1e-2, 1e2] {
            meets(&line, (2.0 * PI).sqrt() * scale, |x| libm::exp(-0.5 * (x / scale) * (x / scale)));
            meets(&line, PI * scale, |x| 1.0 / (1.0 + (x / scale) * (x / scale)));
            meets(&line, 1.0, |v| libm::exp(v - libm::exp(v)));
        }
        // Γ(0.01)
        meets(&line, 99.432_585_119_150_6, |v| libm::exp(0.01 * v - libm::exp(v)));
        // ∫ e^{v/2}/(1+e^v) dv
        meets(&line, PI, |v| libm::exp(0.5 * v) / (1.0 + libm::exp(v)));
    }

    #[test]
    fn masses_of_any_scale_beside_a_cut() {
        for scale in [1e-100, 1e-6, 1.0, 1e6, 1e100] {
            for sign in [1.0, -1.0] {
                let cut = if sign > 0.0 { [0.0, INFINITY] } else { [-INFINITY, 0.0] };
                meets(&cut, scale, |x| libm::exp(-x.abs() / scale));
                meets(&cut, (0.5 * PI).sqrt() * scale, |x| libm::exp(-0.5 * (x / scale) * (x / scale)));
                meets(&cut, 2.0 * scale, |x| (x.abs() / scale) * (x.abs() / scale) * libm::exp(-x.abs() / scale));
            }
            meets(&[-INFINITY, 0.0, INFINITY], 2.0 * scale, |x| libm::exp(-x.abs() / scale));
            meets(&[-INFINITY, 0.0, INFINITY], PI * scale, |x| 1.0 / (1.0 + (x / scale) * (x / scale)));
        }
    }

    #[test]
    fn algebraic_tails_and_singular_ends() {
        for shape in [0.1, 0.5, 1.0, 3.0, 50.0] {
            meets(&[1.0, INFINITY], 1.0, |x| shape * libm::pow(x, -shape - 1.0));
        }
        meets(&[0.0, 1.0], 1.0, |x| -libm::log(x));
        meets(&[0.0, 1.0], 24.0, |x| {
            let square = libm::log(x) * libm::log(x);
            square * square
        });
        meets(&[0.0, 1.0], 20.0, |x| libm::pow(x, -0.95));
        meets(&[0.0, 1.0], hurwitz_zeta(2, 1.0), |x| -libm::log1p(-x) / x);
        meets(&[-1.0, 0.0, 2.0], 4.0 * 2f64.sqrt() / 2.0 + 2.0, |x| 1.0 / x.abs().sqrt());
    }

    #[test]
    fn nothing_lies_between_no_breakpoints_or_equal_ones() {
        for breakpoints in [&[][..], &[1.0], &[2.0, 2.0]] {
            assert!(nodes(breakpoints, 5).is_empty());
        }
    }

    #[test]
    fn nodes_are_ordered_and_their_weights_sum_to_the_length() {
        let nodes = nodes(&[-3.0, 0.0, 1e-9, 4.0], 6);
        assert!(nodes.windows(2).all(|pair| pair[0].x <= pair[1].x));
        assert!((nodes.iter().map(|node| node.weight).sum::<f64>() - 7.0).abs() < 1e-14);
        assert!(nodes.iter().any(|node| node.x > 0.0 && node.x < 1e-290));
        assert!(nodes.iter().any(|node| node.x < 0.0 && node.x > -1e-290));
    }
}
