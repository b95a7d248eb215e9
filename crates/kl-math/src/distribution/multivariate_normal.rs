//! The normal distribution of several variables.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::form::LogRatioForm;
use super::normal::log_density;
use super::parameter::{Fault, Parameter, ParameterError, ParameterErrors, Step};
use super::reading::{Reading, Rule};
use super::standard::Standard;
use super::values::{Point, Space, Values};
use crate::numeric::{Cholesky, DoubleDouble, FAR, PreciseCholesky, eigenvalues, log_excess, shortest};

/// MultivariateNormal(m, Σ), by `mean`, a list, and `covariance`, a symmetric positive definite list of rows.
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
        if mean.is_empty() && reading.is_clean() {
            let (value, rule) = ("an empty list".into(), "one number or more".into());
            reading.fault(
                Fault::OutOfRange { value, rule, help: "write a list such as [0, 0]" },
                &[Step::Key("mean".into())],
            );
        }
        let exact = Exact { mean, covariance };
        let mean: Vec<f64> = exact.mean.iter().map(|x| x.to_f64()).collect();
        let covariance = rounded(&exact.covariance);
        let factor = if reading.is_clean() { factor(&mut reading, mean.len(), &covariance) } else { None };
        let label = reading.finish()?;
        let factor = factor.ok_or_else(Vec::new)?;
        Ok(Self { label, mean, covariance, factor, exact })
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
        // A covariance that is none to the last digit has no divergence that could be told.
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
fn factor(reading: &mut Reading<'_>, size: usize, covariance: &[Vec<f64>]) -> Option<Cholesky> {
    let key = || Step::Key("covariance".into());
    let mut wrong = |value: String, rule: String, help: &'static str, steps: &[usize]| {
        let path: Vec<Step> = [key()].into_iter().chain(steps.iter().map(|&step| Step::Index(step))).collect();
        reading.fault(Fault::OutOfRange { value, rule, help }, &path);
    };
    let square = "write as many rows, and as many numbers in each, as `mean` has";
    if covariance.len() != size {
        let value = format!("a list of {}", covariance.len());
        wrong(value, format!("one row for each of the {size} numbers of `mean`"), square, &[]);
        return None;
    }
    let mut is_right = true;
    for (i, row) in covariance.iter().enumerate().filter(|(_, row)| row.len() != size) {
        let value = format!("a list of {}", row.len());
        wrong(value, format!("one number for each of the {size} numbers of `mean`"), square, &[i]);
        is_right = false;
    }
    if !is_right {
        return None;
    }
    let entries = || (0..size).flat_map(|i| (0..=i).map(move |j| (i, j)));
    for (i, j) in entries() {
        let (below, above) = (covariance[i][j], covariance[j][i]);
        if i == j && below <= 0.0 {
            wrong(shortest(below), "a variance, a number above 0".into(), "write a number such as 1.5", &[i, j]);
        } else if below != above {
            let (row, column) = (j + 1, i + 1);
            let rule = format!("{}, as in row {row}, column {column}: a covariance is symmetric", shortest(above));
            wrong(shortest(below), rule, "write one number in both places", &[i, j]);
        } else {
            continue;
        }
        is_right = false;
    }
    let factor = if is_right { Cholesky::of(covariance) } else { return None };
    if factor.is_none() {
        // Two variables that vary together more than each does alone, if it is that simple.
        let root = |i: usize| covariance[i][i].sqrt();
        let pair = entries().find(|&(i, j)| i != j && covariance[i][j].abs() / root(i) / root(j) >= 1.0);
        match pair {
            Some((i, j)) => {
                let variances = (shortest(covariance[j][j]), shortest(covariance[i][i]));
                let rule = format!("a covariance of the variances {} and {}", variances.0, variances.1);
                wrong(shortest(covariance[i][j]), rule, "its square must be below their product", &[i, j]);
            }
            None => {
                let help = "every weighted sum of the variables must have a variance above 0";
                wrong("the matrix".into(), "positive definite".into(), help, &[]);
            }
        }
    }
    factor
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
