//! What a run that is interrupted can be gone on with from.

use super::file::{PartReader, write_group, write_part};
use super::header::{Header, Identity};
use crate::experiment::{AtWork, KeptRows, Sink, Supply};
use crate::plan::{PartNumber, Place};
use crate::store::StagedFile;
use kl_sim::simulation::{GroupPart, Keeper};
use std::io::{self, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::{SpooledTempFile, spooled_tempfile_in};

/// How often checkpoints are saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The first one is saved after this time.
    pub first: Duration,
    /// The next after this.
    pub next: Duration,
    /// Whether it is longer where saving takes more than a hundredth of the time.
    pub is_flexible: bool,
}

impl Interval {
    /// Nobody loses more than a minute; what takes ten seconds need not be saved.
    pub const DEFAULT: Self = Self { first: Duration::from_secs(10), next: Duration::from_secs(60), is_flexible: true };

    /// Exactly as often.
    pub fn of(every: Duration) -> Self {
        Self { first: every, next: every, is_flexible: false }
    }
}

/// The summaries of finished groups are in memory up to this size.
pub(super) const SPOOLED: usize = 64 << 20;

/// The blocks of a part that are done, saved now and then into a file that is replaced as a whole.
///
/// As a [`Supply`] it gives the blocks that an earlier run has done, and simulates the others.
pub struct Checkpoint {
    folder: PathBuf,
    /// The name of the file.
    name: String,
    identity: Identity,
    number: PartNumber,
    wanted: Range<Place>,
    /// The groups that are done, as they are written.
    groups: SpooledTempFile,
    done: Place,
    /// What the last checkpoint has of them.
    saved: Place,
    earlier: Option<PartReader>,
    interval: Interval,
    /// When the next one is due.
    due: Instant,
    is_saved: bool,
    /// Whether all of it becomes a part file.
    is_published: bool,
}

