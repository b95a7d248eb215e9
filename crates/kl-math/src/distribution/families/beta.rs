//! The beta distribution: a random probability.

use super::dirichlet::{form_of_concentrations, of_concentrations};
use super::uniform::Uniform;
use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Distribution, Domain, Example, Family, LogRatioForm,
    Parameter, ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{Positive, digamma, exp_excess, hurwitz_zeta, stirling_error};

/// The beta distribution: a random probability.
///
/// # Density
///
/// x^(α−1) (1−x)^(β−1)/B(α, β) for 0 < x < 1.
///
/// # Parameters
///
/// - `alpha` > 0 and `beta` > 0.
///
/// # Mean and variance
///
/// α/(α+β) and αβ/((α+β)² (α+β+1)).
///
/// # D and V, in nats and nats²
///
/// Those of the [`Dirichlet`](super::Dirichlet) distribution of α and β.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Beta::new(2.0, 1.0)?, &Beta::new(1.0, 1.0)?)?;
/// assert!((found.mean - (std::f64::consts::LN_2 - 0.5)).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Penny 2001, "KL-divergences of normal, gamma, Dirichlet and Wishart densities".
#[derive(Clone, Debug, PartialEq)]
pub struct Beta {
    label: String,
    alpha: f64,
    beta: f64,
    exact: [Positive; 2],
    constants: Constants,
}

/// What the density has at every value.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Constants {
    /// ln of the density of the logit at the mean.
    top: f64,
    /// ln of the mean, and of one less the mean.
    log_means: [f64; 2],
}

impl Constants {
    fn of(a: f64, b: f64) -> Self {
        let n = a + b;
        let remainders = stirling_error(n) - stirling_error(a) - stirling_error(b);
        let top = 0.5 * libm::log(a.min(b) * (a.max(b) / n) / std::f64::consts::TAU) + remainders;
        Self { top, log_means: [libm::log(a / n), libm::log(b / n)] }
    }
}

impl Beta {
    /// Shares between 0 and 1, by positive alpha and beta.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Beta;
    /// assert!(Beta::new(2.0, 3.0).is_ok() && Beta::new(0.0, 1.0).is_err());
    /// ```
    pub fn new(alpha: impl Into<Parameter>, beta: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("alpha", alpha.into()), ("beta", beta.into())])
    }

    /// α.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// β.
    pub fn beta(&self) -> f64 {
        self.beta
    }

    /// The mean, α/(α+β).
    pub fn mean(&self) -> f64 {
        self.alpha / (self.alpha + self.beta)
    }

    /// The variance, αβ/((α+β)² (α+β+1)).
    pub fn variance(&self) -> f64 {
        self.mean() * (self.beta / (self.alpha + self.beta)) / (self.alpha + self.beta + 1.0)
    }

    /// ln of the density at x, −∞ outside the support.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }
}

impl Family for Beta {
    const NAME: &'static str = "beta";
    const PARAMETERS: &'static [Declaration] =
        &[Declaration::number("alpha", Domain::Positive), Declaration::number("beta", Domain::Positive)];
    const EXAMPLES: [Example; 2] = [
        &[("alpha", Sample::Number(2.0)), ("beta", Sample::Number(3.0))],
        &[("alpha", Sample::Number(3.0)), ("beta", Sample::Number(2.0))],
    ];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let ((alpha, first), (beta, second)) = (given.positive("alpha"), given.positive("beta"));
        Ok(Self { alpha, beta, exact: [first, second], constants: Constants::of(alpha, beta), label: given.label() })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.alpha, self.beta]
    }

    /// The Dirichlet one of two.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        Some(of_concentrations(&self.exact, &model.exact))
    }

    /// Of 1 and 1 the uniform law between 0 and 1.
    fn other_names(&self) -> Vec<Distribution> {
        if self.exact != [Positive::ONE; 2] {
            return Vec::new();
        }
        vec![Distribution::Uniform(Uniform::of_shares(self.label.clone()))]
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        Some(form_of_concentrations(&self.exact, &model.exact))
    }
}

impl Beta {
    /// Of 1 and 1.
    pub(in crate::distribution) fn flat(label: String) -> Self {
        Self { label, alpha: 1.0, beta: 1.0, exact: [Positive::ONE; 2], constants: Constants::of(1.0, 1.0) }
    }
}

impl Values for Beta {
    fn space(&self) -> Space {
        Space::Line
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::Dirichlet { alpha: vec![self.alpha, self.beta] }
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        let (log, rest) = (point.log(), point.log_rest());
        if log == f64::NEG_INFINITY || rest == f64::NEG_INFINITY {
            return f64::NEG_INFINITY;
        }
        // About the mean μ: with d = ln(x/μ) and e = ln((1−x)/(1−μ)) the exponent is α (e^d − 1 − d) + β (e^e − 1 − e), as
        // α e^d + β e^e is α + β. Γ by Stirling's formula: no large terms cancel.
        let Constants { top, log_means: [log_mean, log_other] } = self.constants;
        let fall = |shape: f64, distance: f64| shape * exp_excess(distance);
        top - fall(self.alpha, log - log_mean) - fall(self.beta, rest - log_other) - log - rest
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        let side = |shape: f64, log: f64| {
            let mean = libm::log(shape / (self.alpha + self.beta));
            let (distance, parts) = (log - mean, log.abs() + mean.abs() + 1.0);
            shape * (exp_excess(distance) + libm::expm1(distance).abs() * parts) + log.abs()
        };
        let tops = libm::log(self.alpha).abs() + libm::log(self.beta).abs();
        side(self.alpha, point.log()) + side(self.beta, point.log_rest()) + tops + 8.0
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        match draw {
            &[log, log_rest] => Value::Share { log, log_rest },
            _ => Value::Real(f64::NAN),
        }
    }

    fn support(&self) -> [f64; 2] {
        [0.0, 1.0]
    }

    fn tail_power(&self) -> [f64; 2] {
        [self.alpha, self.beta]
    }

    fn change_of_variable(&self) -> ChangeOfVariable {
        let width = (hurwitz_zeta(2, self.alpha) + hurwitz_zeta(2, self.beta)).sqrt();
        ChangeOfVariable::Logit { centre: digamma(self.alpha) - digamma(self.beta), width }
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        Some([self.alpha, self.beta].map(|shape| TailDecay::new([(0.0, 1, shape - 1.0)])))
    }
}
