//! What `runner estimate` is given: counts, or files of values.

use super::Arguments;
use super::counts::Counts;
use super::values::Values;
use crate::command::error::Error;
use crate::experiment_file::{Argument, read_one, read_pair};
use crate::given_samples::{CountList, SampleColumns, SampleError, SampleTable, Texts};
use crate::outside::{WithinLines, open_input};
use crate::record::Label;
use kl_math::distribution::{Distribution, Pair};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

/// The data, read.
pub(super) enum Inputs {
    Counts(Counts),
    Values(Values),
}

/// P and Q, as far as they are known.
pub(super) struct Known {
    pub(super) q: Option<Arc<Distribution>>,
    pub(super) pair: Option<Pair>,
}

impl Known {
    fn read(arguments: &Arguments) -> Result<Self, Error> {
        let specs = |mistakes| Error::Specs(vec![mistakes]);
        let q = arguments.data.q.as_ref().map(|text| Argument { name: "--q", text });
        match (&arguments.data.p, q) {
            (Some(p), Some(q)) => {
                let pair = read_pair(Argument { name: "--p", text: p }, q).map_err(specs)?;
                Ok(Self { q: Some(Arc::clone(pair.model())), pair: Some(pair) })
            }
            (_, Some(q)) => Ok(Self { q: Some(read_one(q).map_err(specs)?), pair: None }),
            (_, None) => Ok(Self { q: None, pair: None }),
        }
    }
}

impl Inputs {
    pub(super) fn new(arguments: &Arguments) -> Result<Self, Error> {
        let known = Known::read(arguments)?;
        if let Some(q) = known.q.as_ref().filter(|q| q.chain().is_some()) {
            return Err(usage(
                format!("{} has a memory, and the values of a sample are taken for independent", short(q)),
                "for sequences see `runner score`",
            ));
        }
        if let Some(source) = &arguments.data.p_counts {
            return Self::counts(arguments, source, known);
        }
        let tables = read_tables(arguments, &known)?;
        Ok(Self::Values(Values { tables, known }))
    }

    fn counts(arguments: &Arguments, source: &str, known: Known) -> Result<Self, Error> {
        let mut mistakes = Vec::new();
        let mut list = |flag, text: &str| match CountList::read(flag, text) {
            Ok(list) => Some(list),
            Err(found) => {
                mistakes.extend(found);
                None
            }
        };
        let source = list("--p-counts", source);
        let model = arguments.data.q_counts.as_ref().map(|text| list("--q-counts", text));
        match (source, model) {
            (Some(source), None) if known.q.is_some() => Ok(Self::Counts(Counts::of_lists(source, None, known))),
            (Some(source), Some(Some(model))) => Ok(Self::Counts(Counts::of_lists(source, Some(model), known))),
            (Some(_), None) => Err(usage(
                "there are counts of P and nothing of Q".to_owned(),
                "add --q, such as --q 0.2,0.5,0.3, or --q-counts, such as --q-counts 10,25,15",
            )),
            _ => Err(Error::Samples(mistakes)),
        }
    }
}

/// A distribution by name, a long list of symbols cut.
pub(super) fn short(law: &Distribution) -> String {
    Label::new(&law.to_string()).shown().to_owned()
}

pub(super) fn usage(what: String, help: impl Into<String>) -> Error {
    Error::Samples(vec![SampleError::Usage { what, help: help.into() }])
}

