//! A file in blocks of whole rows, which are parsed on all threads.

use crate::external_trials::csv_rows::{DELIMITERS, ends_quoted};
use std::io::{self, Read};

/// The bytes of a block; it is longer where a row is.
const BLOCK: usize = 1 << 20;

/// Cuts what follows the first row into blocks. A block ends with the end of a line that is not within a quoted cell.
pub(super) struct Blocks<R> {
    input: R,
    delimiter: Option<u8>,
    size: usize,
    /// What has been read and belongs to no block yet.
    rest: Vec<u8>,
    is_at_end: bool,
}

impl<R: Read> Blocks<R> {
    /// The blocks of what `input` still has.
    pub(super) fn new(input: R, delimiter: Option<u8>) -> Self {
        Self { input, delimiter, size: BLOCK, rest: Vec::new(), is_at_end: false }
    }

    /// At most `count` more blocks; none at the end.
    pub(super) fn some(&mut self, count: usize) -> io::Result<Vec<Vec<u8>>> {
        let mut blocks = Vec::with_capacity(count);
        while blocks.len() < count {
            match self.next()? {
                Some(block) => blocks.push(block),
                None => break,
            }
        }
        Ok(blocks)
    }

    fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut text = std::mem::take(&mut self.rest);
        // Up to where lines have been looked at, whether a quoted cell is open there, and where the last whole row ends.
        let (mut seen, mut is_open, mut end) = (0, false, 0);
        loop {
            if !self.is_at_end {
                let wanted = self.size.saturating_sub(text.len()).max(self.size / 4).max(1);
                text.try_reserve(wanted).map_err(|_| io::ErrorKind::OutOfMemory)?;
                self.is_at_end = self.input.by_ref().take(wanted as u64).read_to_end(&mut text)? < wanted;
            }
            if self.is_at_end {
                return Ok(Some(text).filter(|text| !text.is_empty()));
            }
            let new = text.get(seen..).unwrap_or_default();
            let whole = new.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
            let lines = new.get(..whole).unwrap_or_default();
            if !is_open && !lines.contains(&b'"') {
                end = if whole > 0 { seen + whole } else { end };
            } else {
                let mut start = seen;
                for line in lines.split_inclusive(|&byte| byte == b'\n') {
                    start += line.len();
                    is_open = ends_quoted(line, is_open, |byte| self.is_delimiter(byte));
                    end = if is_open { end } else { start };
                }
            }
            seen += whole;
            if end > 0 {
                self.rest = text.split_off(end);
                return Ok(Some(text));
            }
        }
    }

    fn is_delimiter(&self, byte: u8) -> bool {
        self.delimiter.map_or_else(|| DELIMITERS.contains(&byte), |delimiter| byte == delimiter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::external_trials::csv_rows::Rows;
    use csv::ByteRecord;
    use proptest::prelude::*;

    fn rows(text: &[u8]) -> (Vec<(u64, ByteRecord)>, u64) {
        let mut rows = Rows::of_part(text, Some(b','), b'.');
        let (mut cells, mut found) = (ByteRecord::new(), Vec::new());
        while let Some(line) = rows.next(&mut cells).unwrap() {
            found.push((line, cells.clone()));
        }
        (found, rows.lines())
    }

    proptest! {
        /// Blocks of any size have the rows of the whole text, on the same lines.
        #[test]
        fn blocks_have_the_rows_of_the_file(
            parts in proptest::collection::vec(prop_oneof![
                Just("a"), Just(","), Just("\n"), Just("\r\n"), Just("\""), Just("\"x\ny\""), Just("\"\""), Just(" "), Just(",\"q, \n\"\"z\"\n"),
            ], 0..40),
            size in 1usize..20,
        ) {
            let text = parts.concat();
            let mut blocks = Blocks { size, ..Blocks::new(text.as_bytes(), Some(b',')) };
            let (mut found, mut lines, mut joined) = (Vec::new(), 0, Vec::new());
            loop {
                let some = blocks.some(3).unwrap();
                if some.is_empty() {
                    break;
                }
                for block in some {
                    let (rows, count) = rows(&block);
                    found.extend(rows.into_iter().map(|(line, cells)| (line + lines, cells)));
                    lines += count;
                    joined.extend(block);
                }
            }
            prop_assert_eq!(joined, text.as_bytes());
            let (expected, _) = rows(text.as_bytes());
            prop_assert_eq!(found, expected);
        }
    }
}
