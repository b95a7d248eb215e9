//! Floor 5: everything that can keep a command from its work.

use crate::external_trials::{CellMistake, TrialsError};
use crate::outside::{printable, printable_lines};
use crate::record::ResultsError;
use crate::report::{SelectionError, SpliceError};
use crate::spec::Diagnostics;
use crate::store::StoreError;
use kl_math::distribution::PairError;
use kl_sim::simulation::EngineError;
use std::error::Error as StdError;

/// Why a command could not run. Each leads to exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Mistakes in experiment files or flags.
    #[error("mistakes in the experiment files")]
    Specs(Vec<Diagnostics>),
    /// The results folder.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The threads.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Nothing to run.
    #[error("no experiment file is named")]
    NoSpec,
    /// Two files whose results would share a folder.
    #[error("{first} and {second} would both write to results of the name `{name}`")]
    SameName {
        /// One file.
        first: String,
        /// The other.
        second: String,
        /// Their stem.
        name: String,
    },
    /// A file whose name gives no folder name.
    #[error("{path} has no name that a results folder could take: {reason}")]
    Nameless {
        /// The path.
        path: String,
        /// What keeps it from being one.
        reason: String,
    },
    /// Programs that were not allowed.
    #[error("the experiment would start programs that are not part of this one:\n  {}", .commands.join("\n  "))]
    Commands {
        /// Each with its experiment and estimator.
        commands: Vec<String>,
    },
    /// Programs that failed.
    #[error("an estimator failed too often, so that there is nothing to check")]
    Stopped,
    /// `kl` without a pair.
    #[error("no pair of distributions is named")]
    NoPair,
    /// Trials that cannot be summarized.
    #[error(transparent)]
    Trials(#[from] TrialsError),
    /// `score` without a sequence.
    #[error("{name} holds no sequence")]
    NoSequence {
        /// Where sequences were looked for.
        name: String,
    },
    /// A symbol that no text can hold.
    #[error("the symbol {symbol:?} cannot be read from a text: a space, a comma or a line's end parts it")]
    UnreadableSymbol {
        /// The symbol.
        symbol: String,
    },
    /// P and Q do not go together.
    #[error(transparent)]
    Pair(#[from] PairError),
    /// Input that cannot be read.
    #[error("cannot read {name}")]
    Input {
        /// The file, or `<stdin>`.
        name: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file that cannot be written.
    #[error("cannot write {name}")]
    Write {
        /// The file.
        name: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A report that cannot be put into XML.
    #[error("cannot make the JUnit report: {0}")]
    Junit(String),
    /// Results that cannot be read.
    #[error("results that cannot be read")]
    Results(Vec<ResultsError>),
    /// A table that cannot be made.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// A document whose markers do not pair.
    #[error("{name}, {mistake}")]
    Splice {
        /// The document.
        name: String,
        /// What is wrong.
        mistake: SpliceError,
    },
    /// A document without a place for a report.
    #[error("{name} has no marker for a report")]
    NoMarker {
        /// The document.
        name: String,
    },
    /// A marker that asks for no table.
    #[error("the marker at {place} cannot be followed: {reason}")]
    Marker {
        /// The document and the line.
        place: String,
        /// Why.
        reason: String,
    },
    /// A condition that the experiment does not have.
    #[error("there is no condition {found}: the experiment has {count}")]
    NoCondition {
        /// What was asked for.
        found: u64,
        /// How many there are.
        count: u64,
    },
    /// A condition that cannot be had.
    #[error("condition {condition} has no trials: {reason}")]
    Refused {
        /// Which, from 1.
        condition: u64,
        /// Why.
        reason: String,
    },
    /// A trial that the condition does not have.
    #[error("there is no trial {found}: the condition has {count}")]
    NoTrial {
        /// What was asked for.
        found: u64,
        /// How many there are.
        count: u64,
    },
    /// A trial of a tally.
    #[error("the sampler `tally` draws all trials at once, and there is no trial to replay")]
    Tallied,
    /// Some lines could not be used; the others were.
    #[error("{bad} of the lines of {name} could not be used")]
    BadLines {
        /// The file, or `<stdin>`.
        name: String,
        /// How many.
        bad: usize,
    },
    /// A verb, misspelt or in the wrong place.
    #[error("there is no file {word}")]
    LooksLikeVerb {
        /// What was written.
        word: String,
        /// What was probably meant.
        verb: &'static str,
    },
    /// Signals cannot be heard.
    #[error("cannot listen for Ctrl-C")]
    Signals(#[source] std::io::Error),
    /// All is done but the telling.
    #[error("{done}, but standard output cannot be written to")]
    Untold {
        /// What is done.
        done: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Standard output is no use.
    #[error("cannot write to standard output")]
    Output(#[source] std::io::Error),
}

impl Error {
    /// The same, told after something was done: what is not told is what failed.
    pub(crate) fn after(self, done: impl FnOnce() -> String) -> Self {
        match self {
            Self::Output(source) => Self::Untold { done: done(), source },
            other => other,
        }
    }

    /// The message for standard error: what is wrong, why, and what to do.
    pub fn render(&self, color: bool) -> String {
        if let Self::Specs(files) = self {
            // A bad flag is a mistake in every file: it is shown once.
            let mut shown: Vec<String> = Vec::new();
            for mistake in files.iter().flat_map(|file| file.drawings(color)) {
                if !shown.contains(&mistake) {
                    shown.push(mistake);
                }
            }
            return shown.join("\n\n") + "\n";
        }
        let red = anstyle::AnsiColor::Red.on_default().bold();
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
        if let Self::Trials(TrialsError::Cells { name, first, count }) = self {
            let more = count - first.len() as u64;
            let rest = if more > 0 { format!("and {more} more mistakes like these\n") } else { String::new() };
            let first = first.iter().map(|mistake: &CellMistake| told(&mistake.message(name), &mistake.help));
            return first.collect::<String>() + &rest;
        }
        let message = match self {
            // These have lines of their own.
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
            Self::Commands { .. } => Some("if you trust them, add --allow-commands".to_owned()),
            Self::Stopped => Some("run the experiment alone to see which trials fail".to_owned()),
            Self::NoPair => Some("for example: runner kl --p 0.5,0.5 --q 0.4,0.6".to_owned()),
            Self::NoSequence { .. } => Some("write symbols such as HHTHHT, or numbers, one sequence a line".to_owned()),
            Self::UnreadableSymbol { .. } => Some("give it another name".to_owned()),
            Self::Input { .. } => Some("check the path, or use - for standard input".to_owned()),
            Self::NoCondition { .. } | Self::NoTrial { .. } => Some("count from 1, as the results do".to_owned()),
            Self::Refused { .. } => Some("replay another condition".to_owned()),
            Self::Tallied => Some("replay another sampler's: --sampler counts, or --sampler sequence".to_owned()),
            Self::Write { .. } => Some("choose a place that you can write to".to_owned()),
            Self::Pair(error) => Some(error.help().to_owned()),
            Self::Trials(error) => error.help(),
            Self::Selection(mistake) => Some(mistake.help()),
            Self::NoMarker { .. } => Some(
                "write `<!-- runner report results/coin -->` and `<!-- end of runner report -->`, each on a line of its own".to_owned(),
            ),
            Self::Marker { .. } => {
                Some("write it as after `runner report`, as in <!-- runner report results/coin --columns N,mean -->".to_owned())
            }
            Self::Untold { .. } => Some("see the files; they are whole".to_owned()),
            Self::Results(_) | Self::Splice { .. } => None,
            Self::Junit(_) | Self::Specs(_) | Self::Signals(_) | Self::Output(_) | Self::BadLines { .. } => None,
        }
    }
}

/// What lies beneath an error, a line each.
fn causes(error: &dyn StdError) -> String {
    let mut text = String::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        let line = format!("  because: {}\n", printable(&error.to_string()));
        // Some libraries repeat the message of what they wrap.
        if !text.ends_with(&line) {
            text.push_str(&line);
        }
        cause = error.source();
    }
    text
}
