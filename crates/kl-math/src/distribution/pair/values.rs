//! A source and a model over counts, numbers or vectors.

use super::error::PairError;
use super::resolution::resolved;
use crate::distribution::{
    BaseVariable, Beta, ClosedForm, ClosedFormSource, Discretised, Distribution, LogRatioForm, Moment, Points,
};
use crate::distribution::{Space, TailDecay, Value};
use std::sync::{Arc, OnceLock};

/// Two distributions over counts, numbers or vectors.
#[derive(Debug)]
pub struct ValuePair {
    source: Arc<Distribution>,
    model: Arc<Distribution>,
    space: Space,
    /// The same two as members of one family, where they have names in one: for all that is computed of X.
    compared: (Arc<Distribution>, Arc<Distribution>),
    /// X as a linear form in statistics of P's standard variable, where it is one.
    form: Option<LogRatioForm>,
    /// X as a linear form in those of another variable that P can be made from.
    other_form: Option<LogRatioForm>,
    /// Its constant, and the slope of each statistic.
    coefficients: Option<(f64, Vec<f64>)>,
    /// D and V by a formula, where there is one.
    formula: Option<ClosedForm>,
    /// Members of two families that are one law: their X is rounding.
    is_one_law: bool,
    discretised: OnceLock<Option<Discretised>>,
    points: OnceLock<Option<Points>>,
}

/// The part of P that Q does not cover.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncovered {
    /// Which values: `the value 3`, or `values above 2`.
    pub values: String,
    /// P's mass there.
    pub mass: f64,
    /// P's mass elsewhere.
    pub rest: f64,
}

impl ValuePair {
    pub(super) fn new(source: &Arc<Distribution>, model: &Arc<Distribution>) -> Result<Self, PairError> {
        let space = |side: &Distribution| side.values().map(|values| values.space());
        let (Some(space), true) = (space(source), space(source) == space(model)) else {
            return Err(PairError::Spaces { source_space: taken_by(source), model_space: taken_by(model) });
        };
        let own = || (Arc::clone(source), Arc::clone(model));
        let compared = Distribution::in_one_family(source, model).unwrap_or_else(own);
        let around = around_shares(&compared);
        let (as_source, as_model) = around.as_ref().map_or((&compared.0, &compared.1), |(_, flat)| (&compared.0, flat));
        let more = around.as_ref().map_or(0.0, |(more, _)| *more);
        let form = as_source.form(as_model).map(|form| form.shifted(more));
        let formula = as_source.formula(as_model).map(|known| known.shifted(more));
        let standard = |side: &Distribution| side.values().map(|values| values.base_variable());
        let (form, other_form) = if standard(source) == standard(as_source) { (form, None) } else { (None, form) };
        let mut pair = Self {
            coefficients: form.as_ref().map(LogRatioForm::coefficients),
            form,
            other_form,
            is_one_law: false,
            formula,
            compared,
            space,
            source: Arc::clone(source),
            model: Arc::clone(model),
            discretised: OnceLock::new(),
            points: OnceLock::new(),
        };
        // A divergence that is infinite for a reason has no variance.
        let is_held = |found: &ClosedForm| {
            !found.mean.is_nan() && found.variance.is_none_or(|variance| variance.is_finite() && found.mean.is_finite())
        };
        if pair.formula.as_ref().is_some_and(|found| !is_held(found)) {
            return Err(PairError::Overflow { source_family: source.family(), model_family: model.family() });
        }
        if pair.formula.is_none() {
            // What is compared may be of other families, into which these were widened.
            let named = |error: PairError| match error {
                PairError::NotIntegrable { .. } => {
                    PairError::NotIntegrable { source_family: source.family(), model_family: model.family() }
                }
                other => other,
            };
            let discretised = Discretised::of(&pair.compared.0, &pair.compared.1).map_err(named)?;
            pair.is_one_law = discretised.is_constant() && discretised.closed_form.mean == 0.0;
            let _ = pair.discretised.set(Some(discretised));
        }
        Ok(pair)
    }

    /// The same pair with P and Q in each other's place.
    ///
    /// # Errors
    ///
    /// KL(Q‖P) may be one that cannot be computed where KL(P‖Q) can.
    pub fn reversed(&self) -> Result<Self, PairError> {
        resolved(&self.model)?;
        Self::new(&self.model, &self.source)
    }

    /// The source P.
    pub fn source(&self) -> &Arc<Distribution> {
        &self.source
    }

    /// The model Q.
    pub fn model(&self) -> &Arc<Distribution> {
        &self.model
    }

    /// What values both take.
    pub fn space(&self) -> Space {
        self.space
    }

