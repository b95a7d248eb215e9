//! `runner summarize TRIALS…`: the performance of estimators, from anybody's trials or from results folders.

mod column_flags;
mod gate_flags;
mod inputs;

use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::{say, show_data, show_json, show_report};
use crate::external_trials::{BigLimits, Settings, judge_gates, measure_performance};
use crate::report::{GatesReport, TrialsReport, gates_junit};
use crate::store::write_file;
use clap::{Args, ValueEnum};
use column_flags::ColumnFlags;
pub(super) use column_flags::{decimal, delimiter};
use gate_flags::GateFlags;
use inputs::Inputs;
use kl_math::numeric::DoubleDouble;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  runner summarize results/coin
  runner summarize trials.csv --truth 0.5 --se-column se --by method --reference mle
  runner summarize wide.csv --truth 0.5 --wide 'theta_{method},se_{method}' --reference mle
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

    #[command(flatten)]
    file: Box<ColumnFlags>,

    /// A value of the last of those columns: report how much more precise the other groups are over the same trials,
    /// matched by --trial-column, or row by row if there is none
    #[arg(long, value_name = "VALUE")]
    reference: Option<String>,

    /// The level of the intervals estimate ± z se, between 0 and 1
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = level)]
    level: f64,

    /// The null value, which is rejected where an interval does not hold it
    #[arg(long, value_name = "NUMBER", default_value = "0", allow_hyphen_values = true, value_parser = estimand)]
    null: DoubleDouble,

    /// Report trimmed means, without this share of the estimates at either end, such as 0.1
    #[arg(long, value_name = "SHARE", value_parser = trim)]
    trim: Option<f64>,

    /// Drop trials whose estimate is more than MAX distances of the quartiles from the median of its group, or whose standard
    /// error is more than SEMAX; without a value 10,100
    #[arg(long, value_name = "MAX[,SEMAX]", num_args = 0..=1, require_equals = true, default_missing_value = "10,100", value_parser = big)]
    drop_big: Option<BigLimits>,

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
        let mut trials = inputs.read(self)?;
        if let Some(limits) = &self.drop_big {
            trials.drop_big(limits);
        }
        let settings = Settings {
            truth: self.truth,
            level: self.level,
            null: self.null,
            trim: self.trim,
            reference: self.reference.as_deref(),
        };
        let groups = measure_performance(&trials, &settings)?;
        let results = judge_gates(self.gates.gates(), &trials.by, &groups)?;
        let gates = GatesReport { by: &trials.by, gates: self.gates.gates(), results: &results };
        let report = TrialsReport {
            files: inputs.names(),
            by: &trials.by,
            level: trials.has_intervals.then_some(self.level),
            reference: self.reference.as_deref(),
            pairing: &trials.pairing,
            missing_cells: &trials.missing_cells,
            notes: &trials.notes,
            is_dropping: self.drop_big.is_some(),
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
}

fn trim(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|share| (0.0..0.5).contains(share));
    number.ok_or_else(|| "a share that is trimmed is a number from 0 to less than 0.5 such as 0.1".to_owned())
}

fn big(text: &str) -> Result<BigLimits, String> {
    let (estimate, std_error) = text.split_once(',').unwrap_or((text, "100"));
    let limit = |text: &str| text.parse().ok().filter(|limit: &f64| *limit > 0.0);
    let limits = limit(estimate).zip(limit(std_error)).map(|(estimate, std_error)| BigLimits { estimate, std_error });
    limits.ok_or_else(|| "limits are one or two numbers above 0 such as 10,100".to_owned())
}

fn estimand(text: &str) -> Result<DoubleDouble, String> {
    let number = text.parse::<DoubleDouble>().ok().filter(|number| number.to_f64().is_finite());
    number.ok_or_else(|| "an estimand is a finite number such as 0.0204".to_owned())
}

fn level(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|level| (f64::MIN_POSITIVE..1.0).contains(level));
    number.ok_or_else(|| "a level is a number between 0 and 1 such as 0.95".to_owned())
}
