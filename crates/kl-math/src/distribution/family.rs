//! What a family of distributions must say of itself.

use super::families::Distribution;
use super::log_ratio::{ClosedForm, LogRatioForm};
use super::mass_function::MassFunction;
use super::parameter::{Declaration, Example, Given, Parameter, ParameterError, ParameterErrors};
use super::values::{Value, Values};

/// A family of distributions: its parameters, and what is known of it.
///
/// To add one, write a file in `families/` that implements this trait, and name it in the list in `families/mod.rs`.
pub trait Family: Sized {
    /// Its name.
    const NAME: &'static str;
    /// Its parameters; empty where any name is a symbol with a probability.
    const PARAMETERS: &'static [Declaration];
    /// Two members, by their parameters, to be compared with each other: what is known of the two is shown to users and held
    /// against brute force by the tests.
    const EXAMPLES: [Example; 2];
    /// Which two members have an estimate whose law is known, if the two examples have not: `of one shape`.
    const LAW: &'static str = "";

    /// Reads the member with these parameters.
    ///
    /// # Errors
    ///
    /// Every fault, each with its path: those that [`given`](Self::given) finds, or those of parameters that do not fit
    /// each other.
    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>>;

    /// The member with these parameters, by name.
    ///
    /// # Errors
    ///
    /// All that [`read`](Self::read) finds.
    fn of<const COUNT: usize>(parameters: [(&str, Parameter); COUNT]) -> Result<Self, ParameterErrors> {
        let entries = parameters.into_iter().map(|(name, value)| (name.to_owned(), value));
        Ok(Self::read(&Parameter::Table(entries.collect()))?)
    }

    /// The distribution with its parameters as written, on one line.
    fn label(&self) -> String;

    /// The parameters that tell one member of the family from another, normalised: they enter the
    /// key of the random streams, so spelling and symbol names do not.
    fn normalised_parameters(&self) -> Vec<f64>;

    /// The probability of each symbol, where they make a finite alphabet; else there are none.
    fn mass_function(&self) -> &MassFunction {
        MassFunction::none()
    }

    /// Mean and variance of the log ratio against another member of the family; none where no formula covers the two,
    /// or where they follow from [`mass_function`](Self::mass_function).
    fn closed_form(&self, _model: &Self) -> Option<ClosedForm> {
        None
    }

    /// What else it can do where its values are counts, numbers or vectors.
    fn values(&self) -> Option<&dyn Values> {
        None
    }

    /// The log ratio against another member, where it is linear in statistics whose laws are known.
    fn form(&self, _model: &Self) -> Option<LogRatioForm> {
        None
    }

    /// The same law as members of other families: an exponential one is a gamma one of shape 1.
    fn other_names(&self) -> Vec<Distribution> {
        Vec::new()
    }

    /// ln(p(x)/q(x)) against another member at a value that P can take: better than the difference of two logarithms
    /// where a family knows how.
    fn log_ratio_at(&self, model: &Self, point: Value<'_>) -> f64 {
        match (self.values(), model.values()) {
            (Some(source), Some(model)) => source.ln_prob(point) - model.ln_prob(point),
            _ => f64::NAN,
        }
    }

    /// The size of all that [`log_ratio_at`](Self::log_ratio_at) is computed from at a point, in nats, as
    /// [`size_of_ln_prob`](Values::size_of_ln_prob) says it of one side; none where it is the difference of two logarithms.
    fn size_of_log_ratio(&self, _model: &Self, _point: Value<'_>) -> Option<f64> {
        None
    }

    /// The parameters of a table, checked by the declarations in [`PARAMETERS`](Self::PARAMETERS).
    ///
    /// # Errors
    ///
    /// Every fault, each with its path.
    fn given(written: &Parameter) -> Result<Given<'_>, Vec<ParameterError>> {
        Given::read(Self::NAME, Self::PARAMETERS, written)
    }
}
