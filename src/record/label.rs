//! The name of a distribution in a row.

use sha2::{Digest, Sha256};

/// The most characters that a row shows.
const SHOWN: usize = 200;

/// A distribution as rows show it: in full up to 200 characters; a longer one by its first symbols, `…` and 16
/// hex digits of the SHA-256 of the full text, which the manifest holds.
///
/// ```
/// use kl_runner::record::Label;
/// assert_eq!(Label::new("bernoulli(p=0.5)").shown(), "bernoulli(p=0.5)");
/// let long = Label::new(&"0.001, ".repeat(1000));
/// assert!(long.shown().chars().count() <= 200 && long.shown().contains('…'));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    shown: String,
    is_cut: bool,
}

impl Label {
    /// The label of a distribution whose full name is `full`.
    pub fn new(full: &str) -> Self {
        if full.chars().count() <= SHOWN {
            return Self { shown: full.to_owned(), is_cut: false };
        }
        let digest = Sha256::digest(full.as_bytes());
        let digits: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let start: String = full.chars().take(SHOWN - 20).collect();
        // Whole symbols only: cut after the last comma.
        let start = start.rsplit_once(", ").map_or(start.as_str(), |(symbols, _)| symbols);
        Self { shown: format!("{start}, … {digits})"), is_cut: true }
    }

    /// What a row shows.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Whether the manifest must hold the full text.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }
}
