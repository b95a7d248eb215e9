//! What a results folder holds of a spec that is about to run again, and what the run would lose.

use super::PARTIAL;
use crate::experiment_file::grouped;
use crate::outside::{WithinLines, open_file, printable};
use crate::plan::{Condition, Plan, Record};
use crate::record::{Label, MANIFEST, Manifest, ResultsError, ResultsReader, TableReader};
use kl_sim::estimator::split_component;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

const SUMMARY: &str = "summary.csv";
const TRIALS: &str = "trials.csv";

/// The keys of a spec that change no trial: with more trials the earlier ones stay, and recording them moves no number.
const KEYS_OF_EXTENT: [&str; 2] = ["trials", "record"];

/// Why a run is refused: it would lose what took time.
#[derive(Debug, thiserror::Error)]
pub enum Loss {
    /// There are more trials of the same spec.
    #[error("this run of the same spec has fewer trials than {}, and would replace {}:{}", shown(.folder), .files.join(" and "), held(.trials))]
    Fewer {
        /// The results folder.
        folder: PathBuf,
        /// The files that hold them.
        files: Vec<&'static str>,
        /// The conditions of which there are more.
        trials: Vec<Held>,
    },
    /// The trials of the same spec are recorded, and the run would not record its own, of which there are more.
    #[error("this run of the same spec does not record its trials, and would remove {}:{}", shown(&.folder.join(TRIALS)), held(.trials))]
    Unrecorded {
        /// The results folder.
        folder: PathBuf,
        /// The conditions.
        trials: Vec<Held>,
    },
    /// There are recorded trials, and it is not known of which spec.
    #[error("{} may hold trials of this spec, and this run would {}", shown(&.folder.join(TRIALS)), if *.is_recorded { "replace it" } else { "remove it" })]
    Unknown {
        /// The results folder.
        folder: PathBuf,
        /// Whether the run records its trials.
        is_recorded: bool,
        /// Why the spec or the number of trials is not known.
        source: ResultsError,
    },
}

impl Loss {
    /// The next step for the user.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Fewer { .. } => "to keep them, choose another folder with --out; to replace them, add --replace",
            Self::Unrecorded { .. } => {
                "to record all trials, add --record; to keep the file, choose another folder with --out; to remove it, add --replace"
            }
            Self::Unknown { .. } => {
                "move the file away, or choose another folder with --out; to replace the results, add --replace"
            }
        }
    }
}

/// The trials of one condition, held and planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The condition, counted from 1.
    pub condition: usize,
    /// How many there are.
    pub held: u64,
    /// How many the run has.
    pub planned: u64,
}

/// What there is of a spec.
#[derive(Debug, Default)]
pub struct Earlier {
    /// Whether a run of the plan is to record its trials, since those of just this spec are recorded.
    pub is_recorded: bool,
    /// What is wrong with the recorded trials, if anything.
    pub damage: Option<ResultsError>,
    /// Of which conditions.
    pub trials: Vec<Held>,
    /// What a run of the plan would lose.
    pub losses: Vec<Loss>,
}

impl Earlier {
    /// What `folder` holds of the spec of `plan`. The caller holds the lock of the folder.
    pub(super) fn of(folder: &Path, plan: &Plan) -> Self {
        let mut earlier = Self::default();
        earlier.losses.extend(partial_loss(folder, plan));
        let has_trials = folder.join(TRIALS).is_file();
        let unknown = |source| {
            let is_recorded = plan.record == Record::Csv;
            has_trials.then(|| Loss::Unknown { folder: folder.to_owned(), is_recorded, source })
        };
        let reader = match ResultsReader::open(folder) {
            Ok(reader) => reader,
            Err(error) => {
                earlier.losses.extend(unknown(error));
                return earlier;
            }
        };
        let manifest = reader.manifest();
        if !is_same_spec(manifest, plan) {
            return earlier;
        }
        let held = match held_trials(&reader, plan) {
            Ok(held) => held,
            Err(error) => {
                earlier.losses.extend(unknown(error));
                return earlier;
            }
        };
        let compared = compare(&held, &plan.conditions);
        let fewer: Vec<Held> = compared.iter().filter(|trials| trials.planned < trials.held).copied().collect();
        let would_drop = has_trials && plan.record == Record::None;
        if !fewer.is_empty() {
            let files = [SUMMARY].into_iter().chain(has_trials.then_some(TRIALS)).collect();
            earlier.losses.push(Loss::Fewer { folder: folder.to_owned(), files, trials: fewer });
        } else if would_drop && compared.iter().any(|trials| trials.planned > trials.held) {
            earlier.losses.push(Loss::Unrecorded { folder: folder.to_owned(), trials: compared });
        } else if would_drop {
            (earlier.is_recorded, earlier.trials) = (true, compared);
            earlier.damage = damage_of_trials(&reader);
        }
        earlier
    }
}

/// Whether two specs differ in nothing but how many trials there are and whether they are recorded.
fn is_same_spec(manifest: &Manifest, plan: &Plan) -> bool {
    let mut differences = manifest.differences(&plan.resolved).into_iter();
    differences.all(|difference| KEYS_OF_EXTENT.contains(&difference.key.as_str()))
}

