//! A simulated experiment on one pair of laws, held against theory.

use crate::comparison::{Comparison, FALSE_ALARM, Verdict, judge};
use crate::estimator::{Detail, EstimatedBy, Estimator, Theory, default_estimator};
use crate::simulation::{Cancel, Engine, EngineError, Estimation, Job, ModelSamples, SamplerKind, Simulation, Trials};
use kl_math::distribution::{LogRatioForm, Pair};
use std::collections::HashMap;
use std::sync::Arc;

/// A simulated experiment: trials of N symbols or values from P, and estimates of KL(P‖Q) from each.
///
/// ```
/// use kl_sim::prelude::*;
/// let pair = Pair::of(Exponential::new(1.0)?, Exponential::new(2.0)?)?;
/// let results = Experiment::new(pair).length(50).trials(2_000).seed(57).run()?;
/// assert_eq!(results[0].estimator, "log_ratio");
/// assert_eq!(results[0].verdict, Verdict::Agree);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Experiment {
    pair: Pair,
    estimators: Vec<Arc<dyn Estimator>>,
    length: u64,
    trials: u64,
    seed: u64,
    totals_only: bool,
    threads: Option<usize>,
}

/// What an experiment found of one estimator.
#[derive(Clone, Debug)]
pub struct ExperimentResult {
    /// The estimator's name.
    pub estimator: String,
    /// What theory says of its estimates.
    pub theory: Theory,
    /// Mean, bias, variance and tests of the estimates, in nats per symbol.
    pub comparison: Comparison,
    /// Whether estimates and theory agree, over all estimators of the experiment.
    pub verdict: Verdict,
}

