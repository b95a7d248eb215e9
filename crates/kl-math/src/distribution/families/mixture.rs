//! A mixture of distributions over the same values.

mod reading;

use crate::distribution::parameter::normalised;
use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Distribution, Example, Family, Fault, Form, Growth,
    Parameter, ParameterError, ParameterErrors, Probability, Sample, Space, Step, TailDecay, Value, Values,
};
use crate::numeric::DoubleDouble;
use reading::{component, items, ordered};

/// A mixture of distributions over the same values: each value is one of a component that is drawn anew.
///
/// # Density
///
/// Σ wᵢ pᵢ(x).
///
/// # Parameters
///
/// - a list of components, each with its `weight` wᵢ and a distribution over counts or real numbers. The weights sum to 1. Of real
///   numbers no end of a component may lie within the range of all unless another component goes on at both sides of it: the
///   values have no gap.
///
/// # Mean and variance
///
/// Σ wᵢ mᵢ and Σ wᵢ (vᵢ + mᵢ²) − (Σ wᵢ mᵢ)².
///
/// # D and V, in nats and nats²
///
/// By quadrature over each component, or by sums of counts; those of the one component there is where the others weigh nothing.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let two = Mixture::new([(0.5, Normal::new(-1.0, 1.0)?), (0.5, Normal::new(1.0, 1.0)?)])?;
/// let found = kl(&two, &Normal::new(0.0, 2f64.sqrt())?)?;
/// assert!(found.mean > 0.0 && found.error.is_some_and(|error| error < 1e-13));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// McLachlan & Peel 2000, *Finite Mixture Models*, chapter 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    label: String,
    /// Those that weigh something.
    components: Vec<Component>,
    space: Space,
}

#[derive(Clone, Debug, PartialEq)]
struct Component {
    weight: DoubleDouble,
    log_weight: f64,
    law: Distribution,
}

impl Mixture {
    /// By weights and distributions.
    ///
    /// # Errors
    ///
    /// Weights that do not sum to 1, and components over different values or with gaps between them.
    ///
    /// ```
    /// use kl_math::distribution::{Mixture, Poisson};
    /// let of = |weight: f64| Mixture::new([(weight, Poisson::new(1.0)?), (0.4, Poisson::new(5.0)?)]);
    /// assert!(of(0.6).is_ok() && of(0.5).is_err());
    /// ```
    pub fn new<D: Into<Distribution>>(components: impl IntoIterator<Item = (f64, D)>) -> Result<Self, ParameterErrors> {
        let components: Vec<(f64, Distribution)> =
            components.into_iter().map(|(weight, law)| (weight, law.into())).collect();
        let label = components.iter().map(|(weight, law)| format!("{weight} {law}")).collect::<Vec<_>>().join(", ");
        let mut weights = Vec::new();
        for (place, (weight, _)) in components.iter().enumerate() {
            let weight = Probability::read(&(*weight).into());
            weights
                .push(weight.map_err(|fault| vec![fault.under(Step::Key("weight".into())).under(Step::Index(place))])?);
        }
        let laws = components.into_iter().map(|(_, law)| law).collect();
        Ok(Self::made(format!("mixture({label})"), &weights, laws, Step::Index)?)
    }

    /// The components that weigh something, each with its weight.
    pub fn weighed(&self) -> impl Iterator<Item = (f64, &Distribution)> {
        self.components.iter().map(|component| (component.weight.to_f64(), &component.law))
    }

    /// ln of the density at x, −∞ outside the support.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }

