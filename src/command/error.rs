//! The errors of commands.

use super::verb::RequestError;
use crate::experiment::PilotError;
use crate::experiment_file::{Diagnostics, Unreadable, pair_help};
use crate::external_trials::{CellMistake, TrialsError};
use crate::given_samples::SampleError;
use crate::outside::{printable, printable_lines};
use crate::record::{ResultsError, SavedTrialsError};
use crate::report::figure::ImageError;
use crate::report::{SelectionError, SpliceError, counted};
use crate::store::{Loss, PartFault, SaveError, StoreError};
use kl_math::distribution::PairError;
use kl_math::divergence::fit::FitError;
use kl_math::statistics::EvidenceError;
use kl_sim::simulation::EngineError;
use std::error::Error as StdError;

/// Why a command could not run. Each leads to exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Mistakes in experiment files or flags.
    #[error("mistakes in the experiment files")]
    Specs(Vec<Diagnostics>),
    /// A failure of the results folder.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Parts of a run that cannot be used.
    #[error("the parts cannot be used")]
    Parts(Vec<PartFault>),
    /// Runs that would lose what took time.
    #[error("earlier results would be lost")]
    Losses(Vec<Loss>),
    /// Pilots that do not tell how many trials are needed.
    #[error("the number of trials is not known")]
    Pilots(Vec<PilotError>),
    /// The engine with its threads.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// No experiment file is named.
    #[error("no experiment file is named")]
    NoSpec,
    /// Two files whose results would share a folder.
    #[error("{first} and {second} would both write to the results folder `{name}`")]
    SameName {
        /// One file.
        first: String,
        /// The other.
        second: String,
        /// The name that they share.
        name: String,
    },
    /// A file whose name cannot be the name of a folder.
    #[error("the name of {path} cannot be the name of a results folder: {reason}")]
    Nameless {
        /// The path.
        path: String,
        /// The reason.
        reason: String,
    },
    /// Programs that may not be started without permission.
    #[error("the experiment would start programs that are not part of `runner`:\n  {}", .commands.join("\n  "))]
    Commands {
        /// Each command with its experiment and estimator.
        commands: Vec<String>,
    },
    /// Programs that failed too often.
    #[error("an estimator failed too often, so there is nothing to check")]
    Stopped,
    /// `kl` without a pair.
    #[error("no pair of distributions is named")]
    NoPair,
    /// Trials that cannot be summarized.
    #[error(transparent)]
    Trials(#[from] TrialsError),
    /// Data that nothing can be estimated from.
    #[error("the data cannot be used")]
    Samples(Vec<SampleError>),
    /// Files and folders that cannot be summarized together.
    #[error("{file} is a file of trials and {folder} a results folder, which are not summarized together")]
    FilesAndFolders {
        /// A file.
        file: String,
        /// A folder.
        folder: String,
    },
    /// A flag that is of files only.
    #[error(
        "{flag} is for files of trials: {folder} is a results folder, whose columns are known and whose summary.csv has the estimands"
    )]
    FlagOfFiles {
        /// The flag.
        flag: &'static str,
        /// The folder.
        folder: String,
    },
    /// A results folder that is to be saved again.
    #[error("{folder} is a results folder: its trials are saved already")]
    SavedAlready {
        /// The folder.
        folder: String,
    },
    /// Trials that cannot be saved.
    #[error(transparent)]
    Save(#[from] SaveError),
    /// A flag that saved trials do not have.
    #[error("{flag} is for results of runs: {folder} holds saved trials")]
    FlagOfRuns {
        /// The flag.
        flag: &'static str,
        /// The folder.
        folder: String,
    },
    /// Saved trials and experiment files, which are not checked together.
    #[error("{folder} holds saved trials and {spec} does not: they are not checked together")]
    SpecsAndTrials {
        /// An experiment file.
        spec: String,
        /// A folder of saved trials.
        folder: String,
    },
    /// Two studies that one table cannot hold.
    #[error("{folder} is a second study, whose groups are by columns of its own")]
    TwoStudies {
        /// The folder.
        folder: String,
    },
    /// Flags of `runner report` that cannot be followed.
    #[error(transparent)]
    Report(#[from] RequestError),
    /// A picture that could not be converted.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// Folders of two kinds that one output cannot hold.
    #[error("{folder} holds saved trials and {run} the results of a run, whose columns differ")]
    TwoKinds {
        /// A folder of saved trials.
        folder: String,
        /// A folder of a run.
        run: String,
    },
    /// Groups of results that mix conditions.
    #[error("--by does not name `condition`, and each condition of results has an estimand of its own")]
    GroupsOfConditions,
    /// `score` with one model and nothing to compare it with.
    #[error("there is one model, and nothing to compare it with")]
    OneModel,
    /// A word among priors that is no number.
    #[error("prior {place} of --prior is {found:?}, which is not a number")]
    Prior {
        /// Which, from 1.
        place: usize,
        /// The word.
        found: String,
    },
    /// Priors that are none.
    #[error("--prior: {0}")]
    Priors(EvidenceError),
    /// Models that cannot be compared by a sequence.
    #[error("{place}: {error}")]
    Evidence {
        /// The input, and the line.
        place: String,
        /// Why.
        error: EvidenceError,
    },
    /// `score` without a sequence.
    #[error("{name} holds no sequence")]
    NoSequence {
        /// The name of the input.
        name: String,
    },
    /// A pair whose sequences cannot be read from text.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// P and Q that cannot be compared.
    #[error(transparent)]
    Pair(#[from] PairError),
    /// No fit that was asked for exists.
    #[error("there is no fit: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Fits(Vec<FitError>),
    /// Input that cannot be read.
    #[error("cannot read {name}")]
    Input {
        /// The file, or `<stdin>`.
        name: String,
        /// The error of the system.
        source: std::io::Error,
    },
    /// A file that is not the demo's, where the demo would write.
    #[error("{path} is not what a demo left, and is not replaced")]
    Foreign {
        /// The path.
        path: String,
    },
    /// A file that cannot be written.
    #[error("cannot write {name}")]
    Write {
        /// The file.
        name: String,
        /// The error of the system.
        source: std::io::Error,
    },
    /// A report that cannot be put into XML.
    #[error("cannot make the JUnit report: {0}")]
    Junit(String),
    /// Results that cannot be read.
    #[error("the results cannot be read")]
    Results(Vec<ResultsError>),
    /// A table that cannot be made.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// A document with a marker that is not closed.
    #[error("{name}, {mistake}")]
    Splice {
        /// The document.
        name: String,
        /// The mistake.
        mistake: SpliceError,
    },
    /// A document without a marker.
    #[error("{name} has no marker for a report")]
    NoMarker {
        /// The document.
        name: String,
    },
    /// A marker with arguments that are not valid.
    #[error("the marker at {place} is not a valid report: {reason}")]
    Marker {
        /// The document and the line.
        place: String,
        /// The reason.
        reason: String,
    },
    /// A condition that the experiment does not have.
    #[error("there is no condition {found}: the experiment has {count}")]
    NoCondition {
        /// The number that was given.
        found: u64,
        /// The number of those that exist.
        count: u64,
    },
    /// A condition that cannot be run.
    #[error("condition {condition} has no trials: {reason}")]
    Refused {
        /// The number of the condition, from 1.
        condition: u64,
        /// The reason.
        reason: String,
    },
    /// A trial that the condition does not have.
    #[error("there is no trial {found}: the condition has {count}")]
    NoTrial {
        /// The number that was given.
        found: u64,
        /// The number of those that exist.
        count: u64,
    },
    /// A trial of the sampler `tally`.
    #[error("the sampler `tally` draws all trials at once, so no single trial can be replayed")]
    Tallied,
    /// Some lines could not be used; the others were.
    #[error("{bad} of the lines of {name} could not be used")]
    BadLines {
        /// The file, or `<stdin>`.
        name: String,
        /// The number of bad lines.
        bad: usize,
    },
    /// A verb that is misspelt or in the wrong place.
    #[error("there is no file {word}")]
    LooksLikeVerb {
        /// The word.
        word: String,
        /// The verb that was probably meant.
        verb: String,
    },
    /// A manual page that there is not.
    #[error("there is no manual page of `{word}`")]
    NoPage {
        /// The word.
        word: String,
        /// What to write instead.
        help: String,
    },
    /// Signals cannot be received.
    #[error("cannot install a handler for Ctrl-C")]
    Signals(#[source] std::io::Error),
    /// Standard output failed after the work was done.
    #[error("{done}, but writing to standard output failed")]
    Unreported {
        /// The work that was done.
        done: String,
        /// The error of the system.
        source: std::io::Error,
    },
    /// Standard output failed.
    #[error("cannot write to standard output")]
    Output(#[source] std::io::Error),
}

impl From<SavedTrialsError> for Error {
    fn from(error: SavedTrialsError) -> Self {
        match error {
            SavedTrialsError::Results(error) => Self::Results(vec![error]),
            SavedTrialsError::Trials(error) => Self::Trials(error),
        }
    }
}

impl Error {
    /// The same error after some work was done: only its report failed.
    pub(crate) fn after(self, done: impl FnOnce() -> String) -> Self {
        match self {
            Self::Output(source) => Self::Unreported { done: done(), source },
            other => other,
        }
    }

    /// The message for standard error: the error, its causes, and advice. Lines of experiment files are cut to `width` columns. Without
    /// `color` it is plain text.
    pub fn render(&self, color: bool, width: Option<usize>) -> String {
        if let Self::Specs(files) = self {
            // A bad flag is a mistake in every file: it is shown once.
            let mut shown: Vec<String> = Vec::new();
            for mistake in files.iter().flat_map(|file| file.drawings(color, width)) {
                if !shown.contains(&mistake) {
                    shown.push(mistake);
                }
            }
            return shown.join("\n\n") + "\n";
        }
        let red = if color { anstyle::AnsiColor::Red.on_default().bold() } else { anstyle::Style::new() };
        let told = |message: &str, help: &str| {
            format!("{red}error{red:#}: {}\n  help: {}\n", printable(message), printable(help))
        };
        if let Self::Results(mistakes) = self {
            return mistakes
                .iter()
                .map(|mistake| {
                    let help = format!("  help: {}\n", printable(mistake.help()));
                    format!("{red}error{red:#}: {}\n{}{help}", printable(&mistake.to_string()), causes(mistake))
                })
                .collect();
        }
        if let Self::Parts(faults) = self {
            let message = |alike: &[PartFault]| {
                let [fault, others @ ..] = alike else { return String::new() };
                let more = match others.len() {
                    0 => String::new(),
                    more => format!(
                        " (and so {} {})",
                        if more == 1 { "is" } else { "are" },
                        counted(more as u64, "more part")
                    ),
                };
                told(&format!("{fault}{more}"), fault.help())
            };
            return faults.chunk_by(PartFault::is_like).map(message).collect();
        }
        if let Self::Losses(losses) = self {
            let message = |loss: &Loss| {
                let (message, help) = (printable_lines(&loss.to_string()), printable(loss.help()));
                format!("{red}error{red:#}: {message}\n{}  help: {help}\n", causes(loss))
            };
            return losses.iter().map(message).collect();
        }
        if let Self::Pilots(errors) = self {
            let message = |error: &PilotError| {
                let (message, help) = (printable(&error.to_string()), printable(error.help()));
                format!("{red}error{red:#}: {message}\n{}  help: {help}\n", causes(error))
            };
            return errors.iter().map(message).collect();
        }
        let of_cells = |name: &str, first: &[CellMistake], count: u64| {
            let more = count - first.len() as u64;
            let rest = if more > 0 { format!("and {more} more mistakes like these\n") } else { String::new() };
            let first = first.iter().map(|mistake| told(&mistake.message(name), &mistake.help));
            first.collect::<String>() + &rest
        };
        if let Self::Trials(TrialsError::Cells { name, first, count }) = self {
            return of_cells(name, first, *count);
        }
        if let Self::Samples(mistakes) = self {
            let message = |mistake: &SampleError| match mistake {
                SampleError::Table(TrialsError::Cells { name, first, count }) => of_cells(name, first, *count),
                _ => {
                    let help = mistake.help().map(|help| format!("  help: {}\n", printable(&help))).unwrap_or_default();
                    format!("{red}error{red:#}: {}\n{}{help}", printable(&mistake.to_string()), causes(mistake))
                }
            };
            return mistakes.iter().map(message).collect();
        }
        let message = match self {
            // The messages of these have several lines.
            Self::Commands { .. } | Self::Marker { .. } => printable_lines(&self.to_string()),
            _ => printable(&self.to_string()),
        };
        let mut text = format!("{red}error{red:#}: {message}\n{}", causes(self));
        if let Some(help) = self.help() {
            text.push_str(&format!("  help: {}\n", printable(&help)));
        }
        text
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Store(error) => Some(error.help().to_owned()),
            Self::Engine(_) => Some("ask for fewer with --threads".to_owned()),
            Self::NoSpec => Some("name one, as in `runner experiments/coin.toml`, or see `runner --help`".to_owned()),
            Self::SameName { .. } => Some("rename one, or run them one by one with different --out folders".to_owned()),
            Self::Nameless { .. } => Some("rename it, as to coin.toml".to_owned()),
            Self::LooksLikeVerb { word, verb } => {
                Some(format!("for the command write `runner {verb}` first; for a file of that name write ./{word}"))
            }
            Self::NoPage { help, .. } => Some(help.clone()),
            Self::Commands { .. } => Some("if you trust them, add --allow-commands".to_owned()),
            Self::Stopped => Some("run the experiment on its own to see which trials fail".to_owned()),
            Self::NoPair => Some("for example: runner kl --p 0.5,0.5 --q 0.4,0.6".to_owned()),
            Self::FilesAndFolders { .. } => Some("summarize them one by one".to_owned()),
            Self::FlagOfFiles { folder, .. } => {
                Some(format!("leave it out, or name the file, as in {folder}/trials.csv"))
            }
            Self::SavedAlready { .. } => Some("leave out --save, or name files of trials".to_owned()),
            Self::Save(error) => Some(error.help().to_owned()),
            Self::Report(error) => Some(error.help()),
            Self::Image(error) => Some(error.help().to_owned()),
            Self::FlagOfRuns { .. } => Some("leave it out, or name results of runs only".to_owned()),
            Self::SpecsAndTrials { .. } => Some("check them one by one".to_owned()),
            Self::TwoKinds { .. } | Self::TwoStudies { .. } => Some("name them one by one".to_owned()),
            Self::GroupsOfConditions => Some("add it, as in --by condition,estimator".to_owned()),
            Self::OneModel => Some("name the source with --p, or another model with a second --q".to_owned()),
            Self::Prior { .. } | Self::Priors(_) => {
                Some("write a probability for each model, P first, that sum to 1, such as --prior 0.5,0.3,0.2".to_owned())
            }
            Self::Evidence { error: EvidenceError::Impossible, .. } => {
                Some("add a model that gives mass to every symbol of the sequence".to_owned())
            }
            Self::Evidence { error: EvidenceError::Excluded, .. } => {
                Some("give a prior above 0 to a model that can produce the sequence".to_owned())
            }
            Self::Evidence { .. } => Some("leave out the model whose density is infinite there".to_owned()),
            Self::NoSequence { .. } => Some("write symbols such as HHTHHT, or numbers, one sequence per line".to_owned()),
            Self::Unreadable(unreadable) => Some(unreadable.help().to_owned()),
            Self::Foreign { .. } => Some("choose another folder with --out".to_owned()),
            Self::Input { .. } => Some("check the path, or use - for standard input".to_owned()),
            Self::NoCondition { .. } | Self::NoTrial { .. } => Some("count from 1, as the results do".to_owned()),
            Self::Refused { .. } => Some("replay another condition".to_owned()),
            Self::Tallied => Some("use another sampler: --sampler counts, or --sampler sequence".to_owned()),
            Self::Write { .. } => Some("choose a folder that you can write to".to_owned()),
            Self::Pair(error) => Some(pair_help(error).to_owned()),
            Self::Fits(errors) => Some(fit_help(errors).to_owned()),
            Self::Trials(error) => error.help(),
            Self::Selection(mistake) => Some(mistake.help()),
            Self::NoMarker { .. } => Some(
                "write `<!-- runner report results/coin -->` and `<!-- end of runner report -->`, each on a line of its own".to_owned(),
            ),
            Self::Marker { .. } => {
                Some("write the arguments of `runner report`, as in <!-- runner report results/coin --columns N,mean -->".to_owned())
            }
            Self::Unreported { .. } => Some("the files are complete".to_owned()),
            Self::Samples(_) => None,
            Self::Results(_) | Self::Parts(_) | Self::Losses(_) | Self::Pilots(_) | Self::Splice { .. } => None,
            Self::Junit(_) | Self::Specs(_) | Self::Signals(_) | Self::Output(_) | Self::BadLines { .. } => None,
        }
    }
}

/// What to write instead where there is no fit.
fn fit_help(errors: &[FitError]) -> &'static str {
    match errors {
        [FitError::NoVariance] => "write --direction reverse, or truncate P",
        [FitError::NotCovered { .. }] => "write --direction forward",
        [FitError::AllImpossible] => "write --direction forward, or leave a symbol that P can produce untied",
        [FitError::Unresolved, ..] => "give a P that is wider, or nearer to 0",
        [FitError::Unsettled, ..] => "give a P whose parameters are less extreme",
        _ => "give another P, such as --p 'laplace(location=0, scale=1)'",
    }
}

/// The causes of an error, a line each.
fn causes(error: &dyn StdError) -> String {
    let mut text = String::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        let line = format!("  because: {}\n", printable(&error.to_string()));
        // Some libraries repeat the message of the error that they wrap.
        if !text.ends_with(&line) {
            text.push_str(&line);
        }
        cause = error.source();
    }
    text
}
