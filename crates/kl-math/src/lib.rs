//! Kullback–Leibler divergences with their variance, and the exact laws of their estimates.
//!
//! ```
//! use kl_math::prelude::*;
//!
//! // A fair coin P against a model Q that gives heads 0.4: D = KL(P‖Q) and V, the variance of ln(p(x)/q(x)).
//! let (p, q) = (Bernoulli::new(0.5)?, Bernoulli::new(0.4)?);
//! let found = kl(&p, &q)?;
//! assert!((found.mean - 0.020_411).abs() < 1e-6 && found.std_error(100).is_some_and(|error| error < 0.021));
//!
//! // The exact law of the mean log ratio L of 100 tosses: the chance that L has the wrong sign, P(L ≤ 0).
//! let law = Law::of(&Pair::of(p, q)?, 100, 1_000).expect("few values");
//! let wrong = law.within(f64::NEG_INFINITY, 0.0).expect("known");
//! assert!((wrong - 0.135_627).abs() < 1e-6);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The rooms, from the bottom up
//!
//! | module | what it holds |
//! |---|---|
//! | [`numeric`] | arithmetic and special functions whose every bit is the same on every machine |
//! | [`chain`] | Markov chains as plain numbers, and the cumulants of their log ratio |
//! | [`distribution`] | the families, their parameters as data, and pairs of members |
//! | [`divergence`] | D, V and higher cumulants of the log ratio, and its cumulant generating function |
//! | [`law`] | exact laws of estimates, with tails and p-values |
//! | [`path`] | estimates that look along a sequence: rewards to go, weights of sequences |
//! | [`decision`] | tests between P and Q of fixed length and sequential ones |
//! | [`statistics`] | summaries of simulated values, intervals and tests |
//!
//! [`prelude`] has what most programs need. Everything is computed in nats; [`Divergence::in_unit`](divergence::Divergence::in_unit)
//! turns it into bits. No result depends on the platform: only IEEE operations and `libm` are used.

pub mod chain;
pub mod decision;
pub mod distribution;
pub mod divergence;
pub mod law;
pub mod numeric;
pub mod path;
pub mod prelude;
pub mod statistics;

pub use divergence::{Divergence, jeffreys, kl, kl_bits, reverse_kl};
