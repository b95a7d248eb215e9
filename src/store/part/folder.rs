//! `parts/<experiment>/`: the parts of a run.

use super::checkpoint::{Checkpoint, Interval};
use super::cover::{cover, listed};
use super::fault::{PartFault, PartNote};
use super::file::{PartError, PartReader};
use super::header::{Header, Identity, Mismatch};
use super::merged::MergedParts;
use super::segments::{self, Segments};
use crate::experiment::{Encoding, KeptRows};
use crate::plan::{BlockRow, PartNumber, Place};
use crate::store::StoreError;
use crate::store::leftovers::clear_leftovers;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::num::NonZeroU32;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What is there of a part.
#[derive(Debug)]
pub enum PartState {
    /// All of it.
    Done,
    /// Some of it, which can be gone on with.
    Begun(Box<(PartReader, KeptRows)>),
    /// Nothing.
    Absent,
}

/// The parts of one experiment.
#[derive(Clone, Debug)]
pub struct PartsFolder {
    path: PathBuf,
}

/// The parts that cover all blocks, and what is wrong where there are none such.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The parts, one after the other; none where there are faults.
    pub parts: Option<MergedParts>,
    /// The parts that are missing, as `5,9-12`; none if it is not known of how many.
    pub missing: Option<String>,
    /// What is wrong.
    pub faults: Vec<PartFault>,
    /// What is worth knowing.
    pub notes: Vec<PartNote>,
}

/// A part that was read to its end and found to be right.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) header: Header,
    pub(super) digest: String,
}

const PART: &str = "part";
const UNFINISHED: &str = "unfinished";
const TRIALS: &str = "trials";

impl PartsFolder {
    /// The folder of an experiment among the parts.
    pub fn new(parts: &Path, experiment: &str) -> Self {
        Self { path: parts.join(experiment) }
    }

    /// Makes the folder if there is none, and removes what killed writers left.
    pub fn make(&self) -> Result<(), StoreError> {
        if let Some(file) = self.path.ancestors().find(|part| part.is_file()) {
            return Err(StoreError::NotAFolder { path: file.to_owned() });
        }
        fs::create_dir_all(&self.path).map_err(StoreError::io("make the folder", &self.path))?;
        clear_leftovers(&self.path);
        Ok(())
    }

    /// The error of an action in the folder that failed.
    pub fn cannot_write(&self) -> impl FnOnce(io::Error) -> StoreError {
        StoreError::io("write to", &self.path)
    }

    /// Where a part is, once it is done.
    pub fn part(&self, number: PartNumber) -> PathBuf {
        self.path.join(name_of(number, PART))
    }

    /// Where a part is while it is worked on.
    pub fn unfinished(&self, number: PartNumber) -> PathBuf {
        self.path.join(name_of(number, UNFINISHED))
    }

    /// The folder of the rows of a part.
    fn rows(&self, number: PartNumber) -> PathBuf {
        self.path.join(rows_of(number))
    }

    /// What is there of a part. What is of something else is a fault, since it is never overwritten; what is damaged is made anew.
    pub fn state(
        &self,
        number: PartNumber,
        wanted: &Range<Place>,
        identity: &Identity,
    ) -> Result<(PartState, Vec<PartNote>), PartFault> {
        let mut notes = Vec::new();
        for path in [self.part(number), self.unfinished(number)] {
            let reader = match PartReader::open(&path) {
                Ok(reader) => reader,
                Err(PartError::Io(error)) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(source @ PartError::Io(_)) => return Err(PartFault::Damaged { path, source }),
                Err(error) => {
                    notes.push(PartNote::Anew { path, why: error.to_string() });
                    continue;
                }
            };
            if let Some(mismatch) = mismatch(&reader.header, number, wanted, identity) {
                return Err(PartFault::Mismatch { path, mismatch });
            }
            let is_part = reader.header.is_whole() && reader.header.tail == 0;
            let rows = reader.header.rows.clone();
            if let Err(error) = check_rows(&self.rows(number), &rows) {
                notes.push(PartNote::Anew { path, why: error.1.to_string() });
                continue;
            }
            if path == self.part(number) {
                if is_part {
                    return Ok((PartState::Done, notes));
                }
                notes.push(PartNote::Anew { path, why: "it is not whole".to_owned() });
                continue;
            }
            return Ok((PartState::Begun(Box::new((reader, rows))), notes));
        }
        Ok((PartState::Absent, notes))
    }

