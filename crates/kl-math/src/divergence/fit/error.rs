//! Why there is no nearest member of a family.

/// Why there is no nearest member of a family.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FitError {
    /// A normal distribution is over real numbers.
    #[error("P takes {taken}, and a normal distribution real numbers")]
    NotReal {
        /// What P takes.
        taken: String,
    },
    /// KL(P‖Q) is infinite for every normal Q.
    #[error("the variance of P is not finite, so that KL(P‖Q) is infinite for every normal Q")]
    NoVariance,
    /// KL(Q‖P) is infinite for every normal Q.
    #[error("P has no density {where_not}, so that KL(Q‖P) is infinite for every normal Q")]
    NotCovered {
        /// Where P has no density, such as `below 0`.
        where_not: String,
    },
    /// An integral, or the search, did not converge.
    #[error("the integrals over P or Q do not settle, so that no fit can be vouched for")]
    Unsettled,
    /// P's values lie closer together than doubles do.
    #[error("the values of P are not resolved: doubles there are about as far apart as P spreads")]
    Unresolved,
    /// Symbols are tied in a finite alphabet.
    #[error("P takes {taken}, and only symbols of a finite alphabet can be tied")]
    NotSymbols {
        /// What P takes.
        taken: String,
    },
    /// A tie names a symbol that P does not have.
    #[error("P has no symbol in place {place}: it has {size}")]
    NoSymbol {
        /// The place, from 0.
        place: usize,
        /// How many symbols P has.
        size: usize,
    },
    /// A symbol is in two ties, or in one twice.
    #[error("the symbol {symbol} is tied twice")]
    TiedTwice {
        /// Its name.
        symbol: String,
    },
    /// Every class has a symbol that P cannot produce.
    #[error("every class of tied symbols has one with P = 0, so that KL(Q‖P) is infinite for every Q")]
    AllImpossible,
}
