//! Reads external trials: from lines to numbers.

use super::csv_format::NumberCell;
use super::csv_rows::Rows;
use super::header::{Header, Places, wide_word};
use super::{
    CellMistake, ColumnNames, CsvFormat, ExternalTrials, Group, NUMBERS, Number, Pairing, Trial, TrialsError, Truth,
};
use csv::ByteRecord;
use kl_math::numeric::DoubleDouble;
use std::collections::{HashMap, TryReserveError};
use std::io::{self, BufReader, Read};

/// The number of mistakes that are reported one by one.
const REPORTED: usize = 20;

/// The columns that distinguish groups unless others are named.
const DEFAULT_KEYS: [&str; 2] = ["condition", "estimator"];

/// The column that estimands of results are found by.
const CONDITION: &str = "condition";

/// A rule for the numbers of a column, and the next step.
type Rule = (&'static str, &'static str);

/// Whether a number keeps a rule.
type Keeps = fn(f64) -> bool;

const ESTIMATE: Rule =
    ("an estimate is a number", "write a number such as 0.25 or 1e-3, `inf`, or nothing where there is no estimate");
const TRUTH: Rule = ("an estimand is a finite number", "write a number such as 0.0204, or nothing");

/// The rule for the numbers beside an estimate, and whether one keeps it.
const RULES: [(Rule, Keeps); NUMBERS] = [
    (("a standard error is a finite number, 0 or more", "write a number such as 0.05, or nothing"), |value| {
        value >= 0.0 && value.is_finite()
    }),
    (("a limit is a number", "write a number such as 0.05, `-inf`, or nothing"), |_| true),
    (("a limit is a number", "write a number such as 0.05, `inf`, or nothing"), |_| true),
    (("a p-value is a number from 0 to 1", "write a number such as 0.05, or nothing"), |value| {
        (0.0..=1.0).contains(&value)
    }),
    (("degrees of freedom are a number above 0", "write a number such as 12.5, `inf`, or nothing"), |value| {
        value > 0.0
    }),
];

pub(super) fn read(name: &str, input: impl Read, columns: &ColumnNames) -> Result<ExternalTrials, TrialsError> {
    let mut rows =
        Rows::new(BufReader::with_capacity(1 << 18, input), columns.format.delimiter, columns.format.decimal);
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
    let Reader { mut trials, first, mistakes: count, header, missing, .. } = reader;
    if count > 0 {
        return Err(TrialsError::Cells { name: name.to_owned(), first, count });
    }
    trials.groups.iter_mut().for_each(Group::unite_truths);
    let missing = header.names.iter().zip(missing).filter(|(_, count)| *count > 0);
    trials.missing_cells = missing.map(|(name, count)| (name.clone(), count)).collect();
    if trials.groups.is_empty() { Err(TrialsError::NoRows { name: name.to_owned() }) } else { Ok(trials) }
}

/// Where the estimand of a row is.
enum RowTruth<'a> {
    None,
    /// In a cell of the row.
    Cell,
    /// By the text in the cell at this place.
    Of(usize, &'a HashMap<String, Option<DoubleDouble>>),
}

/// The numbers of the lines that have been read.
struct Reader<'a> {
    header: Header<'a>,
    format: &'a CsvFormat,
    /// Where the numbers of each estimator are.
    sets: Vec<Places>,
    truth: RowTruth<'a>,
    trial: Option<usize>,
    candidate: Option<usize>,
    keys: Vec<usize>,
    paired: bool,
    trials: ExternalTrials,
    /// The group of each list of keys; a byte that no text has ends each key.
    groups: HashMap<Vec<u8>, usize>,
    key: Vec<u8>,
    /// The numbers of the names of trials, and the line of each trial of a group.
    trial_names: HashMap<Vec<u8>, u64>,
    seen: Vec<SeenTrials>,
    /// The number of cells of each column that stand for a missing number.
    missing: Vec<u64>,
    first: Vec<CellMistake>,
    mistakes: u64,
    /// Whether there is no memory for more.
    is_full: bool,
}

