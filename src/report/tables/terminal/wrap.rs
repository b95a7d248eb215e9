//! Text broken into lines that fit a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The same text with lines of at most `width` columns, broken at spaces. A line goes on below its last column of words, or where
/// it began. A word that is longer than a line is cut, except for paths, which people copy.
///
/// ```
/// use kl_runner::report::wrapped;
/// assert_eq!(wrapped("a word, and some more\n", 10), "a word,\nand some\nmore\n");
/// assert_eq!(wrapped("  -q  print nothing else\n", 16), "  -q  print\n      nothing\n      else\n");
/// assert_eq!(wrapped("HTHTHTHT", 5), "HTHTH\nTHT");
/// ```
pub fn wrapped(text: &str, width: usize) -> String {
    let width = width.max(1);
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        if columns_of(line) <= width {
            shown.push_str(line);
        } else {
            shown.push_str(&lines(line, width, hanging(line, width)).join("\n"));
        }
        shown.push_str(end);
    }
    shown
}

/// The lines of a cell of at most `width` columns.
pub(super) fn cell_lines(text: &str, width: usize) -> Vec<String> {
    lines(text, width.max(1), 0)
}

/// The number of columns that a text takes; colours take none.
pub(super) fn columns_of(text: &str) -> usize {
    if text.contains('\u{1b}') { pieces(text).map(|piece| piece.columns()).sum() } else { text.width() }
}

/// Breaks one line; those after the first begin with `indent` spaces.
fn lines(line: &str, width: usize, indent: usize) -> Vec<String> {
    let mut done = Vec::new();
    let (mut current, mut used) = (String::new(), 0);
    // Whether the line has a word yet, after which it may be broken.
    let mut has_word = false;
    let mut rest = line;
    while !rest.is_empty() {
        let word_start = rest.find(|c| c != ' ').unwrap_or(rest.len());
        let (gap, after) = rest.split_at(word_start);
        let (word, after) = after.split_at(after.find(' ').unwrap_or(after.len()));
        rest = after;
        let needed = columns_of(word);
        if has_word && used + gap.len() + needed > width {
            done.push(std::mem::take(&mut current));
            current.push_str(&" ".repeat(indent));
            used = indent;
        } else {
            current.push_str(gap);
            used += gap.len();
        }
        has_word = true;
        if used + needed <= width || word.contains('/') {
            current.push_str(word);
            used += needed;
            continue;
        }
        for piece in pieces(word) {
            if used + piece.columns() > width && used > indent {
                done.push(std::mem::take(&mut current));
                current.push_str(&" ".repeat(indent));
                used = indent;
            }
            current.push_str(piece.text());
            used += piece.columns();
        }
    }
    done.push(current);
    done
}

/// The column at which a line that is too long goes on: below the last column of words in its first part, else where it began.
fn hanging(line: &str, width: usize) -> usize {
    let start = line.len() - line.trim_start_matches(' ').len();
    let (mut column, mut spaces) = (0, 0);
    let mut found = start.min(width / 2);
    for piece in pieces(line) {
        match piece {
            Piece::Style(_) => continue,
            Piece::Text(" ") => spaces += 1,
            Piece::Text(_) => {
                if spaces >= 2 && column <= width * 3 / 5 {
                    found = column;
                }
                spaces = 0;
            }
        }
        column += piece.columns();
    }
    found
}

/// A character, or an escape sequence that sets a style.
#[derive(Clone, Copy)]
enum Piece<'a> {
    Text(&'a str),
    Style(&'a str),
}

impl<'a> Piece<'a> {
    fn text(self) -> &'a str {
        match self {
            Self::Text(text) | Self::Style(text) => text,
        }
    }

    fn columns(self) -> usize {
        match self {
            Self::Text(text) => text.chars().next().and_then(UnicodeWidthChar::width).unwrap_or(0),
            Self::Style(_) => 0,
        }
    }
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let style = rest.strip_prefix("\u{1b}[").and_then(|after| Some(2 + after.find('m')? + 1));
        let (piece, after) = rest.split_at(style.unwrap_or(first.len_utf8()));
        rest = after;
        Some(if style.is_some() { Piece::Style(piece) } else { Piece::Text(piece) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn colours_take_no_columns() {
        let red = "\u{1b}[31mred\u{1b}[0m and blue";
        assert_eq!(columns_of(red), 12);
        assert_eq!(wrapped(red, 12), red);
        assert_eq!(wrapped(red, 8), "\u{1b}[31mred\u{1b}[0m and\nblue");
    }

    #[test]
    fn paths_stay_whole() {
        assert_eq!(wrapped("wrote results/coin/: all", 9), "wrote\nresults/coin/:\nall");
    }

    proptest! {
        /// No line is wider than asked for, and no character but spaces and line ends is lost.
        #[test]
        fn every_line_fits(letters in proptest::collection::vec(proptest::sample::select(vec!['a', '‖', '界', ' ', ' ', '-']), 0..120), width in 4..40_usize) {
            let text: String = letters.into_iter().collect();
            let shown = wrapped(&text, width);
            prop_assert!(shown.lines().all(|line| line.trim_end().width() <= width), "{:?}", shown);
            let words = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(words(&shown), words(&text));
        }
    }
}
