//! The lognormal distribution: its logarithm is normal.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::normal::of_normals;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};

/// Lognormal(m, σ), by `mean` and `std_dev` > 0 of ln x.
#[derive(Clone, Debug, PartialEq)]
pub struct Lognormal {
    label: String,
    mean: f64,
    std_dev: f64,
}

impl Family for Lognormal {
    const NAME: &'static str = "lognormal";
    const PARAMETERS: &'static [&'static str] = &["mean", "std_dev"];
    const EXAMPLE: &'static str = "lognormal = { mean = 0, std_dev = 1 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let (mean, std_dev) = (reading.number("mean", Rule::Real), reading.number("std_dev", Rule::Positive));
        Ok(Self { mean, std_dev, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.mean, self.std_dev]
    }

    /// That of ln x: a divergence does not change when x is replaced by a function of it that can be undone.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        Some(of_normals((self.mean, self.std_dev), (model.mean, model.std_dev)))
    }
}
