//! Reads external trials: from lines to numbers.

use super::csv_rows::Rows;
use super::{CellMistake, ColumnNames, ExternalTrials, Group, TrialsError, Truth};
use csv::ByteRecord;
use kl_math::numeric::DoubleDouble;
use std::collections::HashMap;
use std::io::{self, BufReader, Read};

/// The number of mistakes that are reported one by one.
const REPORTED: usize = 20;

/// The columns that distinguish groups unless others are named.
const DEFAULT_KEYS: [&str; 2] = ["condition", "estimator"];

/// The column of standard errors unless another is named.
const DEFAULT_STD_ERROR: &str = "se";

/// The column that pairs rows of different groups.
const TRIAL: &str = "trial";

/// The column that estimands of results are found by.
const CONDITION: &str = "condition";

const ESTIMATE_RULE: &str = "an estimate is a number";
const ESTIMATE_HELP: &str = "write a number such as 0.25 or 1e-3, `inf`, or nothing where there is no estimate";

pub(super) fn read(name: &str, input: impl Read, columns: &ColumnNames) -> Result<ExternalTrials, TrialsError> {
    let mut rows = Rows::new(BufReader::with_capacity(1 << 18, input));
    let unreadable = |source: io::Error| TrialsError::Unreadable { name: name.to_owned(), source };
    let mut row = ByteRecord::new();
    if rows.next(&mut row).map_err(unreadable)?.is_none() {
        return Err(TrialsError::Empty { name: name.to_owned() });
    }
    let mut reader = Reader::new(Header::new(name, &row), columns)?;
    while let Some(line) = rows.next(&mut row).map_err(unreadable)? {
        if let Err(mistake) = reader.take(&row, line) {
            reader.mistakes += 1;
            if reader.first.len() < REPORTED {
                reader.first.push(mistake);
            }
        }
        if reader.is_full {
            return Err(TrialsError::Memory { name: name.to_owned(), line });
        }
    }
    let Reader { trials, first, mistakes: count, .. } = reader;
    if count > 0 {
        return Err(TrialsError::Cells { name: name.to_owned(), first, count });
    }
    if trials.groups.is_empty() { Err(TrialsError::NoRows { name: name.to_owned() }) } else { Ok(trials) }
}

/// The names of the columns.
struct Header<'a> {
    file: &'a str,
    names: Vec<String>,
}

impl<'a> Header<'a> {
    fn new(file: &'a str, row: &ByteRecord) -> Self {
        let names = row.iter().map(|cell| String::from_utf8_lossy(cell).into_owned());
        Self { file, names: names.collect() }
    }

    /// The place of a column that must be there; `flag` names another one.
    fn place(&self, column: &str, flag: &str) -> Result<usize, TrialsError> {
        if let Some(place) = self.find(column)? {
            return Ok(place);
        }
        let likeness = |name: &str| strsim::jaro_winkler(&name.to_lowercase(), &column.to_lowercase());
        let near = self.names.iter().map(|name| (likeness(name), name));
        let near = near.filter(|(likeness, _)| *likeness > 0.8).max_by(|a, b| a.0.total_cmp(&b.0));
        let help = match near {
            Some((_, name)) => format!("did you mean {flag} {name}?"),
            None => format!("name the column with {flag}"),
        };
        let (name, columns) = (self.file.to_owned(), self.names.clone());
        Err(TrialsError::NoColumn { name, column: column.to_owned(), columns, help })
    }

    fn find(&self, column: &str) -> Result<Option<usize>, TrialsError> {
        let mut places = self.names.iter().enumerate().filter(|(_, name)| *name == column).map(|(place, _)| place);
        let first = places.next();
        if places.next().is_some() {
            return Err(TrialsError::TwoColumns { name: self.file.to_owned(), column: column.to_owned() });
        }
        Ok(first)
    }
}

/// Where the estimand of a row is.
enum RowTruth<'a> {
    None,
    /// In the cell at this place.
    Cell(usize),
    /// By the text in the cell at this place.
    Of(usize, &'a HashMap<String, Option<DoubleDouble>>),
}

