//! External trials, from any CSV file of estimates, and the performance of their estimators.

mod big;
mod columns;
mod complete;
mod csv_format;
mod csv_rows;
mod error;
mod gate;
mod group_columns;
mod header;
mod pairs;
mod performance;
mod pictured;
mod reader;
mod spec;

pub use big::BigLimits;
pub use columns::{ColumnNames, TrialColumn, Truth};
pub use csv_format::CsvFormat;
pub(crate) use csv_format::NumberCell;
pub(crate) use csv_rows::Rows;
pub use error::{CellMistake, TrialsError};
pub use gate::{GATES, Gate, GateKind, GateResult, Side, judge_gates};
pub(crate) use header::Header;
pub use pairs::Pairing;
pub use performance::{GroupMeasure, GroupPerformance, Settings, measure_performance};
pub use pictured::{PicturedGroup, PicturedInterval, PicturedTrial, pictured_groups};
pub use spec::{NotFinite, SummarySpec, WrittenNumber};

use kl_math::numeric::DoubleDouble;
use std::collections::{BTreeMap, TryReserveError};
use std::io::Read;

/// The numbers of a file by group, in the order in which groups first occur.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExternalTrials {
    /// The columns that distinguish groups.
    pub by: Vec<String>,
    /// Whether there are intervals: from standard errors, or limits; or p-values.
    pub has_intervals: bool,
    /// Which columns of numbers there are.
    pub(super) has: [bool; NUMBERS],
    /// How rows of different groups are paired.
    pub pairing: Pairing,
    /// The number of cells of each column that stand for a missing number.
    pub missing_cells: BTreeMap<String, u64>,
    /// What else a reader should know.
    pub notes: Vec<String>,
    /// The groups.
    pub groups: Vec<Group>,
}

/// What numbers may stand beside an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    StdError,
    Low,
    High,
    P,
    Degrees,
}

/// How many they are.
pub(super) const NUMBERS: usize = 5;

/// The trials of one group whose estimate is finite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Its values of the columns that distinguish groups.
    pub keys: Vec<String>,
    /// Its estimand, if the file has one, and one for all rows.
    pub truth: Option<DoubleDouble>,
    /// The estimand of each estimate, if they differ; NaN where the cell is empty.
    pub truths: Vec<DoubleDouble>,
    /// The finite estimates.
    pub estimates: Vec<DoubleDouble>,
    /// The numbers beside them, if there is such a column; NaN where the cell is empty.
    pub(super) numbers: [Vec<DoubleDouble>; NUMBERS],
    /// The number that pairs each with a trial of another group: that of its name, or of its row within the group; empty unless
    /// rows are paired.
    pub trials: Vec<u64>,
    /// The number of the text that may be the name of the trial, if rows are paired by position.
    pub(super) candidates: Vec<u64>,
    /// The number of rows without an estimate.
    pub missing: u64,
    /// The number of rows with an infinite estimate.
    pub infinite: u64,
    /// The number of rows that were dropped because of their size.
    pub dropped: u64,
}

/// A row with a finite estimate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trial {
    pub(super) estimate: DoubleDouble,
    pub(super) numbers: [Option<DoubleDouble>; NUMBERS],
    pub(super) truth: Option<DoubleDouble>,
    pub(super) name: Option<u64>,
    pub(super) candidate: Option<u64>,
}

impl Group {
    /// The numbers of one kind; empty if there is no such column.
    pub(super) fn of(&self, number: Number) -> &[DoubleDouble] {
        self.numbers.get(number as usize).map_or(&[], Vec::as_slice)
    }

    /// Adds a trial, if there is memory for it: a file may have hundreds of millions.
    fn push(&mut self, trial: &Trial) -> Result<(), TryReserveError> {
        self.estimates.try_reserve(1)?;
        self.trials.try_reserve(1)?;
        self.candidates.try_reserve(1)?;
        for (numbers, number) in self.numbers.iter_mut().zip(trial.numbers) {
            numbers.try_reserve(1)?;
            numbers.extend(number);
        }
        self.truths.try_reserve(1)?;
        self.truths.extend(trial.truth);
        self.estimates.push(trial.estimate);
        self.trials.extend(trial.name);
        self.candidates.extend(trial.candidate);
        Ok(())
    }

    /// Keeps an estimand that all rows have, or some while the others have none, once.
    fn unite_truths(&mut self) {
        let is_known = |truth: &&DoubleDouble| !truth.to_f64().is_nan();
        let mut known = self.truths.iter().filter(is_known);
        let first = known.next().copied().or(self.truth);
        if known.all(|&truth| Some(truth) == first) {
            (self.truth, self.truths) = (first, Vec::new());
        } else {
            self.truth = None;
        }
    }
}

impl ExternalTrials {
    /// Reads a CSV file whose first line names its columns, and keeps the numbers that are needed.
    ///
    /// Messages call the file `name`. All mistakes in cells are found before any is reported.
    ///
    /// ```
    /// use kl_runner::external_trials::{ColumnNames, ExternalTrials};
    /// let text = "estimator,estimate\nmle,0.25\nmle,inf\nmle,NA\n";
    /// let trials = ExternalTrials::read("trials.csv", text.as_bytes(), &ColumnNames::default()).expect("a good file");
    /// let group = &trials.groups[0];
    /// assert_eq!((group.keys[0].as_str(), group.estimates.len(), group.infinite, group.missing), ("mle", 1, 1, 1));
    /// ```
    pub fn read(name: &str, input: impl Read, columns: &ColumnNames) -> Result<Self, TrialsError> {
        reader::read(name, input, columns)
    }

    /// Joins the trials of several files, each with its label, which `column` holds in front of the other keys.
    ///
    /// # Errors
    ///
    /// The files have different columns that distinguish groups.
    pub fn join(column: &str, files: impl IntoIterator<Item = (String, Self)>) -> Result<Self, TrialsError> {
        let mut first: Option<(String, Vec<String>)> = None;
        let mut joined = Self { pairing: Pairing::Named, ..Self::default() };
        for (label, mut trials) in files {
            let (first, by) = first.get_or_insert_with(|| (label.clone(), trials.by.clone()));
            if *by != trials.by {
                return Err(TrialsError::DifferentGroups {
                    first: first.clone(),
                    first_by: by.clone(),
                    other: label,
                    other_by: trials.by,
                });
            }
            trials.groups.iter_mut().for_each(|group| group.keys.insert(0, label.clone()));
            joined.has_intervals |= trials.has_intervals;
            joined.has.iter_mut().zip(trials.has).for_each(|(all, has)| *all |= has);
            joined.pairing = joined.pairing.max(trials.pairing);
            for (column, count) in trials.missing_cells {
                *joined.missing_cells.entry(column).or_default() += count;
            }
            joined
                .notes
                .extend(trials.notes.into_iter().filter(|note| !joined.notes.contains(note)).collect::<Vec<_>>());
            joined.groups.append(&mut trials.groups);
        }
        joined.by = std::iter::once(column.to_owned()).chain(first.map(|(_, by)| by).unwrap_or_default()).collect();
        Ok(joined)
    }
}
