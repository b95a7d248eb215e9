//! `runner summarize TRIALS…`: the performance of estimators, from anybody's trials or from results folders.

mod gate_flags;
mod inputs;

use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::{say, show_data, show_json, show_report};
use crate::external_trials::{ColumnNames, Truth, judge_gates, measure_performance};
use crate::report::{GatesReport, TrialsReport, gates_junit};
use crate::store::write_file;
use clap::{Args, ValueEnum};
use gate_flags::GateFlags;
use inputs::Inputs;
use kl_math::numeric::DoubleDouble;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  runner summarize results/coin
  runner summarize trials.csv --truth 0.5 --se-column se --by method --reference mle
  my-simulation | runner summarize - --estimate-column theta_hat --format csv
  runner summarize trials.csv --truth 0.5 --max-bias-z 4 --min-coverage 0.93 --junit gates.xml

Exit codes:
  0    done, and every group keeps every limit
  1    done, and at least one group breaks a limit
  2    could not run: a mistake in the input, or a gate on a measure that a group does not have";

/// Compute bias, spread, coverage and more from any CSV of estimates, with Monte Carlo standard errors
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// CSV files of estimates, one per row (`-` for standard input), or results folders, whose trials were recorded
    #[arg(value_name = "TRIALS", required = true)]
    trials: Vec<PathBuf>,

    /// The estimand, such as 0.0204; without one, bias, MSE and coverage are left out (a results folder supplies its own)
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, value_parser = estimand, conflicts_with = "truth_column")]
    truth: Option<DoubleDouble>,

    /// The column of estimands, if they differ
    #[arg(long, value_name = "NAME")]
    truth_column: Option<String>,

    /// The column of estimates [default: estimate]
    #[arg(long, value_name = "NAME")]
    estimate_column: Option<String>,

    /// The column of the standard errors of the estimates [default: se, if there is one]
    #[arg(long, value_name = "NAME")]
    se_column: Option<String>,

    /// The columns that define the groups, separated by commas [default: condition and estimator, if the file has these columns]
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    by: Option<Vec<String>>,

    /// A value of the last of those columns: report how much more precise the other groups are over the same trials,
    /// matched by the column `trial`, or row by row if there is none
    #[arg(long, value_name = "VALUE")]
    reference: Option<String>,

    /// The level of the intervals estimate ± z se, between 0 and 1
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = level)]
    level: f64,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    format: Format,

    #[command(flatten)]
    gates: GateFlags,

    /// Write JUnit XML, with a test case for each gate and group
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

/// The format of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for people.
    Terminal,
    /// Every digit, with a row for each measure.
    Csv,
    /// Every digit (see docs/json.md).
    Json,
}

impl Arguments {
    /// Reads the trials, computes the measures of each group, prints them, and holds them against the gates.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let inputs = Inputs::new(self)?;
        let trials = inputs.read(self)?;
        let groups = measure_performance(&trials, self.truth, self.level, self.reference.as_deref())?;
        let results = judge_gates(self.gates.gates(), &trials.by, &groups)?;
        let gates = GatesReport { by: &trials.by, gates: self.gates.gates(), results: &results };
        let report = TrialsReport {
            files: inputs.names(),
            by: &trials.by,
            level: trials.has_std_errors.then_some(self.level),
            reference: self.reference.as_deref(),
            groups: &groups,
            gates: &gates,
        };
        if let Some(path) = &self.junit {
            let xml =
                gates_junit(&inputs.names().join(", "), &gates).map_err(|error| Error::Junit(error.to_string()))?;
            write_file(path, &xml).map_err(|source| Error::Write { name: path.display().to_string(), source })?;
        }
        match self.format {
            Format::Terminal => show_report(&report)?,
            Format::Csv => show_data(&report.csv().map_err(|error| Error::Output(error.into()))?)?,
            Format::Json => show_json(&format!("{:#}\n", report.json()))?,
        };
        let all_pass = gates.failed().next().is_none();
        if self.format != Format::Terminal && !all_pass {
            say(&gates.to_string());
        }
        Ok(if all_pass { Outcome::Agreed } else { Outcome::Disagreed })
    }

    /// The names of the columns of a file whose estimands are `truth`.
    fn columns(&self, truth: Truth) -> ColumnNames {
        ColumnNames {
            estimate: self.estimate_column.clone().unwrap_or_else(|| "estimate".to_owned()),
            std_error: self.se_column.clone(),
            truth,
            by: self.by.clone(),
            paired: self.reference.is_some(),
        }
    }
}

fn estimand(text: &str) -> Result<DoubleDouble, String> {
    let number = text.parse::<DoubleDouble>().ok().filter(|number| number.to_f64().is_finite());
    number.ok_or_else(|| "an estimand is a finite number such as 0.0204".to_owned())
}

fn level(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|level| (f64::MIN_POSITIVE..1.0).contains(level));
    number.ok_or_else(|| "a level is a number between 0 and 1 such as 0.95".to_owned())
}
