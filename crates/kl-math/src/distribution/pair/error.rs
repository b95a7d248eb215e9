//! Why two distributions cannot be compared.

use crate::chain::ChainError;

/// Why P and Q cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairError {
    /// Unnamed symbols are matched by position.
    #[error("P has {source_size} symbols and Q has {model_size}: they need one alphabet")]
    Sizes {
        /// How many symbols P has.
        source_size: usize,
        /// How many symbols Q has.
        model_size: usize,
    },
    /// Values of different kinds.
    #[error("P takes {source_space} and Q takes {model_space}")]
    Spaces {
        /// P's.
        source_space: String,
        /// Q's.
        model_space: String,
    },
    /// Two families that have no formula together.
    #[error("P is {source_family} and Q is {model_family}, and there is no closed form for the two")]
    Families {
        /// P's.
        source_family: &'static str,
        /// Q's.
        model_family: &'static str,
    },
    /// No formula, and too many values to sum over.
    #[error("there is no closed form for the two, and {family} spreads over more than {most} counts")]
    TooWide {
        /// P's.
        family: &'static str,
        /// How many are summed.
        most: usize,
    },
    /// A double does not hold D or V, or nothing is left of its digits.
    #[error("D or V of {source_family} against {model_family} is beyond 1.8e308, or its digits cancel")]
    Overflow {
        /// P's.
        source_family: &'static str,
        /// Q's.
        model_family: &'static str,
    },
    /// Values that lie closer together than doubles do.
    #[error(
        "the values of {family} are not resolved: near {near} neighbouring doubles are {spacing} apart, and they spread over \
         no more than about {spread}"
    )]
    Unresolved {
        /// P's family.
        family: &'static str,
        /// About where its values lie.
        near: String,
        /// How far neighbouring doubles are apart there.
        spacing: String,
        /// Its standard deviation, or another measure of its width.
        spread: String,
    },
    /// No formula, and no integral either.
    #[error(
        "there is no closed form for {source_family} against {model_family}, and the integral cannot be taken to 1e-12"
    )]
    NotIntegrable {
        /// P's.
        source_family: &'static str,
        /// Q's.
        model_family: &'static str,
    },
    /// Chains that do not fit each other.
    #[error(transparent)]
    Chains(#[from] ChainError),
    /// Named symbols are matched by name.
    #[error("P and Q have different alphabets: {}", differing(.only_source, .only_model))]
    Symbols {
        /// Symbols that Q lacks.
        only_source: Vec<String>,
        /// Symbols that P lacks.
        only_model: Vec<String>,
    },
}

impl PairError {
    /// Whether P and Q fit each other, and only the size of numbers keeps D and V from being computed.
    pub fn is_numeric(&self) -> bool {
        matches!(
            self,
            Self::Overflow { .. } | Self::NotIntegrable { .. } | Self::TooWide { .. } | Self::Unresolved { .. }
        )
    }
}

fn differing(only_source: &[String], only_model: &[String]) -> String {
    let shown = |symbols: &[String]| {
        let mut names: Vec<String> = symbols.iter().take(5).map(|symbol| format!("{symbol:?}")).collect();
        if symbols.len() > 5 {
            names.push("…".into());
        }
        names.join(", ")
    };
    match (only_source, only_model) {
        ([], only_model) => format!("only Q has {}", shown(only_model)),
        (only_source, []) => format!("only P has {}", shown(only_source)),
        (only_source, only_model) => format!("only P has {}, only Q has {}", shown(only_source), shown(only_model)),
    }
}