impl Checkpoint {
    /// A part with no block done, whose checkpoints will be the file `name` in `folder`.
    pub fn new(
        folder: &Path,
        name: &str,
        identity: Identity,
        (number, wanted): (PartNumber, Range<Place>),
        interval: Interval,
    ) -> Self {
        Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
            identity,
            number,
            done: wanted.start,
            saved: wanted.start,
            wanted,
            groups: spooled_tempfile_in(SPOOLED, folder),
            earlier: None,
            interval,
            due: Instant::now() + interval.first,
            is_saved: false,
            is_published: false,
        }
    }

    /// Goes on with what an earlier run has done.
    pub(in crate::store) fn resume(self, earlier: PartReader) -> Self {
        Self { is_saved: true, saved: earlier.header.done.end, earlier: Some(earlier), ..self }
    }

    /// Whether there is a file that can be gone on with.
    pub fn is_saved(&self) -> bool {
        self.is_saved
    }

    /// What is done is saved when the work is cancelled, however short it was, and all of it is published in the end.
    pub(super) fn of_part(self) -> Self {
        Self { is_published: true, ..self }
    }

    /// Whether the run took so long that it is worth a checkpoint.
    pub fn is_due(&self) -> bool {
        self.is_published || self.is_saved || Instant::now() >= self.due
    }

    /// Saves what is done of all groups, if that is worth it and more than the last checkpoint has.
    pub fn save_due<S: Sink<Error = io::Error>>(&mut self, sink: &mut S) -> io::Result<()> {
        if self.is_due() && self.done > self.saved { self.save_with(None, sink.keep()?) } else { Ok(()) }
    }

    /// Saves what is done of the groups before and of a group at work.
    fn save_with(&mut self, mut at_work: Option<(&AtWork<'_>, &mut GroupPart)>, rows: KeptRows) -> io::Result<()> {
        let started = Instant::now();
        let done = at_work.as_ref().map_or(self.done, |(group, part)| end_of(group, part));
        again_if_removed(|| self.write(done, at_work.as_mut(), &rows))?;
        sync_folder(&self.folder)?;
        (self.is_saved, self.saved) = (true, done);
        // Some of the time is for the work.
        let pause = started.elapsed() * if self.interval.is_flexible { 100 } else { 1 };
        self.due = Instant::now() + self.interval.next.max(pause);
        Ok(())
    }

    /// Writes the file of a checkpoint.
    fn write(
        &mut self,
        done: Place,
        at_work: Option<&mut (&AtWork<'_>, &mut GroupPart)>,
        rows: &KeptRows,
    ) -> io::Result<()> {
        let mut file = StagedFile::new(&self.folder, &self.name)?;
        let header = self.header(done, rows);
        self.groups.seek(SeekFrom::Start(0))?;
        let groups = |out: &mut dyn Write| {
            io::copy(&mut self.groups, out)?;
            match at_work {
                Some((group, part)) if !part.blocks().is_empty() => {
                    let mut out = out;
                    write_group(&group.save(part), &mut out)
                }
                _ => Ok(()),
            }
        };
        write_part(&header, groups, &rows.tail, &mut file)?;
        self.groups.seek(SeekFrom::End(0))?;
        file.sync()?.publish(&self.folder)
    }

    /// Writes the part file of a part that is done, under the given name, and removes the checkpoint.
    pub(super) fn publish(mut self, name: &str, rows: &KeptRows) -> io::Result<()> {
        let header = self.header(self.wanted.end, rows);
        again_if_removed(|| {
            let mut file = StagedFile::new(&self.folder, name)?;
            self.groups.seek(SeekFrom::Start(0))?;
            let groups = |out: &mut dyn Write| io::copy(&mut self.groups, out).map(|_| ());
            write_part(&header, groups, &[], &mut file)?;
            file.sync()?.publish(&self.folder)
        })?;
        self.remove();
        sync_folder(&self.folder)
    }

    /// Removes the file, since all is done.
    pub fn remove(&self) {
        // One that stays is replaced by the next run.
        let _ = std::fs::remove_file(self.folder.join(&self.name));
    }

    fn header(&self, done: Place, rows: &KeptRows) -> Header {
        Header {
            identity: self.identity.clone(),
            part: self.number,
            wanted: self.wanted.clone(),
            done: self.wanted.start..done,
            rows: KeptRows { tail: Vec::new(), ..rows.clone() },
            tail: rows.tail.len() as u64,
        }
    }

    /// What an earlier run has done of a group.
    fn earlier(&mut self, group: &AtWork<'_>, blocks: &Range<u64>) -> io::Result<GroupPart> {
        let Some(earlier) = &mut self.earlier else { return Ok(GroupPart::new(blocks.start)) };
        if earlier.is_at_end() {
            self.earlier = None;
            return Ok(GroupPart::new(blocks.start));
        }
        let done = Place::blocks(&earlier.header.done, group.index(), group.blocks());
        Ok(earlier.group(group, done)?)
    }
}

/// The place after what is done of a group.
fn end_of(group: &AtWork<'_>, part: &GroupPart) -> Place {
    let block = part.blocks().end;
    if block == group.blocks() { Place::start_of(group.index() + 1) } else { Place { group: group.index(), block } }
}

impl<S: Sink<Error = io::Error> + Send> Supply<S> for Checkpoint {
    type Error = io::Error;

    fn blocks(&mut self, group: &AtWork<'_>, blocks: Range<u64>, sink: &mut S) -> Result<(GroupPart, bool), io::Error> {
        let mut part = self.earlier(group, &blocks)?;
        let mut keeper = SavesNowAndThen { checkpoint: self, group, sink };
        let complete = group.engine().extend(&group.simulation(), &mut part, blocks.end, &mut keeper)?;
        if complete {
            let end = end_of(group, &part);
            // Of a run that ends with it nothing is gone on with: its files come next.
            if self.is_published || end < self.wanted.end {
                write_group(&group.save(&mut part), &mut self.groups)?;
                self.done = end;
            }
        } else if group.run().cancel.reason().is_some() && !group.is_stopped() && self.is_due() {
            let rows = sink.keep()?;
            self.save_with(Some((group, &mut part)), rows)?;
        }
        Ok((part, complete))
    }
}

/// Saves a checkpoint when one is due.
struct SavesNowAndThen<'a, 'w, S> {
    checkpoint: &'a mut Checkpoint,
    group: &'a AtWork<'w>,
    sink: &'a mut S,
}

impl<S: Sink<Error = io::Error> + Send> Keeper for SavesNowAndThen<'_, '_, S> {
    type Error = io::Error;

    fn rows(&mut self, text: &[u8]) -> io::Result<()> {
        self.sink.trials(text)
    }

    fn reached(&mut self, part: &mut GroupPart) -> io::Result<()> {
        self.sink.note(end_of(self.group, part))?;
        if Instant::now() >= self.checkpoint.due {
            let rows = self.sink.keep()?;
            self.checkpoint.save_with(Some((self.group, part)), rows)?;
        }
        Ok(())
    }
}

/// Writes a file again if it is gone before it has its name: where locks end with a machine, a writer on another one may take it for
/// what a killed one left.
pub(super) fn again_if_removed(mut write: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    const ATTEMPTS: usize = 3;
    let is_gone =
        |written: &io::Result<()>| written.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
    for _ in 1..ATTEMPTS {
        let written = write();
        if !is_gone(&written) {
            return written;
        }
    }
    write()
}

/// A name is on the disk once its folder is. Windows opens no folder as a file.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { std::fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_is_written_again_and_nothing_else() {
        let tried = |errors: &[io::ErrorKind]| {
            let mut errors = errors.iter();
            let mut count = 0;
            let written = again_if_removed(|| {
                count += 1;
                errors.next().map_or(Ok(()), |&kind| Err(io::Error::from(kind)))
            });
            (count, written.map_err(|error| error.kind()))
        };
        let (gone, full) = (io::ErrorKind::NotFound, io::ErrorKind::StorageFull);
        assert_eq!(tried(&[]), (1, Ok(())));
        assert_eq!(tried(&[gone, gone]), (3, Ok(())));
        assert_eq!(tried(&[gone, gone, gone]), (3, Err(gone)));
        assert_eq!(tried(&[gone, full]), (2, Err(full)));
    }
}
