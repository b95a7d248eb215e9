//! What lies beyond a point, under a hat that falls geometrically.

use super::count_law::CountLaw;
use crate::simulation::words::Words;

/// The values from `edge` outward.
///
/// The law is log-concave: the ratio of neighbouring probabilities falls outward, so that beyond the edge mass(x) ≤
/// mass(edge) ρ^|x − edge|, ρ the first ratio (Devroye 1986, "Non-uniform random variate generation", X.4).
#[derive(Clone, Copy, Debug)]
pub(super) struct Tail {
    edge: u64,
    side: Side,
    log_edge_mass: f64,
    /// −ln ρ.
    fall: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Below,
    Above,
}

impl Tail {
    /// The tail from `edge`, which is beyond the mode; `log_mass` is that of the law, or one that differs by a constant.
    pub(super) fn new(law: &impl CountLaw, edge: u64, side: Side, log_mass: impl Fn(u64) -> f64) -> Self {
        let ratio = match side {
            Side::Below => edge.checked_sub(1).map_or(0.0, |next| 1.0 / law.ratios()(next)),
            Side::Above => law.ratios()(edge),
        };
        Self { edge, side, log_edge_mass: log_mass(edge), fall: -libm::log(ratio) }
    }

    /// The mass under the hat, in the measure of `log_mass`.
    pub(super) fn weight(&self) -> f64 {
        libm::exp(self.log_edge_mass) / -libm::expm1(-self.fall)
    }

    /// A value under the hat that is also under the mass, or none: then it is rejected.
    pub(super) fn draw(&self, stream: &mut (impl Words + ?Sized), log_mass: impl Fn(u64) -> f64) -> Option<u64> {
        let steps = (-libm::log(stream.unit()) / self.fall).floor();
        let height = libm::log(stream.unit());
        let value = match self.side {
            Side::Below => self.edge.checked_sub(steps as u64)?,
            Side::Above => self.edge.checked_add(steps as u64)?,
        };
        // Where nothing lies beyond the edge, the fall is infinite.
        let drop = if steps > 0.0 { steps * self.fall } else { 0.0 };
        (height + self.log_edge_mass - drop <= log_mass(value)).then_some(value)
    }
}

#[cfg(test)]
impl Tail {
    /// The same with probabilities e^`by` times as large.
    pub(super) fn raised(self, by: f64) -> Self {
        Self { log_edge_mass: self.log_edge_mass + by, ..self }
    }

    /// Asserts that the hat is nowhere below the probabilities, as far as they are more than 1e-300.
    pub(super) fn assert_covers(&self, law: &(impl CountLaw + std::fmt::Debug)) {
        let mut step = 0u64;
        while step < 1 << 40 {
            let value = match self.side {
                Side::Below => self.edge.checked_sub(step),
                Side::Above => Some(self.edge + step).filter(|&value| value <= law.last()),
            };
            let Some(mass) = value.map(|value| law.log_mass(value)).filter(|&mass| mass > -690.0) else {
                return;
            };
            let hat = self.log_edge_mass - if step > 0 { step as f64 * self.fall } else { 0.0 };
            assert!(mass <= hat + 1e-11, "{law:?} {self:?} {step}: {mass} {hat}");
            step += 1 + step / 16;
        }
    }
}
