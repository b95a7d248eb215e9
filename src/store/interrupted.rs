//! What an interrupted run leaves in a results folder, for one that goes on with it.

use super::part::{Checkpoint, Identity, Interval, PartError, PartFault, PartReader};
use super::{ResultsFolder, StagedFile, StoreError};
use crate::experiment::Segment;
use crate::outside::{check_name, open_file};
use crate::plan::{PartNumber, Place, Plan};
use crate::record::HashingReader;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

/// The summaries of what was done.
const CHECKPOINT: &str = "checkpoint.unfinished";

/// The names of files with rows of trials that were done: each run has its own, which the checkpoint names.
const ROWS: (&str, &str) = ("trials-", ".unfinished");

/// The file that the rows become.
const TRIALS: &str = "trials.csv";

/// What an interrupted run has done.
#[derive(Debug)]
pub struct Interrupted {
    reader: PartReader,
}

impl Interrupted {
    /// The file of rows, if trials are recorded.
    fn rows(&self) -> Option<&Segment> {
        self.reader.header.rows.segments.first()
    }
}

impl ResultsFolder {
    /// What an interrupted run has left, if there is anything that can be read.
    pub fn interrupted(&self) -> Result<Option<Interrupted>, PartFault> {
        let path = self.path().join(CHECKPOINT);
        match PartReader::open(&path) {
            Ok(reader) => Ok(Some(Interrupted { reader })),
            Err(PartError::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(PartFault::Damaged { path, source }),
        }
    }

    /// Refuses to go on with a run of something else, or with rows that are not those that were written. Returns whether there are
    /// rows at all: once they are in their place, a run is complete.
    pub fn check_interrupted(&self, interrupted: &Interrupted, plan: &Plan) -> Result<bool, PartFault> {
        let part = self.path().join(CHECKPOINT);
        if let Some(mismatch) = Identity::new(plan, None).mismatch(&interrupted.reader.header.identity) {
            return Err(PartFault::Mismatch { path: part, mismatch });
        }
        let Some(rows) = interrupted.rows() else { return Ok(true) };
        let path = self.path().join(&rows.name);
        match check_rows(&path, rows) {
            Ok(()) => Ok(true),
            Err(PartError::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(PartFault::Rows { part, path, source }),
        }
    }

    /// The checkpoints of a run, which goes on with an interrupted one if there is one.
    pub fn checkpoint(&self, plan: &Plan, interrupted: Option<Interrupted>, interval: Interval) -> Checkpoint {
        let whole = PartNumber::WHOLE;
        let wanted = Place::default()..Place::start_of(plan.groups().len());
        let identity = Identity::new(plan, None);
        let checkpoint = Checkpoint::new(self.path(), CHECKPOINT, identity, (whole, wanted), interval);
        match interrupted {
            Some(interrupted) => checkpoint.resume(interrupted.reader),
            None => checkpoint,
        }
    }

    /// Starts a file that will become `name`, with what an interrupted run has written of it.
    pub fn stage_after(&self, interrupted: Option<&Interrupted>, name: &str) -> Result<StagedFile, StoreError> {
        let rows = interrupted.and_then(Interrupted::rows).filter(|_| name == TRIALS);
        if let Some(rows) = rows {
            let path = self.path().join(&rows.name);
            return StagedFile::resume(&path, name, rows.bytes).map_err(StoreError::io("go on with", &path));
        }
        let mut file = self.stage(name)?;
        if name == TRIALS {
            // What an interrupted run has left stays until this one has a checkpoint.
            let named = self.interrupted().ok().flatten();
            self.forget_rows(named.as_ref().and_then(Interrupted::rows).map(|rows| rows.name.as_str()));
            file.will_be_kept_as(ROWS.0, ROWS.1);
        }
        Ok(file)
    }

    /// Removes what interrupted runs have left, since all is done.
    pub fn forget_interrupted(&self) {
        // One that stays is replaced by the next run.
        let _ = fs::remove_file(self.path().join(CHECKPOINT));
        self.forget_rows(None);
    }

    /// Removes files of rows, but for the one of this name.
    fn forget_rows(&self, but: Option<&str>) {
        for entry in fs::read_dir(self.path()).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let is_rows = |name: &&str| name.starts_with(ROWS.0) && name.ends_with(ROWS.1) && Some(*name) != but;
            if name.to_str().filter(is_rows).is_some() {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Whether a file begins with the rows that were written.
fn check_rows(path: &Path, rows: &Segment) -> Result<(), PartError> {
    if check_name(&rows.name).is_err() {
        return Err(PartError::Content);
    }
    let file = open_file(path)?;
    if file.metadata()?.len() < rows.bytes {
        return Err(PartError::Short);
    }
    let digest = HashingReader::new(file.take(rows.bytes)).finish()?;
    if digest == rows.sha256 { Ok(()) } else { Err(PartError::Digest) }
}