    fn made(
        label: String,
        weights: &[Probability],
        laws: Vec<Distribution>,
        step: impl Fn(usize) -> Step,
    ) -> Result<Self, Vec<ParameterError>> {
        if laws.is_empty() {
            let fault = Fault::Rule { value: "an empty list".to_owned(), rule: "a list of components".to_owned() };
            return Err(vec![ParameterError::here(fault)]);
        }
        let weights = normalised(weights).map_err(|fault| vec![ParameterError::here(fault)])?;
        let mut space = None;
        for (place, law) in laws.iter().enumerate() {
            let found = law.values().map(|values| values.space());
            let rule = |rule: &str| {
                let fault = Fault::Rule { value: law.family().to_owned(), rule: rule.to_owned() };
                Err(vec![ParameterError::here(fault).under(step(place))])
            };
            match found {
                _ if matches!(law, Distribution::Mixture(_)) => {
                    return rule("a component: write its own components instead");
                }
                Some(found @ (Space::Counts | Space::Line)) if space.is_none_or(|first| first == found) => {
                    space = Some(found);
                }
                Some(Space::Counts | Space::Line) => return rule("over the same values as the first component"),
                _ => return rule("a component: it is not over counts or real numbers"),
            }
        }
        let space = space.unwrap_or(Space::Line);
        let components = weights.into_iter().zip(laws).filter(|(weight, _)| *weight > DoubleDouble::ZERO);
        let components =
            components.map(|(weight, law)| Component { log_weight: libm::log(weight.to_f64()), weight, law });
        let made = Self { label, components: components.collect(), space };
        match made.gap() {
            Some(end) => {
                let value = format!("a mixture with an end of a component at {end}");
                let fault = Fault::Rule { value, rule: "one without gaps".to_owned() };
                Err(vec![ParameterError::here(fault)])
            }
            None => Ok(made),
        }
    }

    /// Each component's values.
    fn parts(&self) -> impl Iterator<Item = (&Component, &dyn Values)> {
        self.components.iter().filter_map(|component| Some((component, component.law.values()?)))
    }

    /// An end of a component within the range of all that no other component covers at both sides.
    fn gap(&self) -> Option<f64> {
        let [low, high] = self.support();
        let supports: Vec<[f64; 2]> = self.parts().map(|(_, values)| values.support()).collect();
        // The next count is a neighbour.
        let reach = if self.space == Space::Counts { 1.0 } else { 0.0 };
        let is_covered = |end: f64, is_upper: bool| {
            supports.iter().any(|&[other_low, other_high]| {
                if reach == 0.0 {
                    other_low < end && end < other_high
                } else if is_upper {
                    other_low <= end + reach && end < other_high
                } else {
                    other_low < end && end - reach <= other_high
                }
            })
        };
        let lows = supports.iter().map(|&[end, _]| (end, false)).filter(|(end, _)| *end > low);
        let highs = supports.iter().map(|&[_, end]| (end, true)).filter(|(end, _)| *end < high);
        lows.chain(highs).find(|&(end, is_upper)| !is_covered(end, is_upper)).map(|(end, _)| end)
    }

    /// For the lower and the upper end what that of the components that reach it says which is better than the others.
    fn at_ends<T>(
        &self,
        of: impl Fn(&dyn Values) -> [T; 2],
        better: impl Fn(&T, &T) -> bool,
        mut best: [T; 2],
    ) -> [T; 2] {
        let ends = self.support();
        let mut is_first = [true; 2];
        for (_, values) in self.parts() {
            let sides = best.iter_mut().zip(&mut is_first).zip(of(values)).zip(ends.into_iter().zip(values.support()));
            for (((best, is_first), found), (end, own)) in sides {
                if end == own && (*is_first || better(&found, best)) {
                    (*best, *is_first) = (found, false);
                }
            }
        }
        best
    }

    /// The one component there is.
    fn single(&self) -> Option<&Distribution> {
        match self.components.as_slice() {
            [one] => Some(&one.law),
            _ => None,
        }
    }
}

impl Family for Mixture {
    const NAME: &'static str = "mixture";
    const PARAMETERS: &'static [Declaration] =
        &[Declaration::new("1", Form::Component), Declaration::new("2", Form::Component).optional()];
    const EXAMPLES: [Example; 2] = [
        &[
            (
                "1",
                Sample::Component(0.3, "normal", &[("mean", Sample::Number(-1.0)), ("std_dev", Sample::Number(0.5))]),
            ),
            ("2", Sample::Component(0.7, "normal", &[("mean", Sample::Number(1.0)), ("std_dev", Sample::Number(1.0))])),
        ],
        &[
            (
                "1",
                Sample::Component(0.5, "normal", &[("mean", Sample::Number(-1.0)), ("std_dev", Sample::Number(1.0))]),
            ),
            (
                "2",
                Sample::Component(
                    0.5,
                    "logistic",
                    &[("location", Sample::Number(1.0)), ("scale", Sample::Number(0.5))],
                ),
            ),
        ],
    ];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let items = items(written)?;
        let (mut weights, mut laws, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for (step, item) in &items {
            match component(item) {
                Ok((weight, law)) => {
                    weights.push(weight);
                    laws.push(law);
                }
                Err(found) => faults.extend(found.into_iter().map(|fault| fault.under(step.clone()))),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let label = items.iter().map(|(_, item)| ordered(item).in_a_file()).collect::<Vec<_>>().join(", ");
        let place = |place: usize| items.get(place).map_or(Step::Index(place), |(step, _)| step.clone());
        Self::made(format!("mixture([{label}])"), &weights, laws, place)
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        let of = |component: &Component| {
            let name = component.law.family().bytes().map(f64::from).collect::<Vec<_>>();
            let parameters = component.law.normalised_parameters();
            let sizes = vec![component.weight.to_f64(), name.len() as f64, parameters.len() as f64];
            [sizes, name, parameters].concat()
        };
        self.components.iter().flat_map(of).collect()
    }

    /// That of the one component on either side, where there is one.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        self.single()?.formula(model.single()?)
    }

    /// The one component, where there is one.
    fn other_names(&self) -> Vec<Distribution> {
        self.single().cloned().into_iter().collect()
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }
}

impl Values for Mixture {
    fn space(&self) -> Space {
        self.space
    }

