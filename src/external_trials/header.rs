//! The first line of a file, which names its columns, and what each is used for.

use super::{ColumnNames, NUMBERS, Number, TrialColumn, TrialsError};
use csv::ByteRecord;

/// The column of standard errors unless another is named.
const DEFAULT_STD_ERROR: &str = "se";

/// The column that names trials unless another is named.
const TRIAL: &str = "trial";

/// Names of columns that are likely to name the trials, in small letters.
const LIKELY_TRIALS: [&str; 22] = [
    "rep",
    "repno",
    "rep_no",
    "rep_id",
    "repid",
    "idrep",
    "repl",
    "replicate",
    "replication",
    "repetition",
    "iter",
    "iteration",
    "sim",
    "simno",
    "sim_id",
    "simulation",
    "run",
    "dataset",
    "data_set",
    "i",
    "id",
    "seed",
];

/// The names of the columns.
pub(crate) struct Header<'a> {
    file: &'a str,
    pub(crate) names: Vec<String>,
}

impl<'a> Header<'a> {
    pub(crate) fn new(file: &'a str, row: &ByteRecord) -> Self {
        let names = row.iter().map(|cell| String::from_utf8_lossy(cell).into_owned());
        Self { file, names: names.collect() }
    }

    /// The place of a column that must be there; `flag` names another one.
    pub(crate) fn place(&self, column: &str, flag: &str) -> Result<usize, TrialsError> {
        if let Some(place) = self.find(column)? {
            return Ok(place);
        }
        let likeness = |name: &str| strsim::jaro_winkler(&name.to_lowercase(), &column.to_lowercase());
        let near = self.names.iter().map(|name| (likeness(name), name));
        let near = near.filter(|(likeness, _)| *likeness > 0.8).max_by(|a, b| a.0.total_cmp(&b.0));
        let help = match near {
            Some((_, name)) => format!("did you mean {flag} {name}?"),
            None => format!("name the column with {flag}"),
        };
        let (name, columns) = (self.file.to_owned(), self.names.clone());
        Err(TrialsError::NoColumn { name, column: column.to_owned(), columns, help })
    }

    pub(crate) fn find(&self, column: &str) -> Result<Option<usize>, TrialsError> {
        let mut places = self.names.iter().enumerate().filter(|(_, name)| *name == column).map(|(place, _)| place);
        let first = places.next();
        if places.next().is_some() {
            return Err(TrialsError::TwoColumns { name: self.file.to_owned(), column: column.to_owned() });
        }
        Ok(first)
    }
}

/// The places of the numbers of one estimator in a row: a wide row has several.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// What the braces of a wide file stand for.
    pub(super) label: Option<String>,
    pub(super) estimate: usize,
    pub(super) numbers: [Option<usize>; NUMBERS],
    /// The column of estimands of a wide file.
    pub(super) truth: Option<usize>,
}

/// A name of a column with a word in braces: what is before them, the word, and what is after them.
fn braces(pattern: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = pattern.split_once('{')?;
    let (word, after) = rest.split_once('}')?;
    (!word.is_empty() && !after.contains(['{', '}'])).then_some((before, word, after))
}

/// The word in the braces of a wide file, if the name of the column of estimates has braces.
pub(super) fn wide_word(columns: &ColumnNames) -> Option<&str> {
    braces(&columns.estimate).map(|(_, word, _)| word)
}