    /// ln p and ln q at a value: of densities, or of probabilities of counts.
    pub fn ln_probs(&self, point: Value<'_>) -> [f64; 2] {
        [&self.source, &self.model].map(|side| side.values().map_or(f64::NAN, |values| values.ln_prob(point)))
    }

    /// D and V.
    pub fn closed_form(&self) -> ClosedForm {
        let found = self.formula.or_else(|| self.discretised().map(|discretised| discretised.closed_form));
        found.unwrap_or(ClosedForm { source: ClosedFormSource::Quadrature, ..ClosedForm::INFINITE })
    }

    /// X as a linear form in statistics of P's standard variable, where it is one.
    pub fn form(&self) -> Option<&LogRatioForm> {
        self.form.as_ref()
    }

    /// The same, also in those of a variable that P is not sampled with: its law is that of X all the same.
    pub fn form_of_law(&self) -> Option<&LogRatioForm> {
        self.form.as_ref().or(self.other_form.as_ref())
    }

    /// The law of X as a sum over many values: none of vectors, and none where no sum or integral converges.
    pub fn discretised(&self) -> Option<&Discretised> {
        self.discretised.get_or_init(|| Discretised::of(&self.compared.0, &self.compared.1).ok()).as_ref()
    }

    /// Points and weights for means of other functions of X: none of vectors, and none where D is infinite.
    pub fn points(&self) -> Option<&Points> {
        self.points.get_or_init(|| Points::of(self, &self.compared.0, &self.compared.1)).as_ref()
    }

    /// Whether a moment of X, or of q/p, is finite, by the tails of P and Q; none where that is unknown.
    pub fn is_finite(&self, moment: Moment) -> Option<bool> {
        let (p, q) = (self.source.values()?, self.model.values()?);
        moment.is_finite(p, q)
    }

    /// Whether ∫ pᵃ q¹⁻ᵃ, the sum of counts likewise, is finite for a positive order a; none where that is unknown.
    pub fn has_power(&self, order: f64) -> Option<bool> {
        let (p, q) = (self.source.values()?, self.model.values()?);
        if order <= 1.0 {
            return Some(true);
        }
        let ([low, high], [other_low, other_high]) = (p.support(), q.support());
        if low < other_low || high > other_high {
            return Some(false);
        }
        let (decays, others) = (p.tail_decay()?, q.tail_decay()?);
        let mut ends = [(low, other_low), (high, other_high)].into_iter().zip(decays.iter().zip(&others));
        ends.try_fold(true, |so_far, ((end, other_end), (decay, other))| {
            if end.is_finite() && p.space() == Space::Counts {
                return Some(so_far);
            }
            // Within Q's support its density is neither 0 nor infinite.
            let inside = TailDecay::default();
            let other = if end == other_end { other } else { &inside };
            Some(so_far && decay.weighted(order, other, 1.0 - order).is_integrable(end.is_finite())?)
        })
    }

    /// The two as members of one family, where they have names in one.
    pub(super) fn compared(&self) -> (&Distribution, &Distribution) {
        (&self.compared.0, &self.compared.1)
    }

    /// The constant of X and the slope of each statistic, where it is linear in those of P's standard variable.
    pub(super) fn coefficients(&self) -> Option<&(f64, Vec<f64>)> {
        self.coefficients.as_ref()
    }

    /// Whether they are members of two families that are one law.
    pub(super) fn is_one_law(&self) -> bool {
        self.is_one_law
    }

    /// Whether P can produce whatever Q can.
    pub fn covers_model(&self) -> bool {
        let support = |side: &Distribution| side.values().map(|values| values.support());
        support(&self.source)
            .zip(support(&self.model))
            .is_some_and(|([low, high], [other_low, other_high])| low <= other_low && other_high <= high)
    }

    /// How many numbers a value is made from.
    pub fn width(&self) -> usize {
        self.source.values().map_or(0, |values| values.base_variable().width())
    }

    /// How many statistics they have.
    pub fn statistics(&self) -> usize {
        self.source.values().map_or(0, |values| values.base_variable().statistics())
    }

    /// X at the value that comes of a draw of P's standard variable; `room` is scratch space for vectors.
    pub fn log_ratio_of(&self, draw: &[f64], room: &mut Vec<f64>) -> f64 {
        self.source.values().map_or(f64::NAN, |source| self.log_ratio_at(source.value(draw, room)))
    }

    /// The same with all the digits there are: see [`precise_log_ratio_at`](Self::precise_log_ratio_at).
    pub fn precise_log_ratio_of(&self, draw: &[f64], room: &mut Vec<f64>) -> f64 {
        self.source.values().map_or(f64::NAN, |source| self.precise_log_ratio_at(source.value(draw, room)))
    }