    fn base_variable(&self) -> BaseVariable {
        let parts = self.parts().map(|(component, values)| (component.weight, values.base_variable()));
        BaseVariable::Mixture { parts: parts.collect() }
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        let logs: Vec<f64> =
            self.parts().map(|(component, values)| component.log_weight + values.ln_prob(point)).collect();
        let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if top.is_infinite() {
            return top;
        }
        top + libm::log(logs.iter().map(|log| libm::exp(log - top)).sum())
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        let whole = self.ln_prob(point);
        let shares = self.parts().map(|(component, values)| {
            let share = libm::exp(component.log_weight + values.ln_prob(point) - whole);
            if share > 0.0 { share * (values.size_of_ln_prob(point) + component.log_weight.abs()) } else { 0.0 }
        });
        shares.sum::<f64>() + 2.0
    }

    fn value<'a>(&self, draw: &'a [f64], room: &'a mut Vec<f64>) -> Value<'a> {
        let Some((&number, draw)) = draw.split_first() else { return Value::Real(f64::NAN) };
        let values = self.components.get(number as usize).and_then(|component| component.law.values());
        values.map_or(Value::Real(f64::NAN), |values| {
            values.value(draw.get(..values.base_variable().width()).unwrap_or(draw), room)
        })
    }

    fn support(&self) -> [f64; 2] {
        let ends = self.parts().map(|(_, values)| values.support());
        ends.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], [other_low, other_high]| {
            [low.min(other_low), high.max(other_high)]
        })
    }

    /// That of the component that falls most slowly.
    fn growth(&self) -> [Growth; 2] {
        self.at_ends(|values| values.growth(), |one, other| one.is_slower(*other), [Growth::SLOW; 2])
    }

    fn tail_power(&self) -> [f64; 2] {
        self.at_ends(|values| values.tail_power(), |one, other| one < other, [f64::INFINITY; 2])
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        if self.parts().any(|(_, values)| values.tail_decay().is_none()) {
            return None;
        }
        let of = |values: &dyn Values| values.tail_decay().unwrap_or_default();
        Some(self.at_ends(of, |one, other| one.is_slower(other), [TailDecay::default(), TailDecay::default()]))
    }

    /// About all of them; integrals are taken over each.
    fn change_of_variable(&self) -> ChangeOfVariable {
        let at = |values: &dyn Values, v: f64| values.change_of_variable().at(v).0.value();
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for (_, values) in self.parts() {
            low = low.min(at(values, -1.0));
            high = high.max(at(values, 1.0));
        }
        ChangeOfVariable::Linear { centre: 0.5 * low + 0.5 * high, width: 0.5 * high - 0.5 * low }
    }

    fn kinks(&self) -> Vec<f64> {
        let [low, high] = self.support();
        let of = |values: &dyn Values| {
            let centre = values.change_of_variable().at(0.0).0.value();
            values.kinks().into_iter().chain(values.support()).chain([centre]).collect::<Vec<_>>()
        };
        let mut kinks: Vec<f64> = self.parts().flat_map(|(_, values)| of(values)).collect();
        kinks.retain(|kink| low < *kink && *kink < high);
        kinks
    }

    fn components(&self) -> Vec<(f64, &dyn Values)> {
        self.parts().map(|(component, values)| (component.log_weight, values)).collect()
    }
}
