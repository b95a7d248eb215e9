//! External trials, from any CSV file of estimates, and the performance of their estimators.

mod csv_rows;
mod error;
mod gate;
mod performance;
mod reader;

pub use error::{CellMistake, TrialsError};
pub use gate::{GATES, Gate, GateKind, GateResult, Side, judge_gates};
pub use performance::{GroupPerformance, measure_performance};

use kl_math::numeric::DoubleDouble;
use std::collections::{HashMap, TryReserveError};
use std::io::Read;

/// The names of the columns of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnNames {
    /// The column of estimates.
    pub estimate: String,
    /// The column of their standard errors; the default is `se`, if there is such a column.
    pub std_error: Option<String>,
    /// The estimand of each row.
    pub truth: Truth,
    /// The columns that distinguish groups; the default is those of `condition` and `estimator` that exist.
    pub by: Option<Vec<String>>,
    /// Whether rows of different groups are paired, by the column `trial` if there is one.
    pub paired: bool,
}

/// Where the estimand of a row is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Truth {
    /// Not in the file.
    #[default]
    None,
    /// In the column of this name.
    Column(String),
    /// By the text in the column `condition`; none of a condition whose estimand is infinite.
    OfConditions(HashMap<String, Option<DoubleDouble>>),
}

/// The numbers of a file by group, in the order in which groups first occur.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExternalTrials {
    /// The columns that distinguish groups.
    pub by: Vec<String>,
    /// Whether there is a column of standard errors.
    pub has_std_errors: bool,
    /// Whether trials have names that pair them.
    pub has_trial_names: bool,
    /// The groups.
    pub groups: Vec<Group>,
}

/// The trials of one group whose estimate is finite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Its values of the columns that distinguish groups.
    pub keys: Vec<String>,
    /// Its estimand, if the file has one.
    pub truth: Option<DoubleDouble>,
    /// The finite estimates.
    pub estimates: Vec<DoubleDouble>,
    /// Their standard errors, if there is such a column; NaN where the cell is empty.
    pub std_errors: Vec<DoubleDouble>,
    /// The number that pairs each with a trial of another group: that of its name, or of its row within the group; empty unless
    /// rows are paired.
    pub trials: Vec<u64>,
    /// The number of rows without an estimate.
    pub missing: u64,
    /// The number of rows with an infinite estimate.
    pub infinite: u64,
}

impl Group {
    /// Adds a trial, if there is memory for it: a file may have hundreds of millions.
    fn push(
        &mut self,
        estimate: DoubleDouble,
        std_error: Option<DoubleDouble>,
        trial: Option<u64>,
    ) -> Result<(), TryReserveError> {
        self.estimates.try_reserve(1)?;
        self.std_errors.try_reserve(usize::from(std_error.is_some()))?;
        self.trials.try_reserve(usize::from(trial.is_some()))?;
        self.estimates.push(estimate);
        self.std_errors.extend(std_error);
        self.trials.extend(trial);
        Ok(())
    }
}

impl ExternalTrials {
    /// Reads a CSV file whose first line names its columns, and keeps the numbers that are needed.
    ///
    /// Messages call the file `name`. All mistakes in cells are found before any is reported.
    ///
    /// ```
    /// use kl_runner::external_trials::{ColumnNames, ExternalTrials, Truth};
    /// let estimate = "estimate".into();
    /// let columns = ColumnNames { estimate, std_error: None, truth: Truth::None, by: None, paired: false };
    /// let text = "estimator,estimate\nmle,0.25\nmle,inf\nmle,\n";
    /// let trials = ExternalTrials::read("trials.csv", text.as_bytes(), &columns).expect("a good file");
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
        let mut joined = Self { has_trial_names: true, ..Self::default() };
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
            joined.has_std_errors |= trials.has_std_errors;
            joined.has_trial_names &= trials.has_trial_names;
            joined.groups.append(&mut trials.groups);
        }
        joined.by = std::iter::once(column.to_owned()).chain(first.map(|(_, by)| by).unwrap_or_default()).collect();
        Ok(joined)
    }
}
