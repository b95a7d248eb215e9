//! `manifest.json` of saved trials: the files of the folder, and what the summary was asked for.

use crate::external_trials::SummarySpec;
use crate::outside::check_name;
use crate::record::{FORMAT, Stamp, hex};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What `kind` is in the manifest of saved trials; that of a run has none.
const KIND: &str = "trials";

/// The manifest of a folder that `runner summarize --save` wrote. Nothing in it differs from run to run over the same trials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialsManifest {
    /// The version of the layout.
    pub format: u32,
    /// `trials`.
    pub kind: String,
    /// The program.
    pub program: String,
    /// Its version.
    pub version: String,
    /// The name of the study, which is that of the folder.
    pub experiment: String,
    /// What the summary was asked for.
    pub spec: SummarySpec,
    /// The SHA-256 of `spec`, written compactly.
    pub spec_sha256: String,
    /// What tells the files of trials apart, in their order, if there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// The SHA-256 of each file, by its name.
    pub files: BTreeMap<String, String>,
}

/// Whether JSON is the manifest of saved trials.
pub(in crate::record) fn is_of_trials(json: &Value) -> bool {
    json.get("kind").and_then(Value::as_str) == Some(KIND)
}

impl TrialsManifest {
    /// The manifest of files that hold trials with these labels.
    pub fn new(experiment: &str, spec: &SummarySpec, labels: &[String], files: &[Stamp]) -> serde_json::Result<Self> {
        Ok(Self {
            format: FORMAT,
            kind: KIND.to_owned(),
            program: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            experiment: experiment.to_owned(),
            spec: spec.clone(),
            spec_sha256: digest(spec)?,
            labels: if labels.len() > 1 { labels.to_vec() } else { Vec::new() },
            files: files.iter().map(|stamp| (stamp.name.clone(), stamp.sha256.clone())).collect(),
        })
    }

    /// Reads one; the error is the reason why it cannot be used.
    pub(super) fn read(json: Value) -> Result<Self, String> {
        let manifest: Self = serde_json::from_value(json).map_err(|error| error.to_string())?;
        for name in manifest.files.keys().chain([&manifest.experiment]) {
            check_name(name).map_err(|error| format!("it names {error}"))?;
        }
        match manifest.spec.mistake() {
            Some(rule) => Err(rule.to_owned()),
            None if manifest.spec_sha256 != digest(&manifest.spec).map_err(|error| error.to_string())? => {
                Err("its `spec` is not the one that was saved".to_owned())
            }
            None => Ok(manifest),
        }
    }

    /// The manifest as it is written.
    pub fn to_json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// The name of each file of trials with its label.
    pub fn trials(&self) -> Vec<(String, Option<&str>)> {
        if self.labels.is_empty() {
            return vec![(trials_name(0, 1), None)];
        }
        let count = self.labels.len();
        self.labels.iter().enumerate().map(|(place, label)| (trials_name(place, count), Some(label.as_str()))).collect()
    }

    /// The keys in which another spec differs.
    pub fn differences(&self, other: &SummarySpec) -> Vec<String> {
        let [here, there] = [&self.spec, other].map(|spec| serde_json::to_value(spec).unwrap_or_default());
        let keys = here.as_object().into_iter().flat_map(|keys| keys.keys());
        keys.filter(|key| here.get(key) != there.get(key)).map(|key| key.replace('_', "-")).collect()
    }
}

/// The SHA-256 of a spec, written compactly.
fn digest(spec: &SummarySpec) -> serde_json::Result<String> {
    Ok(hex(&Sha256::digest(serde_json::to_string(spec)?.as_bytes())))
}

/// The name of the file of trials at a place of so many.
pub fn trials_name(place: usize, count: usize) -> String {
    if count > 1 { format!("trials-{}.csv", place + 1) } else { "trials.csv".to_owned() }
}
