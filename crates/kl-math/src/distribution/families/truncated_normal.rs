//! The normal distribution between two ends, or beyond one.

mod frame;

use super::normal::Bell;
use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Domain, Example, Family, Fault, Growth, LogRatioForm,
    Parameter, ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::Positive;
use frame::Frame;

/// The normal distribution between two ends, or beyond one.
///
/// # Density
///
/// φ((x−m)/σ)/(σ Z) for low ≤ x ≤ high, Z the normal law's probability of that.
///
/// # Parameters
///
/// - `mean` and `std_dev`: m and σ > 0 of the normal law before it is truncated.
/// - `low` and `high`: the ends, low < high. One of them may be left out.
///
/// # Mean and variance
///
/// m + σ (φ(α)−φ(β))/Z and σ² \[1 + (αφ(α)−βφ(β))/Z − ((φ(α)−φ(β))/Z)²\], α = (low−m)/σ, β = (high−m)/σ.
///
/// # D and V, in nats and nats²
///
/// D = ln(Z₂/Z₁) and V = 0 for one normal law, if Q's ends cover P's. Else by quadrature: the formulas of one interval are
/// differences of such means, and lose their digits where the interval is short or far out.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// // Half a normal law against the whole.
/// let found = kl(&TruncatedNormal::above(0.0, 1.0, 0.0)?, &Normal::new(0.0, 1.0)?)?;
/// assert!((found.mean - std::f64::consts::LN_2).abs() < 1e-14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Johnson, Kotz & Balakrishnan 1994, *Continuous Univariate Distributions*, volume 1, chapter 13.
#[derive(Clone, Debug, PartialEq)]
pub struct TruncatedNormal {
    label: String,
    mean: f64,
    std_dev: f64,
    ends: [f64; 2],
    frame: Frame,
    /// The normal law, as it is written.
    exact: Bell,
}

impl TruncatedNormal {
    /// By mean and positive standard deviation of the normal law, and the two ends.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::TruncatedNormal;
    /// assert!(TruncatedNormal::new(0.0, 1.0, -1.0, 2.0).is_ok() && TruncatedNormal::new(0.0, 1.0, 2.0, 2.0).is_err());
    /// ```
    pub fn new(
        mean: impl Into<Parameter>,
        std_dev: impl Into<Parameter>,
        low: impl Into<Parameter>,
        high: impl Into<Parameter>,
    ) -> Result<Self, ParameterErrors> {
        Self::of([("mean", mean.into()), ("std_dev", std_dev.into()), ("low", low.into()), ("high", high.into())])
    }

    /// Above `low` only.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::TruncatedNormal;
    /// assert_eq!(TruncatedNormal::above(0.0, 1.0, 2.0)?.ends(), [2.0, f64::INFINITY]);
    /// # Ok::<(), kl_math::distribution::ParameterErrors>(())
    /// ```
    pub fn above(
        mean: impl Into<Parameter>,
        std_dev: impl Into<Parameter>,
        low: impl Into<Parameter>,
    ) -> Result<Self, ParameterErrors> {
        Self::of([("mean", mean.into()), ("std_dev", std_dev.into()), ("low", low.into())])
    }

    /// Below `high` only.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::TruncatedNormal;
    /// assert_eq!(TruncatedNormal::below(0.0, 1.0, 2.0)?.ends(), [f64::NEG_INFINITY, 2.0]);
    /// # Ok::<(), kl_math::distribution::ParameterErrors>(())
    /// ```
    pub fn below(
        mean: impl Into<Parameter>,
        std_dev: impl Into<Parameter>,
        high: impl Into<Parameter>,
    ) -> Result<Self, ParameterErrors> {
        Self::of([("mean", mean.into()), ("std_dev", std_dev.into()), ("high", high.into())])
    }

    /// The mean m of the normal law before it is truncated.
    pub fn normal_mean(&self) -> f64 {
        self.mean
    }

    /// The standard deviation σ of the normal law before it is truncated.
    pub fn normal_std_dev(&self) -> f64 {
        self.std_dev
    }

    /// The two ends; that which was left out is infinite.
    pub fn ends(&self) -> [f64; 2] {
        self.ends
    }

    /// ln of the density at x, −∞ outside the ends.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }

