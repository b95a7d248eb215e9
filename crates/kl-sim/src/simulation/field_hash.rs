//! One way to hash a list of fields.

use sha2::{Digest, Sha256};

/// SHA-256 over fields, each with its length before it: two lists of fields that differ never hash the same bytes.
///
/// ```
/// use kl_sim::simulation::FieldHash;
/// let hash = |fields: &[&[u8]]| fields.iter().fold(FieldHash::default(), |hash, field| hash.field(field)).finish();
/// assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct FieldHash(Sha256);

impl FieldHash {
    /// Adds a field.
    #[must_use]
    pub fn field(mut self, bytes: &[u8]) -> Self {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Returns the digest.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}
