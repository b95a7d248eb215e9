//! Rows of trials in files that never change: several writers may work on one part without knowing of each other.

use super::checkpoint::again_if_removed;
use super::file::PartError;
use crate::experiment::{Encoding, KeptRows, Segment, Sink};
use crate::outside::{check_name, open_file};
use crate::plan::Place;
use crate::record::{Durable, HashingReader};
use crate::store::StagedFile;
use kl_sim::simulation::{Cancel, GroupOutcome, Job};
use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A segment ends with the first block that takes it to this size.
pub(super) const SEGMENT: usize = 8 << 20;

/// So many bytes of a block that is not done yet wait in memory.
pub(super) const WAITING: usize = 64 << 20;

/// The rows of a part while it is worked on, if trials are recorded.
///
/// A segment ends where a block does, at a place that depends on the rows alone: two writers of one part write the same files.
pub struct Segments {
    /// Their folder: it is made with the first of them.
    folder: PathBuf,
    encoding: Option<Encoding>,
    whole: Vec<Segment>,
    /// Where the segment under way began.
    start: Place,
    /// Rows of blocks that are done and in no segment.
    tail: Vec<u8>,
    /// Rows of the block under way.
    waiting: Vec<u8>,
    /// The segment under way, if it has more rows than are kept in memory.
    spilled: Option<StagedFile>,
}

impl Segments {
    /// No rows yet of a part that begins at a place.
    pub fn new(folder: PathBuf, encoding: Option<Encoding>, start: Place) -> Self {
        let (whole, tail, waiting) = (Vec::new(), Vec::new(), Vec::new());
        Self { folder, encoding, whole, start, tail, waiting, spilled: None }
    }

    /// The rows of a part that is gone on with, from a place on.
    pub fn resume(self, kept: KeptRows, start: Place) -> Self {
        Self { whole: kept.segments, tail: kept.tail, start, ..self }
    }

    /// Ends the last segment; returns all.
    pub fn finish(&mut self, end: Place) -> io::Result<KeptRows> {
        if !self.tail.is_empty() {
            self.close(end)?;
        }
        Ok(KeptRows {
            bytes: self.whole.iter().map(|segment| segment.bytes).sum(),
            segments: self.whole.clone(),
            tail: Vec::new(),
        })
    }

    /// Removes files that are no segments of these rows: those of writers who were killed, or did not come first.
    pub fn clear_others(folder: &Path, rows: &KeptRows) {
        let named: HashSet<&str> = rows.segments.iter().map(|segment| segment.name.as_str()).collect();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if name.to_str().is_some_and(|name| is_segment(name) && !named.contains(name)) {
                // One that stays does no harm.
                let _ = fs::remove_file(entry.path());
            }
        }
        // Only an empty one is removed.
        let _ = fs::remove_dir(folder);
    }

    /// Closes the segment under way, which ends at a place.
    fn close(&mut self, end: Place) -> io::Result<()> {
        match self.spilled.take() {
            Some(mut file) => {
                file.write_all(&self.tail)?;
                self.publish(file, end)?;
            }
            None => again_if_removed(|| {
                let mut file = self.file()?;
                file.write_all(&self.tail)?;
                self.publish(file, end)
            })?,
        }
        self.start = end;
        self.tail.clear();
        Ok(())
    }

    /// Gives a file that is whole its name.
    fn publish(&mut self, file: StagedFile, end: Place) -> io::Result<()> {
        let bytes = file.written();
        let Place { group, block } = self.start;
        let synced = file.sync()?;
        let sha256 = synced.stamp.sha256.clone();
        let mark: String = sha256.chars().take(12).collect();
        let name = format!("{group}.{block}-{}.{}-{mark}.{EXTENSION}", end.group, end.block);
        synced.publish_as(&self.folder, &name)?;
        self.whole.push(Segment { name, bytes, sha256 });
        Ok(())
    }

    fn file(&self) -> io::Result<StagedFile> {
        fs::create_dir_all(&self.folder)?;
        StagedFile::new(&self.folder, "segment")
    }
}

const EXTENSION: &str = "csv";

/// Whether a name is that of a segment: a plain one.
fn is_segment(name: &str) -> bool {
    check_name(name).is_ok() && name.ends_with(&format!(".{EXTENSION}"))
}

impl Sink for Segments {
    type Error = io::Error;

    fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    fn trials(&mut self, text: &[u8]) -> io::Result<()> {
        self.waiting.extend_from_slice(text);
        if self.waiting.len() > WAITING {
            let mut file = match self.spilled.take() {
                Some(file) => file,
                None => {
                    let mut file = self.file()?;
                    // They stay in memory, too: the block may not come to its end.
                    file.write_all(&self.tail)?;
                    file
                }
            };
            file.write_all(&self.waiting)?;
            self.waiting.clear();
            self.spilled = Some(file);
        }
        Ok(())
    }

    fn note(&mut self, done: Place) -> io::Result<()> {
        if self.spilled.is_some() {
            // All that was in the tail is in the file.
            self.tail = std::mem::take(&mut self.waiting);
            return self.close(done);
        }
        self.tail.append(&mut self.waiting);
        if self.tail.len() >= SEGMENT { self.close(done) } else { Ok(()) }
    }

    fn keep(&mut self) -> io::Result<KeptRows> {
        let whole: u64 = self.whole.iter().map(|segment| segment.bytes).sum();
        let tail = self.tail.clone();
        Ok(KeptRows { bytes: whole + tail.len() as u64, segments: self.whole.clone(), tail })
    }

    fn group(&mut self, _: &Job<'_>, _: &GroupOutcome, _: &Cancel) -> io::Result<()> {
        Ok(())
    }
}

/// The place at which a segment ends, from its name.
pub(super) fn end_of(name: &str) -> Option<Place> {
    let (group, block) = name.split('-').nth(1)?.split_once('.')?;
    Some(Place { group: group.parse().ok()?, block: block.parse().ok()? })
}

/// Whether a segment is there with the bytes that were written.
pub(super) fn check(folder: &Path, segment: &Segment) -> Result<(), PartError> {
    if !is_segment(&segment.name) {
        return Err(PartError::Content);
    }
    let file = open_file(&folder.join(&segment.name))?;
    if file.metadata()?.len() < segment.bytes {
        return Err(PartError::Short);
    }
    let digest = HashingReader::new(file).finish()?;
    if digest == segment.sha256 { Ok(()) } else { Err(PartError::Digest) }
}

/// Hands the rows of a part to `take`, piece by piece.
pub(super) fn read(folder: &Path, rows: &KeptRows, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    use std::io::Read;
    let mut chunk = vec![0; 1 << 18];
    for segment in &rows.segments {
        let mut file = open_file(&folder.join(&segment.name))?;
        loop {
            match file.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => take(chunk.get(..count).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
    take(&rows.tail)
}
