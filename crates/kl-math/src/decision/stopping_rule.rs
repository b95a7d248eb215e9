//! When a sequential test stops.

use super::Decision;

/// When a sequential test stops: where Λₙ = Σ ln(p(xᵢ)/q(xᵢ)) over the first n symbols, in nats, leaves an interval that may depend
/// on n. The test is cut off at `max` symbols.
///
/// ```
/// use kl_math::decision::{Decision, StoppingRule};
/// let rule = StoppingRule::wald(0.05, 0.05, 1_000)?;
/// assert!((rule.limits(1).1 - 2.944_438_979_166_440_3).abs() < 1e-15);
/// assert_eq!(rule.decide(10, 3.0), Some(Decision::P));
/// assert_eq!(rule.decide(10, 2.9), None);
/// assert_eq!(rule.decide(1_000, 2.9), Some(Decision::Undecided));
/// # Ok::<(), kl_math::decision::StoppingRuleError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StoppingRule {
    boundary: Boundary,
    max: u64,
}

/// The interval that Λₙ leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Boundary {
    /// Decides Q at or below `lower`, P at or above `upper`.
    Limits { lower: f64, upper: f64 },
    /// Decides Q where |Λₙ − n mean| > z √(n variance), from n = `first` on: P is rejected at a look after every symbol.
    Peeking { z: f64, first: u64, mean: f64, variance: f64 },
    /// Decides Q where the mixture of likelihoods over means m₀ ± τ reaches 1/alpha, in units of one symbol's standard deviation:
    /// |Λₙ − n mean| ≥ √variance · √(2 (1 + nρ)/ρ · (ln(1/alpha) + ½ ln(1 + nρ))), ρ = τ²/σ².
    Mixture { alpha: f64, ratio: f64, mean: f64, variance: f64 },
}

/// Why there is no such rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoppingRuleError {
    /// alpha and beta are no chances of error, or leave no room between the limits.
    #[error("alpha and beta lie above 0 and below 1, and their sum is below 1")]
    Errors,
    /// The test would be over before it begins.
    #[error("the lower limit is below 0 and the upper one above 0")]
    Limits,
    /// A number that has to be positive is not.
    #[error("{0} is a finite number above 0")]
    NotPositive(&'static str),
}

/// Λ that misses a limit by less than this part of it reaches it: sums of rounded terms do not tell.
const TIE: f64 = 1e-12;

impl StoppingRule {
    /// Wald's limits: upper = ln((1 − alpha)/beta), lower = −ln((1 − beta)/alpha) (Wald 1945, eq. 3.27 with his α, β and hypotheses
    /// exchanged: here P is the hypothesis whose rejection has chance alpha).
    ///
    /// # Errors
    ///
    /// alpha or beta is no chance, or their sum is 1 or more.
    pub fn wald(alpha: f64, beta: f64, max: u64) -> Result<Self, StoppingRuleError> {
        let is_chance = |chance: f64| chance > 0.0 && chance < 1.0;
        if !is_chance(alpha) || !is_chance(beta) || alpha + beta >= 1.0 {
            return Err(StoppingRuleError::Errors);
        }
        Self::between(-libm::log((1.0 - beta) / alpha), libm::log((1.0 - alpha) / beta), max)
    }

    /// Fixed limits of Λ, in nats.
    ///
    /// # Errors
    ///
    /// `lower` is not below 0, or `upper` not above.
    pub fn between(lower: f64, upper: f64, max: u64) -> Result<Self, StoppingRuleError> {
        let is_between = lower < 0.0 && upper > 0.0 && lower.is_finite() && upper.is_finite();
        if !is_between {
            return Err(StoppingRuleError::Limits);
        }
        Ok(Self { boundary: Boundary::Limits { lower, upper }, max })
    }

    /// A look after every symbol from the one number `first` on: decides Q, which rejects P, where the distance of Λₙ from its mean
    /// under P exceeds `z` standard deviations; `mean` and `variance` are those of one symbol under P.
    ///
    /// # Errors
    ///
    /// `z` or the variance is not positive.
    pub fn peeking(z: f64, first: u64, mean: f64, variance: f64, max: u64) -> Result<Self, StoppingRuleError> {
        let numbers = [("z", z), ("the variance", variance)];
        numbers.into_iter().try_for_each(|(name, number)| positive(name, number))?;
        Ok(Self { boundary: Boundary::Peeking { z, first: first.max(1), mean, variance }, max })
    }

    /// The mixture sequential probability ratio test of a normal mean (Robbins 1970): alternatives have means about P's with standard
    /// deviation `tau` times that of P; decides Q where their mixed likelihood ratio to P reaches 1/alpha. P and Q are normals of
    /// one variance; `mean` and `variance` are those of ln(p/q) of one symbol under P.
    ///
    /// # Errors
    ///
    /// alpha is no chance; `tau` or the variance is not positive.
    pub fn mixture(alpha: f64, tau: f64, mean: f64, variance: f64, max: u64) -> Result<Self, StoppingRuleError> {
        if !(alpha > 0.0 && alpha < 1.0) {
            return Err(StoppingRuleError::Errors);
        }
        [("tau", tau), ("the variance", variance)].into_iter().try_for_each(|(name, number)| positive(name, number))?;
        Ok(Self { boundary: Boundary::Mixture { alpha, ratio: tau * tau, mean, variance }, max })
    }

    /// The largest number of symbols.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// The limits, where they are the same for every n.
    pub fn constant_limits(&self) -> Option<(f64, f64)> {
        match self.boundary {
            Boundary::Limits { lower, upper } => Some((lower, upper)),
            _ => None,
        }
    }

