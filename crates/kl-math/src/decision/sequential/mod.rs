//! Exact laws of sequential tests.

mod count_vectors;
mod errors;
mod evenly_spaced;
mod grid;
mod legendre;
mod mass;
mod normal_steps;
mod step_law;
mod tally;
#[cfg(test)]
mod tests;
mod walk;

pub use step_law::{ContinuousStep, StepLaw};

use super::{Decision, StoppingRule};
use errors::{Approximation, Errors};
use evenly_spaced::EvenlySpaced;
use tally::Tally;

/// The law of a sequential test: what it decides, after how many symbols, and where Λ is then.
///
/// τ is the number of symbols at which the test ends: where Λₙ leaves the limits of a [`StoppingRule`], at `max` at the latest. Symbols
/// are independent. An infinite Λ decides at once: +∞ as the upper limit does, −∞ for Q.
///
/// # Method
///
/// Of two finite values the counts are followed exactly, n by n; probabilities are right to 1e-13 of themselves where the work allows
/// it. [`error`](Self::error) and [`length_error`](Self::length_error) say how far the numbers may be off.
///
/// ```
/// use kl_math::decision::{Decision, SequentialLaw, StepLaw, StoppingRule};
/// use kl_math::distribution::{Bernoulli, Pair};
/// // P has heads 0.6, Q 0.4. Wald's limits ± ln 19 are reached where heads lead by 8, or tails do: the gambler's ruin.
/// let pair = Pair::of(Bernoulli::new(0.6)?, Bernoulli::new(0.4)?)?;
/// let rule = StoppingRule::wald(0.05, 0.05, 1_000_000)?;
/// let law = StepLaw::of(&pair).and_then(|steps| SequentialLaw::of(&steps, &rule)).expect("two values");
/// let ruin = 1.0 / (1.0 + libm::pow(1.5, 8.0));
/// assert!((law.chance(Decision::Q) / ruin - 1.0).abs() < 1e-12);
/// assert!((law.mean_length() - 8.0 * (1.0 - 2.0 * ruin) / 0.2).abs() < 1e-10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Wald 1945, "Sequential tests of statistical hypotheses", Annals of Mathematical Statistics 16, for the rule and the identities that
/// the tests hold this to; the recursion is the law of total probability.
#[derive(Clone, Debug)]
pub struct SequentialLaw {
    tally: Tally,
    limits: Option<(f64, f64)>,
    moments: [f64; 2],
    errors: Errors,
}

impl SequentialLaw {
    /// The law of a test whose steps have this law; none where it would take more than some two seconds of one core, and for a `max`
    /// of 0.
    pub fn of(steps: &StepLaw, rule: &StoppingRule) -> Option<Self> {
        if rule.max() == 0 {
            return None;
        }
        if let StepLaw::Atoms(atoms) = steps {
            let exact = match EvenlySpaced::of(atoms) {
                Some(spaced) => spaced.followed(rule),
                None => count_vectors::followed(atoms, rule),
            };
            if let Some(tally) = exact {
                return Some(Self::exact(tally, rule));
            }
        }
        let by_quadrature = match *steps {
            StepLaw::Normal { mean, std_dev } => normal_steps::followed(mean, std_dev, rule),
            StepLaw::Atoms(_) | StepLaw::Other(_) => None,
        };
        Some(Self::approximate(by_quadrature.or_else(|| grid::followed(steps, rule))?, rule))
    }

    /// A law that rounding alone, and what was not followed, move.
    fn exact(tally: Tally, rule: &StoppingRule) -> Self {
        let moments = tally.lengths();
        let symbols = tally.survival().len() as f64;
        let (rounding, lost) = (tally.rounding, tally.lost.max(0.0));
        let (_, square) = tally.rates();
        let errors = Errors {
            chance: rounding + lost,
            // What is left goes on as it did so far.
            length: rounding * moments[0] + 2.0 * lost * symbols,
            rate: (rounding + lost) * square.max(0.0).sqrt(),
        };
        Self { limits: rule.constant_limits(), moments, errors, tally }
    }

    fn approximate(found: Approximation, rule: &StoppingRule) -> Self {
        let exact = Self::exact(found.tally, rule);
        let (of_rounding, errors) = (exact.errors, found.errors);
        let sum = Errors {
            chance: errors.chance + of_rounding.chance,
            length: errors.length + of_rounding.length,
            rate: errors.rate + of_rounding.rate,
        };
        Self { errors: sum, ..exact }
    }

    /// The chance of a decision. That of [`Undecided`](Decision::Undecided) is 0 where fewer than 1e-18 of all sequences are left
    /// before the last symbol.
    pub fn chance(&self, decision: Decision) -> f64 {
        self.tally.chance(decision).clamp(0.0, 1.0)
    }

    /// How far each chance may be off.
    pub fn error(&self) -> f64 {
        self.errors.chance
    }

    /// E τ, symbols.
    pub fn mean_length(&self) -> f64 {
        self.moments[0]
    }

    /// Var τ.
    pub fn length_variance(&self) -> f64 {
        self.moments[1]
    }

    /// How far [`mean_length`](Self::mean_length) may be off, symbols.
    pub fn length_error(&self) -> f64 {
        self.errors.length
    }

    /// P(τ ≤ n).
    pub fn length_at_most(&self, n: u64) -> f64 {
        let survival = self.tally.survival();
        let left = usize::try_from(n).ok().and_then(|n| survival.get(n));
        (1.0 - left.copied().unwrap_or(0.0)).clamp(0.0, 1.0)
    }

    /// The smallest n with P(τ ≤ n) ≥ `level`; the last n that was followed where there is none.
    pub fn length_quantile(&self, level: f64) -> u64 {
        let survival = self.tally.survival();
        // Chances that differ from the level by rounding alone reach it.
        let most = (1.0 - level) + 4.0 * f64::EPSILON;
        survival.partition_point(|&left| left > most).min(survival.len() - 1) as u64
    }

    /// E Λ_τ, nats: infinite where Λ may end so, none where it may end at either infinity.
    pub fn mean_log_ratio(&self) -> Option<f64> {
        match self.tally.infinite() {
            [below, above] if below > 0.0 && above > 0.0 => None,
            [below, _] if below > 0.0 => Some(f64::NEG_INFINITY),
            [_, above] if above > 0.0 => Some(f64::INFINITY),
            _ => Some(Decision::ALL.into_iter().map(|decision| self.tally.finite(decision).1).sum()),
        }
    }

    /// How far Λ_τ lies beyond the limit on average where the test decides so by a finite Λ, nats; none where it never does, and for
    /// limits that depend on n.
    pub fn overshoot(&self, decision: Decision) -> Option<f64> {
        let (lower, upper) = self.limits?;
        let (chance, log_ratio) = self.tally.finite(decision);
        let mean = (chance > 0.0).then(|| log_ratio / chance)?;
        match decision {
            Decision::P => Some((mean - upper).max(0.0)),
            Decision::Q => Some((lower - mean).max(0.0)),
            Decision::Undecided => None,
        }
    }

    /// Mean and variance of Λ_τ/τ, nats and nats², and how far that mean may be off; none where Λ may be infinite.
    pub fn rate_moments(&self) -> Option<(f64, f64, f64)> {
        let [below, above] = self.tally.infinite();
        if below > 0.0 || above > 0.0 {
            return None;
        }
        let (mean, square) = self.tally.rates();
        Some((mean, (square - mean * mean).max(0.0), self.errors.rate))
    }
}
