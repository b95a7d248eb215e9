//! `runner summarize TRIALS.csv`: the performance of estimators, from anybody's trials.

use crate::command::outcome::Outcome;
use crate::command::output::{show_data, show_json, show_report};
use crate::command::error::Error;
use crate::external_trials::{ColumnNames, ExternalTrials, measure_performance};
use crate::outside::{WithinLines, open_input};
use crate::report::TrialsReport;
use clap::{Args, ValueEnum};
use kl_math::numeric::DoubleDouble;
use std::io::{self, Read};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  runner summarize results/coin/trials.csv --truth 0.02041099726012755
  runner summarize trials.csv --truth 0.5 --se-column se --by method --reference mle
  my-simulation | runner summarize - --estimate-column theta_hat --format csv";

/// Compute bias, spread, coverage and more from any CSV of estimates, with Monte Carlo standard errors
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A CSV file of estimates, one per row (`-` for standard input)
    #[arg(value_name = "TRIALS")]
    trials: PathBuf,

    /// The estimand, such as 0.0204; without one, bias, MSE and coverage are left out
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, value_parser = estimand, conflicts_with = "truth_column")]
    truth: Option<DoubleDouble>,

    /// The column of estimands, if they differ
    #[arg(long, value_name = "NAME")]
    truth_column: Option<String>,

    /// The column of estimates
    #[arg(long, value_name = "NAME", default_value = "estimate")]
    estimate_column: String,

    /// The column of the standard errors of the estimates [default: se, if there is one]
    #[arg(long, value_name = "NAME")]
    se_column: Option<String>,

    /// The columns that define the groups, separated by commas [default: those of condition,estimator that there are]
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
    /// Reads the trials, computes the measures of each group, and prints them.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let (name, input) = self.open()?;
        let columns = ColumnNames {
            estimate: self.estimate_column.clone(),
            std_error: self.se_column.clone(),
            truth: self.truth_column.clone(),
            by: self.by.clone(),
            paired: self.reference.is_some(),
        };
        let trials = ExternalTrials::read(&name, WithinLines::new(input), &columns)?;
        let groups = measure_performance(&trials, self.truth, self.level, self.reference.as_deref())?;
        let report = TrialsReport {
            name: &name,
            by: &trials.by,
            level: trials.has_std_errors.then_some(self.level),
            reference: self.reference.as_deref(),
            groups: &groups,
        };
        match self.format {
            Format::Terminal => show_report(&report)?,
            Format::Csv => show_data(&report.csv().map_err(|error| Error::Output(error.into()))?)?,
            Format::Json => show_json(&format!("{:#}\n", report.json()))?,
        };
        Ok(Outcome::Agreed)
    }

    fn open(&self) -> Result<(String, Box<dyn Read>), Error> {
        if self.trials.as_os_str() == "-" {
            return Ok(("<stdin>".to_owned(), Box::new(io::stdin())));
        }
        let name = self.trials.display().to_string();
        let file = open_input(&self.trials).map_err(|source| Error::Input { name: name.clone(), source })?;
        Ok((name, Box::new(file)))
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
