//! One experiment's results folder.

use super::StagedFile;
use super::staged::{Kept, Synced};
use crate::outside::{MOST_AT_ONCE, read_file};
use crate::record::{FORMAT, MANIFEST, Manifest, Stamp};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

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
    /// A folder, or a pipe or a device, has the name of a file of the results.
    #[error("{} is no file, and results need a file of that name", .path.display())]
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
    /// Some files were replaced, and neither could the others be nor these be put back.
    #[error("the results in {} are of two runs: {} could not be put back when another could not be replaced", .path.display(), .new.join(", "))]
    Mixed {
        /// The folder.
        path: PathBuf,
        /// The files that are new, or missing.
        new: Vec<String>,
        /// Why another could not be replaced.
        source: io::Error,
    },
    /// All is done but for the tidying.
    #[error("the new results in {} are in place, but it is not possible to {action}", .path.display())]
    InPlace {
        /// The folder.
        path: PathBuf,
        /// What else was tried.
        action: String,
        /// What the system said.
        source: io::Error,
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
            Self::NotAFile { .. } => "move it away, or choose another folder for the results with --out",
            Self::Locked { .. } => "wait for it to end, or choose another folder with --out",
            Self::NoRoom { .. } => {
                "record fewer trials (--trials), leave out --record, or choose another disk with --out"
            }
            Self::Mixed { .. } => "run the experiment again; until then `runner report` refuses the folder",
            Self::InPlace { .. } => "see to the folder; `runner report` reads the new results",
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::FileTooLarge => {
                    "raise the limit on the size of files (ulimit -f), or record fewer trials; earlier results are as they were"
                }
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    "make room, or choose another disk with --out; earlier results are as they were"
                }
                _ => "choose a folder that you can write to with --out; earlier results are as they were",
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
        match paths.find(|path| path.exists() && !path.is_file()) {
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
        let written = read_file(&self.path.join(MANIFEST), MOST_AT_ONCE).ok()?;
        Manifest::read(&written).ok().filter(|manifest| manifest.format == FORMAT)
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
        self.replace(synced)?;
        let is_outdated = |name: &&str| !stamps.iter().any(|stamp| stamp.name == **name);
        let outdated = FILES.into_iter().filter(is_outdated).chain([PARTIAL]);
        let removed: Vec<_> = outdated.map(|name| self.remove(name)).collect();
        self.sync_folder()?;
        removed.into_iter().collect()
    }

    /// Leaves what an interrupted run has, beside the results of earlier runs.
    pub fn publish_partial(&mut self, file: StagedFile) -> Result<(), StoreError> {
        let file = self.synced(file)?;
        self.replace(vec![file])?;
        self.sync_folder()
    }

    fn replace(&mut self, files: Vec<Synced>) -> Result<(), StoreError> {
        replace_all(&self.path, files, &mut |file| file.publish(&self.path))?;
        self.made.clear();
        Ok(())
    }

    fn synced(&self, file: StagedFile) -> Result<Synced, StoreError> {
        file.sync().map_err(StoreError::io("write to", &self.path))
    }

    fn remove(&self, name: &str) -> Result<(), StoreError> {
        match fs::remove_file(self.path.join(name)) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                let action = format!("remove {name}, which is outdated");
                Err(StoreError::InPlace { path: self.path.clone(), action, source })
            }
            _ => Ok(()),
        }
    }

    /// Renames are on the disk once the folder is.
    fn sync_folder(&self) -> Result<(), StoreError> {
        #[cfg(unix)]
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(|source| {
            let action = "make sure that they outlast a power cut".to_owned();
            StoreError::InPlace { path: self.path.clone(), action, source }
        })?;
        Ok(())
    }
}

