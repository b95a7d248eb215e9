//! Sequences as text: one a line, of any length.

mod symbols;
mod values;

pub use symbols::{PendingSymbol, SymbolScript};
pub use values::{PendingValue, ValueScript};

use kl_sim::estimator::Sequences;
use std::io::{self, BufRead};

/// What some editors put before a text.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// How much of a sequence is kept to show.
const SHOWN_CHARACTERS: usize = 40;

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

/// What a line of text says.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<T> {
    /// Its number, from 1.
    pub number: u64,
    /// How it begins.
    pub start: String,
    /// What is kept of its items, or what is wrong.
    pub tally: Result<T, Misread>,
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
    #[error("value {place} has {found} of its {width} numbers: the line ends there")]
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

/// Reads lines of items and keeps nothing but their tallies: memory does not grow with a line's length.
///
/// Lines without an item are passed over.
///
/// ```
/// use kl_math::distribution::{Categorical, Pair};
/// use kl_sim::estimator::SymbolSequences;
/// use kl_runner::spec::{SequenceReader, SymbolScript};
/// let coin = Categorical::new([0.5, 0.5])?;
/// let pair = Pair::of(coin.clone(), coin)?;
/// let coins = pair.symbols().expect("symbols");
/// let sequences = SymbolSequences::new(coins)?;
/// let script = SymbolScript::new(coins.symbols()).expect("names without spaces");
/// let reader = SequenceReader::new(&script, &sequences, "HHT\n\nTX\n".as_bytes());
/// let lines = reader.collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(lines[0].tally, Ok(vec![2, 1]));
/// let misread = lines[1].tally.as_ref().unwrap_err();
/// assert_eq!(misread.to_string(), "symbol 2 is \"X\", which is not in the alphabet");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SequenceReader<'a, W, S, R> {
    script: &'a W,
    sequences: &'a S,
    input: R,
    line: u64,
}

impl<'a, W: Script, S: Sequences<Item = W::Item>, R: BufRead> SequenceReader<'a, W, S, R> {
    /// Reads `input`, written in `script`.
    pub fn new(script: &'a W, sequences: &'a S, input: R) -> Self {
        Self { script, sequences, input, line: 0 }
    }

    /// The next line, empty or not; `None` at the end.
    fn next_line(&mut self) -> io::Result<Option<Line<S::Tally>>> {
        let mut line = Reading::new(self.script, self.sequences);
        let mut is_there = false;
        loop {
            if self.line == 0
                && !is_there
                && self.input.fill_buf().is_ok_and(|start| start.starts_with(BYTE_ORDER_MARK))
            {
                self.input.consume(BYTE_ORDER_MARK.len());
            }
            let chunk = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                chunk => chunk?,
            };
            if chunk.is_empty() {
                break;
            }
            is_there = true;
            let end = chunk.iter().position(|&byte| byte == b'\n');
            line.read(&chunk[..end.unwrap_or(chunk.len())]);
            let used = end.map_or(chunk.len(), |end| end + 1);
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        self.line += 1;
        Ok(is_there.then(|| line.finish(self.line)))
    }
}

impl<W: Script, S: Sequences<Item = W::Item>, R: BufRead> Iterator for SequenceReader<'_, W, S, R> {
    type Item = io::Result<Line<S::Tally>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = self.next_line().transpose()?;
            let is_empty =
                |line: &Line<S::Tally>| line.tally.as_ref().is_ok_and(|tally| self.sequences.length(tally) == 0);
            if !line.as_ref().is_ok_and(is_empty) {
                return Some(line);
            }
        }
    }
}

/// One line at work.
struct Reading<'a, W: Script, S: Sequences> {
    script: &'a W,
    sequences: &'a S,
    tally: S::Tally,
    start: Vec<u8>,
    pending: W::Pending,
    misread: Option<Misread>,
}

impl<'a, W: Script, S: Sequences<Item = W::Item>> Reading<'a, W, S> {
    fn new(script: &'a W, sequences: &'a S) -> Self {
        let (tally, pending) = (sequences.tally(), W::Pending::default());
        Self { script, sequences, tally, start: Vec::new(), pending, misread: None }
    }

