//! `manifest.json`: the files of a results folder and the spec that they came from.

use super::saved_trials::is_of_trials;
use super::{Label, hex};
use crate::outside::check_name;
use crate::plan::{PilotResult, Plan, Record};
use kl_sim::simulation::STREAM_VERSION;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The version of the layout of a results folder.
pub const FORMAT: u32 = 1;

/// A file's name and the SHA-256 of its bytes, in hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The name within the folder.
    pub name: String,
    /// The digest.
    pub sha256: String,
}

/// Why a manifest cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// A newer program wrote it.
    #[error("it has layout {format}, and this program reads up to {FORMAT}")]
    Newer {
        /// Its layout.
        format: u64,
    },
    /// It is of trials that `runner summarize` saved.
    #[error("it is of trials that `runner summarize` saved")]
    OfTrials,
    /// It is not a manifest.
    #[error("{reason}")]
    Malformed {
        /// Why.
        reason: String,
    },
}

/// The manifest. Nothing in it differs from run to run of one spec: no clock, host or path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this layout.
    pub format: u32,
    /// The program.
    pub program: String,
    /// Its version.
    pub version: String,
    /// The version of the random streams: results with another one differ in every digit.
    pub stream_version: u32,
    /// The experiment's name: a plain file name.
    #[serde(deserialize_with = "plain_name")]
    pub experiment: String,
    /// The spec with every default and override filled in.
    pub spec: Map<String, Value>,
    /// The SHA-256 of `spec`, written compactly.
    pub spec_sha256: String,
    /// The full names of the distributions whose names are cut in the rows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub distributions: BTreeMap<String, String>,
    /// The estimators that are programs of the user's own, whose estimates may differ from run to run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external: Vec<String>,
    /// What a pilot found, where trials follow from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pilots: Vec<Value>,
    /// The SHA-256 of each file, by its name, which is a plain one.
    #[serde(deserialize_with = "plain_names")]
    pub files: BTreeMap<String, String>,
}

impl Manifest {
    /// The manifest of files that came from `plan`.
    pub fn new(plan: &Plan, files: &[Stamp]) -> serde_json::Result<Self> {
        let spec_text = serde_json::to_string(&plan.resolved)?;
        let named = plan.conditions.iter().flat_map(|condition| [condition.source(), condition.model()]);
        let distributions = named
            .map(ToString::to_string)
            .map(|full| (Label::new(&full), full))
            .filter(|(label, _)| label.is_cut())
            .map(|(label, full)| (label.shown().to_owned(), full))
            .collect();
        Ok(Self {
            format: FORMAT,
            program: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            stream_version: STREAM_VERSION,
            experiment: plan.experiment.clone(),
            spec: plan.resolved.clone(),
            spec_sha256: hex(&Sha256::digest(spec_text.as_bytes())),
            distributions,
            external: plan.programs().map(|program| program.name.clone()).collect(),
            pilots: plan.pilot.results().iter().map(PilotResult::json).collect(),
            files: files.iter().map(|stamp| (stamp.name.clone(), stamp.sha256.clone())).collect(),
        })
    }

    /// Reads a manifest. The names in it are those of files in its own folder.
    pub fn read(written: &[u8]) -> Result<Self, ManifestError> {
        let malformed = |reason: String| ManifestError::Malformed { reason };
        let text = std::str::from_utf8(written).map_err(|_| malformed("it is not text".to_owned()))?;
        // The version first: another version may have another shape.
        let json: Value = serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
        match json.get("format").and_then(Value::as_u64) {
            Some(format) if format > u64::from(FORMAT) => Err(ManifestError::Newer { format }),
            _ if is_of_trials(&json) => Err(ManifestError::OfTrials),
            _ => serde_json::from_value(json).map_err(|error| malformed(error.to_string())),
        }
    }

    /// The manifest as it is written.
    pub fn to_json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Whether it is of the spec of `plan` with its trials recorded, though the plan does not ask for that.
    pub fn also_records(&self, plan: &Plan) -> bool {
        let differences = self.differences(&plan.resolved);
        let is_recorded = |difference: &Difference| {
            difference.key == "record" && difference.here.as_ref().is_some_and(|here| here == Record::Csv.name())
        };
        !differences.is_empty() && differences.iter().all(is_recorded)
    }

    /// The keys in which another spec differs, each with its value here and there.
    pub fn differences(&self, other: &Map<String, Value>) -> Vec<Difference> {
        let keys = self.spec.keys().chain(other.keys().filter(|key| !self.spec.contains_key(*key)));
        keys.filter(|key| self.spec.get(*key) != other.get(*key))
            .map(|key| Difference {
                key: key.clone(),
                here: self.spec.get(key).cloned(),
                there: other.get(key).cloned(),
            })
            .collect()
    }
}

/// A key that two specs set differently.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The key.
    pub key: String,
    /// Its value in the manifest.
    pub here: Option<Value>,
    /// Its value in the other spec.
    pub there: Option<Value>,
}

/// Reads the name of an experiment, which becomes that of a file.
fn plain_name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let name = String::deserialize(from)?;
    check_name(&name).map_err(|error| D::Error::custom(format!("`experiment` is {error}")))?;
    Ok(name)
}

/// Reads the names of files of the folder.
fn plain_names<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    let files = BTreeMap::<String, String>::deserialize(from)?;
    for name in files.keys() {
        check_name(name).map_err(|error| D::Error::custom(format!("`files` names {error}")))?;
    }
    Ok(files)
}