    /// X at a value that P can take; +∞ where Q cannot.
    pub fn log_ratio_at(&self, point: Value<'_>) -> f64 {
        if self.is_one_law {
            return 0.0;
        }
        let Some(ln_model) = self.model.values().map(|model| model.ln_prob(point)) else { return f64::INFINITY };
        if ln_model.is_nan() || ln_model == f64::NEG_INFINITY {
            return f64::INFINITY;
        }
        let (source, model) = &self.compared;
        match source.values() {
            // Of two families it is the difference, one part of which is known.
            Some(values)
                if std::mem::discriminant(&**source) != std::mem::discriminant(&**model)
                    && Arc::ptr_eq(model, &self.model) =>
            {
                values.ln_prob(point) - ln_model
            }
            _ => source.log_ratio_at(model, point),
        }
    }

    /// X through statistics of P's standard variable, where it is linear in them: the difference of two logarithms loses digits
    /// where Q is near P.
    pub fn linear_at(&self, point: Value<'_>) -> Option<f64> {
        let (constant, slopes) = self.coefficients.as_ref()?;
        let source = self.source.values()?;
        let sum = |statistics: &[f64]| {
            constant + slopes.iter().zip(statistics).map(|(slope, statistic)| slope * statistic).sum::<f64>()
        };
        let draw = || source.standardised(point.value());
        match (source.base_variable(), point) {
            (BaseVariable::Normal, _) => {
                let z = draw();
                Some(sum(&[z, z * z]))
            }
            (BaseVariable::Gamma { .. }, _) => {
                let g = draw();
                Some(sum(&[libm::log(g), g]))
            }
            (BaseVariable::Dirichlet { .. }, Value::LogShares(logs)) => Some(sum(logs)),
            (BaseVariable::Dirichlet { .. }, _) => Some(sum(&[point.log(), point.log_rest()])),
            (
                BaseVariable::Exponential
                | BaseVariable::Poisson { .. }
                | BaseVariable::NegativeBinomial { .. }
                | BaseVariable::Binomial { .. },
                _,
            ) => Some(sum(&[draw()])),
            (
                BaseVariable::Uniform
                | BaseVariable::Laplace
                | BaseVariable::Cauchy
                | BaseVariable::LogOdds { .. }
                | BaseVariable::TruncatedNormal { .. }
                | BaseVariable::Mixture { .. }
                | BaseVariable::Normals { .. },
                _,
            ) => None,
        }
    }

    /// X at a value that P can take, with all the digits there are; +∞ where Q cannot take it.
    pub fn precise_log_ratio_at(&self, point: Value<'_>) -> f64 {
        let ratio = self.log_ratio_at(point);
        let linear = || self.linear_at(point).filter(|ratio| ratio.is_finite());
        if ratio.is_finite() && !self.is_one_law { linear().unwrap_or(ratio) } else { ratio }
    }

    /// Where P has mass and Q has none.
    pub fn uncovered(&self) -> Option<Uncovered> {
        let (p, q) = (self.source.values()?, self.model.values()?);
        let ([low, high], [other_low, other_high]) = (p.support(), q.support());
        let values = match p.space() {
            Space::Vectors(_) | Space::Simplex(_) => return None,
            _ if low >= other_low && high <= other_high => return None,
            Space::Counts if low == high => format!("the value {low}"),
            _ if low < other_low && high > other_high => format!("values below {other_low} and above {other_high}"),
            _ if low < other_low => format!("values below {other_low}"),
            _ => format!("values above {other_high}"),
        };
        let discretised = self.discretised()?;
        Some(Uncovered { values, mass: discretised.uncovered, rest: discretised.covered })
    }
}

/// For P over shares and Q uniform around them: what ln p/q has more than against the uniform law of shares, and that law.
fn around_shares(pair: &(Arc<Distribution>, Arc<Distribution>)) -> Option<(f64, Arc<Distribution>)> {
    let (Distribution::Beta(_), Distribution::Uniform(model)) = (pair.0.as_ref(), pair.1.as_ref()) else { return None };
    let flat = Beta::flat(pair.1.to_string());
    Some((libm::log(model.length_around_shares()?), Arc::new(Distribution::Beta(flat))))
}

/// What a distribution takes, in words.
pub(super) fn taken_by(side: &Distribution) -> String {
    match side.values() {
        Some(values) => values.space().to_string(),
        None if side.chain().is_some() => "sequences of states".to_owned(),
        None => "symbols".to_owned(),
    }
}
