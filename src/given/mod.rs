//! Floor 3: trials that somebody else made, any CSV of estimates, and what they say of their estimators.

mod assessed;
mod mistake;
mod reading;
mod rows;

pub use assessed::{AssessedGroup, assess};
pub use mistake::{CellMistake, TrialsError};

use kl_math::numeric::DoubleDouble;
use std::collections::TryReserveError;
use std::io::Read;

/// Which columns of a file mean what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The estimates.
    pub estimate: String,
    /// The standard error beside each; `se`, if there is such a column, unless one is named.
    pub std_error: Option<String>,
    /// The estimand of each row.
    pub truth: Option<String>,
    /// What tells groups apart; `condition` and `estimator`, as far as there are such columns, unless some are named.
    pub by: Option<Vec<String>>,
    /// Whether rows of different groups are to be paired, by the column `trial` if there is one.
    pub paired: bool,
}

/// The numbers of a file, group by group in the order in which groups first come up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GivenTrials {
    /// The columns that tell groups apart.
    pub by: Vec<String>,
    /// Whether there is a column of standard errors.
    pub has_std_errors: bool,
    /// Whether trials have names by which they are paired.
    pub has_trial_names: bool,
    /// The groups.
    pub groups: Vec<Group>,
}

/// The trials of one group, without those whose estimate is missing or infinite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Its values of the columns that tell groups apart.
    pub keys: Vec<String>,
    /// Its estimand, if the file has one.
    pub truth: Option<DoubleDouble>,
    /// The finite estimates.
    pub estimates: Vec<DoubleDouble>,
    /// The standard error beside each, if there is such a column; NaN where the cell is empty.
    pub std_errors: Vec<DoubleDouble>,
    /// What pairs each with a trial of another group: its name if trials have names, else its row within the group; empty
    /// unless pairs are wanted.
    pub trials: Vec<u64>,
    /// Rows without an estimate.
    pub missing: u64,
    /// Rows with an infinite one.
    pub infinite: u64,
}

impl Group {
    /// One more trial, if there is memory for it: a file may have hundreds of millions.
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

impl GivenTrials {
    /// Reads a CSV file whose first line names its columns; only the numbers that are needed are kept.
    ///
    /// `name` is the file's, for messages. All mistakes in cells are found before any is told.
    ///
    /// ```
    /// use kl_runner::given::{Columns, GivenTrials};
    /// let columns = Columns { estimate: "estimate".into(), std_error: None, truth: None, by: None, paired: false };
    /// let text = "estimator,estimate\nmle,0.25\nmle,inf\nmle,\n";
    /// let trials = GivenTrials::read("trials.csv", text.as_bytes(), &columns).expect("a good file");
    /// let group = &trials.groups[0];
    /// assert_eq!((group.keys[0].as_str(), group.estimates.len(), group.infinite, group.missing), ("mle", 1, 1, 1));
    /// ```
    pub fn read(name: &str, input: impl Read, columns: &Columns) -> Result<Self, TrialsError> {
        reading::read(name, input, columns)
    }
}
