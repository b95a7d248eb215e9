//! The terms of the saddle-point form of a mass.

use crate::numeric::{log_gap, stirling_error};

/// m·h(d/m) for a mean m > 0 and an offset d ≥ −m from it, h(t) = (1+t) ln(1+t) − t: never negative, right to a few
/// ulp.
pub(super) fn deviance(offset: f64, mean: f64) -> f64 {
    let relative = offset / mean;
    if relative < 1e6 {
        mean * log_gap(relative)
    } else {
        // d/m may overflow.
        let value = mean + offset;
        value * (libm::log(value) - libm::log(mean)) - offset
    }
}

/// Stirling's remainder δ(x), as [`stirling_error`] has it, for any x ≥ 1: up to 15 by δ(x) = δ(x+1) + (x+½) ln(1+1/x)
/// − 1, right to 3e-15.
pub(super) fn remainder(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x <= 15.0 && x != x.floor() {
        sum += (x + 0.5) * libm::log1p(1.0 / x) - 1.0;
        x += 1.0;
    }
    sum + stirling_error(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remainder_is_that_of_the_gamma_function() {
        for x in [1.0, 1.001, 1.5, 2.25, 7.75, 14.999, 15.0, 15.5] {
            let expected = libm::lgamma(x + 1.0) - (x + 0.5) * libm::log(x) + x - 0.918_938_533_204_672_7;
            assert!((remainder(x) - expected).abs() < 3e-14, "{x}: {} {expected}", remainder(x));
        }
    }
}