impl Header<'_> {
    /// The places of the columns of numbers: one set, or in a wide file one for each estimator. `used` are columns for other things.
    pub(super) fn number_places(
        &self,
        columns: &ColumnNames,
        truth: Option<&str>,
        used: &[&str],
        notes: &mut Vec<String>,
    ) -> Result<Vec<Places>, TrialsError> {
        let mut named: [Option<(&str, &str)>; NUMBERS] = [None; NUMBERS];
        let [low, high] = columns.limits.as_ref().map_or([None, None], |[low, high]| [Some(low), Some(high)]);
        let of = [
            (Number::StdError, columns.std_error.as_ref(), "--se-column"),
            (Number::Low, low, "--low-column"),
            (Number::High, high, "--high-column"),
            (Number::P, columns.p_value.as_ref(), "--p-column"),
            (Number::Degrees, columns.degrees.as_ref(), "--df-column"),
        ];
        for (number, column, flag) in of {
            if let (Some(named), Some(column)) = (named.get_mut(number as usize), column) {
                *named = Some((column.as_str(), flag));
            }
        }
        let has_default = braces(&columns.estimate).is_none()
            && (self.find(DEFAULT_STD_ERROR)?.is_some() || columns.degrees.is_some());
        if let Some(std_error) = named.get_mut(Number::StdError as usize)
            && has_default
        {
            std_error.get_or_insert((DEFAULT_STD_ERROR, "--se-column"));
        }
        let Some((before, word, after)) = braces(&columns.estimate) else {
            let mut places =
                Places { estimate: self.place(&columns.estimate, "--estimate-column")?, ..Places::default() };
            for (place, named) in places.numbers.iter_mut().zip(named) {
                *place = named.map(|(column, flag)| self.place(column, flag)).transpose()?;
            }
            return Ok(vec![places]);
        };
        let wide = |name: &str| braces(name).is_some();
        let all = || named.iter().flatten().map(|(column, _)| *column).chain(truth);
        if let Some(other) =
            all().filter(|name| wide(name)).find(|name| braces(name).is_none_or(|(_, other, _)| other != word))
        {
            return Err(TrialsError::Pattern { pattern: other.to_owned() });
        }
        let (mut found, mut lonely) = (Vec::new(), Vec::new());
        for (estimate, name) in self.names.iter().enumerate().filter(|(_, name)| !used.contains(&name.as_str())) {
            let Some(label) = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)) else { continue };
            let filled = |column: &str| match braces(column) {
                Some((before, _, after)) => self.find(&format!("{before}{label}{after}")),
                None => self.find(column),
            };
            let mut places = Places { label: Some(label.to_owned()), estimate, ..Places::default() };
            let mut is_whole = !label.is_empty();
            for (place, named) in places.numbers.iter_mut().zip(named) {
                *place = named.map(|(column, _)| filled(column)).transpose()?.flatten();
                is_whole &= place.is_some() == named.is_some();
            }
            places.truth = truth.map(filled).transpose()?.flatten();
            is_whole &= places.truth.is_some() == truth.is_some();
            if is_whole { found.push(places) } else { lonely.push(name.clone()) }
        }
        if found.is_empty() {
            let patterns: Vec<&str> = std::iter::once(columns.estimate.as_str()).chain(all()).collect();
            let (name, columns) = (self.file.to_owned(), self.names.clone());
            return Err(TrialsError::NoWide { name, patterns: format!("{:?}", patterns.join(", ")), columns });
        }
        // A pattern that is nothing but braces matches the columns of standard errors, too.
        let has_text = !before.is_empty() || !after.is_empty();
        if has_text && !lonely.is_empty() {
            let lonely: Vec<String> = lonely.iter().map(|name| format!("{name:?}")).collect();
            notes.push(format!("left out, since not all columns of the pattern are there: {}", lonely.join(", ")));
        }
        Ok(found)
    }

    /// The place of the column that names the trials, and otherwise the columns that may do so.
    pub(super) fn trial(
        &self,
        columns: &ColumnNames,
        used: &[usize],
    ) -> Result<(Option<usize>, Vec<String>), TrialsError> {
        if let TrialColumn::Named(column) = &columns.trial {
            return Ok((Some(self.place(column, "--trial-column")?), Vec::new()));
        }
        if let Some(place) = self.find(TRIAL)? {
            return Ok((Some(place), Vec::new()));
        }
        let is_likely =
            |name: &str| LIKELY_TRIALS.iter().any(|likely| likely.eq_ignore_ascii_case(name.trim_start_matches('.')));
        let free = self.names.iter().enumerate().filter(|(place, name)| !used.contains(place) && is_likely(name));
        Ok((None, free.map(|(_, name)| name.clone()).collect()))
    }
}
