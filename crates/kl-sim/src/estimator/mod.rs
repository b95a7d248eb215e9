//! Estimators of KL(P‖Q), one a file, and what is known of their estimates.

mod claims;
mod code_length;
mod cost;
mod counts;
mod draw_mean;
mod drawn_log_ratio;
mod estimated_by;
mod gradients;
mod kind;
mod knn;
mod known_values;
mod log_ratio;
mod path;
mod rao_blackwell;
mod score;
mod scorer;
mod sequential;
mod symbol_mean;
mod theory;
mod weights;

pub use claims::{ClaimedMean, Claims, SameAs};
pub use code_length::CodeLength;
pub use cost::Cost;
pub use counts::{BiasOrder, CountEstimator, Expansion, FirstOrder, KnownModel, VarianceRule};
pub use draw_mean::DrawMean;
pub use estimated_by::{EstimatedBy, External};
pub use gradients::{GRADIENTS, GradientKind, components, split_component};
pub use kind::{EstimatorKind, Setting, SettingForm, SettingValue, Settings, name_with};
pub use knn::{NearestNeighbours, nearest_neighbour_estimate};
pub use log_ratio::LogRatio;
pub use path::PathMean;
pub use rao_blackwell::RaoBlackwell;
pub use score::{
    ChainSequences, ChainTally, Expectation, Seen, SequenceScore, Sequences, SymbolSequences, ValueRange,
    ValueSequences, ValueTally,
};
pub use scorer::{Batch, Detail, Rows, ScoredTrial, Scorer, SymbolMeanScorer, View};
pub use sequential::SequentialLogRatio;
pub use symbol_mean::SymbolMean;
pub use theory::{ContributionCumulants, Contributions, Rate, Theory};
pub use weights::conflict;

use kl_math::decision::{SequentialLaw, StoppingRule};
use kl_math::distribution::{Behaviour, Pair};
use kl_math::law::Bins;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// An estimator of KL(P‖Q). To add one, write a file that implements this trait and name its [kind](EstimatorKind) in
/// [`ESTIMATORS`].
pub trait Estimator: fmt::Debug + Send + Sync {
    /// Its name in results, its settings included.
    fn name(&self) -> &str;

    /// The name of its [kind](EstimatorKind) and its settings.
    fn written(&self) -> (&'static str, Settings);

    /// Checks that it can work on sequences of `n` symbols of `pair`.
    ///
    /// # Errors
    ///
    /// Why it cannot, as the end of a sentence that begins with its name.
    fn suits(&self, pair: &Pair, n: u64) -> Result<(), String>;

    /// The exact facts that are known of its estimates from `n` symbols.
    fn theory(&self, pair: &Pair, n: u64) -> Theory;

    /// The exact mean and standard deviation of its estimates from `n` symbols, as far as they are known: what
    /// [`theory`](Self::theory) says, at the cost of these alone.
    fn moments(&self, pair: &Pair, n: u64) -> (Option<f64>, Option<f64>);

    /// The same for any number of symbols, for those that ask for many: what does not depend on the number is worked out once.
    fn running_moments<'a>(&'a self, pair: &'a Pair) -> RunningMoments<'a> {
        Box::new(|n| self.moments(pair, n))
    }

    /// Fixed bins for a histogram of its estimates from `n` symbols.
    fn bins(&self, pair: &Pair, n: u64) -> Bins;

    /// The function of a symbol whose mean over the sequence is the estimate, if it is one: it is then
    /// scored from sums of counts.
    fn symbol_values<'a>(&self, _pair: &'a Pair) -> Option<Cow<'a, [f64]>> {
        None
    }

    /// The same less its mean under P, where that has digits that the values themselves have not.
    fn symbol_deviations(&self, _pair: &Pair) -> Option<Vec<f64>> {
        None
    }

    /// Whether there are such values.
    fn is_symbol_mean(&self, _pair: &Pair) -> bool {
        false
    }

    /// P and Q, where it is given S and Q.
    fn target<'a>(&'a self, pair: &'a Pair) -> &'a Pair {
        pair
    }

    /// The name of the parameter that it estimates a component of the gradient for, if it does.
    fn component(&self) -> Option<&str> {
        split_component(self.name()).1
    }

    /// The same estimator of sequences that are drawn from S, which is then given the pair S and Q; none if it needs sequences from P.
    fn drawn_by(&self, _behaviour: &Arc<Behaviour>) -> Option<Arc<dyn Estimator>> {
        None
    }

    /// The same estimator where a test ends each sequence by `rule`, of sequences from P or from S; none if it needs whole sequences.
    fn stopped_by(&self, _rule: StoppingRule, _behaviour: Option<&Arc<Behaviour>>) -> Option<Arc<dyn Estimator>> {
        None
    }

    /// The exact law of the test that ends its sequences, if one does and the law can be had.
    fn sequential_law(&self, _pair: &Pair) -> Option<Arc<SequentialLaw>> {
        None
    }

    /// The weight of each symbol, where it weighs symbols that are drawn from S.
    fn weights(&self, _pair: &Pair) -> Option<Vec<f64>> {
        None
    }

    /// Whether an estimate may be infinite, if that does not follow from the pair alone.
    fn can_be_infinite(&self, _pair: &Pair) -> Option<bool> {
        None
    }

    /// The estimator whose estimates are near its own, and how near: each trial is held against it. None if its theory says all.
    fn same_as(&self, _pair: &Pair, _n: u64) -> Option<SameAs<'_>> {
        None
    }

    /// A scorer that also gives the standard error of each estimate; none unless the estimate is a mean over symbols.
    fn std_error_scorer<'a>(&'a self, pair: &'a Pair, n: u64) -> Option<Box<dyn Scorer + 'a>> {
        Some(Box::new(SymbolMeanScorer::new(self.symbol_values(pair)?, n).with_std_errors()))
    }

    /// The number of symbols from Q that it needs beside the `n` from P, if it knows Q by a sample alone.
    fn model_draws(&self, _n: u64) -> Option<u64> {
        None
    }

    /// About how long an estimate takes once the symbols are drawn; no result depends on it.
    fn cost(&self, pair: &Pair, n: u64) -> Cost {
        Cost::of_means(pair, n)
    }

    /// A scorer of sequences of `n` symbols.
    fn scorer<'a>(&'a self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a>;
}

/// The exact mean and standard deviation of estimates from so many symbols, as far as they are known.
pub type RunningMoments<'a> = Box<dyn Fn(u64) -> (Option<f64>, Option<f64>) + 'a>;

/// The estimators that a file may name: one file and one line each.
pub const ESTIMATORS: &[EstimatorKind] = {
    let [plug_in, miller_madow, jackknife, grassberger_schurmann, zhang, chao_shen, dirichlet, shrink] =
        counts::ONE_SAMPLE;
    let [plug_in_two_sample, zhang_grabchak, augmented_plug_in, bu_augmented, jeffreys] = counts::TWO_SAMPLE;
    &[
        log_ratio::KIND,
        symbol_mean::K2,
        symbol_mean::K3,
        symbol_mean::CONTROL_VARIATE,
        rao_blackwell::KIND,
        code_length::KIND,
        plug_in,
        miller_madow,
        jackknife,
        grassberger_schurmann,
        zhang,
        chao_shen,
        dirichlet,
        shrink,
        plug_in_two_sample,
        zhang_grabchak,
        augmented_plug_in,
        bu_augmented,
        jeffreys,
        knn::KIND,
    ]
};

/// The default estimator: the log ratio.
pub fn default_estimator() -> Arc<dyn Estimator> {
    Arc::new(LogRatio)
}
