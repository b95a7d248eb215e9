//! P and Q on the command line, or in the cells of a table.

mod fitted;
#[cfg(test)]
mod tests;

pub use fitted::{FitTask, FittedFamily, read_fit};

use super::column_file::{self, Files};
use super::diagnostics::{Diagnostic, Diagnostics, Place, Report, Source};
use super::distribution::read_distribution;
use super::value::{Entry, Form, Value, quoted_key};
use super::words::{example, pair_help};
use kl_math::distribution::{Distribution, FamilyEntry, Pair};
use std::ops::Range;
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

/// A distribution outside a file: `0.5,0.5`, `1/6,5/6`, `H=0.4,T=0.6`, `bernoulli.p=0.5`, or anything that may follow
/// `P =` in a file.
#[derive(Clone, Copy, Debug)]
pub struct Argument<'a> {
    /// Its name in messages, such as `--p`.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
}

/// Reads P and Q, and reports all mistakes in both.
///
/// ```
/// use kl_runner::experiment_file::{Argument, read_pair};
/// let p = Argument { name: "--p", text: "0.5, 0.5" };
/// let pair = read_pair(p, Argument { name: "--q", text: "bernoulli.p=1/4" })?;
/// assert_eq!(pair.model().to_string(), "bernoulli(p=1/4)");
/// # Ok::<(), kl_runner::experiment_file::Diagnostics>(())
/// ```
pub fn read_pair(p: Argument<'_>, q: Argument<'_>) -> Result<Pair, Diagnostics> {
    read_pair_of("<command line>", p, q)
}

/// Reads P and Q as [`read_pair`] does; mistakes are said to be in `origin`.
pub fn read_pair_of(origin: &str, p: Argument<'_>, q: Argument<'_>) -> Result<Pair, Diagnostics> {
    let mut report = Report::default();
    // Both from one file: it is read once.
    let files = Files::default();
    let source = p.read(0, &files, &mut report);
    let model = q.read(1, &files, &mut report);
    if let (Some((source, p_place)), Some((model, q_place))) = (source, model) {
        match Pair::new(source, model) {
            Ok(pair) => return Ok(pair),
            Err(error) => report.push(
                Diagnostic::new(error.to_string()).at(q_place).context(p_place, "P is here").help(pair_help(&error)),
            ),
        }
    }
    Err(report.into_diagnostics(vec![p.source(origin), q.source(origin)]))
}

/// Reads one distribution, and reports all mistakes in it.
///
/// ```
/// use kl_runner::experiment_file::{Argument, read_one};
/// let q = read_one(Argument { name: "--q", text: "normal(mean=0, std_dev=1)" })?;
/// assert_eq!(q.family(), "normal");
/// # Ok::<(), kl_runner::experiment_file::Diagnostics>(())
/// ```
pub fn read_one(argument: Argument<'_>) -> Result<Arc<Distribution>, Diagnostics> {
    let mut report = Report::default();
    match argument.read(0, &Files::default(), &mut report) {
        Some((distribution, _)) => Ok(distribution),
        None => Err(report.into_diagnostics(vec![argument.source("<command line>")])),
    }
}

