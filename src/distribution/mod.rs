//! Floor 0: distributions, one family a file.

mod bernoulli;
mod categorical;
mod family;
mod mass_function;
mod pair;
mod parameter;

pub use family::Family;
pub use mass_function::{Alphabet, MAX_SYMBOLS, MassFunction, Probability};
pub use pair::{Pair, PairError};
pub use parameter::{Fault, FractionError, Number, Parameter, ParameterError, Step, listed, nearest};

/// One family as the rest of the program sees it: its name, an example, and how to read it.
#[derive(Clone, Copy, Debug)]
pub struct FamilyEntry {
    /// Its name in a file.
    pub name: &'static str,
    /// Its parameters' names; empty where any name is a symbol.
    pub parameters: &'static [&'static str],
    /// How it is written under `P` or `Q`.
    pub example: &'static str,
    read: fn(&Parameter) -> Result<Distribution, Vec<ParameterError>>,
}

macro_rules! families {
    ($($module:ident::$Family:ident),* $(,)?) => {
        $(pub use $module::$Family;)*

        /// A source P or a model Q: one member of one of the families.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Distribution {
            $(
                #[doc = concat!("See [`", stringify!($Family), "`].")]
                $Family($Family),
            )*
        }

        /// Every family there is.
        pub const FAMILIES: &[FamilyEntry] = &[
            $(FamilyEntry {
                name: $Family::NAME,
                parameters: $Family::PARAMETERS,
                example: $Family::EXAMPLE,
                read: |written| $Family::read(written).map(Distribution::$Family),
            },)*
        ];

        impl Distribution {
            /// The family's name.
            pub fn family(&self) -> &'static str {
                match self { $(Self::$Family(_) => $Family::NAME,)* }
            }

            /// See [`Family::normalised_parameters`].
            pub fn normalised_parameters(&self) -> Vec<f64> {
                match self { $(Self::$Family(member) => member.normalised_parameters(),)* }
            }

            /// The probability of each symbol.
            pub fn masses(&self) -> &MassFunction {
                match self { $(Self::$Family(member) => member.masses(),)* }
            }
        }

        impl std::fmt::Display for Distribution {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self { $(Self::$Family(member) => out.write_str(&member.label()),)* }
            }
        }
    };
}

// The families: one file and one line each.
families! {
    bernoulli::Bernoulli,
    categorical::Categorical,
}

impl Distribution {
    /// A categorical distribution over unnamed symbols, or the first thing that is wrong with its probabilities.
    ///
    /// ```
    /// use kl_runner::distribution::Distribution;
    /// assert_eq!(Distribution::of_weights(&[0.25, 0.75])?.to_string(), "categorical(0.25, 0.75)");
    /// assert!(Distribution::of_weights(&[0.25, 0.7]).is_err());
    /// # Ok::<(), kl_runner::distribution::ParameterError>(())
    /// ```
    pub fn of_weights(weights: &[f64]) -> Result<Self, ParameterError> {
        let weights = weights.iter().map(|&weight| Parameter::Number(Number::new(weight))).collect();
        Self::read(&Parameter::List(weights)).map_err(|faults| {
            let unsaid = || ParameterError::here(Fault::FamilyCount { found: 0 });
            faults.into_iter().next().unwrap_or_else(unsaid)
        })
    }

    /// Reads what stands for `P` or `Q`: `[0.5, 0.5]`, or a table whose one key is the family.
    pub fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        match written {
            Parameter::List(_) => Categorical::read(written).map(Self::Categorical),
            Parameter::Table(entries) => match entries.as_slice() {
                [(name, parameters)] => match FAMILIES.iter().find(|family| family.name == name) {
                    Some(family) => (family.read)(parameters).map_err(|faults| {
                        faults.into_iter().map(|fault| fault.under(Step::Key(name.clone()))).collect()
                    }),
                    None => {
                        let known = FAMILIES.iter().map(|family| family.name).collect();
                        let fault = Fault::UnknownFamily { name: name.clone(), known };
                        Err(vec![ParameterError::here(fault).under(Step::Key(name.clone()))])
                    }
                },
                several => Err(vec![ParameterError::here(Fault::FamilyCount { found: several.len() })]),
            },
            other => {
                Err(vec![ParameterError::here(Fault::Type { expected: "a distribution", found: other.kind().into() })])
            }
        }
    }
}

/// What tests of all floors need.
#[cfg(test)]
pub(crate) mod testing {
    use super::{Distribution, Pair};
    use std::sync::Arc;

    /// Two distributions over unnamed symbols.
    pub(crate) fn pair(p: &[f64], q: &[f64]) -> Pair {
        let of = |weights| Arc::new(Distribution::of_weights(weights).unwrap());
        Pair::new(of(p), of(q)).unwrap()
    }
}
