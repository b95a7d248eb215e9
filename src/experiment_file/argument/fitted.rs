//! What `runner fit` fits: P, the family, and the symbols that share a probability.

use super::super::column_file::Files;
use super::super::diagnostics::{Diagnostic, Diagnostics, Place, Report};
use super::super::value::{Form, Value};
use super::super::words::nearest;
use super::{Argument, toml_value};
use kl_math::distribution::{Distribution, Space};
use std::collections::HashMap;
use std::sync::Arc;

/// A family that is fitted to P.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FittedFamily {
    /// The normal distributions.
    Normal,
    /// The categorical distributions with tied symbols.
    Categorical,
}

/// P, and what is fitted to it.
#[derive(Clone, Debug)]
pub enum FitTask {
    /// A normal distribution, to a law of real numbers.
    Normal(Arc<Distribution>),
    /// A categorical distribution with tied symbols, each tie by the places of its symbols from 0.
    Tied(Arc<Distribution>, Vec<Vec<usize>>),
}

/// Reads P, and the ties between its symbols, such as `A,B` or `["A", "B"]`; reports all mistakes in them.
///
/// ```
/// use kl_runner::experiment_file::{Argument, FitTask, read_fit};
/// let tie = Argument { name: "--tie", text: "b, c" };
/// let task = read_fit(Argument { name: "--p", text: "a=0.5,b=0.3,c=0.2" }, None, &[tie])?;
/// assert!(matches!(task, FitTask::Tied(_, ties) if ties == [[1, 2]]));
/// # Ok::<(), kl_runner::experiment_file::Diagnostics>(())
/// ```
pub fn read_fit(p: Argument<'_>, family: Option<FittedFamily>, ties: &[Argument<'_>]) -> Result<FitTask, Diagnostics> {
    let mut report = Report::default();
    let task = p.read(0, &Files::default(), &mut report).and_then(|(law, place)| {
        let family = family.unwrap_or(if law.is_finite() { FittedFamily::Categorical } else { FittedFamily::Normal });
        match family {
            FittedFamily::Normal => normal(law, place, ties, &mut report),
            FittedFamily::Categorical => tied(law, place, ties, &mut report),
        }
    });
    let sources = std::iter::once(&p).chain(ties).map(|argument| argument.source("<command line>"));
    task.ok_or_else(|| report.into_diagnostics(sources.collect()))
}

fn normal(law: Arc<Distribution>, place: Place, ties: &[Argument<'_>], report: &mut Report) -> Option<FitTask> {
    let is_real = law.values().is_some_and(|values| values.space() == Space::Line);
    if !is_real {
        let title = format!("a normal distribution is fitted to real numbers, and P takes {}", taken(&law));
        report.push(Diagnostic::new(title).at(place).help(other_families(&law)));
        return None;
    }
    if let Some(tie) = ties.first() {
        let end = tie.name.len() + 1 + tie.text.len();
        let here = Place { text: 1, start: tie.name.len() + 1, end };
        let title = "only symbols can be tied, and P takes real numbers";
        report.push(Diagnostic::new(title).at(here).context(place, "P is here").help("leave out --tie"));
        return None;
    }
    Some(FitTask::Normal(law))
}

/// What a distribution takes, in words.
fn taken(law: &Distribution) -> String {
    match law.values() {
        Some(values) => values.space().to_string(),
        None if law.chain().is_some() => "sequences of states, of which each depends on the one before".to_owned(),
        None => "symbols".to_owned(),
    }
}

fn other_families(law: &Distribution) -> &'static str {
    if law.is_finite() {
        "tie symbols instead: --tie A,B"
    } else {
        "counts, vectors, shares and chains have no fit: give a law of real numbers, such as --p 'laplace(location=0, scale=1)', or \
         symbols and --tie A,B"
    }
}

fn tied(law: Arc<Distribution>, place: Place, ties: &[Argument<'_>], report: &mut Report) -> Option<FitTask> {
    if !law.is_finite() {
        let title = format!("a categorical distribution is fitted to symbols, and P takes {}", taken(&law));
        let is_real = law.values().is_some_and(|values| values.space() == Space::Line);
        let help = if is_real { "write --family normal" } else { other_families(&law) };
        report.push(Diagnostic::new(title).at(place).help(help));
        return None;
    }
    let symbols = law.mass_function().alphabet().symbols();
    if ties.is_empty() {
        let title = "without ties the nearest categorical distribution is P itself";
        let names: Vec<&str> = symbols.iter().rev().take(2).rev().map(String::as_str).collect();
        let help = format!("name symbols that are to share one probability: --tie '{}'", names.join(","));
        report.push(Diagnostic::new(title).at(place).help(help));
        return None;
    }
    let known: Vec<&str> = symbols.iter().map(String::as_str).collect();
    let places: HashMap<&str, usize> = symbols.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let mut taken: HashMap<usize, Place> = HashMap::new();
    let mut is_right = true;
    let mut found = Vec::new();
    for (number, tie) in ties.iter().enumerate() {
        let mut mistake = |diagnostic: Diagnostic| {
            is_right = false;
            report.push(diagnostic);
        };
        let names = match names(tie, number + 1) {
            Ok(names) => names,
            Err(diagnostic) => {
                mistake(*diagnostic);
                continue;
            }
        };
        if names.len() < 2 {
            let here = names.first().map_or(Place { text: number + 1, start: 0, end: tie.name.len() }, |name| name.1);
            let title = "a tie is of two symbols or more";
            mistake(Diagnostic::new(title).at(here).help("write for example --tie A,B, or leave it out"));
        }
        let mut members = Vec::new();
        for (name, here) in names {
            match places.get(name.as_str()) {
                None => mistake(Diagnostic::new(format!("P has no symbol {name:?}")).at(here).help(
                    match nearest(&name, &known) {
                        Some(near) => format!("did you mean {near:?}?"),
                        None => format!("its symbols are {}", first_of(symbols)),
                    },
                )),
                Some(&at) => match taken.insert(at, here) {
                    Some(first) => mistake(
                        Diagnostic::new(format!("the symbol {name:?} is tied twice"))
                            .at(here)
                            .context(first, "first here")
                            .help("put all symbols that share one probability into one --tie"),
                    ),
                    None => members.push(at),
                },
            }
        }
        found.push(members);
    }
    is_right.then_some(FitTask::Tied(law, found))
}

fn first_of(symbols: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown = symbols.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if symbols.len() > SHOWN { format!("{shown}, …") } else { shown }
}

/// The names in a tie, each with its place.
fn names(tie: &Argument<'_>, text: usize) -> Result<Vec<(String, Place)>, Box<Diagnostic>> {
    let offset = tie.name.len() + 1;
    let place = |span: std::ops::Range<usize>| Place { text, start: offset + span.start, end: offset + span.end };
    if tie.text.trim_start().starts_with('[') {
        let Value { form: Form::List(items), .. } = toml_value(tie.text, 0, &place)? else { return Ok(Vec::new()) };
        let name = |item: Value| match item.form {
            Form::Text(name) => Ok((name, item.place)),
            _ => Err(Box::new(
                Diagnostic::new("a symbol in a list is a text in quotes")
                    .at(item.place)
                    .help("write for example --tie '[\"A\", \"B\"]'"),
            )),
        };
        return items.into_iter().map(name).collect();
    }
    let mut start = 0;
    let mut names = Vec::new();
    for part in tie.text.split(',') {
        let name = part.trim();
        let begin = start + part.len() - part.trim_start().len();
        if !name.is_empty() {
            names.push((name.to_owned(), place(begin..begin + name.len())));
        }
        start += part.len() + 1;
    }
    Ok(names)
}
