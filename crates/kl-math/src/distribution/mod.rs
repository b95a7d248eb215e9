//! Distributions: parameters, families, and pairs of members.

pub(crate) mod families;
mod family;
mod log_ratio;
mod mass_function;
mod member;
mod pair;
mod parameter;
mod values;

pub use families::*;
pub use family::Family;
pub use log_ratio::{ClosedForm, ClosedFormSource, CountLaw, LogRatioForm};
pub use mass_function::{Alphabet, MAX_SYMBOLS, MassFunction};
pub use pair::{
    Discretised, MarkovPair, Moment, Pair, PairError, Points, SymbolPair, Uncovered, ValuePair, WeighedPoint,
};
pub use parameter::{
    CovarianceFault, Declaration, Domain, Example, Expected, Fault, Form, FractionError, Given, Kind, Length, Need,
    Number, Parameter, ParameterError, ParameterErrors, Probability, Sample, Step,
};
pub use values::{ChangeOfVariable, Point, Space, Standard, TailDecay, Values};

#[cfg(test)]
mod tests;

/// What tests of all floors need.
#[cfg(test)]
pub(crate) mod testing {
    use super::{Categorical, Pair, SymbolPair};

    /// Two distributions over unnamed symbols.
    pub(crate) fn pair(p: &[f64], q: &[f64]) -> Pair {
        Pair::of(Categorical::new(p).unwrap(), Categorical::new(q).unwrap()).unwrap()
    }

    /// The same, known to be over symbols.
    pub(crate) fn symbols(p: &[f64], q: &[f64]) -> SymbolPair {
        pair(p, q).symbols().unwrap().clone()
    }
}
