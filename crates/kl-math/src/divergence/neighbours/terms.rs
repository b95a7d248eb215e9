//! What one value adds to sums over the larger of p and q, by X = ln(p/q): its terms have one sign and lose no digit near X = 0.

use crate::numeric::exp_excess;

/// pᵃ q¹⁻ᵃ − a p − (1−a) q where the larger of p and q is 1.
pub(super) fn power_less_line(order: f64, ratio: f64) -> f64 {
    if ratio < 0.0 { above([1.0 - order, -order], -ratio) } else { above([order, order - 1.0], ratio) }
}

/// e^(−(1−a)x) − a − (1−a) e^−x, x ≥ 0. `less` is a − 1, which has lost digits if it is taken from an a near 1.
fn above([a, less]: [f64; 2], x: f64) -> f64 {
    if x == f64::INFINITY {
        return if a > 1.0 { x } else { -a };
    }
    if a > 0.5 && x > 1.0 {
        return libm::expm1(less * x) + less * libm::expm1(-x);
    }
    if a > 0.5 {
        return exp_excess(less * x) + less * exp_excess(-x);
    }
    let power = if a * x > 1.0 {
        libm::exp(less * x) - libm::exp(-x) * (1.0 + a * x)
    } else {
        libm::exp(-x) * exp_excess(a * x)
    };
    let rest = if x < 1.0 { libm::exp(-x) * exp_excess(x) } else { 1.0 - libm::exp(-x) * (1.0 + x) };
    power - a * rest
}

/// By how much the same changes with X, the larger of p and q held.
pub(super) fn change_of_power(order: f64, ratio: f64) -> f64 {
    let of = |less: f64, x: f64| less * (libm::exp(less * x) - libm::exp(-x));
    if ratio < 0.0 { of(-order, -ratio) } else { of(order - 1.0, ratio) }
}

/// pᵃ q¹⁻ᵃ ln(p/q) − (p − q), the slope in the order, where the larger of p and q is 1.
pub(super) fn slope_in_order(order: f64, ratio: f64) -> f64 {
    let above = |less: f64, x: f64| match x {
        f64::INFINITY => -1.0,
        x if x <= 1.0 => x * libm::expm1(less * x) + exp_excess(-x),
        x => x * libm::exp(less * x) + libm::expm1(-x),
    };
    if ratio < 0.0 { -above(-order, -ratio) } else { above(order - 1.0, ratio) }
}

/// ½ p ln(p/m) + ½ q ln(q/m) with m = ½(p + q), and its slope, where the larger of p and q is 1.
pub(super) fn jensen_shannon(ratio: f64) -> [f64; 2] {
    let lesser = libm::exp(-ratio.abs());
    let u = -libm::expm1(-ratio.abs()) / (1.0 + lesser);
    let rest = 2.0 * lesser / (1.0 + lesser);
    let slope = if lesser > 0.0 { -0.5 * lesser * libm::log(rest) } else { 0.0 };
    [0.25 * (1.0 + lesser) * even_part(u, rest), slope]
}

/// (1−u) ln(1−u) + (1+u) ln(1+u) = Σ u²ᵏ/(k(2k−1)), for u from 0 to 1; `rest` is 1 − u.
pub(super) fn even_part(u: f64, rest: f64) -> f64 {
    /// Below it the series has all digits after …
    const NEAR: f64 = 0.25;
    /// … so many terms.
    const TERMS: u32 = 15;
    if u > NEAR {
        let low = if rest > 0.0 { rest * libm::log(rest) } else { 0.0 };
        return low + (1.0 + u) * libm::log1p(u);
    }
    let square = u * u;
    let term = |sum: f64, k: u32| sum * square + 1.0 / (f64::from(k) * f64::from(2 * k - 1));
    (1..=TERMS).rev().fold(0.0, term) * square
}

/// |p − q|, and its slope, where the larger of p and q is 1.
pub(super) fn distance(ratio: f64) -> [f64; 2] {
    [-libm::expm1(-ratio.abs()), libm::exp(-ratio.abs())]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Next to X = 0, next to order 1 and far out, where parts of the terms are far larger than what is left of them.
    #[test]
    fn terms_keep_their_digits() {
        let near = |found: f64, expected: f64| {
            assert!((found - expected).abs() <= 4e-15 * expected.abs(), "{found:e} is not {expected:e}");
        };
        near(power_less_line(0.5, 1e-9), -0.125e-18 * (1.0 - 0.5e-9));
        near(power_less_line(0.75, 1e12), -0.75);
        near(power_less_line(0.25, -1e12), -0.75);
        near(power_less_line(2.0, -1e12), 1.0);
        // (a−1) ((X−1) eˣ + 1)/eˣ and a (a−1)/2 terms beyond it, at X = 1/2, 3 and a = 1 + 2⁻⁴⁰.
        let step = f64::EPSILON * 4096.0;
        for x in [0.5, 3.0] {
            near(power_less_line(1.0 + step, x), step * (x + libm::expm1(-x)) + 0.5 * step * step * x * x);
            near(power_less_line(step, -x), -step * (x + libm::expm1(-x)) + 0.5 * step * step * x * x);
        }
        // −a (x − 1 + e^−x) and a² x²/2 beyond it, at an order far below what rounding leaves of 1 − a.
        for (tiny, x) in [(1e-12, 3.0), (1e-12, 0.5), (1e-20, 40.0)] {
            near(power_less_line(tiny, -x), -tiny * (x + libm::expm1(-x)) + 0.5 * tiny * tiny * x * x);
        }
        near(jensen_shannon(1e-9)[0], 0.125e-18 * (1.0 - 0.5e-9));
        assert_eq!(jensen_shannon(f64::INFINITY), [0.5 * std::f64::consts::LN_2, 0.0]);
        assert_eq!(power_less_line(3.0, f64::INFINITY), f64::INFINITY);
        assert_eq!([power_less_line(0.25, f64::INFINITY), power_less_line(0.25, f64::NEG_INFINITY)], [-0.25, -0.75]);
    }
}
