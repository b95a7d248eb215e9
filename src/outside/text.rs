//! Untrusted text on its way to a terminal, into JSON or into XML.
//!
//! Text from a file, a command line or another program is escaped by [`printable`] before it is shown. Everything written to a
//! terminal passes through [`for_terminal`] as well, which lets only colours through.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character controls a terminal or misleads a reader: control characters (C0, DEL, C1), changes of the writing
/// direction, unusual line ends, and characters without width. The joiners U+200C and U+200D are allowed: some scripts need them.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Makes untrusted text safe for a terminal: escapes control characters, including line ends, and changes of the writing
/// direction.
///
/// ```
/// use kl_runner::outside::printable;
/// assert_eq!(printable("a\u{1b}[31m\nβ"), "a\\u{1b}[31m\\nβ");
/// assert_eq!(printable("\u{9b}1m \u{202e}txt.exe"), "\\u{9b}1m \\u{202e}txt.exe");
/// ```
pub fn printable(text: &str) -> String {
    escaped(text, |_| false)
}

/// Does the same, but keeps line feeds and tabs.
///
/// ```
/// use kl_runner::outside::printable_lines;
/// assert_eq!(printable_lines("a\r\n\tb"), "a\\r\n\tb");
/// ```
pub fn printable_lines(text: &str) -> String {
    escaped(text, |c| matches!(c, '\n' | '\t'))
}

