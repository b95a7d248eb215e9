//! Parameters of a family, read by name and checked.

use super::family::Family;
use super::parameter::{Fault, Number, Parameter, ParameterError, Step};
use crate::numeric::{DoubleDouble, Positive, shortest};

/// What a parameter must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Any finite number.
    Real,
    Positive,
    NonNegative,
    /// From 0 to 1.
    Probability,
    /// From 0, without 0, to 1.
    PositiveProbability,
    /// A whole number from 1 to 10¹².
    Count,
}

impl Rule {
    fn holds(self, value: f64) -> bool {
        value.is_finite()
            && match self {
                Self::Real => true,
                Self::Positive => value > 0.0,
                Self::NonNegative => value >= 0.0,
                Self::Probability => (0.0..=1.0).contains(&value),
                Self::PositiveProbability => value > 0.0 && value <= 1.0,
                Self::Count => (1.0..=1e12).contains(&value) && value == value.floor(),
            }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Real => "a number",
            Self::Positive => "a number above 0",
            Self::NonNegative => "a number from 0 up",
            Self::Probability => "a probability from 0 to 1",
            Self::PositiveProbability => "a probability above 0 and up to 1",
            Self::Count => "a whole number from 1 to 1e12",
        }
    }

    /// What to write.
    fn help(self) -> &'static str {
        match self {
            Self::Real => "write a number such as 0 or -1.5, or an exact fraction such as \"1/3\"",
            Self::Positive | Self::NonNegative => "write a number such as 1.5, or an exact fraction such as \"1/3\"",
            Self::Probability | Self::PositiveProbability => {
                "write a number such as 0.4, or an exact fraction such as \"1/6\""
            }
            Self::Count => "write a whole number such as 10 or 1e6",
        }
    }
}

/// A table of parameters on its way into a family. Faults are gathered; [`finish`](Self::finish) hands them out.
pub(super) struct Reading<'a> {
    family: &'static str,
    example: &'static str,
    entries: &'a [(String, Parameter)],
    faults: Vec<ParameterError>,
    shown: Vec<String>,
}

impl<'a> Reading<'a> {
    /// Starts; keys that the family does not have are faults.
    pub(super) fn of<F: Family>(written: &'a Parameter) -> Result<Self, Vec<ParameterError>> {
        let Parameter::Table(entries) = written else {
            let fault = Fault::Type { expected: "a table of parameters", found: written.kind(), example: F::EXAMPLE };
            return Err(vec![ParameterError::here(fault)]);
        };
        Ok(Self { family: F::NAME, example: F::EXAMPLE, entries, faults: F::unknown_keys(entries), shown: Vec::new() })
    }

