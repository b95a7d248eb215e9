//! The names and settings of estimators in files.

use super::Estimator;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// An estimator that a file may name, before its settings are known.
#[derive(Clone, Copy, Debug)]
pub struct EstimatorKind {
    /// Its name in files.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub meaning: &'static str,
    /// Its settings.
    pub settings: &'static [Setting],
    /// Makes it with these settings, each in its range.
    pub make: fn(&Settings) -> Arc<dyn Estimator>,
}

/// A setting of an estimator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Its name in files.
    pub name: &'static str,
    /// What it may be.
    pub form: SettingForm,
    /// An example of it in a file.
    pub example: &'static str,
}

impl Setting {
    /// Whether it is of the weights of what another distribution drew.
    pub fn is_weight(&self) -> bool {
        super::weights::is_weight(self.name)
    }
}

/// What a setting may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SettingForm {
    /// A number from the first to the second.
    Number(f64, f64),
    /// A whole number from the first to the second.
    Whole(f64, f64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or a number from the first to the second.
    WordOrNumber(&'static [&'static str], f64, f64),
    /// True or false.
    Flag,
}

/// What a setting is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SettingValue {
    /// A number.
    Number(f64),
    /// A word.
    Word(&'static str),
    /// True or false.
    Flag(bool),
}

impl SettingValue {
    /// The number, if it is one.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Word(_) | Self::Flag(_) => None,
        }
    }

    /// The word, if it is one.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Number(_) | Self::Flag(_) => None,
        }
    }
}

impl From<f64> for SettingValue {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => f.write_str(&kl_math::numeric::shortest(*number)),
            Self::Word(word) => f.write_str(word),
            Self::Flag(flag) => flag.fmt(f),
        }
    }
}

/// Settings by their names.
pub type Settings = BTreeMap<&'static str, SettingValue>;

/// The name of an estimator with settings: `dirichlet(a=0.5)`.
///
/// ```
/// use kl_sim::estimator::{SettingValue, name_with};
/// assert_eq!(name_with("dirichlet", [("a", 0.5)]), "dirichlet(a=0.5)");
/// assert_eq!(name_with("k3", [("importance", SettingValue::Word("ratio"))]), "k3(importance=ratio)");
/// ```
pub fn name_with<'a, V>(name: &str, settings: impl IntoIterator<Item = (&'a str, V)>) -> String
where
    V: Into<SettingValue>,
{
    let settings: Vec<String> = settings.into_iter().map(|(key, value)| format!("{key}={}", value.into())).collect();
    // In a file of commas a name has none.
    if settings.is_empty() { name.to_owned() } else { format!("{name}({})", settings.join("; ")) }
}
