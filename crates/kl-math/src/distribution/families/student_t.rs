//! Student's t distribution.

use super::cauchy::Cauchy;
use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Distribution, Domain, Example, Family, Parameter,
    ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{DoubleDouble, Positive, digamma, log_gamma_gap};

/// Student's t distribution.
///
/// # Density
///
/// Γ((ν+1)/2)/(Γ(ν/2) √(νπ) s) (1 + t²/ν)^(−(ν+1)/2) for every x, t = (x−m)/s.
///
/// # Parameters
///
/// - `location`: m.
/// - `scale`: s > 0.
/// - `df`: ν, the degrees of freedom, from 0.1 to 1e30. Values of fewer are often beyond the doubles; those of more are normal
///   ones.
///
/// # Mean and variance
///
/// m for ν > 1 and s² ν/(ν−2) for ν > 2; infinite, or none, below.
///
/// # D and V, in nats and nats²
///
/// By quadrature; those of the [`Cauchy`](super::Cauchy) distribution where ν is 1 on both sides. Against a law whose tails
/// fall like e^(−|x|ᵇ), D is infinite for ν ≤ b and V for ν ≤ 2b.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&StudentT::new(0.0, 1.0, 3.0)?, &Normal::new(0.0, 1.0)?)?;
/// assert!((found.mean - 0.645_460_961_341_381_8).abs() < 1e-12 && found.variance == Some(f64::INFINITY));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Johnson, Kotz & Balakrishnan 1995, *Continuous Univariate Distributions*, volume 2, chapter 28. Values are √ν sinh(y/2), y
/// the log odds of a beta number of ν/2 and ν/2: Jones 2002, "Student's simplest distribution", § 2.
#[derive(Clone, Debug, PartialEq)]
pub struct StudentT {
    label: String,
    location: f64,
    scale: f64,
    df: f64,
    /// ln of the density of t at 0.
    top: f64,
    /// As they are written.
    exact: (DoubleDouble, Positive, Positive),
}

impl StudentT {
    /// By location, positive scale and degrees of freedom.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::StudentT;
    /// assert!(StudentT::new(0.0, 1.0, 3.0).is_ok() && StudentT::new(0.0, 1.0, 0.0).is_err());
    /// ```
    pub fn new(
        location: impl Into<Parameter>,
        scale: impl Into<Parameter>,
        df: impl Into<Parameter>,
    ) -> Result<Self, ParameterErrors> {
        Self::of([("location", location.into()), ("scale", scale.into()), ("df", df.into())])
    }

    /// The location m, the median.
    pub fn location(&self) -> f64 {
        self.location
    }

    /// The scale s.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The degrees of freedom ν.
    pub fn df(&self) -> f64 {
        self.df
    }

    /// ln of the density at x.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }

    /// That of −ln of the density of t: (ν+1) |t|/(ν+t²).
    fn slope(&self, t: f64) -> f64 {
        (self.df + 1.0) / (self.df / t.abs() + t.abs())
    }

    /// What t₁ = (x−m₁)/s₁ and t₂ = (x−m₂)/s₂ differ by, e and d of t₂ − t₁ = e t₁ + d.
    fn difference(&self, model: &Self) -> (f64, f64) {
        let ((location, scale, _), (other_location, other, _)) = (self.exact, model.exact);
        (scale.relative_to(other), other.measure(location, other_location))
    }

    /// r = (t₂² − t₁²)/(ν + t₁²), for one ν on both sides and where 1 + r keeps its digits.
    fn ratio(&self, model: &Self, t: f64) -> Option<f64> {
        if self.exact.2 != model.exact.2 {
            return None;
        }
        let (excess, shift) = self.difference(model);
        // Far out t alone counts.
        let r = if t.abs() > 1e100 {
            excess * (2.0 + excess)
        } else {
            let step = excess * t + shift;
            step * (2.0 * t + step) / (self.df + t * t)
        };
        (r > -0.75 && r.is_finite()).then_some(r)
    }
}

