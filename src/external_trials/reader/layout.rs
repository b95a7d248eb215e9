//! Where everything is in the rows of a file.

use crate::external_trials::header::{Header, Places, wide_word};
use crate::external_trials::{ColumnNames, CsvFormat, ExternalTrials, NUMBERS, Pairing, TrialsError, Truth};
use kl_math::numeric::DoubleDouble;
use std::collections::HashMap;

/// The columns that distinguish groups unless others are named.
const DEFAULT_KEYS: [&str; 2] = ["condition", "estimator"];

/// The column that estimands of results are found by.
const CONDITION: &str = "condition";

/// Where the estimand of a row is.
pub(super) enum RowTruth<'a> {
    None,
    /// In a cell of the row.
    Cell,
    /// By the text in the cell at this place.
    Of(usize, &'a HashMap<String, Option<DoubleDouble>>),
}

/// What the columns of a file are for.
pub(super) struct Layout<'a> {
    pub(super) header: Header<'a>,
    pub(super) format: &'a CsvFormat,
    /// Where the numbers of each estimator are.
    pub(super) sets: Vec<Places>,
    pub(super) truth: RowTruth<'a>,
    /// The column that names the trials, if rows are paired by it.
    pub(super) trial: Option<usize>,
    /// The column that may name the trials, if rows are paired by position.
    pub(super) candidate: Option<usize>,
    pub(super) keys: Vec<usize>,
    /// Whether rows are paired.
    pub(super) paired: bool,
}

impl<'a> Layout<'a> {
    /// Finds the columns; the trials that come with it are still none.
    pub(super) fn new(header: Header<'a>, columns: &'a ColumnNames) -> Result<(Self, ExternalTrials), TrialsError> {
        let mut by = match &columns.by {
            Some(by) => by.clone(),
            None => DEFAULT_KEYS
                .into_iter()
                .filter(|key| header.names.iter().any(|n| n == key))
                .map(str::to_owned)
                .collect(),
        };
        let wide_word = wide_word(columns);
        if let Some(word) = wide_word {
            by.retain(|column| column != word);
        }
        let keys = by.iter().map(|column| header.place(column, "--by")).collect::<Result<Vec<_>, _>>()?;
        let truth_column = match &columns.truth {
            Truth::Column(column) => Some(column.as_str()),
            Truth::None | Truth::OfConditions(_) => None,
        };
        let mut notes = Vec::new();
        let (trial, candidates) = header.trial(columns, &keys)?;
        let mut used: Vec<&str> = by.iter().map(String::as_str).chain(truth_column).collect();
        used.extend(trial.and_then(|place| header.names.get(place)).map(String::as_str));
        let mut sets = header.number_places(columns, truth_column, &used, &mut notes)?;
        let truth = match &columns.truth {
            Truth::None => RowTruth::None,
            Truth::Column(_) if wide_word.is_some() => RowTruth::Cell,
            Truth::Column(column) => {
                header.place(column, "--truth-column")?;
                RowTruth::Cell
            }
            Truth::OfConditions(truths) => RowTruth::Of(header.place(CONDITION, "--truth-column")?, truths),
        };
        if let (None, Some(column)) = (wide_word, truth_column) {
            let place = header.place(column, "--truth-column")?;
            sets.iter_mut().for_each(|places| places.truth = Some(place));
        }
        by.extend(wide_word.map(str::to_owned));
        // What is in one row of a wide file belongs together.
        let is_named = trial.is_some() || wide_word.is_some();
        let candidate = candidates.first().and_then(|name| header.names.iter().position(|other| other == name));
        let pairing = if is_named { Pairing::Named } else { Pairing::Position { candidates } };
        let mut has = [false; NUMBERS];
        for (has, number) in has.iter_mut().zip(0..) {
            *has = sets.iter().any(|places| places.numbers.get::<usize>(number).copied().flatten().is_some());
        }
        let [std_error, low, _, p_value, _] = has;
        let has_intervals = std_error || low || p_value;
        let trials = ExternalTrials { by, has_intervals, has, pairing, notes, ..ExternalTrials::default() };
        let layout = Self {
            header,
            format: &columns.format,
            sets,
            truth,
            trial: trial.filter(|_| columns.paired),
            candidate: candidate.filter(|_| columns.paired && !is_named),
            keys,
            paired: columns.paired,
        };
        Ok((layout, trials))
    }
}
