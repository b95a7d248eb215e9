//! Reads sequences line by line, in memory that does not grow with their length.

use super::script::{Misread, SHOWN_CHARACTERS, Script, shown};
use kl_sim::estimator::Sequences;
use std::io::{self, BufRead};

/// The mark that some editors put at the start of a text.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A line that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<T> {
    /// The number of the line, from 1.
    pub number: u64,
    /// The first characters of the line.
    pub start: String,
    /// The tally of its items, or what is wrong.
    pub tally: Result<T, Misread>,
}

/// Reads lines of items and keeps only their tallies, so memory does not grow with the length of a line.
///
/// Lines without an item are skipped.
///
/// ```
/// use kl_math::distribution::{Categorical, Pair};
/// use kl_sim::estimator::SymbolSequences;
/// use kl_runner::experiment_file::{SequenceReader, SymbolScript};
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

/// A line that is being read.
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
        let capacity = (4 * SHOWN_CHARACTERS + 4).saturating_sub(self.start.len());
        self.start.extend(bytes.iter().take(capacity));
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

#[cfg(test)]
mod tests {
    use super::super::SymbolScript;
    use super::*;
    use kl_sim::estimator::SequenceScore;
    use proptest::prelude::*;
    use std::io::BufReader;

    /// The counts of this many symbols.
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
        /// Any bytes are read to their end, and the size of the buffer makes no difference.
        #[test]
        fn the_buffer_size_makes_no_difference(bytes in proptest::collection::vec(any::<u8>(), 0..80), size in 1usize..20) {
            prop_assert_eq!(read(&["H", "é"], &bytes, 1000), read(&["H", "é"], &bytes, size));
        }
    }
}