/// The numbers of the lines that have been read.
struct Reader<'a> {
    header: Header<'a>,
    estimate: usize,
    std_error: Option<usize>,
    truth: RowTruth<'a>,
    trial: Option<usize>,
    keys: Vec<usize>,
    paired: bool,
    trials: ExternalTrials,
    /// The group of each list of keys; a byte that no text has ends each key.
    groups: HashMap<Vec<u8>, usize>,
    key: Vec<u8>,
    /// The numbers of the names of trials, and the line of each trial of a group.
    trial_names: HashMap<Vec<u8>, u64>,
    seen: HashMap<(usize, u64), u64>,
    first: Vec<CellMistake>,
    mistakes: u64,
    /// Whether there is no memory for more.
    is_full: bool,
}

impl<'a> Reader<'a> {
    fn new(header: Header<'a>, columns: &'a ColumnNames) -> Result<Self, TrialsError> {
        let estimate = header.place(&columns.estimate, "--estimate-column")?;
        let std_error = match &columns.std_error {
            Some(column) => Some(header.place(column, "--se-column")?),
            None => header.find(DEFAULT_STD_ERROR)?,
        };
        let truth = match &columns.truth {
            Truth::None => RowTruth::None,
            Truth::Column(column) => RowTruth::Cell(header.place(column, "--truth-column")?),
            Truth::OfConditions(truths) => RowTruth::Of(header.place(CONDITION, "--truth-column")?, truths),
        };
        let trial = if columns.paired { header.find(TRIAL)? } else { None };
        let by = match &columns.by {
            Some(by) => by.clone(),
            None => DEFAULT_KEYS
                .into_iter()
                .filter(|key| header.names.iter().any(|n| n == key))
                .map(str::to_owned)
                .collect(),
        };
        let keys = by.iter().map(|column| header.place(column, "--by")).collect::<Result<_, _>>()?;
        let trials = ExternalTrials {
            by,
            has_std_errors: std_error.is_some(),
            has_trial_names: trial.is_some(),
            groups: Vec::new(),
        };
        let (groups, trial_names, seen) = (HashMap::new(), HashMap::new(), HashMap::new());
        let (key, first) = (Vec::new(), Vec::new());
        let paired = columns.paired;
        Ok(Self {
            header,
            estimate,
            std_error,
            truth,
            trial,
            keys,
            paired,
            trials,
            groups,
            key,
            trial_names,
            seen,
            first,
            mistakes: 0,
            is_full: false,
        })
    }

    fn take(&mut self, row: &ByteRecord, line: u64) -> Result<(), CellMistake> {
        if row.len() != self.header.names.len() {
            let cells = |count: usize| format!("{count} cell{}", if count == 1 { "" } else { "s" });
            return Err(CellMistake {
                line,
                column: None,
                found: cells(row.len()),
                rule: "each line has as many as the first",
                help: format!("write {}, empty ones too", cells(self.header.names.len())),
            });
        }
        let number = |place: usize, rule, help| self.number(row, line, place, rule, help);
        let estimate = number(self.estimate, ESTIMATE_RULE, ESTIMATE_HELP)?;
        let (rule, help) =
            ("a standard error is a finite number, 0 or more", "write a number such as 0.05, or nothing");
        let std_error = self.std_error.map(|place| number(place, rule, help)).transpose()?;
        if let (Some(place), Some(Some(value))) = (self.std_error, std_error)
            && !(value.to_f64() >= 0.0 && value.to_f64().is_finite())
        {
            return Err(self.mistake(row, line, place, rule, help.to_owned()));
        }
        let truth = self.truth_of(row, line)?;
        let place = self.group(row, line)?;
        if let (RowTruth::Cell(column), Some(known), Some(truth)) =
            (&self.truth, self.trials.groups[place].truth, truth)
            && known != truth
        {
            let column = *column;
            let help = format!("earlier rows have {known}; separate the groups with --by", known = known.to_f64());
            return Err(self.mistake(row, line, column, "a group has one estimand", help));
        }
        let trial = self.name_of_trial(row, line, place)?;
        let group = &mut self.trials.groups[place];
        group.truth = group.truth.or(truth);
        match estimate {
            None => group.missing += 1,
            Some(estimate) if estimate.to_f64().is_infinite() => group.infinite += 1,
            Some(estimate) => {
                let std_error = std_error.map(|found| found.unwrap_or(DoubleDouble::from(f64::NAN)));
                if group.push(estimate, std_error, trial).is_err() {
                    self.is_full = true;
                }
            }
        }
        Ok(())
    }

