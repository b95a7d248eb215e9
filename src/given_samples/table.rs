//! The columns of a CSV file that hold a sample, as texts.

use super::SampleError;
use crate::external_trials::{CellMistake, CsvFormat, Header, NumberCell, Rows, TrialsError};
use csv::ByteRecord;
use std::io::{self, BufReader, Read};

/// The number of mistakes that are reported one by one.
pub(super) const REPORTED: usize = 20;

/// Which columns of a file are read.
#[derive(Clone, Copy, Debug)]
pub struct SampleColumns<'a> {
    /// The columns of values; without any the only one that there is.
    pub values: &'a [String],
    /// The flags that name them, one for each, or one for all.
    pub flags: &'a [&'static str],
    /// The column that tells groups apart.
    pub group: Option<&'a str>,
    /// The flag that names it.
    pub group_flag: &'static str,
    /// Whether a missing value is a mistake. If it is not, its row is left out.
    pub needs_all: bool,
    /// How the file is written.
    pub format: &'a CsvFormat,
}

impl<'a> SampleColumns<'a> {
    /// Columns of values, in which some may be missing.
    pub fn of_values(values: &'a [String], group: Option<&'a str>, format: &'a CsvFormat) -> Self {
        Self { values, flags: &["--column"], group, group_flag: "--group-column", needs_all: false, format }
    }
}

/// A row in which no value is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleRow {
    /// Its line, from 1.
    pub line: u64,
    /// The texts of the columns of values.
    pub cells: Vec<String>,
    /// The text of the column of groups.
    pub group: Option<String>,
}

/// The rows of a sample.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampleTable {
    /// The name of the file in messages.
    pub file: String,
    /// The group that it is, in words, if it is one.
    pub group: Option<String>,
    /// The names of the columns of values.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<SampleRow>,
    /// The number of rows that were left out because a value is missing.
    pub missing: u64,
    /// Whether the first line is a value rather than the name of the only column.
    pub is_nameless: bool,
}

impl SampleTable {
    /// Reads the columns of a CSV file whose first line names them. Where no name is asked for, there is one column and its name would be a
    /// number, that is its first value.
    ///
    /// ```
    /// use kl_runner::external_trials::CsvFormat;
    /// use kl_runner::given_samples::{SampleColumns, SampleTable};
    /// let format = CsvFormat::default();
    /// let columns = SampleColumns::of_values(&[], None, &format);
    /// let table = SampleTable::read("p.csv", "x\nred\nNA\nblue\n".as_bytes(), &columns).expect("a good file");
    /// assert_eq!((table.rows.len(), table.missing, table.rows[1].line), (2, 1, 4));
    /// ```
    ///
    /// # Errors
    ///
    /// All mistakes of the file, at once.
    pub fn read(name: &str, input: impl Read, columns: &SampleColumns<'_>) -> Result<Self, SampleError> {
        let format = columns.format;
        let mut rows = Rows::new(BufReader::with_capacity(1 << 18, input), format.delimiter, format.decimal);
        let unreadable = |source: io::Error| TrialsError::Unreadable { name: name.to_owned(), source };
        let mut row = ByteRecord::new();
        let Some(first) = rows.next(&mut row).map_err(unreadable)? else {
            return Err(TrialsError::Empty { name: name.to_owned() }.into());
        };
        let mut header = Header::new(name, &row);
        let is_number = |text: &String| matches!(format.number(text.as_bytes()), NumberCell::Number(_));
        let has_numbers = columns.values.is_empty() && header.names.iter().all(is_number);
        let is_nameless = has_numbers && columns.group.is_none() && header.names.len() == 1;
        if has_numbers && !is_nameless {
            return Err(SampleError::NoNames { name: name.to_owned(), line: first });
        }
        if is_nameless {
            header.names = vec!["1".to_owned()];
        }
        let mut unread = is_nameless.then_some(first);
        let group = columns.group.map(|group| header.place(group, columns.group_flag)).transpose()?;
        let places = match columns.values {
            [] => vec![only_column(name, &header, group)?],
            values => {
                let flags = columns.flags.iter().chain(columns.flags.last().into_iter().cycle());
                values
                    .iter()
                    .zip(flags)
                    .map(|(value, flag)| header.place(value, flag))
                    .collect::<Result<Vec<_>, _>>()?
            }
        };
        let of_place = |place: &usize| header.names.get(*place).cloned().unwrap_or_default();
        let mut table = Self {
            file: name.to_owned(),
            columns: places.iter().map(of_place).collect(),
            is_nameless,
            ..Self::default()
        };
        // The name of a sequence is needed like its values.
        let needed: Vec<usize> = places.iter().copied().chain(group.filter(|_| columns.needs_all)).collect();
        let mut mistakes = Mistakes::default();
        let mut is_empty = true;
        while let Some(line) = match unread.take() {
            Some(line) => Some(line),
            None => rows.next(&mut row).map_err(unreadable)?,
        } {
            is_empty = false;
            if row.len() != header.names.len() {
                mistakes.push(wrong_count(row.len(), header.names.len(), line));
                continue;
            }
            let is_missing =
                |place: &usize| matches!(format.number(row.get(*place).unwrap_or_default()), NumberCell::Missing);
            if let Some(&place) = needed.iter().find(|place| is_missing(place)) {
                if columns.needs_all {
                    mistakes.push(CellMistake {
                        line,
                        column: header.names.get(place).cloned(),
                        found: String::from_utf8_lossy(row.get(place).unwrap_or_default()).into_owned(),
                        rule: "no value may be missing",
                        help: "write it, or leave out the whole sequence".to_owned(),
                    });
                } else {
                    table.missing += 1;
                }
                continue;
            }
            let text = |place: usize| {
                let cell = row.get(place).unwrap_or_default();
                String::from_utf8(cell.to_vec()).map_err(|_| CellMistake {
                    line,
                    column: header.names.get(place).cloned(),
                    found: String::from_utf8_lossy(cell).into_owned(),
                    rule: "text is UTF-8",
                    help: "save the file as UTF-8".to_owned(),
                })
            };
            let cells = places.iter().map(|&place| text(place)).collect::<Result<Vec<_>, _>>();
            match cells.and_then(|cells| Ok((cells, group.map(text).transpose()?))) {
                Ok((cells, group)) => {
                    if table.rows.try_reserve(1).is_err() {
                        return Err(TrialsError::Memory { name: name.to_owned(), line }.into());
                    }
                    table.rows.push(SampleRow { line, cells, group });
                }
                Err(mistake) => mistakes.push(mistake),
            }
        }
        mistakes.check(name)?;
        if is_empty {
            return Err(TrialsError::NoRows { name: name.to_owned() }.into());
        }
        if table.rows.is_empty() {
            let (is, columns) = if table.columns.len() == 1 { ("has", "column") } else { ("have", "columns") };
            let what = format!("the {columns} {} {is}", super::error::quoted(&table.columns));
            return Err(SampleError::NoValues { name: name.to_owned(), what });
        }
        Ok(table)
    }

