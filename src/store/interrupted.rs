//! What an interrupted run leaves in a results folder, for one that goes on with it.

use super::part::{Checkpoint, Identity, Interval, PartError, PartFault, PartReader};
use super::{ResultsFolder, StagedFile, StoreError};
use crate::plan::{PartNumber, Place, Plan};
use std::fs;
use std::io;

/// The summaries of what was done.
const CHECKPOINT: &str = "checkpoint.unfinished";

/// The rows of the trials that were done.
const ROWS: &str = "trials.unfinished";

/// The file that the rows become.
const TRIALS: &str = "trials.csv";

/// What an interrupted run has done.
#[derive(Debug)]
pub struct Interrupted {
    reader: PartReader,
}

impl Interrupted {
    /// How many bytes of rows there are; 0 if trials are not recorded.
    fn rows(&self) -> u64 {
        self.reader.header.rows.bytes
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

    /// Refuses to go on with a run of something else.
    pub fn check_interrupted(&self, interrupted: &Interrupted, plan: &Plan) -> Result<(), PartFault> {
        let path = self.path().join(CHECKPOINT);
        if let Some(mismatch) = Identity::new(plan, None).mismatch(&interrupted.reader.header.identity) {
            return Err(PartFault::Mismatch { path, mismatch });
        }
        let rows = self.path().join(ROWS);
        let length = fs::metadata(&rows).map_or(0, |found| found.len());
        if length < interrupted.rows() {
            return Err(PartFault::Rows { part: path, path: rows, source: PartError::Short });
        }
        Ok(())
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
        let rows = interrupted.map_or(0, Interrupted::rows);
        let mut file = if rows > 0 && name == TRIALS {
            let path = self.path().join(ROWS);
            StagedFile::resume(&path, name, rows).map_err(StoreError::io("go on with", &path))?
        } else {
            self.stage(name)?
        };
        file.will_be_kept_at(self.path().join(ROWS));
        Ok(file)
    }

    /// Removes what interrupted runs have left, since all is done.
    pub fn forget_interrupted(&self) {
        for name in [CHECKPOINT, ROWS] {
            // One that stays is replaced by the next run.
            let _ = fs::remove_file(self.path().join(name));
        }
    }
}
