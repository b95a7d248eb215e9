//! SHA-256 digests of files and texts.

use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// Bytes that are read at a time.
const CHUNK: usize = 1 << 16;

/// Returns bytes as lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A reader that computes the SHA-256 of the bytes that pass through it.
#[derive(Clone, Debug)]
pub struct HashingReader<R> {
    input: R,
    hash: Sha256,
}

impl<R: Read> HashingReader<R> {
    /// Reads `input`.
    pub fn new(input: R) -> Self {
        Self { input, hash: Sha256::new() }
    }

    /// Reads to the end and returns the SHA-256 of all bytes, in hex.
    pub fn finish(mut self) -> io::Result<String> {
        let mut chunk = vec![0; CHUNK];
        loop {
            match self.read(&mut chunk) {
                Ok(0) => return Ok(hex(&self.hash.finalize())),
                Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
                _ => {}
            }
        }
    }
}

impl<R: Read> Read for HashingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        self.hash.update(buffer.get(..length).unwrap_or_default());
        Ok(length)
    }
}
