//! The uniform distribution on an interval.

use super::closed_form::ClosedForm;
use super::fall::Fall;
use super::family::Family;
use super::form::LogRatioForm;
use super::parameter::{Fault, Parameter, ParameterError, Step};
use super::reading::{Reading, Rule};
use super::standard::Standard;
use super::values::{Chart, Point, Space, Values};
use crate::numeric::shortest;

/// Uniform(low, high) with density 1/(high−low) between `low` and `high`.
#[derive(Clone, Debug, PartialEq)]
pub struct Uniform {
    label: String,
    low: f64,
    high: f64,
}

impl Family for Uniform {
    const NAME: &'static str = "uniform";
    const PARAMETERS: &'static [&'static str] = &["low", "high"];
    const EXAMPLE: &'static str = "uniform = { low = 0, high = 1 }";
    const ANOTHER: &'static str = "uniform = { low = -1, high = 2 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let (low, high) = (reading.number("low", Rule::Real), reading.number("high", Rule::Real));
        let wrong = if low >= high {
            Some(("a number above `low`", "exchange `low` and `high`, or raise `high`"))
        } else if high - low == f64::INFINITY {
            Some(("within 1.8e308 of `low`, the largest length there is", "bring `low` and `high` together"))
        } else {
            None
        };
        if let Some((rule, help)) = wrong {
            let fault = Fault::OutOfRange { value: shortest(high), rule: rule.into(), help };
            reading.fault(fault, &[Step::Key("high".into())]);
        }
        Ok(Self { low, high, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.low, self.high]
    }

    /// D = ln of the ratio of the lengths, V = 0; infinite unless Q's interval covers P's.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        if self.low < model.low || self.high > model.high {
            return Some(ClosedForm::INFINITE);
        }
        // Both terms are ≥ 0: what Q's interval has more on either side.
        let more = (self.low - model.low) + (model.high - self.high);
        Some(ClosedForm::finite(libm::log1p(more / (self.high - self.low)), 0.0))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// A constant where Q covers P.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let covers = self.low >= model.low && self.high <= model.high;
        covers.then(|| LogRatioForm::Constant(self.log_of_lengths(model)))
    }

    /// The one finite value there is, so that all that is finite is equal to the last bit.
    fn log_ratio_at(&self, model: &Self, point: Point<'_>) -> f64 {
        if point.lies_in(model.support()) { self.log_of_lengths(model) } else { f64::INFINITY }
    }
}

impl Uniform {
    /// ln of the length of Q's interval over that of P's.
    fn log_of_lengths(&self, model: &Self) -> f64 {
        let more = (self.low - model.low) + (model.high - self.high);
        libm::log1p(more / (self.high - self.low))
    }
}

impl Values for Uniform {
    fn space(&self) -> Space {
        Space::Line
    }

    fn standard(&self) -> Standard {
        Standard::Uniform
    }

    fn ln_prob(&self, point: Point<'_>) -> f64 {
        if point.lies_in(self.support()) { -libm::log(self.high - self.low) } else { f64::NEG_INFINITY }
    }

    fn point<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Point<'a> {
        Point::Real(
            draw.first().map_or(f64::NAN, |u| (self.low + u * (self.high - self.low)).clamp(self.low, self.high)),
        )
    }

    fn standardised(&self, x: f64) -> f64 {
        (x - self.low) / (self.high - self.low)
    }

    fn support(&self) -> [f64; 2] {
        [self.low, self.high]
    }

    fn chart(&self) -> Chart {
        // Densities on shares may be infinite at both ends.
        if (self.low, self.high) == (0.0, 1.0) {
            return Chart::Logit { centre: 0.0, width: 1.0 };
        }
        Chart::Linear { centre: self.low, width: self.high - self.low }
    }

    fn falls(&self) -> Option<[Fall; 2]> {
        Some([Fall::default(), Fall::default()])
    }
}
