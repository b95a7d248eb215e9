//! How sequences are written, and what can be wrong with one.

/// The number of characters of a sequence that are shown.
pub(super) const SHOWN_CHARACTERS: usize = 40;

/// The text format of the items of a sequence.
pub trait Script {
    /// The type of the items: see [`Sequences::Item`](kl_sim::estimator::Sequences::Item).
    type Item: ?Sized;

    /// The part of a line that has been read but is not a complete item.
    type Pending: Default;

    /// Reads more bytes of a line and passes each complete item to `take`.
    fn read(&self, bytes: &[u8], pending: &mut Self::Pending, take: impl FnMut(&Self::Item)) -> Result<(), Misread>;

    /// Reads the item that the end of the line completes.
    fn finish(&self, pending: Self::Pending, take: impl FnMut(&Self::Item)) -> Result<(), Misread>;

    /// The help: what to write.
    fn help(&self) -> String;
}

/// A fault in a line. Places count from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Misread {
    /// A symbol that is not in the alphabet.
    #[error("symbol {place} is {found:?}, which is not in the alphabet")]
    Symbol {
        /// The number of the symbol in the line.
        place: u64,
        /// The text found there.
        found: String,
    },
    /// Not a number, or not one that can be part of a value.
    #[error("number {place} is {found:?}, which is not {wanted}")]
    Number {
        /// Its number in the line.
        place: u64,
        /// The text found there.
        found: String,
        /// The kind of number expected there.
        wanted: &'static str,
    },
    /// A value that is incomplete at the end of the line.
    #[error("value {place} has only {found} of its {width} numbers when the line ends")]
    Part {
        /// The number of the value in the line.
        place: u64,
        /// How many of its numbers were found.
        found: usize,
        /// How many numbers a value has.
        width: usize,
    },
    /// Shares that do not sum to 1.
    #[error("the shares of value {place} sum to {sum}, not to 1")]
    Shares {
        /// The number of the value in the line.
        place: u64,
        /// Their sum.
        sum: f64,
    },
}

/// The first characters of a text.
pub(super) fn shown(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut shown: String = text.trim().chars().take(SHOWN_CHARACTERS).collect();
    if text.trim().chars().count() > SHOWN_CHARACTERS {
        shown.push('…');
    }
    shown
}

pub(super) fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b',')
}
