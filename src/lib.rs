//! A statistical experiment runner for the log-likelihood ratio.
//!
//! Sequences of N symbols are sampled from P; each one's L = (1/N) ln(P(seq)/Q(seq)) estimates KL(P‖Q). Every estimate is
//! held against exact theory: the mean, the variance and, where it can be had, the whole law of L. The README tells
//! users what the program does; this page tells readers of the code where things are.
//!
//! # The floors
//!
//! Imports go downward only.
//!
//! | floor | modules | knows nothing of |
//! |---|---|---|
//! | 5 | [`cli`] (parse, execute, exit code), [`command`] (a verb a file), [`error`] | |
//! | 4 | [`report`]: tables, pictures, pages, sentences, progress | how numbers arose |
//! | 3 | [`experiment`] (a plan carried out), [`kl_sim::comparison`] (estimates against theory, verdicts), [`check`] (regression checks), [`external_trials`] (trials that another program made), [`record`] (rows and their files), [`selftest`] (the program's own standard errors put to the test), [`store`] (the results folder) | formats of display |
//! | 2 | [`kl_sim::simulation`]: streams, samplers, blocks, the engine | TOML, the terminal |
//! | 1 | [`experiment_file`] (as written, with places), [`plan`] (as meant), [`programs`] (estimators of the user's own), [`outside`] (files and words of others) | threads, results |
//! | 0 | [`kl_math::chain`], [`kl_math::distribution`], [`kl_math::divergence`], [`kl_math::law`], [`kl_sim::estimator`], [`kl_math::statistics`], [`kl_math::numeric`] | files, clocks |
//!
//! # One number's way
//!
//! `0.4` in a file is a [`kl_math::distribution::Number`], then a checked [`kl_math::distribution::Probability`], part of a
//! [`kl_math::distribution::Categorical`], which with P makes a [`kl_math::distribution::Pair`]; a [`plan::Condition`] adds N. Conditions that
//! share P and N are a [`plan::Group`] and become one [`kl_sim::simulation::Job`]: blocks of trials are sampled once, and every
//! condition is scored from them, mostly through [`kl_math::statistics::CountSums`]. The sums meet their [`kl_sim::estimator::Theory`] in a
//! [`kl_sim::comparison::Comparison`]; all comparisons together get their verdicts from [`kl_sim::comparison::judge`]; each becomes a
//! [`record::SummaryRow`]. Nothing travels back.
//!
//! # The engine's traits
//!
//! - [`kl_sim::simulation::Sampler`] draws segments of trials and returns a [`View`](kl_sim::estimator::View): counts, symbols, sums or
//!   values; [`kl_sim::simulation::Blocks`] makes the sampler of any block. [`kl_sim::simulation::Tally`] draws the count vectors of all
//!   trials at once.
//! - [`kl_sim::simulation::ModelSamples`] are the samples from Q for estimators that know it by a sample alone: see
//!   [`Estimator::model_draws`](kl_sim::estimator::Estimator::model_draws).
//! - [`kl_sim::estimator::Scorer`] takes batches of views and ends each trial with an estimate.
//! - [`kl_sim::estimator::External`] makes estimates outside of the library; [`programs`] does so by programs of the user's own.
//! - [`kl_math::statistics::Summary`] is a monoid; [`kl_math::statistics::TreeMerge`] merges along a fixed tree, so that bytes do not depend on
//!   threads. Of two symbols a [`kl_math::statistics::CountTally`] is all that is kept until the end.
//!
//! For sequences that are given, [`experiment_file::Script`] says how one is written and [`kl_sim::estimator::Sequences`] what is kept of it and how it
//! is scored from that; there is one of each for symbols and for values, and another `Sequences` for chains.
//!
//! # How to add
//!
//! - *a family*: a file in `distribution/families/` and a line in its `mod.rs`, see [below](#a-new-family);
//! - *an estimator*: a file in `estimator/` that implements [`kl_sim::estimator::Estimator`], and its name in the list in
//!   `estimator/mod.rs`; one from symbol counts is a constructor and a kind in `estimator/counts/`, and its law comes of itself;
//! - *a sampler*: a file in `simulation/sampler/` that implements [`kl_sim::simulation::Blocks`] or [`kl_sim::simulation::Tally`], and a variant of
//!   [`plan::SamplerKind`];
//! - *a verb*: a file in `command/verb/` with `Arguments` and `execute`, and its variant in `command/verb/mod.rs`;
//! - *a plot* of data that results have: a file in `report/figure/plot/` with a function `plot`, and its line in
//!   `report/figure/plot/mod.rs`.
//!
//! # A new family
//!
//! Write `distribution/families/NAME.rs` with a type that implements [`kl_math::distribution::Family`], and name it in the list at
//! `families!` in `distribution/families/mod.rs`. From the trait's constants and methods the program takes all it needs:
//!
//! - `NAME`, `PARAMETERS`: each parameter by its name, form and domain; `given` checks them, every fault at its place; `EXAMPLES` are
//!   two members, and `LAW` says for which pairs the estimate's law is known if not for these two;
//! - over a finite alphabet: `masses`, and everything else follows from the probabilities;
//! - over counts, numbers or vectors: [`values`](kl_math::distribution::Family::values) hands out a [`kl_math::distribution::Values`], which says where
//!   values lie, gives `ln_prob`, and names the [`kl_math::distribution::Standard`] variable they are functions of; the sampler of each standard
//!   variable is in `simulation/sampler/base/`. With that alone the family is sampled, and paired with any other over the same
//!   values: D and V are summed or integrated;
//! - [`closed_form`](kl_math::distribution::Family::closed_form) gives D and V by a formula that keeps its digits where Q is near P;
//! - [`form`](kl_math::distribution::Family::form) gives the log ratio as a [`kl_math::distribution::LogRatioForm`], if it is linear in statistics of the
//!   standard variable: then come K(s), κ₃, κ₄, scoring from sums and, for some, the sampler `counts` and the exact law of L;
//! - [`log_ratio_at`](kl_math::distribution::Family::log_ratio_at), where the difference of two logarithms would lose digits.
//!
//! The examiner in `tests/it/families.rs` takes every family in the list: ln_prob has mass one, KL(P‖P) = 0, D, V, κ₃, κ₄ and K against
//! brute force, the sampler against its law, simulated mean and variance against theory, the same bytes on any threads and CPU. Add
//! reference values for D and V to `tests/reference/closed_forms.py` and a line of bad parameters to `experiment_file/tests/`.
//!
//! # Same bytes everywhere
//!
//! No result depends on the platform's `ln`, `exp` or `pow`: `clippy.toml` forbids them, and `.ci/run` checks that no
//! dependency brings them back. Random bytes are [`kl_sim::simulation::Stream`]s named by what they are for.

pub mod check;
pub mod cli;
pub mod command;
pub mod error;
pub mod experiment;
pub mod experiment_file;
pub mod external_trials;
pub mod outside;
pub mod plan;
pub mod programs;
pub mod record;
pub mod report;
pub mod selftest;
pub mod store;