impl Argument<'_> {
    /// The distribution as JSON, in the form in which a file writes it. Its parameters are not checked; mistakes of syntax are said to be
    /// in `origin`.
    pub fn json(&self, origin: &str) -> Result<serde_json::Value, Diagnostics> {
        let mut report = Report::default();
        match self.checked_value(0, &mut report) {
            Some(value) => Ok(value.json()),
            None => Err(report.into_diagnostics(vec![self.source(origin)])),
        }
    }

    /// The text that mistakes point into.
    fn source(&self, origin: &str) -> Source {
        Source { name: origin.to_owned(), text: format!("{} {}", self.name, self.text) }
    }

    fn read(&self, text: usize, files: &Files, report: &mut Report) -> Option<(Arc<Distribution>, Place)> {
        self.checked_value(text, report).and_then(|value| read_distribution(&value, files, report))
    }

    /// The value that a file would have; a mistake of syntax is reported.
    fn checked_value(&self, text: usize, report: &mut Report) -> Option<Value> {
        let offset = self.name.len() + 1;
        let place = |span: Range<usize>| Place { text, start: offset + span.start, end: offset + span.end };
        match self.value(&place) {
            Ok(value) => Some(value),
            Err(mistake) => {
                let name = self.text.split(['(', '{', '=', '.']).next().unwrap_or_default().trim();
                report.push(mistake.help(match FamilyEntry::named(name) {
                    Some(family) => format!("write for example: {} '{}'", self.name, example(family)),
                    None if name == column_file::KEY => {
                        format!(
                            "write for example: {0} file=p.csv or {0} 'file={{ path = \"p.csv\", column = \"prob\" }}'",
                            self.name
                        )
                    }
                    None => {
                        format!("write for example: {0} 0.5,0.5 or {0} H=0.5,T=0.5 or {0} bernoulli.p=0.5", self.name)
                    }
                }));
                None
            }
        }
    }

    /// Converts the text to the value that a file would have.
    fn value(&self, place: &impl Fn(Range<usize>) -> Place) -> Result<Value, Box<Diagnostic>> {
        let text = self.text;
        if text.trim_start().starts_with(['[', '{']) {
            return Ok(named(toml_value(text, 0, place)?));
        }
        let whole = place(0..text.len());
        let is_family = |name: &str| FamilyEntry::named(name.trim()).is_some();
        if is_family(text) {
            // The name of a family without parameters is not a list of probabilities.
            let value = Value::new(whole, Form::Table(Vec::new()));
            let entry = Entry { key: text.trim().to_owned(), key_place: whole, value };
            return Ok(Value::new(whole, Form::Table(vec![entry])));
        }
        if let Some((column_file::KEY, path)) = text.split_once('=').map(|(key, path)| (key.trim(), path.trim()))
            && !path.starts_with(['{', '"', '\''])
        {
            // A path needs no quotes here.
            let place = place(text.len() - path.len()..text.len());
            let entry = Entry {
                key: column_file::KEY.to_owned(),
                key_place: whole,
                value: Value::new(place, Form::Text(path.to_owned())),
            };
            return Ok(Value::new(whole, Form::Table(vec![entry])));
        }
        if let Some((name, _)) = text.split_once('(').filter(|(name, _)| is_family(name) && call(text).is_none()) {
            return Err(mistake("this bracket is not closed".into(), place(name.len()..name.len() + 1)));
        }
        if let Some((name, inner)) = call(text) {
            let value = match text.get(inner.clone()).unwrap_or_default() {
                table if table.starts_with(['{', '[']) => toml_value(table, inner.start, place)?,
                nothing if nothing.trim().is_empty() => Value::new(whole, Form::Table(Vec::new())),
                _ => Value::new(whole, items(text, inner, true, place)?),
            };
            let key_place = place(0..name.len());
            return Ok(Value::new(whole, Form::Table(vec![Entry { key: name.to_owned(), key_place, value }])));
        }
        match items(text, 0..text.len(), false, place)? {
            list @ Form::List(_) => {
                Ok(Value::new(whole, Form::Table(vec![family("categorical", Value::new(whole, list))])))
            }
            table => Ok(named(Value::new(whole, table))),
        }
    }
}

/// Parses a value in TOML, which begins at `start`.
fn toml_value(text: &str, start: usize, place: &impl Fn(Range<usize>) -> Place) -> Result<Value, Box<Diagnostic>> {
    let place = |span: Range<usize>| place(start + span.start..start + span.end);
    let value = DeValue::parse(text).map_err(|error| {
        mistake(format!("broken TOML: {}", error.message()), place(error.span().unwrap_or_default()))
    })?;
    Ok(Value::of_toml(&value, &place))
}

/// The name and the range between the brackets of `normal(mean=0, std_dev=1)`, the form in which distributions are printed, or
/// the range of the table of `normal={ mean = 0, std_dev = 1 }`, or of the list of `mixture=[{ … }, { … }]`.
fn call(text: &str) -> Option<(&str, Range<usize>)> {
    let end = text.trim_end().len();
    let open = text.find(['(', '{'])?;
    let (name, inner) = match text.get(open..open + 1)? {
        "(" => (text.get(..open)?, open + 1..text.get(..end)?.strip_suffix(')')?.len()),
        _ => {
            let before = text.get(..open)?.trim_end();
            let (before, start) = before.strip_suffix('[').map_or((before, open), |list| (list, list.len()));
            (before.trim_end().strip_suffix('=')?, start..end)
        }
    };
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    Some((name.trim(), inner)).filter(|(name, _)| is_name(name))
}

/// Parses numbers, or `key=value` pairs; a value may be a word if `has_words`.
fn items(
    text: &str,
    part: Range<usize>,
    has_words: bool,
    place: &impl Fn(Range<usize>) -> Place,
) -> Result<Form, Box<Diagnostic>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut items = Vec::new();
    for range in parts(text, part) {
        let part = text.get(range.clone()).unwrap_or_default();
        match part.split_once('=') {
            None => items.push(number(part, range.start, place)?),
            Some((key, value)) => {
                if has_words && entries.iter().any(|entry| entry.key == key.trim()) {
                    return Err(mistake(format!("the key `{}` is given twice", key.trim()), place(range)));
                }
                let start = range.start + key.len() + 1;
                let word = value.trim();
                let value = if has_words && !word.is_empty() && word.chars().all(char::is_alphabetic) {
                    Value::new(place(start..range.end), Form::Text(word.to_owned()))
                } else {
                    number(value, start, place)?
                };
                insert(&mut entries, key, value, place(range))?;
            }
        }
    }
    match (entries.is_empty(), items.first()) {
        (true, _) => Ok(Form::List(items)),
        (false, None) => Ok(Form::Table(entries)),
        (false, Some(item)) => Err(mistake("this probability has no symbol, but others have one".into(), item.place)),
    }
}

