//! Whether values are symbols or numbers.

use super::SampleTable;
use crate::external_trials::{CsvFormat, NumberCell};
use std::collections::HashSet;

/// What values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Symbols, which are counted.
    Symbols,
    /// Numbers or vectors, between which there are distances.
    Numbers,
}

/// What the values of a file seem to be, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// What they are taken for.
    pub kind: Kind,
    /// The reason, as the end of a sentence.
    pub reason: String,
}

/// At most this many different whole numbers are symbols.
const FEW: usize = 50;

/// Takes values for symbols if they are texts, or whole numbers of which there are few; else for numbers. Several columns are the
/// coordinates of vectors. Where most cells are numbers, the others are mistakes.
///
/// ```
/// use kl_runner::external_trials::CsvFormat;
/// use kl_runner::given_samples::{Kind, SampleColumns, SampleTable, guess_kind};
/// let format = CsvFormat::default();
/// let columns = SampleColumns::of_values(&[], None, &format);
/// let kind = |text: &str| {
///     let table = SampleTable::read("p.csv", text.as_bytes(), &columns).expect("a good file");
///     guess_kind(&[&table], &format).kind
/// };
/// assert_eq!([kind("x\nred\nblue\n"), kind("x\n1\n2\n1\n"), kind("x\n0.5\n2\n1\n")], [Kind::Symbols, Kind::Symbols, Kind::Numbers]);
/// ```
pub fn guess_kind(tables: &[&SampleTable], format: &CsvFormat) -> Guess {
    let guess = |kind, reason: String| Guess { kind, reason };
    if tables.iter().any(|table| table.columns.len() > 1) {
        return guess(Kind::Numbers, "several columns are the coordinates of vectors".to_owned());
    }
    let cells = || tables.iter().flat_map(|table| &table.rows).filter_map(|row| row.cells.first());
    let (mut numbers, mut whole, mut all) = (0u64, 0u64, 0u64);
    let mut different: HashSet<&str> = HashSet::new();
    for cell in cells() {
        all += 1;
        if let NumberCell::Number(number) = format.number(cell.as_bytes()) {
            numbers += 1;
            whole += u64::from(is_whole(number.to_f64()));
        }
        if different.len() <= FEW {
            different.insert(cell);
        }
    }
    if numbers < all && 2 * numbers <= all {
        return guess(Kind::Symbols, "not all values are numbers".to_owned());
    }
    if numbers < all || whole < all {
        return guess(Kind::Numbers, "values are numbers with decimals".to_owned());
    }
    if different.len() <= FEW {
        return guess(Kind::Symbols, format!("values are at most {FEW} different whole numbers"));
    }
    guess(Kind::Numbers, format!("values are more than {FEW} different whole numbers"))
}

/// Whether a number is a whole one that a double holds exactly.
pub(super) fn is_whole(number: f64) -> bool {
    const LARGEST: f64 = 9e15;
    number.abs() <= LARGEST && number == number.trunc()
}
