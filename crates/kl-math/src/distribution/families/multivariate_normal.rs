//! The normal distribution of several variables.

use super::normal::log_density;
use crate::distribution::{
    BaseVariable, ClosedForm, CovarianceFault, Declaration, Domain, Example, Family, Fault, Form, Length, LogRatioForm,
    Parameter, ParameterError, ParameterErrors, Sample, Space, Step, Value, Values,
};
use crate::numeric::{Cholesky, DoubleDouble, FAR, PreciseCholesky, eigenvalues, log_excess};

/// The normal distribution of several variables.
///
/// # Density
///
/// e^(−½ (x−m)ᵀΣ⁻¹(x−m))/√det(2πΣ) for every vector x.
///
/// # Parameters
///
/// - `mean`: m, a list of numbers.
/// - `covariance`: Σ, a symmetric positive definite list of rows.
///
/// # Mean and variance
///
/// m and Σ.
///
/// # D and V, in nats and nats²
///
/// D = ½ [tr(Σ₂⁻¹Σ₁) − d − ln det(Σ₂⁻¹Σ₁) + δᵀΣ₂⁻¹δ], V = ½ tr((Σ₂⁻¹Σ₁ − I)²) + δᵀΣ₂⁻¹Σ₁Σ₂⁻¹δ, δ = m₁ − m₂.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let identity = [[1.0, 0.0], [0.0, 1.0]];
/// let (p, q) = (MultivariateNormal::new([0.0, 0.0], identity)?, MultivariateNormal::new([1.0, 0.0], identity)?);
/// assert_eq!(kl(&p, &q)?.mean, 0.5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Kullback 1959, *Information Theory and Statistics*, chapter 9.
#[derive(Clone, Debug, PartialEq)]
pub struct MultivariateNormal {
    label: String,
    mean: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    factor: Cholesky,
    exact: Exact,
}

/// As they are written.
#[derive(Clone, Debug, PartialEq)]
struct Exact {
    mean: Vec<DoubleDouble>,
    covariance: Vec<Vec<DoubleDouble>>,
}

impl MultivariateNormal {
    /// By mean vector and positive definite covariance matrix.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::MultivariateNormal;
    /// assert!(MultivariateNormal::new([0.0, 0.0], [[1.0, 0.5], [0.5, 2.0]]).is_ok() && MultivariateNormal::new([0.0, 0.0], [[1.0, 2.0], [2.0, 1.0]]).is_err());
    /// ```
    pub fn new(mean: impl Into<Parameter>, covariance: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("mean", mean.into()), ("covariance", covariance.into())])
    }

    /// The mean m.
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// The covariance Σ, row by row.
    pub fn covariance(&self) -> &[Vec<f64>] {
        &self.covariance
    }

    /// ln of the density at x; −∞ for a vector of another length.
    pub fn ln_density(&self, x: &[f64]) -> f64 {
        self.ln_prob(Value::Vector(x))
    }
}

impl Family for MultivariateNormal {
    const NAME: &'static str = "multivariate_normal";
    const PARAMETERS: &'static [Declaration] = &[
        Declaration::new("mean", Form::Numbers { domain: Domain::Real, least: 1 }),
        Declaration::new("covariance", Form::Matrix(Domain::Real)),
    ];
    const EXAMPLES: [Example; 2] = [
        &[("mean", Sample::Numbers(&[0.0, 0.0])), ("covariance", Sample::Rows(&[&[1.0, 0.5], &[0.5, 2.0]]))],
        &[("mean", Sample::Numbers(&[0.3, 0.0])), ("covariance", Sample::Rows(&[&[1.5, 0.0], &[0.0, 2.0]]))],
    ];
    const LAW: &'static str = "of one covariance";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let exact = Exact { mean: given.numbers("mean"), covariance: given.rows("covariance") };
        let mean: Vec<f64> = exact.mean.iter().map(|x| x.to_f64()).collect();
        let covariance = rounded(&exact.covariance);
        let factor = factor(mean.len(), &covariance)?;
        Ok(Self { label: given.label(), mean, covariance, factor, exact })
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
        // A covariance that is not positive definite to the last digit has no divergence.
        let lost = Some(ClosedForm::finite(f64::NAN, f64::NAN));
        let Some(Compared { factor, other, whitened, v }) = self.compared(model) else { return lost };
        let u = other.solve_upper(&v);
        let square = |v: &[DoubleDouble]| v.iter().map(|&x| x * x).sum::<DoubleDouble>().to_f64();
        // uᵀΣ₁u = |L₁ᵀu|².
        let spread = square(&factor.transposed_times(&u));
        let values = eigenvalues(rounded(&whitened));
        // 1 + λ has lost its digits where P is so narrow that some λ is near −1.
        let excess = if values.iter().any(|&value| value < FAR) {
            let trace: DoubleDouble = whitened.iter().enumerate().map(|(i, row)| row[i]).sum();
            (trace - factor.log_determinant_over(&other) * DoubleDouble::TWO).to_f64()
        } else {
            values.iter().map(|&value| log_excess(value)).sum()
        };
        let squares: f64 = whitened.iter().map(|row| square(row)).sum();
        Some(ClosedForm::finite(0.5 * (excess + square(&v)), 0.5 * squares + spread))
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
        let Compared { factor, other, whitened, v } = self.compared(model)?;
        // WM, column by column, and then M⁻¹ of it: M⁻¹ = L₁⁻¹L₂.
        let columns: Vec<Vec<DoubleDouble>> = (0..size)
            .map(|column| {
                let m = other.solve_lower(&factor.column(column));
                let wm: Vec<DoubleDouble> =
                    whitened.iter().map(|row| row.iter().zip(&m).map(|(&a, &b)| a * b).sum()).collect();
                factor.solve_lower(&other.times(&wm))
            })
            .collect();
        let both = |i: usize, j: usize| ((columns[j][i] + columns[i][j]) * DoubleDouble::HALF).to_f64();
        let square = (0..size).map(|i| (0..size).map(|j| both(i, j)).collect()).collect();
        // Mᵀv = L₁ᵀL₂⁻ᵀv.
        let linear = factor.transposed_times(&other.solve_upper(&v)).iter().map(|x| x.to_f64()).collect();
        let length: DoubleDouble = v.iter().map(|&x| x * x).sum();
        let logarithms = factor.log_determinant_over(&other) * DoubleDouble::TWO;
        let constant = 0.5 * (length - logarithms).to_f64();
        Some(LogRatioForm::Normals { constant, linear, square })
    }
}

