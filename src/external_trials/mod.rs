//! External trials, from any CSV file of estimates, and the performance of their estimators.

mod csv_rows;
mod error;
mod performance;
mod reader;

pub use error::{CellMistake, TrialsError};
pub use performance::{GroupPerformance, measure_performance};

use kl_math::numeric::DoubleDouble;
use std::collections::TryReserveError;
use std::io::Read;

/// The names of the columns of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnNames {
    /// The column of estimates.
    pub estimate: String,
    /// The column of their standard errors; the default is `se`, if there is such a column.
    pub std_error: Option<String>,
    /// The column of the estimand of each row.
    pub truth: Option<String>,
    /// The columns that distinguish groups; the default is those of `condition` and `estimator` that exist.
    pub by: Option<Vec<String>>,
    /// Whether rows of different groups are paired, by the column `trial` if there is one.
    pub paired: bool,
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
    /// use kl_runner::external_trials::{ColumnNames, ExternalTrials};
    /// let columns = ColumnNames { estimate: "estimate".into(), std_error: None, truth: None, by: None, paired: false };
    /// let text = "estimator,estimate\nmle,0.25\nmle,inf\nmle,\n";
    /// let trials = ExternalTrials::read("trials.csv", text.as_bytes(), &columns).expect("a good file");
    /// let group = &trials.groups[0];
    /// assert_eq!((group.keys[0].as_str(), group.estimates.len(), group.infinite, group.missing), ("mle", 1, 1, 1));
    /// ```
    pub fn read(name: &str, input: impl Read, columns: &ColumnNames) -> Result<Self, TrialsError> {
        reader::read(name, input, columns)
    }
}
