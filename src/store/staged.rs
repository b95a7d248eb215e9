//! Files that are written before they are renamed into place.

use super::leftovers::clear_leftovers;
use crate::record::{Durable, Stamp, hex};
use sha2::{Digest, Sha256};
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile, TempPath};

const PREFIX: &str = ".runner-";
const BACKUP_PREFIX: &str = ".runner-old-";
const SUFFIX: &str = ".tmp";

/// Bytes that are written at a time.
const BUFFER: usize = 1 << 16;

/// Another writer may remove a file before it is locked; it is made again this often.
const ATTEMPTS: usize = 100;

/// Whether a name is that of a file that is being written.
pub(super) fn is_staged(name: &str) -> bool {
    name.starts_with(PREFIX) && name.ends_with(SUFFIX) && !name.starts_with(BACKUP_PREFIX)
}

/// Whether a name is that of a copy of a file that is being replaced.
pub(super) fn is_backup(name: &str) -> bool {
    name.starts_with(BACKUP_PREFIX) && name.ends_with(SUFFIX)
}

/// A temporary file beside its destination, hashed while it is written, and removed when it is dropped.
///
/// It is locked until it has its name, so that other writers do not take it for what a killed one left.
pub struct StagedFile {
    name: String,
    // Dropped before the file, whose lock ends with it: no other writer sees it without a lock.
    place: Place,
    file: BufWriter<File>,
    /// Where it is to be if it outlasts the program.
    kept_at: Option<PathBuf>,
    written: u64,
    hash: Sha256,
}

/// Where a file is until it is published.
enum Place {
    /// Under a name of its own; it is removed when it is dropped.
    Temporary(TempPath),
    /// Under a name at which a later run finds it.
    Kept(PathBuf),
}

impl Place {
    fn rename(self, to: &Path) -> io::Result<()> {
        match self {
            Self::Temporary(path) => path.persist(to).map_err(|error| error.error),
            Self::Kept(path) => fs::rename(path, to),
        }
    }
}

impl StagedFile {
    /// Creates a file in `folder` that will become `name`, with the permissions of the umask.
    pub(super) fn new(folder: &Path, name: &str) -> io::Result<Self> {
        let (file, path) = locked_file(folder)?.into_parts();
        let (file, place) = (BufWriter::with_capacity(BUFFER, file), Place::Temporary(path));
        Ok(Self { name: name.to_owned(), file, place, kept_at: None, written: 0, hash: Sha256::new() })
    }

    /// Goes on with the first `length` bytes of a file that was kept at a path; what comes after them is cut off.
    pub(super) fn resume(path: &Path, name: &str, length: u64) -> io::Result<Self> {
        let mut file = File::options().read(true).write(true).open(path)?;
        let mut hash = Sha256::new();
        let copied = io::copy(&mut (&file).take(length), &mut Hashed(&mut hash))?;
        if copied < length {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        file.set_len(length)?;
        file.seek(SeekFrom::Start(length))?;
        let (file, place) = (BufWriter::with_capacity(BUFFER, file), Place::Kept(path.to_owned()));
        Ok(Self { name: name.to_owned(), file, place, kept_at: None, written: length, hash })
    }

    /// Says how its name begins and ends if it outlasts the program; between is what no other has.
    pub(super) fn will_be_kept_as(&mut self, prefix: &str, suffix: &str) {
        if let Place::Temporary(path) = &self.place {
            let own = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let own = own.trim_start_matches(PREFIX).trim_end_matches(SUFFIX);
            self.kept_at = Some(path.with_file_name(format!("{prefix}{own}{suffix}")));
        }
    }

    /// The name that it will have.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes sure that every byte is on the disk.
    pub(super) fn sync(self) -> io::Result<Synced> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        let stamp = Stamp { name: self.name, sha256: hex(&self.hash.finalize()) };
        Ok(Synced { stamp, place: self.place, _locked: file })
    }
}

impl Durable for StagedFile {
    fn written(&self) -> u64 {
        self.written
    }

