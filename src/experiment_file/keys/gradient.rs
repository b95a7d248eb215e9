//! `gradient`, and the estimators that stand beside it.

use super::built_in::{read_settings, settings_json};
use super::estimators::Listed;
use crate::experiment_file::diagnostics::{Diagnostic, Place, Report};
use crate::experiment_file::value::rules::wrong;
use crate::experiment_file::value::{Entry, Form, Value};
use crate::experiment_file::words::{listed, nearest};
use crate::plan::{Condition, PlannedEstimator};
use kl_math::divergence::Side;
use kl_sim::estimator::{ESTIMATORS, GRADIENTS, GradientKind, Settings, components, name_with};
use serde_json::Value as Json;

const EXAMPLE: &str = "write for example: estimators = [\"k1_as_reward\", \"k3_as_loss\"]";

/// The gradient that is estimated.
#[derive(Clone, Debug)]
pub(crate) struct Gradient {
    side: Side,
    /// The family and the parameter, if one alone is wanted.
    one: Option<(String, String)>,
    place: Place,
    /// As it is written.
    text: String,
    estimators: Vec<ListedGradient>,
}

/// An estimator of the gradient, before the components are known.
#[derive(Clone, Debug)]
struct ListedGradient {
    kind: &'static GradientKind,
    settings: Settings,
    place: Option<Place>,
}

impl ListedGradient {
    fn name(&self) -> String {
        name_with(self.kind.name, self.settings.iter().map(|(&key, &value)| (key, value)))
    }
}

impl Gradient {
    /// Reads the key.
    pub(super) fn read(value: &Value, report: &mut Report) -> Option<Self> {
        let text = match &value.form {
            Form::Text(text) => text.as_str(),
            _ => "",
        };
        let mut parts = text.splitn(3, '.');
        let side = match parts.next() {
            Some("P") => Some(Side::Source),
            Some("Q") => Some(Side::Model),
            _ => None,
        };
        let (family, parameter) = (parts.next(), parts.next());
        let (Some(side), true) = (side, family.is_some() == parameter.is_some()) else {
            let rule = "\"P\" or \"Q\", or one parameter of it";
            let help = "write gradient = \"P\" for all parameters, or for example gradient = \"P.categorical.H\"";
            report.push(wrong(value, "gradient", rule).help(help));
            return None;
        };
        let one = family.zip(parameter).map(|(family, parameter)| (family.to_owned(), parameter.to_owned()));
        Some(Self { side, one, place: value.place, text: text.to_owned(), estimators: Vec::new() })
    }

    /// Reads the estimators that are listed; without a list there is one that is right.
    pub(super) fn read_estimators(&mut self, list: Option<&Value>, report: &mut Report) {
        let Some(list) = list else {
            let right = if self.side == Side::Source { "k1_as_reward" } else { "k1_as_loss" };
            let kind = GRADIENTS.iter().find(|kind| kind.name == right);
            self.estimators.extend(kind.map(|kind| ListedGradient { kind, settings: Settings::new(), place: None }));
            return;
        };
        let Form::List(items) = &list.form else {
            report.push(wrong(list, "estimators", "a list of names").help(EXAMPLE));
            return;
        };
        if items.is_empty() {
            report.push(Diagnostic::new("`estimators` is an empty list").at(list.place).help(EXAMPLE));
        }
        for item in items {
            let Some(found) = self.read_one(item, report) else { continue };
            if self.estimators.iter().any(|other| other.name() == found.name()) {
                let title = format!("the estimator `{}` is listed twice", found.name());
                report.push(Diagnostic::new(title).at(item.place).help("remove one of the two"));
            } else {
                self.estimators.push(found);
            }
        }
    }

    fn read_one(&self, item: &Value, report: &mut Report) -> Option<ListedGradient> {
        let none: &[Entry] = &[];
        let (name, place, entries) = match &item.form {
            Form::Text(name) => (name, item.place, none),
            Form::Table(entries) if entries.iter().any(|entry| entry.key == "command") => {
                let title = "a program of your own cannot estimate a gradient";
                let help = "remove it, or remove `gradient`: programs estimate KL(P‖Q) itself";
                report.push(Diagnostic::new(title).at(item.place).help(help));
                return None;
            }
            Form::Table(entries) => {
                let named = entries.iter().find(|entry| entry.key == "name").map(|entry| &entry.value);
                let Some(Value { form: Form::Text(name), place }) = named else {
                    report.push(Diagnostic::new("an estimator needs a `name`").at(item.place).help(EXAMPLE));
                    return None;
                };
                (name, *place, entries.as_slice())
            }
            _ => {
                report.push(wrong(item, "estimators", "a list of names").help(EXAMPLE));
                return None;
            }
        };
        let kind = self.kind(name, place, report)?;
        let settings = read_settings(kind.name, kind.settings(), entries, report)?;
        Some(ListedGradient { kind, settings, place: Some(item.place) })
    }

