//! From a program's answers to estimates.

use super::ProgramInput;
use super::process::Process;
use super::processes::Processes;
use super::{Answer, Failure, Programs, introduction};
use kl_math::distribution::Distribution;
use kl_math::numeric::write_shortest;
use kl_sim::estimator::{Batch, Detail, ScoredTrial, Scorer};
use std::io::Write;

/// Asks one copy of a program about trial after trial.
pub(super) struct ProgramScorer<'a> {
    programs: &'a Programs<'a>,
    processes: &'a Processes<'a>,
    process: Option<Process>,
    /// Counts of the stretches so far of a sequence that comes in several.
    so_far: Vec<u64>,
    /// Its symbols or values so far, as they are told.
    told: Vec<u8>,
    scratch: Vec<f64>,
}

impl<'a> ProgramScorer<'a> {
    pub(super) fn new(programs: &'a Programs<'a>, processes: &'a Processes<'a>) -> Self {
        Self { programs, processes, process: None, so_far: Vec::new(), told: Vec::new(), scratch: Vec::new() }
    }

    /// Takes in the stretch of one trial of the batch, the `place`th.
    fn hear(&mut self, batch: &Batch<'_>, place: usize) {
        let length = batch.length() as usize;
        let pair = self.programs.pair;
        match self.programs.program.input {
            ProgramInput::Counts => {
                let counts = batch.counts().nth(place).unwrap_or_default();
                self.so_far.resize(counts.len(), 0);
                self.so_far.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
            }
            ProgramInput::Sequence if pair.values().is_some() => {
                let width = draw_width(pair.source());
                for draw in batch.view.draws().chunks_exact(width).skip(place * length).take(length) {
                    tell_value(pair.source(), draw, &mut self.told, &mut self.scratch);
                }
            }
            ProgramInput::Sequence => {
                for symbol in batch.view.symbols().iter().skip(place * length).take(length) {
                    separate(&mut self.told);
                    let _ = write!(self.told, "{symbol}");
                }
            }
        }
    }

    /// The question about a trial, counted from 0, of which all has been heard.
    fn question(&mut self, trial: u64, batch: &Batch<'_>, place: usize) -> Vec<u8> {
        let programs = self.programs;
        let told = std::mem::take(&mut self.told);
        let mut line = Vec::with_capacity(told.len() + 128);
        let key = introduction::key(programs.program.input);
        // Writing to memory does not fail.
        let _ = write!(line, "{{\"trial\":{},\"seed\":{},\"{key}\":[", trial + 1, programs.seed(trial));
        match programs.program.input {
            ProgramInput::Sequence => line.extend_from_slice(&told),
            ProgramInput::Counts => tell_counts(&std::mem::take(&mut self.so_far), &mut line),
        }
        line.push(b']');
        if let Some(m) = programs.program.model_draws {
            self.tell_model(batch, place, m, &mut line);
        }
        line.extend_from_slice(b"}\n");
        line
    }
}

impl ProgramScorer<'_> {
    /// The answer to the question about a trial; what goes wrong is noted.
    fn ask(&mut self, trial: u64, question: &[u8]) -> Option<Answer> {
        if self.programs.is_over() {
            return None;
        }
        match self.processes.ask(&mut self.process, trial, question, &self.programs.cancel) {
            Ok(answer) => Some(answer),
            Err(Failure::NotAsked) => None,
            Err(failure) => {
                self.programs.note(trial, failure);
                None
            }
        }
    }

    /// The sample from Q beside a trial.
    fn tell_model(&mut self, batch: &Batch<'_>, place: usize, m: u64, line: &mut Vec<u8>) {
        let model = self.programs.pair.model();
        if self.programs.pair.values().is_some() {
            let (width, mut told) = (draw_width(model), Vec::new());
            let draws = batch.model_draws().chunks_exact(width).skip(place * m as usize).take(m as usize);
            draws.for_each(|draw| tell_value(model, draw, &mut told, &mut self.scratch));
            line.extend_from_slice(b",\"model_sequence\":[");
            line.extend_from_slice(&told);
        } else {
            line.extend_from_slice(b",\"model_counts\":[");
            tell_counts(batch.model_counts().nth(place).unwrap_or_default(), line);
        }
        line.push(b']');
    }
}

impl Scorer for ProgramScorer<'_> {
    fn detail(&self) -> Detail {
        self.programs.program.detail()
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        let n = self.programs.n;
        for place in 0..batch.trials {
            self.hear(batch, place);
            if batch.end < n {
                continue;
            }
            let trial = batch.first + place as u64;
            let question = self.question(trial, batch, place);
            let answer = self.ask(trial, &question);
            scored.push(answer.map_or_else(
                || ScoredTrial::failed(n),
                |answer| ScoredTrial { std_error: answer.std_error, ..ScoredTrial::of(answer.estimate, n) },
            ));
        }
    }

    fn running(&self, _: u64) -> f64 {
        f64::NAN
    }
}

impl Drop for ProgramScorer<'_> {
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            self.processes.give_back(process);
        }
    }
}

fn draw_width(side: &Distribution) -> usize {
    side.values().map_or(1, |values| values.base_variable().width().max(1))
}

fn separate(text: &mut Vec<u8>) {
    if !text.is_empty() {
        text.push(b',');
    }
}

/// A number, or a vector as a list.
fn tell_value(side: &Distribution, draw: &[f64], text: &mut Vec<u8>, scratch: &mut Vec<f64>) {
    let Some(values) = side.values() else { return };
    separate(text);
    let coordinates = values.coordinates(draw, scratch);
    match coordinates.as_slice() {
        // What is too large for a double is told as the largest: JSON has no infinity.
        [x] => write_shortest(text, x.clamp(f64::MIN, f64::MAX)),
        vector => {
            for (place, x) in vector.iter().enumerate() {
                text.push(if place == 0 { b'[' } else { b',' });
                write_shortest(text, x.clamp(f64::MIN, f64::MAX));
            }
            text.push(b']');
        }
    }
}

fn tell_counts(counts: &[u64], line: &mut Vec<u8>) {
    for (place, count) in counts.iter().enumerate() {
        let _ = write!(line, "{}{count}", if place == 0 { "" } else { "," });
    }
}
