//! Sequences of symbols as text: one a line, of any length.

use std::collections::HashMap;
use std::io::{self, BufRead};

/// What some editors put before a text.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// How much of a sequence is kept to show.
const SHOWN_CHARACTERS: usize = 40;

/// What a line of text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: u64,
    /// Its first symbols as they are written.
    pub start: String,
    /// How often each symbol occurs, or what is wrong.
    pub counts: Result<Vec<u64>, Misread>,
}

/// Something that is no symbol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("symbol {place} is {found:?}, which is not in the alphabet")]
pub struct Misread {
    /// Which symbol of the line, from 1.
    pub place: u64,
    /// What stands there.
    pub found: String,
}

/// Reads lines of symbols and keeps nothing but their counts: memory does not grow with their length.
///
/// If every symbol is one character, characters follow each other and spaces and commas between them are
/// skipped; longer names are separated by spaces or commas. Empty lines are passed over.
///
/// ```
/// use kl_runner::spec::SequenceReader;
/// let symbols = ["H".to_owned(), "T".to_owned()];
/// let lines: Vec<_> = SequenceReader::new(&symbols, "HHT\n\nTX\n".as_bytes()).collect::<Result<_, _>>()?;
/// assert_eq!(lines[0].counts, Ok(vec![2, 1]));
/// assert_eq!((lines[1].number, lines[1].counts.as_ref().unwrap_err().place), (3, 2));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct SequenceReader<'a, R> {
    alphabet: Alphabet<'a>,
    input: R,
    line: u64,
}

struct Alphabet<'a> {
    places: HashMap<&'a [u8], usize>,
    /// The place of each symbol that is one byte.
    bytes: [Option<usize>; 256],
    /// Whether symbols are single characters.
    is_of_characters: bool,
    longest: usize,
}

impl<'a, R: BufRead> SequenceReader<'a, R> {
    /// Reads `input` as sequences over `symbols`.
    pub fn new(symbols: &'a [String], input: R) -> Self {
        let mut bytes = [None; 256];
        for (place, symbol) in symbols.iter().enumerate() {
            if let [byte] = symbol.as_bytes() {
                bytes[usize::from(*byte)] = Some(place);
            }
        }
        let alphabet = Alphabet {
            places: symbols.iter().enumerate().map(|(place, symbol)| (symbol.as_bytes(), place)).collect(),
            bytes,
            is_of_characters: symbols.iter().all(|symbol| symbol.chars().count() == 1),
            longest: symbols.iter().map(String::len).max().unwrap_or(0),
        };
        Self { alphabet, input, line: 0 }
    }

    /// The first symbol that text cannot hold: a line ends in it, or a space or comma would part it.
    pub fn unreadable(symbols: &[String]) -> Option<&String> {
        let is_of_characters = symbols.iter().all(|symbol| symbol.chars().count() == 1);
        let parts = |c: char| c == '\n' || (!is_of_characters && c.is_ascii() && is_separator(c as u8));
        symbols.iter().find(|symbol| symbol.contains(parts))
    }

    /// The next line, empty or not; `None` at the end.
    fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut tally = Tally::new(&self.alphabet);
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
            tally.read(&chunk[..end.unwrap_or(chunk.len())]);
            let used = end.map_or(chunk.len(), |end| end + 1);
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        self.line += 1;
        Ok(is_there.then(|| tally.finish(self.line)))
    }
}

impl<R: BufRead> Iterator for SequenceReader<'_, R> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = self.next_line().transpose()?;
            let is_empty =
                |line: &Line| line.counts.as_ref().is_ok_and(|counts| counts.iter().all(|&count| count == 0));
            if !line.as_ref().is_ok_and(is_empty) {
                return Some(line);
            }
        }
    }
}

/// One line at work.
struct Tally<'a> {
    alphabet: &'a Alphabet<'a>,
    counts: Vec<u64>,
    start: Vec<u8>,
    /// The bytes of a symbol that is not complete.
    pending: Vec<u8>,
    misread: Option<Misread>,
}

impl<'a> Tally<'a> {
    fn new(alphabet: &'a Alphabet<'a>) -> Self {
        Self { alphabet, counts: vec![0; alphabet.places.len()], start: Vec::new(), pending: Vec::new(), misread: None }
    }

