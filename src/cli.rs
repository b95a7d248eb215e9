//! Floor 5: the command line's words and what they mean.

use crate::report::ErrorStyle;
use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use kl_math::numeric::DoubleDouble;
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0    done, and every estimate agrees with theory
  1    done, and some estimate disagrees with theory
  2    could not run: a mistake in the input, or the machine's, or a program named in an experiment file that failed too
       often; earlier results are as they were
  130  interrupted (Ctrl-C); finished conditions are in summary.partial.csv
  143  terminated; 129 the terminal was closed; likewise";

/// Estimates KL(P‖Q) by simulation and holds each estimate against exact theory.
///
/// An experiment file names two distributions P and Q, sequence lengths N and a number of trials. Each trial samples a
/// sequence from P and records (1/N) ln(P(seq)/Q(seq)). The summary lands in results/NAME/summary.csv.
#[derive(Debug, Parser)]
#[command(name = "runner", version, after_help = EXIT_CODES, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// The verb, if one is named.
    #[command(subcommand)]
    pub verb: Option<Verb>,

    /// Without a verb: what to run.
    #[command(flatten)]
    pub run: RunArguments,

    /// When to use colour
    #[arg(long, global = true, default_value = "auto", value_name = "WHEN")]
    pub color: ColorChoice,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Run experiments (the verb may be left out)
    #[command(after_help = EXIT_CODES)]
    Run(RunArguments),
    /// What would run, at what cost, and what it could show
    Plan(PlanArguments),
    /// Hold committed results against a rerun, and fresh trials against theory
    #[command(after_help = CHECK_EXIT_CODES)]
    Check(CheckArguments),
    /// Tables and pictures of saved results: for the terminal, papers, pull requests, the browser
    #[command(after_help = REPORT_EXAMPLES)]
    Report(ReportArguments),
    /// One sequence of an experiment and its estimate, step by step, alone
    Replay(ReplayArguments),
    /// Print a commented experiment file to start from
    Init,
    /// Which distributions there are: parameters, what is exact, and an example of each
    Families(FamiliesArguments),
    /// Which estimators there are: how a file names each, what it is, and its settings
    Estimators(EstimatorsArguments),
    /// The divergence of two distributions, both ways, and how soon it shows
    #[command(after_help = DISTRIBUTIONS)]
    Kl(KlArguments),
    /// The log ratio of given sequences, step by step
    #[command(after_help = DISTRIBUTIONS)]
    Score(ScoreArguments),
    /// Bias, spread, coverage and the like of any CSV of estimates, with Monte Carlo standard errors
    #[command(after_help = SUMMARIZE_EXAMPLES)]
    Summarize(SummarizeArguments),
    /// Are the Monte Carlo standard errors what they claim to be? A simulation of many studies
    #[command(after_help = SELFTEST_EXIT_CODES)]
    Selftest(SelftestArguments),
}

const DISTRIBUTIONS: &str = "\
Distributions are written as numbers or fractions (0.5,0.5 or 1/6,5/6), with named symbols (H=0.4,T=0.6), as a family
(bernoulli.p=0.5 or 'normal(mean=0, std_dev=1)'), or as in an experiment file ('{ categorical = { H = 0.4, T = 0.6 } }').
`runner families` lists them.";

