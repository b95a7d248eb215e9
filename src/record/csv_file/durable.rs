//! Files that can be gone on with.

use std::io::{self, Write};

/// A file whose content can be made to outlast the program before it is complete.
pub trait Durable: Write {
    /// How many bytes are written.
    fn written(&self) -> u64;

    /// Makes sure that they outlast the program.
    fn keep(&mut self) -> io::Result<()>;
}

/// Nothing outlasts the program.
impl Durable for Vec<u8> {
    fn written(&self) -> u64 {
        self.len() as u64
    }

    fn keep(&mut self) -> io::Result<()> {
        Ok(())
    }
}
