//! Compares committed results with those of a rerun.

use super::tolerance::{Row, Tolerated};
use crate::outside::{WithinLines, open_file};
use crate::record::{
    Difference, HashingReader, MANIFEST, Manifest, RESULT_FILES, ResultsError, ResultsReader, TableReader,
};
use kl_sim::simulation::STREAM_VERSION;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// The number of changes that are listed; the others are counted.
const LISTED: usize = 20;

/// The number of attempts to read results that runs replace meanwhile.
const ATTEMPTS: usize = 4;

/// How the committed results of one experiment compare with those of a rerun.
#[derive(Clone, Debug)]
pub enum Baseline {
    /// They are the same, byte for byte or within the tolerance for users' own estimators.
    Same {
        /// The number of files that were compared, without the manifest.
        files: usize,
        /// The number of cells that differ within the tolerance.
        tolerated: usize,
    },
    /// There are no committed results.
    Missing,
    /// They are of another spec.
    OtherSpec(Vec<Difference>),
    /// They were written with other random streams.
    OtherStream {
        /// The version of their streams.
        found: u32,
    },
    /// A newer program wrote them.
    Newer {
        /// The version of their layout.
        format: u32,
    },
    /// They cannot be read.
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// They differ.
    Changed {
        /// The first changes.
        changes: Vec<Change>,
        /// The number of all changes.
        count: usize,
        /// The files that were edited: their digests are not those of the manifest.
        edited: Vec<String>,
    },
}

/// One difference between a committed file and the same file of a rerun.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The file.
    pub file: String,
    /// The line, counted from 1, if a cell or a row differs.
    pub line: Option<usize>,
    /// The identity of the row: `condition 2, N = 100`.
    pub row: String,
    /// The column, or what differs instead of a cell.
    pub column: String,
    /// The committed value.
    pub old: String,
    /// The value of the rerun.
    pub new: String,
    /// The difference of a mean or a variance in Monte Carlo standard errors.
    pub errors: Option<f64>,
}

/// Compares the results in `committed` with those of a rerun of the same spec in `fresh`, apart from what is tolerated.
///
/// # Errors
///
/// If `fresh` cannot be read. An error in the committed results is a [`Baseline`].
pub fn compare_folders(committed: &Path, fresh: &Path, tolerated: Option<&Tolerated>) -> io::Result<Baseline> {
    compare_watched(committed, fresh, tolerated, &mut |_| ())
}

/// Compares folders, and calls `watch` with the name of each file that has been read. Results that a run replaces meanwhile are read
/// again.
pub(crate) fn compare_watched(
    committed: &Path,
    fresh: &Path,
    tolerated: Option<&Tolerated>,
    watch: &mut dyn FnMut(&str),
) -> io::Result<Baseline> {
    let new = ResultsReader::open(fresh).map_err(io::Error::other)?.manifest().clone();
    for _ in 0..ATTEMPTS {
        let reader = match open_committed(committed) {
            Ok(Some(reader)) => reader,
            Ok(None) => return Ok(Baseline::Missing),
            Err(other) => return Ok(other),
        };
        watch(MANIFEST);
        let found = compare(&reader, (fresh, &new), tolerated, watch)?;
        // Otherwise the files may be some of one run and some of another.
        if reader.confirm().is_ok() {
            return Ok(found);
        }
    }
    let reason = ResultsError::Replaced { path: committed.to_owned() }.to_string();
    Ok(Baseline::Unreadable { file: MANIFEST.to_owned(), reason })
}

/// Compares the files that a manifest names with those of a rerun and its manifest.
fn compare(
    reader: &ResultsReader,
    (fresh, new): (&Path, &Manifest),
    tolerated: Option<&Tolerated>,
    watch: &mut dyn FnMut(&str),
) -> io::Result<Baseline> {
    let (committed, old) = (reader.folder(), reader.manifest());
    let differences = old.differences(&new.spec);
    if !differences.is_empty() {
        return Ok(Baseline::OtherSpec(differences));
    }
    if old.stream_version != STREAM_VERSION {
        return Ok(Baseline::OtherStream { found: old.stream_version });
    }
    let mut found = Differences { tolerated, ..Differences::default() };
    for file in RESULT_FILES.iter().map(|file| file.name()) {
        let (is_old, is_new) = (old.files.contains_key(file), new.files.contains_key(file));
        if is_old || is_new || committed.join(file).exists() {
            if let Err(reason) = found.compare(file, committed, fresh, old)? {
                return Ok(Baseline::Unreadable { file: file.to_owned(), reason });
            }
            watch(file);
        }
    }
    found.compare_stamps(old, new);
    Ok(match found {
        Differences { count: 0, files, accepted, .. } => Baseline::Same { files, tolerated: accepted },
        Differences { changes, count, edited, .. } => Baseline::Changed { changes, count, edited },
    })
}