    fn read(&mut self, bytes: &[u8]) {
        let room = (4 * SHOWN_CHARACTERS + 4).saturating_sub(self.start.len());
        self.start.extend(bytes.iter().take(room));
        if self.misread.is_none() {
            let take = |item: &W::Item| self.sequences.push(&mut self.tally, item);
            self.misread = self.script.read(bytes, &mut self.pending, take).err();
        }
    }

    fn finish(mut self, number: u64) -> Line<S::Tally> {
        if self.misread.is_none() {
            let take = |item: &W::Item| self.sequences.push(&mut self.tally, item);
            self.misread = self.script.finish(self.pending, take).err();
        }
        Line { number, start: shown(&self.start), tally: self.misread.map_or(Ok(self.tally), Err) }
    }
}

/// The first characters of a text.
fn shown(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut shown: String = text.trim().chars().take(SHOWN_CHARACTERS).collect();
    if text.trim().chars().count() > SHOWN_CHARACTERS {
        shown.push('…');
    }
    shown
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b',')
}

#[cfg(test)]
mod tests {
    use super::*;
    use kl_sim::estimator::SequenceScore;
    use proptest::prelude::*;
    use std::io::BufReader;

    /// Nothing but the counts of so many symbols.
    struct Counted(usize);

    impl Sequences for Counted {
        type Item = usize;
        type Tally = Vec<u64>;

        fn tally(&self) -> Vec<u64> {
            vec![0; self.0]
        }

        fn push(&self, tally: &mut Vec<u64>, &symbol: &usize) {
            tally[symbol] += 1;
        }

        fn add(&self, _: &mut Vec<u64>, _: &Vec<u64>) {}

        fn length(&self, tally: &Vec<u64>) -> u64 {
            tally.iter().sum()
        }

        fn score(&self, _: &Vec<u64>) -> Option<SequenceScore> {
            None
        }
    }

    fn read(symbols: &[&str], text: impl AsRef<[u8]>, buffer: usize) -> Vec<Line<Vec<u64>>> {
        let symbols: Vec<String> = symbols.iter().map(|symbol| (*symbol).to_owned()).collect();
        let input = BufReader::with_capacity(buffer, text.as_ref());
        let script = SymbolScript::new(&symbols).unwrap();
        SequenceReader::new(&script, &Counted(symbols.len()), input).collect::<Result<_, _>>().unwrap()
    }

    fn stranger(place: u64, found: &str) -> Result<Vec<u64>, Misread> {
        Err(Misread::Symbol { place, found: found.to_owned() })
    }

    #[test]
    fn characters_may_be_spaced_and_words_must_be() {
        assert_eq!(read(&["H", "T"], "HH, T\r\n", 3)[0].tally, Ok(vec![2, 1]));
        assert_eq!(read(&["one", "two"], "one two,one", 2)[0].tally, Ok(vec![2, 1]));
        assert_eq!(read(&["ä", "β"], "äβä\n", 1)[0].tally, Ok(vec![2, 1]));
    }

    #[test]
    fn a_stranger_is_named_with_its_place_and_the_next_line_is_read() {
        let lines = read(&["one", "two"], "one three two\ntwo\n", 4);
        assert_eq!(lines[0].tally, stranger(2, "three"));
        assert_eq!(lines[1].tally, Ok(vec![0, 1]));
        assert_eq!(read(&["H", "T"], "HTé", 1)[0].tally, stranger(3, "é"));
    }

    #[test]
    fn an_endless_word_is_cut() {
        let line = &read(&["one", "two"], "x".repeat(1_000_000), 1 << 16)[0];
        assert!(line.tally.as_ref().unwrap_err().to_string().len() < 200 && line.start.chars().count() == 41);
    }

    proptest! {
        /// Any bytes are read to their end, and where they break into buffers changes nothing.
        #[test]
        fn buffers_change_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..80), size in 1usize..20) {
            prop_assert_eq!(read(&["H", "é"], &bytes, 1000), read(&["H", "é"], &bytes, size));
        }
    }
}