    fn hash(&self) -> Sha256 {
        self.hash.clone()
    }

    fn keep(&mut self) -> io::Result<Option<String>> {
        self.file.flush()?;
        self.file.get_ref().sync_data()?;
        if let (Place::Temporary(_), Some(path)) = (&self.place, &self.kept_at) {
            std::mem::replace(&mut self.place, Place::Kept(path.clone())).rename(path)?;
        }
        Ok(match &self.place {
            Place::Kept(path) => path.file_name().map(|name| name.to_string_lossy().into_owned()),
            Place::Temporary(_) => None,
        })
    }
}

struct Hashed<'a>(&'a mut Sha256);

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Creates a temporary file and locks it.
fn locked_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    for _ in 0..ATTEMPTS {
        let file = builder.tempfile_in(folder)?;
        let is_held = match file.as_file().try_lock() {
            Ok(()) => file.path().exists(),
            Err(TryLockError::WouldBlock) => false,
            // Without locks, others go by its age.
            Err(TryLockError::Error(_)) => true,
        };
        if is_held {
            return Ok(file);
        }
    }
    Err(io::Error::from(io::ErrorKind::ResourceBusy))
}

/// Writes a file whole or not at all, and removes what killed writers left in its folder.
pub fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    clear_leftovers(folder);
    let mut file = StagedFile::new(folder, name)?;
    file.write_all(bytes)?;
    file.sync()?.publish(folder)
}

/// A copy of a file that is replaced, until all others are.
pub(super) struct Backup {
    place: PathBuf,
    /// The copy, if there was a file.
    copy: Option<PathBuf>,
    /// Whether the file itself was moved, on a file system without hard links.
    is_moved: bool,
    /// Whether a new file is in its place.
    pub(super) is_replaced: bool,
}

impl Backup {
    /// Copies the file of this name in `folder`, by a hard link if the file system has them.
    pub(super) fn new(folder: &Path, name: &str) -> io::Result<Self> {
        let place = folder.join(name);
        let none = Self { copy: None, is_moved: false, is_replaced: false, place };
        match fs::symlink_metadata(&none.place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(none),
            // Renaming fails in the place of a folder.
            Ok(found) if found.is_dir() => return Ok(none),
            found => found?,
        };
        let copy = folder.join(format!("{BACKUP_PREFIX}{name}{SUFFIX}"));
        // A killed run may have left one.
        let _ = fs::remove_file(&copy);
        let is_moved = match fs::hard_link(&none.place, &copy) {
            Ok(()) => false,
            Err(_) => fs::rename(&none.place, &copy).map(|()| true)?,
        };
        Ok(Self { copy: Some(copy), is_moved, ..none })
    }

    /// Its name.
    pub(super) fn name(&self) -> String {
        self.place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Restores the file.
    pub(super) fn restore(&self) -> io::Result<()> {
        match &self.copy {
            Some(copy) if self.is_replaced || self.is_moved => fs::rename(copy, &self.place),
            Some(_) => {
                self.remove();
                Ok(())
            }
            None if self.is_replaced => fs::remove_file(&self.place),
            None => Ok(()),
        }
    }

    /// Removes the copy.
    pub(super) fn remove(&self) {
        if let Some(copy) = &self.copy {
            // The next run removes one that stays.
            let _ = fs::remove_file(copy);
        }
    }
}

/// A complete file that only has to be renamed.
pub(super) struct Synced {
    pub(super) stamp: Stamp,
    place: Place,
    /// Open, so that it is locked until it has its name.
    _locked: File,
}

impl Synced {
    /// Takes the place of whatever had the name.
    pub(super) fn publish(self, folder: &Path) -> io::Result<()> {
        self.place.rename(&folder.join(self.stamp.name))
    }

    /// Takes the place of whatever has another name.
    pub(super) fn publish_as(self, folder: &Path, name: &str) -> io::Result<()> {
        self.place.rename(&folder.join(name))
    }
}
