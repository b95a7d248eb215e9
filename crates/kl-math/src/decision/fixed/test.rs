//! The rule of a test of fixed length.

use super::NeymanPearson;
use crate::decision::Decision;
use crate::distribution::{LogRatioForm, Pair};

/// A test of N symbols: decides P where Λ = Σ ln(p(xᵢ)/q(xᵢ)) reaches the threshold, else Q.
///
/// A Λ that misses the threshold by rounding alone reaches it. What rounding may do is 1e-12 of the threshold; once the test is made
/// [for a pair](Self::for_pair) it is 1e-12 of the size of what is summed, so that a threshold of 0 has its room, too.
///
/// ```
/// use kl_math::decision::{Decision, fixed::FixedTest};
/// let test = FixedTest::at(-2.0, 100)?;
/// assert_eq!([-2.0, -2.0 - 1e-13, -2.1].map(|sum| test.decide(sum)), [Decision::P, Decision::P, Decision::Q]);
/// // Prior chances 1/3 and 2/3: Λ has to reach ln 2.
/// assert!((FixedTest::of_prior(1.0 / 3.0, 100)?.threshold() - std::f64::consts::LN_2).abs() < 1e-15);
/// # Ok::<(), kl_math::decision::fixed::FixedTestError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FixedTest {
    threshold: f64,
    n: u64,
    /// How far below the threshold a Λ reaches it, once that is settled.
    room: Option<f64>,
}

/// Why there is no such test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FixedTestError {
    /// The threshold is no number, or infinite.
    #[error("the threshold is a finite number")]
    Threshold,
    /// The prior chance of P.
    #[error("the prior chance of P lies above 0 and below 1")]
    Prior,
    /// No symbols, or more than can be counted exactly.
    #[error("the number of symbols is from 1 to 2⁵³")]
    Length,
}

/// Λ that misses the threshold by no more than this part of the size of its terms reaches it.
const TIE: f64 = 1e-12;

/// The longest sequences: doubles count up to it.
pub(super) const LONGEST: u64 = 1 << 53;

impl FixedTest {
    /// The test with this threshold, nats of the whole sequence, of `n` symbols.
    ///
    /// # Errors
    ///
    /// The threshold is not finite, or `n` is 0 or beyond 2⁵³.
    pub fn at(threshold: f64, n: u64) -> Result<Self, FixedTestError> {
        if !threshold.is_finite() {
            return Err(FixedTestError::Threshold);
        }
        if !(1..=LONGEST).contains(&n) {
            return Err(FixedTestError::Length);
        }
        Ok(Self { threshold, n, room: None })
    }

    /// The test that is wrong least often where P is true with chance `prior_of_p`, Q else (Bayes): its threshold is
    /// ln((1 − prior)/prior).
    ///
    /// # Errors
    ///
    /// The prior is not inside (0, 1), or `n` is 0 or beyond 2⁵³.
    pub fn of_prior(prior_of_p: f64, n: u64) -> Result<Self, FixedTestError> {
        if !(prior_of_p > 0.0 && prior_of_p < 1.0) {
            return Err(FixedTestError::Prior);
        }
        Self::at(libm::log1p(-prior_of_p) - libm::log(prior_of_p), n)
    }

    /// The test with the largest rejection region whose chance to decide Q under P is at most `alpha`: [`NeymanPearson::of`].
    pub fn neyman_pearson(pair: &Pair, n: u64, alpha: f64) -> Option<NeymanPearson> {
        NeymanPearson::of(pair, n, alpha)
    }

    /// The same test, which allows for the rounding of sums of N log ratios of this pair: 1e-12 of N times the largest finite one of
    /// symbols; of counts, whose log ratio is c + ℓk, 1e-12 of N|c| and the threshold together; nothing where Λ has a density. Where
    /// the atoms of Λ are a lattice it is a quarter of their distance at most. A room that is settled stays.
    #[must_use]
    pub fn for_pair(self, pair: &Pair) -> Self {
        let symbols = self.n as f64;
        let room = match pair {
            Pair::Symbols(pair) => {
                let finite = || pair.log_ratios().iter().copied().filter(|ratio| ratio.is_finite());
                let size = symbols * finite().map(f64::abs).fold(0.0, f64::max);
                let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
                let is_lattice = low < high && finite().all(|ratio| ratio == low || ratio == high);
                f64::min(TIE * size, if is_lattice { 0.25 * (high - low) } else { f64::INFINITY })
            }
            Pair::Values(pair) => match pair.form_of_law() {
                Some(&LogRatioForm::Count { constant, slope, .. }) => {
                    f64::min(TIE * (symbols * constant.abs() + self.threshold.abs()), 0.25 * slope.abs())
                }
                Some(LogRatioForm::Constant(constant)) => TIE * (symbols * constant.abs() + self.threshold.abs()),
                _ => 0.0,
            },
            Pair::Chains(_) => TIE * self.threshold.abs(),
        };
        Self { room: Some(self.room.unwrap_or(room)), ..self }
    }

    /// The same test with no more room than this.
    pub(super) fn within(self, room: f64) -> Self {
        Self { room: Some(self.room.map_or(room, |so_far| so_far.min(room))), ..self }
    }

    /// What Λ has to reach, nats.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// N.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The least Λ that decides P: the threshold less what rounding may do.
    pub fn least(&self) -> f64 {
        self.threshold - self.room.unwrap_or(TIE * self.threshold.abs())
    }

    /// What a sequence with Λ = `log_ratio` decides. Of a sequence that neither P nor Q can produce Λ is ∞ − ∞: nothing is decided
    /// where it is not a number.
    pub fn decide(&self, log_ratio: f64) -> Decision {
        if log_ratio.is_nan() {
            Decision::Undecided
        } else if log_ratio >= self.least() {
            Decision::P
        } else {
            Decision::Q
        }
    }
}
