//! The results folder of one experiment.

use super::leftovers::{clear_backups, clear_leftovers};
use super::staged::{Backup, Synced};
use super::{Earlier, StagedFile};
use crate::plan::Plan;
use crate::record::{FORMAT, MANIFEST, Manifest, RESULT_FILES, ResultsReader, Stamp};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The name of the file that an interrupted run leaves.
pub const PARTIAL: &str = "summary.partial.csv";

/// Why results cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file has the name of the folder.
    #[error("{} is a file, and results need a folder of that name", .path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// A folder, a pipe or a device has the name of a result file.
    #[error("{} is not a file, and results need a file of that name", .path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// Another run holds the folder.
    #[error("another run is writing to {}", .path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// The disk has too little space for what a run would write.
    #[error("trials.csv would take about {needed}, and {} has {available} free", .path.display())]
    NoRoom {
        /// The folder.
        path: PathBuf,
        /// The predicted size.
        needed: String,
        /// The free space.
        available: String,
    },
    /// Some files were replaced and could not be restored when another could not be replaced.
    #[error("the results in {} are of two runs: {} could not be restored when another could not be replaced", .path.display(), .new.join(", "))]
    Mixed {
        /// The folder.
        path: PathBuf,
        /// The files that are new or missing.
        new: Vec<String>,
        /// Why another could not be replaced.
        source: io::Error,
    },
    /// The results are in place, and cleaning up failed.
    #[error("the new results in {} are in place, but it is not possible to {action}", .path.display())]
    InPlace {
        /// The folder.
        path: PathBuf,
        /// The action that failed.
        action: String,
        /// The error of the system.
        source: io::Error,
    },
    /// An action on the file system failed.
    #[error("cannot {action} {}", .path.display())]
    Io {
        /// The action.
        action: &'static str,
        /// The path.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

impl StoreError {
    /// The next step for the user.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotAFolder { .. } => "move the file away, or choose another folder with --out",
            Self::NotAFile { .. } => "move it away, or choose another folder for the results with --out",
            Self::Locked { .. } => "wait for it to end, or choose another folder with --out",
            Self::NoRoom { .. } => {
                "record fewer trials (--trials), leave out --record, or choose another disk with --out"
            }
            Self::Mixed { .. } => "run the experiment again; until then `runner report` refuses the folder",
            Self::InPlace { .. } => "check the folder; `runner report` reads the new results",
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::FileTooLarge => {
                    "raise the limit on the size of files (ulimit -f), or record fewer trials; earlier results are unchanged"
                }
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    "make room, or choose another disk with --out; earlier results are unchanged"
                }
                io::ErrorKind::InvalidData => {
                    "a file there is not what was written: move it away and start again; earlier results are unchanged"
                }
                _ => "choose a folder that you can write to with --out; earlier results are unchanged",
            },
        }
    }

    /// The error of an action on a path that failed.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}

/// `results/<experiment>/`, held by one run at a time.
#[derive(Debug)]
pub struct ResultsFolder {
    path: PathBuf,
    /// The folders that this run created, innermost first; they are removed if nothing is published.
    made: Vec<PathBuf>,
    /// Held until the run ends.
    _lock: File,
}

