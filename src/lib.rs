//! The program `runner`: experiments on the log-likelihood ratio, from a TOML file to checked results.
//!
//! The libraries below it are [`kl_math`] (distributions, divergences, exact laws) and [`kl_sim`] (estimators, simulation, comparison with
//! theory). The modules here, from top to bottom; imports lead downward only:
//!
//! | module | what it holds |
//! |---|---|
//! | `cli` | parses the command line, executes the verb, returns the exit code |
//! | `command` | one file for each verb |
//! | [`report`] | rows for people: tables, figures, pages |
//! | `store` | the results folder |
//! | [`check`] | regression checks |
//! | [`record`] | result files and their columns |
//! | [`experiment_file`] | an experiment as written |
//! | [`experiment`] | a plan carried out |
//! | [`given_samples`] | samples that another program made |
//! | [`external_trials`] | trials that another program made |
//! | [`plan`] | an experiment as meant |
//! | [`programs`] | estimators that are users' programs |
//! | [`outside`] | what comes from others: files, names, text |
//!
//! The feature `cli`, on by default, has the command and what only it needs: the modules `cli`, `command` and `store`, and reports as
//! JUnit. Without it the library reads an experiment from text, plans it, carries it out, records it in memory, reads results, and makes
//! tables, figures and pages.
//!
//! `ARCHITECTURE.md` says more, and how to add a family, an estimator, a column, a result file, a verb or a plot.

pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod command;
pub mod experiment;
pub mod experiment_file;
pub mod external_trials;
pub mod given_samples;
pub mod outside;
pub mod plan;
pub mod programs;
pub mod record;
pub mod report;
#[cfg(feature = "cli")]
pub mod store;
