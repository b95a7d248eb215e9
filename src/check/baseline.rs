//! Results against those that are committed.

use crate::record::{Difference, FORMAT, Manifest, SavedTable, hex};
use crate::simulation::STREAM_VERSION;
use crate::store::{FILES, MANIFEST};
use sha2::{Digest, Sha256};
use std::io;
use std::path::Path;

/// Changes that are told one by one; the others are counted.
const TOLD: usize = 20;

/// What the committed results of one experiment are worth beside those of a rerun.
#[derive(Clone, Debug)]
pub enum Baseline {
    /// The same, byte for byte: so many files.
    Same {
        /// How many files were compared, the manifest aside.
        files: usize,
    },
    /// There are none.
    Missing,
    /// They are of another spec.
    OtherSpec(Vec<Difference>),
    /// They were written with other random streams.
    OtherStream {
        /// The version of theirs.
        found: u32,
    },
    /// They were written by a program that this one is too old for.
    Newer {
        /// The version of their layout.
        format: u32,
    },
    /// They cannot be read.
    Unreadable {
        /// Which file.
        file: String,
        /// Why.
        reason: String,
    },
    /// They differ.
    Changed {
        /// The first changes.
        changes: Vec<Change>,
        /// How many there are in all.
        count: usize,
        /// Files that are not what their manifest says: somebody edited them.
        edited: Vec<String>,
    },
}

/// One difference between a committed file and the same file of a rerun.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The file.
    pub file: String,
    /// The line, from 1, if it is one cell or row that differs.
    pub line: Option<usize>,
    /// What stands in that row: `condition 2, N = 100`.
    pub row: String,
    /// The column, or what else differs.
    pub column: String,
    /// What is committed.
    pub old: String,
    /// What the rerun gave.
    pub new: String,
    /// By how many Monte Carlo standard errors a mean or a variance differs.
    pub errors: Option<f64>,
}

/// Compares the results in `committed` with those of a rerun of the same spec in `fresh`.
///
/// Fails only where `fresh` cannot be read: whatever is wrong with the committed results is a finding.
pub fn compare_folders(committed: &Path, fresh: &Path) -> io::Result<Baseline> {
    let new: Manifest = serde_json::from_slice(&std::fs::read(fresh.join(MANIFEST))?)?;
    let old = match read_manifest(committed) {
        Ok(Some(manifest)) => manifest,
        Ok(None) => return Ok(Baseline::Missing),
        Err(other) => return Ok(other),
    };
    let differences = old.differences(&new.spec);
    if !differences.is_empty() {
        return Ok(Baseline::OtherSpec(differences));
    }
    if old.stream_version != STREAM_VERSION {
        return Ok(Baseline::OtherStream { found: old.stream_version });
    }
    let mut found = Found::default();
    for file in FILES {
        let (is_old, is_new) = (old.files.contains_key(file), new.files.contains_key(file));
        if is_old || is_new || committed.join(file).exists() {
            found.compare(file, committed, fresh, &old)?;
        }
    }
    Ok(match found {
        Found { count: 0, files, .. } => Baseline::Same { files },
        Found { changes, count, edited, .. } => Baseline::Changed { changes, count, edited },
    })
}

/// The manifest of the committed results; none if there are no results, or what is wrong with them.
pub(super) fn read_manifest(folder: &Path) -> Result<Option<Manifest>, Baseline> {
    let unreadable = |reason: String| Baseline::Unreadable { file: MANIFEST.to_owned(), reason };
    let text = match std::fs::read_to_string(folder.join(MANIFEST)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error.to_string())),
    };
    // The version first: what follows may have another shape.
    let json: serde_json::Value = serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
    let format = json.get("format").and_then(serde_json::Value::as_u64).and_then(|format| u32::try_from(format).ok());
    match format {
        Some(format) if format > FORMAT => Err(Baseline::Newer { format }),
        _ => serde_json::from_value(json).map(Some).map_err(|error| unreadable(error.to_string())),
    }
}

#[derive(Default)]
struct Found {
    changes: Vec<Change>,
    count: usize,
    edited: Vec<String>,
    files: usize,
}

