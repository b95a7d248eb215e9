//! Text in pictures: its width, and how it is shortened.

use crate::outside::{printable, xml_text};
use unicode_width::UnicodeWidthChar;

/// Factor by which a text may be wider than estimated, since the reader's font is not known.
const SLACK: f64 = 1.1;

/// The width of a text in pixels, estimated from above.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    let of = |letter: char| match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.3,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' => 0.4,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' => 0.92,
        'A'..='Z' | '&' | '+' | '=' | '<' | '>' | '~' | '±' | '−' | '×' | '≤' => 0.7,
        letter if letter.is_ascii() => 0.57,
        letter => 0.6 * letter.width().unwrap_or(0).max(1) as f64,
    };
    text.chars().map(of).sum::<f64>() * size * SLACK
}

/// Returns the text, shortened with `…` if it is wider than `room` pixels.
pub(crate) fn shortened(text: &str, room: f64, size: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut short = String::new();
    let room = room - width("…", size);
    let mut taken = 0.0;
    for letter in text.chars() {
        taken += width(letter.encode_utf8(&mut [0; 4]), size);
        if taken > room {
            break;
        }
        short.push(letter);
    }
    format!("{}…", short.trim_end_matches([' ', ',']))
}

/// The text in lines of at most `room` pixels, broken at spaces, and within words where these are longer.
pub(crate) fn wrapped(text: &str, room: f64, size: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size) <= room => *line = format!("{line} {word}"),
            _ => lines.push(String::new()),
        }
        let is_new = lines.last().is_some_and(String::is_empty);
        for letter in word.chars().filter(|_| is_new) {
            match lines.last_mut() {
                Some(line) if line.is_empty() || width(&format!("{line}{letter}"), size) <= room => line.push(letter),
                _ => lines.push(letter.to_string()),
            }
        }
    }
    lines
}

/// Removes characters that XML does not allow.
pub(crate) fn clean(text: &str) -> String {
    xml_text(&printable(text))
}

/// The width that the longest of some texts needs.
pub(crate) fn widest<'a>(texts: impl Iterator<Item = &'a str>, size: f64) -> f64 {
    texts.map(|text| width(text, size) + 1.0).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_text_loses_nothing() {
        assert_eq!(wrapped("short", 100.0, 11.0), ["short"]);
        for text in
            ["N = 1,000, P = normal(mean=0, std_dev=1), Q = normal(mean=0.5, std_dev=2)", "averyveryverylongword"]
        {
            let lines = wrapped(text, 90.0, 11.0);
            assert!(lines.len() > 1 && lines.iter().all(|line| width(line, 11.0) <= 90.0), "{lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }

    #[test]
    fn long_text_ends_in_an_ellipsis_within_its_room() {
        assert_eq!(shortened("short", 100.0, 11.0), "short");
        let cut = shortened(&"a long name, ".repeat(20), 120.0, 11.0);
        assert!(cut.ends_with('…') && width(&cut, 11.0) <= 120.0, "{cut}");
        assert_eq!(shortened("anything", 0.0, 11.0), "…");
    }
}
