//! Means of functions of r = q/p by tilting, where the log ratio is linear in statistics of a standard variable.

use super::{CumulantFunction, FormCumulants, SymbolFunction};
use crate::distribution::LogRatioForm;
use crate::numeric::nodes;

/// E\[w²\], E\[w u\] and E\[u²\] of w = r − 1 + X and u = r − 1, X = ln(p/q) and r = e^−X, where E\[r\] = 1.
///
/// With M_k(s) = E\[Xᵏ e^−sX\], a moment after tilting, and u = −∫₀¹ X e^−tX dt, w = ∫₀¹ (1−t) X² e^−tX dt, they are ∫₀² M₄ ω ds,
/// −∫₀² M₃ η ds and ∫₀² M₂ τ ds: for s ≤ 1 ω = s − s² + s³/6, η = s − s²/2 and τ = s, beyond ω = v³/6, η = v²/2 and τ = v with v =
/// 2 − s. M₄ and M₂ are never negative, so that nothing cancels where Q is near P.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TiltedMoments {
    pub(super) excess_square: f64,
    pub(super) product: f64,
    pub(super) relative_square: f64,
}

impl TiltedMoments {
    /// For a form whose X has this mean; none where E\[r²\] is infinite.
    pub(super) fn of(form: &LogRatioForm, mean: f64) -> Option<Self> {
        const LEVEL: u32 = 6;
        let cumulants = FormCumulants::of(form);
        if !cumulants.value(-2.0).is_finite() {
            return None;
        }
        let mut sums = [0.0; 3];
        for node in nodes(&[0.0, 1.0, 2.0], LEVEL) {
            let s = node.x;
            let [second, third, fourth] = moments(&cumulants, mean, -s)?;
            let v = 2.0 - s;
            let (omega, eta, tau) = if s <= 1.0 {
                (s * (1.0 - s * (1.0 - s / 6.0)), s * (1.0 - 0.5 * s), s)
            } else {
                (v * v * v / 6.0, 0.5 * v * v, v)
            };
            let terms = [omega * fourth, -eta * third, tau * second];
            sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += node.weight * term);
        }
        let [excess_square, product, relative_square] = sums;
        sums.iter().all(|sum| sum.is_finite()).then_some(Self { excess_square, product, relative_square })
    }

    /// c − 1 of the least variance.
    pub(super) fn best_weight(self) -> f64 {
        if self.relative_square > 0.0 { -self.product / self.relative_square } else { -1.0 }
    }

    /// The variance of f, whose mean is this; none if its digits cancel, or f is no function of r.
    pub(super) fn variance(self, function: SymbolFunction, mean: f64) -> Option<f64> {
        /// What may be left of E[f²] at the least.
        const LEFT: f64 = 1e-3;
        let less_one = match function {
            SymbolFunction::LogRatio | SymbolFunction::HalfSquare => return None,
            SymbolFunction::Excess => 0.0,
            SymbolFunction::Controlled { less_one } => less_one.to_f64(),
        };
        let square = self.excess_square + less_one * (2.0 * self.product + less_one * self.relative_square);
        let size = self.excess_square + less_one * less_one * self.relative_square;
        let variance = square - mean * mean;
        (variance > LEFT * size).then_some(variance)
    }
}

/// E\[Xᵏ e^sX\] for k = 2, 3, 4.
fn moments(cumulants: &FormCumulants, mean: f64, s: f64) -> Option<[f64; 3]> {
    let scale = libm::exp(cumulants.value(s) + s * mean);
    let centre = mean + cumulants.slope(s);
    let tilted = cumulants.tilted(s)?;
    let (variance, third, fourth) = (tilted.variance(), tilted.third(), tilted.fourth());
    let square = centre * centre;
    Some([
        scale * (variance + square),
        scale * (third + centre * (3.0 * variance + square)),
        scale * (fourth + 3.0 * variance * variance + centre * 4.0 * third + square * (6.0 * variance + square)),
    ])
}