impl Found {
    fn compare(&mut self, file: &str, committed: &Path, fresh: &Path, manifest: &Manifest) -> io::Result<()> {
        self.files += 1;
        let new = match std::fs::read(fresh.join(file)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            read => Some(read?),
        };
        let old = std::fs::read(committed.join(file)).ok();
        if old == new {
            return Ok(());
        }
        let whole = |old: &str, new: &str| Change {
            file: file.to_owned(),
            line: None,
            row: String::new(),
            column: "the file".to_owned(),
            old: old.to_owned(),
            new: new.to_owned(),
            errors: None,
        };
        let (Some(old), Some(_)) = (&old, &new) else {
            let there = |bytes: &Option<Vec<u8>>| if bytes.is_some() { "there" } else { "absent" };
            self.tell(whole(there(&old), there(&new)));
            return Ok(());
        };
        if manifest.files.get(file).is_none_or(|stamp| *stamp != hex(&Sha256::digest(old))) {
            self.edited.push(file.to_owned());
        }
        let before = self.count;
        match (SavedTable::read(&committed.join(file)), SavedTable::read(&fresh.join(file))) {
            (Ok(old), Ok(new)) => self.compare_tables(file, &old, &new),
            (Err(error), _) => self.tell(whole(&format!("no CSV file ({error})"), "a CSV file")),
            (Ok(_), Err(error)) => return Err(io::Error::other(error)),
        }
        if self.count == before {
            self.tell(whole(
                "the same cells in other bytes, such as quotes or line ends",
                "as the program writes them",
            ));
        }
        Ok(())
    }

    fn compare_tables(&mut self, file: &str, old: &SavedTable, new: &SavedTable) {
        let change = |line: Option<usize>, row: &str, column: &str, old: &str, new: &str| Change {
            file: file.to_owned(),
            line,
            row: row.to_owned(),
            column: column.to_owned(),
            old: old.to_owned(),
            new: new.to_owned(),
            errors: None,
        };
        if old.columns.is_empty() {
            return self.tell(change(None, "", "the file", "empty", "with rows"));
        }
        if old.columns != new.columns {
            self.tell(change(Some(1), "", "the columns", &old.columns.join(","), &new.columns.join(",")));
        }
        for row in 0..old.rows.len().max(new.rows.len()) {
            let line = Some(row + 2);
            let (is_old, is_new) = (row < old.rows.len(), row < new.rows.len());
            if !(is_old && is_new) {
                let there = |is_there: bool| if is_there { "there" } else { "absent" };
                self.tell(change(line, &described(new, row), "the row", there(is_old), there(is_new)));
                continue;
            }
            // Columns are matched by name: others may have moved.
            for column in new.columns.iter().filter(|column| old.columns.contains(column)) {
                let (before, after) = (old.cell(row, column), new.cell(row, column).unwrap_or_default());
                if before != Some(after) {
                    let told = before.unwrap_or("absent: the row is cut short");
                    let errors = before.and_then(|before| standard_errors(new, row, column, before, after));
                    self.tell(Change { errors, ..change(line, &described(new, row), column, told, after) });
                }
            }
        }
    }

    fn tell(&mut self, change: Change) {
        self.count += 1;
        if self.changes.len() < TOLD {
            self.changes.push(change);
        }
    }
}

/// Which row it is, by what identifies it.
fn described(table: &SavedTable, row: usize) -> String {
    let named = |column: &str| table.cell(row, column).filter(|cell| !cell.is_empty());
    let parts =
        [("condition", "condition "), ("n", "N = "), ("trial", "trial "), ("length", "length "), ("lower", "from ")];
    let shown: Vec<String> =
        parts.iter().filter_map(|(column, before)| Some(format!("{before}{}", named(column)?))).collect();
    shown.join(", ")
}

/// The distance of two numbers of a row in its own standard errors, for columns that have one.
fn standard_errors(table: &SavedTable, row: usize, column: &str, old: &str, new: &str) -> Option<f64> {
    let error = match column {
        "mean" | "bias" | "closed_form" | "expected" => "mcse",
        "variance" | "closed_form_variance" => "variance_mcse",
        _ => return None,
    };
    let error: f64 = table.cell(row, error)?.parse().ok()?;
    let (old, new): (f64, f64) = (old.parse().ok()?, new.parse().ok()?);
    Some((new - old) / error).filter(|errors| errors.is_finite())
}
