//! Functions of the user's own in this process, which are asked about many trials at once.

use super::{Answer, AnswerFault, Failure, ProgramInput, Programs};
use kl_math::distribution::Pair;
use kl_sim::estimator::{Batch, Detail, ScoredTrial, Scorer};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// A function that makes estimates. It may be asked from any thread, about any batch, in any order.
pub trait Function: fmt::Debug + Send + Sync {
    /// What results call it beside the name of the estimator, such as its name in its program.
    fn name(&self) -> &str;

    /// Whether it asks for a seed for each trial.
    fn takes_seeds(&self) -> bool;

    /// Returns the estimates of all trials of a batch, in order.
    fn estimates(&self, batch: &Arc<TrialBatch>) -> Result<Vec<Answer>, FunctionError>;
}

/// Why a function gave no estimates for a batch.
#[derive(Clone, Debug, PartialEq)]
pub enum FunctionError {
    /// It failed at some of the trials, or at all: they are asked about one by one.
    Raised {
        /// What it said, on one line.
        error: String,
        /// Where, if that is known.
        traceback: String,
    },
    /// What it returned is not a list of estimates, and never will be.
    Unfit {
        /// What is wrong.
        reason: String,
    },
    /// The run is being stopped.
    Interrupted,
}

/// What all trials of a condition have in common.
#[derive(Debug, PartialEq)]
pub struct FunctionContext {
    /// The condition, counted from 1.
    pub condition: usize,
    /// P, Q, N and the rest: the line that a program reads first.
    pub facts: Value,
}

/// Some trials that a function is asked about together.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialBatch {
    /// What all trials of the condition have in common.
    pub context: Arc<FunctionContext>,
    /// The number of the first trial, from 0.
    pub first: u64,
    /// How many there are.
    pub trials: usize,
    /// A seed for each, if the function takes them.
    pub seeds: Option<Vec<u64>>,
    /// What was drawn from P.
    pub sample: TrialData,
    /// What was drawn from Q, if the function asks for that.
    pub model: Option<TrialData>,
}

/// What was drawn for some trials: the same shape for each, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub enum TrialData {
    /// The count of each symbol.
    Counts {
        /// How many symbols there are.
        symbols: usize,
        /// The counts, trial by trial.
        counts: Vec<u64>,
    },
    /// Every symbol, by its place in the alphabet, counted from 0.
    Symbols {
        /// How many each trial has.
        length: usize,
        /// The symbols, trial by trial.
        symbols: Vec<u32>,
    },
    /// Every value.
    Values {
        /// How many each trial has.
        length: usize,
        /// The coordinates of each.
        width: usize,
        /// The values, trial by trial.
        values: Vec<f64>,
    },
}

impl TrialBatch {
    /// The trial at a place, alone.
    fn trial(&self, place: usize) -> Self {
        Self {
            context: Arc::clone(&self.context),
            first: self.first + place as u64,
            trials: 1,
            seeds: self.seeds.as_ref().map(|seeds| part(seeds, place, 1)),
            sample: self.sample.trial(place),
            model: self.model.as_ref().map(|model| model.trial(place)),
        }
    }
}

impl TrialData {
    /// How many numbers a trial has.
    fn numbers(&self) -> usize {
        match self {
            Self::Counts { symbols, .. } => *symbols,
            Self::Symbols { length, .. } => *length,
            Self::Values { length, width, .. } => length.saturating_mul(*width),
        }
    }

    fn trial(&self, place: usize) -> Self {
        let numbers = self.numbers();
        match self {
            Self::Counts { symbols, counts } => {
                Self::Counts { symbols: *symbols, counts: part(counts, place, numbers) }
            }
            Self::Symbols { length, symbols } => {
                Self::Symbols { length: *length, symbols: part(symbols, place, numbers) }
            }
            Self::Values { length, width, values } => {
                Self::Values { length: *length, width: *width, values: part(values, place, numbers) }
            }
        }
    }

    /// Nothing, with the same shape.
    fn emptied(&self) -> Self {
        match *self {
            Self::Counts { symbols, .. } => Self::Counts { symbols, counts: Vec::new() },
            Self::Symbols { length, .. } => Self::Symbols { length, symbols: Vec::new() },
            Self::Values { length, width, .. } => Self::Values { length, width, values: Vec::new() },
        }
    }

