//! What can be wrong with parameters, as data.
//!
//! Each fault holds what was found and what was expected. Its `Display` is one technical sentence; how to put it right is for
//! the program to say that knows what people write.

use super::domain::Domain;
use super::number::Number;
use super::written::{Kind, Step};
use crate::numeric::shortest;

/// What is wrong with a parameter.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// A number outside its domain.
    #[error("{value} is not {}", outside(.value, *.domain))]
    OutsideDomain {
        /// The number.
        value: Number,
        /// What it must lie in.
        domain: Domain,
    },
    /// Something else than a number.
    #[error("expected {domain}, found {found}")]
    NotANumber {
        /// The kind of value that was found.
        found: Kind,
        /// What the number must lie in.
        domain: Domain,
    },
    /// Something of the wrong kind: a number instead of a list, for example.
    #[error("expected {expected}, found {found}")]
    WrongKind {
        /// The kind of value that is expected.
        expected: Expected,
        /// The kind of value that was found.
        found: Kind,
    },
    /// Neither the word nor the list that the parameter accepts.
    #[error("{found} is not {word:?} or a list of probabilities")]
    NeitherWordNorList {
        /// The kind of value that was found.
        found: String,
        /// The word.
        word: &'static str,
    },
    /// A list that is too short.
    #[error("{}", too_short(*.found, *.least))]
    TooShort {
        /// How many items it has.
        found: usize,
        /// The smallest number of items.
        least: usize,
    },
    /// Too few or too many rows.
    #[error("a list of {found} is not a list of {least} to {most} rows")]
    RowCount {
        /// How many there are.
        found: usize,
        /// The smallest number of rows.
        least: usize,
        /// The largest number of rows.
        most: usize,
    },
    /// A list that has not as many items as another parameter.
    #[error("a list of {found} is not {}", .expected)]
    Length {
        /// How many items it has.
        found: usize,
        /// How many it must have.
        expected: Length,
    },
    /// A number that must be above another parameter, and is not.
    #[error("{} is not a number above `{other}`", shortest(*.value))]
    NotAbove {
        /// The number.
        value: f64,
        /// The name of the other parameter.
        other: &'static str,
    },
    /// A number whose distance from another parameter is beyond the doubles.
    #[error("{} is not within 1.8e308 of `{other}`, the largest length there is", shortest(*.value))]
    TooFar {
        /// The number.
        value: f64,
        /// The name of the other parameter.
        other: &'static str,
    },
    /// A scale whose reciprocal is beyond the doubles.
    #[error("{} is not a scale whose reciprocal, the rate, is below 1.8e308", shortest(*.value))]
    NoReciprocal {
        /// The scale.
        value: f64,
    },
    /// A matrix that is no covariance.
    #[error(transparent)]
    Covariance(CovarianceFault),
    /// A chain that has several stationary distributions.
    #[error(
        "the stationary distribution is not unique: this chain can end up in any of several sets of states for good, so `{parameter}` must be a list"
    )]
    SeveralStationary {
        /// The parameter that asks for it.
        parameter: &'static str,
    },
    /// A rule of one family alone.
    #[error("{value} is not {rule}")]
    Rule {
        /// What is written.
        value: String,
        /// What it must be.
        rule: String,
    },
    /// Neither of two parameters of which one is needed.
    #[error("{family} needs `{one}` or `{other}`")]
    Either {
        /// The family.
        family: &'static str,
        /// One of them.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// Both of them.
    #[error("{family} takes `{one}` or `{other}`, and not both")]
    Both {
        /// The family.
        family: &'static str,
        /// The one that is given first.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// Weights that do not sum to 1.
    #[error("the probabilities sum to {sum}, not to 1")]
    WeightSum {
        /// Their sum.
        sum: f64,
    },
    /// A symbol that is given twice.
    #[error("the symbol {symbol:?} is given twice")]
    DuplicateSymbol {
        /// The symbol.
        symbol: String,
    },
    /// A symbol with no name.
    #[error("a symbol needs a name")]
    NamelessSymbol,
    /// Too few or too many symbols.
    #[error("an alphabet has {least} to {most} symbols, and this has {found}")]
    AlphabetSize {
        /// How many there are.
        found: usize,
        /// The smallest size.
        least: usize,
        /// The largest size.
        most: usize,
    },
    /// A parameter that the family does not have.
    #[error("{family} has no parameter `{key}`")]
    UnknownKey {
        /// The family.
        family: &'static str,
        /// The name as written.
        key: String,
    },
    /// A parameter left out.
    #[error("{family} needs its parameter `{key}`")]
    MissingKey {
        /// The family.
        family: &'static str,
        /// The parameter.
        key: &'static str,
    },
    /// No such family.
    #[error("there is no distribution called `{name}`")]
    UnknownFamily {
        /// The name as written.
        name: String,
    },
    /// No family, or several.
    #[error("a distribution is one family, and this names {found}")]
    FamilyCount {
        /// How many are named.
        found: usize,
    },
}

/// A kind of value that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Expected {
    /// A distribution.
    #[error("a distribution")]
    Distribution,
    /// The parameters of a family.
    #[error("a table of parameters")]
    Parameters,
    /// The probabilities of symbols.
    #[error("a table of symbols and probabilities, or a list of probabilities")]
    Symbols,
    /// A list of numbers.
    #[error("a list of numbers")]
    Numbers,
    /// A list of rows of numbers.
    #[error("a list of rows")]
    Matrix,
    /// A list of rows of probabilities.
    #[error("a list of rows")]
    TransitionMatrix,
    /// A list of probabilities.
    #[error("a list of probabilities")]
    Probabilities,
    /// A list of names.
    #[error("a list of names")]
    Names,
    /// A name.
    #[error("a name")]
    Name,
    /// The components of a mixture.
    #[error("a list of components")]
    Components,
    /// One of them.
    #[error("a component, a table of a weight and a distribution")]
    Component,
}

