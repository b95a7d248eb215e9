//! P or Q from a column of a CSV file: `P.file = { path = "p.csv", column = "prob", kind = "counts" }`.

mod cells;
mod files;
mod kind;

pub(crate) use files::Files;

use super::diagnostics::{Diagnostic, Place, Report};
use super::key::fragment::{either, table, text, whole, with, words_with_default};
use super::key::{Key, names};
use super::value::rules::{choice, wrong};
use super::value::{Entry, Form, Value};
use super::words::{listed, nearest};
use crate::outside::{Unfit, printable};
use cells::{CellReader, MOST_MISTAKES};
use kind::Kind;
use kl_math::distribution::{Distribution, Fault, Number, Parameter};
use kl_math::numeric::ask_for;
use serde_json::Value as Json;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

/// The key that stands in the place of a family.
pub(crate) const KEY: &str = "file";

/// The keys below it.
pub(crate) const KEYS: [Key; 4] = [
    Key::new("path", "The CSV file, relative to the folder of this file.", path_schema),
    Key::new("column", "The column of the numbers: its name, or its number from 1.", column_schema),
    Key::new("kind", "What the numbers are.", || words_with_default(&Kind::ALL.map(Kind::name))),
    Key::new("symbols", "The column of the names of the symbols: its name, or its number from 1.", column_schema),
];

/// The largest number of a column.
const MOST_COLUMNS: u32 = 1_000_000;

fn path_schema() -> Json {
    with(text(), "minLength", 1.into())
}

fn column_schema() -> Json {
    either(text(), whole(1, MOST_COLUMNS.into()))
}

/// The schema of what is written below the key `file`.
pub(crate) fn schema() -> Json {
    either(path_schema(), table(&KEYS))
}

const EXAMPLE: &str = "write for example: P.file = { path = \"p.csv\", column = \"prob\" }";

/// What is below the key `file`, if that is all there is.
pub(crate) fn written(value: &Value) -> Option<&Value> {
    match value.entries() {
        [entry] if entry.key == KEY => Some(&entry.value),
        _ => None,
    }
}

/// Reads a distribution from the file that `value` names; every mistake of the file is reported with its line.
pub(crate) fn read(value: &Value, files: &Files, report: &mut Report) -> Option<(Arc<Distribution>, Place)> {
    let column_file = ColumnFile::read(value, report)?;
    let found = column_file.distribution(files, report)?;
    Some((Arc::new(found), value.place))
}

/// A column: by its name, or by its number from 1.
#[derive(Clone, Debug, PartialEq)]
enum Column {
    Name(String),
    Number(usize),
}

impl Column {
    fn read(value: &Value, key: &str, report: &mut Report) -> Option<Self> {
        match &value.form {
            Form::Text(name) => Some(Self::Name(name.clone())),
            Form::Number(numeral)
                if numeral.value >= 1.0 && numeral.value <= MOST_COLUMNS.into() && numeral.value.fract() == 0.0 =>
            {
                Some(Self::Number(numeral.value as usize))
            }
            _ => {
                let help = format!("write {key} = \"name\", or {key} = 1 for the first column");
                report.push(wrong(value, key, "the name of a column, or its number from 1").help(help));
                None
            }
        }
    }
}

/// What is written below the key `file`.
struct ColumnFile<'a> {
    path: &'a str,
    place: Place,
    column: Option<(Column, Place)>,
    symbols: Option<(Column, Place)>,
    kind: Kind,
}

impl<'a> ColumnFile<'a> {
    fn read(value: &'a Value, report: &mut Report) -> Option<Self> {
        let before = report.len();
        let mut found = Self { path: "", place: value.place, column: None, symbols: None, kind: Kind::default() };
        match &value.form {
            Form::Text(path) => found.path = path,
            Form::Table(entries) => entries.iter().for_each(|entry| found.read_key(entry, report)),
            _ => report.push(wrong(value, KEY, "a path, or a table with a path").help(EXAMPLE)),
        }
        if found.path.is_empty() && report.len() == before {
            report
                .push(Diagnostic::new("the path of the file is missing").at(value.place).help(EXAMPLE).missing_part());
        }
        (report.len() == before).then_some(found)
    }

