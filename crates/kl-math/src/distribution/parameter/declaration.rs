//! Parameters as data: what a family declares of each.

use super::domain::Domain;
use super::written::Parameter;

/// A parameter of a family: its name, its form, and whether it must be given.
///
/// ```
/// use kl_math::distribution::{Domain, FAMILIES, Form, Need};
/// let normal = FAMILIES.iter().find(|family| family.name == "normal").expect("a family");
/// let variance = &normal.parameters[2];
/// assert_eq!((variance.name, variance.form), ("variance", Form::Number(Domain::Positive)));
/// assert_eq!(variance.need, Need::InsteadOf("std_dev"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Its name.
    pub name: &'static str,
    /// What is written for it.
    pub form: Form,
    /// Whether it must be given.
    pub need: Need,
}

/// What is written for a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A number.
    Number(Domain),
    /// A list of numbers.
    Numbers {
        /// The domain of each.
        domain: Domain,
        /// The shortest list.
        least: usize,
    },
    /// A list of rows of numbers.
    Matrix(Domain),
    /// A list of probabilities that sum to 1, or this word.
    ProbabilitiesOr(&'static str),
    /// A square list of rows of probabilities, each of which sums to 1.
    TransitionMatrix,
    /// A list of names, each different.
    Names,
    /// A component of a mixture: a weight and a distribution.
    Component,
}

/// Whether a parameter must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must be given, unless another parameter is given instead.
    Required,
    /// It may be left out.
    Optional,
    /// It may be given instead of that other one, which is required.
    InsteadOf(&'static str),
}

impl Declaration {
    /// A number that must be given.
    pub const fn number(name: &'static str, domain: Domain) -> Self {
        Self::new(name, Form::Number(domain))
    }

    /// A parameter of any form that must be given.
    pub const fn new(name: &'static str, form: Form) -> Self {
        Self { name, form, need: Need::Required }
    }

    /// The same, to be given instead of another one.
    #[must_use]
    pub const fn instead_of(self, other: &'static str) -> Self {
        Self { need: Need::InsteadOf(other), ..self }
    }

    /// The same, which may be left out.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { need: Need::Optional, ..self }
    }
}

/// The parameters of one member of a family, by name.
pub type Example = &'static [(&'static str, Sample)];

/// A parameter of an example.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sample {
    /// A number.
    Number(f64),
    /// A list of numbers.
    Numbers(&'static [f64]),
    /// A list of rows.
    Rows(&'static [&'static [f64]]),
    /// A word.
    Word(&'static str),
    /// A component of a mixture: its weight, its family, and the parameters of that.
    Component(f64, &'static str, Example),
}

impl From<Sample> for Parameter {
    fn from(sample: Sample) -> Self {
        match sample {
            Sample::Number(number) => number.into(),
            Sample::Numbers(numbers) => numbers.into(),
            Sample::Rows(rows) => Self::List(rows.iter().map(|&row| row.into()).collect()),
            Sample::Word(word) => Self::Text(word.into()),
            Sample::Component(weight, family, member) => {
                let parameters = member.iter().map(|&(name, sample)| (name.to_owned(), sample.into())).collect();
                Self::Table(vec![("weight".into(), weight.into()), (family.into(), Self::Table(parameters))])
            }
        }
    }
}