/// Opens the committed results; none if there are none. The error is what is wrong with them.
pub(super) fn open_committed(folder: &Path) -> Result<Option<ResultsReader>, Baseline> {
    let unreadable = |reason: String| Baseline::Unreadable { file: MANIFEST.to_owned(), reason };
    match ResultsReader::open(folder) {
        Ok(reader) => Ok(Some(reader)),
        Err(ResultsError::Missing { .. } | ResultsError::NoResults { .. }) => Ok(None),
        Err(ResultsError::Newer { format, .. }) => {
            Err(Baseline::Newer { format: u32::try_from(format).unwrap_or(u32::MAX) })
        }
        Err(ResultsError::Manifest { reason, .. }) => Err(unreadable(reason)),
        Err(ResultsError::Io { source, .. }) => Err(unreadable(source.to_string())),
        Err(other) => Err(unreadable(other.to_string())),
    }
}

/// Opens a file; none if there is nothing of the name.
fn open_if_there(path: &Path) -> io::Result<Option<File>> {
    match open_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        opened => opened.map(Some),
    }
}

/// Whether two files have the same bytes.
fn is_same(one: impl io::Read, other: impl io::Read) -> io::Result<bool> {
    const CHUNK: usize = 1 << 18;
    let (mut one, mut other) = (BufReader::with_capacity(CHUNK, one), BufReader::with_capacity(CHUNK, other));
    loop {
        let (here, there) = (one.fill_buf()?, other.fill_buf()?);
        let length = here.len().min(there.len());
        if length == 0 {
            return Ok(here.len() == there.len());
        }
        if here.get(..length) != there.get(..length) {
            return Ok(false);
        }
        one.consume(length);
        other.consume(length);
    }
}

/// The differences found so far.
#[derive(Default)]
struct Differences<'a> {
    tolerated: Option<&'a Tolerated>,
    /// The number of cells that differ and are tolerated, and the files that they are in.
    accepted: usize,
    accepted_files: Vec<String>,
    changes: Vec<Change>,
    count: usize,
    edited: Vec<String>,
    files: usize,
}

