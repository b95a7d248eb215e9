//! The estimates of all trials, kept in memory as numbers.

use super::csv_file::Durable;
use super::recorder::Recorder;
use crate::experiment::{Encoding, KeptRows, Sink};
use crate::plan::Place;
use kl_math::statistics::Unit;
use kl_sim::estimator::ScoredTrial;
use kl_sim::simulation::{Cancel, Decides, GroupOutcome, Job};
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
    /// The number of symbols of each, in the same order, where tests end sequences; else empty: it is `n`.
    pub lengths: Vec<u64>,
}

impl GroupEstimates {
    /// The condition and the trial, both counted from 0, the number of symbols, the estimator, and the estimate, in the order of
    /// `trials.csv`.
    pub fn rows(&self) -> impl Iterator<Item = (usize, usize, u64, &str, f64)> {
        let width = self.columns.len().max(1);
        self.estimates.iter().enumerate().filter_map(move |(place, &estimate)| {
            let (condition, estimator) = self.columns.get(place % width)?;
            let n = self.lengths.get(place).copied().unwrap_or(self.n);
            Some((*condition, place / width, n, estimator.as_str(), estimate))
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

/// Whether tests end sequences.
fn is_stopped(job: &Job<'_>) -> bool {
    job.estimations.iter().any(|estimation| estimation.decides == Some(Decides::AsScored))
}

/// Estimates as their bits, each with its number of symbols where tests end sequences.
fn encode(unit: Unit, job: &Job<'_>, _: u64, scored: &[ScoredTrial], bytes: &mut Vec<u8>) {
    let with_length = is_stopped(job);
    for trial in scored {
        bytes.extend(unit.of_nats(trial.estimate).to_le_bytes());
        if with_length {
            bytes.extend(trial.length.to_le_bytes());
        }
    }
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
            let words = raw.as_chunks::<8>().0;
            let (estimates, lengths): (Vec<f64>, Vec<u64>) = match is_stopped(job) {
                true => {
                    let pairs = words.as_chunks::<2>().0.iter();
                    pairs.map(|&[one, other]| (f64::from_le_bytes(one), u64::from_le_bytes(other))).unzip()
                }
                false => (words.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect(), Vec::new()),
            };
            self.groups.push(GroupEstimates {
                n: job.n,
                columns: job.estimations.iter().map(|of| (of.condition, of.by.name().to_owned())).collect(),
                estimates,
                lengths,
            });
        }
        self.recorder.group(job, outcome, cancel)
    }
}
