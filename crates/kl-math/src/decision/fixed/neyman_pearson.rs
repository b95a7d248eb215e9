//! The most powerful test at a given level.

use super::log_ratio_law::{LogRatioLaw, Passing};
use super::test::LONGEST;
use super::{FixedTest, Truth, rates};
use crate::distribution::Pair;

/// The test of Neyman and Pearson at level alpha: no other test whose chance to decide Q under P is as small as its own has a smaller
/// chance to decide P under Q.
///
/// Its rejection region Λ < threshold is the largest with a chance of at most the wanted alpha under P. Where Λ has atoms the chance is
/// smaller as a rule; deciding Q at the next atom with chance `randomisation` would make it exact. The threshold lies half way
/// between atoms.
///
/// # Source
///
/// Neyman & Pearson 1933, "On the problem of the most efficient tests of statistical hypotheses".
///
/// ```
/// use kl_math::decision::fixed::NeymanPearson;
/// use kl_math::distribution::{Bernoulli, Pair};
/// // Four tosses of a fair coin against a coin of two heads: Q is decided where all are heads.
/// let pair = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.75)?)?;
/// let found = NeymanPearson::of(&pair, 4, 0.1).expect("a binomial law");
/// assert!((found.alpha - 1.0 / 16.0).abs() < 1e-15);
/// // At three heads, of chance 4/16, with chance (0.1 − 1/16)/(4/16).
/// assert!((found.randomisation - 0.15).abs() < 1e-14);
/// assert!((found.beta.expect("known") - (1.0 - 81.0 / 256.0)).abs() < 1e-15);
/// assert!((found.randomised_beta.expect("known") - (1.0 - 81.0 / 256.0 - 0.15 * 108.0 / 256.0)).abs() < 1e-14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NeymanPearson {
    /// The test, not randomised.
    pub test: FixedTest,
    /// Its exact chance to decide Q under P: at most the wanted one.
    pub alpha: f64,
    /// The smallest Λ that decides P and has mass under P; none where Λ has a density.
    pub atom: Option<Boundary>,
    /// The chance to decide Q at that atom which makes alpha the wanted one; 0 where Λ has a density.
    pub randomisation: f64,
    /// The exact chance to decide P under Q of the test, not randomised; none where the law under Q is not known.
    pub beta: Option<f64>,
    /// The same of the randomised test, whose alpha is the wanted one.
    pub randomised_beta: Option<f64>,
}

/// An atom of Λ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Boundary {
    /// Nats of the whole sequence; +∞ where only sequences that Q cannot produce are left.
    pub value: f64,
    /// Its chance under P.
    pub mass: f64,
}

impl NeymanPearson {
    /// The test of `n` symbols at level `alpha`; none where the law of Λ under P is not known, alpha is not inside (0, 1), or n is 0.
    pub fn of(pair: &Pair, n: u64, alpha: f64) -> Option<Self> {
        if !(alpha > 0.0 && alpha < 1.0 && (1..=LONGEST).contains(&n)) {
            return None;
        }
        let law = Truth::P.law(pair, n)?;
        match law.passing(alpha) {
            Some(passing) => Self::of_atoms(pair, n, alpha, &law, passing),
            None => Self::of_density(pair, n, alpha, &law),
        }
    }

    fn of_atoms(pair: &Pair, n: u64, wanted: f64, law: &LogRatioLaw, passing: Passing) -> Option<Self> {
        let Passing { before, at, after } = passing;
        let test = between(pair, n, before, at.value, after)?;
        let alpha = law.below(test.least());
        let randomisation = if at.mass > 0.0 { ((wanted - alpha) / at.mass).clamp(0.0, 1.0) } else { 0.0 };
        let under_model = Truth::Q.law(pair, n);
        let beta = under_model.as_ref().map(|law| law.at_least(test.least()));
        let beyond = match after {
            // What is beyond the last finite atom Q cannot produce.
            None => f64::INFINITY,
            Some(after) => between(pair, n, Some(at.value), after, None)?.least(),
        };
        let above = under_model.as_ref().map(|law| law.at_least(beyond));
        // Q's mass of an atom is P's times e^−Λ.
        let at_atom = if at.value.is_finite() { at.mass * libm::exp(-at.value) } else { 0.0 };
        let randomised_beta = above.map(|above| above + (1.0 - randomisation) * at_atom);
        let atom = Some(Boundary { value: at.value, mass: at.mass });
        Some(Self { test, alpha, atom, randomisation, beta, randomised_beta })
    }

    fn of_density(pair: &Pair, n: u64, wanted: f64, law: &LogRatioLaw) -> Option<Self> {
        let (mean, std_dev) = law.moments_of_sum()?;
        let (mut low, mut high, mut width) = (mean, mean, std_dev);
        while law.below(low) > wanted {
            (low, width) = (low - width, 2.0 * width);
        }
        width = std_dev;
        while law.below(high) <= wanted && width.is_finite() {
            (high, width) = (high + width, 2.0 * width);
        }
        // The largest double that is low enough.
        loop {
            let middle = low + 0.5 * (high - low);
            if middle <= low || middle >= high {
                break;
            }
            if law.below(middle) <= wanted { low = middle } else { high = middle }
        }
        let test = FixedTest::at(low, n).ok()?.for_pair(pair);
        let alpha = law.below(test.least());
        let beta = rates(pair, Truth::Q, &test).map(|found| found.p);
        Some(Self { test, alpha, atom: None, randomisation: 0.0, beta, randomised_beta: beta })
    }
}

/// The test that parts two neighbouring atoms, or the first from nothing, or the last from +∞.
fn between(pair: &Pair, n: u64, before: Option<f64>, at: f64, after: Option<f64>) -> Option<FixedTest> {
    let (low, high) = match before {
        Some(before) if at.is_finite() => (before, at),
        Some(before) => (before, before + before.abs().max(1.0)),
        None if at.is_finite() => (at - after.map_or(1.0, |after| after - at), at),
        // Every sequence is one that Q cannot produce.
        None => (-1.0, 1.0),
    };
    let threshold = low + 0.5 * (high - low);
    let test = FixedTest::at(threshold, n).ok()?.for_pair(pair);
    Some(test.within(0.25 * (high - low)))
}