    /// What samples of `length` symbols or values of a pair are; `is_counted` if the counts are enough.
    fn of(pair: &Pair, length: u64, is_counted: bool) -> Self {
        let length = length as usize;
        match pair {
            Pair::Symbols(pair) if is_counted => Self::Counts { symbols: pair.symbols().len(), counts: Vec::new() },
            Pair::Values(pair) => {
                let width = pair.source().values().map_or(1, |values| values.space().width());
                Self::Values { length, width: width.max(1), values: Vec::new() }
            }
            Pair::Symbols(_) | Pair::Chains(_) => Self::Symbols { length, symbols: Vec::new() },
        }
    }
}

/// The `place`th of the equal parts of a list.
fn part<T: Clone>(list: &[T], place: usize, size: usize) -> Vec<T> {
    list.iter().skip(place * size).take(size).cloned().collect()
}

/// Asks a function about batches of trials.
///
/// A batch is a matter of the block, of P and Q and of what the function takes: it is the same on any number of threads, whether
/// trials are recorded, and whatever other estimators there are.
pub(super) struct FunctionScorer<'a> {
    programs: &'a Programs<'a>,
    function: &'a dyn Function,
    /// The trials since the last batch.
    waiting: TrialBatch,
    /// How many trials a batch has at most.
    most: usize,
    scratch: Vec<f64>,
}

impl<'a> FunctionScorer<'a> {
    pub(super) fn new(programs: &'a Programs<'a>, function: &'a dyn Function, context: &Arc<FunctionContext>) -> Self {
        /// A batch has at most this many numbers, unless a trial has more.
        const NUMBERS: usize = 1 << 20;
        let (program, pair) = (programs.program, programs.pair);
        let sample = TrialData::of(pair, programs.n, program.input == ProgramInput::Counts);
        let model = program.model_draws.map(|m| TrialData::of(pair, m, true));
        let numbers = sample.numbers().saturating_add(model.as_ref().map_or(0, TrialData::numbers));
        let waiting = TrialBatch {
            context: Arc::clone(context),
            first: 0,
            trials: 0,
            seeds: function.takes_seeds().then(Vec::new),
            sample,
            model,
        };
        let most = 1 << (NUMBERS / numbers.max(1)).max(1).ilog2();
        Self { programs, function, waiting, most, scratch: Vec::new() }
    }

    /// Takes a segment of the trial at a place of a batch.
    fn take(&mut self, batch: &Batch<'_>, place: usize) {
        let (source, length) = (self.programs.pair.source(), batch.length() as usize);
        match &mut self.waiting.sample {
            TrialData::Counts { symbols, counts } => {
                let found = batch.counts().nth(place).unwrap_or_default();
                if batch.start == 0 {
                    counts.extend_from_slice(found);
                } else {
                    let so_far = counts.len().saturating_sub(*symbols);
                    counts.iter_mut().skip(so_far).zip(found).for_each(|(total, count)| *total += count);
                }
            }
            TrialData::Symbols { symbols, .. } => {
                symbols.extend(batch.view.symbols().iter().skip(place * length).take(length));
            }
            TrialData::Values { values: all, .. } => {
                let Some(values) = source.values() else { return };
                let width = values.base_variable().width().max(1);
                for draw in batch.view.draws().chunks_exact(width).skip(place * length).take(length) {
                    all.extend(values.coordinates(draw, &mut self.scratch).iter().map(|x| finite(*x)));
                }
            }
        }
    }

    /// Takes the sample from Q of the trial at a place of a batch.
    fn take_model(&mut self, batch: &Batch<'_>, place: usize) {
        match &mut self.waiting.model {
            Some(TrialData::Counts { counts, .. }) => {
                counts.extend_from_slice(batch.model_counts().nth(place).unwrap_or_default());
            }
            Some(TrialData::Values { length, values: all, .. }) => {
                let Some(values) = self.programs.pair.model().values() else { return };
                let width = values.base_variable().width().max(1);
                for draw in batch.model_draws().chunks_exact(width).skip(place * *length).take(*length) {
                    all.extend(values.coordinates(draw, &mut self.scratch).iter().map(|x| finite(*x)));
                }
            }
            Some(TrialData::Symbols { .. }) | None => {}
        }
    }