const REPORT_EXAMPLES: &str = "\
Examples:
  runner report results/coin                                  the table, on the terminal
  runner report results/coin --format html                    a page: pictures, tables, how to make it again
  runner report results/* --format svg --out gallery          every picture, and a page of them in Markdown
  runner report results/how-soon --rows Q.bernoulli.p --columns N --cell bias --format latex
  runner report results/coin --where 'N>=1000' --columns N,mean,p_value --format markdown
  runner report --splice README.md                            tables between <!-- runner report ARGUMENTS --> and
                                                              <!-- end of runner report -->, brought up to date";

const SUMMARIZE_EXAMPLES: &str = "\
Examples:
  runner summarize results/coin/trials.csv --truth 0.02041099726012755
  runner summarize trials.csv --truth 0.5 --se-column se --by method --reference mle
  my-simulation | runner summarize - --estimate-column theta_hat --format csv";

const SELFTEST_EXIT_CODES: &str = "\
Exit codes:
  0    every standard error is what it claims to be
  1    some is not";

const CHECK_EXIT_CODES: &str = "\
Exit codes; of several the gravest of 2, 1, 3, 4:
  0    everything is as it should be
  1    regressed: a committed result changed, or fresh trials disagree with theory
  2    could not run: a mistake in the input, or the machine's
  3    changed: another spec or stream version than the committed results, or there are none
  4    inconclusive: a bias that [check] says must be seen could be missed
  130  interrupted (Ctrl-C)";

/// What to check, and how.
#[derive(Args, Clone, Debug)]
pub struct CheckArguments {
    /// Experiment files; all in experiments/ if none is named
    #[arg(value_name = "SPEC")]
    pub specs: Vec<PathBuf>,

    /// Where the committed results are: DIR/NAME/
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub out: PathBuf,

    /// What the seed of the fresh trials is made from, such as a commit: another text gives other trials
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub fresh: String,

    /// Look at the fresh trials while they come, and stop as soon as the answer is clear; the promise is the same
    #[arg(long)]
    pub anytime: bool,

    /// Only one of the two layers
    #[arg(long, value_name = "LAYER")]
    pub only: Option<Layer>,

    /// Accept what the bytes layer shows: rerun what differs into the committed results
    #[arg(long, conflicts_with = "only")]
    pub update: bool,

    /// Any key of the files, such as `check.false_alarm=1e-3`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,

    /// Start the programs that the files name for estimators
    #[arg(long)]
    pub allow_commands: bool,

    /// Write JUnit XML, a case for each test
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,

    /// Print JSON (docs/json.md)
    #[arg(long)]
    pub json: bool,

    /// Threads to use; results do not depend on it [default: one a core]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Print nothing if all is well
    #[arg(long, short)]
    pub quiet: bool,
}

/// A layer of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Layer {
    /// Committed results against a rerun.
    Bytes,
    /// Fresh trials against theory.
    Law,
}

/// Which experiments to look ahead to, and how they would be run.
#[derive(Args, Clone, Debug)]
pub struct PlanArguments {
    /// Experiment files (`-` for standard input)
    #[arg(value_name = "SPEC")]
    pub specs: Vec<PathBuf>,

    /// Seed of the random streams, in place of the file's
    #[arg(long, value_name = "SEED")]
    pub seed: Option<String>,

    /// Trials a condition, such as 10_000 or 1e6, in place of the file's
    #[arg(long, value_name = "COUNT")]
    pub trials: Option<String>,

    /// How trials are drawn, in place of the file's choice: sequence, counts or tally
    #[arg(long, value_name = "SAMPLER")]
    pub sampler: Option<String>,

    /// Any key of the files, such as `Q.bernoulli.p=0.7`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,

    /// With every trial's estimate kept in trials.csv
    #[arg(long)]
    pub record: bool,

    /// Threads to use [default: one a core]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Print JSON, an object for each experiment (docs/json.md)
    #[arg(long)]
    pub json: bool,
}

/// Which results, and what to make of them.
#[derive(Args, Clone, Debug, Default)]
pub struct ReportArguments {
    /// Results folders, or folders of them [default: results]
    #[arg(value_name = "RESULTS")]
    pub results: Vec<PathBuf>,

    /// What to make: text on standard output, or files whose paths are printed [default: terminal]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,

    /// Columns of summary.csv, parted by commas; with --cell, the key whose values go across
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub columns: Vec<String>,

    /// Only rows with this, such as N=1000, 'mcse<0.001' or verdict!=agree; several must all hold
    #[arg(long = "where", value_name = "CONDITION")]
    pub filters: Vec<String>,

    /// A table by two keys: the keys whose values go down
    #[arg(long, value_name = "KEYS", value_delimiter = ',', requires = "cell")]
    pub rows: Vec<String>,

    /// A table by two keys: the column whose numbers are in the cells
    #[arg(long, value_name = "COLUMN", requires = "rows", requires = "columns")]
    pub cell: Option<String>,

    /// How an estimate and its standard error are written: 0.511 ± 0.004, 0.511(4), or in columns of their own
    #[arg(long, value_name = "STYLE", value_enum)]
    pub errors: Option<ErrorStyle>,

    /// Where the files of html and svg go, in place of the results folders
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Bring the reports between the markers of a Markdown file up to date
    #[arg(long, value_name = "FILE", conflicts_with_all = ["results", "format", "columns", "filters", "rows", "cell", "errors", "out"])]
    pub splice: Vec<PathBuf>,

    /// With --splice: write nothing, and exit with 1 if a file is not up to date
    #[arg(long, requires = "splice")]
    pub check: bool,
}

/// What a report is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A terminal.
    Terminal,
    /// A pull request, a README.
    Markdown,
    /// A paper: booktabs and siunitx.
    Latex,
    /// Programs: every digit.
    Csv,
    /// Programs: every digit (docs/json.md).
    Json,
    /// A browser: report.html in the results folder, and an index of several.
    Html,
    /// Pictures, each a file.
    Svg,
}

/// Which trial, of which experiment.
#[derive(Args, Clone, Debug)]
pub struct ReplayArguments {
    /// The experiment file (`-` for standard input)
    #[arg(value_name = "SPEC")]
    pub spec: PathBuf,

    /// The condition, counted from 1 as in summary.csv
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub condition: u64,

    /// The trial, counted from 1 as in trials.csv
    #[arg(long, value_name = "NUMBER")]
    pub trial: u64,

    /// Seed of the random streams, in place of the file's
    #[arg(long, value_name = "SEED")]
    pub seed: Option<String>,

    /// How trials are drawn, in place of the file's choice: sequence or counts
    #[arg(long, value_name = "SAMPLER")]
    pub sampler: Option<String>,

    /// Any key of the file, such as `Q.bernoulli.p=0.7`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,

    /// Start the programs that the file names for estimators
    #[arg(long)]
    pub allow_commands: bool,

    /// Print JSON (docs/json.md)
    #[arg(long)]
    pub json: bool,
}

/// How to list the estimators.
#[derive(Args, Clone, Debug)]
pub struct EstimatorsArguments {
    /// Print JSON (docs/json.md)
    #[arg(long)]
    pub json: bool,
}

/// How to list the families.
#[derive(Args, Clone, Debug)]
pub struct FamiliesArguments {
    /// Print JSON (docs/json.md)
    #[arg(long)]
    pub json: bool,
}

/// Which pair, or which table of pairs.
#[derive(Args, Clone, Debug)]
pub struct KlArguments {
    /// The source P, such as 0.5,0.5
    #[arg(long, value_name = "DISTRIBUTION", required_unless_present = "csv", allow_hyphen_values = true)]
    pub p: Option<String>,

    /// The model Q, such as 0.4,0.6
    #[arg(long, value_name = "DISTRIBUTION", required_unless_present = "csv", allow_hyphen_values = true)]
    pub q: Option<String>,

    /// Many pairs, one a row: the columns p and q of a CSV file (`-` for standard input); prints CSV
    #[arg(long, value_name = "FILE", conflicts_with_all = ["p", "q", "json"])]
    pub csv: Option<PathBuf>,

    /// Print JSON (docs/json.md)
    #[arg(long)]
    pub json: bool,
}

/// Which sequences, scored by which pair.
#[derive(Args, Clone, Debug)]
pub struct ScoreArguments {
    /// The source P, such as H=0.5,T=0.5 or 'normal(mean=0, std_dev=1)'
    #[arg(long, value_name = "DISTRIBUTION", allow_hyphen_values = true)]
    pub p: String,

    /// The model Q, such as H=0.4,T=0.6 or 'normal(mean=1, std_dev=1)'
    #[arg(long, value_name = "DISTRIBUTION", allow_hyphen_values = true)]
    pub q: String,

    /// Sequences, such as HHTHHT or '0.5 -1.2' (after `--` if one starts with a minus); without any, one a line from
    /// standard input
    #[arg(value_name = "SEQUENCE", allow_negative_numbers = true)]
    pub sequences: Vec<String>,

    /// A file of sequences, one a line
    #[arg(long, value_name = "FILE", conflicts_with = "sequences")]
    pub file: Option<PathBuf>,

    /// Print JSON, a line for each sequence (docs/json.md)
    #[arg(long)]
    pub json: bool,
}

/// Which trials, and what they are to be held against.
#[derive(Args, Clone, Debug)]
pub struct SummarizeArguments {
    /// A CSV file of estimates, one a row (`-` for standard input)
    #[arg(value_name = "TRIALS")]
    pub trials: PathBuf,

    /// The estimand, such as 0.0204; without one, bias and MSE and coverage are left out
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, value_parser = estimand, conflicts_with = "truth_column")]
    pub truth: Option<DoubleDouble>,

    /// The column of estimands, in place of one for all
    #[arg(long, value_name = "NAME")]
    pub truth_column: Option<String>,

    /// The column of estimates
    #[arg(long, value_name = "NAME", default_value = "estimate")]
    pub estimate_column: String,

    /// The column of the standard errors beside them [default: se, if there is one]
    #[arg(long, value_name = "NAME")]
    pub se_column: Option<String>,

    /// The columns that tell groups apart, parted by commas [default: condition,estimator, as far as there are such]
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub by: Option<Vec<String>>,

    /// A value of the last of those columns: how much more precise the others are, over the same trials (by the column
    /// `trial` if there is one, else row by row)
    #[arg(long, value_name = "VALUE")]
    pub reference: Option<String>,

    /// The level of the intervals estimate ± z se, between 0 and 1
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = level)]
    pub level: f64,

    /// What to make
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    pub format: SummaryFormat,
}

/// What a summary of trials is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SummaryFormat {
    /// A terminal.
    Terminal,
    /// Programs: every digit, a row for each measure.
    Csv,
    /// Programs: every digit (docs/json.md).
    Json,
}

fn estimand(text: &str) -> Result<DoubleDouble, String> {
    let number = text.parse::<DoubleDouble>().ok().filter(|number| number.to_f64().is_finite());
    number.ok_or_else(|| "an estimand is a finite number such as 0.0204".to_owned())
}

fn level(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|level| (f64::MIN_POSITIVE..1.0).contains(level));
    number.ok_or_else(|| "a level is a number between 0 and 1 such as 0.95".to_owned())
}

/// How the program tests its own standard errors.
#[derive(Args, Clone, Debug)]
pub struct SelftestArguments {
    /// Seed of the random streams: another seed draws other studies
    #[arg(long, value_name = "SEED", default_value_t = 57)]
    pub seed: u64,

    /// Studies of each law; more see smaller faults
    #[arg(long, value_name = "COUNT", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(4_000..=100_000_000))]
    pub repeats: u64,
}

/// Which experiments to run, and how.
#[derive(Args, Clone, Debug, Default)]
pub struct RunArguments {
    /// Experiment files (`-` for standard input)
    #[arg(value_name = "SPEC")]
    pub specs: Vec<PathBuf>,

    /// Seed of the random streams, in place of the file's
    #[arg(long, value_name = "SEED")]
    pub seed: Option<String>,

    /// Trials a condition, such as 10_000 or 1e6, in place of the file's
    #[arg(long, value_name = "COUNT")]
    pub trials: Option<String>,

    /// How trials are drawn, in place of the file's choice: sequence, counts or tally
    #[arg(long, value_name = "SAMPLER")]
    pub sampler: Option<String>,

    /// Any key of the file, such as `Q.bernoulli.p=0.7` or `unit=bits`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,

    /// Keep every trial's estimate in trials.csv
    #[arg(long)]
    pub record: bool,

    /// Start the programs that the files name for estimators
    #[arg(long)]
    pub allow_commands: bool,

    /// Threads to use; results do not depend on it [default: one a core]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Where results go: DIR/NAME/
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub out: PathBuf,

    /// Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}
