//! The Laplace distribution: two exponential ones back to back.

use super::closed_form::ClosedForm;
use super::fall::Fall;
use super::family::Family;
use super::parameter::{Parameter, ParameterError, ParameterErrors};
use super::reading::{Reading, Rule};
use super::standard::Standard;
use super::values::{Chart, Point, Space, Values};
use crate::numeric::{DoubleDouble, Positive, exp_excess};

/// Laplace(m, b) with density e^(−|x−m|/b)/(2b), by `location` m and `scale` b > 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Laplace {
    label: String,
    location: f64,
    scale: f64,
    /// As they are written.
    exact: (DoubleDouble, Positive),
}

impl Laplace {
    /// By location and positive scale.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Laplace;
    /// assert!(Laplace::new(0.0, 1.0).is_ok() && Laplace::new(0.0, 0.0).is_err());
    /// ```
    pub fn new(location: impl Into<Parameter>, scale: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("location", location.into()), ("scale", scale.into())])
    }
}

impl Family for Laplace {
    const NAME: &'static str = "laplace";
    const PARAMETERS: &'static [&'static str] = &["location", "scale"];
    const EXAMPLE: &'static str = "laplace = { location = 0, scale = 1 }";
    const ANOTHER: &'static str = "laplace = { location = 1, scale = 1.5 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let (location, (scale, exact)) = (reading.exact("location", Rule::Real), reading.positive("scale"));
        Ok(Self { location: location.to_f64(), scale, exact: (location, exact), label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.location, self.scale]
    }

    /// With t = |m₁−m₂|/b₁, r = b₁/b₂, x = r − 1: D = g(x) + r (t + e^−t − 1), g(x) = x − ln(1+x), and
    /// V = x² [2 + t² − (t + e^−t)²] + 2xC + W, C = 2 − e^−2t − (1+3t) e^−t, W = 3 − e^−2t − (2+4t) e^−t.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        /// e^−t is far below the last digit of t.
        const WIDE: f64 = 100.0;
        let ((location, scale), (other_location, other)) = (self.exact, model.exact);
        let (t, far) = (scale.measure(location, other_location).abs(), other.measure(location, other_location).abs());
        let (x, r) = (scale.relative_to(other), scale.over(other).to_f64());
        let shift = if t > WIDE { far - r } else { r * exp_excess(-t) };
        let mean = other.excess_to(scale) + shift;
        let t = t.min(1e3);
        let fall = libm::exp(-t);
        // 2 + t² − (t + e^−t)².
        let square = 2.0 - fall * (2.0 * t + fall);
        let (c, w) = cross_terms(t, fall);
        Some(ClosedForm::finite(mean, x * x * square + 2.0 * x * c + w))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// −ln(b₁/b₂) + |x−m₂|/b₂ − |x−m₁|/b₁, through differences where both are on one side of x.
    fn log_ratio_at(&self, model: &Self, point: Point<'_>) -> f64 {
        let x = point.value();
        let ((location, scale), (other_location, other_scale)) = (self.exact, model.exact);
        let excess = scale.relative_to(other_scale);
        let (own, other) = (x - self.location, x - model.location);
        let distances = if own * other > 0.0 {
            let shift = other_scale.measure(location, other_location);
            (own / self.scale * excess + shift) * 1f64.copysign(own)
        } else {
            other.abs() / model.scale - own.abs() / self.scale
        };
        distances - other_scale.log_to(scale)
    }
}

impl Values for Laplace {
    fn space(&self) -> Space {
        Space::Line
    }

    fn standard(&self) -> Standard {
        Standard::Laplace
    }

    fn ln_prob(&self, point: Point<'_>) -> f64 {
        -self.standardised(point.value()).abs() - libm::log(2.0 * self.scale)
    }

    fn size_of_ln_prob(&self, point: Point<'_>) -> f64 {
        let (x, z) = (point.value(), self.standardised(point.value()).abs());
        z + (x.abs() + self.location.abs()) / self.scale + 1.0 + libm::log(self.scale).abs()
    }

    fn point<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Point<'a> {
        Point::Real(draw.first().map_or(f64::NAN, |t| self.location + self.scale * t))
    }

    fn standardised(&self, x: f64) -> f64 {
        (x - self.location) / self.scale
    }

    fn growth(&self) -> f64 {
        1.0
    }

    fn chart(&self) -> Chart {
        Chart::Linear { centre: self.location, width: self.scale }
    }

    fn kinks(&self) -> Vec<f64> {
        vec![self.location]
    }

    fn falls(&self) -> Option<[Fall; 2]> {
        let fall = || Fall::new([(1.0, 0, 1.0 / self.scale)]);
        Some([fall(), fall()])
    }
}

/// C and W, which are t²/2·(…) near zero: Σ_{n≥2} (−t)ⁿ (3n−1−2ⁿ)/n! and Σ_{n≥2} (−t)ⁿ (4n−2−2ⁿ)/n!.
fn cross_terms(t: f64, fall: f64) -> (f64, f64) {
    if t > 1.0 {
        return (2.0 - fall * (fall + 1.0 + 3.0 * t), 3.0 - fall * (fall + 2.0 + 4.0 * t));
    }
    let (mut c, mut w) = (0.0, 0.0);
    let (mut term, mut power) = (-t, 2.0);
    for n in 2..30 {
        let n = f64::from(n);
        term *= -t / n;
        power *= 2.0;
        c += term * (3.0 * n - 1.0 - power);
        w += term * (4.0 * n - 2.0 - power);
    }
    (c, w)
}