    /// w of an x.
    fn score(&self, x: f64) -> f64 {
        let w = (x - self.frame.origin) / self.std_dev;
        if self.frame.is_mirrored { -w } else { w }
    }

    /// How far it spreads, in σ: the least of 1, 1/a and the distance of the ends.
    fn spread(&self) -> f64 {
        let [low, high] = self.frame.range;
        (1.0 / self.frame.steepness.max(1.0)).min(high - low)
    }
}

impl Family for TruncatedNormal {
    const NAME: &'static str = "truncated_normal";
    const PARAMETERS: &'static [Declaration] = &[
        Declaration::number("mean", Domain::Real),
        Declaration::number("std_dev", Domain::Positive),
        Declaration::number("low", Domain::Real).optional(),
        Declaration::number("high", Domain::Real).optional(),
    ];
    const EXAMPLES: [Example; 2] = [
        &[
            ("mean", Sample::Number(0.0)),
            ("std_dev", Sample::Number(1.0)),
            ("low", Sample::Number(-1.0)),
            ("high", Sample::Number(2.0)),
        ],
        &[
            ("mean", Sample::Number(0.5)),
            ("std_dev", Sample::Number(1.2)),
            ("low", Sample::Number(-1.0)),
            ("high", Sample::Number(2.0)),
        ],
    ];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let (mean, (std_dev, exact)) = (given.exact("mean"), given.positive("std_dev"));
        let (has_low, has_high) = (given.has("low"), given.has("high"));
        if !has_low && !has_high {
            let fault = Fault::Either { family: Self::NAME, one: "low", other: "high" };
            return Err(vec![ParameterError::here(fault)]);
        }
        let end = |name: &str, is_given: bool, other: f64| {
            if is_given {
                let end = given.exact(name);
                (end.to_f64(), exact.measure(end, mean))
            } else {
                (other, other)
            }
        };
        let (low, alpha) = end("low", has_low, f64::NEG_INFINITY);
        let (high, beta) = end("high", has_high, f64::INFINITY);
        if low >= high {
            return Err(vec![ParameterError::at("high", Fault::NotAbove { value: high, other: "low" })]);
        }
        let length = if has_low && has_high {
            Positive::distance(given.exact("high"), given.exact("low"))
                .map_or(0.0, |length| length.over(exact).to_f64())
        } else {
            f64::INFINITY
        };
        let frame = Frame::new(mean.to_f64(), [low, high], [alpha, beta], length);
        let (exact, label) = (Bell { mean, std_dev: exact }, given.label());
        Ok(Self { mean: mean.to_f64(), std_dev, ends: [low, high], frame, exact, label })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        let [low, high] = self.ends;
        vec![self.mean, self.std_dev, low, high]
    }

    /// D = ln(Z₂/Z₁) and V = 0 of one normal law; infinite unless Q's ends cover P's.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let [[low, high], [other_low, other_high]] = [self.ends, model.ends];
        if self.exact != model.exact {
            return None;
        }
        if low < other_low || high > other_high {
            return Some(ClosedForm::INFINITE);
        }
        Some(ClosedForm::finite(self.log_of_masses(model), 0.0))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// A constant for one normal law, where Q covers P.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let found = self.closed_form(model)?;
        found.mean.is_finite().then_some(LogRatioForm::Constant(found.mean))
    }

    /// The one finite value there is for one normal law, so that all that is finite is equal to the last bit.
    fn log_ratio_at(&self, model: &Self, point: Value<'_>) -> f64 {
        if !point.lies_in(model.ends) {
            return f64::INFINITY;
        }
        if self.exact == model.exact {
            return self.log_of_masses(model);
        }
        let Some((w, step)) = self.step(model, point.value()) else {
            return self.ln_prob(point) - model.ln_prob(point);
        };
        // a₂w₂ + w₂²/2 − a₁w₁ − w₁²/2.
        let (own, other) = (&self.frame, &model.frame);
        let powers = (other.steepness - own.steepness) * (w + step) + step * (own.steepness + w + 0.5 * step);
        powers + (other.log_mass - own.log_mass) - model.exact.std_dev.log_to(self.exact.std_dev)
    }
}