/// Why an experiment cannot run.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// There is nothing to draw.
    #[error("the {what} is 0")]
    Empty {
        /// Which number.
        what: &'static str,
    },
    /// An estimator cannot work on this pair and length.
    #[error("the estimator `{estimator}` {reason}")]
    Estimator {
        /// Its name.
        estimator: String,
        /// Why, as the end of a sentence.
        reason: String,
    },
    /// The totals alone are not enough.
    #[error("the estimator `{estimator}` needs every symbol or value of a sequence, not only the totals")]
    Totals {
        /// The name of the estimator.
        estimator: String,
    },
    /// Threads cannot be started.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Experiment {
    /// An experiment with the log ratio as estimator, N = 100, 1,000 trials and seed 0.
    pub fn new(pair: Pair) -> Self {
        let (length, trials) = (100, 1_000);
        Self { pair, estimators: Vec::new(), length, trials, seed: 0, totals_only: false, threads: None }
    }

    /// N, the number of symbols or values of a sequence.
    #[must_use]
    pub fn length(self, n: u64) -> Self {
        Self { length: n, ..self }
    }

    /// The number of trials.
    #[must_use]
    pub fn trials(self, trials: u64) -> Self {
        Self { trials, ..self }
    }

    /// The seed of the random numbers. The same seed gives the same estimates on any machine and any number of threads.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Adds an estimator. The first one takes the place of the log ratio.
    #[must_use]
    pub fn estimator(mut self, estimator: impl Estimator + 'static) -> Self {
        self.estimators.push(Arc::new(estimator));
        self
    }

    /// Draws only the counts of symbols, or the sums of the statistics of values: the time does not grow with N.
    #[must_use]
    pub fn totals_only(self) -> Self {
        Self { totals_only: true, ..self }
    }

    /// The number of threads; as many as there are cores unless it is called.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Self { threads: Some(threads), ..self }
    }

    /// Draws the trials and compares the estimates with theory: one result for each estimator, in order.
    ///
    /// # Errors
    ///
    /// There are no trials or symbols, an estimator does not suit the pair, or threads cannot be started.
    pub fn run(&self) -> Result<Vec<ExperimentResult>, ExperimentError> {
        let default = [default_estimator()];
        let estimators = if self.estimators.is_empty() { &default } else { self.estimators.as_slice() };
        self.check(estimators)?;
        let job = self.job(estimators);
        let engine = Engine::new(self.threads)?;
        let kind = if self.totals_only { SamplerKind::Counts } else { SamplerKind::Sequence };
        let trials = Trials::new(self.seed, self.pair.source(), self.length, kind);
        let cancel = Cancel::default();
        let simulation = Simulation { job: &job, trials: &trials, encode: None, cancel: &cancel, meter: &() };
        let Ok(outcome) = engine.run(&simulation, &mut ());
        let mut found = Vec::with_capacity(job.estimations.len());
        for (place, estimation) in job.estimations.iter().enumerate() {
            let theory = estimation.by.theory(&self.pair, self.length);
            let summary = outcome.summary.estimation(place);
            let comparison = Comparison::new(&self.pair, estimation.by, &theory, &outcome.summary, summary)
                .unwrap_or_else(|| Comparison::unavailable("no trial has an estimate".into(), Some(&theory)));
            found.push((estimation.by.name().to_owned(), theory, comparison));
        }
        let comparisons: Vec<&Comparison> = found.iter().map(|(_, _, comparison)| comparison).collect();
        let verdicts = judge(&comparisons, FALSE_ALARM);
        let result =
            |((estimator, theory, comparison), verdict)| ExperimentResult { estimator, theory, comparison, verdict };
        Ok(found.into_iter().zip(verdicts).map(result).collect())
    }

    fn check(&self, estimators: &[Arc<dyn Estimator>]) -> Result<(), ExperimentError> {
        for (number, what) in [(self.length, "length of a sequence"), (self.trials, "number of trials")] {
            if number == 0 {
                return Err(ExperimentError::Empty { what });
            }
        }
        for estimator in estimators {
            let named = || estimator.name().to_owned();
            let unsuited = |reason| ExperimentError::Estimator { estimator: named(), reason };
            estimator.suits(&self.pair, self.length).map_err(unsuited)?;
            let needs_all = estimator.scorer(&self.pair, self.length).detail() == Detail::Sequence;
            if self.totals_only && (needs_all || !self.has_totals()) {
                return Err(ExperimentError::Totals { estimator: named() });
            }
        }
        Ok(())
    }

    /// Whether the law of the totals is known, so that they can be drawn without the sequence.
    fn has_totals(&self) -> bool {
        match &self.pair {
            Pair::Symbols(_) => true,
            Pair::Values(pair) => {
                let has_law = |form: &LogRatioForm| form.has_known_sum() && form.sums_fit(self.length);
                pair.form().is_some_and(has_law) && pair.uncovered().is_none()
            }
            Pair::Chains(_) => false,
        }
    }

    fn job<'a>(&'a self, estimators: &'a [Arc<dyn Estimator>]) -> Job<'a> {
        let (mut models, mut places) = (Vec::new(), HashMap::new());
        let estimations = estimators.iter().map(|estimator| {
            let by = EstimatedBy::Estimator(estimator.as_ref());
            let model = by.model_draws(self.length).map(|m| {
                *places.entry(m).or_insert_with(|| {
                    models.push(ModelSamples::new(self.seed, &self.pair, m));
                    models.len() - 1
                })
            });
            Estimation { model, ..Estimation::new(0, &self.pair, by, self.length) }
        });
        let estimations = estimations.collect();
        let probabilities = self.pair.source().mass_function().probabilities();
        Job { probabilities, n: self.length, trials: self.trials, estimations, models }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::{CountEstimator, NearestNeighbours, SymbolMean};
    use kl_math::distribution::{Categorical, Laplace, MarkovChain, Normal};

    fn coins() -> Pair {
        Pair::of(Categorical::new([0.5, 0.5]).unwrap(), Categorical::new([0.4, 0.6]).unwrap()).unwrap()
    }

    fn normals() -> Pair {
        Pair::of(Normal::new(0.0, 1.0).unwrap(), Normal::new(1.0, 2.0).unwrap()).unwrap()
    }

    #[test]
    fn every_kind_of_pair_agrees_with_theory() {
        let chain = MarkovChain::new([0.5, 0.5], [[0.9, 0.1], [0.4, 0.6]]).unwrap();
        let laplace = Pair::of(Laplace::new(0.0, 1.0).unwrap(), Laplace::new(1.0, 1.0).unwrap()).unwrap();
        for pair in [coins(), normals(), laplace, Pair::of(chain, Categorical::new([0.5, 0.5]).unwrap()).unwrap()] {
            let results = Experiment::new(pair).length(20).trials(3_000).seed(57).threads(2).run().unwrap();
            let [result] = results.as_slice() else { panic!("{results:?}") };
            assert_ne!(result.verdict, Verdict::Disagree);
            assert!(result.comparison.mean.is_some() && result.comparison.trials == 3_000);
            assert_eq!(result.comparison.closed_form, Some(result.theory.closed_form));
        }
    }

    /// The same estimates on any number of threads; several estimators see the same sequences.
    #[test]
    fn results_depend_on_the_seed_alone() {
        let run = |seed: u64, threads: usize| {
            let experiment = Experiment::new(coins()).length(30).trials(5_000).seed(seed).threads(threads);
            let both = experiment.estimator(SymbolMean::k3()).estimator(CountEstimator::plug_in_two_sample(Some(40)));
            both.run().unwrap().into_iter().map(|result| result.comparison).collect::<Vec<_>>()
        };
        assert_eq!(run(57, 1), run(57, 3));
        assert_ne!(run(57, 1), run(58, 1));
        assert_eq!(run(57, 1).len(), 2);
    }

    #[test]
    fn totals_are_drawn_where_their_law_is_known() {
        for pair in [coins(), normals()] {
            let results = Experiment::new(pair).length(1_000_000_000).trials(1_000).totals_only().run().unwrap();
            assert_eq!(results[0].verdict, Verdict::Agree);
        }
    }

    #[test]
    fn what_cannot_run_says_why() {
        let message = |experiment: Experiment| experiment.run().unwrap_err().to_string();
        assert_eq!(message(Experiment::new(coins()).trials(0)), "the number of trials is 0");
        assert_eq!(message(Experiment::new(coins()).length(0)), "the length of a sequence is 0");
        let counts = Experiment::new(normals()).estimator(CountEstimator::plug_in());
        assert!(message(counts).starts_with("the estimator `plug_in` counts symbols, and normal("));
        let neighbours = Experiment::new(normals()).estimator(NearestNeighbours::new(1, None)).totals_only();
        assert_eq!(
            message(neighbours),
            "the estimator `knn` needs every symbol or value of a sequence, not only the totals"
        );
    }
}