impl<'a> Reader<'a> {
    fn new(header: Header<'a>, columns: &'a ColumnNames) -> Result<Self, TrialsError> {
        let mut by = match &columns.by {
            Some(by) => by.clone(),
            None => DEFAULT_KEYS
                .into_iter()
                .filter(|key| header.names.iter().any(|n| n == key))
                .map(str::to_owned)
                .collect(),
        };
        let wide_word = wide_word(columns);
        if let Some(word) = wide_word {
            by.retain(|column| column != word);
        }
        let keys = by.iter().map(|column| header.place(column, "--by")).collect::<Result<Vec<_>, _>>()?;
        let truth_column = match &columns.truth {
            Truth::Column(column) => Some(column.as_str()),
            Truth::None | Truth::OfConditions(_) => None,
        };
        let mut notes = Vec::new();
        let (trial, candidates) = header.trial(columns, &keys)?;
        let mut used: Vec<&str> = by.iter().map(String::as_str).chain(truth_column).collect();
        used.extend(trial.and_then(|place| header.names.get(place)).map(String::as_str));
        let sets = header.number_places(columns, truth_column, &used, &mut notes)?;
        let truth = match &columns.truth {
            Truth::None => RowTruth::None,
            Truth::Column(_) if wide_word.is_some() => RowTruth::Cell,
            Truth::Column(column) => {
                header.place(column, "--truth-column")?;
                RowTruth::Cell
            }
            Truth::OfConditions(truths) => RowTruth::Of(header.place(CONDITION, "--truth-column")?, truths),
        };
        let mut sets = sets;
        if let (None, Some(column)) = (wide_word, truth_column) {
            let place = header.place(column, "--truth-column")?;
            sets.iter_mut().for_each(|places| places.truth = Some(place));
        }
        by.extend(wide_word.map(str::to_owned));
        // What is in one row of a wide file belongs together.
        let is_named = trial.is_some() || wide_word.is_some();
        let candidate = candidates.first().and_then(|name| header.names.iter().position(|other| other == name));
        let pairing = if is_named { Pairing::Named } else { Pairing::Position { candidates } };
        let mut has = [false; NUMBERS];
        for (has, number) in has.iter_mut().zip(0..) {
            *has = sets.iter().any(|places| places.numbers.get::<usize>(number).copied().flatten().is_some());
        }
        let [std_error, low, _, p_value, _] = has;
        let has_intervals = std_error || low || p_value;
        let trials = ExternalTrials { by, has_intervals, has, pairing, notes, ..ExternalTrials::default() };
        let (groups, trial_names, seen) = (HashMap::new(), HashMap::new(), Vec::new());
        let missing = vec![0; header.names.len()];
        Ok(Self {
            header,
            format: &columns.format,
            sets,
            truth,
            trial: trial.filter(|_| columns.paired),
            candidate: candidate.filter(|_| columns.paired && !is_named),
            keys,
            paired: columns.paired,
            trials,
            groups,
            key: Vec::new(),
            trial_names,
            seen,
            missing,
            first: Vec::new(),
            mistakes: 0,
            is_full: false,
        })
    }

    fn take(&mut self, row: &ByteRecord, line: u64) -> Result<(), CellMistake> {
        if row.len() != self.header.names.len() {
            return Err(self.wrong_count(row.len(), line));
        }
        let sets = std::mem::take(&mut self.sets);
        let taken = sets.iter().try_for_each(|places| self.take_set(row, line, places));
        self.sets = sets;
        taken
    }

    fn wrong_count(&self, found: usize, line: u64) -> CellMistake {
        let cells = |count: usize| format!("{count} cell{}", if count == 1 { "" } else { "s" });
        let expected = self.header.names.len();
        let help = if expected == 1 && found == 2 {
            "if numbers have decimal commas, add `--decimal ,`".to_owned()
        } else {
            format!("write {}, empty ones too", cells(expected))
        };
        CellMistake { line, column: None, found: cells(found), rule: "each line has as many as the first", help }
    }

