//! The command line as a whole: what clap parses, and what completions and manual pages are made of.

use super::verb::{RunArguments, Verb};
use clap::Parser;

/// Estimates KL(P‖Q) by simulation and compares each estimate with exact theory.
///
/// An experiment file names two distributions P and Q, sequence lengths N and a number of trials. Each trial samples a
/// sequence from P and computes (1/N) ln(P(seq)/Q(seq)). The summary is written to results/NAME/summary.csv.
#[derive(Debug, Parser)]
#[command(name = "runner", version, args_conflicts_with_subcommands = true)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,

    // Without a verb: what to run.
    #[command(flatten)]
    pub(crate) run: RunArguments,

    /// When to use colour
    #[arg(long, global = true, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: clap::ColorChoice,
}