/// The sample from P, and the one from Q if Q is not known. The mistakes of both files are reported.
fn read_tables(arguments: &Arguments, known: &Known) -> Result<Vec<SampleTable>, Error> {
    let (files, group) = (&arguments.files, arguments.data.group_column.as_deref());
    let needed = match (files.len(), known.q.is_some(), group.is_some()) {
        (0, ..) => Some(("no data are named", "name a file, or counts, such as --p-counts 12,30,8 --q 0.2,0.5,0.3")),
        (1, false, false) => Some((
            "there is a sample from P and nothing of Q",
            "name a second file, or --group-column, or Q itself, as in --q 'normal(mean=0, std_dev=1)'",
        )),
        (2, true, _) => Some(("Q is a file and --q, too", "leave out the second file or --q")),
        (2, _, true) => Some(("--group-column is for one file, and there are two", "leave out one of them")),
        _ => None,
    };
    if let Some((what, help)) = needed {
        return Err(usage(what.to_owned(), help));
    }
    let format = arguments.data.format();
    let named = &arguments.data.column;
    if let Some((_, twice)) =
        named.iter().enumerate().find(|(place, name)| named.iter().take(*place).any(|one| one == *name))
    {
        return Err(usage(format!("--column names {twice:?} twice"), "name each column once"));
    }
    let columns = SampleColumns::of_values(named, group, &format);
    let (mut tables, mut mistakes) = (Vec::new(), Vec::new());
    for path in files {
        match read_table(path, &columns)? {
            Ok(table) => tables.push(table),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if !mistakes.is_empty() {
        return Err(Error::Samples(mistakes));
    }
    match (group, tables.as_slice()) {
        (Some(column), [table]) => divided(arguments, column, table, known.q.is_some()),
        _ => Ok(tables),
    }
}

/// A file that cannot be opened is an error by itself.
pub(super) fn read_table(path: &Path, columns: &SampleColumns<'_>) -> Result<Result<SampleTable, SampleError>, Error> {
    let is_stdin = path.as_os_str() == "-";
    let name = if is_stdin { "<stdin>".to_owned() } else { path.to_string_lossy().into_owned() };
    let input: Box<dyn Read> = if is_stdin {
        Box::new(io::stdin())
    } else {
        Box::new(open_input(path).map_err(|source| Error::Input { name: name.clone(), source })?)
    };
    Ok(SampleTable::read(&name, WithinLines::new(input), columns))
}

/// The groups of a file as samples; of P alone if Q is known.
fn divided(arguments: &Arguments, column: &str, table: &SampleTable, knows_q: bool) -> Result<Vec<SampleTable>, Error> {
    let found = table.groups();
    let of = |mistake| Err(Error::Samples(vec![mistake]));
    let (name, column) = (table.file.clone(), column.to_owned());
    let (p, q) = (arguments.data.p_group.clone(), arguments.data.q_group.clone());
    if let Some(group) = p.iter().chain(&q).find(|group| !found.contains(group)) {
        return of(SampleError::NoGroup { name, column, group: group.clone(), found });
    }
    let sample = |group: &String| {
        let mut sample = table.of_group(group);
        sample.group = Some(format!("{column} {group}"));
        sample
    };
    if knows_q {
        return match (p, found.as_slice()) {
            (Some(p), _) => Ok(vec![sample(&p)]),
            (None, [only]) => Ok(vec![sample(only)]),
            _ => Err(usage(
                format!("{name}: Q is known, and the column {column:?} has {} groups", found.len()),
                "choose one with --p-group, or leave out --group-column",
            )),
        };
    }
    let other = |group: &String| match found.as_slice() {
        [first, second] => Some(if first == group { second.clone() } else { first.clone() }),
        _ => None,
    };
    let chosen = match (p, q) {
        (Some(p), Some(q)) => Some((p, q)),
        (Some(p), None) => other(&p).map(|q| (p, q)),
        (None, Some(q)) => other(&q).map(|p| (p, q)),
        (None, None) => match found.as_slice() {
            [first, second] => Some((first.clone(), second.clone())),
            _ => None,
        },
    };
    match chosen {
        Some((p, q)) => Ok(vec![sample(&p), sample(&q)]),
        None => of(SampleError::Groups { name, column, found }),
    }
}

/// The texts of samples as symbols.
pub(super) fn texts(tables: &[SampleTable], arguments: &Arguments) -> Vec<Texts> {
    Texts::of(&tables.iter().collect::<Vec<_>>(), &arguments.data.format())
}
