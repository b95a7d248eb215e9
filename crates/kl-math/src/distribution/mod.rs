//! Floor 0: distributions, one family a file.

mod bernoulli;
mod beta;
mod binomial;
mod categorical;
mod cauchy;
mod closed_form;
mod dirichlet;
mod discretised;
mod exponential;
mod fall;
mod family;
mod form;
mod gamma;
mod geometric;
mod laplace;
mod lognormal;
mod markov_chain;
mod markov_pair;
mod mass_function;
mod multivariate_normal;
mod negative_binomial;
mod normal;
mod pair;
mod pair_error;
mod parameter;
mod pareto;
mod points;
mod poisson;
mod reading;
mod resolution;
mod standard;
mod symbol_pair;
mod uniform;
mod value_pair;
mod values;
mod weibull;

use std::sync::Arc;

pub use closed_form::{ClosedForm, ClosedFormSource};
pub use discretised::Discretised;
pub use fall::Fall;
pub use family::Family;
pub use form::{CountLaw, LogRatioForm};
pub use markov_pair::MarkovPair;
pub use mass_function::{Alphabet, MAX_SYMBOLS, MassFunction, Probability};
pub use pair::Pair;
pub use pair_error::PairError;
pub use parameter::{Fault, FractionError, Number, Parameter, ParameterError, ParameterErrors, Step, listed, nearest};
pub use points::{Moment, Points, WeighedPoint};
pub use standard::Standard;
pub use symbol_pair::SymbolPair;
pub use value_pair::{Uncovered, ValuePair};
pub use values::{Chart, Point, Space, Values};

/// One family as the rest of the program sees it: its name, an example, and how to read it.
#[derive(Clone, Copy, Debug)]
pub struct FamilyEntry {
    /// Its name in a file.
    pub name: &'static str,
    /// Its parameters' names; empty where any name is a symbol.
    pub parameters: &'static [&'static str],
    /// How it is written under `P` or `Q`.
    pub example: &'static str,
    /// Another member, written likewise.
    pub another: &'static str,
    /// Which two members have an estimate whose law is known, if the two examples have not.
    pub law: &'static str,
    read: fn(&Parameter) -> Result<Distribution, Vec<ParameterError>>,
}

macro_rules! families {
    ($($module:ident::$Family:ident),* $(,)?) => {
        $(pub use $module::$Family;)*

        $(impl From<$Family> for Distribution {
            fn from(member: $Family) -> Self {
                Self::$Family(member)
            }
        })*

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
                another: $Family::ANOTHER,
                law: $Family::LAW,
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

            /// The probability of each symbol; there are none where the values are no finite alphabet.
            pub fn masses(&self) -> &MassFunction {
                match self { $(Self::$Family(member) => member.masses(),)* }
            }

            /// See [`Family::values`].
            pub fn values(&self) -> Option<&dyn Values> {
                match self { $(Self::$Family(member) => member.values(),)* }
            }

            /// See [`Family::form`].
            pub fn form(&self, model: &Self) -> Option<LogRatioForm> {
                match (self, model) {
                    $((Self::$Family(source), Self::$Family(model)) => source.form(model),)*
                    _ => None,
                }
            }

            /// ln(p(x)/q(x)) at a value that P can take; see [`Family::log_ratio_at`].
            pub fn log_ratio_at(&self, model: &Self, point: Point<'_>) -> f64 {
                match (self, model) {
                    $((Self::$Family(source), Self::$Family(model)) => source.log_ratio_at(model, point),)*
                    _ => match (self.values(), model.values()) {
                        (Some(source), Some(model)) => source.ln_prob(point) - model.ln_prob(point),
                        _ => f64::NAN,
                    },
                }
            }

            /// See [`Family::other_names`].
            fn other_names(&self) -> Vec<Self> {
                match self { $(Self::$Family(member) => member.other_names(),)* }
            }

            /// See [`Family::closed_form`].
            fn formula(&self, model: &Self) -> Option<ClosedForm> {
                match (self, model) {
                    $((Self::$Family(source), Self::$Family(model)) => source.closed_form(model),)*
                    _ => None,
                }
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
    binomial::Binomial,
    geometric::Geometric,
    negative_binomial::NegativeBinomial,
    poisson::Poisson,
    uniform::Uniform,
    exponential::Exponential,
    gamma::Gamma,
    beta::Beta,
    dirichlet::Dirichlet,
    normal::Normal,
    multivariate_normal::MultivariateNormal,
    lognormal::Lognormal,
    laplace::Laplace,
    pareto::Pareto,
    weibull::Weibull,
    cauchy::Cauchy,
    markov_chain::MarkovChain,
}

impl Distribution {
    /// A categorical distribution over unnamed symbols, or the first thing that is wrong with its probabilities.
    ///
    /// ```
    /// use kl_math::distribution::Distribution;
    /// assert_eq!(Distribution::of_weights(&[0.25, 0.75])?.to_string(), "categorical(0.25, 0.75)");
    /// assert!(Distribution::of_weights(&[0.25, 0.7]).is_err());
    /// # Ok::<(), kl_math::distribution::ParameterError>(())
    /// ```
    pub fn of_weights(weights: &[f64]) -> Result<Self, ParameterError> {
        let weights = weights.iter().map(|&weight| Parameter::Number(Number::new(weight))).collect();
        Self::read(&Parameter::List(weights)).map_err(|faults| {
            let unsaid = || ParameterError::here(Fault::FamilyCount { found: 0 });
            faults.into_iter().next().unwrap_or_else(unsaid)
        })
    }

    /// The chain, if its symbols have a memory.
    pub fn chain(&self) -> Option<&MarkovChain> {
        match self {
            Self::MarkovChain(chain) => Some(chain),
            _ => None,
        }
    }

    /// The same as a chain: independent symbols are one without memory.
    fn over_states(&self) -> Option<Self> {
        match self {
            Self::MarkovChain(_) => Some(self.clone()),
            _ => MarkovChain::independent(self.to_string(), self.masses()).map(Self::MarkovChain),
        }
    }

    /// The two as members of one family, where the law of one has a name in that of the other: what is known of one family is then
    /// known of them.
    fn in_one_family(source: &Arc<Self>, model: &Arc<Self>) -> Option<(Arc<Self>, Arc<Self>)> {
        if source.family() == model.family() {
            return None;
        }
        let named = |side: &Self, family: &str| side.other_names().into_iter().find(|name| name.family() == family);
        // P as it is written where that can be: its values are made by its family.
        if let Some(model) = named(model, source.family()) {
            return Some((Arc::clone(source), Arc::new(model)));
        }
        named(source, model.family()).map(|source| (Arc::new(source), Arc::clone(model)))
    }

    /// Whether its values are a finite alphabet, whose symbols can be sampled and scored one by one.
    pub fn is_finite(&self) -> bool {
        self.masses().alphabet().size() > 0
    }

    /// The same over a finite alphabet of counts, 0, 1, … n, if it is binomial with so few.
    fn over_alphabet(&self) -> Option<Self> {
        match self {
            Self::Binomial(binomial) => binomial.over_alphabet().map(Self::Categorical),
            _ => None,
        }
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
                let example = "P.bernoulli.p = 0.5, or P.categorical = { H = 0.5, T = 0.5 }";
                let fault = Fault::Type { expected: "a distribution", found: other.kind(), example };
                Err(vec![ParameterError::here(fault)])
            }
        }
    }
}

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
