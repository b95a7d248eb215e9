//! A results folder that is being read: its manifest, and files whose very bytes are held against it.

use super::{Manifest, ManifestError, ResultsError, SavedTable, hex};
use crate::outside::{MOST_AT_ONCE, WithinLines, open_file, read_file};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The name of the manifest.
pub const MANIFEST: &str = "manifest.json";

/// Bytes that are read at a time.
const PIECE: usize = 1 << 16;

/// A folder of results, its manifest read.
///
/// What is parsed of a file is what its digest was taken of, and not what is there a moment later: a run may end at any time and put
/// other files in place of these.
#[derive(Clone, Debug)]
pub struct ResultsReader {
    folder: PathBuf,
    manifest: Manifest,
    /// The manifest's bytes.
    written: Vec<u8>,
}

impl ResultsReader {
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
        match Manifest::read(&written) {
            Ok(manifest) => Ok(Self { folder: folder.to_owned(), manifest, written }),
            Err(ManifestError::Newer { format }) => Err(ResultsError::Newer { path: folder.to_owned(), format }),
            Err(ManifestError::Malformed { reason }) => Err(ResultsError::Manifest { path, reason }),
        }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The cells of a file that the manifest names, which must be the file that it was written for.
    pub fn table(&self, name: &str) -> Result<SavedTable, ResultsError> {
        self.read(name, |input| SavedTable::parse(WithinLines::new(input)))
    }

    /// Checks that a file is the one that the manifest was written for.
    pub fn check(&self, name: &str) -> Result<(), ResultsError> {
        self.read(name, |_| Ok(()))
    }

    /// Checks that the manifest still is what it was when it was read.
    pub fn confirm(&self) -> Result<(), ResultsError> {
        match read_file(&self.folder.join(MANIFEST), MOST_AT_ONCE) {
            Ok(written) if written == self.written => Ok(()),
            _ => Err(ResultsError::Replaced { path: self.folder.clone() }),
        }
    }

    fn read<T>(&self, name: &str, parse: impl FnOnce(&mut Hashed<File>) -> csv::Result<T>) -> Result<T, ResultsError> {
        let path = self.folder.join(name);
        let Some(stamp) = self.manifest.files.get(name) else {
            let reason = format!("it does not name {name}");
            return Err(ResultsError::Manifest { path: self.folder.join(MANIFEST), reason });
        };
        // Whatever is amiss: if a run has put other results there, that is why.
        let amiss = |error: ResultsError| self.confirm().err().unwrap_or(error);
        let unread = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => amiss(ResultsError::NoFile { path: path.clone() }),
            io::ErrorKind::OutOfMemory => ResultsError::Memory { path: path.clone(), needed: source.to_string() },
            _ => amiss(ResultsError::Io { path: path.clone(), source }),
        };
        let mut input = Hashed::new(open_file(&path).map_err(unread)?);
        let parsed = match parse(&mut input).map_err(csv::Error::into_kind) {
            Err(csv::ErrorKind::Io(error)) => return Err(unread(error)),
            Err(other) => Err(io::Error::new(io::ErrorKind::InvalidData, describe(&other))),
            Ok(parsed) => Ok(parsed),
        };
        // A file that cannot be parsed is first of all not the one that was written.
        if input.finish().map_err(unread)? == *stamp {
            parsed.map_err(unread)
        } else {
            Err(amiss(ResultsError::Edited { path: path.clone() }))
        }
    }
}

/// What is wrong with a file that is no CSV.
fn describe(kind: &csv::ErrorKind) -> String {
    match kind {
        csv::ErrorKind::Utf8 { pos, .. } => {
            format!("line {} is not UTF-8", pos.as_ref().map_or(0, csv::Position::line))
        }
        other => format!("it is no CSV file: {other:?}"),
    }
}

/// A reader that takes the digest of all that passes.
#[derive(Clone, Debug)]
pub struct Hashed<R> {
    input: R,
    hash: Sha256,
}

impl<R: Read> Hashed<R> {
    /// Reads `input`.
    pub fn new(input: R) -> Self {
        Self { input, hash: Sha256::new() }
    }

    /// Reads on to the end, and gives the SHA-256 of all, in hex.
    pub fn finish(mut self) -> io::Result<String> {
        let mut piece = vec![0; PIECE];
        loop {
            match self.read(&mut piece) {
                Ok(0) => return Ok(hex(&self.hash.finalize())),
                Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
                _ => {}
            }
        }
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(room)?;
        self.hash.update(room.get(..length).unwrap_or_default());
        Ok(length)
    }
}