/// Splits the text at commas outside brackets.
fn parts(text: &str, whole: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (whole.start, 0);
    for (index, c) in text.get(whole.clone()).unwrap_or_default().char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            ',' if depth <= 0 => {
                parts.push(start..whole.start + index);
                start = whole.start + index + 1;
            }
            _ => {}
        }
    }
    parts.push(start..whole.end);
    parts
}

fn mistake(title: String, place: Place) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(title).at(place))
}

/// Parses a number or a fraction without quotes, or a list of these.
fn number(text: &str, start: usize, place: &impl Fn(Range<usize>) -> Place) -> Result<Value, Box<Diagnostic>> {
    let written = text.trim();
    let start = start + text.len() - text.trim_start().len();
    let here = place(start..start + written.len());
    if let Some(inner) = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let items = parts(inner, 0..inner.len())
            .into_iter()
            .map(|range| number(inner.get(range.clone()).unwrap_or_default(), start + 1 + range.start, place));
        return Ok(Value::new(here, Form::List(items.collect::<Result<_, _>>()?)));
    }
    let unquoted = written.trim_matches(['"', '\'']);
    if unquoted.contains('/') {
        return Ok(Value::new(here, Form::Text(unquoted.to_owned())));
    }
    // TOML needs a digit before the point; people type `.5`.
    let (sign, size) = written.split_at(usize::from(written.starts_with(['-', '+'])));
    let typed = if size.starts_with('.') { format!("{sign}0{size}") } else { written.to_owned() };
    match DeValue::parse(&typed) {
        Ok(value) => Ok(Value::of_toml(&value, &|_| here)),
        Err(_) if written.is_empty() => Err(mistake("a number is missing".into(), here)),
        Err(_) => Err(mistake(format!("{written} is not a number"), here)),
    }
}

/// Adds `key = value`; the key may be dotted.
fn insert(entries: &mut Vec<Entry>, key: &str, value: Value, place: Place) -> Result<(), Box<Diagnostic>> {
    let no_key = || mistake(format!("`{}` is not a key", key.trim()), place);
    let line = format!("{} = 0", quoted(key.trim()));
    let table = DeTable::parse(&line).map_err(|_| no_key())?;
    let mut path = Vec::new();
    let mut level = table.get_ref();
    while let Some((key, value)) = level.iter().next() {
        path.push(key.get_ref().to_string());
        match value.get_ref() {
            DeValue::Table(inner) => level = inner,
            _ => break,
        }
    }
    let (last, tables) = path.split_last().ok_or_else(no_key)?;
    let mut entries = entries;
    for name in tables {
        let found = entries.iter().position(|entry| entry.key == *name).unwrap_or_else(|| {
            let value = Value::new(place, Form::Table(Vec::new()));
            entries.push(Entry { key: name.clone(), key_place: place, value });
            entries.len() - 1
        });
        match &mut entries[found].value.form {
            Form::Table(inner) => entries = inner,
            _ => return Err(no_key()),
        }
    }
    let is_family_key = entries.iter().any(|entry| entry.key == *last) && !tables.is_empty();
    if is_family_key {
        return Err(mistake(format!("the key `{}` is given twice", key.trim()), place));
    }
    entries.push(Entry { key: last.clone(), key_place: place, value });
    Ok(())
}

/// Puts a symbol into quotes if TOML requires them, so that `ä=0.5` means `"ä"=0.5`.
fn quoted(key: &str) -> String {
    let bare = key.chars().all(|c| c.is_ascii_alphanumeric() || "._-\"'".contains(c));
    if bare { key.to_owned() } else { quoted_key(key) }
}

/// Expands the short form `H=0.4,T=0.6` to `categorical = { H = 0.4, T = 0.6 }`: keys that are not families are symbols.
fn named(value: Value) -> Value {
    let is_family = |entry: &Entry| FamilyEntry::named(&entry.key).is_some();
    let is_symbols = match &value.form {
        Form::List(_) => true,
        Form::Table(entries) => entries.len() > 1 && !entries.iter().any(is_family),
        _ => false,
    };
    if !is_symbols {
        return value;
    }
    let place = value.place;
    Value::new(place, Form::Table(vec![family("categorical", value)]))
}

fn family(name: &str, value: Value) -> Entry {
    Entry { key: name.to_owned(), key_place: value.place, value }
}
