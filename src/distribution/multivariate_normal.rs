//! The normal distribution of several variables.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::parameter::{Fault, Parameter, ParameterError, Step};
use super::reading::{Reading, Rule};
use crate::numeric::{Cholesky, eigenvalues, log_excess};

/// MultivariateNormal(m, Σ), by `mean`, a list, and `covariance`, a symmetric positive definite list of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct MultivariateNormal {
    label: String,
    mean: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    factor: Cholesky,
}

impl Family for MultivariateNormal {
    const NAME: &'static str = "multivariate_normal";
    const PARAMETERS: &'static [&'static str] = &["mean", "covariance"];
    const EXAMPLE: &'static str = "multivariate_normal = { mean = [0, 0], covariance = [[1, 0.5], [0.5, 2]] }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let (mean, covariance) = (reading.numbers("mean", Rule::Real), reading.rows("covariance", Rule::Real));
        let size = mean.len();
        let is_square = size > 0 && covariance.len() == size && covariance.iter().all(|row| row.len() == size);
        let is_symmetric = || (0..size).all(|i| (0..i).all(|j| covariance[i][j] == covariance[j][i]));
        let wrong = if !is_square {
            Some("as many rows, and as many numbers in each, as `mean` has numbers")
        } else if !is_symmetric() {
            Some("symmetric")
        } else {
            None
        };
        let factor = if wrong.is_none() { Cholesky::of(&covariance) } else { None };
        let wrong = wrong.or(if factor.is_none() { Some("positive definite") } else { None });
        if let (Some(rule), true) = (wrong, reading.is_clean()) {
            reading.fault(Fault::OutOfRange { value: "the matrix".into(), rule }, &[Step::Key("covariance".into())]);
        }
        let label = reading.finish()?;
        let factor = factor.ok_or_else(Vec::new)?;
        Ok(Self { label, mean, covariance, factor })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        self.mean.iter().chain(self.covariance.iter().flatten()).copied().collect()
    }

    /// With LLᵀ = Σ₂, λ the eigenvalues of L⁻¹(Σ₁−Σ₂)L⁻ᵀ, v = L⁻¹(m₁−m₂), g(x) = x − ln(1+x): D = ½ [Σ g(λ) + |v|²] and
    /// V = ½ Σ λ² + uᵀΣ₁u, u = L⁻ᵀv. None for different dimensions.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let size = self.mean.len();
        if model.mean.len() != size {
            return None;
        }
        let difference: Vec<Vec<f64>> = self
            .covariance
            .iter()
            .zip(&model.covariance)
            .map(|(row, other)| row.iter().zip(other).map(|(a, b)| a - b).collect())
            .collect();
        let values = eigenvalues(model.factor.whitened(&difference));
        let distance: Vec<f64> = self.mean.iter().zip(&model.mean).map(|(a, b)| a - b).collect();
        let v = model.factor.solve_lower(&distance);
        let u = model.factor.solve_upper(&v);
        let square = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>();
        // uᵀΣ₁u = |L₁ᵀu|².
        let spread = square(&self.factor.transposed_times(&u));
        let mean = 0.5 * (values.iter().map(|&value| log_excess(value)).sum::<f64>() + square(&v));
        Some(ClosedForm::finite(mean, 0.5 * square(&values) + spread))
    }
}