/// How many items a list must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Length {
    /// One for each row of a parameter.
    #[error("one {item} for each row of `{parameter}`")]
    Rows {
        /// What an item is.
        item: &'static str,
        /// The parameter.
        parameter: &'static str,
    },
    /// One for each number of a parameter.
    #[error("one {item} for each of the {count} numbers of `{parameter}`")]
    Numbers {
        /// What an item is.
        item: &'static str,
        /// How many numbers there are.
        count: usize,
        /// The parameter.
        parameter: &'static str,
    },
}

/// Why a matrix is no covariance.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum CovarianceFault {
    /// A number on the diagonal that is not above 0.
    #[error("{} is not a variance, a number above 0", shortest(*.value))]
    Variance {
        /// The number.
        value: f64,
    },
    /// Two numbers that must be equal, and are not.
    #[error("{} is not {}, as in row {row}, column {column}: a covariance is symmetric", shortest(*.value), shortest(*.other))]
    Asymmetric {
        /// The number below the diagonal.
        value: f64,
        /// The one above it.
        other: f64,
        /// The row of that one, from 1.
        row: usize,
        /// The column of that one, from 1.
        column: usize,
    },
    /// A covariance of two variables that vary together more than each does alone.
    #[error("{} is not a covariance of the variances {} and {}", shortest(*.value), shortest(.variances[0]), shortest(.variances[1]))]
    TooLarge {
        /// The covariance.
        value: f64,
        /// The two variances.
        variances: [f64; 2],
    },
    /// Some weighted sum of the variables has a variance that is not above 0.
    #[error("the matrix is not positive definite")]
    NotPositiveDefinite,
}

fn outside(value: &Number, domain: Domain) -> String {
    match domain {
        Domain::Probability => "a probability: a probability lies between 0 and 1".to_owned(),
        _ if value.value().to_f64().is_infinite() => "a finite number".to_owned(),
        domain => domain.to_string(),
    }
}

fn too_short(found: usize, least: usize) -> String {
    match least {
        1 => "an empty list is not one number or more".to_owned(),
        2 => format!("a list of {found} is not a list of two or more numbers"),
        more => format!("a list of {found} is not a list of {more} or more numbers"),
    }
}

/// A [`Fault`] and where in the parameter tree it is.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{fault}")]
pub struct ParameterError {
    /// The way from the root of the tree to the value at fault.
    pub path: Vec<Step>,
    /// What is wrong there.
    pub fault: Fault,
}

impl ParameterError {
    /// A fault at the root of a tree.
    pub fn here(fault: Fault) -> Self {
        Self { path: Vec::new(), fault }
    }

    /// A fault at one parameter of a table.
    pub fn at(parameter: &str, fault: Fault) -> Self {
        Self { path: vec![Step::Key(parameter.into())], fault }
    }

    /// The same fault seen from one step further up.
    #[must_use]
    pub fn under(mut self, step: Step) -> Self {
        self.path.insert(0, step);
        self
    }
}

/// Everything that is wrong with the parameters of a distribution; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterErrors(pub Vec<ParameterError>);

impl From<Vec<ParameterError>> for ParameterErrors {
    fn from(errors: Vec<ParameterError>) -> Self {
        Self(errors)
    }
}

impl std::fmt::Display for ParameterErrors {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, error) in self.0.iter().enumerate() {
            out.write_str(if place > 0 { "; " } else { "" })?;
            for step in &error.path {
                match step {
                    Step::Key(key) => write!(out, "{key}: ")?,
                    Step::Index(index) => write!(out, "[{index}]: ")?,
                }
            }
            write!(out, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ParameterErrors {}
