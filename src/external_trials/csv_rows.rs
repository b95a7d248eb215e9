//! A CSV file, row by row, each with the line it starts on.

use csv::{ByteRecord, ReaderBuilder, Trim};
use std::io::{self, BufRead};

/// Rows that are not blank. Lines end with or without a carriage return; a quoted cell may span some.
///
/// The `csv` crate parses what has quotes in it; it does not say which line a row starts on where lines are blank or end
/// with a carriage return.
pub(super) struct Rows<R> {
    input: R,
    lines: u64,
    text: Vec<u8>,
}

impl<R: BufRead> Rows<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, lines: 0, text: Vec::new() }
    }

    /// Reads the next row into `cells`, trimmed, and says which line it starts on; none at the end.
    pub(super) fn next(&mut self, cells: &mut ByteRecord) -> io::Result<Option<u64>> {
        loop {
            self.text.clear();
            let (first, mut is_open) = (self.lines + 1, false);
            loop {
                let start = self.text.len();
                if self.input.read_until(b'\n', &mut self.text)? == 0 {
                    break;
                }
                self.lines += 1;
                is_open = ends_quoted(&self.text[start..], is_open);
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
            if text.trim_ascii().is_empty() {
                continue;
            }
            if text.contains(&b'"') {
                let mut builder = ReaderBuilder::new();
                builder.has_headers(false).trim(Trim::All).buffer_capacity(text.len());
                builder.from_reader(text).read_byte_record(cells)?;
            } else {
                cells.clear();
                text.split(|&byte| byte == b',').for_each(|cell| cells.push_field(cell.trim_ascii()));
            }
            return Ok(Some(first));
        }
    }
}

/// Whether a line ends within a quoted cell, if it begins in one or not. A quote opens a cell at its very start only.
fn ends_quoted(line: &[u8], begins: bool) -> bool {
    let (mut is_quoted, mut before) = (begins, if begins { b' ' } else { b',' });
    for &byte in line {
        match byte {
            // Two in a row stand for one: the first closes, the second opens again.
            b'"' if is_quoted => is_quoted = false,
            b'"' => is_quoted = matches!(before, b',' | b'"'),
            _ => {}
        }
        before = byte;
    }
    is_quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let (mut rows, mut cells, mut found) = (Rows::new(text.as_bytes()), ByteRecord::new(), Vec::new());
        while let Some(line) = rows.next(&mut cells).unwrap() {
            found.push((line, cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()));
        }
        found
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
