//! How a part file is written and read.

use super::header::{FORMAT, Header};
use crate::experiment::{AtWork, SavedGroup};
use crate::outside::open_file;
use crate::record::hex;
use kl_sim::simulation::GroupPart;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

/// The first line is no longer than this.
const LONGEST_HEADER: u64 = 64 << 20;

/// The last line: a digest in hex.
const DIGEST_LINE: u64 = 65;

/// Why a part file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// The system cannot read it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Its end is missing.
    #[error("it is cut short")]
    Short,
    /// Its bytes are not those that were written.
    #[error("its bytes are not those that were written: the digest at its end differs")]
    Digest,
    /// Its first line is no header.
    #[error("its first line is not that of a part: {0}")]
    Header(String),
    /// Another version of the program wrote it.
    #[error("it has layout {found}, and this program reads {FORMAT}")]
    Layout {
        /// Its layout.
        found: u32,
    },
    /// Its content cannot be what it says.
    #[error("its content is not that of the blocks it names")]
    Content,
}

impl From<PartError> for io::Error {
    fn from(error: PartError) -> Self {
        match error {
            PartError::Io(error) => error,
            other => Self::new(io::ErrorKind::InvalidData, other),
        }
    }
}

/// Appends some blocks of a group, as a part file holds them.
pub(super) fn write_group(saved: &SavedGroup<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut bytes = postcard::to_extend(saved, vec![0; 8]).map_err(io::Error::other)?;
    let length = bytes.len() as u64 - 8;
    bytes.iter_mut().zip(length.to_le_bytes()).for_each(|(to, byte)| *to = byte);
    out.write_all(&bytes)
}

/// Writes a part file; `groups` writes the groups.
pub(super) fn write_part(
    header: &Header,
    groups: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    tail: &[u8],
    out: impl Write,
) -> io::Result<()> {
    let mut out = HashingWriter { out, hash: Sha256::new() };
    let header = serde_json::to_string(header).map_err(io::Error::from)?;
    out.write_all(header.as_bytes())?;
    out.write_all(b"\n")?;
    groups(&mut out)?;
    out.write_all(tail)?;
    let digest = hex(&out.hash.finalize());
    out.out.write_all(digest.as_bytes())?;
    out.out.write_all(b"\n")
}

struct HashingWriter<W> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A part file whose bytes are those that were written.
#[derive(Debug)]
pub struct PartReader {
    /// What the first line says.
    pub header: Header,
    /// The digest at the end.
    pub digest: String,
    file: BufReader<File>,
    /// How many bytes of groups are left.
    left: u64,
    /// Where the rows begin that the file itself holds.
    tail: u64,
}

impl PartReader {
    /// Opens a part file: reads it to its end once and compares its digest.
    pub fn open(path: &Path) -> Result<Self, PartError> {
        let file = open_file(path)?;
        let length = file.metadata()?.len();
        let Some(content) = length.checked_sub(DIGEST_LINE) else { return Err(PartError::Short) };
        let mut file = BufReader::with_capacity(1 << 16, file);
        let (line, header) = read_header(&mut file)?;
        let mut hash = Sha256::new();
        hash.update(&line);
        let Some(rest) = content.checked_sub(line.len() as u64) else { return Err(PartError::Short) };
        let mut copied = file.by_ref().take(rest);
        let mut chunk = vec![0; 1 << 16];
        let mut seen = 0;
        loop {
            match copied.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => {
                    seen += count as u64;
                    hash.update(chunk.get(..count).unwrap_or_default());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        let mut last = String::new();
        let is_text = file.read_to_string(&mut last).is_ok();
        let digest = last.strip_suffix('\n').filter(|digest| digest.len() as u64 + 1 == DIGEST_LINE);
        let is_digest = |digest: &&str| digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let Some(digest) = digest.filter(|_| is_text && seen == rest).filter(is_digest) else {
            return Err(PartError::Short);
        };
        if digest != hex(&hash.finalize()) {
            return Err(PartError::Digest);
        }
        let left = rest.checked_sub(header.tail).ok_or(PartError::Content)?;
        file.seek(SeekFrom::Start(line.len() as u64))?;
        let tail = line.len() as u64 + left;
        Ok(Self { header, digest: digest.to_owned(), file, left, tail })
    }

    /// Whether all groups were read.
    pub fn is_at_end(&self) -> bool {
        self.left == 0
    }

    /// The next group, of which it has these blocks. What failed in them is noted.
    pub fn group(&mut self, group: &AtWork<'_>, blocks: Range<u64>) -> Result<GroupPart, PartError> {
        let mut length = [0; 8];
        self.take(&mut length)?;
        let length = u64::from_le_bytes(length);
        if length > self.left {
            return Err(PartError::Content);
        }
        let mut bytes = Vec::new();
        let size = usize::try_from(length).map_err(|_| PartError::Content)?;
        bytes.try_reserve_exact(size).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        self.file.by_ref().take(length).read_to_end(&mut bytes)?;
        self.left -= length;
        let saved: SavedGroup<'_> = postcard::from_bytes(&bytes).map_err(|_| PartError::Content)?;
        group.restore(saved, blocks).ok_or(PartError::Content)
    }

    /// The rows that the file itself holds.
    pub fn tail(&mut self) -> Result<Vec<u8>, PartError> {
        let before = self.file.stream_position()?;
        let mut tail = Vec::new();
        self.file.seek(SeekFrom::Start(self.tail))?;
        self.file.by_ref().take(self.header.tail).read_to_end(&mut tail)?;
        self.file.seek(SeekFrom::Start(before))?;
        if tail.len() as u64 == self.header.tail { Ok(tail) } else { Err(PartError::Short) }
    }

    fn take(&mut self, bytes: &mut [u8]) -> Result<(), PartError> {
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(PartError::Content)?;
        self.file.read_exact(bytes)?;
        Ok(())
    }
}

/// The part of a header that every version has.
#[derive(Deserialize)]
struct Layout {
    kl_runner_part: u32,
}

/// The first line, and what it says.
fn read_header(file: &mut BufReader<File>) -> Result<(Vec<u8>, Header), PartError> {
    let mut line = Vec::new();
    io::BufRead::read_until(&mut file.take(LONGEST_HEADER), b'\n', &mut line)?;
    if line.last() != Some(&b'\n') {
        return Err(PartError::Short);
    }
    let malformed = |error: serde_json::Error| PartError::Header(error.to_string());
    // The version first: another version may have another shape.
    let Layout { kl_runner_part: found } = serde_json::from_slice(&line).map_err(malformed)?;
    if found != FORMAT {
        return Err(PartError::Layout { found });
    }
    let header: Header = serde_json::from_slice(&line).map_err(malformed)?;
    if header.is_sound() { Ok((line, header)) } else { Err(PartError::Content) }
}
