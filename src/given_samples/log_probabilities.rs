//! The log-probabilities of tokens, by sequences.

use super::table::Mistakes;
use super::{SampleError, SampleTable};
use crate::external_trials::{CellMistake, CsvFormat, NumberCell};
use std::collections::HashMap;

/// The log-probabilities of tokens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogProbabilities {
    /// One list for each column: of P, of Q, and of S if there is one.
    pub columns: Vec<Vec<f64>>,
    /// The number of the sequence of each token, by order of first occurrence.
    pub sequences: Vec<usize>,
    /// The number of sequences.
    pub count: usize,
}

impl LogProbabilities {
    /// Reads the columns ln p, ln q and maybe ln s of a table whose groups are the sequences; without groups each token is one.
    ///
    /// # Errors
    ///
    /// All cells that hold no log-probability.
    pub fn read(table: &SampleTable, format: &CsvFormat) -> Result<Self, SampleError> {
        const RULE: &str = "a log-probability is a finite number";
        const OF_MODEL: &str = "a log-probability of Q is a number or -inf";
        const HELP: &str = "write the natural logarithm of a probability, such as -0.693";
        let mut mistakes = Mistakes::default();
        let mut found = Self { columns: vec![Vec::new(); table.columns.len()], ..Self::default() };
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        for row in &table.rows {
            for (place, (cell, values)) in row.cells.iter().zip(&mut found.columns).enumerate() {
                let is_model = place == 1;
                let (rule, help) = match format.number(cell.as_bytes()) {
                    NumberCell::Number(number)
                        if is_model && number.to_f64() < f64::INFINITY || number.to_f64().is_finite() =>
                    {
                        values.push(number.to_f64());
                        continue;
                    }
                    NumberCell::Mistake(rule, help) => (rule, help),
                    NumberCell::Number(_) | NumberCell::Missing => (None, None),
                };
                mistakes.push(CellMistake {
                    line: row.line,
                    column: table.columns.get(place).cloned(),
                    found: cell.clone(),
                    rule: rule.unwrap_or(if is_model { OF_MODEL } else { RULE }),
                    help: help.unwrap_or(HELP).to_owned(),
                });
            }
            let next = numbers.len();
            let sequence = match &row.group {
                Some(name) => *numbers.entry(name).or_insert(next),
                None => found.sequences.len(),
            };
            found.sequences.push(sequence);
            found.count = found.count.max(sequence + 1);
        }
        mistakes.check(&table.file)?;
        Ok(found)
    }
}
