//! One experiment's results folder.

use super::StagedFile;
use super::staged::Synced;
use crate::record::{FORMAT, Manifest, Stamp};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The name of the manifest.
pub const MANIFEST: &str = "manifest.json";

/// The name of what an interrupted run leaves.
pub const PARTIAL: &str = "summary.partial.csv";

/// Which trials have no estimate, if there are any.
pub const FAILURES: &str = "failures.csv";

/// The files that a run may leave besides its manifest: no others are ever replaced or removed.
pub const FILES: [&str; 7] =
    ["summary.csv", "law.csv", "paths.csv", "measures.csv", "intervals.csv", "trials.csv", FAILURES];

/// Why results cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file has the folder's name.
    #[error("{} is a file, and results need a folder of that name", .path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// A folder has the name of a file of the results.
    #[error("{} is a folder, and results need a file of that name", .path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// Another run works there.
    #[error("another run is writing to {}", .path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// The disk has no room for what a run would write.
    #[error("trials.csv would take about {needed}, and {} has {available} free", .path.display())]
    NoRoom {
        /// The folder.
        path: PathBuf,
        /// The predicted size.
        needed: String,
        /// What is free.
        available: String,
    },
    /// The system refused.
    #[error("cannot {action} {}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl StoreError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotAFolder { .. } => "move the file away, or choose another folder with --out",
            Self::NotAFile { .. } => "move the folder away, or choose another one for the results with --out",
            Self::Locked { .. } => "wait for it to end, or choose another folder with --out",
            Self::NoRoom { .. } => {
                "record fewer trials (--trials), leave out --record, or choose another disk with --out"
            }
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::FileTooLarge | io::ErrorKind::QuotaExceeded => {
                    "make room, or choose another disk with --out; earlier results are as they were"
                }
                _ => "choose a folder that you can write to with --out",
            },
        }
    }

    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}

/// `results/<experiment>/`, held by one run at a time.
#[derive(Debug)]
pub struct ResultsFolder {
    path: PathBuf,
    /// The folders that this run made, innermost first: if nothing is published, they go again.
    made: Vec<PathBuf>,
    /// Held until the run ends.
    _lock: File,
}