impl TruncatedNormal {
    /// The normal law itself.
    pub(in crate::distribution) fn whole(label: String, exact: Bell) -> Self {
        let (mean, std_dev, ends) = (exact.mean.to_f64(), exact.std_dev.to_f64(), [f64::NEG_INFINITY, f64::INFINITY]);
        Self { label, mean, std_dev, ends, frame: Frame::new(mean, ends, ends, f64::INFINITY), exact }
    }

    /// w₁ of an x and w₂ − w₁ by the parameters, if both are measured from the mean, or from one end.
    fn step(&self, model: &Self, x: f64) -> Option<(f64, f64)> {
        let (own, other, w) = (&self.frame, &model.frame, self.score(x));
        let spread = self.exact.std_dev.relative_to(model.exact.std_dev) * w;
        if own.is_central() && other.is_central() {
            return Some((w, spread + model.exact.std_dev.measure(self.exact.mean, model.exact.mean)));
        }
        let is_one = !own.is_central() && !other.is_central() && own.is_mirrored == other.is_mirrored;
        (is_one && own.origin == other.origin).then_some((w, spread))
    }

    /// ln(Z₂/Z₁) of one normal law, where ln Z is ln of the mass in the frame less ½a².
    fn log_of_masses(&self, model: &Self) -> f64 {
        let (own, other) = (&self.frame, &model.frame);
        let squares = 0.5 * (own.steepness - other.steepness) * (own.steepness + other.steepness);
        (other.log_mass - own.log_mass) + squares
    }
}

impl Values for TruncatedNormal {
    fn space(&self) -> Space {
        Space::Line
    }

    fn base_variable(&self) -> BaseVariable {
        let [low, high] = self.frame.range;
        BaseVariable::TruncatedNormal { steepness: self.frame.steepness, low, high }
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        if !point.lies_in(self.ends) {
            return f64::NEG_INFINITY;
        }
        let w = self.score(point.value());
        -w * (self.frame.steepness + 0.5 * w) - self.frame.log_mass - libm::log(self.std_dev)
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        let x = point.value();
        let (w, steepness) = (self.score(x).abs(), self.frame.steepness.abs());
        let constant = 2.0 + self.frame.log_mass.abs() + libm::log(self.std_dev).abs();
        w * (2.0 * steepness + w) + (steepness + w) * (x.abs() + self.frame.origin.abs()) / self.std_dev + constant
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        let [low, high] = self.ends;
        Value::Real(draw.first().map_or(f64::NAN, |&w| {
            let distance = if self.frame.is_mirrored { -w } else { w };
            (self.frame.origin + self.std_dev * distance).clamp(low, high)
        }))
    }

    fn standardised(&self, x: f64) -> f64 {
        self.score(x)
    }

    fn support(&self) -> [f64; 2] {
        self.ends
    }

    fn growth(&self) -> [Growth; 2] {
        self.ends.map(|end| if end.is_finite() { Growth::SLOW } else { Growth::Power(2.0) })
    }

    fn tail_power(&self) -> [f64; 2] {
        self.ends.map(|end| if end.is_finite() { 1.0 } else { f64::INFINITY })
    }

    /// About an end, if that is near: Q's density may be 0 or infinite there.
    fn change_of_variable(&self) -> ChangeOfVariable {
        const NEAR: f64 = 8.0;
        let mut near = self.ends.into_iter().filter(|end| self.score(*end).abs() <= NEAR).collect::<Vec<_>>();
        // Places next to 0 are exact.
        near.sort_by(|one, other| one.abs().total_cmp(&other.abs()));
        let centre = near.first().copied().unwrap_or(self.frame.origin);
        ChangeOfVariable::Linear { centre, width: self.std_dev * self.spread() }
    }

    /// Its top, where that is within the ends: nodes are dense there.
    fn kinks(&self) -> Vec<f64> {
        let [low, high] = self.ends;
        Some(self.mean).filter(|&mean| low < mean && mean < high).into_iter().collect()
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        let (square, mean) = (0.5 / self.std_dev / self.std_dev, self.mean / self.std_dev / self.std_dev);
        let [low, high] = self.ends;
        let decay = |end: f64, linear: f64| {
            if end.is_finite() { TailDecay::default() } else { TailDecay::new([(2.0, 0, square), (1.0, 0, linear)]) }
        };
        Some([decay(low, mean), decay(high, -mean)])
    }
}
