//! Gamma numbers with their logarithms.

use super::batch::{BATCH, Longs};
use super::branchless::exp;
use super::layers::{Density, Layers, Sides};
use crate::simulation::words::Words;
use kl_math::numeric::{exp_excess, stirling_error};
use std::f64::consts::TAU;

/// Draws ln G and G from the standard gamma law of one shape a > 0: density xᵃ⁻¹ e⁻ˣ/Γ(a) for x > 0. Made once, drawn from
/// often.
///
/// ln(G/a) is drawn from its own density by [`Layers`], and G is a times its exponential: the law is the gamma one to 2e-14 in
/// total variation. The places of ln(G/a) are 2⁻⁵³ times a layer's width apart, so that G has as many digits, and 0 only
/// where it would be below 5e-324.
#[derive(Debug)]
pub(in crate::simulation::sampler) struct LogGammas {
    shape: f64,
    log_shape: f64,
    layers: Box<Layers<LogGamma, 256>>,
}

impl LogGammas {
    /// The law of `shape` a, positive and finite.
    pub(in crate::simulation::sampler) fn new(shape: f64) -> Self {
        Self { shape, log_shape: libm::log(shape), layers: Box::new(Layers::new(LogGamma { shape })) }
    }

    /// ln G and G.
    #[inline]
    pub(in crate::simulation::sampler) fn draw(&self, stream: &mut (impl Words + ?Sized)) -> [f64; 2] {
        self.pair(self.layers.draw(stream))
    }

    #[inline]
    pub(super) fn fill(&self, longs: &Longs, stream: &mut (impl Words + ?Sized), pairs: &mut [[f64; 2]; BATCH]) {
        let mut logs = [0.0; BATCH];
        self.layers.fill(longs, stream, &mut logs);
        for (pair, log) in pairs.iter_mut().zip(logs) {
            *pair = self.pair(log);
        }
    }

    #[inline]
    fn pair(&self, log: f64) -> [f64; 2] {
        [self.log_shape + log, self.shape * exp(log)]
    }
}

/// The density of y = ln(G/a), G of the gamma law of shape a: e^{−a (e^y − 1 − y)}, up to a factor. Its top is at 0, and its
/// logarithm is concave for any a > 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogGamma {
    pub(super) shape: f64,
}

impl Density for LogGamma {
    const SIDES: Sides = Sides::Both;

    fn log(&self, y: f64) -> f64 {
        // The difference has digits enough where it is not made large.
        let excess = if self.shape < FEW_TIMES { libm::expm1(y) - y } else { exp_excess(y) };
        -self.shape * excess
    }

    fn slope(&self, y: f64) -> f64 {
        -self.shape * libm::expm1(y)
    }

    fn area(&self) -> f64 {
        gamma_area(self.shape)
    }
}

/// Shapes below this one make 1e-14 of a rounded difference at most.
pub(super) const FEW_TIMES: f64 = 64.0;

/// Γ(a) (e/a)ᵃ, by Stirling's formula.
pub(super) fn gamma_area(shape: f64) -> f64 {
    (TAU / shape).sqrt() * libm::exp(stirling_error(shape))
}