/// Replaces each harmful character by one visible character, so that columns stay the same; keeps line feeds and tabs.
///
/// ```
/// use kl_runner::outside::pictured;
/// assert_eq!(pictured("a\u{1b}[31m\t\u{202e}b\n"), "a␛[31m\t\u{fffd}b\n");
/// ```
pub fn pictured(text: &str) -> String {
    let picture = |c: char| match c {
        '\n' | '\t' => c,
        '\u{7f}' => '\u{2421}',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        c if is_harmful(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(picture).collect()
}

fn escaped(text: &str, is_allowed: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) && !is_allowed(c) {
            // As `\n`, or `\u{1b}`.
            escaped.extend(c.escape_default());
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// A text of this program for a terminal: keeps lines and colours, and escapes every other control sequence.
///
/// ```
/// use kl_runner::outside::for_terminal;
/// let red = "\u{1b}[1m\u{1b}[31mDISAGREE\u{1b}[0m\n";
/// assert_eq!(for_terminal(red), red);
/// assert_eq!(for_terminal("\u{1b}[2J\u{1b}]0;title\u{7}"), "\\u{1b}[2J\\u{1b}]0;title\\u{7}");
/// ```
pub fn for_terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| is_harmful(c) && c != '\n') {
        return Cow::Borrowed(text);
    }
    let (mut shown, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(escape) = rest.find('\u{1b}') {
        let (before, after) = rest.split_at(escape);
        shown.push_str(&printable_lines(before));
        let length = style_length(after);
        let (style, others) = after.split_at(length.unwrap_or(1));
        match length {
            Some(_) => shown.push_str(style),
            None => shown.push_str(&printable(style)),
        }
        rest = others;
    }
    shown.push_str(&printable_lines(rest));
    Cow::Owned(shown)
}

/// The length of the escape sequence at the start of a text, if it sets a style that this program uses: no blinking, hidden or
/// inverted text.
fn style_length(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let end = parameters.find(|c: char| !c.is_ascii_digit() && c != ';').filter(|&end| end <= 16)?;
    let is_style = |one: &str| matches!(one.parse(), Ok(0u8..=4 | 22..=24 | 30..=39 | 90..=97)) || one.is_empty();
    let is_all = parameters.get(end..)?.starts_with('m') && parameters.get(..end)?.split(';').all(is_style);
    is_all.then_some("\u{1b}[".len() + end + 1)
}

/// Escapes the harmful characters in the strings of JSON; the value stays the same.
///
/// ```
/// use kl_runner::outside::json_text;
/// let shown = json_text("{\"name\": \"\u{202e}\u{9b}1m\u{e0041}\"}");
/// assert_eq!(shown, "{\"name\": \"\\u202e\\u009b1m\\udb40\\udc41\"}");
/// ```
pub fn json_text(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        // JSON has already escaped the control characters of ASCII, except line ends and DEL.
        if is_harmful(c) && !matches!(c, '\n' | '\r' | '\t') {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string never fails.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Text for XML 1.0: escapes control characters other than line ends and tabs; the two code points that are not characters
/// become the replacement character.
///
/// ```
/// use kl_runner::outside::xml_text;
/// assert_eq!(xml_text("a\u{0}\u{1b}\nb\u{ffff}"), "a\\u{0}\\u{1b}\nb\u{fffd}");
/// ```
pub fn xml_text(text: &str) -> String {
    printable_lines(text).chars().map(|c| if matches!(c, '\u{fffe}' | '\u{ffff}') { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A style in untrusted text is escaped like everything else.
    #[test]
    fn untrusted_text_has_no_style() {
        assert_eq!(printable("\u{1b}[31mred\u{1b}[0m"), "\\u{1b}[31mred\\u{1b}[0m");
    }

    #[test]
    fn only_styles_reach_the_terminal() {
        for bad in [
            "\u{1b}",
            "\u{1b}[",
            "\u{1b}[1",
            "\u{1b}[5m",
            "\u{1b}[8m",
            "\u{1b}[7m",
            "\u{1b}[1;8m",
            "\u{1b}[?25l",
            "\u{1b}[2K",
            "\u{1b}c",
            "\u{1b}[38;5;1m",
            "\u{1b}[0000000000000000000000m",
            "\u{1b}]8;;http://x\u{1b}\\",
            "\u{9b}1m",
            "\u{1b}[1é",
            "\u{1b}\u{1b}[8m",
            "\r",
            "\u{8}",
            "\u{85}",
            "\u{202e}",
            "\u{2069}",
            "\u{feff}",
        ] {
            let shown = for_terminal(bad);
            assert!(!shown.chars().any(is_harmful), "{bad:?} gives {shown:?}");
        }
        for good in ["\u{1b}[m", "\u{1b}[0m", "\u{1b}[1;91m", "a\n\tb", "β ≤ 1 — “x” é \u{200d}"] {
            assert_eq!(for_terminal(good), good);
        }
    }

    /// Any character, often a relevant one.
    fn letter() -> impl Strategy<Value = char> {
        let some: Vec<char> = "\u{1b}\u{1b}[[]18;mKa\u{9b}\u{7f}\u{202e}\n\r\t\u{0}\u{ffff}\"\\".chars().collect();
        prop_oneof![any::<char>(), proptest::sample::select(some)]
    }

    proptest! {
        #[test]
        fn no_text_passes_a_harmful_character(letters in proptest::collection::vec(letter(), 0..40)) {
            let text: String = letters.into_iter().collect();
            prop_assert!(!printable(&text).chars().any(is_harmful));
            prop_assert!(!printable_lines(&text).chars().any(|c| is_harmful(c) && c != '\n' && c != '\t'));
            let pictured = pictured(&text);
            prop_assert!(!pictured.chars().any(|c| is_harmful(c) && c != '\n' && c != '\t'));
            prop_assert_eq!(pictured.chars().count(), text.chars().count());
            let bare = for_terminal(&text).replace("\u{1b}[", "");
            prop_assert!(!bare.chars().any(|c| is_harmful(c) && c != '\n' && c != '\t'));
            // JSON stays the same value.
            let json = serde_json::to_string(&text).unwrap();
            let shown = json_text(&json);
            prop_assert!(!shown.chars().any(is_harmful));
            prop_assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text.clone());
            let xml = xml_text(&text).replace(['<', '>', '&'], "");
            let document = format!("<a>{xml}</a>");
            prop_assert!(roxmltree::Document::parse(&document).is_ok());
        }
    }
}