impl ResultsFolder {
    /// Creates the folder if there is none, locks it, and removes what runs that were killed left in it.
    ///
    /// `missing` are the folders above it that did not exist when the program began; they are removed if they end up empty.
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
                clear_leftovers(&folder.path);
                clear_backups(&folder.path);
                Ok(folder)
            }
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path }),
            Err(TryLockError::Error(source)) => Err(StoreError::Io { action: "lock the folder", path, source }),
        }
    }

    /// Refuses a folder, a pipe or a device in the place of a result file.
    fn check_names(&self) -> Result<(), StoreError> {
        let mut paths = names().chain([MANIFEST, PARTIAL]).map(|name| self.path.join(name));
        match paths.find(|path| path.exists() && !path.is_file()) {
            Some(path) => Err(StoreError::NotAFile { path }),
            None => Ok(()),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses a file of about `needed` bytes if the disk has less free space.
    pub fn check_room(&self, needed: u128) -> Result<(), StoreError> {
        let available =
            fs4::available_space(&self.path).map_err(StoreError::io("ask the free space of", &self.path))?;
        if needed <= u128::from(available) {
            return Ok(());
        }
        let (needed, available) = (human_bytes(needed), human_bytes(available.into()));
        Err(StoreError::NoRoom { path: self.path.clone(), needed, available })
    }

    /// The manifest of the results in the folder, if this program can read it.
    pub fn manifest(&self) -> Option<Manifest> {
        let manifest = ResultsReader::open(&self.path).ok()?.manifest().clone();
        Some(manifest).filter(|manifest| manifest.format == FORMAT)
    }

    /// What the folder holds of the spec of `plan`.
    pub fn earlier(&self, plan: &Plan) -> Earlier {
        Earlier::of(&self.path, plan)
    }

    /// Starts a file that will become `name`.
    pub fn stage(&self, name: &str) -> Result<StagedFile, StoreError> {
        StagedFile::new(&self.path, name).map_err(StoreError::io("write to", &self.path))
    }

    /// Replaces all result files: all are on the disk before the first is renamed, and the manifest comes last, so that its digests
    /// reveal an incomplete set.
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
        let outdated = names().filter(is_outdated).chain([PARTIAL]);
        let removed: Vec<_> = outdated.map(|name| self.remove(name)).collect();
        self.sync_folder()?;
        removed.into_iter().collect()
    }

    /// Adds what an interrupted run has to the results of earlier runs.
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

/// The names of the files that a run may leave.
fn names() -> impl Iterator<Item = &'static str> {
    RESULT_FILES.iter().map(|file| file.name())
}

/// Replaces every file, or none.
fn replace_all(
    folder: &Path,
    files: Vec<Synced>,
    publish: &mut dyn FnMut(Synced) -> io::Result<()>,
) -> Result<(), StoreError> {
    let mut backups: Vec<Backup> = Vec::with_capacity(files.len());
    for file in files {
        let published = Backup::new(folder, &file.stamp.name).and_then(|mut old| {
            let published = publish(file);
            old.is_replaced = published.is_ok();
            backups.push(old);
            published
        });
        let Err(source) = published else { continue };
        let new: Vec<&Backup> = backups.iter().rev().filter(|old| old.restore().is_err()).collect();
        return Err(match new.as_slice() {
            [] => StoreError::io("replace a file in", folder)(source),
            new => {
                let new = new.iter().rev().map(|old| old.name()).collect();
                StoreError::Mixed { path: folder.to_owned(), new, source }
            }
        });
    }
    backups.iter().for_each(Backup::remove);
    Ok(())
}

impl Drop for ResultsFolder {
    fn drop(&mut self) {
        for folder in &self.made {
            // Only an empty folder is removed, and a failure does no harm.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Opens the file that is locked: on Unix the folder itself, so that no lock file is left in it.
#[cfg(unix)]
fn lock_file(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

#[cfg(not(unix))]
fn lock_file(folder: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(folder.join(".lock"))
}

/// Returns a number of bytes as people read it.
fn human_bytes(bytes: u128) -> String {
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

    /// Whichever rename fails, the folder is unchanged: replaced files are restored, and new ones removed.
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
                assert!(matches!(error, StoreError::Io { .. }) && error.help().contains("are unchanged"), "{error}");
                assert_eq!(contents(folder), before, "{earlier:?} {failing}");
            }
        }
    }

    /// The same through the public interface, with a folder that takes the place of a file during a run.
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
    fn files_that_cannot_be_restored_are_named() {
        let here = tempfile::tempdir().unwrap();
        let folder = here.path();
        replace_all(folder, staged(folder, "old", &NAMES), &mut |file| file.publish(folder)).unwrap();
        let mut done = 0;
        let error = replace_all(folder, staged(folder, "new", &NAMES), &mut |file| {
            done += 1;
            if done <= 2 {
                return file.publish(folder);
            }
            // Another program removes what this run would restore.
            for name in contents(folder).keys().filter(|name| name.contains("-old-law.csv")) {
                fs::remove_file(folder.join(name)).unwrap();
            }
            Err(io::Error::other("planted"))
        })
        .unwrap_err();
        assert!(error.to_string().contains("are of two runs: law.csv could not be restored"), "{error}");
        assert!(!error.help().contains("unchanged"));
        let found = contents(folder);
        let old = |name: &str| (name.to_owned(), format!("old {name}"));
        assert_eq!(found["law.csv"], "new law.csv");
        let others: BTreeMap<String, String> = found.into_iter().filter(|(name, _)| name != "law.csv").collect();
        assert_eq!(others, ["summary.csv", "paths.csv", "trials.csv"].map(old).into());
    }
}