    fn read(&mut self, bytes: &[u8]) {
        let room = (4 * SHOWN_CHARACTERS).saturating_sub(self.start.len());
        self.start.extend(bytes.iter().take(room));
        for &byte in bytes {
            if self.misread.is_some() {
                return;
            }
            if !self.alphabet.is_of_characters {
                self.read_of_word(byte);
            } else if let (Some(place), true) = (self.alphabet.bytes[usize::from(byte)], self.pending.is_empty()) {
                self.counts[place] += 1;
            } else {
                self.read_of_character(byte);
            }
        }
    }

    fn read_of_word(&mut self, byte: u8) {
        if is_separator(byte) {
            self.complete();
        } else {
            self.pending.push(byte);
            if self.pending.len() > self.alphabet.longest + SHOWN_CHARACTERS {
                self.complete();
            }
        }
    }

    fn read_of_character(&mut self, byte: u8) {
        if self.pending.is_empty() && is_separator(byte) {
            return;
        }
        self.pending.push(byte);
        let length = match self.pending.first() {
            Some(0xf0..) => 4,
            Some(0xe0..) => 3,
            Some(0xc0..) => 2,
            _ => 1,
        };
        if self.pending.len() >= length {
            self.complete();
        }
    }

    /// Counts the pending symbol, if there is one.
    fn complete(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        match self.alphabet.places.get(self.pending.as_slice()) {
            Some(&place) => self.counts[place] += 1,
            None => {
                let found = String::from_utf8_lossy(&self.pending).into_owned();
                self.misread = Some(Misread { place: self.counts.iter().sum::<u64>() + 1, found });
            }
        }
        self.pending.clear();
    }

    fn finish(mut self, number: u64) -> Line {
        if self.misread.is_none() {
            self.complete();
        }
        let start = String::from_utf8_lossy(&self.start);
        let mut shown: String = start.trim().chars().take(SHOWN_CHARACTERS).collect();
        if start.trim().chars().count() > SHOWN_CHARACTERS {
            shown.push('…');
        }
        Line { number, start: shown, counts: self.misread.map_or(Ok(self.counts), Err) }
    }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b',')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::BufReader;

    fn read(symbols: &[&str], text: &str, buffer: usize) -> Vec<Line> {
        let symbols: Vec<String> = symbols.iter().map(|symbol| (*symbol).to_owned()).collect();
        let input = BufReader::with_capacity(buffer, text.as_bytes());
        SequenceReader::new(&symbols, input).collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn characters_may_be_spaced_and_words_must_be() {
        assert_eq!(read(&["H", "T"], "HH, T\r\n", 3)[0].counts, Ok(vec![2, 1]));
        assert_eq!(read(&["one", "two"], "one two,one", 2)[0].counts, Ok(vec![2, 1]));
        assert_eq!(read(&["ä", "β"], "äβä\n", 1)[0].counts, Ok(vec![2, 1]));
    }

    #[test]
    fn a_stranger_is_named_with_its_place_and_the_next_line_is_read() {
        let lines = read(&["one", "two"], "one three two\ntwo\n", 4);
        assert_eq!(lines[0].counts, Err(Misread { place: 2, found: "three".into() }));
        assert_eq!(lines[1].counts, Ok(vec![0, 1]));
        assert_eq!(read(&["H", "T"], "HTé", 1)[0].counts, Err(Misread { place: 3, found: "é".into() }));
    }

    #[test]
    fn an_endless_word_is_cut() {
        let line = &read(&["one", "two"], &"x".repeat(1_000_000), 1 << 16)[0];
        assert!(line.counts.as_ref().unwrap_err().found.len() < 100 && line.start.chars().count() == 41);
    }

    proptest! {
        /// Any bytes are read to their end, and where they break into buffers changes nothing.
        #[test]
        fn buffers_change_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..80), size in 1usize..20) {
            let symbols = ["H".to_owned(), "é".to_owned()];
            let all: Vec<Line> = SequenceReader::new(&symbols, &bytes[..]).collect::<Result<_, _>>().unwrap();
            let input = BufReader::with_capacity(size, &bytes[..]);
            let pieces: Vec<Line> = SequenceReader::new(&symbols, input).collect::<Result<_, _>>().unwrap();
            prop_assert_eq!(all, pieces);
        }
    }
}
