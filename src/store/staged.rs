//! A file on its way into the results folder.

use crate::record::{Stamp, hex};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

const PREFIX: &str = ".runner-";
const SUFFIX: &str = ".tmp";

/// A temporary file beside its destination, hashed while it is written. Dropped, it is gone.
pub struct StagedFile {
    name: String,
    file: BufWriter<NamedTempFile>,
    hash: Sha256,
}

impl StagedFile {
    /// A new file in `folder` that is to become `name`, with the permissions the umask leaves.
    pub(super) fn new(folder: &Path, name: &str) -> io::Result<Self> {
        let mut builder = Builder::new();
        builder.prefix(PREFIX).suffix(SUFFIX);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = BufWriter::with_capacity(1 << 16, builder.tempfile_in(folder)?);
        Ok(Self { name: name.to_owned(), file, hash: Sha256::new() })
    }

    /// Whether a name is one that temporary files have.
    pub(super) fn is_temporary(name: &str) -> bool {
        name.starts_with(PREFIX) && name.ends_with(SUFFIX)
    }

    /// Makes sure that every byte is on the disk.
    pub(super) fn sync(self) -> io::Result<Synced> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        Ok(Synced { stamp: Stamp { name: self.name, sha256: hex(&self.hash.finalize()) }, file })
    }
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes a file whole or not at all.
pub fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut file = StagedFile::new(folder, name)?;
    file.write_all(bytes)?;
    file.sync()?.publish(folder)
}

/// A file that is about to be replaced, kept until all others are.
pub(super) struct Kept {
    place: PathBuf,
    /// Where its old contents are, if there are any.
    copy: Option<PathBuf>,
    /// Whether nothing is in its place: the file system knows one name a file.
    is_moved: bool,
    /// Whether a new file is in its place.
    pub(super) is_replaced: bool,
}

impl Kept {
    /// Keeps what has the name in `folder`, and leaves it where it is if it can.
    pub(super) fn new(folder: &Path, name: &str) -> io::Result<Self> {
        let place = folder.join(name);
        let kept = Self { copy: None, is_moved: false, is_replaced: false, place };
        match fs::symlink_metadata(&kept.place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(kept),
            // Nothing takes a folder's place.
            Ok(found) if found.is_dir() => return Ok(kept),
            found => found?,
        };
        let copy = folder.join(format!("{PREFIX}old-{name}{SUFFIX}"));
        // One that a killed run has left.
        let _ = fs::remove_file(&copy);
        let is_moved = match fs::hard_link(&kept.place, &copy) {
            Ok(()) => false,
            Err(_) => fs::rename(&kept.place, &copy).map(|()| true)?,
        };
        Ok(Self { copy: Some(copy), is_moved, ..kept })
    }

    /// Its name.
    pub(super) fn name(&self) -> String {
        self.place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Puts it back.
    pub(super) fn restore(&self) -> io::Result<()> {
        match &self.copy {
            Some(copy) if self.is_replaced || self.is_moved => fs::rename(copy, &self.place),
            Some(_) => {
                self.forget();
                Ok(())
            }
            None if self.is_replaced => fs::remove_file(&self.place),
            None => Ok(()),
        }
    }

    /// It is needed no more.
    pub(super) fn forget(&self) {
        if let Some(copy) = &self.copy {
            // Best effort: the next run clears it away.
            let _ = fs::remove_file(copy);
        }
    }
}

/// A complete file that only needs its name.
pub(super) struct Synced {
    pub(super) stamp: Stamp,
    file: NamedTempFile,
}

impl Synced {
    /// Takes the place of whatever had the name.
    pub(super) fn publish(self, folder: &Path) -> io::Result<()> {
        self.file.persist(folder.join(self.stamp.name)).map_err(|error| error.error)?;
        Ok(())
    }
}
