//! Estimators from symbol counts.

mod exact;
mod facts;
mod first_order;
mod one_sample;
mod rule;
mod scorer;
mod table;
mod two_sample;

pub use first_order::{BiasOrder, Expansion, FirstOrder, KnownModel, VarianceRule};
pub(super) use one_sample::KINDS as ONE_SAMPLE;
pub(super) use two_sample::KINDS as TWO_SAMPLE;

use super::{Cost, Estimator, Scorer, Settings, Theory, name_with};
use facts::KnownFacts;
use kl_math::distribution::{Pair, SymbolPair};
use kl_math::law::Bins;
use rule::{Evaluator, Logs, ModelLogs, Rule};
use scorer::{CountScorer, Model};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// An estimator of KL(P‖Q) from how often each symbol of a finite alphabet occurs.
///
/// The law of its estimates is listed, vector of counts by vector, where there are at most 65,536 of them (pairs of vectors,
/// with a sample from Q): mean, variance and kurtosis are then exact. Beyond, nothing is known but D and the chance of an
/// infinite estimate. An estimate is right to some 1e-15 of ln N and of the largest |ln q|.
///
/// Its constructors are the estimators; of a file they have the same names.
#[derive(Clone, Debug)]
pub struct CountEstimator {
    kind: &'static str,
    name: String,
    settings: Settings,
    rule: Rule,
    sample: Option<Sample>,
    first_order: FirstOrder,
    /// What is computed for one trial is there for all.
    evaluators: Known<Evaluator>,
    model_logs: Known<ModelLogs>,
    facts: KnownFacts,
}

/// What is known for sequences of some length over an alphabet of some size.
type Known<T> = Arc<Mutex<BTreeMap<(u64, usize), Arc<T>>>>;

/// That, made if it is not yet there.
fn known<T>(known: &Known<T>, length: u64, alphabet: usize, make: impl FnOnce() -> T) -> Arc<T> {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(known.entry((length, alphabet)).or_insert_with(|| Arc::new(make())))
}

/// Q known by a sample.
#[derive(Clone, Copy, Debug)]
struct Sample {
    /// What stands for ln q.
    logs: Logs,
    /// M, where it is not N.
    length: Option<u64>,
}

impl Sample {
    fn length(self, n: u64) -> u64 {
        self.length.unwrap_or(n)
    }

    /// Whether a symbol that the sample lacks is taken for an impossible one.
    fn has_no_log_of_zero(self) -> bool {
        (self.logs.of_count)(self.logs.pseudo) == f64::NEG_INFINITY
    }
}

impl CountEstimator {
    fn new(
        kind: &'static str,
        settings: Settings,
        rule: Rule,
        sample: Option<Sample>,
        first_order: FirstOrder,
    ) -> Self {
        let name = name_with(kind, settings.iter().map(|(&key, &value)| (key, value)));
        Self {
            kind,
            name,
            settings,
            rule,
            sample,
            first_order,
            evaluators: Known::default(),
            model_logs: Known::default(),
            facts: KnownFacts::default(),
        }
    }

    /// The estimate from these counts, in nats, with ln q of each symbol, −∞ where Q rules it out: +∞ where such a symbol has weight. None
    /// without a symbol, or if Q is to be known by a sample.
    ///
    /// ```
    /// use kl_sim::estimator::CountEstimator;
    /// let half = -std::f64::consts::LN_2;
    /// let estimate = CountEstimator::plug_in().estimate(&[3, 0], &[half, half]).expect("three symbols");
    /// assert!((estimate + half).abs() < 1e-15);
    /// assert_eq!(CountEstimator::plug_in().estimate(&[3, 1], &[0.0, f64::NEG_INFINITY]), Some(f64::INFINITY));
    /// ```
    pub fn estimate(&self, counts: &[u64], log_model: &[f64]) -> Option<f64> {
        let n = total(counts).filter(|_| self.sample.is_none())?;
        Some(self.evaluator(n, counts.len()).estimate(counts, n, rule::log_of(log_model)))
    }

    /// The estimate from the counts of a sample from P and one from Q, in nats. None if either has no symbol, or if Q is to be known
    /// itself.
    ///
    /// ```
    /// use kl_sim::estimator::CountEstimator;
    /// let estimate = CountEstimator::plug_in_two_sample(None).estimate_two(&[3, 1], &[6, 2]).expect("two samples");
    /// assert!(estimate.abs() < 1e-15);
    /// assert_eq!(CountEstimator::plug_in().estimate_two(&[3, 1], &[6, 2]), None);
    /// ```
    pub fn estimate_two(&self, counts: &[u64], model_counts: &[u64]) -> Option<f64> {
        let (n, m, sample) = (total(counts)?, total(model_counts)?, self.sample?);
        let logs = known(&self.model_logs, m, counts.len(), || ModelLogs::new(sample.logs, m, counts.len()));
        Some(self.evaluator(n, counts.len()).estimate(counts, n, logs.of(model_counts)))
    }

