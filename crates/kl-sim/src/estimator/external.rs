//! Estimators that are programs of the user's own.

use super::{Batch, Estimator, Outcome, Scorer, Settings, Theory, View};
use kl_math::distribution::Pair;
use kl_math::divergence::{Cumulants, Spread};
use kl_math::law::Bins;
use std::borrow::Cow;
use std::time::Duration;

/// A program that makes the estimates, and how it is spoken to.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// Its name and arguments; at least the name is there.
    pub command: Vec<String>,
    /// What it is told of each trial.
    pub input: ProgramInput,
    /// M, if it is told the counts of so many symbols from Q as well.
    pub model_draws: Option<u64>,
    /// How long an answer may take.
    pub patience: Duration,
    /// How many trials of a condition may fail; none for what [`most_failures`](Self::most_failures) says.
    pub failures: Option<u64>,
}

/// What a program is told of each trial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProgramInput {
    /// Every symbol or value, in order.
    #[default]
    Sequence,
    /// How often each symbol occurs.
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
    /// The keys of its table in a file.
    pub const KEYS: [&str; 6] = ["name", "command", "input", "M", "timeout", "max_failures"];

    /// How it may be written.
    pub const EXAMPLE: &str = "{ name = \"mine\", command = [\"python3\", \"mine.py\"] }";

    /// What it is, in a sentence.
    pub const MEANING: &str = "a program of your own: see docs/own-estimator.md";

    /// How long an answer may take unless a file says otherwise: also the first, for which much may have to be loaded.
    pub const PATIENCE: Duration = Duration::from_secs(30);

    /// The longest sequence that is told in full.
    pub const MOST_TOLD: u64 = 10_000_000;

    /// How many of `trials` trials may fail before no more are asked for: one in a hundred, and at least ten, unless a file says otherwise.
    ///
    /// ```
    /// use kl_sim::estimator::{Program, ProgramInput};
    /// let input = ProgramInput::Counts;
    /// let program = Program { command: vec!["./mine".into()], input, model_draws: None, patience: Program::PATIENCE, failures: None };
    /// assert_eq!((program.most_failures(100), program.most_failures(5_000)), (10, 50));
    /// ```
    pub fn most_failures(&self, trials: u64) -> u64 {
        self.failures.unwrap_or((trials / 100).max(10))
    }

    /// What has to be seen of a sequence to tell it.
    pub fn view(&self, pair: &Pair) -> View {
        match self.input {
            ProgramInput::Counts => View::Counts,
            ProgramInput::Sequence if pair.values().is_some() => View::Draws,
            ProgramInput::Sequence => View::Symbols,
        }
    }
}

/// An estimator that somebody else wrote, as a program of its own. Nothing is known of its estimates beforehand but what they
/// are to estimate.
///
/// The program itself is started by the simulation; see [`Programs`](crate::simulation::Programs).
#[derive(Clone, Debug)]
pub struct External {
    name: String,
    program: Program,
}

impl External {
    /// An estimator of that name, whose estimates `program` makes.
    ///
    /// ```
    /// use kl_sim::estimator::{Estimator, External, Program, ProgramInput};
    /// let command = vec!["python3".to_owned(), "mine.py".to_owned()];
    /// let input = ProgramInput::Sequence;
    /// let program = Program { command, input, model_draws: None, patience: Program::PATIENCE, failures: None };
    /// let mine = External::new("mine".to_owned(), program);
    /// assert!(mine.name() == "mine" && mine.program().is_some());
    /// ```
    pub fn new(name: String, program: Program) -> Self {
        Self { name, program }
    }

    /// Variance of one symbol's log ratio over n, which is near the estimate's if it is a good one.
    fn likely_std_dev(spread: Option<Spread>, n: u64) -> f64 {
        spread.map_or(f64::INFINITY, |spread| (spread.variance / n as f64).sqrt())
    }
}

impl Estimator for External {
    fn name(&self) -> &str {
        &self.name
    }

    fn written(&self) -> (&'static str, Settings) {
        ("", Settings::new())
    }

    fn program(&self) -> Option<&Program> {
        Some(&self.program)
    }

    fn suits(&self, pair: &Pair, n: u64) -> Result<(), String> {
        let (source, longest) = (pair.source(), Program::MOST_TOLD);
        let has_counts = pair.symbols().is_some();
        match self.program.input {
            ProgramInput::Counts if !has_counts => Err(format!(
                "is to be told how often each symbol occurs, which says too little of sequences from {source}: write \
                 input = \"sequence\""
            )),
            _ if self.program.model_draws.is_some() && pair.chains().is_some() => {
                Err(format!("is to be told symbols from Q beside those from {source}, which have a memory"))
            }
            _ if pair.values().is_some() && self.program.model_draws.is_some_and(|m| m > longest) => {
                Err(format!("is to be told every value of a sample from Q, at most {longest} of them"))
            }
            ProgramInput::Sequence if n > longest => {
                Err(format!("is to be told every symbol of a sequence, at most {longest} of them, and here are {n}"))
            }
            _ => Ok(()),
        }
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        Theory::of_estimand(pair, n)
    }

    fn moments(&self, _: &Pair, _: u64) -> (Option<f64>, Option<f64>) {
        (None, None)
    }

    fn bins(&self, pair: &Pair, n: u64) -> Bins {
        let everything = (f64::NEG_INFINITY, f64::INFINITY);
        let (mean, std_dev) = if pair.chains().is_some() {
            let known = super::LogRatio.theory(pair, n);
            (known.closed_form, known.variance.map_or(f64::INFINITY, f64::sqrt))
        } else {
            let known = Cumulants::of(pair);
            (known.mean, Self::likely_std_dev(known.spread, n))
        };
        Bins::new(None, mean, std_dev, everything, 0.0)
    }

    fn symbol_values<'a>(&self, _: &'a Pair) -> Option<Cow<'a, [f64]>> {
        None
    }

    fn is_symbol_mean(&self, _: &Pair) -> bool {
        false
    }

    fn model_draws(&self, _: u64) -> Option<u64> {
        self.program.model_draws
    }

    fn scorer<'a>(&'a self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
        Box::new(Onlooker { view: self.program.view(pair), n })
    }
}

/// Sees what the program would see, and has no estimate of its own.
#[derive(Debug)]
struct Onlooker {
    view: View,
    n: u64,
}

impl Scorer for Onlooker {
    fn view(&self) -> View {
        self.view
    }

    fn score(&mut self, batch: &Batch, outcomes: &mut Vec<Outcome>) {
        if batch.end == self.n {
            outcomes.extend((0..batch.trials).map(|_| Outcome::failed(self.n)));
        }
    }

    fn running(&self, _: u64) -> f64 {
        f64::NAN
    }
}
