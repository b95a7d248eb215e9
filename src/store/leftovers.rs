//! What killed writers leave in a folder.

use super::staged::{is_backup, is_staged};
use std::fs::{self, DirEntry, File, TryLockError};
use std::path::Path;
use std::time::Duration;

/// Where it is not known whether a temporary file is locked, one that was not written to for this long is no longer wanted.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes the temporary files of killed writers, and leaves those of living ones: several may write to a folder at once.
pub(super) fn clear_leftovers(folder: &Path) {
    for entry in named(folder, is_staged) {
        let Ok(found) = fs::symlink_metadata(entry.path()) else { continue };
        // Only files are staged, and to open a pipe may take forever.
        if !found.is_file() {
            continue;
        }
        let age = found.modified().ok().and_then(|modified| modified.elapsed().ok());
        // NFS gives an exclusive lock only to those who may write; elsewhere reading is enough. It is held until the file is removed.
        let file = File::options().read(true).write(true).open(entry.path()).or_else(|_| File::open(entry.path()));
        let lock = file.as_ref().ok().map(File::try_lock);
        if is_left_over(lock, age) {
            // One that stays does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Removes copies of files that a killed run was about to replace. Living runs have such copies, too: only for who holds the lock
/// of the folder.
pub(super) fn clear_backups(folder: &Path) {
    for entry in named(folder, is_backup) {
        // One that stays does no harm.
        let _ = fs::remove_file(entry.path());
    }
}

/// Whether nobody will go on with a file, by what came of locking it, if it could be opened, and the time since it was last
/// written to.
fn is_left_over(lock: Option<Result<(), TryLockError>>, age: Option<Duration>) -> bool {
    match lock {
        Some(Ok(())) => true,
        // A run that lasts for days writes some of its files only at its end.
        Some(Err(TryLockError::WouldBlock)) => false,
        // There are no locks, or the file may not be opened.
        Some(Err(TryLockError::Error(_))) | None => age.is_some_and(|age| age > OLD),
    }
}

fn named(folder: &Path, is_meant: fn(&str) -> bool) -> impl Iterator<Item = DirEntry> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(move |entry| entry.file_name().to_str().is_some_and(is_meant))
}

#[cfg(test)]
mod tests {
    use super::super::{ResultsFolder, StagedFile, write_file};
    use super::*;
    use std::collections::BTreeSet;
    use std::io::{self, Write};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::SystemTime;

    /// As a writer leaves it that is killed: nobody holds its lock.
    const DEAD: &str = ".runner-a1B2c3.tmp";
    const BACKUP: &str = ".runner-old-summary.csv.tmp";

    fn names(folder: &Path) -> BTreeSet<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        entries.map(|name| name.into_string().unwrap()).collect()
    }

    /// The only temporary file in the folder.
    fn temporary(folder: &Path) -> std::path::PathBuf {
        let all = named(folder, is_staged).map(|entry| entry.path()).collect::<Vec<_>>();
        assert_eq!(all.len(), 1, "{all:?}");
        all[0].clone()
    }

    /// Written `hours` ago for the last time.
    fn made_old(path: &Path, hours: u64) {
        let modified = SystemTime::now() - Duration::from_secs(hours * 3600);
        File::options().write(true).open(path).unwrap().set_modified(modified).unwrap();
    }

    #[test]
    fn the_file_of_a_living_writer_stays_and_that_of_a_dead_one_goes() {
        let here = tempfile::tempdir().unwrap();
        let mut file = StagedFile::new(here.path(), "summary.csv").unwrap();
        let living = temporary(here.path());
        let clear = || {
            fs::write(here.path().join(DEAD), "half a li").unwrap();
            clear_leftovers(here.path());
            assert!(!here.path().join(DEAD).exists() && living.exists());
        };
        clear();
        file.write_all(b"whole").unwrap();
        let synced = file.sync().unwrap();
        clear();
        synced.publish(here.path()).unwrap();
        clear_leftovers(here.path());
        assert_eq!(names(here.path()), ["summary.csv".to_owned()].into());
        assert_eq!(fs::read(here.path().join("summary.csv")).unwrap(), b"whole");
    }

    /// A run may last for days, and write some of its files only at its end.
    #[test]
    fn a_file_that_is_locked_stays_however_old_it_is() {
        let here = tempfile::tempdir().unwrap();
        let living = StagedFile::new(here.path(), "summary.csv").unwrap();
        let path = temporary(here.path());
        made_old(&path, 1000);
        clear_leftovers(here.path());
        assert!(path.exists());
        drop(living);
        fs::write(&path, "half a li").unwrap();
        made_old(&path, 1000);
        clear_leftovers(here.path());
        assert!(!path.exists());
    }

    #[test]
    fn without_locks_only_the_age_counts() {
        let [young, old] = [1, 25].map(|hours| Some(Duration::from_secs(hours * 3600)));
        let none = || Some(Err(TryLockError::Error(io::Error::from(io::ErrorKind::Unsupported))));
        assert!(!is_left_over(none(), young) && is_left_over(none(), old));
        let held = || Some(Err(TryLockError::WouldBlock));
        assert!(!is_left_over(held(), young) && !is_left_over(held(), old) && is_left_over(Some(Ok(())), young));
        // One that may not be opened, and one whose time is unknown or to come.
        assert!(!is_left_over(None, young) && is_left_over(None, old));
        assert!(!is_left_over(none(), None) && !is_left_over(None, None));
    }

    #[test]
    fn other_names_stay() {
        let here = tempfile::tempdir().unwrap();
        for name in [".runner-.txt", "runner-a1B2c3.tmp", "a.tmp", ".tmp", BACKUP] {
            fs::write(here.path().join(name), "mine").unwrap();
            made_old(&here.path().join(name), 1000);
        }
        let before = names(here.path());
        clear_leftovers(here.path());
        assert_eq!(names(here.path()), before);
    }

    /// A report may be written into a folder while a run opens it, and the other way round.
    #[test]
    fn every_writer_clears_what_the_dead_left_and_only_a_run_clears_backups() {
        let here = tempfile::tempdir().unwrap();
        let plant = || [DEAD, BACKUP].map(|name| fs::write(here.path().join(name), "old").unwrap());
        plant();
        write_file(&here.path().join("report.html"), b"new").unwrap();
        assert_eq!(names(here.path()), [BACKUP, "report.html"].map(str::to_owned).into());
        let other = StagedFile::new(here.path(), "figure.svg").unwrap();
        plant();
        let _run = ResultsFolder::open(here.path().to_owned(), &[]).unwrap();
        let left = names(here.path());
        assert!(left.len() == 2 && left.contains("report.html"), "{left:?}");
        other.sync().unwrap().publish(here.path()).unwrap();
    }

    /// Another writer may see a file before it is locked: it is made again then.
    #[test]
    fn a_file_that_is_new_is_not_cleared_by_another_writer() {
        let here = tempfile::tempdir().unwrap();
        let is_done = AtomicBool::new(false);
        std::thread::scope(|threads| {
            threads.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    clear_leftovers(here.path());
                }
            });
            let is_there = || named(here.path(), is_staged).next().is_some();
            let kept =
                (0..5000).filter(|_| StagedFile::new(here.path(), "summary.csv").is_ok_and(|_living| is_there()));
            let kept = kept.count();
            is_done.store(true, Ordering::Relaxed);
            assert_eq!(kept, 5000);
        });
    }
}
