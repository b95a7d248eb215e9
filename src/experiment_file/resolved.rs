//! The experiment with its defaults filled in, as in the manifest: files with the same meaning give the same result.

use super::column_file::Files;
use super::conditions::fixed;
use super::grid::{Axis, AxisValues, Path};
use super::keys::{Keys, Listed, Trials, built_in_json, program_json};
use super::value::Value;
use crate::plan::PlannedEstimator;
use kl_sim::estimator::split_component;
use serde_json::{Map, Value as Json, json};

/// The keys in the order of [`KEYS`](super::keys::KEYS). A parameter that the grid or the cases set appears only there.
pub(super) fn resolved(keys: &Keys, files: &Files, reference: usize) -> Map<String, Json> {
    let paths = || keys.axes().flat_map(|axis| &axis.paths);
    let distribution = |side: &str, written: Option<&Value>| {
        fixed(written, paths().filter(|path| path.side() == side)).map(|value| value.json())
    };
    let estimators: Vec<Json> = match &keys.gradient {
        Some(gradient) => gradient.json(),
        None => keys.estimators.iter().map(|listed| estimator_json(&listed.estimator)).collect(),
    };
    let component = |listed: &Listed| split_component(listed.estimator.name()).1.map(str::to_owned);
    let mut components: Vec<String> = keys.estimators.iter().filter_map(component).collect();
    components.truncate(components.len() / estimators.len().max(1));
    let keys = [
        ("question", keys.question.as_deref().map(Json::from)),
        ("seed", Some(keys.seed.get().into())),
        ("trials", keys.trials.map(Trials::json)),
        ("N", keys.lengths.as_deref().filter(|_| !paths().any(Path::is_length)).map(Json::from)),
        ("P", distribution("P", keys.source.as_ref())),
        ("Q", distribution("Q", keys.model.as_ref())),
        ("S", distribution("S", keys.behaviour.as_ref())),
        ("unit", Some(keys.unit.name().into())),
        ("record", Some(keys.record.name().into())),
        ("sampler", Some(keys.sampler.name().into())),
        ("gradient", keys.gradient.as_ref().map(|gradient| gradient.text().into())),
        // What the gradient has: the parameters follow from P or Q.
        ("components", keys.gradient.is_some().then(|| json!(components))),
        ("estimators", Some(json!(estimators))),
        // The default is left out.
        (
            "reference",
            keys.estimators
                .get(reference)
                .filter(|_| reference > 0)
                .map(|listed| split_component(listed.estimator.name()).0.into()),
        ),
        ("level", keys.level.map(|level| level.get().into())),
        ("decide", test(keys, "decide")),
        ("stop", test(keys, "stop")),
        ("grid", (!keys.grid.is_empty()).then(|| grid(&keys.grid))),
        ("case", keys.cases.as_ref().map(cases)),
        // What P and Q were read from is part of what they are.
        ("files", files.digests()),
    ];
    keys.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

/// The name of an estimator, or a table if it has settings.
fn estimator_json(estimator: &PlannedEstimator) -> Json {
    match estimator {
        PlannedEstimator::Estimator(estimator) => built_in_json(estimator.as_ref()),
        PlannedEstimator::Program(program) => program_json(program),
    }
}

/// The table of a test, without what the grid or the cases set.
fn test(keys: &Keys, name: &str) -> Option<Json> {
    let (.., written) = keys.tests.iter().find(|(test, ..)| *test == name)?;
    let varied = keys.axes().flat_map(|axis| &axis.paths).filter(|path| path.side() == name);
    fixed(Some(written), varied).map(|value| value.json())
}

fn grid(axes: &[Axis]) -> Json {
    let entry = |axis: &Axis| Some((axis.paths.first()?.name.clone(), axis.json()));
    Json::Object(axes.iter().filter_map(entry).collect())
}

fn cases(axis: &Axis) -> Json {
    let AxisValues::Rows(rows) = &axis.values else { return Json::Null };
    let case = |(place, row): (usize, &Vec<Value>)| -> Json {
        let label = axis.labels.get(place).map(|label| ("label".to_owned(), label.text.as_str().into()));
        let set = axis.paths.iter().zip(row).map(|(path, value)| (path.name.clone(), value.json()));
        Json::Object(label.into_iter().chain(set).collect())
    };
    rows.iter().enumerate().map(case).collect()
}