    /// Takes the numbers of one estimator.
    fn take_set(&mut self, row: &ByteRecord, line: u64, places: &Places) -> Result<(), CellMistake> {
        let estimate = self.number(row, line, places.estimate, ESTIMATE)?;
        let mut numbers = [None; NUMBERS];
        for ((number, place), (rule, keeps)) in numbers.iter_mut().zip(places.numbers).zip(RULES) {
            let Some(place) = place else { continue };
            let found = self.number(row, line, place, rule)?;
            if found.is_some_and(|found| !keeps(found.to_f64())) {
                return Err(self.mistake(row, line, place, rule.0, rule.1.to_owned()));
            }
            *number = Some(found.unwrap_or(DoubleDouble::from(f64::NAN)));
        }
        if let [_, Some(low), Some(high), _, _] = numbers
            && low > high
            && let Some(place) = places.numbers.get(Number::High as usize).copied().flatten()
        {
            let help = "name the columns of limits the other way round, or put the row right".to_owned();
            return Err(self.mistake(row, line, place, "an upper limit is not below the lower one", help));
        }
        let truth = self.truth_of(row, line, places)?;
        let place = self.group(row, line, places)?;
        let name = self.name_of_trial(row, line, place)?;
        let candidate = self.candidate.map(|place| self.number_of(row.get(place).unwrap_or_default()));
        let truths_vary = matches!(self.truth, RowTruth::Cell);
        let Some(group) = self.trials.groups.get_mut(place) else { return Ok(()) };
        group.truth = group.truth.or(truth);
        match estimate {
            None => group.missing += 1,
            Some(estimate) if estimate.to_f64().is_infinite() => group.infinite += 1,
            Some(estimate) => {
                let truth = truths_vary.then(|| truth.unwrap_or(DoubleDouble::from(f64::NAN)));
                if group.push(&Trial { estimate, numbers, truth, name, candidate }).is_err() {
                    self.is_full = true;
                }
            }
        }
        Ok(())
    }

    /// The estimand of a row, if it has one.
    fn truth_of(&mut self, row: &ByteRecord, line: u64, places: &Places) -> Result<Option<DoubleDouble>, CellMistake> {
        if let RowTruth::Of(place, truths) = self.truth {
            let cell = row.get(place).and_then(|cell| std::str::from_utf8(cell).ok());
            return cell.and_then(|text| truths.get(text)).copied().ok_or_else(|| {
                let help = "run the experiment again with --record".to_owned();
                self.mistake(row, line, place, "summary.csv has a row for each condition", help)
            });
        }
        let Some(place) = places.truth else { return Ok(None) };
        match self.number(row, line, place, TRUTH)? {
            Some(truth) if !truth.to_f64().is_finite() => {
                Err(self.mistake(row, line, place, TRUTH.0, TRUTH.1.to_owned()))
            }
            truth => Ok(truth),
        }
    }

    /// The number in a cell, or none if it is missing.
    fn number(
        &mut self,
        row: &ByteRecord,
        line: u64,
        place: usize,
        (rule, help): Rule,
    ) -> Result<Option<DoubleDouble>, CellMistake> {
        match self.format.number(row.get(place).unwrap_or_default()) {
            NumberCell::Number(number) => Ok(Some(number)),
            NumberCell::Missing => {
                if let Some(count) = self.missing.get_mut(place) {
                    *count += 1;
                }
                Ok(None)
            }
            NumberCell::Mistake(other, better) => {
                Err(self.mistake(row, line, place, other.unwrap_or(rule), better.unwrap_or(help).to_owned()))
            }
        }
    }

    fn mistake(&self, row: &ByteRecord, line: u64, place: usize, rule: &'static str, help: String) -> CellMistake {
        let found = String::from_utf8_lossy(row.get(place).unwrap_or_default()).into_owned();
        CellMistake { line, column: self.header.names.get(place).cloned(), found, rule, help }
    }

