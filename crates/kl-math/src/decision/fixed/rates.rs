//! How often a test decides what.

use super::{FixedTest, Truth};
use crate::distribution::Pair;

/// The exact chances of the decisions of a test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// The chance to decide P.
    pub p: f64,
    /// The chance to decide Q. The two sum to 1 unless the truth produces sequences that neither P nor Q can.
    pub q: f64,
    /// How far each chance may be off, as a part of itself, where it is a normal double: 1e-10 by proof, while tests find less than
    /// 1e-12. 1 where a chance is below 1e-280 and its law a list of atoms.
    pub error: f64,
}

/// What the tails of every law are right to, as a part of themselves.
const ERROR: f64 = 1e-10;

/// Chances below this fade where they are sums over listed atoms.
const FADED: f64 = 1e-280;

/// The exact chance of each decision of `test` where sequences come from `truth`; Λ = Σ ln(p/q) is always that of `pair`.
///
/// Known of symbols whose log ratio takes two finite values, for any N up to 2⁵³; of others, as long as their counts fall in a million
/// ways or fewer; and of values whose Λ is linear in a sum of known law: normal, exponential and gamma numbers, counts. S may be any
/// distribution of symbols; of values a normal, exponential or Poisson one where P and Q are of its family, and Λ is linear. None
/// else, of Markov chains too.
///
/// The test is made [for the pair](FixedTest::for_pair): whoever simulates it has to do the same.
///
/// ```
/// use kl_math::decision::fixed::{FixedTest, Truth, rates};
/// use kl_math::distribution::{Normal, Pair};
/// // Λ of 25 values has mean 25 · 0.08 and standard deviation 0.4 · 5 under P, the other sign under Q.
/// let pair = Pair::of(Normal::new(0.4, 1.0)?, Normal::new(0.0, 1.0)?)?;
/// let test = FixedTest::at(0.0, 25)?;
/// let chances = [Truth::P, Truth::Q].map(|truth| rates(&pair, truth, &test).expect("normal"));
/// // Φ(−1)
/// assert!(chances.iter().all(|found| (found.p.min(found.q) - 0.158_655_253_931_457_05).abs() < 1e-14));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn rates(pair: &Pair, truth: Truth<'_>, test: &FixedTest) -> Option<Rates> {
    let law = truth.law(pair, test.n())?;
    let least = test.for_pair(pair).least();
    let (p, q) = (law.at_least(least), law.below(least));
    let has_faded = law.is_listed() && [p, q].into_iter().any(|chance| chance > 0.0 && chance < FADED);
    Some(Rates { p, q, error: if has_faded { 1.0 } else { ERROR } }).filter(|found| !(found.p + found.q).is_nan())
}
