//! A results folder that is being read: its manifest, and files whose bytes are checked against it.

use super::{ResultsError, SavedFile};
use crate::outside::{MOST_AT_ONCE, WithinLines, open_file, read_file};
use crate::record::csv_file::CsvTable;
use crate::record::{HashingReader, Manifest, ManifestError};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The name of the manifest.
pub const MANIFEST: &str = "manifest.json";

/// A folder of results whose manifest has been read: the one reader of manifests.
///
/// The files are in a folder or in memory. The bytes that are parsed are those that the digest is taken of: a run may end at any time
/// and replace the files of a folder.
#[derive(Clone, Debug)]
pub struct ResultsReader {
    /// The folder; what messages say in place of one if the files are in memory.
    folder: PathBuf,
    manifest: Manifest,
    origin: Origin,
}

/// Where the files are.
#[derive(Clone, Debug)]
enum Origin {
    Folder {
        /// The manifest's bytes.
        written: Vec<u8>,
    },
    /// Files by their names. Nobody replaces them.
    Memory(Arc<BTreeMap<String, Vec<u8>>>),
}

/// The bytes of a result file.
#[derive(Debug)]
pub enum ResultBytes<'a> {
    /// A file on disk.
    File(File),
    /// A file in memory.
    Memory(Cursor<&'a [u8]>),
}

impl Read for ResultBytes<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Memory(bytes) => bytes.read(buffer),
        }
    }
}

impl ResultsReader {
    /// Reads the manifest of files in memory, by their names: those that a run would leave in a folder.
    pub fn of_files(files: BTreeMap<String, Vec<u8>>) -> Result<Self, ResultsError> {
        let folder = PathBuf::from(IN_MEMORY);
        let written = files.get(MANIFEST).ok_or_else(|| ResultsError::NoResults { path: folder.clone() })?;
        let manifest = read_manifest(&folder, written)?;
        Ok(Self { folder, manifest, origin: Origin::Memory(Arc::new(files)) })
    }

    /// Reads the manifest of a folder.
    pub fn open(folder: &Path) -> Result<Self, ResultsError> {
        let path = folder.join(MANIFEST);
        let written = match read_file(&path, MOST_AT_ONCE) {
            Ok(written) => written,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !folder.exists() => {
                return Err(ResultsError::Missing { path: folder.to_owned() });
            }
            Err(_) if folder.is_file() => return Err(ResultsError::NotAFolder { path: folder.to_owned() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ResultsError::NoResults { path: folder.to_owned() });
            }
            Err(source) => return Err(ResultsError::Io { path, source }),
        };
        let manifest = read_manifest(folder, &written)?;
        Ok(Self { folder: folder.to_owned(), manifest, origin: Origin::Folder { written } })
    }

    /// Where it is; what messages say in place of that if the files are in memory.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Reads a file that the manifest names, which must be the file that it was written for.
    pub fn file(&self, name: &str) -> Result<SavedFile, ResultsError> {
        let table = self.read(name, |input| CsvTable::parse(WithinLines::new(input)))?;
        Ok(SavedFile::new(self.folder.join(name), table))
    }

    /// Checks that a file is the one that the manifest was written for.
    pub fn check(&self, name: &str) -> Result<(), ResultsError> {
        self.read(name, |_| Ok(()))
    }

    /// Checks that the manifest still is what it was when it was read.
    pub fn confirm(&self) -> Result<(), ResultsError> {
        let Origin::Folder { written } = &self.origin else { return Ok(()) };
        match read_file(&self.folder.join(MANIFEST), MOST_AT_ONCE) {
            Ok(found) if found == *written => Ok(()),
            _ => Err(ResultsError::Replaced { path: self.folder.clone() }),
        }
    }

    /// Reads a file that the manifest names with `parse`. Its bytes must be those that the manifest was written for.
    pub fn read<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&mut HashingReader<ResultBytes<'_>>) -> csv::Result<T>,
    ) -> Result<T, ResultsError> {
        let path = self.folder.join(name);
        let Some(stamp) = self.manifest.files.get(name) else {
            let reason = format!("it does not name {name}");
            return Err(ResultsError::Manifest { path: self.folder.join(MANIFEST), reason });
        };
        // If a run has put other results there, that explains any other error.
        let explained = |error: ResultsError| self.confirm().err().unwrap_or(error);
        let unread = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => explained(ResultsError::NoFile { path: path.clone() }),
            io::ErrorKind::OutOfMemory => ResultsError::Memory { path: path.clone(), needed: source.to_string() },
            _ => explained(ResultsError::Io { path: path.clone(), source }),
        };
        let mut input = HashingReader::new(self.bytes(name).map_err(unread)?);
        let parsed = match parse(&mut input).map_err(csv::Error::into_kind) {
            Err(csv::ErrorKind::Io(error)) => return Err(unread(error)),
            Err(other) => Err(io::Error::new(io::ErrorKind::InvalidData, describe(&other))),
            Ok(parsed) => Ok(parsed),
        };
        // A file that cannot be parsed is first of all not the one that was written.
        if input.finish().map_err(unread)? == *stamp {
            parsed.map_err(unread)
        } else {
            Err(explained(ResultsError::Edited { path: path.clone() }))
        }
    }

    fn bytes(&self, name: &str) -> io::Result<ResultBytes<'_>> {
        match &self.origin {
            Origin::Folder { .. } => open_file(&self.folder.join(name)).map(ResultBytes::File),
            Origin::Memory(files) => {
                let bytes = files.get(name).ok_or(io::ErrorKind::NotFound)?;
                Ok(ResultBytes::Memory(Cursor::new(bytes)))
            }
        }
    }
}

/// What messages say in place of a folder.
const IN_MEMORY: &str = "(results in memory)";

fn read_manifest(folder: &Path, written: &[u8]) -> Result<Manifest, ResultsError> {
    Manifest::read(written).map_err(|error| match error {
        ManifestError::Newer { format } => ResultsError::Newer { path: folder.to_owned(), format },
        ManifestError::OfTrials => ResultsError::OfTrials { path: folder.to_owned() },
        ManifestError::Malformed { reason } => ResultsError::Manifest { path: folder.join(MANIFEST), reason },
    })
}

/// Says what is wrong with a file that is not CSV.
fn describe(kind: &csv::ErrorKind) -> String {
    match kind {
        csv::ErrorKind::Utf8 { pos, .. } => {
            format!("line {} is not UTF-8", pos.as_ref().map_or(0, csv::Position::line))
        }
        other => format!("it is not a CSV file: {other:?}"),
    }
}
