//! `runner summarize TRIALS…`: the performance of estimators, from anybody's trials or from results folders.

mod column_flags;
mod files;
mod gate_flags;
mod inputs;
mod summarized;

use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::{say, show_data, show_json, show_report};
use crate::command::verb::report::print_paths;
use crate::external_trials::{BigLimits, SummarySpec, WrittenNumber, judge_gates};
use crate::outside::check_name;
use crate::report::{GatesReport, TrialsReport, gates_junit};
use crate::store::{SaveError, TrialsFolder, write_file};
use clap::{Args, ValueEnum};
use column_flags::ColumnFlags;
pub(super) use column_flags::{decimal, delimiter};
use gate_flags::GateFlags;
use inputs::Inputs;
use std::path::{Path, PathBuf};

use crate::report::figure::PictureFormat;
pub(in crate::command) use files::TrialsFiles;
pub(in crate::command) use summarized::Summarized;

const EXAMPLES: &str = "\
Examples:
  runner summarize results/coin
  runner summarize trials.csv --truth 0.5 --se-column se --by method --reference mle
  runner summarize wide.csv --truth 0.5 --wide 'theta_{method},se_{method}' --reference mle
  runner summarize trials.csv --truth 0.5 --by method --save results/my-study
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
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, conflicts_with = "truth_column")]
    truth: Option<WrittenNumber>,

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
    #[arg(long, value_name = "NUMBER", default_value = "0", allow_hyphen_values = true)]
    null: WrittenNumber,

    /// Report trimmed means, without this share of the estimates at either end, such as 0.1
    #[arg(long, value_name = "SHARE", value_parser = trim)]
    trim: Option<f64>,

    /// Leave trials out of all measures, and count them as missing, if they lack a number that the file has a column of, such as
    /// the standard error
    #[arg(long)]
    complete: bool,

    /// Drop trials whose estimate is more than MAX distances of the quartiles from the median of its group, or whose standard
    /// error is more than SEMAX; without a value 10,100
    #[arg(long, value_name = "MAX[,SEMAX]", num_args = 0..=1, require_equals = true, default_missing_value = "10,100", value_parser = big)]
    drop_big: Option<BigLimits>,

    /// Output format: text on standard output, or files whose paths are printed
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    format: Format,

    /// Folder for pages and pictures, whose names begin with that of the first input [default: that of --save, or .]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Save the trials and their measures in a folder of their own, which `runner report` shows again and `runner check` checks
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,

    /// With --save: replace what the folder holds, if it is another summary
    #[arg(long, requires = "save")]
    replace: bool,

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
    /// A page for a browser, with pictures and measures.
    Html,
    /// Pictures for papers, a file each.
    Pdf,
    /// Pictures of pixels, a file each.
    Png,
    /// Pictures for the web, a file each.
    Svg,
}

impl Arguments {
    /// Reads the trials, computes the measures of each group, prints or saves them, and holds them against the gates.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let inputs = Inputs::new(self)?;
        let spec = self.spec();
        let mut saving = None;
        if let Some(path) = &self.save {
            if let Some(folder) = inputs.folder() {
                return Err(Error::SavedAlready { folder });
            }
            let name = folder_name(path)?;
            saving = Some((TrialsFolder::open(path, &spec, self.replace)?, name));
        }
        let trials = inputs.read(self, saving.as_mut().map(|(folder, _)| folder))?;
        let summarized = Summarized::new(inputs.names().to_vec(), trials, spec)?;
        let results = judge_gates(self.gates.gates(), &summarized.trials.by, &summarized.groups)?;
        let gates = GatesReport { by: &summarized.trials.by, gates: self.gates.gates(), results: &results };
        let report = summarized.report(&gates);
        if let Some((folder, name)) = saving {
            let measures = report.csv().map_err(|error| Error::Output(error.into()))?;
            folder.publish(&name, &summarized.spec, inputs.names(), &measures)?;
        }
        if let Some(path) = &self.junit {
            let xml =
                gates_junit(&inputs.names().join(", "), &gates).map_err(|error| Error::Junit(error.to_string()))?;
            write_file(path, &xml).map_err(|source| Error::Write { name: path.display().to_string(), source })?;
        }
        match self.format {
            Format::Terminal => show_report(&report).map(|_| ())?,
            Format::Csv => show_data(&report.csv().map_err(|error| Error::Output(error.into()))?).map(|_| ())?,
            Format::Json => show_json(&format!("{:#}\n", report.json())).map(|_| ())?,
            Format::Html | Format::Pdf | Format::Png | Format::Svg => {
                self.write_files(&summarized, &report, &inputs.study_name())?;
            }
        };
        let all_pass = gates.failed().next().is_none();
        if self.format != Format::Terminal && !all_pass {
            say(&gates.to_string());
        }
        Ok(if all_pass { Outcome::Agreed } else { Outcome::Disagreed })
    }

    /// Writes the page or the pictures: to --out, to the folder of --save, or here.
    fn write_files(&self, summarized: &Summarized, report: &TrialsReport<'_>, name: &str) -> Result<(), Error> {
        let folder = match (&self.out, &self.save) {
            (Some(out), _) => (out.as_path(), false),
            (None, Some(save)) => (save.as_path(), true),
            (None, None) => (Path::new("."), false),
        };
        let written = summarized.with_files(name, folder, report, |files| match self.format {
            Format::Html => files.write_page().map(|path| vec![path]),
            Format::Pdf => files.write_pictures(PictureFormat::Pdf),
            Format::Png => files.write_pictures(PictureFormat::Png),
            _ => files.write_pictures(PictureFormat::Svg),
        })?;
        print_paths(&written).map(|_| ())
    }

    /// What the flags ask for.
    fn spec(&self) -> SummarySpec {
        let Self { file, .. } = self;
        let (estimate_column, se_column) = file.estimate_and_se();
        SummarySpec {
            estimate_column,
            se_column,
            low_column: file.low_column.clone(),
            high_column: file.high_column.clone(),
            p_column: file.p_column.clone(),
            df_column: file.df_column.clone(),
            truth_column: file.truth_column.clone(),
            trial_column: file.trial_column.clone(),
            by: file.by.clone(),
            missing: file.missing.clone(),
            delimiter: file.delimiter.map(char::from),
            decimal: char::from(file.decimal),
            truth: self.truth.clone(),
            level: self.level,
            null: self.null.clone(),
            trim: self.trim,
            reference: self.reference.clone(),
            complete: self.complete,
            drop_big: self.drop_big.map(|limits| [limits.estimate, limits.std_error]),
        }
    }
}

/// The name of the study that a folder is of.
fn folder_name(path: &Path) -> Result<String, SaveError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match check_name(&name) {
        Ok(()) => Ok(name),
        Err(error) => Err(SaveError::Nameless { path: path.to_owned(), reason: error.to_string() }),
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

fn level(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|level| (f64::MIN_POSITIVE..1.0).contains(level));
    number.ok_or_else(|| "a level is a number between 0 and 1 such as 0.95".to_owned())
}