/// L₁, L₂, W and v.
struct Compared {
    factor: PreciseCholesky,
    other: PreciseCholesky,
    whitened: Vec<Vec<DoubleDouble>>,
    v: Vec<DoubleDouble>,
}

fn rounded(matrix: &[Vec<DoubleDouble>]) -> Vec<Vec<f64>> {
    matrix.iter().map(|row| row.iter().map(|x| x.to_f64()).collect()).collect()
}

/// The factor of a covariance; anything that keeps it from having one is a fault at its place.
fn factor(size: usize, covariance: &[Vec<f64>]) -> Result<Cholesky, Vec<ParameterError>> {
    let at = |fault: Fault, places: &[usize]| {
        let path = [Step::Key("covariance".into())].into_iter().chain(places.iter().map(|&place| Step::Index(place)));
        ParameterError { path: path.collect(), fault }
    };
    let unequal = |found: usize, item: &'static str| Fault::Length {
        found,
        expected: Length::Numbers { item, count: size, parameter: "mean" },
    };
    if covariance.len() != size {
        return Err(vec![at(unequal(covariance.len(), "row"), &[])]);
    }
    let wrong = covariance.iter().enumerate().filter(|(_, row)| row.len() != size);
    let errors: Vec<ParameterError> = wrong.map(|(i, row)| at(unequal(row.len(), "number"), &[i])).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let entries = || (0..size).flat_map(|i| (0..=i).map(move |j| (i, j)));
    let wrong = entries().filter_map(|(i, j)| {
        let (value, other) = (covariance[i][j], covariance[j][i]);
        let fault = if i == j && value <= 0.0 {
            CovarianceFault::Variance { value }
        } else if value != other {
            CovarianceFault::Asymmetric { value, other, row: j + 1, column: i + 1 }
        } else {
            return None;
        };
        Some(at(Fault::Covariance(fault), &[i, j]))
    });
    let errors: Vec<ParameterError> = wrong.collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    Cholesky::of(covariance).ok_or_else(|| {
        // Two variables that vary together more than each does alone, if it is that simple.
        let root = |i: usize| covariance[i][i].sqrt();
        let pair = entries().find(|&(i, j)| i != j && covariance[i][j].abs() / root(i) / root(j) >= 1.0);
        let error = match pair {
            Some((i, j)) => {
                let variances = [covariance[j][j], covariance[i][i]];
                let fault = CovarianceFault::TooLarge { value: covariance[i][j], variances };
                at(Fault::Covariance(fault), &[i, j])
            }
            None => at(Fault::Covariance(CovarianceFault::NotPositiveDefinite), &[]),
        };
        vec![error]
    })
}

impl MultivariateNormal {
    /// None where a covariance is not positive definite to the last of 106 bits.
    fn compared(&self, model: &Self) -> Option<Compared> {
        let factor = PreciseCholesky::of(&self.exact.covariance)?;
        let other = PreciseCholesky::of(&model.exact.covariance)?;
        let minus = |a: &[DoubleDouble], b: &[DoubleDouble]| a.iter().zip(b).map(|(&a, &b)| a - b).collect::<Vec<_>>();
        let rows = self.exact.covariance.iter().zip(&model.exact.covariance);
        let difference: Vec<Vec<DoubleDouble>> = rows.map(|(row, other)| minus(row, other)).collect();
        let (whitened, v) =
            (other.whitened(&difference), other.solve_lower(&minus(&self.exact.mean, &model.exact.mean)));
        Some(Compared { factor, other, whitened, v })
    }
}

impl Values for MultivariateNormal {
    fn space(&self) -> Space {
        Space::Vectors(self.mean.len())
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::Normals { dimensions: self.mean.len() }
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        match point {
            Value::Vector(x) if x.len() == self.mean.len() => {
                let distance: Vec<f64> = x.iter().zip(&self.mean).map(|(x, mean)| x - mean).collect();
                let logs: f64 = self.factor.solve_lower(&distance).into_iter().map(log_density).sum();
                logs - self.factor.log_determinant()
            }
            _ => f64::NEG_INFINITY,
        }
    }

    /// m + Lz.
    fn value<'a>(&self, draw: &'a [f64], room: &'a mut Vec<f64>) -> Value<'a> {
        *room = self.factor.times(draw);
        room.iter_mut().zip(&self.mean).for_each(|(x, mean)| *x += mean);
        Value::Vector(room)
    }
}
