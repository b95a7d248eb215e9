//! The exponential distribution: how long until a rare event.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::parameter::{Parameter, ParameterError};
use super::reading::Reading;
use crate::numeric::log_excess;

/// Exponential(r) with density r e^−rx on x ≥ 0, by its `rate` r > 0 or its `scale` 1/r, the mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Exponential {
    label: String,
    rate: f64,
}

impl Family for Exponential {
    const NAME: &'static str = "exponential";
    const PARAMETERS: &'static [&'static str] = &["rate", "scale"];
    const EXAMPLE: &'static str = "exponential = { rate = 1.5 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let rate = reading.rate_or_scale();
        Ok(Self { rate, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.rate]
    }

    /// D = r − 1 − ln r, V = (1−r)², r the ratio of the rates, by g(x) = x − ln(1+x) of its difference from 1.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let x = (model.rate - self.rate) / self.rate;
        Some(ClosedForm::finite(log_excess(x), x * x))
    }
}
