//! Programs of the user's own that make estimates: they are started, sent trial after trial, and not trusted to answer. A function in
//! this process is asked about many trials at once.

mod answer;
mod claims;
mod failed_trials;
mod function;
mod introduction;
mod one_trial;
mod process;
mod processes;
mod program;
mod scorer;

pub use answer::{Answer, AnswerFault, Failure};
pub use claims::{Expected, ProgramClaims, Twin};
pub use failed_trials::{FailedTrials, KEPT_FAILURES};
pub use function::{Function, FunctionContext, FunctionError, TrialBatch, TrialData};
pub use one_trial::one_trial;
pub use program::{Maker, Program, ProgramCommand, ProgramInput};

use claims::ClaimsHere;
use function::FunctionScorer;
use kl_math::distribution::Pair;
use kl_math::statistics::Unit;
use kl_sim::estimator::{Claims, External, Scorer};
use kl_sim::simulation::{Cancel, Role, StreamKey};
use processes::Processes;
use scorer::ProgramScorer;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A program that makes the estimates of one condition.
///
/// If it is started, each thread that has need of one has a copy of it. It reads on its standard input a line of JSON that introduces
/// the condition, then one for each trial, and writes one line for each trial to its standard output; see [`Answer`]. One that fails
/// is replaced. Once more trials than may have failed, no more are asked for; nor after a line that nobody asked for.
pub struct Programs<'a> {
    program: &'a Program,
    pair: &'a Pair,
    n: u64,
    maker: MakerHere<'a>,
    seeds: StreamKey,
    trials: u64,
    most_failures: u64,
    cancel: Cancel,
    failed: Mutex<FailedTrials>,
    is_stopped: AtomicBool,
    claims: ClaimsHere,
}

/// What makes the estimates, ready for one condition.
enum MakerHere<'a> {
    Processes(Processes<'a>),
    Function(&'a dyn Function, Arc<FunctionContext>),
}

/// What all programs of an experiment have in common.
#[derive(Clone, Copy, Debug)]
pub struct ProgramContext<'a> {
    /// The folder they are started in.
    pub folder: &'a Path,
    /// The unit of the numbers in the experiment file.
    pub unit: Unit,
    /// The experiment's seed.
    pub seed: u64,
    /// The number of trials of the condition.
    pub trials: u64,
    /// Ends all waiting when it is cancelled.
    pub cancel: &'a Cancel,
}

impl<'a> Programs<'a> {
    /// The copies of a program for sequences of `n` symbols of one condition, counted from 1. None is started yet.
    pub fn new(program: &'a Program, condition: usize, pair: &'a Pair, n: u64, context: ProgramContext<'_>) -> Self {
        let maker = match &program.maker {
            Maker::Command(command) => {
                let introduction = introduction::line(program, condition, pair, n);
                MakerHere::Processes(Processes::new(command, context.folder, introduction))
            }
            Maker::Function(function) => {
                let facts = introduction::facts(program, condition, pair, n);
                MakerHere::Function(function.as_ref(), Arc::new(FunctionContext { condition, facts }))
            }
        };
        Self {
            program,
            pair,
            n,
            maker,
            seeds: StreamKey::new(context.seed, Role::Estimator, "", n, pair.source()),
            trials: context.trials,
            most_failures: program.most_failures(context.trials),
            cancel: context.cancel.clone(),
            failed: Mutex::default(),
            is_stopped: AtomicBool::new(false),
            claims: ClaimsHere::of(&program.claims, pair, n, context.unit),
        }
    }

    /// The trials that failed so far.
    pub fn failed(&self) -> FailedTrials {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether no more is to be asked.
    fn is_over(&self) -> bool {
        self.is_stopped() || self.cancel.reason().is_some()
    }

    fn note(&self, trial: u64, failure: Failure) {
        // What it answered before may have been to other questions.
        let has_spoilt_all = matches!(failure, Failure::TooMuch { .. } | Failure::Surplus { .. });
        let cannot_work = matches!(failure, Failure::CannotStart { .. } | Failure::Unfit { .. });
        if has_spoilt_all || cannot_work {
            self.is_stopped.store(true, Ordering::Relaxed);
        }
        let mut noted = FailedTrials::default();
        noted.note(trial, failure);
        self.take_in(noted);
    }

    /// Adds trials that failed elsewhere.
    pub fn take_in(&self, others: FailedTrials) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.merge(others);
        if failed.count() > self.most_failures {
            self.is_stopped.store(true, Ordering::Relaxed);
        }
    }

    /// Ends all copies, since no more will be asked. One that has answered more often than it was asked has spoilt all.
    pub fn close(&self) {
        if let MakerHere::Processes(processes) = &self.maker {
            for answer in processes.close() {
                self.note(self.trials.saturating_sub(1), Failure::Surplus { answer });
            }
        }
    }

    /// What the trial's own random numbers are to start from.
    fn seed(&self, trial: u64) -> u64 {
        self.seeds.seed(trial)
    }
}

impl External for Programs<'_> {
    fn name(&self) -> &str {
        &self.program.name
    }

    fn model_draws(&self) -> Option<u64> {
        self.program.model_draws
    }

    fn scorer(&self) -> Box<dyn Scorer + '_> {
        match &self.maker {
            MakerHere::Processes(processes) => Box::new(ProgramScorer::new(self, processes)),
            MakerHere::Function(function, context) => Box::new(FunctionScorer::new(self, *function, context)),
        }
    }

    fn takes_many(&self) -> bool {
        matches!(self.maker, MakerHere::Function(..))
    }

    fn claims(&self) -> Claims<'_> {
        self.claims.of_program(&self.program.claims)
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }
}

impl std::fmt::Debug for Programs<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Programs").field("program", self.program).field("n", &self.n).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kl_math::distribution::Bernoulli;

    /// After a line that nobody asked for, no earlier answer can be trusted; a trial that failed by itself is one of those that may.
    #[test]
    fn a_line_too_many_ends_the_condition() {
        let pair = Pair::of(Bernoulli::new(0.5).unwrap(), Bernoulli::new(0.4).unwrap()).unwrap();
        let program = Program { failures: Some(10), ..Program::new("mine", ["mine"]) };
        let (cancel, answer) = (Cancel::default(), || "0".to_owned());
        let context =
            ProgramContext { folder: Path::new("."), unit: Unit::Nats, seed: 1, trials: 100, cancel: &cancel };
        for (failure, ends) in [
            (Failure::TooMuch { answer: answer() }, true),
            (Failure::Surplus { answer: answer() }, true),
            (Failure::CannotStart { reason: "gone".to_owned() }, true),
            (Failure::TimedOut { seconds: 1.0, said: None }, false),
        ] {
            let programs = Programs::new(&program, 1, &pair, 10, context);
            programs.note(3, failure.clone());
            assert_eq!((programs.failed().count(), programs.is_stopped()), (1, ends), "{failure}");
        }
    }
}
