//! What users do with the program and the libraries, one file for each part of it. All of it is one program, so that the libraries
//! are linked once: `cargo test --test it documents` runs one part.

#![allow(clippy::unwrap_used)]

mod architecture;
mod binomial_tails;
mod calculators;
mod check;
mod claims;
mod closed_forms;
mod code_lengths;
mod column_files;
mod continuous_pairs;
mod conventions;
mod count_estimators;
mod curves;
mod decisions;
mod documents;
mod estimate;
#[cfg(unix)]
mod external;
mod families;
mod far_and_near;
mod fit;
mod functions;
mod gradients;
mod harness;
mod honesty;
#[cfg(unix)]
mod interruption;
mod knn;
mod labels;
mod law_masses;
mod limits;
mod main_job;
mod markov_chains;
mod measures;
mod mixed_pairs;
#[cfg(unix)]
mod outside;
mod p_values;
mod pages;
mod parts;
mod performance;
mod pilot;
mod plan;
mod planted;
mod power;
mod refusals;
mod replay;
mod report;
mod reproducibility;
mod reruns;
mod right_specs;
mod run_json;
mod samplers;
mod selftest;
mod sentences;
mod special_functions;
mod student;
mod summarize;
mod symbol_means;
mod tails;
#[cfg(unix)]
mod terminal;
