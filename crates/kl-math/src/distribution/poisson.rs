//! The Poisson distribution: how many rare events happen.

use super::closed_form::ClosedForm;
use super::fall::Fall;
use super::family::Family;
use super::form::{CountLaw, LogRatioForm};
use super::parameter::{Parameter, ParameterError, ParameterErrors};
use super::reading::{Reading, Rule};
use super::standard::Standard;
use super::values::{Point, Space, Values};
use crate::numeric::{DoubleDouble, Positive, log_gap, log_poisson_mass};

/// Poisson(λ), `rate` = λ ≥ 0: P(k) = e^−λ λᵏ/k!, k = 0, 1, 2, …; λ = 0 is 0 for sure.
#[derive(Clone, Debug, PartialEq)]
pub struct Poisson {
    label: String,
    rate: f64,
    exact: DoubleDouble,
}

impl Poisson {
    /// Counts with mean `rate`, 0 or more.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Poisson;
    /// assert!(Poisson::new(2.5).is_ok() && Poisson::new(-1.0).is_err());
    /// ```
    pub fn new(rate: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("rate", rate.into())])
    }
}

impl Family for Poisson {
    const NAME: &'static str = "poisson";
    const PARAMETERS: &'static [&'static str] = &["rate"];
    const EXAMPLE: &'static str = "poisson = { rate = 2.5 }";
    const ANOTHER: &'static str = "poisson = { rate = 3 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let exact = reading.exact("rate", Rule::NonNegative);
        Ok(Self { rate: exact.to_f64(), exact, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.rate]
    }

    /// D = λ ln(λ/μ) + μ − λ = μ h(t), V = λ ln²(λ/μ), with t = (λ−μ)/μ and h(t) = (1+t) ln(1+t) − t.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let (rate, other) = (self.rate, model.rate);
        if other == 0.0 {
            return Some(if rate == 0.0 { ClosedForm::finite(0.0, 0.0) } else { ClosedForm::INFINITE });
        }
        if rate == 0.0 {
            return Some(ClosedForm::finite(other, 0.0));
        }
        let (exact, model) = (Positive::new(self.exact), Positive::new(model.exact));
        let (t, ratio) = (exact.relative_to(model), exact.log_over(model));
        let mean = if t < 1e6 { other * log_gap(t) } else { rate * ratio + (other - rate) };
        Some(ClosedForm::finite(mean, rate * ratio * ratio))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// X = k ln(λ/μ) + μ − λ.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let (rate, other) = (self.rate, model.rate);
        if rate == 0.0 {
            return Some(LogRatioForm::Constant(other));
        }
        let slope = || Positive::new(self.exact).log_over(Positive::new(model.exact));
        let count = CountLaw::Poisson { mean: rate };
        (other > 0.0).then(|| LogRatioForm::Count {
            count,
            constant: (model.exact - self.exact).to_f64(),
            slope: slope(),
        })
    }
}

impl Values for Poisson {
    fn space(&self) -> Space {
        Space::Counts
    }

    fn standard(&self) -> Standard {
        Standard::Poisson { mean: self.rate }
    }

    fn ln_prob(&self, point: Point<'_>) -> f64 {
        log_poisson_mass(point.value(), self.rate)
    }

    fn point<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Point<'a> {
        Point::Real(draw.first().copied().unwrap_or(f64::NAN))
    }

    fn support(&self) -> [f64; 2] {
        [0.0, if self.rate > 0.0 { f64::INFINITY } else { 0.0 }]
    }

    fn falls(&self) -> Option<[Fall; 2]> {
        // By Stirling's formula; there are no counts above 0 where the rate is 0.
        let linear = -1.0 - libm::log(self.rate);
        Some([Fall::default(), Fall::new([(1.0, 1, 1.0), (1.0, 0, linear), (0.0, 1, 0.5)])])
    }
}
