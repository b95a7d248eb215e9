//! What all rows of an experiment have in common.

use super::Manifest;
use crate::plan::Plan;
use kl_math::numeric::shortest;
use kl_math::statistics::Unit;
use kl_sim::estimator::split_component;
use serde_json::Value as Json;

/// The head of an experiment's results.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// The experiment's name.
    pub experiment: String,
    /// The question of the experiment file.
    pub question: Option<String>,
    /// The seed of its random streams.
    pub seed: u64,
    /// How sequences were drawn.
    pub sampler: String,
    /// The unit of its numbers.
    pub unit: Unit,
    /// The keys that vary between conditions, apart from N: each is a column of `summary.csv`.
    pub setting_names: Vec<String>,
    /// The estimators, in order.
    pub estimators: Vec<String>,
}

impl Overview {
    /// The overview of an experiment that was just run.
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

    /// Whether its estimators are of the components of a gradient.
    pub fn has_components(&self) -> bool {
        self.estimators.first().is_some_and(|name| split_component(name).1.is_some())
    }

    /// The overview of saved results, as far as the manifest says it: the names of the settings are columns of `summary.csv`.
    /// None if a key of the spec is missing.
    pub fn of_manifest(manifest: &Manifest) -> Option<Self> {
        let text = |key: &str| manifest.spec.get(key)?.as_str().map(str::to_owned);
        let estimators = manifest.spec.get("estimators")?.as_array()?;
        Some(Self {
            experiment: manifest.experiment.clone(),
            question: text("question"),
            seed: manifest.spec.get("seed")?.as_u64()?,
            sampler: text("sampler")?,
            unit: Unit::named(&text("unit")?)?,
            setting_names: Vec::new(),
            estimators: match manifest.spec.get("components").and_then(Json::as_array) {
                Some(components) => {
                    let names = estimators.iter().map(estimator_name).collect::<Option<Vec<_>>>()?;
                    let of = |name: &String, component: &Json| Some(format!("{name}[{}]", component.as_str()?));
                    let all = names.iter().flat_map(|name| components.iter().map(move |component| of(name, component)));
                    all.collect::<Option<_>>()?
                }
                None => estimators.iter().map(estimator_name).collect::<Option<_>>()?,
            },
        })
    }
}

/// The name of an estimator as the manifest has it: a text, or a table with its name and settings.
fn estimator_name(written: &Json) -> Option<String> {
    if let Some(name) = written.as_str() {
        return Some(name.to_owned());
    }
    let table = written.as_object()?;
    if table.contains_key("command") {
        // A program's keys are no part of its name.
        return Some(table.get("name")?.as_str()?.to_owned());
    }
    let setting = |(key, value): (&String, &Json)| {
        let text = match value {
            Json::Number(number) => shortest(number.as_f64()?),
            Json::String(word) => word.clone(),
            Json::Bool(flag) => flag.to_string(),
            _ => return None,
        };
        Some(format!("{key}={text}"))
    };
    let settings: Vec<String> = table.iter().filter(|(key, _)| *key != "name").filter_map(setting).collect();
    let name = table.get("name")?.as_str()?;
    // As `name_with` has it.
    Some(if settings.is_empty() { name.to_owned() } else { format!("{name}({})", settings.join("; ")) })
}