    fn read_key(&mut self, entry: &'a Entry, report: &mut Report) {
        let Entry { key, key_place, value } = entry;
        match key.as_str() {
            "path" => match &value.form {
                Form::Text(path) if !path.is_empty() => (self.path, self.place) = (path, value.place),
                _ => report.push(wrong(value, "path", "the path of a CSV file").help(EXAMPLE)),
            },
            "column" => self.column = Column::read(value, key, report).map(|column| (column, value.place)),
            "symbols" => self.symbols = Column::read(value, key, report).map(|column| (column, value.place)),
            "kind" => {
                let found = choice(value, "kind", &Kind::ALL.map(Kind::name), report);
                self.kind = found.and_then(|place| Kind::ALL.get(place).copied()).unwrap_or_default();
            }
            _ => {
                let keys = names(&KEYS);
                let help = match nearest(key, &keys) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("its keys are {}", listed(&keys)),
                };
                report.push(Diagnostic::new(format!("`{KEY}` has no key `{key}`")).at(*key_place).help(help));
            }
        }
    }

    fn distribution(&self, files: &Files, report: &mut Report) -> Option<Distribution> {
        let contents = match files.read(self.path) {
            Ok(contents) => contents,
            Err(error) => {
                report.push(self.unreadable(&error, &files.folder).at(self.place));
                return None;
            }
        };
        /// The bytes of memory needed for a byte of the file.
        const GROWTH: u64 = 12;
        if let Err(error) = ask_for(GROWTH * contents.bytes.len() as u64) {
            let help = "allow the program more memory, or give it a smaller alphabet";
            report.push(Diagnostic::new(format!("to read {} {error}", self.path)).at(self.place).help(help));
            return None;
        }
        let (symbols, numbers) = self.cells(&contents.bytes, report)?;
        let refusal = |title: &str| Diagnostic::new(format!("{}: {title}", self.path)).at(self.place);
        let probabilities = match self.kind.probabilities(numbers) {
            Ok(probabilities) => probabilities.into_iter().map(Parameter::Number),
            Err(reason) => {
                report.push(refusal(&reason));
                return None;
            }
        };
        let parameter = match symbols {
            Some(symbols) => Parameter::Table(symbols.into_iter().zip(probabilities).collect()),
            None => Parameter::List(probabilities.collect()),
        };
        match Distribution::read(&Parameter::Table(vec![("categorical".to_owned(), parameter)])) {
            Ok(distribution) => Some(distribution),
            Err(errors) => {
                for error in errors {
                    let diagnostic = refusal(&error.fault.to_string());
                    report.push(match error.fault {
                        Fault::WeightSum { .. } => diagnostic
                            .help("kind = \"weights\" divides them by their sum, kind = \"counts\" whole numbers"),
                        _ => diagnostic,
                    });
                }
                None
            }
        }
    }

    /// The symbols, if they have a column, and the numbers.
    fn cells(&self, bytes: &[u8], report: &mut Report) -> Option<(Option<Vec<String>>, Vec<Number>)> {
        let before = report.len();
        let mut reader = CellReader { file: self, mistakes: 0, report };
        let found = reader.cells(bytes);
        let more = reader.mistakes.saturating_sub(MOST_MISTAKES);
        if more > 0 {
            let title = format!("{}: {more} more lines are wrong", self.path);
            report.push(Diagnostic::new(title).at(self.place));
        }
        found.filter(|_| report.len() == before)
    }

    fn unreadable(&self, error: &io::Error, folder: &Path) -> Diagnostic {
        let path = printable(self.path);
        let unfit = error.get_ref().and_then(|unfit| unfit.downcast_ref::<Unfit>());
        match (error.kind(), unfit) {
            (ErrorKind::NotFound, _) => {
                let help = match folder.to_str() {
                    Some(folder) if !folder.is_empty() => {
                        format!("paths are relative to the folder of the experiment file, {}", printable(folder))
                    }
                    _ => "paths are relative to the folder that the program was started in".to_owned(),
                };
                Diagnostic::new(format!("there is no file {path}")).help(help)
            }
            (ErrorKind::PermissionDenied, _) => {
                Diagnostic::new(format!("no permission to read {path}")).help("give yourself permission to read it")
            }
            (_, Some(unfit)) => Diagnostic::new(format!("cannot read {path}: {unfit}")).help("name a CSV file"),
            _ => Diagnostic::new(format!("cannot read {path}: {error}")).help("check that it is a regular file"),
        }
    }
}
