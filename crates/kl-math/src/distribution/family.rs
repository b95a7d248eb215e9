//! What a family of distributions must say of itself.

use super::Distribution;
use super::closed_form::ClosedForm;
use super::form::LogRatioForm;
use super::mass_function::MassFunction;
use super::parameter::{Fault, Parameter, ParameterError, ParameterErrors, Step};
use super::values::{Point, Values};

/// A family of distributions: how its parameters are read and what is known of it.
///
/// To add one, write a file that implements this trait and name it in the list in
/// [`distribution`](super).
pub trait Family: Sized {
    /// Its name in a file: the key under `P` or `Q`.
    const NAME: &'static str;
    /// Its parameters' names; empty where any name is a symbol.
    const PARAMETERS: &'static [&'static str];
    /// How it is written under `P` or `Q`.
    const EXAMPLE: &'static str;
    /// Another member, written likewise, to be compared with the first: what is known of the two is shown to users and
    /// held against brute force by the tests.
    const ANOTHER: &'static str;
    /// Which two members have an estimate whose law is known, if the two examples have not: `of one shape`.
    const LAW: &'static str = "";

    /// Checks what stands under the family's key; every fault is reported, each with its path.
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
    fn masses(&self) -> &MassFunction {
        MassFunction::none()
    }

    /// Mean and variance of the log ratio against another member of the family; none where no formula covers the two,
    /// or where they follow from [`masses`](Self::masses).
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
    fn log_ratio_at(&self, model: &Self, point: Point<'_>) -> f64 {
        match (self.values(), model.values()) {
            (Some(source), Some(model)) => source.ln_prob(point) - model.ln_prob(point),
            _ => f64::NAN,
        }
    }

    /// A fault for each key that the family does not have.
    fn unknown_keys(entries: &[(String, Parameter)]) -> Vec<ParameterError> {
        let unknown = entries.iter().filter(|(key, _)| !Self::PARAMETERS.contains(&key.as_str()));
        unknown
            .map(|(key, _)| {
                let fault = Fault::UnknownKey { family: Self::NAME, key: key.clone(), known: Self::PARAMETERS };
                ParameterError::here(fault).under(Step::Key(key.clone()))
            })
            .collect()
    }

    /// The parameters [`PARAMETERS`](Self::PARAMETERS) of a table, all there and no others.
    fn keys<const K: usize>(written: &Parameter) -> Result<[&Parameter; K], Vec<ParameterError>> {
        let Parameter::Table(entries) = written else {
            let fault =
                Fault::Type { expected: "a table of parameters", found: written.kind(), example: Self::EXAMPLE };
            return Err(vec![ParameterError::here(fault)]);
        };
        let mut faults = Self::unknown_keys(entries);
        let mut found = Vec::with_capacity(K);
        for &key in Self::PARAMETERS {
            match entries.iter().find(|(name, _)| name == key) {
                Some((_, value)) => found.push(value),
                None => faults.push(ParameterError::here(Fault::MissingKey {
                    family: Self::NAME,
                    key,
                    example: Self::EXAMPLE,
                })),
            }
        }
        if faults.is_empty() { found.try_into().map_err(|_| Vec::new()) } else { Err(faults) }
    }
}
