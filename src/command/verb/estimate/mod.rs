//! `runner estimate`: KL(P‖Q) from one's own data.

mod counts;
mod data_flags;
mod inputs;
mod tokens;
mod values;

use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::{say, show_data, show_json, show_report};
use crate::outside::printable;
use clap::Args;
use data_flags::DataFlags;
use inputs::Inputs;
use kl_sim::data::Resampling;
use std::fmt::Display;
use std::path::PathBuf;
use tokens::TokenFlags;

const EXAMPLES: &str = "\
Examples:
  runner estimate p.csv q.csv --column x
  runner estimate data.csv --column x --group-column arm --p-group treated
  runner estimate p.csv --column x --q 'normal(mean=0, std_dev=1)'
  runner estimate --p-counts 12,30,8 --q 0.2,0.5,0.3
  runner estimate rollouts.csv --logp-column lp --logq-column lq --sequence-column id
  runner estimate --p-counts 12,30,8 --q-counts 10,25,15 --bootstrap";

/// Estimate KL(P‖Q) from your own data: samples, counts of symbols, or the log-probabilities of a training log
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A CSV file with a sample from P, and one with a sample from Q (`-` for standard input); one file with --group-column or --q
    #[arg(value_name = "FILE", num_args = 0..=2)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    data: Box<DataFlags>,

    #[command(flatten)]
    tokens: TokenFlags,

    /// The k of the nearest neighbours, of numbers and vectors [default: 1,5]
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = clap::value_parser!(u16).range(1..=1000))]
    k: Vec<u16>,

    /// The level of the intervals, between 0 and 1
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = level)]
    level: f64,

    /// Take all standard errors of symbols from the bootstrap, also where there is a formula
    #[arg(long)]
    bootstrap: bool,

    /// How many samples the bootstrap draws
    #[arg(long, value_name = "COUNT", default_value = "1000", value_parser = clap::value_parser!(u64).range(2..=10_000_000))]
    resamples: u64,

    /// Seed of the random streams of the bootstrap and of the nearest neighbours' parts
    #[arg(long, value_name = "SEED", default_value = "57", value_parser = clap::value_parser!(u64).range(0..1 << 63))]
    seed: u64,

    /// Print JSON (see docs/json.md)
    #[arg(long)]
    json: bool,

    /// Print CSV, a row for each estimator
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

impl Arguments {
    /// Reads the data, estimates KL(P‖Q) in every way that suits them, and prints the estimates.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        if let Some(report) = self.tokens.estimate(self)? {
            return self.print(|| report.json(), || report.csv(), &report, &report.warnings);
        }
        let report = match Inputs::new(self)? {
            Inputs::Counts(counts) => counts.estimate(self)?,
            Inputs::Values(values) => values.estimate(self)?,
        };
        self.print(|| report.json(), || report.csv(), &report, &report.warnings)
    }

    /// Prints a report in the form that is asked for, and its warnings.
    fn print(
        &self,
        json: impl FnOnce() -> serde_json::Value,
        csv: impl FnOnce() -> csv::Result<String>,
        report: impl Display,
        warnings: &[String],
    ) -> Result<Outcome, Error> {
        if self.json {
            show_json(&format!("{:#}\n", json()))?;
        } else if self.csv {
            show_data(&csv().map_err(|error| Error::Output(error.into()))?)?;
        } else {
            show_report(report)?;
        }
        for warning in warnings {
            say(&format!("warning: {}\n", printable(warning)));
        }
        Ok(Outcome::Agreed)
    }

    fn resampling(&self) -> Resampling {
        Resampling { seed: self.seed, resamples: self.resamples, everywhere: self.bootstrap }
    }
}

fn level(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|level| (f64::MIN_POSITIVE..1.0).contains(level));
    number.ok_or_else(|| "a level is a number between 0 and 1 such as 0.95".to_owned())
}