    /// The checkpoints and the rows of a part that is to be worked on, from what is there of it on.
    pub fn begin(
        &self,
        (number, wanted): (PartNumber, &Range<Place>),
        identity: Identity,
        state: PartState,
        interval: Interval,
        encoding: Option<Encoding>,
    ) -> Result<(Checkpoint, Segments), StoreError> {
        let name = name_of(number, UNFINISHED);
        let checkpoint = Checkpoint::new(&self.path, &name, identity, (number, wanted.clone()), interval).of_part();
        let folder = self.rows(number);
        clear_leftovers(&folder);
        let segments = Segments::new(folder, encoding, wanted.start);
        let PartState::Begun(begun) = state else { return Ok((checkpoint, segments)) };
        let (mut reader, rows) = *begun;
        let tail = reader.tail().map_err(|error| StoreError::io("read", &self.unfinished(number))(error.into()))?;
        // A segment begins where the one before it ended; the name says from where to where.
        let start = rows.segments.last().and_then(|segment| segments::end_of(&segment.name));
        let start = start.unwrap_or(wanted.start);
        Ok((checkpoint.resume(reader), segments.resume(KeptRows { tail, ..rows }, start)))
    }

    /// Puts a part that is done in its place, and removes what is no longer needed.
    pub fn publish(
        &self,
        number: PartNumber,
        end: Place,
        checkpoint: Checkpoint,
        mut segments: Segments,
    ) -> Result<PathBuf, StoreError> {
        let path = self.part(number);
        let rows = segments.finish(end).map_err(StoreError::io("write to", &self.rows(number)))?;
        checkpoint.publish(&name_of(number, PART), &rows).map_err(StoreError::io("write to", &self.path))?;
        Segments::clear_others(&self.rows(number), &rows);
        Ok(path)
    }

    /// Reads all parts and chooses those that cover all blocks; `of` is how many there are to be, if that is said.
    pub fn gather(&self, identity: &Identity, row: &BlockRow, of: Option<NonZeroU32>) -> Result<Gathered, StoreError> {
        let mut gathered = Gathered::default();
        let names = self.names()?;
        let paths: Vec<&PathBuf> = names.iter().filter(|path| has_extension(path, PART)).collect();
        let read: Vec<Result<Found, PartFault>> = paths.par_iter().map(|path| self.read(path, identity, row)).collect();
        let mut found: BTreeMap<(u32, u32), Found> = BTreeMap::new();
        let mut told = BTreeSet::new();
        for (path, part) in paths.into_iter().zip(read) {
            let part = match part {
                Ok(part) => part,
                Err(fault) => {
                    told.extend(number_of(path));
                    gathered.faults.push(fault);
                    continue;
                }
            };
            let key = (part.header.part.of(), part.header.part.part());
            match found.get(&key) {
                None => {
                    found.insert(key, part);
                }
                Some(other) if other.digest == part.digest => {
                    gathered.notes.push(PartNote::Copy { path: part.path, other: other.path.clone() });
                }
                Some(other) => {
                    gathered.faults.push(PartFault::Differ { path: part.path, other: other.path.clone() });
                }
            }
        }
        let found: Vec<Found> = found.into_values().collect();
        let named = names.iter().filter_map(|path| number_of(path)).map(|number| number.of());
        let several: BTreeSet<u32> = named.chain(found.iter().map(|part| part.header.part.of())).collect();
        let only = || several.first().filter(|_| several.len() == 1).copied().and_then(NonZeroU32::new);
        let ranges: Vec<Range<Place>> = found.iter().map(|part| part.header.wanted.clone()).collect();
        let whole = cover(row, &ranges, None).map(|cover| (cover, true));
        let Some((cover, is_whole)) =
            whole.or_else(|| cover(row, &ranges, Some(of.or_else(only)?)).map(|cover| (cover, false)))
        else {
            gathered.faults.push(if several.is_empty() {
                PartFault::None { folder: self.path.clone() }
            } else {
                PartFault::Mixed { of: several.into_iter().collect() }
            });
            return Ok(gathered);
        };
        gathered.missing = Some(listed(&cover.missing));
        if !is_whole {
            self.tell_missing(&cover.missing, &told, (identity, row), &mut gathered.faults);
        }
        if !gathered.faults.is_empty() {
            return Ok(gathered);
        }
        let needed: BTreeSet<usize> = cover.parts.iter().copied().collect();
        for (_, part) in
            found.iter().enumerate().filter(|(index, part)| !needed.contains(index) && !part.header.wanted.is_empty())
        {
            gathered.notes.push(PartNote::NotNeeded { path: part.path.clone() });
        }
        let parts = cover.parts.iter().filter_map(|&index| found.get(index).cloned());
        gathered.parts = Some(MergedParts::new(self.path.clone(), parts.collect()));
        Ok(gathered)
    }

