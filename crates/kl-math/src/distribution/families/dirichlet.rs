//! The Dirichlet distribution: random probabilities.

use crate::distribution::{
    BaseVariable, ClosedForm, Declaration, Domain, Example, Family, Form, LogRatioForm, Parameter, ParameterError,
    ParameterErrors, Sample, Space, Value, Values,
};
use crate::numeric::{Concentration, Positive, digamma_gap, log_gamma};

/// The Dirichlet distribution: random shares of a whole.
///
/// # Density
///
/// ∏ xᵢ^(αᵢ−1) Γ(Σα)/∏ Γ(αᵢ) for positive shares xᵢ that sum to 1.
///
/// # Parameters
///
/// - `alpha`: a list of two or more positive numbers.
///
/// # Mean and variance
///
/// αᵢ/n and αᵢ (n−αᵢ)/(n² (n+1)), n = Σα.
///
/// # D and V, in nats and nats²
///
/// D = lnΓ(Σα) − lnΓ(Σβ) − Σ [lnΓ(αᵢ) − lnΓ(βᵢ)] + Σ (αᵢ−βᵢ)(ψ(αᵢ) − ψ(Σα)), V = Σ (αᵢ−βᵢ)² ψ′(αᵢ) − (Σα−Σβ)² ψ′(Σα), computed in
/// a form where little cancels. There is no formula for lists of different lengths.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Dirichlet::new([2.0, 1.0])?, &Dirichlet::new([1.0, 1.0])?)?;
/// assert!((found.mean - (std::f64::consts::LN_2 - 0.5)).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Penny 2001, "KL-divergences of normal, gamma, Dirichlet and Wishart densities".
#[derive(Clone, Debug, PartialEq)]
pub struct Dirichlet {
    label: String,
    alpha: Vec<f64>,
    exact: Vec<Positive>,
}

impl Dirichlet {
    /// Shares that sum to 1, by one positive alpha for each.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Dirichlet;
    /// assert!(Dirichlet::new([1.0, 2.0, 3.0]).is_ok() && Dirichlet::new([1.0, 0.0]).is_err());
    /// ```
    pub fn new(alpha: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("alpha", alpha.into())])
    }

    /// The parameters α.
    pub fn alpha(&self) -> &[f64] {
        &self.alpha
    }

    /// The mean of each share, αᵢ/Σα.
    pub fn mean(&self) -> Vec<f64> {
        let whole: f64 = self.alpha.iter().sum();
        self.alpha.iter().map(|a| a / whole).collect()
    }

    /// The variance of each share, αᵢ (n−αᵢ)/(n² (n+1)), n = Σα.
    pub fn variance(&self) -> Vec<f64> {
        let whole: f64 = self.alpha.iter().sum();
        self.alpha.iter().map(|a| a / whole * ((whole - a) / whole) / (whole + 1.0)).collect()
    }

    /// ln of the density at shares x that sum to 1; −∞ for another number of shares, or where one is 0.
    pub fn ln_density(&self, x: &[f64]) -> f64 {
        let logs: Vec<f64> = x.iter().map(|&share| libm::log(share)).collect();
        self.ln_prob(Value::LogShares(&logs))
    }
}

impl Family for Dirichlet {
    const NAME: &'static str = "dirichlet";
    const PARAMETERS: &'static [Declaration] =
        &[Declaration::new("alpha", Form::Numbers { domain: Domain::Positive, least: 2 })];
    const EXAMPLES: [Example; 2] =
        [&[("alpha", Sample::Numbers(&[1.0, 2.0, 3.0]))], &[("alpha", Sample::Numbers(&[2.0, 2.0, 2.0]))]];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let alpha = given.numbers("alpha");
        let exact = alpha.iter().map(|&a| Positive::new(a)).collect();
        Ok(Self { alpha: alpha.iter().map(|a| a.to_f64()).collect(), exact, label: given.label() })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        self.alpha.clone()
    }

    /// None for lists of different lengths.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        (self.alpha.len() == model.alpha.len()).then(|| of_concentrations(&self.exact, &model.exact))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        (self.alpha.len() == model.alpha.len()).then(|| form_of_concentrations(&self.exact, &model.exact))
    }
}

impl Values for Dirichlet {
    fn space(&self) -> Space {
        Space::Simplex(self.alpha.len())
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::Dirichlet { alpha: self.alpha.clone() }
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        match point {
            // Shares are positive: where one is 0, the density may have a pole.
            Value::LogShares(logs) if logs.contains(&f64::NEG_INFINITY) => f64::NEG_INFINITY,
            Value::LogShares(logs) if logs.len() == self.alpha.len() => log_density(&self.alpha, logs),
            _ => f64::NEG_INFINITY,
        }
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::LogShares(draw)
    }
}

/// Σ (αᵢ−1) ln xᵢ + lnΓ(Σα) − Σ lnΓ(αᵢ).
fn log_density(alpha: &[f64], logs: &[f64]) -> f64 {
    let gammas: f64 = alpha.iter().map(|&a| log_gamma(a)).sum();
    let powers: f64 = alpha.iter().zip(logs).map(|(a, log)| (a - 1.0) * log).sum();
    powers + log_gamma(alpha.iter().sum()) - gammas
}

/// X = D + Σ hᵢ (E[ln xᵢ] − ln xᵢ), E[ln xᵢ] = ψ(αᵢ) − ψ(Σα).
pub(in crate::distribution) fn form_of_concentrations(alpha: &[Positive], beta: &[Positive]) -> LogRatioForm {
    let (parts, whole) = compared(alpha, beta);
    let mean = Concentration::divergence(&parts, whole).0;
    let pulls = parts.iter().map(|part| part.step * -digamma_gap(part.from, whole.from - part.from));
    let constant = mean + pulls.sum::<f64>();
    let shape_differences = parts.iter().map(|part| part.step).collect();
    LogRatioForm::Dirichlet { alpha: alpha.iter().map(|a| a.to_f64()).collect(), constant, shape_differences }
}

/// D and V of two Dirichlet laws: see [`Concentration`].
pub(in crate::distribution) fn of_concentrations(alpha: &[Positive], beta: &[Positive]) -> ClosedForm {
    /// D is said to be off if its terms leave it more than this part of itself to be off by.
    const SAID: f64 = 1e-13;
    let (parts, whole) = compared(alpha, beta);
    let (mean, error) = Concentration::divergence(&parts, whole);
    let error = Some(error).filter(|error| *error > SAID * mean);
    ClosedForm { error, ..ClosedForm::finite(mean, Concentration::variance(&parts, whole)) }
}

/// Each αᵢ beside its βᵢ, and their sums.
fn compared(alpha: &[Positive], beta: &[Positive]) -> (Vec<Concentration>, Concentration) {
    let sum = |side: &[Positive]| side.iter().skip(1).fold(side[0], |sum, &next| sum.plus(next));
    let (whole, other) = (sum(alpha), sum(beta));
    let step = |from: Positive, to: Positive| (to.to_double_double() - from.to_double_double()).to_f64();
    let part = |(&from, &to): (&Positive, &Positive)| {
        let deviation = to.times(whole).relative_to(from.times(other));
        Concentration { from: from.to_f64(), to: to.to_f64(), step: step(from, to), deviation }
    };
    let parts = alpha.iter().zip(beta).map(part).collect();
    (parts, Concentration { from: whole.to_f64(), to: other.to_f64(), step: step(whole, other), deviation: 0.0 })
}
