//! A program of the user's own, as an experiment names it.

use super::Function;
use super::claims::ProgramClaims;
use kl_math::distribution::Pair;
use kl_sim::estimator::{Batch, Detail, ScoredTrial, Scorer};
use std::sync::Arc;
use std::time::Duration;

/// What makes estimates: a program that is started, or a function in this process.
#[derive(Clone, Debug)]
pub enum Maker {
    /// A program, which is sent trial after trial.
    Command(ProgramCommand),
    /// A function, which is asked about many trials at once.
    Function(Arc<dyn Function>),
}

/// How a program is started, and how long it is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramCommand {
    /// The program and its arguments: at least one word.
    pub words: Vec<String>,
    /// The longest time that an answer may take.
    pub timeout: Duration,
}

/// A program that makes estimates, and what is sent to it.
#[derive(Clone, Debug)]
pub struct Program {
    /// The name of the estimator in results.
    pub name: String,
    /// What makes the estimates.
    pub maker: Maker,
    /// What is sent of each trial.
    pub input: ProgramInput,
    /// M, if a sample of so many symbols from Q is sent as well.
    pub model_draws: Option<u64>,
    /// The number of trials of a condition that may fail; none for what [`most_failures`](Self::most_failures) says.
    pub failures: Option<u64>,
    /// What is claimed of its estimates.
    pub claims: ProgramClaims,
}

/// What is sent to a program of each trial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProgramInput {
    /// Every symbol or value, in order.
    #[default]
    Sequence,
    /// The count of each symbol.
    Counts,
}

impl ProgramInput {
    /// Every choice.
    pub const ALL: [Self; 2] = [Self::Sequence, Self::Counts];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sequence => "sequence",
            Self::Counts => "counts",
        }
    }
}

impl Program {
    /// A program without settings.
    pub fn new<const K: usize>(name: &str, command: [&str; K]) -> Self {
        Self {
            name: name.to_owned(),
            maker: Maker::Command(ProgramCommand {
                words: command.map(str::to_owned).to_vec(),
                timeout: Self::TIMEOUT,
            }),
            input: ProgramInput::default(),
            model_draws: None,
            failures: None,
            claims: ProgramClaims::default(),
        }
    }

    /// The keys of its table in a file.
    pub const KEYS: [&str; 9] =
        ["name", "command", "input", "M", "timeout", "max_failures", "expected", "same_as", "tolerance"];

    /// How it may be written.
    pub const EXAMPLE: &str = "{ name = \"mine\", command = [\"python3\", \"mine.py\"] }";

    /// What it is, in a sentence.
    pub const MEANING: &str = "a program of your own, tested against expected or same_as: see docs/own-estimator.md";

    /// The longest time that an answer may take unless a file says otherwise. It holds for the first answer too, before which
    /// the program may have much to load.
    pub const TIMEOUT: Duration = Duration::from_secs(30);

    /// The longest sequence that is sent in full.
    pub const LONGEST: u64 = 10_000_000;

    /// The number of `trials` trials that may fail before no more are sent: one in a hundred, and at least ten, unless a file
    /// says otherwise.
    ///
    /// ```
    /// use kl_runner::programs::Program;
    /// let program = Program::new("mine", ["./mine"]);
    /// assert_eq!((program.most_failures(100), program.most_failures(5_000)), (10, 50));
    /// ```
    pub fn most_failures(&self, trials: u64) -> u64 {
        self.failures.unwrap_or((trials / 100).max(10))
    }

    /// The command that starts it, if it is not a function.
    pub fn command(&self) -> Option<&ProgramCommand> {
        match &self.maker {
            Maker::Command(command) => Some(command),
            Maker::Function(_) => None,
        }
    }

    /// How much of a sequence has to be drawn.
    pub fn detail(&self) -> Detail {
        match self.input {
            ProgramInput::Counts => Detail::Totals,
            ProgramInput::Sequence => Detail::Sequence,
        }
    }

    /// Whether it can work on sequences of `n` symbols of `pair`; or why it cannot, in a clause that follows its name.
    pub fn suits(&self, pair: &Pair, n: u64) -> Result<(), String> {
        let (source, longest) = (pair.source(), Self::LONGEST);
        let has_counts = pair.symbols().is_some();
        match self.input {
            ProgramInput::Counts if !has_counts => Err(format!(
                "takes symbol counts, which are not enough for sequences from {source}: write input = \"sequence\""
            )),
            _ if self.model_draws.is_some() && pair.chains().is_some() => {
                Err(format!("takes a sample from Q beside symbols from {source}, which have a memory"))
            }
            _ if pair.values().is_some() && self.model_draws.is_some_and(|m| m > longest) => {
                Err(format!("takes every value of a sample from Q, at most {longest} of them"))
            }
            ProgramInput::Sequence if n > longest => {
                Err(format!("takes every symbol of a sequence, at most {longest} of them, and N is {n}"))
            }
            _ => Ok(()),
        }
    }

    /// A scorer that sees what the program would see and makes no estimates: it stands for the program when time is estimated.
    pub fn stand_in(&self, n: u64) -> impl Scorer + use<> {
        StandIn { detail: self.detail(), n }
    }
}

#[derive(Debug)]
struct StandIn {
    detail: Detail,
    n: u64,
}

impl Scorer for StandIn {
    fn detail(&self) -> Detail {
        self.detail
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        if batch.end == self.n {
            scored.extend((0..batch.trials).map(|_| ScoredTrial::failed(self.n)));
        }
    }

    fn running(&self, _: u64) -> f64 {
        f64::NAN
    }
}