    /// Says which parts are unfinished, and which are missing without a trace; those whose files have a fault are `told` already.
    fn tell_missing(
        &self,
        missing: &[PartNumber],
        told: &BTreeSet<PartNumber>,
        (identity, row): (&Identity, &BlockRow),
        faults: &mut Vec<PartFault>,
    ) {
        let mut absent = Vec::new();
        for &number in missing.iter().filter(|number| !told.contains(number)) {
            let path = self.unfinished(number);
            match PartReader::open(&path) {
                Err(PartError::Io(error)) if error.kind() == io::ErrorKind::NotFound => absent.push(number),
                Err(source) => faults.push(PartFault::Damaged { path, source }),
                Ok(PartReader { header, .. }) => faults.push(match identity.mismatch(&header.identity) {
                    Some(mismatch) => PartFault::Mismatch { path, mismatch },
                    None => {
                        let percent = 100 * row.cost(&header.done) / row.cost(&header.wanted).max(1);
                        PartFault::Unfinished { path, percent }
                    }
                }),
            }
        }
        if let Some(of) = absent.first().map(|number| number.of()) {
            faults.push(PartFault::Missing { numbers: listed(&absent), of });
        }
    }

    /// Reads a part to its end, and its rows.
    fn read(&self, path: &Path, identity: &Identity, row: &BlockRow) -> Result<Found, PartFault> {
        let path = path.to_owned();
        let reader = match PartReader::open(&path) {
            Ok(reader) => reader,
            Err(source) => return Err(PartFault::Damaged { path, source }),
        };
        let (header, digest) = (reader.header, reader.digest);
        if let Some(mismatch) = mismatch(&header, header.part, &row.part(header.part), identity) {
            return Err(PartFault::Mismatch { path, mismatch });
        }
        if !header.is_whole() || header.tail > 0 {
            let percent = 100 * row.cost(&header.done) / row.cost(&header.wanted).max(1);
            return Err(PartFault::Unfinished { path, percent });
        }
        match check_rows(&self.rows(header.part), &header.rows) {
            Ok(()) => Ok(Found { path, header, digest }),
            Err((file, source)) => Err(PartFault::Rows { part: path, path: file, source }),
        }
    }

    /// The files of the folder, in order.
    fn names(&self) -> Result<Vec<PathBuf>, StoreError> {
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(StoreError::io("read the folder", &self.path))?,
        };
        let mut names: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        names.sort();
        Ok(names)
    }
}

/// How a part differs from what it must be.
fn mismatch(header: &Header, number: PartNumber, wanted: &Range<Place>, identity: &Identity) -> Option<Mismatch> {
    let is_range = header.part == number && header.wanted == *wanted;
    let other_range = || (!is_range).then_some(Mismatch::Range { number: header.part });
    identity.mismatch(&header.identity).or_else(other_range)
}

/// Whether all segments are there; the one that is not, and why.
fn check_rows(folder: &Path, rows: &KeptRows) -> Result<(), (PathBuf, PartError)> {
    let check = |segment| segments::check(folder, segment).map_err(|error| (folder.join(&segment.name), error));
    rows.segments.par_iter().try_for_each(check)
}

/// The name of the file of a part.
pub(super) fn name_of_part(number: PartNumber) -> String {
    name_of(number, PART)
}

/// The name of the folder of the rows of a part.
pub(super) fn rows_of(number: PartNumber) -> String {
    name_of(number, TRIALS)
}

fn name_of(number: PartNumber, extension: &str) -> String {
    format!("{}-of-{}.{extension}", number.part(), number.of())
}

/// The number in the name of a file.
pub(super) fn number_of(path: &Path) -> Option<PartNumber> {
    if !has_extension(path, PART) && !has_extension(path, UNFINISHED) {
        return None;
    }
    let (part, of) = path.file_stem()?.to_str()?.split_once("-of-")?;
    PartNumber::new(part.parse().ok()?, of.parse().ok()?).ok()
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}
