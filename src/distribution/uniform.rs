//! The uniform distribution on an interval.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::parameter::{Fault, Parameter, ParameterError, Step};
use super::reading::{Reading, Rule};

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

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let (low, high) = (reading.number("low", Rule::Real), reading.number("high", Rule::Real));
        if low >= high {
            let fault = Fault::OutOfRange { value: high.to_string(), rule: "a number above `low`" };
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
}