    /// The group of a row, which may be new.
    fn group(&mut self, row: &ByteRecord, line: u64, places: &Places) -> Result<usize, CellMistake> {
        self.key.clear();
        for &place in &self.keys {
            self.key.extend_from_slice(row.get(place).unwrap_or_default());
            self.key.push(0xff);
        }
        self.key.extend(places.label.iter().flat_map(|label| label.bytes()));
        if let Some(&group) = self.groups.get(&self.key) {
            return Ok(group);
        }
        let mut keys = Vec::new();
        for &place in &self.keys {
            let cell = row.get(place).unwrap_or_default().to_vec();
            let mistake = |_| self.mistake(row, line, place, "text is UTF-8", "save the file as UTF-8".to_owned());
            keys.push(String::from_utf8(cell).map_err(mistake)?);
        }
        keys.extend(places.label.clone());
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
        if self.trial_names.try_reserve(1).is_err() {
            self.is_full = true;
            return Ok(None);
        }
        let trial = self.number_of(row.get(place).unwrap_or_default());
        if self.seen.len() <= group {
            self.seen.resize_with(group + 1, SeenTrials::default);
        }
        let Some(seen) = self.seen.get_mut(group) else { return Ok(Some(trial)) };
        let Ok(earlier) = seen.insert(trial, line) else {
            self.is_full = true;
            return Ok(None);
        };
        match earlier {
            None => Ok(Some(trial)),
            Some(earlier) => {
                let help =
                    format!("line {earlier} has it too; separate the groups with --by, or number the trials anew");
                Err(self.mistake(row, line, place, "a trial comes once in a group", help))
            }
        }
    }

    /// The number of a text that may name a trial.
    fn number_of(&mut self, cell: &[u8]) -> u64 {
        if let Some(number) = whole_number(cell) {
            return number;
        }
        let next = TEXTS | self.trial_names.len() as u64;
        match self.trial_names.get(cell) {
            Some(&trial) => trial,
            None => *self.trial_names.entry(cell.to_vec()).or_insert(next),
        }
    }
}

/// The bit of the numbers of names that are not whole numbers themselves.
const TEXTS: u64 = 1 << 63;

/// The whole number that is written in the one way it has: `7`, and not `07`.
fn whole_number(cell: &[u8]) -> Option<u64> {
    if cell.len() > 18 || cell.is_empty() || (cell.len() > 1 && cell.starts_with(b"0")) {
        return None;
    }
    cell.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| 10 * number + u64::from(byte - b'0')))
}

/// The trials of a group, each with its line. As long as their numbers rise they are a list, which takes less time.
#[derive(Default)]
struct SeenTrials {
    rising: Vec<(u64, u64)>,
    others: HashMap<u64, u64>,
}

impl SeenTrials {
    /// Adds a trial, and returns the line of the same one before; fails without memory.
    fn insert(&mut self, trial: u64, line: u64) -> Result<Option<u64>, TryReserveError> {
        if self.rising.last().is_none_or(|(last, _)| *last < trial) {
            if let Some(&earlier) = self.others.get(&trial).filter(|_| !self.others.is_empty()) {
                return Ok(Some(earlier));
            }
            self.rising.try_reserve(1)?;
            self.rising.push((trial, line));
            return Ok(None);
        }
        if let Ok(place) = self.rising.binary_search_by_key(&trial, |(trial, _)| *trial) {
            return Ok(self.rising.get(place).map(|(_, line)| *line));
        }
        self.others.try_reserve(1)?;
        Ok(self.others.insert(trial, line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_that_comes_again_is_found_in_any_order() {
        let mut seen = SeenTrials::default();
        let added: Vec<_> =
            [5, 9, 2, 12, 7].into_iter().zip(1..).map(|(trial, line)| seen.insert(trial, line)).collect();
        assert!(added.iter().all(|earlier| earlier == &Ok(None)));
        for (trial, line) in [(5, 1), (9, 2), (2, 3), (12, 4), (7, 5)] {
            assert_eq!(seen.insert(trial, 100 + line), Ok(Some(line)), "{trial}");
            seen = SeenTrials::default();
            for (trial, line) in [5, 9, 2, 12, 7].into_iter().zip(1..) {
                assert_eq!(seen.insert(trial, line), Ok(None));
            }
        }
        let numbers = ["0", "7", "07", "", "-1", "1.0", "999999999999999999", "1000000000000000000"];
        let expected = [Some(0), Some(7), None, None, None, None, Some(999_999_999_999_999_999), None];
        assert_eq!(numbers.map(|text| whole_number(text.as_bytes())), expected);
    }
}
