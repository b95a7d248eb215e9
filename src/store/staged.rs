//! A file on its way into the results folder.

use crate::record::{Stamp, hex};
use sha2::{Digest, Sha256};
use std::io::{self, BufWriter, Write};
use std::path::Path;
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
