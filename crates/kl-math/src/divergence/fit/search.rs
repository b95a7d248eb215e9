//! A descent to a minimum of KL(Q‖P) over the normal Q.

use super::expectations::{Expectations, Kinks};
use super::normal::NormalFit;
use crate::distribution::{Distribution, Values};

/// KL(Q‖P) about a normal Q, in the coordinates (m/σ, ln σ) there.
#[derive(Clone, Copy)]
pub(super) struct Local {
    mean: f64,
    log_std_dev: f64,
    /// KL(Q‖P), nats.
    pub(super) value: f64,
    gradient: [f64; 2],
    gradient_errors: [f64; 2],
    curvature: Curvature,
    /// How far the value may be off.
    pub(super) noise: f64,
}

/// A symmetric matrix \[\[a, b\], \[b, c\]\].
#[derive(Clone, Copy)]
struct Curvature {
    a: f64,
    b: f64,
    c: f64,
}

impl Curvature {
    fn eigenvalues(self) -> [f64; 2] {
        let (half, gap) = (0.5 * (self.a + self.c), 0.5 * (self.a - self.c));
        let root = libm::hypot(gap, self.b);
        [half - root, half + root]
    }

    /// The solution of (this + shift) x = v.
    fn solve(self, shift: f64, v: [f64; 2]) -> [f64; 2] {
        let (a, c) = (self.a + shift, self.c + shift);
        let determinant = a * c - self.b * self.b;
        [(c * v[0] - self.b * v[1]) / determinant, (a * v[1] - self.b * v[0]) / determinant]
    }
}

/// A search for the normal Q that is nearest to P.
pub(super) struct Search<'a> {
    values: &'a dyn Values,
    kinks: Kinks,
}

/// ½ ln 2πe.
const ENTROPY: f64 = 1.418_938_533_204_672_7;

/// Steps of a search.
const MOST_STEPS: usize = 200;

/// The longest step, in standard deviations and in nats of ln σ.
const LONGEST: f64 = 0.7;

impl<'a> Search<'a> {
    pub(super) fn new(p: &Distribution, values: &'a dyn Values) -> Self {
        Self { values, kinks: Kinks::of(p) }
    }

    /// KL(Q‖P) and its derivatives; none where the integrals do not settle.
    pub(super) fn at(&self, mean: f64, log_std_dev: f64) -> Option<Local> {
        let std_dev = libm::exp(log_std_dev);
        if !(mean.is_finite() && std_dev > 0.0 && std_dev.is_finite()) {
            return None;
        }
        let Expectations { means: e, errors } = Expectations::of(self.values, &self.kinks, mean, std_dev)?;
        let local = Local {
            mean,
            log_std_dev,
            value: -log_std_dev - ENTROPY - e[0],
            gradient: [-e[1], -1.0 - e[2]],
            gradient_errors: [errors[1], errors[2] + f64::EPSILON],
            curvature: Curvature { a: -e[2], b: -e[3], c: -2.0 * e[2] - e[4] },
            noise: errors[0] + 4.0 * f64::EPSILON * (log_std_dev.abs() + e[0].abs() + ENTROPY),
        };
        local.value.is_finite().then_some(local)
    }

    fn moved(&self, from: &Local, step: [f64; 2]) -> Option<Local> {
        self.at(from.mean + step[0] * libm::exp(from.log_std_dev), from.log_std_dev + step[1])
    }

    /// The local minimum that a search ends at, and KL(Q‖P) there.
    pub(super) fn minimum(&self, mean: f64, std_dev: f64) -> Option<(NormalFit, f64)> {
        /// Curvature that is less, as a part of the larger one, is not that of a valley.
        const FLAT: f64 = 1e-9;
        /// Steps that are shorter need not lower a value whose digits are all the same.
        const NEAR: f64 = 1e-5;
        let mut here = self.at(mean, libm::log(std_dev))?;
        let mut last = f64::INFINITY;
        for _ in 0..MOST_STEPS {
            let [low, high] = here.curvature.eigenvalues();
            let size = libm::hypot(here.gradient[0], here.gradient[1]);
            let noise = libm::hypot(here.gradient_errors[0], here.gradient_errors[1]);
            // Where the curvature is not that of a valley, it is made so.
            let shift = if low > FLAT * high { 0.0 } else { (FLAT * high.abs()).max(0.1 * high.abs()).max(0.1) - low };
            let newton = here.curvature.solve(shift, here.gradient);
            let length = libm::hypot(newton[0], newton[1]);
            let is_near = shift == 0.0 && length < NEAR;
            if is_near && (length >= 0.5 * last || size <= noise) {
                break;
            }
            let scale = if length > LONGEST { LONGEST / length } else { 1.0 };
            let step = [-newton[0] * scale, -newton[1] * scale];
            match self.lower(&here, step, is_near) {
                Some(next) => here = next,
                // Nothing lower is to be seen: it is as near as digits go.
                None => break,
            }
            last = if is_near { length } else { f64::INFINITY };
        }
        let [low, _] = here.curvature.eigenvalues();
        if low < 0.0 {
            return None;
        }
        let (mean_error, std_dev_error) = match self.error(&here) {
            Some(error) => {
                let std_dev = libm::exp(here.log_std_dev);
                let rounding = 4.0 * f64::EPSILON;
                (
                    Some(error * std_dev + rounding * (here.mean.abs() + std_dev)),
                    Some((libm::expm1(error) + rounding * (1.0 + here.log_std_dev.abs())) * std_dev),
                )
            }
            None => (None, None),
        };
        let fit = NormalFit { mean: here.mean, std_dev: libm::exp(here.log_std_dev), mean_error, std_dev_error };
        Some((fit, here.value))
    }

    /// The place after a step that is halved until it lowers the value.
    fn lower(&self, here: &Local, mut step: [f64; 2], is_near: bool) -> Option<Local> {
        const HALVINGS: usize = 40;
        /// The part of what the slope promises (Armijo).
        const PART: f64 = 1e-4;
        let slope = here.gradient[0] * step[0] + here.gradient[1] * step[1];
        let mut part = 1.0;
        for _ in 0..HALVINGS {
            if let Some(next) = self.moved(here, step)
                && (is_near || next.value <= here.value + PART * part * slope)
            {
                return Some(next);
            }
            step = [0.5 * step[0], 0.5 * step[1]];
            part *= 0.5;
        }
        None
    }

    /// A bound on the distance to the exact minimum, in standard deviations and in nats of ln σ.
    ///
    /// With the least curvature c at the end and at least c/2 around, the gradient changes by at least d c/2 over a distance d: where
    /// it is 0 is no further than 2 |gradient|/c.
    fn error(&self, here: &Local) -> Option<f64> {
        let [low, _] = here.curvature.eigenvalues();
        let size = libm::hypot(
            here.gradient[0].abs() + here.gradient_errors[0],
            here.gradient[1].abs() + here.gradient_errors[1],
        );
        let error = 2.0 * size / low;
        if !(low > 0.0 && error < 0.1) {
            return None;
        }
        let corners = [[error, error], [error, -error], [-error, error], [-error, -error]];
        let keeps =
            |step: [f64; 2]| self.moved(here, step).is_some_and(|there| there.curvature.eigenvalues()[0] >= 0.5 * low);
        corners.into_iter().all(keeps).then_some(error)
    }
}
