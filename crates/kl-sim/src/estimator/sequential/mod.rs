//! The log-likelihood ratio at the end of a sequential test.

mod scorer;

use super::log_ratio;
use super::theory::finite_range;
use super::{ContributionCumulants, Contributions, Cost, Estimator, RunningMoments, Scorer, Settings, Theory};
use kl_math::decision::{SequentialLaw, StepLaw, StoppingRule};
use kl_math::distribution::{Behaviour, Pair};
use kl_math::divergence::{Bounded, CumulantFunction, Cumulants, VarianceAlone};
use kl_math::law::Bins;
use scorer::{SequentialScorer, Steps};
use std::sync::{Arc, OnceLock};

/// Λ_τ/τ, nats per symbol, where τ is the number of symbols at which a [`StoppingRule`] ends the test: biased, since a test ends where Λ
/// is far from 0. Each trial also tells what was decided, and τ.
#[derive(Clone, Debug)]
pub struct SequentialLogRatio {
    rule: StoppingRule,
    /// P, Q and S, where S is not P.
    behaviour: Option<Arc<Behaviour>>,
    /// The law of the test, which may take long to find.
    law: Arc<OnceLock<Option<Arc<SequentialLaw>>>>,
}

impl SequentialLogRatio {
    /// The log ratio of sequences from P at the end of a test; or from S, if there is one: the pair that it is then given is S and Q.
    pub fn new(rule: StoppingRule, behaviour: Option<Arc<Behaviour>>) -> Self {
        Self { rule, behaviour, law: Arc::default() }
    }

    /// When the test ends.
    pub fn rule(&self) -> &StoppingRule {
        &self.rule
    }

    /// The exact law of its tests, if it can be had: found once.
    fn law(&self, pair: &Pair) -> Option<&Arc<SequentialLaw>> {
        let find = || {
            let steps = match self.behaviour.as_deref() {
                None => StepLaw::of(pair),
                Some(behaviour) if behaviour.is_model() => StepLaw::of_model(behaviour.target()),
                Some(behaviour) => StepLaw::of_behaviour(behaviour),
            };
            SequentialLaw::of(&steps?, &self.rule).map(Arc::new)
        };
        self.law.get_or_init(find).as_ref()
    }

    /// A function that K of the estimate about its mean is nowhere above: by how far it reaches, of symbols.
    fn cumulants(&self, pair: &Pair, mean: f64, variance: f64) -> Arc<dyn CumulantFunction> {
        let farthest = match self.steps(pair) {
            Some(Steps::Symbols(values)) => values.iter().map(|value| (value - mean).abs()).reduce(f64::max),
            _ => None,
        };
        match farthest {
            Some(reach) => Arc::new(Bounded { variance, reach, scale: reach + mean.abs() }),
            None => Arc::new(VarianceAlone { variance, scale: mean.abs() + variance.sqrt() }),
        }
    }

    fn steps<'a>(&'a self, pair: &'a Pair) -> Option<Steps<'a>> {
        Some(match (pair, self.behaviour.as_deref()) {
            (Pair::Symbols(pair), None) => Steps::Symbols(pair.log_ratios().into()),
            (Pair::Symbols(_), Some(behaviour)) => Steps::Symbols(behaviour.symbols()?.log_ratios.into()),
            (Pair::Values(pair), None) => Steps::Values(pair),
            (Pair::Values(_), Some(behaviour)) => {
                Steps::Drawn { model: behaviour.drawn().values()?, source: behaviour.weights().values()? }
            }
            (Pair::Chains(_), _) => return None,
        })
    }
}

impl Estimator for SequentialLogRatio {
    fn name(&self) -> &str {
        log_ratio::KIND.name
    }

    fn written(&self) -> (&'static str, Settings) {
        (log_ratio::KIND.name, Settings::new())
    }

    fn suits(&self, pair: &Pair, _: u64) -> Result<(), String> {
        match self.steps(pair) {
            None => Err("is tested symbol by symbol for independent symbols and values only".to_owned()),
            Some(Steps::Symbols(values)) if values.iter().any(|value| value.is_infinite()) => {
                Err("ends a test only where P and Q can both produce every symbol".to_owned())
            }
            Some(Steps::Values(pair)) if pair.uncovered().is_some() => {
                Err("ends a test only where Q can produce every value of P".to_owned())
            }
            Some(Steps::Drawn { model, source }) if model.uncovered().or(source.uncovered()).is_some() => {
                Err("ends a test only where P and Q can produce every value of S".to_owned())
            }
            Some(_) => Ok(()),
        }
    }

    fn target<'a>(&'a self, pair: &'a Pair) -> &'a Pair {
        self.behaviour.as_ref().map_or(pair, |behaviour| behaviour.target())
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        let known = Theory::of_estimand(self.target(pair), n);
        let Some((mean, variance, error)) = self.law(pair).and_then(|law| law.rate_moments()) else { return known };
        let cumulants = || ContributionCumulants::Other(self.cumulants(pair, mean, variance));
        Theory {
            mean: Some(mean),
            mean_error: Some(error),
            scale: known.scale.max(mean.abs()),
            variance: Some(variance),
            excess_kurtosis: None,
            contributions: (variance > 0.0).then(|| Contributions { cumulants: cumulants(), count: 1 }),
            law: None,
            ..known
        }
    }

    fn moments(&self, pair: &Pair, _: u64) -> (Option<f64>, Option<f64>) {
        let moments = self.law(pair).and_then(|law| law.rate_moments());
        (moments.map(|(mean, ..)| mean), moments.map(|(_, variance, _)| variance.max(0.0).sqrt()))
    }

    /// Of the estimate after a part of the sequence nothing is known: the test may have ended.
    fn running_moments<'a>(&'a self, _: &'a Pair) -> RunningMoments<'a> {
        Box::new(|_| (None, None))
    }

    fn bins(&self, pair: &Pair, n: u64) -> Bins {
        let (mean, std_dev) = self.moments(pair, n);
        let range = match self.steps(pair) {
            Some(Steps::Symbols(values)) => finite_range(&values),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        };
        // Without moments bins need to be near only: as wide as those of some symbols.
        const NEAR: f64 = 10.0;
        let one = Cumulants::of(self.target(pair));
        let spread = one.spread.map_or(f64::INFINITY, |spread| (spread.variance / NEAR).sqrt());
        Bins::new(None, mean.unwrap_or(one.mean), std_dev.unwrap_or(spread), range, 0.0)
    }

    fn sequential_law(&self, pair: &Pair) -> Option<Arc<SequentialLaw>> {
        self.law(pair).cloned()
    }

    fn can_be_infinite(&self, _: &Pair) -> Option<bool> {
        Some(false)
    }

    fn cost(&self, _: &Pair, n: u64) -> Cost {
        /// A step of a sum and two comparisons; how soon a test ends is not known.
        const STEP: u128 = 2_000;
        Cost::of_trial(STEP.saturating_mul(u128::from(n)))
    }

    fn scorer<'a>(&'a self, pair: &'a Pair, _: u64) -> Box<dyn Scorer + 'a> {
        let steps = self.steps(pair).unwrap_or_else(|| Steps::Symbols(Arc::default()));
        Box::new(SequentialScorer::new(steps, self.rule))
    }
}
