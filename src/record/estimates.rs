//! The estimates of all trials, kept in memory as numbers.

use super::csv_file::Durable;
use super::recorder::Recorder;
use crate::experiment::{Encoding, KeptRows, Sink};
use crate::plan::Place;
use kl_math::statistics::Unit;
use kl_sim::estimator::ScoredTrial;
use kl_sim::simulation::{Cancel, GroupOutcome, Job};
use std::io;

/// The estimates of a group of conditions that share their sequences.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupEstimates {
    /// Symbols in a sequence.
    pub n: u64,
    /// The condition, counted from 0, and the estimator of each column.
    pub columns: Vec<(usize, String)>,
    /// The estimates in the unit of the experiment, trial by trial and in each column by column; NaN where there is none.
    pub estimates: Vec<f64>,
}

impl GroupEstimates {
    /// The condition and the trial, both counted from 0, the estimator, and the estimate, in the order of `trials.csv`.
    pub fn rows(&self) -> impl Iterator<Item = (usize, usize, &str, f64)> {
        let trials = self.estimates.chunks_exact(self.columns.len().max(1)).enumerate();
        trials.flat_map(|(trial, estimates)| {
            let cells = self.columns.iter().zip(estimates);
            cells.map(move |((condition, estimator), estimate)| (*condition, trial, estimator.as_str(), *estimate))
        })
    }
}

/// Passes results to a recorder and keeps the estimates of all trials, unless the recorder records them itself.
pub struct WithEstimates<W: Durable> {
    recorder: Recorder<W>,
    keeps: bool,
    raw: Vec<u8>,
    groups: Vec<GroupEstimates>,
}

impl<W: Durable + Send> WithEstimates<W> {
    /// Keeps the estimates if they are wanted.
    pub fn new(recorder: Recorder<W>, is_wanted: bool) -> Self {
        let keeps = is_wanted && recorder.encoding().is_none();
        Self { recorder, keeps, raw: Vec::new(), groups: Vec::new() }
    }

    /// The recorder and, if they were kept, the estimates.
    pub fn into_parts(self) -> (Recorder<W>, Option<Vec<GroupEstimates>>) {
        (self.recorder, self.keeps.then_some(self.groups))
    }
}

/// Estimates as their bits.
fn encode(unit: Unit, _: &Job<'_>, _: u64, scored: &[ScoredTrial], bytes: &mut Vec<u8>) {
    scored.iter().for_each(|trial| bytes.extend(unit.of_nats(trial.estimate).to_le_bytes()));
}

impl<W: Durable + Send> Sink for WithEstimates<W> {
    type Error = io::Error;

    fn encoding(&self) -> Option<Encoding> {
        if self.keeps { Some(encode) } else { self.recorder.encoding() }
    }

    fn trials(&mut self, text: &[u8]) -> io::Result<()> {
        if !self.keeps {
            return self.recorder.trials(text);
        }
        self.raw.try_reserve(text.len()).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        self.raw.extend_from_slice(text);
        Ok(())
    }

    fn note(&mut self, done: Place) -> io::Result<()> {
        self.recorder.note(done)
    }

    fn keep(&mut self) -> io::Result<KeptRows> {
        self.recorder.keep()
    }

    fn group(&mut self, job: &Job<'_>, outcome: &GroupOutcome, cancel: &Cancel) -> io::Result<()> {
        if self.keeps {
            let raw = std::mem::take(&mut self.raw);
            self.groups.push(GroupEstimates {
                n: job.n,
                columns: job.estimations.iter().map(|of| (of.condition, of.by.name().to_owned())).collect(),
                estimates: raw.as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect(),
            });
        }
        self.recorder.group(job, outcome, cancel)
    }
}
