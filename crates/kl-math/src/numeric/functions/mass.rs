//! Masses of counts in the saddle-point form, in which no term cancels another.

use crate::numeric::{DoubleDouble, log_gap, stirling_error};
use std::f64::consts::TAU;

/// m h(d/m), h(t) = (1+t) ln(1+t) − t: how far a count at m + d is from its mean m > 0, in nats; ∞ for m = 0 < d.
pub fn deviance_part(offset: f64, mean: f64) -> f64 {
    let relative = offset / mean;
    if relative < 1e100 {
        mean * log_gap(relative)
    } else {
        // d/m or its product may overflow; the rest of h is far below its last digit.
        offset * (libm::log(offset) - libm::log(mean) - 1.0)
    }
}

/// The same at k ≥ 0 for m ≥ 0.
fn deviance(k: f64, m: f64) -> f64 {
    if m == 0.0 && k == 0.0 { 0.0 } else { deviance_part(k - m, m) }
}

/// ln of the Poisson mass e^−m mᵏ/k! at a whole k ≥ 0 (Loader 2000, "Fast and accurate computation of binomial
/// probabilities").
///
/// ```
/// use kl_math::numeric::log_poisson_mass;
/// assert_eq!(log_poisson_mass(0.0, 2.5), -2.5);
/// assert!((log_poisson_mass(2.0, 2.0) - (2.0f64 * (-2.0f64).exp()).ln()).abs() < 1e-15);
/// ```
pub fn log_poisson_mass(k: f64, mean: f64) -> f64 {
    if k < 0.0 {
        f64::NEG_INFINITY
    } else if k == 0.0 {
        -mean
    } else if mean == 0.0 {
        f64::NEG_INFINITY
    } else {
        -stirling_error(k) - deviance(k, mean) - 0.5 * libm::log(TAU * k)
    }
}

/// ln [Γ(a+b+1)/(Γ(a+1)Γ(b+1)) pᵃ qᵇ] for a, b ≥ 0 and p + q = 1: the binomial mass where both are whole.
///
/// ```
/// use kl_math::numeric::log_binomial_mass;
/// assert!((log_binomial_mass(1.0, 1.0, 0.5, 0.5) - 0.5f64.ln()).abs() < 1e-15);
/// assert_eq!(log_binomial_mass(0.0, 3.0, 0.0, 1.0), 0.0);
/// ```
pub fn log_binomial_mass(a: f64, b: f64, p: f64, q: f64) -> f64 {
    if a < 0.0 || b < 0.0 {
        return f64::NEG_INFINITY;
    }
    let n = a + b;
    let log = |p: f64, q: f64| if p > 0.5 { libm::log1p(-q) } else { libm::log(p) };
    if n == 0.0 {
        0.0
    } else if a == 0.0 {
        n * log(q, p)
    } else if b == 0.0 {
        n * log(p, q)
    } else {
        let remainders = stirling_error(n) - stirling_error(a) - stirling_error(b);
        remainders - deviance(a, n * p) - deviance(b, n * q) + 0.5 * libm::log(n / a / b / TAU)
    }
}

/// q h((p−q)/q) = p ln(p/q) − p + q ≥ 0, a symbol's part of the divergence, in nats; `log_ratio` is ln(p/q).
///
/// Where p is 0 it is q, as 0·ln 0 is 0; that q is not 0 where p is not, the caller knows.
///
/// ```
/// use kl_math::numeric::{DoubleDouble, divergence_term};
/// let (half, quarter) = (DoubleDouble::ratio(1, 2), DoubleDouble::ratio(1, 4));
/// let term = divergence_term(half, quarter, std::f64::consts::LN_2);
/// assert!((term - (0.5 * std::f64::consts::LN_2 - 0.25)).abs() < 1e-16);
/// ```
pub fn divergence_term(p: DoubleDouble, q: DoubleDouble, log_ratio: f64) -> f64 {
    let (high, low) = (p.to_f64(), q.to_f64());
    if low == 0.0 || high == 0.0 {
        return low;
    }
    let relative = ((p - q) / q).to_f64();
    if relative < 1e6 { low * log_gap(relative) } else { high * log_ratio + (q - p).to_f64() }
}
