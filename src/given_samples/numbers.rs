//! Numbers and vectors.

use super::table::Mistakes;
use super::{SampleError, SampleTable};
use crate::external_trials::{CellMistake, CsvFormat, NumberCell};

/// The numbers of a table, row by row, each finite.
///
/// # Errors
///
/// All cells that hold no finite number.
pub fn read_numbers(table: &SampleTable, format: &CsvFormat) -> Result<Vec<f64>, SampleError> {
    const RULE: &str = "a value is a finite number";
    const HELP: &str = "write a number such as 0.25 or 1e-3, or nothing where it is missing; for symbols add --symbols";
    let mut mistakes = Mistakes::default();
    let mut numbers = Vec::with_capacity(table.rows.len() * table.columns.len());
    for row in &table.rows {
        for (cell, column) in row.cells.iter().zip(&table.columns) {
            let (rule, help) = match format.number(cell.as_bytes()) {
                NumberCell::Number(number) if number.to_f64().is_finite() => {
                    // One zero only.
                    numbers.push(number.to_f64() + 0.0);
                    continue;
                }
                NumberCell::Mistake(rule, help) => (rule.unwrap_or(RULE), help.unwrap_or(HELP)),
                NumberCell::Number(_) | NumberCell::Missing => (RULE, HELP),
            };
            let (column, help) = (Some(column.clone()), help.to_owned());
            mistakes.push(CellMistake { line: row.line, column, found: cell.clone(), rule, help });
        }
    }
    mistakes.check(&table.file)?;
    Ok(numbers)
}
