//! Reads a block of rows: from lines to numbers.

use super::REPORTED;
use super::layout::{Layout, RowTruth};
use super::rules::{ESTIMATE, RULES, Rule, TRUTH};
use super::trial_names::TrialNames;
use crate::external_trials::csv_format::NumberCell;
use crate::external_trials::csv_rows::Rows;
use crate::external_trials::header::Places;
use crate::external_trials::{CellMistake, Group, NUMBERS, Number, Trial};
use csv::ByteRecord;
use kl_math::numeric::DoubleDouble;
use std::collections::{HashMap, TryReserveError};

/// The trials of a block. Its lines are counted from its own first, and the texts that name trials from its own first text.
#[derive(Default)]
pub(super) struct Block {
    /// The number of its lines.
    pub(super) lines: u64,
    pub(super) groups: Vec<BlockGroup>,
    pub(super) names: TrialNames,
    /// The number of cells of each column that stand for a missing number.
    pub(super) missing: Vec<u64>,
    /// The first mistakes.
    pub(super) mistakes: Vec<CellMistake>,
    /// The line of every row with a mistake.
    pub(super) wrong_lines: Vec<u64>,
    /// Whether there is no memory for more.
    pub(super) is_full: bool,
}

/// The trials of a group in a block.
pub(super) struct BlockGroup {
    /// Its keys, each followed by a byte that no text has, and the label of a wide file.
    pub(super) key: Vec<u8>,
    /// The set of columns that it is from.
    pub(super) set: usize,
    pub(super) group: Group,
    /// The name of the trial of each row with its line, if a column names them.
    pub(super) rows: Vec<(u64, u64)>,
}

/// Reads the rows of a block.
pub(super) fn read_block(layout: &Layout<'_>, text: &[u8], delimiter: Option<u8>) -> Block {
    let missing = vec![0; layout.header.names.len()];
    let block = Block { missing, ..Block::default() };
    let recent = vec![None; layout.sets.len()];
    let mut reader = BlockReader { layout, block, groups: HashMap::new(), recent, key: Vec::new() };
    let (mut rows, mut row) = (Rows::of_part(text, delimiter, layout.format.decimal), ByteRecord::new());
    // Bytes in memory can be read.
    while let Ok(Some(line)) = rows.next(&mut row) {
        if let Err(mistake) = reader.take(&row, line) {
            reader.block.wrong_lines.push(line);
            if reader.block.mistakes.len() < REPORTED {
                reader.block.mistakes.push(mistake);
            }
        }
    }
    reader.block.lines = rows.lines();
    reader.block
}

struct BlockReader<'a> {
    layout: &'a Layout<'a>,
    block: Block,
    groups: HashMap<Vec<u8>, usize>,
    /// The group that each set of columns had last: most rows have that of the row before.
    recent: Vec<Option<usize>>,
    key: Vec<u8>,
}

impl BlockReader<'_> {
    fn take(&mut self, row: &ByteRecord, line: u64) -> Result<(), CellMistake> {
        if row.len() != self.layout.header.names.len() {
            return Err(self.wrong_count(row.len(), line));
        }
        let layout = self.layout;
        layout.sets.iter().enumerate().try_for_each(|(set, places)| self.take_set(row, line, set, places))
    }

    fn wrong_count(&self, found: usize, line: u64) -> CellMistake {
        let cells = |count: usize| format!("{count} cell{}", if count == 1 { "" } else { "s" });
        let expected = self.layout.header.names.len();
        let help = if expected == 1 && found == 2 {
            "if numbers have decimal commas, add `--decimal ,`".to_owned()
        } else {
            format!("write {}, empty ones too", cells(expected))
        };
        CellMistake { line, column: None, found: cells(found), rule: "each line has as many as the first", help }
    }

    /// Takes the numbers of one estimator.
    fn take_set(&mut self, row: &ByteRecord, line: u64, set: usize, places: &Places) -> Result<(), CellMistake> {
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
        let place = self.group(row, line, set, places)?;
        let layout = self.layout;
        let mut name = |place: usize| self.block.names.number_of(row.get(place).unwrap_or_default());
        let (trial, candidate) = (layout.trial.map(&mut name), layout.candidate.map(&mut name));
        let truths_vary = matches!(layout.truth, RowTruth::Cell);
        let Some(BlockGroup { group, rows, .. }) = self.block.groups.get_mut(place) else { return Ok(()) };
        // Without a name the number of the row within its group.
        let position = layout.paired.then(|| group.rows());
        let mut push = || -> Result<(), TryReserveError> {
            if let Some(trial) = trial {
                rows.try_reserve(1)?;
                rows.push((trial, line));
            }
            group.truth = group.truth.or(truth);
            match estimate {
                None => group.missing += 1,
                Some(estimate) if estimate.to_f64().is_infinite() => group.infinite += 1,
                Some(estimate) => {
                    let truth = truths_vary.then(|| truth.unwrap_or(DoubleDouble::from(f64::NAN)));
                    group.push(&Trial { estimate, numbers, truth, name: trial.or(position), candidate })?;
                }
            }
            Ok(())
        };
        self.block.is_full |= push().is_err();
        Ok(())
    }

    /// The estimand of a row, if it has one.
    fn truth_of(&mut self, row: &ByteRecord, line: u64, places: &Places) -> Result<Option<DoubleDouble>, CellMistake> {
        if let RowTruth::Of(place, truths) = self.layout.truth {
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
        match self.layout.format.number(row.get(place).unwrap_or_default()) {
            NumberCell::Number(number) => Ok(Some(number)),
            NumberCell::Missing => {
                if let Some(count) = self.block.missing.get_mut(place) {
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
        CellMistake { line, column: self.layout.header.names.get(place).cloned(), found, rule, help }
    }

    /// The group of a row, which may be new.
    fn group(&mut self, row: &ByteRecord, line: u64, set: usize, places: &Places) -> Result<usize, CellMistake> {
        self.key.clear();
        for &place in &self.layout.keys {
            self.key.extend_from_slice(row.get(place).unwrap_or_default());
            self.key.push(0xff);
        }
        self.key.extend(places.label.iter().flat_map(|label| label.bytes()));
        let recent = self.recent.get(set).copied().flatten();
        if let Some(place) = recent.filter(|&place| self.block.groups.get(place).is_some_and(|one| one.key == self.key))
        {
            return Ok(place);
        }
        let place = match self.groups.get(&self.key) {
            Some(&place) => place,
            None => self.new_group(row, line, set, places)?,
        };
        if let Some(recent) = self.recent.get_mut(set) {
            *recent = Some(place);
        }
        Ok(place)
    }

    fn new_group(&mut self, row: &ByteRecord, line: u64, set: usize, places: &Places) -> Result<usize, CellMistake> {
        let mut keys = Vec::new();
        for &place in &self.layout.keys {
            let cell = row.get(place).unwrap_or_default().to_vec();
            let mistake = |_| self.mistake(row, line, place, "text is UTF-8", "save the file as UTF-8".to_owned());
            keys.push(String::from_utf8(cell).map_err(mistake)?);
        }
        keys.extend(places.label.clone());
        let group = Group { keys, ..Group::default() };
        self.block.groups.push(BlockGroup { key: self.key.clone(), set, group, rows: Vec::new() });
        let place = self.block.groups.len() - 1;
        self.groups.insert(self.key.clone(), place);
        Ok(place)
    }
}
