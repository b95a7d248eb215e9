//! The text of an experiment: the file, with the values that command-line settings replace.

mod setting;

pub use setting::Override;
pub(crate) use setting::report_settings_without_effect;

use super::diagnostics::{Diagnostic, Place, Report, Source};
use super::value::{Entry, Value};
use toml::de::DeTable;

/// The top-level keys, as written.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) entries: Vec<Entry>,
    /// The lines of the file with broken syntax.
    pub(crate) broken: Vec<Place>,
}

impl Document {
    /// Parses the file, reports all syntax errors, and applies the settings.
    pub(crate) fn parse(source: &Source, overrides: &[Override], report: &mut Report) -> Self {
        let text = &source.text;
        let (table, errors) = DeTable::parse_recoverable(text);
        let place = |span: std::ops::Range<usize>| Place { text: 0, start: span.start, end: span.end };
        let mut document = Self { entries: Value::entries_of_toml(table.get_ref(), &place), broken: Vec::new() };
        let mut in_open_list = false;
        for error in errors {
            let place = place(error.span().unwrap_or_default());
            let is_of_list = error.message().contains("array");
            let is_key = starts_assignment(text, place);
            if in_open_list && (is_of_list || is_key) {
                continue; // the parser takes the rest of the file for items of that list
            }
            if is_of_list && is_key {
                in_open_list = true;
                let title = "the list above this line is not closed";
                report.push(Diagnostic::new(title).at(place).help("write `]` at its end"));
            } else {
                report.push(explained(text, place, error.message()));
            }
            if error.message() != "duplicate key" {
                document.broken.push(whole_line(text, place));
            }
        }
        for (index, setting) in overrides.iter().enumerate() {
            setting.apply(&mut document.entries, index + 1, report);
        }
        document
    }
}

/// Whether a syntax error nearby may have caused the mistake at a place.
pub(crate) fn is_doubtful(broken: &[Place], place: Place) -> bool {
    place.text == 0 && (place.end == 0 || broken.iter().any(|line| line.start <= place.end && place.start <= line.end))
}

/// Whether a line `key = …` starts at the place, which cannot be inside a list.
fn starts_assignment(text: &str, place: Place) -> bool {
    let line = whole_line(text, Place { end: place.start, ..place });
    let (before, after) = (text.get(line.start..place.start), text.get(place.start..line.end));
    let is_key = |key: &str| key.trim_end().ends_with(|c: char| c.is_alphanumeric() || "_-\"'".contains(c));
    before.is_some_and(|before| before.trim().is_empty())
        && after.and_then(|after| after.split_once('=')).is_some_and(|(key, _)| is_key(key))
}

fn whole_line(text: &str, place: Place) -> Place {
    let before = text.get(..place.start).unwrap_or(text);
    let after = text.get(place.end..).unwrap_or("");
    Place {
        text: place.text,
        start: before.rfind('\n').map_or(0, |newline| newline + 1),
        end: place.end + after.find('\n').unwrap_or(after.len()),
    }
}

/// The message of the parser, with what to write instead where that can be guessed.
fn explained(text: &str, place: Place, message: &str) -> Diagnostic {
    let written = text.get(place.start..place.end).unwrap_or("").trim();
    if message == "duplicate key" {
        return Diagnostic::new(format!("the key `{written}` is given twice"))
            .at(place)
            .help("a table may have each key once: remove one of them, or rename it");
    }
    if message.starts_with("string values must be quoted") {
        let (title, help) = match written {
            "" => ("a value is missing".into(), "write one after `=`, such as trials = 10_000".into()),
            _ if written.contains('/') => (
                format!("the fraction {written} is not in quotes"),
                format!("write an exact fraction as \"{written}\""),
            ),
            _ if written.starts_with('.') => (format!("{written} is not a TOML number"), format!("write 0{written}")),
            _ => (format!("{written} is not a TOML value"), format!("write a string in quotes: \"{written}\"")),
        };
        return Diagnostic::new(title).at(place).help(help);
    }
    let diagnostic = Diagnostic::new(format!("broken TOML: {message}")).at(place);
    match message {
        _ if message.starts_with("invalid fraction") => {
            diagnostic.help("write digits on both sides of the point, as in 1.0 or 0.5")
        }
        _ if message.starts_with("invalid mantissa") => diagnostic.help("begin a number with a digit, as in 0.5"),
        _ if message.starts_with("key with no value") => diagnostic.help("write key = value, such as trials = 10_000"),
        _ if message.starts_with("unexpected leading zero") => diagnostic.help("remove the leading zeros"),
        _ if message.starts_with("unexpected key or value") => diagnostic.help("write one key = value on each line"),
        _ if message.starts_with("cannot extend value") => {
            diagnostic.help("the key already has a value: set it as a whole, or set its parts with dotted keys")
        }
        _ => diagnostic,
    }
}