/// Every file takes the place of whatever has its name, or none does.
fn replace_all(
    folder: &Path,
    files: Vec<Synced>,
    publish: &mut dyn FnMut(Synced) -> io::Result<()>,
) -> Result<(), StoreError> {
    let mut kept: Vec<Kept> = Vec::with_capacity(files.len());
    for file in files {
        let published = Kept::new(folder, &file.stamp.name).and_then(|mut old| {
            let published = publish(file);
            old.is_replaced = published.is_ok();
            kept.push(old);
            published
        });
        let Err(source) = published else { continue };
        let new: Vec<&Kept> = kept.iter().rev().filter(|old| old.restore().is_err()).collect();
        return Err(match new.as_slice() {
            [] => StoreError::io("replace a file in", folder)(source),
            new => {
                let new = new.iter().rev().map(|old| old.name()).collect();
                StoreError::Mixed { path: folder.to_owned(), new, source }
            }
        });
    }
    kept.iter().for_each(Kept::forget);
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::io::Write;

    const NAMES: [&str; 4] = ["summary.csv", "law.csv", "paths.csv", "trials.csv"];

    fn staged(folder: &Path, text: &str, names: &[&str]) -> Vec<Synced> {
        let file = |name: &&str| {
            let mut file = StagedFile::new(folder, name).unwrap();
            write!(file, "{text} {name}").unwrap();
            file.sync().unwrap()
        };
        names.iter().map(file).collect()
    }

    fn contents(folder: &Path) -> BTreeMap<String, String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        entries.map(|path| (name(&path), fs::read_to_string(&path).unwrap_or_default())).collect()
    }

    /// Whichever rename fails, the folder is as it was: files that were replaced are put back, and new ones are gone.
    #[test]
    fn a_rename_that_fails_midway_leaves_earlier_results_as_they_were() {
        // The last of the names is new.
        for earlier in [&NAMES[..3], &NAMES[1..], &[]] {
            for failing in 0..NAMES.len() {
                let here = tempfile::tempdir().unwrap();
                let folder = here.path();
                replace_all(folder, staged(folder, "old", earlier), &mut |file| file.publish(folder)).unwrap();
                let before = contents(folder);
                assert_eq!(before.len(), earlier.len());
                let mut done = 0;
                let error = replace_all(folder, staged(folder, "new", &NAMES), &mut |file| {
                    done += 1;
                    if done > failing { Err(io::Error::other("planted")) } else { file.publish(folder) }
                })
                .unwrap_err();
                assert!(matches!(error, StoreError::Io { .. }) && error.help().contains("are as they were"), "{error}");
                assert_eq!(contents(folder), before, "{earlier:?} {failing}");
            }
        }
    }

    /// The same with a folder that comes to stand in a file's place while a run is at work, through the door that runs use.
    #[test]
    fn a_folder_in_the_place_of_a_file_keeps_the_others_as_they_were() {
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("coin");
        let publish = |text: &str, plant: bool| {
            let mut folder = ResultsFolder::open(path.clone(), &[]).unwrap();
            let write = |name: &str| {
                let mut file = folder.stage(name).unwrap();
                write!(file, "{text} {name}").unwrap();
                file
            };
            let (files, manifest) = (NAMES.iter().take(3).map(|name| write(name)).collect(), write(MANIFEST));
            if plant {
                fs::remove_file(path.join("paths.csv")).unwrap();
                fs::create_dir(path.join("paths.csv")).unwrap();
                fs::write(path.join("paths.csv/file"), "").unwrap();
            }
            folder.publish(files, |_| Ok(manifest))
        };
        publish("old", false).unwrap();
        let before = contents(&path);
        assert_eq!(before.len(), 4);
        publish("newer", false).unwrap();
        assert!(contents(&path).values().all(|text| text.starts_with("newer")));
        publish("old", false).unwrap();
        let error = publish("new", true).unwrap_err();
        assert!(error.to_string().starts_with("cannot replace a file in"), "{error}");
        let mut after = contents(&path);
        assert_eq!(after.insert("paths.csv".to_owned(), before["paths.csv"].clone()), Some(String::new()));
        assert_eq!(after, before);
    }

    #[test]
    fn what_cannot_be_put_back_is_named() {
        let here = tempfile::tempdir().unwrap();
        let folder = here.path();
        replace_all(folder, staged(folder, "old", &NAMES), &mut |file| file.publish(folder)).unwrap();
        let mut done = 0;
        let error = replace_all(folder, staged(folder, "new", &NAMES), &mut |file| {
            done += 1;
            if done <= 2 {
                return file.publish(folder);
            }
            // Somebody clears away what this run would put back.
            for name in contents(folder).keys().filter(|name| name.contains("-old-law.csv")) {
                fs::remove_file(folder.join(name)).unwrap();
            }
            Err(io::Error::other("planted"))
        })
        .unwrap_err();
        assert!(error.to_string().contains("are of two runs: law.csv could not be put back"), "{error}");
        assert!(!error.help().contains("as they were"));
        let found = contents(folder);
        let old = |name: &str| (name.to_owned(), format!("old {name}"));
        assert_eq!(found["law.csv"], "new law.csv");
        let others: BTreeMap<String, String> = found.into_iter().filter(|(name, _)| name != "law.csv").collect();
        assert_eq!(others, ["summary.csv", "paths.csv", "trials.csv"].map(old).into());
    }
}