    /// The estimand of a row, if it has one.
    fn truth_of(&self, row: &ByteRecord, line: u64) -> Result<Option<DoubleDouble>, CellMistake> {
        let (rule, help) = ("an estimand is a finite number", "write a number such as 0.0204, or nothing");
        match &self.truth {
            RowTruth::None => Ok(None),
            &RowTruth::Cell(place) => match self.number(row, line, place, rule, help)? {
                Some(truth) if !truth.to_f64().is_finite() => {
                    Err(self.mistake(row, line, place, rule, help.to_owned()))
                }
                truth => Ok(truth),
            },
            RowTruth::Of(place, truths) => {
                let cell = row.get(*place).and_then(|cell| std::str::from_utf8(cell).ok());
                cell.and_then(|text| truths.get(text)).copied().ok_or_else(|| {
                    let help = "run the experiment again with --record".to_owned();
                    self.mistake(row, line, *place, "summary.csv has a row for each condition", help)
                })
            }
        }
    }

    /// The number in a cell, or none if it is empty.
    fn number(
        &self,
        row: &ByteRecord,
        line: u64,
        place: usize,
        rule: &'static str,
        help: &str,
    ) -> Result<Option<DoubleDouble>, CellMistake> {
        let cell = row.get(place).unwrap_or_default();
        if cell.is_empty() {
            return Ok(None);
        }
        let number = std::str::from_utf8(cell).ok().and_then(|text| text.parse::<DoubleDouble>().ok());
        let number = number.filter(|number| !number.to_f64().is_nan());
        number.map(Some).ok_or_else(|| self.mistake(row, line, place, rule, help.to_owned()))
    }

    fn mistake(&self, row: &ByteRecord, line: u64, place: usize, rule: &'static str, help: String) -> CellMistake {
        let found = String::from_utf8_lossy(row.get(place).unwrap_or_default()).into_owned();
        CellMistake { line, column: self.header.names.get(place).cloned(), found, rule, help }
    }

    /// The group of a row, which may be new.
    fn group(&mut self, row: &ByteRecord, line: u64) -> Result<usize, CellMistake> {
        self.key.clear();
        for &place in &self.keys {
            self.key.extend_from_slice(row.get(place).unwrap_or_default());
            self.key.push(0xff);
        }
        if let Some(&group) = self.groups.get(&self.key) {
            return Ok(group);
        }
        let mut keys = Vec::new();
        for &place in &self.keys {
            let cell = row.get(place).unwrap_or_default().to_vec();
            let mistake = |_| self.mistake(row, line, place, "text is UTF-8", "save the file as UTF-8".to_owned());
            keys.push(String::from_utf8(cell).map_err(mistake)?);
        }
        self.trials.groups.push(Group { keys, ..Group::default() });
        self.groups.insert(self.key.clone(), self.trials.groups.len() - 1);
        Ok(self.trials.groups.len() - 1)
    }

    /// The number that pairs this row with one of another group, if rows are paired.
    fn name_of_trial(&mut self, row: &ByteRecord, line: u64, group: usize) -> Result<Option<u64>, CellMistake> {
        let Some(place) = self.trial else {
            let rows = self.trials.groups.get(group).map(Group::rows);
            return Ok(rows.filter(|_| self.paired));
        };
        if self.trial_names.try_reserve(1).is_err() || self.seen.try_reserve(1).is_err() {
            self.is_full = true;
            return Ok(None);
        }
        let cell = row.get(place).unwrap_or_default();
        let next = self.trial_names.len() as u64;
        let trial = match self.trial_names.get(cell) {
            Some(&trial) => trial,
            None => *self.trial_names.entry(cell.to_vec()).or_insert(next),
        };
        match self.seen.insert((group, trial), line) {
            None => Ok(Some(trial)),
            Some(earlier) => {
                let help =
                    format!("line {earlier} has it too; separate the groups with --by, or number the trials anew");
                Err(self.mistake(row, line, place, "a trial comes once in a group", help))
            }
        }
    }
}
