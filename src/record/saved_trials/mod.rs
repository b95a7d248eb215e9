//! A folder that `runner summarize --save` wrote: the trials as they came, their measures, and what was asked for.

mod manifest;

pub(super) use manifest::is_of_trials;
pub use manifest::{TrialsManifest, trials_name};

use super::results::{MANIFEST, ResultsError};
use super::{FORMAT, HashingReader};
use crate::external_trials::{ExternalTrials, TrialsError};
use crate::outside::{MOST_AT_ONCE, WithinLines, open_file, read_file};
use serde_json::Value;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The name of the file of measures.
pub const MEASURES: &str = "measures.csv";

/// Why saved trials cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SavedTrialsError {
    /// The folder is not as it was saved.
    #[error(transparent)]
    Results(#[from] ResultsError),
    /// The trials have mistakes.
    #[error(transparent)]
    Trials(#[from] TrialsError),
}

/// A folder of saved trials whose manifest has been read.
#[derive(Clone, Debug)]
pub struct SavedTrials {
    folder: PathBuf,
    manifest: TrialsManifest,
}

impl SavedTrials {
    /// Reads the manifest of a folder; none if the folder is not one of saved trials.
    pub fn open(folder: &Path) -> Result<Option<Self>, ResultsError> {
        let path = folder.join(MANIFEST);
        let Ok(written) = read_file(&path, MOST_AT_ONCE) else { return Ok(None) };
        let json: Value = match serde_json::from_slice(&written) {
            Ok(json) => json,
            Err(error) => return Err(ResultsError::Manifest { path, reason: error.to_string() }),
        };
        if !is_of_trials(&json) {
            return Ok(None);
        }
        if let Some(format) = json.get("format").and_then(Value::as_u64).filter(|format| *format > u64::from(FORMAT)) {
            return Err(ResultsError::Newer { path: folder.to_owned(), format });
        }
        let manifest = TrialsManifest::read(json).map_err(|reason| ResultsError::Manifest { path, reason })?;
        Ok(Some(Self { folder: folder.to_owned(), manifest }))
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its manifest.
    pub fn manifest(&self) -> &TrialsManifest {
        &self.manifest
    }

    /// Reads the trials, whose files must be those that were saved.
    pub fn trials(&self) -> Result<ExternalTrials, SavedTrialsError> {
        let columns = self.manifest.spec.columns();
        let mut all = Vec::new();
        for (name, label) in self.manifest.trials() {
            let shown = self.folder.join(&name).display().to_string();
            let trials =
                self.read(&name, |input| ExternalTrials::read(&shown, WithinLines::new(input), &columns))??;
            all.push((label.unwrap_or_default().to_owned(), trials));
        }
        match all.len() {
            1 => Ok(all.pop().map(|(_, trials)| trials).unwrap_or_default()),
            _ => Ok(ExternalTrials::join("file", all)?),
        }
    }

    /// The measures that were saved.
    pub fn measures(&self) -> Result<Vec<u8>, ResultsError> {
        let read = self.read(MEASURES, |input| {
            let mut bytes = Vec::new();
            input.read_to_end(&mut bytes).map(|_| bytes)
        })?;
        read.map_err(|source| ResultsError::Io { path: self.folder.join(MEASURES), source })
    }

    /// Reads a file, which must be the one that was saved.
    fn read<T>(&self, name: &str, parse: impl FnOnce(&mut dyn Read) -> T) -> Result<T, ResultsError> {
        let path = self.folder.join(name);
        let Some(stamp) = self.manifest.files.get(name) else {
            let reason = format!("it does not name {name}");
            return Err(ResultsError::Manifest { path: self.folder.join(MANIFEST), reason });
        };
        let unread = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => ResultsError::NoFile { path: path.clone() },
            _ => ResultsError::Io { path: path.clone(), source },
        };
        let mut input = HashingReader::new(open_file(&path).map_err(unread)?);
        let parsed = parse(&mut input);
        // A file that cannot be parsed is first of all not the one that was saved.
        if input.finish().map_err(unread)? == *stamp { Ok(parsed) } else { Err(ResultsError::Edited { path }) }
    }
}
