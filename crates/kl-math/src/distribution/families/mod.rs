//! The families: a file each, named in the list below.

use super::family::Family;
use super::log_ratio::{ClosedForm, LogRatioForm};
use super::mass_function::MassFunction;
use super::parameter::{Declaration, Example, Parameter, ParameterError};
use super::values::{Value, Values};

/// A family as data: its name, its parameters, and two of its members.
#[derive(Clone, Copy, Debug)]
pub struct FamilyEntry {
    /// Its name.
    pub name: &'static str,
    /// Its parameters; empty where any name is a symbol with a probability.
    pub parameters: &'static [Declaration],
    /// Two members, by their parameters.
    pub examples: [Example; 2],
    /// Which two members have an estimate whose law is known, if the two examples have not.
    pub law: &'static str,
    pub(in crate::distribution) read: fn(&Parameter) -> Result<Distribution, Vec<ParameterError>>,
}

impl FamilyEntry {
    /// The family of that name, if there is one.
    ///
    /// ```
    /// use kl_math::distribution::FamilyEntry;
    /// assert!(FamilyEntry::named("gamma").is_some() && FamilyEntry::named("gama").is_none());
    /// ```
    pub fn named(name: &str) -> Option<&'static Self> {
        FAMILIES.iter().find(|family| family.name == name)
    }

    /// Whether it has a parameter of that name.
    pub fn has(&self, parameter: &str) -> bool {
        self.parameters.iter().any(|declared| declared.name == parameter)
    }

    /// The names of its parameters; none where any name is a symbol.
    pub fn parameter_names(&self) -> Vec<&'static str> {
        self.parameters.iter().map(|declared| declared.name).collect()
    }
}

macro_rules! families {
    ($($module:ident::$Family:ident),* $(,)?) => {
        $(mod $module;)*
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
                examples: $Family::EXAMPLES,
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
            pub fn mass_function(&self) -> &MassFunction {
                match self { $(Self::$Family(member) => member.mass_function(),)* }
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
            pub fn log_ratio_at(&self, model: &Self, point: Value<'_>) -> f64 {
                match (self, model) {
                    $((Self::$Family(source), Self::$Family(model)) => source.log_ratio_at(model, point),)*
                    _ => match (self.values(), model.values()) {
                        (Some(source), Some(model)) => source.ln_prob(point) - model.ln_prob(point),
                        _ => f64::NAN,
                    },
                }
            }

            /// See [`Family::size_of_log_ratio`].
            pub(in crate::distribution) fn size_of_log_ratio(&self, model: &Self, point: Value<'_>) -> Option<f64> {
                match (self, model) {
                    $((Self::$Family(source), Self::$Family(model)) => source.size_of_log_ratio(model, point),)*
                    _ => None,
                }
            }

            /// See [`Family::other_names`].
            pub(in crate::distribution) fn other_names(&self) -> Vec<Self> {
                match self { $(Self::$Family(member) => member.other_names(),)* }
            }

            /// See [`Family::closed_form`].
            pub(in crate::distribution) fn formula(&self, model: &Self) -> Option<ClosedForm> {
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
    logistic::Logistic,
    gumbel::Gumbel,
    student_t::StudentT,
    inverse_gamma::InverseGamma,
    truncated_normal::TruncatedNormal,
    mixture::Mixture,
    markov_chain::MarkovChain,
}
