//! Distributions: parameters, families, and pairs of members.

mod families;
mod family;
mod log_ratio;
mod mass_function;
mod member;
mod pair;
mod pair_error;
mod parameter;
mod resolution;
mod value_pair;
mod values;

pub use families::*;
pub use family::Family;
pub use log_ratio::{ClosedForm, ClosedFormSource, CountLaw, Discretised, LogRatioForm, Moment, Points, WeighedPoint};
pub use mass_function::{Alphabet, MAX_SYMBOLS, MassFunction};
pub use pair::Pair;
pub use pair_error::PairError;
pub use parameter::{
    CovarianceFault, Declaration, Domain, Example, Expected, Fault, Form, FractionError, Given, Kind, Length, Need,
    Number, Parameter, ParameterError, ParameterErrors, Probability, Sample, Step,
};
pub use value_pair::{Uncovered, ValuePair};
pub use values::{Chart, Fall, Point, Space, Standard, Values};

/// What tests of all floors need.
#[cfg(test)]
pub(crate) mod testing {
    use super::{Categorical, Pair};

    /// Two distributions over unnamed symbols.
    pub(crate) fn pair(p: &[f64], q: &[f64]) -> Pair {
        Pair::of(Categorical::new(p).unwrap(), Categorical::new(q).unwrap()).unwrap()
    }
}
