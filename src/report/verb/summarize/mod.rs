//! The performance measures of external trials.

pub(super) mod gates;

pub use gates::GatesReport;

use crate::external_trials::{GroupMeasure, GroupPerformance, Pairing};
use crate::report::{Align, Cell, ErrorStyle, Table, Tone, Value, counted, grouped, json_number, printable};
use kl_math::numeric::{shortest, shortest_real};
use kl_math::statistics::Measure;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::fmt;

/// The largest number of groups that are shown on a terminal.
const SHOWN_GROUPS: usize = 30;

/// The output of `runner summarize`.
pub struct TrialsReport<'a> {
    /// The files or folders.
    pub files: &'a [String],
    /// The columns that define the groups.
    pub by: &'a [String],
    /// The level of the intervals, if there are any.
    pub level: Option<f64>,
    /// The group that precision is compared with.
    pub reference: Option<&'a str>,
    /// How trials are paired.
    pub pairing: &'a Pairing,
    /// The number of cells of each column that stand for a missing number.
    pub missing_cells: &'a BTreeMap<String, u64>,
    /// What else a reader should know.
    pub notes: &'a [String],
    /// Whether big numbers are dropped.
    pub is_dropping: bool,
    /// The groups.
    pub groups: &'a [GroupPerformance],
    /// The gates that they were held against.
    pub gates: &'a GatesReport<'a>,
}

