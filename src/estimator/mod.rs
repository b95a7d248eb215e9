//! Floor 0: estimators of KL(P‖Q), one a file.

mod chain_theory;
mod log_ratio;
mod score;
mod scorer;
mod theory;
mod value_scorer;

pub use log_ratio::LogRatio;
pub use score::{
    ChainSequences, ChainTally, Expectation, Seen, SequenceScore, Sequences, SymbolSequences, ValueRange,
    ValueSequences, ValueTally,
};
pub use scorer::{Batch, Outcome, Scorer, SymbolMeanScorer, View};
pub use theory::{ContributionCumulants, Contributions, Rate, Theory};

use crate::distribution::Pair;
use crate::law::Bins;

/// What an estimator must say of itself. To add one, write a file that implements this trait and name it in
/// the list in [`estimator`](self).
pub trait Estimator: Sync {
    /// Its name in files.
    fn name(&self) -> &'static str;

    /// What is known of its estimates from `n` symbols.
    fn theory(&self, pair: &Pair, n: u64) -> Theory;

    /// Fixed bins for a histogram of its estimates from `n` symbols.
    fn bins(&self, pair: &Pair, n: u64) -> Bins;

    /// The function of a symbol whose mean over the sequence is the estimate, if it is one: it is then
    /// scored from sums of counts.
    fn symbol_values<'a>(&self, pair: &'a Pair) -> Option<&'a [f64]>;

    /// A scorer of sequences of `n` symbols.
    fn scorer<'a>(&self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a>;
}

macro_rules! estimators {
    ($($module:ident::$Estimator:ident),* $(,)?) => {
        /// The estimators that a file may name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum EstimatorKind {
            $(
                #[doc = concat!("See [`", stringify!($Estimator), "`].")]
                $Estimator,
            )*
        }

        impl EstimatorKind {
            /// Every estimator.
            pub const ALL: [Self; [$(stringify!($Estimator),)*].len()] = [$(Self::$Estimator,)*];

            /// The estimator itself.
            pub fn estimator(self) -> &'static dyn Estimator {
                match self { $(Self::$Estimator => &$module::$Estimator,)* }
            }

            /// Its name in files.
            pub fn name(self) -> &'static str {
                self.estimator().name()
            }
        }
    };
}

// The estimators: one file and one line each.
estimators! {
    log_ratio::LogRatio,
}
