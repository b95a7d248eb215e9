//! Conditions that rows of a table satisfy.

use super::SelectionError;
use std::fmt;

/// A condition on rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    pub(super) column: String,
    operator: &'static str,
    value: String,
}

/// As messages show it.
impl fmt::Display for Filter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {} {}", self.column, self.operator, self.value)
    }
}

/// The longer ones first: `<` begins `<=`.
const OPERATORS: [&str; 7] = ["<=", ">=", "!=", "==", "<", ">", "="];

impl Filter {
    /// Reads one, such as `N=1000`, `mcse<0.001` or `verdict!=agree`.
    ///
    /// ```
    /// use kl_runner::report::Filter;
    /// assert!(Filter::read("N >= 1_000").is_ok());
    /// assert!(Filter::read("N").is_err());
    /// ```
    pub fn read(text: &str) -> Result<Self, SelectionError> {
        let first = OPERATORS.iter().filter_map(|operator| Some((text.find(operator)?, *operator)));
        // The first operator of the text, the longer of two that begin together.
        let found = first.min_by_key(|(place, operator)| (*place, std::cmp::Reverse(operator.len())));
        let parts =
            found.map(|(place, operator)| (text[..place].trim(), operator, text[place + operator.len()..].trim()));
        match parts {
            Some((column, operator, value)) if !column.is_empty() => {
                let operator = if operator == "==" { "=" } else { operator };
                Ok(Self { column: column.to_owned(), operator, value: value.to_owned() })
            }
            _ => Err(SelectionError::NoFilter { text: text.to_owned() }),
        }
    }

    /// Whether a field satisfies it.
    pub(super) fn accepts(&self, cell: &str) -> Result<bool, SelectionError> {
        let numbers = number(cell).zip(number(&self.value));
        let order = match (self.operator, numbers) {
            ("=", None) => return Ok(cell == self.value),
            ("!=", None) => return Ok(cell != self.value),
            (_, Some((one, other))) => one.total_cmp(&other),
            (_, None) if number(&self.value).is_some() => return Ok(false),
            (operator, None) => {
                let (column, value) = (self.column.clone(), self.value.clone());
                return Err(SelectionError::NoNumber { column, operator, value });
            }
        };
        Ok(match self.operator {
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            ">=" => order.is_ge(),
            "!=" => order.is_ne(),
            _ => order.is_eq(),
        })
    }
}

/// Reads a number as files and people write it: 1_000, 1,000 or 1e3; −0 is 0.
fn number(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| !matches!(c, '_' | ',')).collect();
    plain.parse::<f64>().ok().filter(|number| !number.is_nan()).map(|number| number + 0.0)
}
