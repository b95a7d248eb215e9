//! Estimates of KL(P‖Q) and of its gradient that look along a sequence.

mod scorer;
#[cfg(test)]
mod tests;
mod theory;

use super::{Cost, Estimator, RunningMoments, Scorer, Settings, Theory};
use kl_math::distribution::{Behaviour, Pair};
use kl_math::divergence::Weighting;
use kl_math::law::Bins;
use kl_math::path::{PathEstimate, PathLaws, PathQuantity};
use scorer::PathScorer;
use std::sync::Arc;

/// A [`PathEstimate`] of sequences of symbols, with memory or without: rewards to go, terms of whole sequences, and weights of prefixes and
/// sequences.
///
/// The estimand is D_N/N, of sequences of N symbols, or the component of its gradient; the expected mean is that of what is averaged, which
/// may be another number. Mean and variance are exact where they do not take too long, and so is the law of short sequences.
///
/// A chain that starts stationary has its start held fixed: there are no components for it, and the first symbol has no score.
///
/// ```
/// use kl_math::divergence::{Baseline, Credit, GradientRule, Side, Term, Weighting};
/// use kl_math::path::{PathComponent, PathQuantity};
/// use kl_sim::estimator::PathMean;
/// use kl_sim::prelude::*;
/// let p = MarkovChain::new([0.5, 0.5], [[0.75, 0.25], [0.5, 0.5]])?;
/// let pair = Pair::of(p, MarkovChain::new([0.5, 0.5], [[0.5, 0.5], [0.25, 0.75]])?)?;
/// let of = |name, credit| {
///     let rule = GradientRule::Reward(Term::K1, Baseline::Constant(0.0));
///     let component = PathComponent::Transition(0, 1);
///     let quantity = PathQuantity::Gradient { side: Side::Source, rule, credit, component };
///     PathMean::new(name, quantity, Weighting::default())
/// };
/// let experiment = Experiment::new(pair).estimator(of("to_go", Credit::RewardToGo)).estimator(of("own", Credit::Symbol));
/// let results = experiment.length(5).run()?;
/// // Rewards to go lead to the gradient, each symbol's own reward to a part of it, and both do what theory says.
/// let bias = |place: usize| results[place].theory.mean.expect("known") - results[place].theory.closed_form;
/// assert!(bias(0).abs() < 1e-15 && bias(1).abs() > 1e-3);
/// assert!(results.iter().all(|result| result.verdict == Verdict::Agree));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PathMean {
    name: String,
    written: (&'static str, Settings),
    quantity: PathQuantity,
    weighting: Weighting,
    /// P, Q and S, where S is not P.
    behaviour: Option<Arc<Behaviour>>,
}

impl PathMean {
    /// The mean of a quantity, with a name for results.
    pub fn new(name: &'static str, quantity: PathQuantity, weighting: Weighting) -> Self {
        Self::written_as(name.to_owned(), (name, Settings::new()), quantity, weighting)
    }

    /// The same, as a file writes it.
    pub fn written_as(
        name: String,
        written: (&'static str, Settings),
        quantity: PathQuantity,
        weighting: Weighting,
    ) -> Self {
        Self { name, written, quantity, weighting, behaviour: None }
    }

    /// The same of sequences that are drawn from S: the pair that it is then given is S and Q.
    #[must_use]
    pub fn of_behaviour(&self, behaviour: Arc<Behaviour>) -> Self {
        Self { behaviour: Some(behaviour), ..self.clone() }
    }

    /// What is averaged of sequences of this pair.
    fn estimate(&self, pair: &Pair) -> Result<PathEstimate, String> {
        let laws = match &self.behaviour {
            Some(behaviour) => PathLaws::of_behaviour(behaviour),
            None => PathLaws::of(pair),
        };
        let laws = laws.ok_or_else(|| "is for symbols, independent or of a Markov chain".to_owned())?;
        PathEstimate::new(Arc::new(laws), self.quantity, self.weighting).map_err(|error| error.to_string())
    }
}

impl Estimator for PathMean {
    fn name(&self) -> &str {
        &self.name
    }

    fn written(&self) -> (&'static str, Settings) {
        self.written.clone()
    }

    fn target<'a>(&'a self, pair: &'a Pair) -> &'a Pair {
        self.behaviour.as_ref().map_or(pair, |behaviour| behaviour.target())
    }

    fn drawn_by(&self, behaviour: &Arc<Behaviour>) -> Option<Arc<dyn Estimator>> {
        Some(Arc::new(self.of_behaviour(Arc::clone(behaviour))))
    }

    fn suits(&self, pair: &Pair, n: u64) -> Result<(), String> {
        let estimate = self.estimate(pair)?;
        if !estimate.has_length(n) {
            return Err("averages the other rewards of the sequence: it needs two symbols or more".to_owned());
        }
        if !estimate.is_value() && !estimate.has_gradient(n) {
            return Err("has a gradient that takes too long to know: fewer states, or shorter sequences".to_owned());
        }
        Ok(())
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        let known = Theory::of_estimand(self.target(pair), n);
        match self.estimate(pair) {
            Ok(estimate) => theory::theory(&estimate, known, n),
            Err(_) => known,
        }
    }

    fn moments(&self, pair: &Pair, n: u64) -> (Option<f64>, Option<f64>) {
        self.estimate(pair).map_or((None, None), |estimate| theory::moments(&estimate, n))
    }

    fn running_moments<'a>(&'a self, pair: &'a Pair) -> RunningMoments<'a> {
        match self.estimate(pair) {
            Ok(estimate) => Box::new(move |n| theory::moments(&estimate, n)),
            Err(_) => Box::new(|_| (None, None)),
        }
    }

    fn bins(&self, pair: &Pair, n: u64) -> Bins {
        match self.estimate(pair) {
            Ok(estimate) => theory::bins(&estimate, n),
            Err(_) => Bins::new(None, 0.0, f64::INFINITY, (f64::NEG_INFINITY, f64::INFINITY), 0.0),
        }
    }

    fn can_be_infinite(&self, _: &Pair) -> Option<bool> {
        Some(false)
    }

    fn cost(&self, pair: &Pair, n: u64) -> Cost {
        /// A symbol goes into some sums.
        const SYMBOL: u128 = 20_000;
        /// An event's numbers are computed anew for each block.
        const EVENT: u128 = 5_000_000;
        let events = match pair {
            Pair::Symbols(pair) => pair.symbols().len(),
            Pair::Chains(pair) => pair.chains().source_events().len(),
            Pair::Values(_) => 0,
        };
        Cost { trial: SYMBOL.saturating_mul(u128::from(n)), block: EVENT * events as u128 }
    }

    fn scorer<'a>(&'a self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
        Box::new(PathScorer::new(self.estimate(pair).ok().as_ref(), n))
    }
}
