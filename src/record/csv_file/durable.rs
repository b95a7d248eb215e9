//! Files that can be gone on with.

use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// A file whose content can be made to outlast the program before it is complete.
pub trait Durable: Write {
    /// How many bytes are written.
    fn written(&self) -> u64;

    /// The state of the digest of what is written.
    fn hash(&self) -> Sha256;

    /// Makes sure that they outlast the program. Returns the name of the file that has them, if there is one.
    fn keep(&mut self) -> io::Result<Option<String>>;
}

/// Nothing outlasts the program.
impl Durable for Vec<u8> {
    fn written(&self) -> u64 {
        self.len() as u64
    }

    fn hash(&self) -> Sha256 {
        Sha256::new()
    }

    fn keep(&mut self) -> io::Result<Option<String>> {
        Ok(None)
    }
}
