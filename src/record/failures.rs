//! `failures.csv`: the trials for which an estimator of the user's own gave no estimate, where there are any.

use crate::experiment::Failures;
use std::io::Write;

/// Its columns.
const COLUMNS: [&str; 4] = ["condition", "trial", "estimator", "failure"];

/// Writes the rows, by condition, estimator and trial.
pub fn write_failures<W: Write>(failures: &[Failures], out: W) -> csv::Result<W> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS)?;
    for Failures { condition, estimator, failed, .. } in failures {
        for trial in failed {
            let (condition, number) = ((condition + 1).to_string(), (trial.trial + 1).to_string());
            writer.write_record([condition.as_str(), &number, estimator, &trial.failure.to_string()])?;
        }
    }
    Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
}
