//! A setting of the command line, which replaces a value of the file.

use crate::experiment_file::diagnostics::{Diagnostic, Diagnostics, Place, Report, Source};
use crate::experiment_file::distribution::{has_components, with_numbers};
use crate::experiment_file::grid::{Axis, dotted, flattened};
use crate::experiment_file::value::{Entry, Form, Value, quoted_key};
use toml::de::{DeTable, DeValue};

/// A setting from the command line, which replaces a value of the file.
///
/// ```
/// use kl_runner::experiment_file::Override;
/// let trials = Override::flag("--trials", "trials", "1e6");
/// let q = Override::assignment("--set", "Q.bernoulli.p=0.7")?;
/// # Ok::<(), kl_runner::experiment_file::Diagnostics>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Where it was typed, for messages.
    origin: &'static str,
    /// The setting as typed, for messages; it ends in the value.
    display: String,
    path: Vec<String>,
    value: String,
}

impl Override {
    const COMMAND_LINE: &str = "<command line>";

    /// Makes a setting of a flag for one top-level key, such as `--trials 1e6`.
    pub fn flag(flag: &str, key: &str, value: &str) -> Self {
        Self {
            origin: Self::COMMAND_LINE,
            display: format!("{flag} {value}"),
            path: vec![key.into()],
            value: value.into(),
        }
    }

    /// Reads `KEY=VALUE`, where the key may be dotted; a value that is not TOML is a string.
    pub fn assignment(flag: &str, text: &str) -> Result<Self, Diagnostics> {
        let refused = |title: String| {
            let help = format!("write {flag} KEY=VALUE, such as {flag} Q.bernoulli.p=0.7");
            Diagnostics::from(Diagnostic::new(title).help(help))
        };
        let text = text.trim();
        let (key, value) =
            text.split_once('=').ok_or_else(|| refused(format!("{flag} {text} has no `=` between key and value")))?;
        let path = key_path(key).ok_or_else(|| refused(format!("{flag} {text}: `{key}` is not a key")))?;
        let display = format!("{flag} {text}");
        Ok(Self { origin: Self::COMMAND_LINE, display, path, value: value.trim_start().into() })
    }

    /// The same, typed elsewhere than on a command line.
    #[must_use]
    pub fn typed_in(self, origin: &'static str) -> Self {
        Self { origin, ..self }
    }

    /// The setting as typed.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The text that mistakes point into.
    pub(crate) fn source(&self) -> Source {
        Source { name: self.origin.into(), text: self.display.clone() }
    }

    /// Replaces or adds the value at the key path.
    pub(crate) fn apply(&self, entries: &mut Vec<Entry>, text: usize, report: &mut Report) {
        let offset = self.display.len() - self.value.len();
        let value_place = Place { text, start: offset, end: self.display.len() };
        let place = |span: std::ops::Range<usize>| Place { text, start: offset + span.start, end: offset + span.end };
        // TOML needs a digit before the point; people type `.7`.
        let typed = if self.value.starts_with('.') { format!("0{}", self.value) } else { self.value.clone() };
        let value = match DeValue::parse(&typed) {
            Ok(value) => Value::of_toml(&value, &place),
            Err(_) => Value::new(value_place, Form::Text(self.value.clone())),
        };
        let whole = Place { text, start: 0, end: self.display.len() };
        if let Some((first, rest)) = self.path.split_first()
            && let Err(title) = set(entries, first, rest, value, whole)
        {
            report.push(
                Diagnostic::new(title)
                    .at(whole)
                    .help(format!("replace the whole value: --set '{}=…'", quoted_key(first))),
            );
        }
    }
}

/// Reports settings without an effect, because the grid or the cases set the same key.
pub(crate) fn report_settings_without_effect(
    overrides: &[Override],
    grid: &[Axis],
    cases: Option<&Axis>,
    report: &mut Report,
) {
    for (index, setting) in overrides.iter().enumerate() {
        let same_key = |axis: &Axis| axis.paths.iter().find(|path| setting.path.starts_with(&path.keys)).cloned();
        if let Some(path) = grid.iter().find_map(same_key) {
            let place = Place { text: index + 1, start: 0, end: setting.display.len() };
            let title = format!("this setting has no effect: the grid varies `{}`", path.name);
            let help = format!("replace the values in the grid: --set 'grid.{}=[…]'", path.name);
            report.push(Diagnostic::new(title).at(place).context(path.place, "varied here").help(help));
        } else if let Some(path) = cases.and_then(same_key) {
            let place = Place { text: index + 1, start: 0, end: setting.display.len() };
            let title = format!("this setting has no effect: each case sets `{}`", path.name);
            let help = "edit the cases in the file";
            report.push(Diagnostic::new(title).at(place).context(path.place, "set here").help(help));
        }
    }
}

/// Sets `first.rest` in a table to `value`; makes missing tables.
fn set(entries: &mut Vec<Entry>, first: &str, rest: &[String], value: Value, whole: Place) -> Result<(), String> {
    // Below `grid`, a path may be quoted, dotted or nested: all forms are the same path.
    if first == "grid" && !rest.is_empty() {
        let grid = child(entries, first, whole)?;
        let name = dotted(rest);
        let mut flat = flattened(std::mem::take(grid));
        match flat.iter_mut().find(|(path, _)| dotted(path) == name) {
            Some((_, entry)) => entry.value = value,
            None => flat.push((rest.to_vec(), Entry { key: String::new(), key_place: whole, value })),
        }
        *grid = flat.into_iter().map(|(path, entry)| Entry { key: dotted(&path), ..entry }).collect();
        return Ok(());
    }
    match rest.split_first() {
        Some((next, rest)) => set(child(entries, first, whole)?, next, rest, value, whole),
        None => {
            match entries.iter_mut().find(|entry| entry.key == first) {
                Some(entry) => entry.value = value,
                None => entries.push(Entry { key: first.into(), key_place: whole, value }),
            }
            Ok(())
        }
    }
}

/// Returns the table at a key; makes it if it is missing.
fn child<'a>(entries: &'a mut Vec<Entry>, key: &str, whole: Place) -> Result<&'a mut Vec<Entry>, String> {
    let found = entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
        let value = Value::new(whole, Form::Table(Vec::new()));
        entries.push(Entry { key: key.into(), key_place: whole, value });
        entries.len() - 1
    });
    let value = &mut entries[found].value;
    if has_components(key) {
        with_numbers(value);
    }
    let described = value.described();
    match &mut value.form {
        Form::Table(inner) => Ok(inner),
        _ => Err(format!("`{key}` is {described} in the file, so it has no keys")),
    }
}

/// The keys of a dotted key such as `Q.bernoulli.p` or `P.categorical."a b"`.
fn key_path(text: &str) -> Option<Vec<String>> {
    let line = format!("{} = 0", text.trim());
    let table = DeTable::parse(&line).ok()?;
    let mut table = table.get_ref();
    let mut path = Vec::new();
    loop {
        let (key, value) = table.iter().next().filter(|_| table.len() == 1)?;
        path.push(key.get_ref().to_string());
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            // If the value is not the last byte, the key contained one.
            _ => return (value.span() == (line.len() - 1..line.len())).then_some(path),
        }
    }
}