    /// Between which values Λₙ goes on: nats; infinite where no look is taken.
    pub fn limits(&self, n: u64) -> (f64, f64) {
        let symbols = n as f64;
        match self.boundary {
            Boundary::Limits { lower, upper } => (lower, upper),
            Boundary::Peeking { first, .. } if n < first => (f64::NEG_INFINITY, f64::INFINITY),
            Boundary::Peeking { z, mean, variance, .. } => {
                let (centre, half) = (symbols * mean, z * (symbols * variance).sqrt());
                (centre - half, centre + half)
            }
            Boundary::Mixture { alpha, ratio, mean, variance } => {
                let growth = 1.0 + symbols * ratio;
                let log = 0.5 * libm::log(growth) - libm::log(alpha);
                let (centre, half) = (symbols * mean, (variance * (2.0 * growth / ratio * log)).sqrt());
                (centre - half, centre + half)
            }
        }
    }

    /// At or below which value Λₙ reaches the lower limit, and at or above which one the upper: a log ratio that misses a limit by less
    /// than 1e-12 of its size reaches it.
    pub fn reached(&self, n: u64) -> (f64, f64) {
        let (lower, upper) = self.limits(n);
        let within = |limit: f64, sign: f64| if limit.is_finite() { limit + sign * TIE * limit.abs() } else { limit };
        (within(lower, 1.0), within(upper, -1.0))
    }

    /// Of a mixture test: alpha, and mean and variance of one symbol's log ratio under P.
    pub fn mixture_level(&self) -> Option<(f64, f64, f64)> {
        match self.boundary {
            Boundary::Mixture { alpha, mean, variance, .. } => Some((alpha, mean, variance)),
            Boundary::Limits { .. } | Boundary::Peeking { .. } => None,
        }
    }

    /// Whether Λₙ at or beyond either limit decides Q: then only P can be rejected.
    pub fn is_two_sided(&self) -> bool {
        !matches!(self.boundary, Boundary::Limits { .. })
    }

    /// What Λₙ = `log_ratio` decides after `n` symbols, if the test ends there.
    pub fn decide(&self, n: u64, log_ratio: f64) -> Option<Decision> {
        let (lower, upper) = self.reached(n);
        if log_ratio >= upper {
            return Some(if self.is_two_sided() { Decision::Q } else { Decision::P });
        }
        if log_ratio <= lower {
            return Some(Decision::Q);
        }
        (n >= self.max).then_some(Decision::Undecided)
    }
}

fn positive(name: &'static str, number: f64) -> Result<(), StoppingRuleError> {
    if number > 0.0 && number.is_finite() { Ok(()) } else { Err(StoppingRuleError::NotPositive(name)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The two errors are not exchanged: with alpha = 0.01 and beta = 0.2 the limits are −ln 80 and ln 4.95.
    #[test]
    fn each_limit_is_of_its_own_error() {
        let rule = StoppingRule::wald(0.01, 0.2, 50).unwrap();
        let (lower, upper) = rule.limits(7);
        assert!((lower + libm::log(80.0)).abs() < 1e-15 * 80.0 && (upper - libm::log(4.95)).abs() < 1e-14);
        assert_eq!(
            [-4.4, -4.3, 1.5, 1.6].map(|sum| rule.decide(7, sum)),
            [Some(Decision::Q), None, None, Some(Decision::P)]
        );
        assert_eq!((rule.decide(49, 0.0), rule.decide(50, 0.0)), (None, Some(Decision::Undecided)));
        assert_eq!(StoppingRule::wald(0.5, 0.5, 9), Err(StoppingRuleError::Errors));
        assert_eq!(StoppingRule::between(0.0, 1.0, 9), Err(StoppingRuleError::Limits));
    }

    /// Both sides reject P, none before the first look; 1.96 standard deviations of 25 symbols of variance 4 are 19.6.
    #[test]
    fn looks_are_about_the_mean() {
        let rule = StoppingRule::peeking(1.96, 10, 0.5, 4.0, 100).unwrap();
        let (lower, upper) = rule.limits(25);
        assert!((lower - (12.5 - 19.6)).abs() < 1e-13 && (upper - (12.5 + 19.6)).abs() < 1e-13);
        assert_eq!([-8.0, 12.0, 33.0].map(|sum| rule.decide(25, sum)), [Some(Decision::Q), None, Some(Decision::Q)]);
        assert_eq!(rule.decide(9, 1e9), None);
    }

    /// At its limit the mixed likelihood ratio √(1/(1 + nρ)) e^(n²ρ z̄²/(2(1 + nρ))) is 1/alpha: z̄ the mean distance in standard deviations.
    #[test]
    fn the_mixture_is_1_over_alpha_at_its_limit() {
        let (alpha, tau, mean, variance) = (0.03, 0.7, -0.2, 2.25);
        let rule = StoppingRule::mixture(alpha, tau, mean, variance, 1_000).unwrap();
        for n in [1_u64, 2, 17, 900] {
            let (symbols, ratio) = (n as f64, tau * tau);
            for limit in <[f64; 2]>::from(rule.limits(n)) {
                let distance = (limit - symbols * mean) / variance.sqrt() / symbols;
                let growth = 1.0 + symbols * ratio;
                let exponent = symbols * symbols * ratio * distance * distance / (2.0 * growth);
                assert!((libm::exp(exponent) / growth.sqrt() * alpha - 1.0).abs() < 1e-12, "{n} {limit}");
            }
        }
    }
}
