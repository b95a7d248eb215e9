//! Blocks that were done elsewhere.

use super::fault::PartFault;
use super::file::{PartError, PartReader};
use super::folder::Found;
use super::segments;
use crate::experiment::{AtWork, KeptRows, Sink, Supply};
use crate::plan::{PartNumber, Place};
use kl_sim::simulation::GroupPart;
use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

/// The parts that cover all blocks, one after the other. One is open at a time, and of it one group is in memory.
#[derive(Debug)]
pub struct MergedParts {
    folder: PathBuf,
    parts: VecDeque<Found>,
    open: Option<PartReader>,
}

impl MergedParts {
    pub(super) fn new(folder: PathBuf, parts: Vec<Found>) -> Self {
        Self { folder, parts: parts.into(), open: None }
    }

    /// The part with the next blocks; its rows go to `sink`.
    fn next<S: Sink<Error = io::Error>>(&mut self, sink: &mut S) -> io::Result<PartReader> {
        if let Some(open) = self.open.take() {
            return Ok(open);
        }
        let Some(Found { path, digest, .. }) = self.parts.pop_front() else { return Err(PartError::Content.into()) };
        let reader = PartReader::open(&path)?;
        if reader.digest != digest {
            return Err(PartError::Digest.into());
        }
        if sink.encoding().is_some() {
            let rows = KeptRows { tail: Vec::new(), ..reader.header.rows.clone() };
            segments::read(&self.rows(reader.header.part), &rows, &mut |text| sink.trials(text))?;
        }
        Ok(reader)
    }

    fn rows(&self, number: PartNumber) -> PathBuf {
        self.folder.join(super::folder::rows_of(number))
    }
}

impl<S: Sink<Error = io::Error>> Supply<S> for MergedParts {
    type Error = io::Error;

    fn blocks(&mut self, group: &AtWork<'_>, blocks: Range<u64>, sink: &mut S) -> io::Result<(GroupPart, bool)> {
        let mut all = GroupPart::new(blocks.start);
        while all.blocks().end < blocks.end {
            if group.run().cancel.reason().is_some() {
                return Ok((all, false));
            }
            let mut reader = self.next(sink)?;
            let done = Place::blocks(&reader.header.done, group.index(), group.blocks());
            let is_next = reader.group(group, done).map(|part| all.append(part));
            if !matches!(is_next, Ok(true)) {
                let source = is_next.err().unwrap_or(PartError::Content);
                let path = self.folder.join(super::folder::name_of_part(reader.header.part));
                return Err(io::Error::new(io::ErrorKind::InvalidData, PartFault::Damaged { path, source }));
            }
            self.open = Some(reader).filter(|reader| !reader.is_at_end());
        }
        Ok((all, true))
    }
}