    /// Whether a parameter is given.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name == key)
    }

    /// A number; NaN if it is missing or wrong.
    pub(super) fn number(&mut self, key: &'static str, rule: Rule) -> f64 {
        self.exact(key, rule).to_f64()
    }

    /// The same as it is written, to 106 bits: `1/3` is no double.
    pub(super) fn exact(&mut self, key: &'static str, rule: Rule) -> DoubleDouble {
        let nan = DoubleDouble::from(f64::NAN);
        let Some(written) = self.find(key) else { return nan };
        match checked(written, rule) {
            Ok(number) => {
                self.shown.push(format!("{key}={number}"));
                number.value() + DoubleDouble::ZERO
            }
            Err(error) => {
                self.faults.push(error.under(Step::Key(key.into())));
                nan
            }
        }
    }

    /// A positive number: the double that is sampled with, and the number as it is written.
    pub(super) fn positive(&mut self, key: &'static str) -> (f64, Positive) {
        let exact = self.exact(key, Rule::Positive);
        (exact.to_f64(), Positive::new(exact))
    }

    /// The one of two parameters that is given, and its number.
    pub(super) fn either(
        &mut self,
        one: &'static str,
        other: &'static str,
        rule: Rule,
    ) -> (&'static str, DoubleDouble) {
        let family = self.family;
        let mut given = self.entries.iter().filter_map(|(name, _)| [one, other].into_iter().find(|key| name == key));
        match (given.next(), given.next()) {
            (Some(key), None) => (key, self.exact(key, rule)),
            (Some(first), Some(second)) => {
                let fault = Fault::Both { family, one: first, other: second };
                self.fault(fault, &[Step::Key(second.into())]);
                self.number(first, rule);
                self.number(second, rule);
                (one, DoubleDouble::from(f64::NAN))
            }
            (None, _) => {
                self.fault(Fault::Either { family, one, other, example: self.example }, &[]);
                (one, DoubleDouble::from(f64::NAN))
            }
        }
    }

    /// A rate, which may be given by its reciprocal, the scale: the double that is sampled with, and the rate as it is written.
    pub(super) fn rate_or_scale(&mut self) -> (f64, Positive) {
        let (key, exact) = self.either("rate", "scale", Rule::Positive);
        let value = exact.to_f64();
        match (key, value) {
            ("scale", scale) if 1.0 / scale == f64::INFINITY => {
                let rule = "a scale whose reciprocal, the rate, is below 1.8e308".into();
                let fault = Fault::OutOfRange { value: shortest(scale), rule, help: "write a number from 1e-308 up" };
                self.fault(fault, &[Step::Key("scale".into())]);
                (f64::NAN, Positive::new(exact))
            }
            ("scale", scale) => (1.0 / scale, Positive::new(exact).reciprocal()),
            (_, rate) => (rate, Positive::new(exact)),
        }
    }

    /// A list of numbers as they are written, to 106 bits; as far as they are right.
    pub(super) fn numbers(&mut self, key: &'static str, rule: Rule) -> Vec<DoubleDouble> {
        let Some(written) = self.find(key) else { return Vec::new() };
        let (numbers, shown) = self.list(written, rule, &[Step::Key(key.into())]);
        self.shown.push(format!("{key}={shown}"));
        numbers
    }

    /// A list of lists of numbers.
    pub(super) fn rows(&mut self, key: &'static str, rule: Rule) -> Vec<Vec<DoubleDouble>> {
        let Some(written) = self.find(key) else { return Vec::new() };
        let Parameter::List(items) = written else {
            let (expected, found, example) = ("a list of rows", written.kind(), "[[1, 0.5], [0.5, 2]]");
            self.fault(Fault::Type { expected, found, example }, &[Step::Key(key.into())]);
            return Vec::new();
        };
        let (mut rows, mut shown) = (Vec::new(), Vec::new());
        for (index, item) in items.iter().enumerate() {
            let (row, text) = self.list(item, rule, &[Step::Key(key.into()), Step::Index(index)]);
            rows.push(row);
            shown.push(text);
        }
        self.shown.push(format!("{key}=[{}]", shown.join(", ")));
        rows
    }

    /// How a parameter stands in the label, for one that is read outside.
    pub(super) fn show(&mut self, key: &str, text: &str) {
        self.shown.push(format!("{key}={text}"));
    }

    /// A fault that shows only when parameters are seen together.
    pub(super) fn fault(&mut self, fault: Fault, path: &[Step]) {
        self.faults.push(ParameterError { path: path.to_vec(), fault });
    }

    /// Whether nothing is wrong so far.
    pub(super) fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }

    /// The label, if nothing is wrong.
    pub(super) fn finish(self) -> Result<String, Vec<ParameterError>> {
        if self.faults.is_empty() {
            Ok(format!("{}({})", self.family, self.shown.join(", ")))
        } else {
            Err(self.faults)
        }
    }

    /// A parameter as written; one that is missing is a fault.
    pub(super) fn find(&mut self, key: &'static str) -> Option<&'a Parameter> {
        let found = self.entries.iter().find(|(name, _)| name == key).map(|(_, value)| value);
        if found.is_none() {
            self.fault(Fault::MissingKey { family: self.family, key, example: self.example }, &[]);
        }
        found
    }

    fn list(&mut self, written: &Parameter, rule: Rule, path: &[Step]) -> (Vec<DoubleDouble>, String) {
        let Parameter::List(items) = written else {
            let (expected, found, example) = ("a list of numbers", written.kind(), "[1, 2.5, \"1/3\"]");
            self.fault(Fault::Type { expected, found, example }, path);
            return (Vec::new(), String::new());
        };
        let (mut numbers, mut shown) = (Vec::new(), Vec::new());
        for (index, item) in items.iter().enumerate() {
            match checked(item, rule) {
                Ok(number) => {
                    numbers.push(number.value() + DoubleDouble::ZERO);
                    shown.push(number.to_string());
                }
                Err(error) => {
                    let path: Vec<Step> = path.iter().cloned().chain([Step::Index(index)]).collect();
                    self.fault(error.fault, &path);
                }
            }
        }
        (numbers, format!("[{}]", shown.join(", ")))
    }
}

fn checked(written: &Parameter, rule: Rule) -> Result<&Number, ParameterError> {
    let fault = match written {
        Parameter::Number(number) if rule.holds(number.value().to_f64()) => return Ok(number),
        Parameter::Number(number) => {
            let words = if number.value().to_f64().is_infinite() { "a finite number" } else { rule.words() };
            Fault::OutOfRange { value: number.to_string(), rule: words.into(), help: rule.help() }
        }
        other => Fault::NotANumber { found: other.kind(), rule: rule.words(), help: rule.help() },
    };
    Err(ParameterError::here(fault))
}
