//! The divergence between the values of a grid: one numeric parameter of P or Q runs, all else stays.

use super::{Condition, Plan};
use kl_math::distribution::{Distribution, Number, Pair, Parameter};
use kl_math::divergence::reverse_divergence;
use kl_sim::estimator::Theory;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The number of points of a curve.
pub const CURVE_POINTS: usize = 200;

/// More curves than this are not drawn.
const MOST_CURVES: usize = 16;

/// Fewer values than this are no curve.
const FEWEST_VALUES: usize = 3;

/// A curve: a parameter runs from the smallest to the largest of its values, all else is as in one condition.
#[derive(Clone, Copy, Debug)]
pub struct Curve<'a> {
    /// The place of that condition, the first one, from 0.
    pub condition: usize,
    /// The key path of the parameter, such as `Q.bernoulli.p`.
    pub parameter: &'a str,
    plan: &'a Plan,
    n: u64,
    ends: (f64, f64),
    is_geometric: bool,
}

impl<'a> Curve<'a> {
    /// The curves of a plan: of the parameter of P or Q that takes most values, one for each setting of all other keys; none if it
    /// takes fewer than three, or there would be more than 16.
    pub fn all(plan: &'a Plan) -> Vec<Self> {
        let names = plan.setting_names.iter().enumerate();
        let counted = names.filter(|(_, name)| is_parameter(name)).filter_map(|(place, name)| {
            let values =
                plan.conditions.iter().map(|condition| value(condition, place)).collect::<Option<Vec<f64>>>()?;
            let values = distinct(values);
            (values.len() >= FEWEST_VALUES).then_some((values.len(), place, name.as_str()))
        });
        // The first of those that take most.
        let Some((_, place, parameter)) = counted.rev().max_by_key(|&(count, ..)| count) else { return Vec::new() };
        let mut lines: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
        for (index, condition) in plan.conditions.iter().enumerate() {
            let others = condition.settings.iter().enumerate().filter(|(other, _)| *other != place);
            lines.entry(others.map(|(_, text)| text.as_str()).collect()).or_default().push(index);
        }
        let mut curves: Vec<Self> = lines.values().filter_map(|line| Self::of(plan, place, parameter, line)).collect();
        curves.sort_by_key(|curve| curve.condition);
        if curves.len() > MOST_CURVES { Vec::new() } else { curves }
    }

    fn of(plan: &'a Plan, place: usize, parameter: &'a str, line: &[usize]) -> Option<Self> {
        let conditions = || line.iter().filter_map(|&index| plan.conditions.get(index));
        let values = distinct(conditions().filter_map(|condition| value(condition, place)).collect());
        let (&first, &last) = (values.first()?, values.last()?);
        let ratios = || values.iter().zip(values.iter().skip(1)).map(|(one, next)| next / one);
        let (least, most) = (ratios().fold(f64::INFINITY, f64::min), ratios().fold(0.0, f64::max));
        if plan.has_components() {
            return None;
        }
        Some(Self {
            condition: *line.first()?,
            parameter,
            plan,
            n: conditions().map(|condition| condition.n).max()?,
            ends: (first, last),
            is_geometric: first > 0.0 && last / first >= 8.0 && most / least < 1.2,
        })
        .filter(|_| values.len() >= FEWEST_VALUES)
    }

    /// The values of the parameter: evenly spaced, or by equal factors where those of the grid are.
    pub fn values(&self) -> Vec<f64> {
        let (first, last) = self.ends;
        let value = |step: usize| {
            let part = step as f64 / (CURVE_POINTS - 1) as f64;
            match step {
                0 => first,
                step if step + 1 == CURVE_POINTS => last,
                _ if self.is_geometric => first * libm::exp(part * libm::log(last / first)),
                _ => first + part * (last - first),
            }
        };
        (0..CURVE_POINTS).map(value).collect()
    }

    /// KL(P‖Q) and KL(Q‖P) where the parameter has this value, nats; none where it cannot have it, or they cannot be had. Of
    /// sequences with memory those of the longest over N.
    pub fn at(&self, value: f64) -> Option<(f64, Option<f64>)> {
        let condition = self.plan.conditions.get(self.condition)?;
        let side = |name: &str| -> Option<Arc<Distribution>> {
            let mut written = self.plan.resolved.get(name).map_or(Some(Parameter::Table(Vec::new())), parameter_of)?;
            for (path, text) in self.plan.setting_names.iter().zip(&condition.settings) {
                let own = path.split_once('.').filter(|(side, _)| *side == name);
                let Some((_, inner)) = own.filter(|_| is_parameter(path)) else {
                    // What is set as a whole is as it is in the condition.
                    if path == name {
                        let whole = if name == "P" { condition.source() } else { condition.model() };
                        return Some(Arc::clone(whole));
                    }
                    continue;
                };
                let number = if path == self.parameter { Number::new(value) } else { number_of(text)? };
                set(&mut written, inner, number)?;
            }
            Distribution::read(&written).ok().map(Arc::new)
        };
        let pair = Pair::new(side("P")?, side("Q")?).ok()?;
        Some((Theory::of_estimand(&pair, self.n).closed_form, reverse_divergence(&pair, self.n)))
    }
}

/// Whether a path names one parameter of P or Q: `Q.bernoulli.p`.
fn is_parameter(path: &str) -> bool {
    matches!(path.split('.').collect::<Vec<_>>().as_slice(), ["P" | "Q", _, _])
}

fn distinct(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

fn value(condition: &Condition, place: usize) -> Option<f64> {
    let number = number_of(condition.settings.get(place)?)?;
    Some(number.value().to_f64()).filter(|value| value.is_finite())
}

fn number_of(text: &str) -> Option<Number> {
    let text = text.trim_matches('"');
    match text.parse::<f64>() {
        Ok(number) => Some(Number::new(number)),
        Err(_) => Number::fraction(text).ok(),
    }
}

fn parameter_of(json: &Json) -> Option<Parameter> {
    Some(match json {
        Json::Number(number) => Parameter::Number(Number::new(number.as_f64()?)),
        Json::String(text) => number_of(text).map_or_else(|| Parameter::Text(text.clone()), Parameter::Number),
        Json::Array(items) => Parameter::List(items.iter().map(parameter_of).collect::<Option<_>>()?),
        Json::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| Some((key.clone(), parameter_of(value)?)));
            Parameter::Table(entries.collect::<Option<_>>()?)
        }
        Json::Null | Json::Bool(_) => return None,
    })
}

/// Sets `family.parameter`.
fn set(written: &mut Parameter, path: &str, number: Number) -> Option<()> {
    let (family, name) = path.split_once('.')?;
    let table = |entries: &mut Vec<(String, Parameter)>, key: &str| {
        let known = entries.iter().position(|(known, _)| known == key);
        known.unwrap_or_else(|| {
            entries.push((key.to_owned(), Parameter::Table(Vec::new())));
            entries.len() - 1
        })
    };
    let Parameter::Table(families) = written else { return None };
    let place = table(families, family);
    let Parameter::Table(parameters) = &mut families.get_mut(place)?.1 else { return None };
    let place = table(parameters, name);
    parameters.get_mut(place)?.1 = Parameter::Number(number);
    Some(())
}
