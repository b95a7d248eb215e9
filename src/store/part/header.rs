//! The first line of a part file.

use crate::experiment::KeptRows;
use crate::plan::{BlockRow, PartNumber, Place, Plan};
use crate::record::hex;
use kl_sim::simulation::STREAM_VERSION;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::ops::Range;

/// The version of the layout of a part file.
pub(super) const FORMAT: u32 = 1;

/// What a part must be of, to be put together with others: the same spec, program and streams, cut in the same places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The version of the layout.
    #[serde(rename = "kl_runner_part")]
    format: u32,
    program: String,
    version: String,
    stream_version: u32,
    experiment: String,
    seed: u64,
    /// The SHA-256 of the spec with every default and override filled in, as in the manifest.
    spec_sha256: String,
    /// A short digest of the value of each key, which tells which of them differ.
    keys: BTreeMap<String, String>,
    /// The SHA-256 of what the cut depends on; none where there is one part.
    cut_sha256: Option<String>,
}

/// How a part differs from what it must be of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// Another version of the program.
    #[error("is of {found}, and this is {here}")]
    Program {
        /// The program that wrote it, with its version.
        found: String,
        /// This one.
        here: String,
    },
    /// Other streams.
    #[error("is of stream version {found}, and this program has {STREAM_VERSION}")]
    Streams {
        /// Its stream version.
        found: u32,
    },
    /// Another experiment.
    #[error("is of the experiment `{found}`")]
    Experiment {
        /// Its name.
        found: String,
    },
    /// Another seed, and nothing else.
    #[error("is of another seed: {found}, and the spec has {here}")]
    Seed {
        /// Its seed.
        found: u64,
        /// The plan's.
        here: u64,
    },
    /// Another spec.
    #[error("is of another spec: {} differ{}", listed(.keys), if .keys.len() == 1 { "s" } else { "" })]
    Spec {
        /// The keys whose values differ.
        keys: Vec<String>,
    },
    /// The same spec, cut elsewhere: a pilot gave other numbers of trials.
    #[error("has other numbers of trials: the pilot of a program of your own gave others there")]
    Cut,
    /// A range of blocks that the part does not have.
    #[error("says that it is part {number}, and its blocks are those of no such part")]
    Range {
        /// Its number.
        number: PartNumber,
    },
}

impl Identity {
    /// What the parts of a plan are of; `row` is how it is cut, if it is.
    pub fn new(plan: &Plan, row: Option<&BlockRow>) -> Self {
        let sha256 = |text: &str| hex(&Sha256::digest(text.as_bytes()));
        let digest = |value: &serde_json::Value| sha256(&value.to_string()).chars().take(8).collect();
        Self {
            format: FORMAT,
            program: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            stream_version: STREAM_VERSION,
            experiment: plan.experiment.clone(),
            seed: plan.seed.get(),
            spec_sha256: sha256(&serde_json::Value::from(plan.resolved.clone()).to_string()),
            keys: plan.resolved.iter().map(|(key, value)| (key.clone(), digest(value))).collect(),
            cut_sha256: row.map(|row| sha256(&row.described())),
        }
    }

    /// How a part differs from this, if it does.
    pub fn mismatch(&self, found: &Self) -> Option<Mismatch> {
        let named = |of: &Self| format!("{} {}", of.program, of.version);
        if (&found.program, &found.version) != (&self.program, &self.version) {
            return Some(Mismatch::Program { found: named(found), here: named(self) });
        }
        if found.stream_version != self.stream_version {
            return Some(Mismatch::Streams { found: found.stream_version });
        }
        if found.experiment != self.experiment {
            return Some(Mismatch::Experiment { found: found.experiment.clone() });
        }
        if found.spec_sha256 != self.spec_sha256 || found.keys != self.keys {
            let keys = self.keys.keys().chain(found.keys.keys().filter(|key| !self.keys.contains_key(*key)));
            let differ = keys.filter(|key| self.keys.get(*key) != found.keys.get(*key));
            let keys: Vec<String> = differ.cloned().collect();
            let is_seed = keys == ["seed"] && found.seed != self.seed;
            return Some(if is_seed {
                Mismatch::Seed { found: found.seed, here: self.seed }
            } else {
                Mismatch::Spec { keys: if keys.is_empty() { vec!["its digest".to_owned()] } else { keys } }
            });
        }
        (found.cut_sha256 != self.cut_sha256).then_some(Mismatch::Cut)
    }
}

/// All that the first line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// What it is of.
    #[serde(flatten)]
    pub identity: Identity,
    /// Which part.
    pub part: PartNumber,
    /// The blocks of the part.
    pub wanted: Range<Place>,
    /// Those that are done.
    pub done: Range<Place>,
    /// Where the rows of their trials are.
    pub rows: KeptRows,
    /// How many bytes of rows the file itself holds, after the summaries.
    pub tail: u64,
}

impl Header {
    /// Whether all of its blocks are done.
    pub fn is_whole(&self) -> bool {
        self.done == self.wanted
    }

    /// Whether it is possible at all.
    pub(super) fn is_sound(&self) -> bool {
        let (wanted, done) = (&self.wanted, &self.done);
        done.start == wanted.start && done.start <= done.end && done.end <= wanted.end
    }
}

/// The first few of some keys.
fn listed(keys: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<&str> = keys.iter().take(SHOWN).map(String::as_str).collect();
    let more = keys.len().saturating_sub(SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}