impl TrialsReport<'_> {
    /// A row for each measure of each group, in long form: the keys, `measure`, `estimate`, `mcse`, the number of trials that the
    /// measure is of, and how many had an infinite estimate or lacked something that the measure needs.
    pub fn csv(&self) -> csv::Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let fixed = ["measure", "estimate", "mcse", "trials", "infinite", "missing"];
        let dropped = self.is_dropping.then_some("dropped");
        writer.write_record(self.by.iter().map(String::as_str).chain(fixed).chain(dropped))?;
        for group in self.groups {
            for found in &group.measures {
                let mcse = found.mcse.map(shortest_real).unwrap_or_default();
                let cells = [found.measure.name().to_owned(), shortest_real(found.estimate), mcse];
                let missing = group.missing + group.trials - found.trials;
                let counts = [found.trials, group.infinite, missing].map(|count| count.to_string());
                let dropped = self.is_dropping.then(|| group.dropped.to_string());
                writer.write_record(group.keys.iter().chain(&cells).chain(&counts).chain(&dropped))?;
            }
        }
        let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The JSON document; its schema is in `docs/json.md`.
    pub fn json(&self) -> Json {
        let group = |group: &GroupPerformance| {
            let keys = self.by.iter().cloned().zip(group.keys.iter().map(|key| key.as_str().into()));
            let measure = |found: &GroupMeasure| {
                let (estimate, mcse) = (json_number(found.estimate), found.mcse.map(json_number));
                (found.measure.name().to_owned(), json!({ "estimate": estimate, "mcse": mcse, "trials": found.trials }))
            };
            json!({
                "by": Json::Object(keys.collect::<Map<_, _>>()),
                "truth": group.truth.map(json_number),
                "trials": group.trials,
                "infinite": group.infinite,
                "missing": group.missing,
                "dropped": group.dropped,
                "without_std_error": group.without_std_error,
                "without_interval": group.without_interval,
                "pairs": group.pairs,
                "measures": Json::Object(group.measures.iter().map(measure).collect::<Map<_, _>>()),
            })
        };
        json!({
            "schema": "kl-runner/summarize/1",
            "file": if let [file] = self.files { Json::from(file.as_str()) } else { Json::Null },
            "files": self.files,
            "level": self.level,
            "reference": self.reference,
            "missing_cells": self.missing_cells,
            "groups": self.groups.iter().map(group).collect::<Vec<_>>(),
            "gates": self.gates.json(),
        })
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        self.by.iter().for_each(|key| table.column(printable(key), Align::Left));
        table.column("trials", Align::Right);
        table.column("measure", Align::Left);
        table.column("estimate", Align::Right);
        for group in self.groups.iter().take(SHOWN_GROUPS) {
            let mut first: Vec<Cell> = group.keys.iter().map(|key| printable(key).into()).collect();
            first.push(Value::Whole(group.trials).into());
            if group.measures.is_empty() {
                table.row(first.iter().cloned().chain(["none".into(), Cell::default()]).collect());
            }
            for found in &group.measures {
                let value = Value::Estimate { value: found.estimate, error: found.mcse, style: ErrorStyle::PlusMinus };
                let cells = [title(found.measure).into(), value.into()];
                table.row(first.iter().cloned().chain(cells).collect());
                first.fill(Cell::default());
            }
        }
        table
    }

    /// A row for each of the first groups with all its measures, and the number of groups that are left out.
    pub fn table_of_groups(&self) -> (Table, usize) {
        const SHOWN: usize = 200;
        let has = |measure: &Measure| {
            self.groups.iter().any(|group| group.measures.iter().any(|found| found.measure == *measure))
        };
        let measures: Vec<Measure> = Measure::ALL.iter().copied().filter(has).collect();
        let mut table = Table::new();
        self.by.iter().for_each(|key| table.column(printable(key), Align::Left));
        table.column("trials", Align::Right);
        measures.iter().for_each(|&measure| table.column(title(measure), Align::Right));
        for group in self.groups.iter().take(SHOWN) {
            let keys = group.keys.iter().map(|key| Cell::from(printable(key)));
            let cell = |&measure: &Measure| match group.measures.iter().find(|found| found.measure == measure) {
                Some(found) => {
                    Value::Estimate { value: found.estimate, error: found.mcse, style: ErrorStyle::PlusMinus }.into()
                }
                None => Cell::default(),
            };
            table.row(keys.chain([Value::Whole(group.trials).into()]).chain(measures.iter().map(cell)).collect());
        }
        (table, self.groups.len().saturating_sub(SHOWN))
    }

    /// Whether all groups keep the gates, if there are any.
    pub fn verdict(&self) -> Option<(&'static str, Tone)> {
        (!self.gates.gates.is_empty()).then(|| match self.gates.failed().next() {
            None => ("all groups keep the limits", Tone::Good),
            Some(_) => ("beyond a limit", Tone::Bad),
        })
    }

    /// What the trials are, in a line.
    pub fn headline(&self) -> String {
        let count = counted(self.groups.iter().map(|group| group.trials).sum(), "estimate");
        let mut line = format!("{}: {count}", printable(&self.files.join(", ")));
        let mut truths: Vec<f64> = self.groups.iter().filter_map(|group| group.truth).collect();
        truths.dedup();
        line += &match truths.as_slice() {
            _ if self.groups.iter().any(|group| group.has_truths) => ", each row with its own estimand".to_owned(),
            [] => ", no estimand".to_owned(),
            [truth] => format!(", estimand {}", shortest(*truth)),
            _ => ", each group with its own estimand".to_owned(),
        };
        if let Some(level) = self.level {
            line += &format!(", intervals at level {}", shortest(level));
        }
        line
    }

    /// Notes on what is not in the table.
    pub fn notes(&self) -> Vec<String> {
        let total = |count: fn(&GroupPerformance) -> u64| self.groups.iter().map(count).sum::<u64>();
        let mut notes = Vec::new();
        let mut note = |count: u64, noun: &str, what: &str| {
            if count > 0 {
                let is = if count == 1 { "is" } else { "are" };
                notes.push(format!("{} {is} {what}", counted(count, noun)));
            }
        };
        note(total(|group| group.infinite), "estimate", "infinite: the measures use the others");
        note(total(|group| group.missing), "estimate", "missing: the measures use the others");
        note(
            total(|group| group.without_std_error),
            "estimate",
            "without a standard error: measures that need one use the others",
        );
        note(
            total(|group| group.without_interval),
            "estimate",
            "without limits, degrees of freedom or a p-value: measures that need one use the others",
        );
        note(total(|group| group.dropped), "trial", "dropped because of a big estimate or standard error (--drop-big)");
        if !self.missing_cells.is_empty() {
            let cells =
                self.missing_cells.iter().map(|(column, count)| format!("{} {}", printable(column), grouped(*count)));
            notes.push(format!("cells without a number: {}", cells.collect::<Vec<_>>().join(", ")));
        }
        notes.extend(self.notes.iter().map(|note| printable(note)));
        if let Some(reference) = self.reference {
            let how = match self.pairing {
                Pairing::Named => "over the same trials".to_owned(),
                Pairing::Position { candidates } => match candidates.as_slice() {
                    [] => "over rows that are paired by position, since no column names the trials".to_owned(),
                    [first, ..] => {
                        let names: Vec<_> = candidates.iter().map(|name| printable(name)).collect();
                        format!(
                            "over rows that are paired by position; {} may name the trials: --trial-column {}",
                            names.join(", "),
                            printable(first)
                        )
                    }
                },
            };
            notes.push(format!("precision gain: precision relative to {}, {how}", printable(reference)));
        }
        notes
    }
}

impl fmt::Display for TrialsReport<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}\n", self.headline())?;
        fmt::Display::fmt(&self.table(), out)?;
        let hidden = self.groups.len().saturating_sub(SHOWN_GROUPS) as u64;
        let is = if hidden == 1 { "is" } else { "are" };
        let hidden = (hidden > 0)
            .then(|| format!("{} {is} not shown; --format csv has them all", counted(hidden, "more group")));
        let notes: Vec<String> = hidden.into_iter().chain(self.notes()).collect();
        if !notes.is_empty() {
            writeln!(out)?;
        }
        notes.iter().try_for_each(|note| writeln!(out, "{note}"))?;
        if !self.gates.gates.is_empty() {
            write!(out, "\n{}", self.gates)?;
        }
        Ok(())
    }
}

/// Its name for people.
fn title(measure: Measure) -> String {
    let name = measure.name().replace('_', " ");
    match measure {
        Measure::ModelSeError | Measure::PrecisionGain => format!("{name} (%)"),
        _ => name,
    }
}