impl Family for StudentT {
    const NAME: &'static str = "student_t";
    const PARAMETERS: &'static [Declaration] = &[
        Declaration::number("location", Domain::Real),
        Declaration::number("scale", Domain::Positive),
        Declaration::number("df", Domain::DegreesOfFreedom),
    ];
    const EXAMPLES: [Example; 2] = [
        &[("location", Sample::Number(0.0)), ("scale", Sample::Number(1.0)), ("df", Sample::Number(5.0))],
        &[("location", Sample::Number(0.5)), ("scale", Sample::Number(1.5)), ("df", Sample::Number(8.0))],
    ];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let (location, (scale, exact)) = (given.exact("location"), given.positive("scale"));
        let (df, exact_df) = given.positive("df");
        // lnΓ(a+½) − lnΓ(a) − ½ ln(2aπ), a = ν/2.
        let half = 0.5 * df;
        let top = log_gamma_gap(half, 0.5) + 0.5 * (digamma(half) - libm::log(std::f64::consts::PI * df));
        let exact = (location, exact, exact_df);
        Ok(Self { location: location.to_f64(), scale, df, top, exact, label: given.label() })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.location, self.scale, self.df]
    }

    /// That of Cauchy laws, where both are one.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        self.as_cauchy()?.closed_form(&model.as_cauchy()?)
    }

    /// The Cauchy law, of one degree of freedom.
    fn other_names(&self) -> Vec<Distribution> {
        self.as_cauchy().map(Distribution::Cauchy).into_iter().collect()
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// ln(s₂/s₁) + (ν+1)/2 ln(1 + r) for one ν.
    fn log_ratio_at(&self, model: &Self, point: Value<'_>) -> f64 {
        match self.ratio(model, self.standardised(point.value())) {
            Some(r) => 0.5 * (self.df + 1.0) * libm::log1p(r) - model.exact.1.log_to(self.exact.1),
            None => self.ln_prob(point) - model.ln_prob(point),
        }
    }

    /// The slope in t₁ is (ν+1) [e t₂/(ν+t₂²) + t₂/(ν+t₂²) − t₁/(ν+t₁²)].
    fn size_of_log_ratio(&self, model: &Self, point: Value<'_>) -> Option<f64> {
        let x = point.value();
        let t = self.standardised(x);
        let r = self.ratio(model, t)?;
        let (excess, shift) = self.difference(model);
        let step = excess * t + shift;
        let bend = (self.df + 1.0) / self.df * step.abs();
        let slope = excess.abs() * self.slope(t + step) + bend.min(self.slope(t) + self.slope(t + step));
        let parts = 0.5 * (self.df + 1.0) * libm::log1p(r).abs() + model.exact.1.log_to(self.exact.1).abs();
        Some(3.0 * parts + slope * (x.abs() + self.location.abs()) / self.scale)
    }
}

impl StudentT {
    fn as_cauchy(&self) -> Option<Cauchy> {
        let (location, scale, df) = self.exact;
        (df == Positive::ONE).then(|| Cauchy::of_one_degree(self.label.clone(), location, scale))
    }
}

impl Values for StudentT {
    fn space(&self) -> Space {
        Space::Line
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::LogOdds { shape: 0.5 * self.df }
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        let t = self.standardised(point.value()).abs();
        let log = if t < 1e100 {
            libm::log1p(t * t / self.df)
        } else {
            let distance = (point.value() - self.location).abs();
            2.0 * (libm::log(distance) - libm::log(self.scale)) - libm::log(self.df)
        };
        self.top - 0.5 * (self.df + 1.0) * log - libm::log(self.scale)
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        let x = point.value();
        let t = self.standardised(x).abs();
        let slope = self.slope(t);
        let log = libm::log1p((t / self.df.sqrt()).min(1e150) * (t / self.df.sqrt()).min(1e150));
        let constant = self.top.abs() + 2.0 + libm::log(self.df).abs() + libm::log(self.scale).abs();
        (self.df + 1.0) * log + slope * ((x.abs() + self.location.abs()) / self.scale) + constant
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        let t = |y: f64| self.df.sqrt() * libm::sinh(0.5 * y);
        Value::Real(draw.first().map_or(f64::NAN, |&y| self.location + self.scale * t(y)))
    }

    fn standardised(&self, x: f64) -> f64 {
        (x - self.location) / self.scale
    }

    fn tail_power(&self) -> [f64; 2] {
        [self.df; 2]
    }

    fn change_of_variable(&self) -> ChangeOfVariable {
        ChangeOfVariable::Linear { centre: self.location, width: self.scale }
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        let fall = || TailDecay::new([(0.0, 1, 1.0 + self.df)]);
        Some([fall(), fall()])
    }
}
