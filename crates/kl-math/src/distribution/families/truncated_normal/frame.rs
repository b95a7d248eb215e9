//! Where the values of a truncated normal law are measured from.

use crate::numeric::{compensated, nodes};

/// Where values are measured from: x = origin ± σ w, and w has the density e^(−aw − w²/2) up to a factor.
///
/// Of most laws the origin is the mean. It is an end where the normal law has little mass between the ends: there x is as near to
/// that end as doubles can say.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Frame {
    pub(super) origin: f64,
    pub(super) is_mirrored: bool,
    /// a.
    pub(super) steepness: f64,
    /// Where w lies.
    pub(super) range: [f64; 2],
    /// ln ∫ e^(−aw − w²/2) dw.
    pub(super) log_mass: f64,
}

impl Frame {
    /// Whether the origin is the mean.
    pub(super) fn is_central(&self) -> bool {
        self.range.first().is_some_and(|&low| low < 0.0)
    }

    /// Of the law between low = m + ασ and high = m + βσ.
    pub(super) fn new(mean: f64, [low, high]: [f64; 2], [alpha, beta]: [f64; 2], length: f64) -> Self {
        /// The mass of a normal law that is worth drawing from it.
        const LEAST: f64 = 0.25;
        if alpha < 0.0 && beta > 0.0 {
            let mass = mass(0.0, -alpha) + mass(0.0, beta);
            if mass >= LEAST * std::f64::consts::TAU.sqrt() {
                let (range, log_mass) = ([alpha, beta], libm::log(mass));
                return Self { origin: mean, is_mirrored: false, steepness: 0.0, range, log_mass };
            }
        }
        let (range, is_mirrored) = ([0.0, length], beta <= 0.0);
        let (origin, steepness) = if is_mirrored { (high, -beta) } else { (low, alpha) };
        Self { origin, is_mirrored, steepness, range, log_mass: libm::log(mass(steepness, length)) }
    }
}

/// ∫₀ᴸ e^(−aw − w²/2) dw, a > −1: all terms are positive, so that nothing cancels.
fn mass(steepness: f64, length: f64) -> f64 {
    /// In units of the faster one of the two falls: e^−40 is no part of the mass.
    const FURTHEST: f64 = 40.0;
    const LEVEL: u32 = 7;
    let unit = 1.0 / steepness.max(1.0);
    let terms = nodes(&[0.0, (length / unit).min(FURTHEST)], LEVEL);
    let term = |t: f64| libm::exp(-t * unit * (steepness + 0.5 * t * unit));
    unit * compensated(terms.iter().map(|node| node.weight * term(node.x)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By mpmath with 40 digits.
    #[test]
    fn masses_far_out_and_of_short_intervals_keep_their_digits() {
        const WHOLE: f64 = f64::INFINITY;
        for (steepness, length, expected) in [
            (0.0, WHOLE, 1.253_314_137_315_500_3),
            (0.0, 1e-9, 1e-9),
            (3.0, WHOLE, 0.304_590_298_710_103_3),
            (50.0, WHOLE, 0.019_992_009_580_853_567),
            (1e6, WHOLE, 9.999_999_999_99e-7),
            (1e6, 1e-7, 9.516_258_196_404_027e-8),
            (2.0, 0.5, 0.306_356_186_795_856_5),
            (-0.5, 0.6, 0.656_952_789_633_516_5),
        ] {
            let found = mass(steepness, length);
            assert!((found / expected - 1.0).abs() < 4e-16, "{steepness} {length}: {found}");
        }
    }
}