    /// Asks about the trials that wait.
    fn ask(&mut self, scored: &mut Vec<ScoredTrial>) {
        let emptied = TrialBatch {
            context: Arc::clone(&self.waiting.context),
            first: 0,
            trials: 0,
            seeds: self.waiting.seeds.as_ref().map(|_| Vec::new()),
            sample: self.waiting.sample.emptied(),
            model: self.waiting.model.as_ref().map(TrialData::emptied),
        };
        let mut batch = std::mem::replace(&mut self.waiting, emptied);
        if batch.trials == 0 {
            return;
        }
        if let Some(seeds) = &mut batch.seeds {
            seeds.extend((batch.first..).take(batch.trials).map(|trial| self.programs.seed(trial)));
        }
        let batch = Arc::new(batch);
        match self.answers(&batch) {
            // Which of them it is must be found out.
            Err(FunctionError::Raised { .. }) if batch.trials > 1 => {
                for place in 0..batch.trials {
                    let trial = Arc::new(batch.trial(place));
                    let answers = self.answers(&trial);
                    self.push(&trial, answers, scored);
                }
            }
            answers => self.push(&batch, answers, scored),
        }
    }

    fn answers(&self, batch: &Arc<TrialBatch>) -> Result<Vec<Answer>, FunctionError> {
        if self.programs.is_over() {
            return Err(FunctionError::Interrupted);
        }
        let answers = self.function.estimates(batch)?;
        if answers.len() == batch.trials {
            Ok(answers)
        } else {
            Err(FunctionError::Unfit {
                reason: format!("it gave {} estimates for {} trials", answers.len(), batch.trials),
            })
        }
    }

    fn push(&self, batch: &TrialBatch, answers: Result<Vec<Answer>, FunctionError>, scored: &mut Vec<ScoredTrial>) {
        let n = self.programs.n;
        let failure = match answers {
            Ok(answers) => {
                scored.extend((batch.first..).zip(answers).map(|(trial, answer)| {
                    let (estimate, std_error) = (answer.estimate, answer.std_error);
                    match answer.checked() {
                        Ok(_) => ScoredTrial { std_error, ..ScoredTrial::of(estimate, n) },
                        Err(rule) => {
                            let rule = if rule == AnswerFault::NotANumber { AnswerFault::NotAnEstimate } else { rule };
                            self.programs.note(trial, Failure::Malformed { answer: written(answer), rule });
                            ScoredTrial::failed(n)
                        }
                    }
                }));
                return;
            }
            Err(FunctionError::Raised { error, traceback }) => Some(Failure::Raised { error, traceback }),
            Err(FunctionError::Unfit { reason }) => Some(Failure::Unfit { reason }),
            Err(FunctionError::Interrupted) => None,
        };
        if let Some(failure) = failure {
            self.programs.note(batch.first, failure);
        }
        scored.extend((0..batch.trials).map(|_| ScoredTrial::failed(n)));
    }
}

impl Scorer for FunctionScorer<'_> {
    fn detail(&self) -> Detail {
        self.programs.program.detail()
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        for place in 0..batch.trials {
            self.take(batch, place);
            if batch.end < self.programs.n {
                continue;
            }
            self.take_model(batch, place);
            if self.waiting.trials == 0 {
                self.waiting.first = batch.first + place as u64;
            }
            self.waiting.trials += 1;
            if self.waiting.trials == self.most {
                self.ask(scored);
            }
        }
    }

    fn settle(&mut self, scored: &mut Vec<ScoredTrial>) {
        self.ask(scored);
    }

    fn running(&self, _: u64) -> f64 {
        f64::NAN
    }
}

/// What is too large for a double is the largest, as for programs.
fn finite(x: f64) -> f64 {
    x.clamp(f64::MIN, f64::MAX)
}

fn written(answer: Answer) -> String {
    let number = |x: f64| if x.is_nan() { "nan".to_owned() } else { kl_math::numeric::shortest(x) };
    let std_error = answer.std_error.map(|x| format!(" ± {}", number(x)));
    number(answer.estimate) + &std_error.unwrap_or_default()
}
