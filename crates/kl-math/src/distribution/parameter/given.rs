//! Parameters checked by what their family declares.

use super::declaration::{Declaration, Form, Need};
use super::domain::Domain;
use super::fault::{Expected, Fault, Length, ParameterError};
use super::number::Number;
use super::probability::{Probability, normalised};
use super::written::{Parameter, Step};
use crate::chain::MAX_STATES;
use crate::numeric::{DoubleDouble, Positive};

/// The parameters of a family by name, each of them in its domain and of its form.
///
/// A declared parameter that was not given is absent; of a parameter and its alternative exactly one is present.
#[derive(Clone, Debug)]
pub struct Given<'a> {
    family: &'static str,
    /// In the order of the declarations.
    items: Vec<(&'static str, Item<'a>)>,
}

#[derive(Clone, Debug)]
enum Item<'a> {
    Number(&'a Number),
    Numbers(Vec<&'a Number>),
    Matrix(Vec<Vec<&'a Number>>),
    /// As written, and divided by their sum; a matrix of them row by row.
    Probabilities(&'a Parameter, Vec<DoubleDouble>),
    Word(&'static str),
    Names(Vec<String>),
}

impl<'a> Given<'a> {
    /// Checks a table of parameters by the declarations of a family.
    ///
    /// # Errors
    ///
    /// Every parameter that is unknown, missing, of the wrong kind or outside its domain, each with its path.
    pub fn read(
        family: &'static str,
        declarations: &[Declaration],
        written: &'a Parameter,
    ) -> Result<Self, Vec<ParameterError>> {
        let Parameter::Table(entries) = written else {
            let fault = Fault::WrongKind { expected: Expected::Parameters, found: written.kind() };
            return Err(vec![ParameterError::here(fault)]);
        };
        let mut check = Check { family, entries, faults: Vec::new() };
        for (key, _) in entries.iter().filter(|(key, _)| declarations.iter().all(|known| known.name != key)) {
            check.fault(Fault::UnknownKey { family, key: key.clone() }, &[Step::Key(key.clone())]);
        }
        let mut items = Vec::with_capacity(declarations.len());
        for declared in declarations.iter().filter(|declared| !matches!(declared.need, Need::InsteadOf(_))) {
            let other = declarations.iter().find(|other| other.need == Need::InsteadOf(declared.name));
            let chosen = other.map_or(Some(declared), |other| check.either(declared, other));
            if let Some(item) = chosen.and_then(|chosen| Some((chosen.name, check.declared(chosen)?))) {
                items.push(item);
            }
        }
        if check.faults.is_empty() { Ok(Self { family, items }) } else { Err(check.faults) }
    }

    /// Whether a parameter is given.
    pub fn has(&self, name: &str) -> bool {
        self.item(name).is_some()
    }

    /// A number as it is written, to 106 bits: `1/3` is no double. NaN where none is given.
    pub fn exact(&self, name: &str) -> DoubleDouble {
        match self.item(name) {
            Some(Item::Number(number)) => number.value() + DoubleDouble::ZERO,
            _ => DoubleDouble::from(f64::NAN),
        }
    }

    /// The nearest double.
    pub fn number(&self, name: &str) -> f64 {
        self.exact(name).to_f64()
    }

    /// A positive number: the double that is sampled with, and the number as it is written.
    pub fn positive(&self, name: &str) -> (f64, Positive) {
        let exact = self.exact(name);
        (exact.to_f64(), Positive::new(exact))
    }

    /// A rate, which may be given by its reciprocal, the scale: the double that is sampled with, and the rate as it is written.
    ///
    /// # Errors
    ///
    /// A scale whose reciprocal is beyond the doubles.
    pub fn rate_or_scale(&self) -> Result<(f64, Positive), Vec<ParameterError>> {
        if self.has("rate") {
            return Ok(self.positive("rate"));
        }
        let (value, scale) = self.positive("scale");
        if 1.0 / value == f64::INFINITY {
            return Err(vec![ParameterError::at("scale", Fault::NoReciprocal { value })]);
        }
        Ok((1.0 / value, scale.reciprocal()))
    }

    /// A list of numbers as they are written, to 106 bits.
    pub fn numbers(&self, name: &str) -> Vec<DoubleDouble> {
        match self.item(name) {
            Some(Item::Numbers(numbers)) => values(numbers),
            _ => Vec::new(),
        }
    }

    /// A list of rows of numbers.
    pub fn rows(&self, name: &str) -> Vec<Vec<DoubleDouble>> {
        match self.item(name) {
            Some(Item::Matrix(rows)) => rows.iter().map(|row| values(row)).collect(),
            _ => Vec::new(),
        }
    }

    /// Probabilities, divided by their sum; those of a matrix row by row. None where a word is given instead.
    pub fn probabilities(&self, name: &str) -> Option<&[DoubleDouble]> {
        match self.item(name) {
            Some(Item::Probabilities(_, probabilities)) => Some(probabilities),
            _ => None,
        }
    }

    /// Names, if they are given.
    pub fn names(&self, name: &str) -> Option<&[String]> {
        match self.item(name) {
            Some(Item::Names(names)) => Some(names),
            _ => None,
        }
    }

    /// The family and its parameters as written, on one line: `gamma(shape=2, rate=1/3)`.
    pub fn label(&self) -> String {
        let shown = self.items.iter().map(|(name, item)| format!("{name}={}", item.shown()));
        format!("{}({})", self.family, shown.collect::<Vec<_>>().join(", "))
    }

    fn item(&self, name: &str) -> Option<&Item<'a>> {
        self.items.iter().find(|(known, _)| *known == name).map(|(_, item)| item)
    }
}

impl Item<'_> {
    fn shown(&self) -> String {
        let list = |numbers: &[&Number]| {
            format!("[{}]", numbers.iter().map(|number| number.to_string()).collect::<Vec<_>>().join(", "))
        };
        match self {
            Self::Number(number) => number.to_string(),
            Self::Numbers(numbers) => list(numbers),
            Self::Matrix(rows) => format!("[{}]", rows.iter().map(|row| list(row)).collect::<Vec<_>>().join(", ")),
            Self::Probabilities(written, _) => written.shown(),
            Self::Word(word) => (*word).to_owned(),
            Self::Names(names) => format!("{names:?}"),
        }
    }
}

fn values(numbers: &[&Number]) -> Vec<DoubleDouble> {
    numbers.iter().map(|number| number.value() + DoubleDouble::ZERO).collect()
}

/// A table on its way through the declarations.
struct Check<'a> {
    family: &'static str,
    entries: &'a [(String, Parameter)],
    faults: Vec<ParameterError>,
}

impl<'a> Check<'a> {
    fn fault(&mut self, fault: Fault, path: &[Step]) {
        self.faults.push(ParameterError { path: path.to_vec(), fault });
    }

    fn find(&self, name: &str) -> Option<&'a Parameter> {
        self.entries.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The one of two parameters that is given.
    fn either<'d>(&mut self, declared: &'d Declaration, other: &'d Declaration) -> Option<&'d Declaration> {
        let family = self.family;
        let named = |key: &str| [declared, other].into_iter().find(|either| either.name == key);
        let mut given = self.entries.iter().filter_map(|(key, _)| named(key));
        match (given.next(), given.next()) {
            (Some(first), Some(second)) => {
                let fault = Fault::Both { family, one: first.name, other: second.name };
                self.fault(fault, &[Step::Key(second.name.into())]);
                self.declared(first);
                self.declared(second);
                None
            }
            (None, _) => {
                self.fault(Fault::Either { family, one: declared.name, other: other.name }, &[]);
                None
            }
            (found, None) => found,
        }
    }

    /// One parameter; none if it is missing or wrong.
    fn declared(&mut self, declared: &Declaration) -> Option<Item<'a>> {
        let Some(written) = self.find(declared.name) else {
            if declared.need != Need::Optional {
                self.fault(Fault::MissingKey { family: self.family, key: declared.name }, &[]);
            }
            return None;
        };
        let path = [Step::Key(declared.name.into())];
        match declared.form {
            Form::Number(domain) => self.number(written, domain, &path).map(Item::Number),
            Form::Numbers { domain, least } => {
                let numbers = self.numbers(written, domain, &path)?;
                if numbers.len() < least {
                    self.fault(Fault::TooShort { found: numbers.len(), least }, &path);
                }
                Some(Item::Numbers(numbers))
            }
            Form::Matrix(domain) => {
                let items = self.list(written, Expected::Matrix, &path)?;
                let rows = items.iter().enumerate().map(|(row, item)| self.numbers(item, domain, &inside(&path, row)));
                // Every row is looked at before one that is wrong ends it.
                rows.collect::<Vec<_>>().into_iter().collect::<Option<_>>().map(Item::Matrix)
            }
            Form::ProbabilitiesOr(word) => match written {
                Parameter::Text(text) if text == word => Some(Item::Word(word)),
                Parameter::List(_) => {
                    self.probabilities(written, &path).map(|found| Item::Probabilities(written, found))
                }
                other => {
                    let found = match other {
                        Parameter::Text(text) => format!("{text:?}"),
                        Parameter::Number(number) => number.to_string(),
                        other => other.kind().to_string(),
                    };
                    self.fault(Fault::NeitherWordNorList { found, word }, &path);
                    None
                }
            },
            Form::TransitionMatrix => {
                self.transition(written, declared.name, &path).map(|found| Item::Probabilities(written, found))
            }
            Form::Names => self.names(written, &path).map(Item::Names),
            // Only a mixture has components, and reads them itself.
            Form::Component => {
                self.fault(Fault::WrongKind { expected: Expected::Component, found: written.kind() }, &path);
                None
            }
        }
    }

    fn list(&mut self, written: &'a Parameter, expected: Expected, path: &[Step]) -> Option<&'a [Parameter]> {
        let Parameter::List(items) = written else {
            self.fault(Fault::WrongKind { expected, found: written.kind() }, path);
            return None;
        };
        Some(items)
    }

    fn number(&mut self, written: &'a Parameter, domain: Domain, path: &[Step]) -> Option<&'a Number> {
        let fault = match written {
            Parameter::Number(number) if domain.holds(number.value()) => return Some(number),
            Parameter::Number(number) => Fault::OutsideDomain { value: number.clone(), domain },
            other => Fault::NotANumber { found: other.kind(), domain },
        };
        self.fault(fault, path);
        None
    }

    fn numbers(&mut self, written: &'a Parameter, domain: Domain, path: &[Step]) -> Option<Vec<&'a Number>> {
        let items = self.list(written, Expected::Numbers, path)?;
        let numbers = items.iter().enumerate().map(|(place, item)| self.number(item, domain, &inside(path, place)));
        numbers.collect::<Vec<_>>().into_iter().collect()
    }

    fn weights(&mut self, items: &[Parameter], path: &[Step]) -> Option<Vec<Probability>> {
        let weights = items.iter().enumerate().map(|(place, item)| {
            Probability::read(item).map_err(|error| self.fault(error.fault, &inside(path, place))).ok()
        });
        weights.collect::<Vec<_>>().into_iter().collect()
    }

    fn summing_to_one(&mut self, weights: &[Probability], path: &[Step]) -> Option<Vec<DoubleDouble>> {
        normalised(weights).map_err(|fault| self.fault(fault, path)).ok()
    }

    /// A list of probabilities divided by their sum.
    fn probabilities(&mut self, written: &'a Parameter, path: &[Step]) -> Option<Vec<DoubleDouble>> {
        let items = self.list(written, Expected::Probabilities, path)?;
        let weights = self.weights(items, path)?;
        self.summing_to_one(&weights, path)
    }

    /// The rows of a transition matrix, each divided by its sum.
    fn transition(
        &mut self,
        written: &'a Parameter,
        parameter: &'static str,
        path: &[Step],
    ) -> Option<Vec<DoubleDouble>> {
        let rows = self.list(written, Expected::TransitionMatrix, path)?;
        let states = rows.len();
        if !(2..=MAX_STATES).contains(&states) {
            self.fault(Fault::RowCount { found: states, least: 2, most: MAX_STATES }, path);
            return None;
        }
        let mut all = Some(Vec::with_capacity(states * states));
        for (place, row) in rows.iter().enumerate() {
            let found = self.transition_row(row, states, parameter, &inside(path, place));
            all = all.zip(found).map(|(mut all, row)| {
                all.extend(row);
                all
            });
        }
        all
    }

    fn transition_row(
        &mut self,
        row: &'a Parameter,
        states: usize,
        parameter: &'static str,
        path: &[Step],
    ) -> Option<Vec<DoubleDouble>> {
        let items = self.list(row, Expected::Probabilities, path)?;
        let weights = self.weights(items, path)?;
        if weights.len() != states {
            let expected = Length::Rows { item: "probability", parameter };
            self.fault(Fault::Length { found: weights.len(), expected }, path);
            return None;
        }
        self.summing_to_one(&weights, path)
    }

    /// Names, each different from the others.
    fn names(&mut self, written: &'a Parameter, path: &[Step]) -> Option<Vec<String>> {
        let items = self.list(written, Expected::Names, path)?;
        let mut names: Vec<String> = Vec::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            let fault = match item {
                Parameter::Text(name) if name.is_empty() => Some(Fault::NamelessSymbol),
                Parameter::Text(name) if names.contains(name) => Some(Fault::DuplicateSymbol { symbol: name.clone() }),
                Parameter::Text(_) => None,
                other => Some(Fault::WrongKind { expected: Expected::Name, found: other.kind() }),
            };
            if let Some(fault) = fault {
                self.fault(fault, &inside(path, place));
            }
            if let Parameter::Text(name) = item {
                names.push(name.clone());
            }
        }
        Some(names)
    }
}

/// The path of an item of a list.
fn inside(path: &[Step], place: usize) -> Vec<Step> {
    path.iter().cloned().chain([Step::Index(place)]).collect()
}
