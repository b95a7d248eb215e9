//! The names and settings of estimators in files.

use super::Estimator;
use std::collections::BTreeMap;
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

/// A setting of an estimator: a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Its name in files.
    pub name: &'static str,
    /// The smallest and the largest it may be.
    pub range: (f64, f64),
    /// Whether it is a whole number.
    pub is_whole: bool,
    /// An example of it in a file.
    pub example: &'static str,
}

/// Settings by their names.
pub type Settings = BTreeMap<&'static str, f64>;

/// The name of an estimator with settings: `dirichlet(a=0.5)`.
///
/// ```
/// use kl_sim::estimator::name_with;
/// assert_eq!(name_with("dirichlet", [("a", 0.5)]), "dirichlet(a=0.5)");
/// assert_eq!(name_with("log_ratio", []), "log_ratio");
/// ```
pub fn name_with<'a>(name: &str, settings: impl IntoIterator<Item = (&'a str, f64)>) -> String {
    let settings: Vec<String> =
        settings.into_iter().map(|(key, value)| format!("{key}={}", kl_math::numeric::shortest(value))).collect();
    // In a file of commas a name has none.
    if settings.is_empty() { name.to_owned() } else { format!("{name}({})", settings.join("; ")) }
}
