//! What tests decided, beside what theory says.

use kl_math::decision::{Decision, SequentialLaw};
use kl_math::law::Binomial;
use kl_math::numeric::DoubleDouble;
use kl_math::statistics::Decisions;
use std::sync::Arc;

/// What is known of the ends of a test under one truth.
#[derive(Clone, Debug)]
pub struct DecisionTheory {
    /// The chance of each end, by [`Decision::ALL`].
    pub chances: [f64; 3],
    /// How far each may be off.
    pub error: f64,
    /// Of a test that ends by itself, the law of its length.
    pub law: Option<Arc<SequentialLaw>>,
}

impl DecisionTheory {
    /// What the law of a sequential test says.
    pub fn of_law(law: Arc<SequentialLaw>) -> Self {
        Self { chances: Decision::ALL.map(|decision| law.chance(decision)), error: law.error(), law: Some(law) }
    }

    /// The chance of an end.
    pub fn chance(&self, decision: Decision) -> f64 {
        self.chances.get(decision as usize).copied().unwrap_or_default()
    }
}

/// How often a test ended so, beside the chance of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutcomeComparison {
    /// The end.
    pub decision: Decision,
    /// How many trials ended so.
    pub observed: u64,
    /// The part of the trials.
    pub rate: f64,
    /// Its Monte Carlo standard error, √(c(1−c)/R), c the exact chance where it is known.
    pub mcse: f64,
    /// Two-sided p-value of the number, which is binomial, and a bound: the largest over all chances that theory leaves.
    pub p_value: Option<f64>,
}

/// A quantile of the length of sequences, beside the exact one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LengthQuantile {
    /// The level.
    pub level: f64,
    /// The quantile of the trials.
    pub observed: u64,
    /// The exact quantile.
    pub exact: Option<u64>,
    /// How many trials were no longer than the exact quantile, or than lengths that are told apart from it no more.
    pub at_most: Option<u64>,
    /// Two-sided p-value of that number, which is binomial; a bound as above.
    pub p_value: Option<f64>,
}

/// Levels of quantiles of lengths.
const LEVELS: [f64; 7] = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

/// The ends of a test in one condition.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionComparison {
    /// How many trials there were.
    pub trials: u64,
    /// Each end.
    pub outcomes: [OutcomeComparison; 3],
    /// The mean length of a sequence.
    pub mean_length: f64,
    /// Its Monte Carlo standard error: exact where the law is known.
    pub length_mcse: Option<f64>,
    /// How many of them the mean is from the exact one.
    pub length_z: Option<f64>,
    /// Quantiles of the length; none where it is fixed.
    pub quantiles: Vec<LengthQuantile>,
}

impl DecisionComparison {
    /// Holds what was decided against theory, if there is any; `is_fixed` says that all sequences have one length. None without trials.
    pub fn new(found: &Decisions, theory: Option<&DecisionTheory>, is_fixed: bool) -> Option<Self> {
        let (trials, mean_length) = (found.trials(), found.mean_length()?);
        let outcome = |decision: Decision| {
            let (observed, chance) = (found.count(decision), theory.map(|theory| theory.chance(decision)));
            let rate = observed as f64 / trials as f64;
            let spread = chance.unwrap_or(rate).clamp(0.0, 1.0);
            OutcomeComparison {
                decision,
                observed,
                rate,
                mcse: (spread * (1.0 - spread) / trials as f64).sqrt(),
                p_value: theory.map(|theory| p_value(trials, observed, theory.chance(decision), theory.error)),
            }
        };
        let law = theory.and_then(|theory| theory.law.as_deref());
        let spread = law.map(SequentialLaw::length_variance).or_else(|| found.length_spread());
        let length_mcse = spread.map(|variance| (variance.max(0.0) / trials as f64).sqrt());
        let length_z = law.zip(length_mcse).and_then(|(law, mcse)| {
            // What theory is off by is no deviation of the trials.
            let off = (mean_length - law.mean_length()).abs() - law.length_error();
            (mcse > 0.0).then(|| off.max(0.0).copysign(mean_length - law.mean_length()) / mcse)
        });
        let quantile = |level: f64| {
            let observed = found.length_quantile(level)?;
            let Some((law, theory)) = law.zip(theory) else {
                return Some(LengthQuantile { level, observed, exact: None, at_most: None, p_value: None });
            };
            let exact = law.length_quantile(level);
            let step = Decisions::step(exact);
            let at_most = found.at_most(step);
            let p_value = p_value(trials, at_most, law.length_at_most(step), theory.error);
            Some(LengthQuantile { level, observed, exact: Some(exact), at_most: Some(at_most), p_value: Some(p_value) })
        };
        let levels = if is_fixed { [].as_slice() } else { &LEVELS };
        let quantiles = levels.iter().filter_map(|&level| quantile(level)).collect();
        let outcomes = Decision::ALL.map(outcome);
        Some(Self { trials, outcomes, mean_length, length_mcse, length_z, quantiles })
    }

    /// The p-values of its tests: bounds, all of them. Of fixed length one end alone is tested, since the other one follows.
    pub fn tests(&self) -> impl Iterator<Item = f64> {
        self.decision_tests().chain(self.length_tests())
    }

    /// Those of the decisions.
    pub fn decision_tests(&self) -> impl Iterator<Item = f64> {
        let is_fixed = self.quantiles.is_empty();
        let own = self.outcomes.iter().filter(move |outcome| !is_fixed || outcome.decision == Decision::Q);
        own.filter_map(|outcome| outcome.p_value)
    }

    /// Those of the lengths.
    pub fn length_tests(&self) -> impl Iterator<Item = f64> {
        self.quantiles.iter().filter_map(|quantile| quantile.p_value)
    }
}

/// The largest two-sided p-value of a binomial count over all chances that are no more than `error` off.
fn p_value(trials: u64, count: u64, chance: f64, error: f64) -> f64 {
    let (low, high) = ((chance - error).clamp(0.0, 1.0), (chance + error).clamp(0.0, 1.0));
    let nearest = (count as f64 / trials as f64).clamp(low, high);
    let of_chance = |chance: f64| match chance {
        _ if chance <= 0.0 => f64::from(u8::from(count == 0)),
        _ if chance >= 1.0 => f64::from(u8::from(count == trials)),
        _ => {
            let chance = DoubleDouble::from(chance);
            Binomial::new(trials, chance, DoubleDouble::ONE - chance).two_sided_p_value(count)
        }
    };
    [low, nearest, high].into_iter().map(of_chance).fold(0.0, f64::max)
}