    /// The groups in order of first occurrence.
    pub fn groups(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for group in self.rows.iter().filter_map(|row| row.group.as_ref()) {
            if seen.insert(group) {
                found.push(group.clone());
            }
        }
        found
    }

    /// The rows of one group.
    #[must_use]
    pub fn of_group(&self, group: &str) -> Self {
        let is_of_group = |row: &&SampleRow| row.group.as_deref() == Some(group);
        Self { rows: self.rows.iter().filter(is_of_group).cloned().collect(), missing: 0, ..self.clone() }
    }
}

/// The one column that a file has beside that of groups.
fn only_column(name: &str, header: &Header<'_>, group: Option<usize>) -> Result<usize, SampleError> {
    let mut places = (0..header.names.len()).filter(|&place| Some(place) != group);
    match (places.next(), places.next()) {
        (Some(place), None) => Ok(place),
        _ => Err(SampleError::WhichColumn { name: name.to_owned(), columns: header.names.clone() }),
    }
}

fn wrong_count(found: usize, expected: usize, line: u64) -> CellMistake {
    let cells = |count: usize| format!("{count} cell{}", if count == 1 { "" } else { "s" });
    let help = if expected == 1 && found == 2 {
        "if numbers have decimal commas, add `--decimal ,`".to_owned()
    } else {
        format!("write {}, empty ones too", cells(expected))
    };
    CellMistake { line, column: None, found: cells(found), rule: "each line has as many as the first", help }
}

/// The mistakes of a file: the first of them, and their number.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    first: Vec<CellMistake>,
    count: u64,
}

impl Mistakes {
    pub(super) fn push(&mut self, mistake: CellMistake) {
        self.count += 1;
        if self.first.len() < REPORTED {
            self.first.push(mistake);
        }
    }

    /// An error if there are any.
    pub(super) fn check(self, name: &str) -> Result<(), TrialsError> {
        match self.count {
            0 => Ok(()),
            count => Err(TrialsError::Cells { name: name.to_owned(), first: self.first, count }),
        }
    }
}