impl Differences<'_> {
    /// Compares a file. The outer error is that `fresh` cannot be read, the inner one that the committed file cannot.
    fn compare(
        &mut self,
        file: &str,
        committed: &Path,
        fresh: &Path,
        manifest: &Manifest,
    ) -> io::Result<Result<(), String>> {
        self.files += 1;
        let (committed, fresh) = (committed.join(file), fresh.join(file));
        let new = open_if_there(&fresh)?;
        let old = match open_if_there(&committed) {
            Ok(old) => old,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let change = |column: &str, old: &str, new: &str| Change {
            file: file.to_owned(),
            line: None,
            row: String::new(),
            column: column.to_owned(),
            old: old.to_owned(),
            new: new.to_owned(),
            errors: None,
        };
        let (old, new) = match (old, new) {
            (None, None) => return Ok(Ok(())),
            (Some(old), Some(new)) => match is_same(old, new) {
                Ok(true) => return Ok(Ok(())),
                Ok(false) => (open_file(&committed), open_file(&fresh)?),
                Err(error) => return Ok(Err(error.to_string())),
            },
            (old, new) => {
                let there = |is_there: bool| if is_there { "there" } else { "absent" };
                self.add(change("the file", there(old.is_some()), there(new.is_some())));
                return Ok(Ok(()));
            }
        };
        let before = self.count + self.accepted;
        // The bytes that are compared are those that the digest is taken of.
        let mut old = match old {
            Ok(old) => HashingReader::new(old),
            Err(error) => return Ok(Err(error.to_string())),
        };
        match TableReader::new(WithinLines::new(&mut old)) {
            Ok(mut old) => match self.compare_tables(file, &mut old, TableReader::new(new)?)? {
                Ok(()) => {}
                Err(error) => self.add(change("the file", &format!("not a CSV file ({error})"), "a CSV file")),
            },
            Err(error) => self.add(change("the file", &format!("not a CSV file ({error})"), "a CSV file")),
        }
        match old.finish() {
            Ok(digest) if manifest.files.get(file) == Some(&digest) => {}
            Ok(_) => self.edited.push(file.to_owned()),
            Err(error) => return Ok(Err(error.to_string())),
        }
        if self.count + self.accepted == before {
            let old = "the same cells in other bytes, such as quotes or line ends";
            self.add(change("the file", old, "as the program writes them"));
        }
        Ok(Ok(()))
    }

    /// Compares tables. The outer error is that of the new table, the inner one that of the old table.
    fn compare_tables(
        &mut self,
        file: &str,
        old: &mut TableReader<impl io::Read>,
        mut new: TableReader<impl io::Read>,
    ) -> csv::Result<csv::Result<()>> {
        let change = |line: Option<usize>, row: String, column: &str, old: &str, new: &str| Change {
            file: file.to_owned(),
            line,
            row,
            column: column.to_owned(),
            old: old.to_owned(),
            new: new.to_owned(),
            errors: None,
        };
        let columns = [old.columns().to_vec(), new.columns().to_vec()];
        let [old_columns, new_columns] = &columns;
        if old_columns.is_empty() {
            self.add(change(None, String::new(), "the file", "empty", "with rows"));
            return Ok(Ok(()));
        }
        if old_columns != new_columns {
            let (old, new) = (old_columns.join(","), new_columns.join(","));
            self.add(change(Some(1), String::new(), "the columns", &old, &new));
        }
        for line in 2.. {
            let rows = match old.next_row() {
                Ok(row) => (row, new.next_row()?),
                Err(error) => return Ok(Err(error)),
            };
            let (before, after) = match rows {
                (None, None) => break,
                (Some(before), Some(after)) => {
                    (Cells { columns: old_columns, row: before }, Cells { columns: new_columns, row: after })
                }
                (old, new) => {
                    let there = |row: &Option<Vec<String>>| if row.is_some() { "there" } else { "absent" };
                    let (was, is) = (there(&old), there(&new));
                    let row = Cells { columns: new_columns, row: new.unwrap_or_default() };
                    self.add(change(Some(line), row.described(), "the row", was, is));
                    continue;
                }
            };
            // Columns are matched by name: others may have moved.
            for column in new_columns.iter().filter(|column| old_columns.contains(column)) {
                let (was, is) = (before.cell(column), after.cell(column).unwrap_or_default());
                if was != Some(is) {
                    if let (Some(was), Some(tolerated)) = (was, self.tolerated)
                        && tolerated.accepts(file, &after, column, [was, is])
                    {
                        self.accept(file);
                        continue;
                    }
                    let old = was.unwrap_or("absent: the row is cut short");
                    let errors = was.and_then(|was| after.standard_errors(column, was, is));
                    self.add(Change { errors, ..change(Some(line), after.described(), column, old, is) });
                }
            }
        }
        Ok(Ok(()))
    }

    /// Finds a wrong digest in the manifest of files that are right.
    fn compare_stamps(&mut self, old: &Manifest, new: &Manifest) {
        let is_exact = |(name, _): &(&String, &String)| !self.accepted_files.contains(name);
        let [old, new] = [old, new].map(|manifest| manifest.files.iter().filter(is_exact).collect::<Vec<_>>());
        if self.count > 0 || old == new {
            return;
        }
        let (old, new) = (old.into_iter(), new.into_iter());
        let listed = |(name, digest): (&String, &String)| format!("{name} {digest}");
        self.add(Change {
            file: MANIFEST.to_owned(),
            line: None,
            row: String::new(),
            column: "files".to_owned(),
            old: old.map(listed).collect::<Vec<_>>().join(", "),
            new: new.map(listed).collect::<Vec<_>>().join(", "),
            errors: None,
        });
    }

    fn accept(&mut self, file: &str) {
        self.accepted += 1;
        if self.accepted_files.last().is_none_or(|last| last != file) {
            self.accepted_files.push(file.to_owned());
        }
    }

    fn add(&mut self, change: Change) {
        self.count += 1;
        if self.changes.len() < LISTED {
            self.changes.push(change);
        }
    }
}

/// A row and the names of its columns.
struct Cells<'a> {
    columns: &'a [String],
    row: Vec<String>,
}

impl Row for Cells<'_> {
    fn cell(&self, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|name| name == column)?;
        self.row.get(place).map(String::as_str)
    }
}

impl Cells<'_> {
    /// The identity of the row.
    fn described(&self) -> String {
        let named = |column: &str| self.cell(column).filter(|cell| !cell.is_empty());
        let condition = ("condition", "condition ");
        let parts = match named("truth") {
            // Of a decision the limits are no place.
            Some(_) => vec![condition, ("truth", "true "), ("outcome", "decides "), ("level", "level ")],
            None => vec![condition, ("n", "N = "), ("trial", "trial "), ("length", "length "), ("lower", "from ")],
        };
        let shown: Vec<String> =
            parts.iter().filter_map(|(column, before)| Some(format!("{before}{}", named(column)?))).collect();
        shown.join(", ")
    }

    /// The difference of two numbers of the row in its standard errors, for columns that have one.
    fn standard_errors(&self, column: &str, old: &str, new: &str) -> Option<f64> {
        let error = match column {
            "mean" | "bias" | "closed_form" | "expected" => "mcse",
            "variance" | "closed_form_variance" => "variance_mcse",
            _ => return None,
        };
        let error: f64 = self.cell(error)?.parse().ok()?;
        let (old, new): (f64, f64) = (old.parse().ok()?, new.parse().ok()?);
        Some((new - old) / error).filter(|errors| errors.is_finite())
    }
}
