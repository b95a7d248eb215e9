//! The normal distribution of several variables.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::form::LogRatioForm;
use super::normal::log_density;
use super::parameter::{Fault, Parameter, ParameterError, Step};
use super::reading::{Reading, Rule};
use super::standard::Standard;
use super::values::{Point, Space, Values};
use crate::numeric::{Cholesky, eigenvalues, log_excess};

/// MultivariateNormal(m, Σ), by `mean`, a list, and `covariance`, a symmetric positive definite list of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct MultivariateNormal {
    label: String,
    mean: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    factor: Cholesky,
}

/// An eigenvalue of Σ₂⁻¹Σ₁ − I nearer to −1 has lost digits of its logarithm.
const NEAR: f64 = -0.75;

impl MultivariateNormal {
    /// ln det Σ₁ − ln det Σ₂.
    fn log_determinants(&self, model: &Self) -> f64 {
        2.0 * (self.factor.log_determinant() - model.factor.log_determinant())
    }
}

impl Family for MultivariateNormal {
    const NAME: &'static str = "multivariate_normal";
    const PARAMETERS: &'static [&'static str] = &["mean", "covariance"];
    const EXAMPLE: &'static str = "multivariate_normal = { mean = [0, 0], covariance = [[1, 0.5], [0.5, 2]] }";
    const ANOTHER: &'static str = "multivariate_normal = { mean = [0.3, 0], covariance = [[1.5, 0], [0, 2]] }";
    const LAW: &'static str = "of one covariance";

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
        let values = eigenvalues(model.factor.whitened(&self.difference(model)));
        let distance: Vec<f64> = self.mean.iter().zip(&model.mean).map(|(a, b)| a - b).collect();
        let v = model.factor.solve_lower(&distance);
        let u = model.factor.solve_upper(&v);
        let square = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>();
        // uᵀΣ₁u = |L₁ᵀu|².
        let spread = square(&self.factor.transposed_times(&u));
        let excess = if values.iter().all(|&value| value > NEAR) {
            values.iter().map(|&value| log_excess(value)).sum::<f64>()
        } else {
            values.iter().sum::<f64>() - self.log_determinants(model)
        };
        let mean = 0.5 * (excess + square(&v));
        Some(ClosedForm::finite(mean, 0.5 * square(&values) + spread))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// With M = L₂⁻¹L₁ and v = L₂⁻¹(m₁−m₂): X = ½ [|v|² − Σ ln(1+λ)] + (Mᵀv)ᵀz + ½ zᵀ(MᵀM − I)z, where MᵀM − I = M⁻¹WM,
    /// W = L₂⁻¹(Σ₁−Σ₂)L₂⁻ᵀ with the eigenvalues λ.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let size = self.mean.len();
        if model.mean.len() != size {
            return None;
        }
        let whitened = model.factor.whitened(&self.difference(model));
        let distance: Vec<f64> = self.mean.iter().zip(&model.mean).map(|(a, b)| a - b).collect();
        let v = model.factor.solve_lower(&distance);
        // WM, column by column, and then M⁻¹ of it: M⁻¹ = L₁⁻¹L₂.
        let columns: Vec<Vec<f64>> = (0..size)
            .map(|column| {
                let m = model.factor.solve_lower(&self.factor.column(column));
                let wm: Vec<f64> = whitened.iter().map(|row| row.iter().zip(&m).map(|(a, b)| a * b).sum()).collect();
                self.factor.solve_lower(&model.factor.times(&wm))
            })
            .collect();
        let square = (0..size).map(|i| (0..size).map(|j| 0.5 * (columns[j][i] + columns[i][j])).collect()).collect();
        // Mᵀv = L₁ᵀL₂⁻ᵀv.
        let linear = self.factor.transposed_times(&model.factor.solve_upper(&v));
        let values = eigenvalues(whitened);
        let logarithms = if values.iter().all(|&value| value > NEAR) {
            values.iter().map(|&value| libm::log1p(value)).sum()
        } else {
            self.log_determinants(model)
        };
        let constant = 0.5 * (v.iter().map(|x| x * x).sum::<f64>() - logarithms);
        Some(LogRatioForm::Normals { constant, linear, square })
    }
}

impl MultivariateNormal {
    /// Σ₁ − Σ₂.
    fn difference(&self, model: &Self) -> Vec<Vec<f64>> {
        let rows = self.covariance.iter().zip(&model.covariance);
        rows.map(|(row, other)| row.iter().zip(other).map(|(a, b)| a - b).collect()).collect()
    }
}

impl Values for MultivariateNormal {
    fn space(&self) -> Space {
        Space::Vectors(self.mean.len())
    }

    fn standard(&self) -> Standard {
        Standard::Normals { dimensions: self.mean.len() }
    }

    fn ln_prob(&self, point: Point<'_>) -> f64 {
        match point {
            Point::Vector(x) if x.len() == self.mean.len() => {
                let distance: Vec<f64> = x.iter().zip(&self.mean).map(|(x, mean)| x - mean).collect();
                let logs: f64 = self.factor.solve_lower(&distance).into_iter().map(log_density).sum();
                logs - self.factor.log_determinant()
            }
            _ => f64::NEG_INFINITY,
        }
    }

    /// m + Lz.
    fn point<'a>(&self, draw: &'a [f64], room: &'a mut Vec<f64>) -> Point<'a> {
        *room = self.factor.times(draw);
        room.iter_mut().zip(&self.mean).for_each(|(x, mean)| *x += mean);
        Point::Vector(room)
    }
}
