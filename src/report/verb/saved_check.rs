//! Saved trials beside a new computation of their measures.

use crate::report::{counted, printable};
use serde_json::{Value as Json, json};
use std::fmt;

/// The largest number of changes that are shown.
const SHOWN: usize = 20;

/// A row of `measures.csv` that is not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureChange {
    /// The line of the file, counted from 1.
    pub line: usize,
    /// The line as it was saved; empty if there was none.
    pub saved: String,
    /// The line now; empty if there is none.
    pub now: String,
}

/// What came of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SavedVerdict {
    /// All measures are the same bytes.
    Same,
    /// A file is not the one that was saved, or is missing.
    Edited(String),
    /// Measures differ.
    Changed(Vec<MeasureChange>),
}

/// A folder of saved trials and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedCheck {
    /// The folder.
    pub folder: String,
    /// What came of it.
    pub verdict: SavedVerdict,
}

/// The output of `runner check` on folders of saved trials.
pub struct SavedChecks<'a> {
    /// Each folder.
    pub checks: &'a [SavedCheck],
}

impl SavedChecks<'_> {
    /// The JSON document; its schema is in `docs/json.md`.
    pub fn json(&self) -> Json {
        let folder = |check: &SavedCheck| {
            let (verdict, file, changes) = match &check.verdict {
                SavedVerdict::Same => ("same", None, [].as_slice()),
                SavedVerdict::Edited(file) => ("edited", Some(file), [].as_slice()),
                SavedVerdict::Changed(changes) => ("changed", None, changes.as_slice()),
            };
            let change = |change: &MeasureChange| json!({ "saved": change.saved, "now": change.now });
            json!({
                "folder": check.folder,
                "verdict": verdict,
                "file": file,
                "changes": changes.iter().map(change).collect::<Vec<_>>(),
            })
        };
        json!({
            "schema": "kl-runner/check-trials/1",
            "folders": self.checks.iter().map(folder).collect::<Vec<_>>(),
        })
    }
}

impl fmt::Display for SavedChecks<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for check in self.checks {
            let folder = printable(&check.folder);
            match &check.verdict {
                SavedVerdict::Same => writeln!(out, "{folder}: the measures of the saved trials are the same")?,
                SavedVerdict::Edited(file) => writeln!(
                    out,
                    "{folder}: {} is not the file that was saved: it was edited, cut short or removed",
                    printable(file)
                )?,
                SavedVerdict::Changed(changes) => {
                    writeln!(out, "{folder}: {} of measures.csv changed:", counted(changes.len() as u64, "line"))?;
                    for change in changes.iter().take(SHOWN) {
                        writeln!(out, "  − {}\n  + {}", printable(&change.saved), printable(&change.now))?;
                    }
                    let hidden = changes.len().saturating_sub(SHOWN);
                    if hidden > 0 {
                        writeln!(out, "  … and {hidden} more with --json")?;
                    }
                }
            }
        }
        Ok(())
    }
}