    /// What is known of its estimates to the first order.
    pub fn first_order(&self) -> FirstOrder {
        self.first_order
    }

    /// The rule, for sequences of `n` symbols of an alphabet of that size.
    fn evaluator(&self, n: u64, alphabet: usize) -> Arc<Evaluator> {
        known(&self.evaluators, n, alphabet, || Evaluator::new(self.rule, n, alphabet))
    }

    /// What stands for the logarithms where Q is known by a sample, beside sequences of `n` symbols.
    fn sampled_logs(&self, sample: Sample, n: u64, alphabet: usize) -> Arc<ModelLogs> {
        let m = sample.length(n);
        known(&self.model_logs, m, alphabet, || ModelLogs::new(sample.logs, m, alphabet))
    }
}

impl Estimator for CountEstimator {
    fn name(&self) -> &str {
        &self.name
    }

    fn written(&self) -> (&'static str, Settings) {
        (self.kind, self.settings.clone())
    }

    fn suits(&self, pair: &Pair, _: u64) -> Result<(), String> {
        /// The chance of an infinite estimate takes the time of all sets of symbols.
        const MOST_SYMBOLS: usize = 14;
        let pair = match pair {
            Pair::Symbols(pair) => pair,
            Pair::Values(pair) => return Err(format!("counts symbols, and {} has none", pair.source())),
            Pair::Chains(pair) => {
                return Err(format!("takes symbols for independent, and those of {} have a memory", pair.source()));
            }
        };
        let possible = pair.source_probabilities().iter().filter(|mass| mass.to_f64() > 0.0).count();
        if self.sample.is_some_and(Sample::has_no_log_of_zero) && possible > MOST_SYMBOLS {
            return Err(format!(
                "has a known chance to be infinite for up to {MOST_SYMBOLS} symbols, and not for {possible}"
            ));
        }
        Ok(())
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        pair.symbols().map_or_else(|| Theory::of_estimand(pair, n), |symbols| self.exact_theory(symbols, n))
    }

    fn moments(&self, pair: &Pair, n: u64) -> (Option<f64>, Option<f64>) {
        pair.symbols().map_or((None, None), |symbols| self.exact_moments(symbols, n))
    }

    fn bins(&self, pair: &Pair, n: u64) -> Bins {
        match pair {
            Pair::Symbols(pair) => self.exact_bins(pair, n),
            Pair::Values(_) | Pair::Chains(_) => super::LogRatio.bins(pair, n),
        }
    }

    fn model_draws(&self, n: u64) -> Option<u64> {
        self.sample.map(|sample| sample.length(n))
    }

    fn cost(&self, pair: &Pair, _: u64) -> Cost {
        /// A look into a table, and another for the sample from Q.
        const SYMBOL: u128 = 1_700;
        const BOTH: u128 = 3_000;
        /// Once a block: ln q.
        const LOG: u128 = 20_000;
        let symbols = pair.symbols().map_or(0, |pair| pair.symbols().len() as u128);
        /// A logarithm for each trial.
        const SHRUNK: u128 = 11_000;
        let each = match (self.sample, self.rule) {
            (Some(_), _) => BOTH,
            (None, Rule::Shrinkage) => SHRUNK,
            (None, _) => SYMBOL,
        };
        Cost { trial: each * symbols, block: LOG * symbols }
    }

    fn scorer<'a>(&'a self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
        let model_logs = |pair: &Pair| pair.symbols().map(model_logs).unwrap_or_default();
        let symbols = pair.symbols().map_or(0, |pair| pair.source_probabilities().len());
        let model = match self.sample {
            None => Model::Known(model_logs(pair)),
            Some(sample) => Model::Sampled(self.sampled_logs(sample, n, symbols)),
        };
        Box::new(CountScorer::new(self.evaluator(n, symbols), model, n, symbols))
    }
}

/// The number of symbols, if there are any.
fn total(counts: &[u64]) -> Option<u64> {
    counts.iter().try_fold(0u64, |sum, &count| sum.checked_add(count)).filter(|&sum| sum > 0)
}

/// ln q of each symbol, −∞ where it has no mass.
fn model_logs(pair: &SymbolPair) -> Vec<f64> {
    pair.model_probabilities().iter().map(|mass| libm::log(mass.to_f64())).collect()
}
