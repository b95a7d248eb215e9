//! Programs of the user's own that make estimates: they are started, sent trial after trial, and not trusted to answer.

mod answer;
mod claims;
mod failed_trials;
mod introduction;
mod process;
mod program;
mod scorer;

pub use answer::{Answer, AnswerFault, Failure};
pub use claims::{Expected, ProgramClaims, Twin};
pub use failed_trials::{FailedTrials, KEPT_FAILURES};
pub use program::{Program, ProgramInput};

use claims::ClaimsHere;
use kl_math::distribution::Pair;
use kl_math::statistics::Unit;
use kl_sim::estimator::{Claims, External, Scorer};
use kl_sim::simulation::{Cancel, Role, StreamKey};
use process::Process;
use scorer::ProgramScorer;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// The copies of one program that make the estimates of one condition: one for each thread that has need of it.
///
/// Each reads on its standard input a line of JSON that introduces the condition, then one for each trial, and writes one line
/// for each trial to its standard output; see [`Answer`]. One that fails is replaced. Once more trials than may have failed, no
/// more are asked for; nor after a line that nobody asked for.
pub struct Programs<'a> {
    program: &'a Program,
    pair: &'a Pair,
    n: u64,
    folder: PathBuf,
    introduction: Vec<u8>,
    seeds: StreamKey,
    trials: u64,
    most_failures: u64,
    cancel: Cancel,
    idle: Mutex<Vec<Process>>,
    failed: Mutex<FailedTrials>,
    is_stopped: AtomicBool,
    claims: ClaimsHere,
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
        Self {
            program,
            pair,
            n,
            // Programs are started there, and what they are called is a path from there.
            folder: std::path::absolute(context.folder).unwrap_or_else(|_| context.folder.to_owned()),
            introduction: introduction::line(program, condition, pair, n),
            seeds: StreamKey::new(context.seed, Role::Estimator, "", n, pair.source()),
            trials: context.trials,
            most_failures: program.most_failures(context.trials),
            cancel: context.cancel.clone(),
            idle: Mutex::default(),
            failed: Mutex::default(),
            is_stopped: AtomicBool::new(false),
            claims: ClaimsHere::of(&program.claims, pair, n, context.unit),
        }
    }

    /// The trials that failed so far.
    pub fn failed(&self) -> FailedTrials {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The answer to the question of a trial; what goes wrong is noted.
    fn ask(&self, process: &mut Option<Process>, trial: u64, question: &[u8]) -> Option<Answer> {
        if self.is_stopped() || self.cancel.reason().is_some() {
            return None;
        }
        let answer = self.answer(process, trial, question);
        match answer {
            Ok(answer) => Some(answer),
            Err(failure) => {
                // Whatever it says next may be the answer to something else.
                if let Some(process) = process.take() {
                    process.abandon();
                }
                if failure != Failure::NotAsked {
                    self.note(trial, failure);
                }
                None
            }
        }
    }

    fn answer(&self, process: &mut Option<Process>, trial: u64, question: &[u8]) -> Result<Answer, Failure> {
        let waiting = || self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let (asked, question) = match process {
            Some(asked) => (asked, question.to_vec()),
            none => match waiting() {
                Some(asked) => (none.insert(asked), question.to_vec()),
                None => {
                    let started = Process::start(&self.program.command, &self.folder)?;
                    (none.insert(started), [&self.introduction, question].concat())
                }
            },
        };
        Answer::read(&asked.ask(question, self.program.timeout, &self.cancel)?, trial + 1)
    }

    fn note(&self, trial: u64, failure: Failure) {
        // What it answered before may have been to other questions.
        let has_spoilt_all = matches!(failure, Failure::TooMuch { .. } | Failure::Surplus { .. });
        let cannot_work = matches!(failure, Failure::CannotStart { .. });
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
        let mut idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for answer in idle.iter_mut().filter_map(Process::surplus) {
            self.note(self.trials.saturating_sub(1), Failure::Surplus { answer });
        }
    }

    /// Another scorer may ask it.
    fn give_back(&self, process: Process) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(process);
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
        Box::new(ProgramScorer::new(self))
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
