//! A text that mistakes point into.

/// A text and the name to call it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the user gave it, or `<stdin>`.
    pub name: String,
    /// What it holds.
    pub text: String,
}
