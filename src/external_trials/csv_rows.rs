//! A CSV file, row by row, each with the line it starts on.

use csv::{ByteRecord, ReaderBuilder, Trim};
use std::io::{self, BufRead};

/// Rows that are not blank. Lines end with or without a carriage return; a quoted cell may span some.
///
/// The `csv` crate parses what has quotes in it; it does not say which line a row starts on where lines are blank or end
/// with a carriage return.
pub(crate) struct Rows<R> {
    input: R,
    lines: u64,
    text: Vec<u8>,
    /// The byte between cells; none until the first row has shown it.
    delimiter: Option<u8>,
    decimal: u8,
}

impl<R: BufRead> Rows<R> {
    /// Rows with this delimiter, or with the one that the first row has. `decimal` is the mark in numbers, which delimits nothing
    /// unless it is the only candidate.
    pub(crate) fn new(input: R, delimiter: Option<u8>, decimal: u8) -> Self {
        Self { input, lines: 0, text: Vec::new(), delimiter, decimal }
    }

    /// Reads the next row into `cells`, trimmed, and says which line it starts on; none at the end.
    pub(crate) fn next(&mut self, cells: &mut ByteRecord) -> io::Result<Option<u64>> {
        loop {
            self.text.clear();
            let (first, mut is_open) = (self.lines + 1, false);
            loop {
                let start = self.text.len();
                if self.input.read_until(b'\n', &mut self.text)? == 0 {
                    break;
                }
                self.lines += 1;
                let delimiter = self.delimiter;
                is_open = ends_quoted(&self.text[start..], is_open, |byte| match delimiter {
                    Some(delimiter) => byte == delimiter,
                    None => DELIMITERS.contains(&byte),
                });
                if !is_open {
                    break;
                }
            }
            if self.text.is_empty() {
                return Ok(None);
            }
            let text = if first == 1 {
                self.text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&self.text)
            } else {
                &self.text
            };
            if text.iter().all(|&byte| byte.is_ascii_whitespace() && self.delimiter != Some(byte) || byte == b'\n') {
                continue;
            }
            let delimiter = *self.delimiter.get_or_insert_with(|| find_delimiter(text, self.decimal));
            if text.contains(&b'"') {
                let mut builder = ReaderBuilder::new();
                builder.delimiter(delimiter).has_headers(false).trim(Trim::All).buffer_capacity(text.len());
                builder.from_reader(text).read_byte_record(cells)?;
            } else {
                cells.clear();
                let cell = |cell: &[u8]| cells.push_field(cell.trim_ascii());
                // A tab at the end is a delimiter, the end of a line is not.
                let text = text.strip_suffix(b"\n").unwrap_or(text);
                text.strip_suffix(b"\r").unwrap_or(text).split(|&byte| byte == delimiter).for_each(cell);
            }
            return Ok(Some(first));
        }
    }
}

/// What may be between cells, the likeliest first.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The delimiter that the names of the columns have most of between them.
fn find_delimiter(names: &[u8], decimal: u8) -> u8 {
    let mut counts = [0usize; DELIMITERS.len()];
    let mut is_quoted = false;
    for &byte in names {
        is_quoted ^= byte == b'"';
        let place = DELIMITERS.iter().position(|&delimiter| delimiter == byte).filter(|_| !is_quoted);
        if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
            *count += 1;
        }
    }
    let found = DELIMITERS.into_iter().zip(counts).filter(|(_, count)| *count > 0);
    let alone = if decimal == b',' { b';' } else { b',' };
    // The last of equals is the largest.
    found.rev().max_by_key(|(_, count)| *count).map_or(alone, |(delimiter, _)| delimiter)
}

/// Whether a line ends within a quoted cell, if it begins in one or not. A quote opens a cell at its very start only.
fn ends_quoted(line: &[u8], begins: bool, is_delimiter: impl Fn(u8) -> bool) -> bool {
    let (mut is_quoted, mut before) = (begins, None);
    for &byte in line {
        match byte {
            // Two in a row stand for one: the first closes, the second opens again.
            b'"' if is_quoted => is_quoted = false,
            b'"' => is_quoted = before.is_none_or(|before| before == b'"' || is_delimiter(before)),
            _ => {}
        }
        before = Some(byte);
    }
    is_quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let (mut rows, mut cells, mut found) = (Rows::new(text.as_bytes(), None, b'.'), ByteRecord::new(), Vec::new());
        while let Some(line) = rows.next(&mut cells).unwrap() {
            found.push((line, cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()));
        }
        found
    }

    #[test]
    fn delimiters_are_found_among_the_names() {
        for (names, decimal, expected) in [
            ("a,b;c,d", b'.', b','),
            ("a;b", b'.', b';'),
            ("a\tb\tc,d", b'.', b'\t'),
            ("\"x,y,z\";b", b'.', b';'),
            ("a,b;c", b'.', b','),
            ("a", b'.', b','),
            ("a", b',', b';'),
            ("a,b", b',', b','),
        ] {
            assert_eq!(find_delimiter(names.as_bytes(), decimal), expected, "{names}");
        }
        // Empty cells at either end of a row of tabs are cells.
        let found = rows("a\tb\tc\r\n\t1\t\r\n\t\t\n \n");
        assert_eq!(
            found.iter().map(|(line, cells)| (*line, cells.len())).collect::<Vec<_>>(),
            [(1, 3), (2, 3), (3, 3)]
        );
    }

    #[test]
    fn every_row_has_its_line() {
        for end in ["\n", "\r\n"] {
            let text =
                ["\u{feff}a,b", "", "1, 2 ", "\"x", "\"\"y\"\",\",3", "  ", "5\" pipe,4", ",", "\"\",7"].join(end);
            let found = rows(&text);
            assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3, 4, 7, 8, 9], "{found:?}");
            assert!(found.iter().all(|(_, cells)| cells.len() == 2), "{found:?}");
            assert_eq!(
                (found[1].1.as_slice(), found[3].1[0].as_str()),
                (["1", "2"].map(str::to_owned).as_slice(), "5\" pipe")
            );
            assert!(found[2].1[0].ends_with("\"y\","), "{found:?}");
        }
        assert_eq!(rows("\"never closed,1\n2,3"), [(1, vec!["never closed,1\n2,3".to_owned()])]);
        assert_eq!(rows(""), []);
    }
}