    fn kind(&self, name: &str, place: Place, report: &mut Report) -> Option<&'static GradientKind> {
        let all = || GRADIENTS.iter().filter(|kind| kind.suits(self.side));
        let names: Vec<&str> = all().map(|kind| kind.name).collect();
        if let Some(kind) = GRADIENTS.iter().find(|kind| kind.name == name) {
            if !kind.suits(self.side) {
                let title =
                    format!("the estimator `{name}` has no gradient with respect to Q: sequences do not depend on it");
                let help = format!("take the gradient of P, gradient = \"P\", or one of {}", listed(&names));
                report.push(Diagnostic::new(title).at(place).help(help));
                return None;
            }
            return Some(kind);
        }
        let (title, help) = match ESTIMATORS.iter().any(|kind| kind.name == name) {
            true => (
                format!("the estimator `{name}` estimates KL(P‖Q), and the key `gradient` asks for its gradient"),
                format!("remove `gradient`, or write one of {}", listed(&names)),
            ),
            false => (
                format!("there is no estimator of a gradient called {name:?}"),
                match nearest(name, &names) {
                    Some(near) => format!("did you mean {near:?}?"),
                    None => format!("they are {}", listed(&names)),
                },
            ),
        };
        report.push(Diagnostic::new(title).at(place).help(help));
        None
    }

    /// Each estimator for each component that the conditions have; reports what they have not.
    pub(crate) fn by_component(&self, conditions: &[Condition], report: &mut Report) -> Vec<Listed> {
        let mut all: Option<Vec<String>> = None;
        let mut first = None;
        for (place, condition) in conditions.iter().enumerate() {
            let Some(pair) = condition.pair() else { continue };
            let Some(found) = components(pair, self.side) else {
                let title = format!("there is no gradient to estimate in condition {}: {}", place + 1, pair.source());
                let help = "gradients are of the logits of symbols and of chains, or of the parameters of normals: take P and Q of one of these";
                report.push_first(Diagnostic::new(title).at(self.place).help(help));
                return Vec::new();
            };
            if all.as_ref().is_some_and(|all| *all != found) {
                let title = format!("condition {} has other parameters than those before it", place + 1);
                let help = "put it into a file of its own: each component of a gradient is a row in every condition";
                report.push_first(Diagnostic::new(title).at(self.place).help(help));
                return Vec::new();
            }
            all = Some(found);
            first.get_or_insert(pair);
        }
        let Some(pair) = first else { return Vec::new() };
        let all = all.unwrap_or_default();
        let chosen: Vec<(usize, &String)> = match &self.one {
            None => all.iter().enumerate().collect(),
            Some((family, parameter)) => {
                let family_of = |condition: &Condition| match self.side {
                    Side::Source => condition.source().family(),
                    Side::Model => condition.model().family(),
                };
                let own = conditions.first().map_or("", family_of);
                let found: Vec<_> = all.iter().enumerate().filter(|(_, name)| *name == parameter).collect();
                if own != family || found.is_empty() {
                    let side = if self.side == Side::Source { "P" } else { "Q" };
                    let names: Vec<String> = all.iter().map(|name| format!("{side}.{own}.{name}")).collect();
                    let names: Vec<&str> = names.iter().take(20).map(String::as_str).collect();
                    let title = format!("`gradient` names no parameter: {:?}", self.text);
                    let help = format!("the parameters are {}", listed(&names));
                    report.push(Diagnostic::new(title).at(self.place).help(help));
                }
                found
            }
        };
        let rows = self.estimators.iter().flat_map(|listed| chosen.iter().map(move |&component| (listed, component)));
        let mut made = Vec::new();
        for (listed, (place, name)) in rows {
            let Some(estimator) = listed.kind.make(&listed.settings, pair, self.side, (place, name)) else {
                let title = format!(
                    "the estimator `{}` looks along sequences of symbols, and these are numbers",
                    listed.name()
                );
                let help = "of normals there are k1, k2 and k3 as loss or reward with a constant baseline and weights by symbol, and \
                            reparameterized";
                let mistake = Diagnostic::new(title).at(listed.place.unwrap_or(self.place)).help(help);
                report.push_first(mistake);
                continue;
            };
            made.push(Listed { estimator: PlannedEstimator::Estimator(estimator), place: listed.place });
        }
        made
    }

    /// Its place in the file.
    pub(crate) fn place(&self) -> Place {
        self.place
    }

    /// As it is written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The estimators, without their components.
    pub(crate) fn json(&self) -> Vec<Json> {
        self.estimators.iter().map(|listed| settings_json(listed.kind.name, &listed.settings)).collect()
    }
}
