//! Seeded simulation of estimators of the Kullback–Leibler divergence, held against exact theory.
//!
//! ```
//! use kl_sim::prelude::*;
//!
//! let (p, q) = (Categorical::new([0.5, 0.5])?, Categorical::new([0.4, 0.6])?);
//! let results = Experiment::new(Pair::of(p, q)?).length(100).trials(10_000).seed(57).run()?;
//!
//! let found = &results[0].comparison;
//! let (bias, error) = (found.bias.unwrap_or(f64::NAN), found.mcse.unwrap_or(f64::NAN));
//! println!("bias {bias:.1e} ± {error:.1e} nats per symbol");
//! assert_eq!(results[0].verdict, Verdict::Agree);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The laws come from [`kl_math`]. Sequences of N symbols or values are drawn from P, each estimator makes an estimate of
//! KL(P‖Q) from each, and mean, variance and infinite values of the estimates are tested against their exact theory. The same
//! seed gives the same bits on any machine and any number of threads.
//!
//! # Modules
//!
//! Imports lead from a line to those above it only.
//!
//! | module | holds |
//! |---|---|
//! | [`estimator`] | the estimators and their theory; [`Scorer`](estimator::Scorer)s turn batches of trials into estimates |
//! | [`simulation`] | random streams, samplers, blocks of trials, the engine that runs them on threads |
//! | [`comparison`] | estimates against theory; verdicts |
//! | [`data`] | estimates from given data, with their errors |
//! | [`experiment`] | all of it for one pair of laws |
//!
//! # With rand
//!
//! A [`Stream`](simulation::Stream) is a generator for everything that takes a [`rand::Rng`]. The families of [`kl_math`] have a
//! [`sampler`](simulation::Sampled::sampler), which is a [`rand::distr::Distribution`] and takes any generator:
//!
//! ```
//! use kl_sim::prelude::*;
//! use kl_sim::simulation::StreamKey;
//!
//! let gamma = Gamma::new(2.5, 1.0)?.sampler();
//! let mut generator = StreamKey::of_studies(57, "any name", 1).stream(0);
//! let mean = (0..10_000).map(|_| gamma.sample(&mut generator)).sum::<f64>() / 10_000.0;
//! assert!((mean - 2.5).abs() < 0.1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod comparison;
pub mod data;
pub mod estimator;
pub mod experiment;
pub mod prelude;
pub mod simulation;
