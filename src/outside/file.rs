//! Opens untrusted files: only regular files, and only up to a size.

use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{self, IsTerminal, Read};
use std::path::Path;

/// The most bytes that are read at once, of a file or of a line.
pub const MOST_AT_ONCE: u64 = 128 << 20;

/// Why an input is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is not a regular file.
    #[error("it is {0}, not a file")]
    Kind(&'static str),
    /// It is too large.
    #[error("it has more than {} MiB", .most >> 20)]
    TooLarge {
        /// The limit in bytes.
        most: u64,
    },
    /// A line of it is too long.
    #[error("line {line} has more than {} MiB", .most >> 20)]
    LongLine {
        /// The number of the line, from 1.
        line: u64,
        /// The limit in bytes.
        most: u64,
    },
}

impl From<Unfit> for io::Error {
    fn from(unfit: Unfit) -> Self {
        Self::new(io::ErrorKind::InvalidInput, unfit)
    }
}

/// Opens a file of an untrusted folder. Only a regular file is opened, and the call never blocks.
pub fn open_file(path: &Path) -> io::Result<File> {
    // Opening some devices has side effects.
    must_be_a_file(&std::fs::metadata(path)?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // If a pipe has replaced the file meanwhile, the call does not wait for a writer.
        options.custom_flags((rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY).bits().cast_signed());
    }
    let file = options.open(path)?;
    must_be_a_file(&file.metadata()?)?;
    Ok(file)
}

/// Opens an input that the user named: a file, a pipe such as `<(…)`, or a terminal.
pub fn open_input(path: &Path) -> io::Result<File> {
    let kind = std::fs::metadata(path)?.file_type();
    match kind_of(kind) {
        None => open_file(path),
        Some(PIPE) => File::open(path),
        Some(DEVICE) => {
            let device = File::open(path)?;
            if device.is_terminal() { Ok(device) } else { Err(Unfit::Kind(DEVICE).into()) }
        }
        Some(other) => Err(Unfit::Kind(other).into()),
    }
}

/// Reads a whole file of an untrusted folder, of at most `most` bytes.
pub fn read_file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = open_file(path)?;
    if file.metadata()?.len() > most {
        return Err(Unfit::TooLarge { most }.into());
    }
    read_whole(file, most)
}

/// Reads a whole input that the user named, of at most `most` bytes.
pub fn read_input(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    read_whole(open_input(path)?, most)
}

/// Reads an input to its end, of at most `most` bytes.
///
/// ```
/// use kl_runner::outside::read_whole;
/// assert_eq!(read_whole(&b"four"[..], 4)?, b"four");
/// assert!(read_whole(std::io::repeat(0), 1 << 20).is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn read_whole(input: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(Unfit::TooLarge { most }.into()) } else { Ok(bytes) }
}

const PIPE: &str = "a named pipe";
const DEVICE: &str = "a device";

fn must_be_a_file(found: &Metadata) -> io::Result<()> {
    kind_of(found.file_type()).map_or(Ok(()), |kind| Err(Unfit::Kind(kind).into()))
}

/// The kind of a file that is not a regular file.
fn kind_of(kind: FileType) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Some(PIPE);
        }
        if kind.is_socket() {
            return Some("a socket");
        }
        if kind.is_char_device() || kind.is_block_device() {
            return Some(DEVICE);
        }
    }
    match kind {
        kind if kind.is_dir() => Some("a directory"),
        kind if kind.is_file() => None,
        _ => Some("something else"),
    }
}

/// An input that is read line by line; a line that is too long is refused before it fills the memory.
pub struct WithinLines<R> {
    input: R,
    line: u64,
    /// The number of bytes of the line so far.
    length: u64,
    most: u64,
}

impl<R: Read> WithinLines<R> {
    /// Wraps `input`, whose lines may have at most [`MOST_AT_ONCE`] bytes.
    pub fn new(input: R) -> Self {
        Self { input, line: 1, length: 0, most: MOST_AT_ONCE }
    }
}

impl<R: Read> Read for WithinLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.length > self.most {
            return Err(Unfit::LongLine { line: self.line, most: self.most }.into());
        }
        let length = self.input.read(buffer)?;
        let found = buffer.get(..length).unwrap_or_default();
        match found.iter().rposition(|&byte| byte == b'\n') {
            Some(last) => {
                self.line += found.iter().filter(|&&byte| byte == b'\n').count() as u64;
                self.length = (length - last - 1) as u64;
            }
            None => self.length += length as u64,
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};

    #[test]
    fn lines_that_are_too_long_are_refused() {
        let within = |text: &'static [u8]| WithinLines { most: 5, ..WithinLines::new(text) };
        let lines = |text| BufReader::with_capacity(3, within(text)).lines().collect::<io::Result<Vec<_>>>();
        assert_eq!(lines(b"12345\n\n1234\n1\n2\n3\n4\n5").unwrap().len(), 8);
        let refused = lines(b"1\n123456789012\n").unwrap_err();
        assert_eq!(refused.get_ref().unwrap().downcast_ref(), Some(&Unfit::LongLine { line: 2, most: 5 }));
        let endless = BufReader::new(WithinLines { most: 1 << 20, ..WithinLines::new(io::repeat(0)) });
        assert!(endless.lines().next().unwrap().is_err());
    }

    #[test]
    fn files_that_are_too_large_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "four").unwrap();
        assert_eq!((read_file(&path, 4).unwrap(), read_input(&path, 4).unwrap()), (b"four".to_vec(), b"four".to_vec()));
        for refused in [read_file(&path, 3), read_input(&path, 3)] {
            assert_eq!(refused.unwrap_err().to_string(), Unfit::TooLarge { most: 3 }.to_string());
        }
        let missing = read_file(&folder.path().join("b"), 4).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }

    /// None of these may block: the test would never end.
    #[cfg(unix)]
    #[test]
    fn only_regular_files_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        let (pipe, socket) = (folder.path().join("pipe"), folder.path().join("socket"));
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&pipe, &link).unwrap();
        let message = |error: io::Error| error.to_string();
        for (path, kind) in [
            (pipe.as_path(), PIPE),
            (&link, PIPE),
            (&socket, "a socket"),
            (folder.path(), "a directory"),
            (Path::new("/dev/zero"), DEVICE),
            (Path::new("/dev/null"), DEVICE),
        ] {
            assert_eq!(message(open_file(path).unwrap_err()), Unfit::Kind(kind).to_string(), "{}", path.display());
            if kind != PIPE {
                assert_eq!(message(open_input(path).unwrap_err()), Unfit::Kind(kind).to_string(), "{}", path.display());
            }
        }
        // A pipe that the user named is read.
        let (path, writer) = (pipe.clone(), pipe);
        let writes = std::thread::spawn(move || std::fs::write(writer, "through the pipe"));
        assert_eq!(read_input(&path, 100).unwrap(), b"through the pipe");
        writes.join().unwrap().unwrap();
    }
}