impl ResultsFolder {
    /// Makes the folder if there is none, locks it, and clears away what a killed run left half-written.
    ///
    /// `missing` are folders above it that did not exist before this program began: if they end up empty,
    /// they go too.
    pub fn open(path: PathBuf, missing: &[PathBuf]) -> Result<Self, StoreError> {
        if let Some(file) = path.ancestors().find(|part| part.is_file()) {
            return Err(StoreError::NotAFolder { path: file.to_owned() });
        }
        let own = (!path.exists()).then(|| path.clone());
        let made = own.into_iter().chain(missing.iter().cloned()).collect();
        fs::create_dir_all(&path).map_err(StoreError::io("make the folder", &path))?;
        let lock = lock_file(&path).map_err(StoreError::io("open the folder", &path))?;
        match lock.try_lock() {
            Ok(()) => {
                let folder = Self { path, made, _lock: lock };
                folder.check_names()?;
                folder.clear_leftovers();
                Ok(folder)
            }
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path }),
            Err(TryLockError::Error(source)) => Err(StoreError::Io { action: "lock the folder", path, source }),
        }
    }

    /// Nothing but a file may stand where a file is to go.
    fn check_names(&self) -> Result<(), StoreError> {
        let mut paths = FILES.into_iter().chain([MANIFEST, PARTIAL]).map(|name| self.path.join(name));
        match paths.find(|path| path.is_dir()) {
            Some(path) => Err(StoreError::NotAFile { path }),
            None => Ok(()),
        }
    }

    /// Temporary files of runs that were killed: nobody else holds the lock.
    fn clear_leftovers(&self) {
        for entry in fs::read_dir(&self.path).into_iter().flatten().flatten() {
            if entry.file_name().to_str().is_some_and(StagedFile::is_temporary) {
                // Best effort: it does no harm.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses a file of about `needed` bytes that the disk has no room for.
    pub fn check_room(&self, needed: u128) -> Result<(), StoreError> {
        let available =
            fs4::available_space(&self.path).map_err(StoreError::io("ask the free space of", &self.path))?;
        if needed <= u128::from(available) {
            return Ok(());
        }
        let (needed, available) = (readable(needed), readable(available.into()));
        Err(StoreError::NoRoom { path: self.path.clone(), needed, available })
    }

    /// The manifest of the results that are there, if there are any that this program can read.
    pub fn manifest(&self) -> Option<Manifest> {
        let text = fs::read_to_string(self.path.join(MANIFEST)).ok()?;
        serde_json::from_str(&text).ok().filter(|manifest: &Manifest| manifest.format == FORMAT)
    }

    /// A new file that is to become `name`.
    pub fn stage(&self, name: &str) -> Result<StagedFile, StoreError> {
        StagedFile::new(&self.path, name).map_err(StoreError::io("write to", &self.path))
    }

    /// Puts a whole set of files in place of the old one: all are on the disk before the first is renamed,
    /// and the manifest comes last, so that a set cut short is recognised by its digests.
    pub fn publish(
        &mut self,
        files: Vec<StagedFile>,
        manifest: impl FnOnce(&[Stamp]) -> Result<StagedFile, StoreError>,
    ) -> Result<(), StoreError> {
        let mut synced = Vec::with_capacity(files.len() + 1);
        for file in files {
            synced.push(self.synced(file)?);
        }
        let stamps: Vec<Stamp> = synced.iter().map(|file| file.stamp.clone()).collect();
        synced.push(self.synced(manifest(&stamps)?)?);
        self.rename(synced)?;
        let is_outdated = |name: &&str| !stamps.iter().any(|stamp| stamp.name == **name);
        for name in FILES.into_iter().filter(is_outdated).chain([PARTIAL]) {
            self.remove(name)?;
        }
        self.sync_folder()
    }

    /// Leaves what an interrupted run has, beside the results of earlier runs.
    pub fn publish_partial(&mut self, file: StagedFile) -> Result<(), StoreError> {
        let file = self.synced(file)?;
        self.rename(vec![file])?;
        self.sync_folder()
    }

    fn synced(&self, file: StagedFile) -> Result<Synced, StoreError> {
        file.sync().map_err(StoreError::io("write to", &self.path))
    }

    fn rename(&mut self, files: Vec<Synced>) -> Result<(), StoreError> {
        for file in files {
            file.publish(&self.path).map_err(StoreError::io("replace a file in", &self.path))?;
            self.made.clear();
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), StoreError> {
        match fs::remove_file(self.path.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::io("remove an outdated file from", &self.path)(error))
            }
            _ => Ok(()),
        }
    }

    /// Renames are on the disk once the folder is.
    fn sync_folder(&self) -> Result<(), StoreError> {
        #[cfg(unix)]
        File::open(&self.path)
            .and_then(|folder| folder.sync_all())
            .map_err(StoreError::io("sync the folder", &self.path))?;
        Ok(())
    }
}

impl Drop for ResultsFolder {
    fn drop(&mut self) {
        for folder in &self.made {
            // Best effort: only an empty folder goes.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// What is locked: on Unix the folder itself, so that no lock file is left in it.
#[cfg(unix)]
fn lock_file(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

#[cfg(not(unix))]
fn lock_file(folder: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(folder.join(".lock"))
}

/// A number of bytes for people.
fn readable(bytes: u128) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    let mut size = bytes as f64;
    let mut unit = "bytes";
    for next in UNITS {
        if size < 1000.0 {
            break;
        }
        size /= 1000.0;
        unit = next;
    }
    if unit == "bytes" { format!("{bytes} bytes") } else { format!("{size:.1} {unit}") }
}
