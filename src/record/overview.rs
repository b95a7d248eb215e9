//! What all rows of an experiment have in common.

use super::Manifest;
use crate::plan::Plan;
use kl_math::statistics::Unit;
use kl_sim::estimator::name_with;

/// The head of an experiment's results.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// The experiment's name.
    pub experiment: String,
    /// What it asks.
    pub question: Option<String>,
    /// Where its random numbers start.
    pub seed: u64,
    /// How sequences were made.
    pub sampler: String,
    /// The unit of its numbers.
    pub unit: Unit,
    /// What conditions differ in, N aside: a column of `summary.csv` each.
    pub setting_names: Vec<String>,
    /// The estimators, in order.
    pub estimators: Vec<String>,
}

impl Overview {
    /// Of an experiment that was just run.
    pub fn of_plan(plan: &Plan) -> Self {
        Self {
            experiment: plan.experiment.clone(),
            question: plan.question.clone(),
            seed: plan.seed.get(),
            sampler: plan.sampler.name().to_owned(),
            unit: plan.unit,
            setting_names: plan.setting_names.clone(),
            estimators: plan.estimators.iter().map(|estimator| estimator.name().to_owned()).collect(),
        }
    }

    /// Of saved results, whose rows have the columns `setting_names` of their own; none if a key of the spec is not there.
    pub fn of_manifest(manifest: &Manifest, setting_names: Vec<String>) -> Option<Self> {
        let text = |key: &str| manifest.spec.get(key)?.as_str().map(str::to_owned);
        let estimators = manifest.spec.get("estimators")?.as_array()?;
        Some(Self {
            experiment: manifest.experiment.clone(),
            question: text("question"),
            seed: manifest.spec.get("seed")?.as_u64()?,
            sampler: text("sampler")?,
            unit: Unit::named(&text("unit")?)?,
            setting_names,
            estimators: estimators.iter().map(estimator_name).collect::<Option<_>>()?,
        })
    }
}

/// The name of an estimator as the manifest has it: a text, or a table with its name and settings.
fn estimator_name(written: &serde_json::Value) -> Option<String> {
    if let Some(name) = written.as_str() {
        return Some(name.to_owned());
    }
    let table = written.as_object()?;
    if table.contains_key("command") {
        // A program's keys are no part of its name.
        return Some(table.get("name")?.as_str()?.to_owned());
    }
    let settings = table.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_f64()?)));
    Some(name_with(table.get("name")?.as_str()?, settings))
}
