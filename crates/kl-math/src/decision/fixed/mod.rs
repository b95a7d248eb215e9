//! Tests of fixed length between P and Q, with their exact error rates.
//!
//! Λ = Σ ln(p(xᵢ)/q(xᵢ)) over N symbols, in nats of the whole sequence. A [`FixedTest`] decides P where Λ reaches a threshold, else Q.
//! alpha is the chance to decide Q though P is true, beta the chance to decide P though Q is true.
//!
//! ```
//! use kl_math::decision::fixed::{FixedTest, NeymanPearson, Truth, rates};
//! use kl_math::distribution::{Bernoulli, Pair};
//! let coins = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.4)?)?;
//! let found = NeymanPearson::of(&coins, 10_000, 0.05).expect("a binomial law");
//! assert!(found.alpha <= 0.05 && (-libm::log(found.randomised_beta.expect("known")) - 175.955).abs() < 1e-3);
//! let bayes = FixedTest::of_prior(0.5, 10)?;
//! let chances = rates(&coins, Truth::P, &bayes).expect("a binomial law");
//! assert!((chances.p + chances.q - 1.0).abs() < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod approximations;
mod exponents;
mod listing;
mod log_ratio_law;
mod neyman_pearson;
mod rates;
mod search;
mod smallest_length;
mod test;
mod truth;
mod whole_sums;

pub use approximations::{APPROXIMATIONS, Approximation, ErrorRate, Setting};
pub use neyman_pearson::{Boundary, NeymanPearson};
pub use rates::{Rates, rates};
pub use smallest_length::{SmallestLength, smallest_length};
pub use test::{FixedTest, FixedTestError};
pub use truth::Truth;

#[cfg(test)]
mod tests;
