//! How sequences are written, and what can be wrong with one.

/// How much of a sequence is kept to show.
pub(super) const SHOWN_CHARACTERS: usize = 40;

/// How the items of a sequence are written.
pub trait Script {
    /// What is read: see [`Sequences::Item`].
    type Item: ?Sized;

    /// What has been read of a line and is no item yet.
    type Pending: Default;

    /// Reads on in a line, and hands over every item that is complete.
    fn read(&self, bytes: &[u8], pending: &mut Self::Pending, take: impl FnMut(&Self::Item)) -> Result<(), Misread>;

    /// Reads what the line's end completes.
    fn finish(&self, pending: Self::Pending, take: impl FnMut(&Self::Item)) -> Result<(), Misread>;

    /// What to write, in words.
    fn help(&self) -> String;
}

/// Something that is no item. Places count from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Misread {
    /// A symbol that there is not.
    #[error("symbol {place} is {found:?}, which is not in the alphabet")]
    Symbol {
        /// Which symbol of the line.
        place: u64,
        /// What stands there.
        found: String,
    },
    /// No number, or none that could be a part of a value.
    #[error("number {place} is {found:?}, which is not {wanted}")]
    Number {
        /// Which number of the line.
        place: u64,
        /// What stands there.
        found: String,
        /// What should.
        wanted: &'static str,
    },
    /// The line ends within a value.
    #[error("value {place} has only {found} of its {width} numbers when the line ends")]
    Part {
        /// Which value of the line.
        place: u64,
        /// How many of its numbers are there.
        found: usize,
        /// How many it has.
        width: usize,
    },
    /// Shares that are not those of a whole.
    #[error("the shares of value {place} sum to {sum}, not to 1")]
    Shares {
        /// Which value of the line.
        place: u64,
        /// What they sum to.
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