/// The number of trials of each condition, by its place from 0, as the manifest or else the rows have it.
fn held_trials(reader: &ResultsReader, plan: &Plan) -> Result<BTreeMap<usize, u64>, ResultsError> {
    let written = reader.manifest().spec.get("trials");
    let places = || 0..plan.conditions.len();
    if let Some(trials) = written.and_then(Value::as_u64) {
        return Ok(places().map(|place| (place, trials)).collect());
    }
    // A goal gives the same numbers each time.
    if written == plan.resolved.get("trials") {
        return Ok(places().zip(plan.conditions.iter().map(|condition| condition.trials)).collect());
    }
    let mut held = BTreeMap::new();
    let path = reader.folder().join(SUMMARY);
    let is_read = each_row(&path, ["condition", "trials"], |[condition, trials]| {
        note_trials(&mut held, condition, trials);
    });
    match is_read {
        Some(()) => Ok(held),
        None => Err(ResultsError::Edited { path }),
    }
}

fn note_trials(held: &mut BTreeMap<usize, u64>, condition: &str, trials: &str) {
    // A row without trials has none to lose.
    if let (Ok(condition @ 1..), Ok(trials)) = (condition.parse::<usize>(), trials.parse::<u64>()) {
        let most = held.entry(condition - 1).or_default();
        *most = trials.max(*most);
    }
}

/// What the rows of an interrupted run hold, if they are of the plan's spec and have more trials.
fn partial_loss(folder: &Path, plan: &Plan) -> Option<Loss> {
    let (mut held, mut has_failed, mut is_same) = (BTreeMap::new(), BTreeSet::new(), true);
    let columns = ["condition", "trials", "failed_trials", "p", "q", "n", "seed", "sampler", "estimator"];
    each_row(&folder.join(PARTIAL), columns, |[condition, trials, failed, rest @ ..]| {
        let number = condition.parse().unwrap_or_default();
        is_same &= is_row_of(plan, number, rest);
        note_trials(&mut held, condition, trials);
        if failed != "0" {
            has_failed.insert(number);
        }
    })?;
    let mut trials = if is_same { compare(&held, &plan.conditions) } else { Vec::new() };
    // A program that failed will be corrected, and then its results are others.
    trials.retain(|trials| trials.planned < trials.held && !has_failed.contains(&trials.condition));
    (!trials.is_empty()).then(|| Loss::Fewer { folder: folder.to_owned(), files: vec![PARTIAL], trials })
}

/// Whether a run of the plan has a row with these fields.
fn is_row_of(plan: &Plan, condition: usize, [p, q, n, seed, sampler, estimator]: [&str; 6]) -> bool {
    let planned = condition.checked_sub(1).and_then(|place| plan.conditions.get(place));
    planned.is_some_and(|planned| {
        let label = |name: String| Label::new(&name).shown().to_owned();
        n.parse() == Ok(planned.n)
            && seed.parse() == Ok(plan.seed.get())
            && sampler == plan.sampler.name()
            && plan.estimators.iter().any(|planned| split_component(planned.name()).0 == estimator)
            && p == label(planned.source().to_string())
            && q == label(planned.model().to_string())
    })
}

/// Calls `take` with some fields of each row of a CSV file, which need not be whole. None if it cannot be read.
fn each_row<const K: usize>(path: &Path, columns: [&str; K], mut take: impl FnMut([&str; K])) -> Option<()> {
    let mut table = TableReader::new(WithinLines::new(open_file(path).ok()?)).ok()?;
    let places = columns.map(|name| table.columns().iter().position(|column| column == name));
    if places.iter().any(Option::is_none) {
        return None;
    }
    while let Some(row) = table.next_row().ok()? {
        take(places.map(|place| place.and_then(|place| row.get(place)).map_or("", String::as_str)));
    }
    Some(())
}

fn compare(held: &BTreeMap<usize, u64>, conditions: &[Condition]) -> Vec<Held> {
    let planned = conditions.iter().enumerate().filter(|(_, condition)| !condition.is_refused());
    let both = planned.filter_map(|(place, condition)| Some((place, *held.get(&place)?, condition.trials)));
    both.map(|(place, held, planned)| Held { condition: place + 1, held, planned }).collect()
}

/// Why the recorded trials are not those that the manifest was written for, if they are not.
fn damage_of_trials(reader: &ResultsReader) -> Option<ResultsError> {
    if reader.manifest().files.contains_key(TRIALS) {
        return reader.check(TRIALS).err();
    }
    let reason = format!("it does not name {TRIALS}");
    Some(ResultsError::Manifest { path: reader.folder().join(MANIFEST), reason })
}

/// A path in one line, since the message has several.
fn shown(path: &Path) -> String {
    printable(&path.display().to_string())
}

fn with_commas(number: u64) -> String {
    grouped(number.into()).replace('_', ",")
}

/// The numbers of trials, a line for conditions in a row that have the same.
fn held(trials: &[Held]) -> String {
    const SHOWN: usize = 4;
    let is_next = |one: &Held, next: &Held| {
        next.condition == one.condition + 1 && (one.held, one.planned) == (next.held, next.planned)
    };
    let runs: Vec<&[Held]> = trials.chunk_by(is_next).collect();
    let mut text = String::new();
    for run in runs.iter().take(SHOWN) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let number = |condition: usize| with_commas(condition as u64);
        let conditions = match run.len() {
            1 => format!("condition {}", number(first.condition)),
            2 => format!("conditions {} and {}", number(first.condition), number(last.condition)),
            _ => format!("conditions {} to {}", number(first.condition), number(last.condition)),
        };
        let [held, planned] = [first.held, first.planned].map(with_commas);
        let noun = if first.held == 1 { "trial" } else { "trials" };
        // Writing to a string does not fail.
        let _ = write!(text, "\n  {held} {noun} of {conditions}, now {planned}");
    }
    let others: usize = runs.iter().skip(SHOWN).map(|run| run.len()).sum();
    if others > 0 {
        let _ = write!(text, "\n  and those of {} more", with_commas(others as u64));
    }
    text
}
