//! Distributions: parameters, families, and pairs of members.
//!
//! A member of a family is made by a constructor such as [`Normal::new`], or read from a [`Parameter`] tree by
//! [`Distribution::read`]; both check it by what the family [declares](Declaration) of its parameters. [`FAMILIES`] lists every
//! family, and a [`Pair`] compares two members.
//!
//! ```
//! use kl_math::distribution::{Domain, Fault, Gamma, Normal};
//! assert_eq!(Gamma::with_scale(2.0, 0.5)?.mean(), 1.0);
//! let errors = Normal::new(0.0, -1.0).unwrap_err();
//! assert_eq!(errors.to_string(), "std_dev: -1 is not a number above 0");
//! assert_eq!(errors.0[0].fault, Fault::OutsideDomain { value: (-1.0).into(), domain: Domain::Positive });
//! # Ok::<(), kl_math::distribution::ParameterErrors>(())
//! ```

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
pub(crate) use pair::resolved;
pub use pair::{
    Behaviour, BehaviourError, Discretised, MarkovPair, Moment, NoRegions, Pair, PairError, Points, RegionSum, Regions,
    SymbolLaws, SymbolPair, Uncovered, ValuePair, WeighedPoint,
};
pub use parameter::{
    CovarianceFault, Declaration, Domain, Example, Expected, Fault, Form, FractionError, Given, Kind, Length, Need,
    Number, Parameter, ParameterError, ParameterErrors, Probability, Sample, Step,
};
pub use values::{BaseVariable, ChangeOfVariable, Growth, Space, TailDecay, Value, Values};

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
