//! Who receives the results of a run.

use crate::plan::Place;
use kl_math::statistics::Unit;
use kl_sim::estimator::ScoredTrial;
use kl_sim::simulation::{Cancel, GroupOutcome, Job};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;

/// Encodes the estimates of the trials from the given one (counted from 0) on, trial by trial, as rows.
pub type Encoding = fn(Unit, &Job<'_>, u64, &[ScoredTrial], &mut Vec<u8>);

/// Receives the results of a run other than its comparisons, as they come.
pub trait Sink {
    /// Why it cannot receive them.
    type Error: Send;

    /// How the estimates of trials are encoded, if every trial is recorded.
    fn encoding(&self) -> Option<Encoding>;

    /// Receives the next trials, encoded.
    fn trials(&mut self, text: &[u8]) -> Result<(), Self::Error>;

    /// Is told that all trials received so far are of the blocks before a place, which are done.
    fn note(&mut self, _done: Place) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Makes sure that the trials up to the last note outlast the program, and says where they are.
    fn keep(&mut self) -> Result<KeptRows, Self::Error> {
        Ok(KeptRows::default())
    }

    /// Receives the results of a group, or of the part of it that was done. Theory beside it may take long: it may stop when the
    /// run is cancelled.
    fn group(&mut self, job: &Job<'_>, outcome: &GroupOutcome, cancel: &Cancel) -> Result<(), Self::Error>;
}

/// The rows of the trials of some blocks, where a run that goes on finds them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRows {
    /// How many bytes they are in all.
    pub bytes: u64,
    /// The files that are whole, one after the other.
    pub segments: Vec<Segment>,
    /// What is in no file yet.
    #[serde(skip)]
    pub tail: Vec<u8>,
}

/// A file with some of the rows. It never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// The digest of its content.
    pub sha256: String,
}

/// Keeps nothing.
impl Sink for () {
    type Error = Infallible;

    fn encoding(&self) -> Option<Encoding> {
        None
    }

    fn trials(&mut self, _: &[u8]) -> Result<(), Infallible> {
        Ok(())
    }

    fn group(&mut self, _: &Job<'_>, _: &GroupOutcome, _: &Cancel) -> Result<(), Infallible> {
        Ok(())
    }
}
