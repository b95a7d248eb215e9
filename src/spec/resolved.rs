//! The spec with defaults filled in, as the manifest keeps it: one form for each meaning.

use super::distributions::fixed;
use super::grid::{Axis, Spread};
use super::keys::Spec;
use super::path::Path;
use super::program::program_json;
use super::trials::Trials;
use super::value::Value;
use crate::plan::PlannedEstimator;
use serde_json::{Map, Value as Json, json};

/// The keys in the order of [`KEYS`](super::keys::KEYS); what a grid or case sets stands there alone.
pub(super) fn resolved(spec: &Spec, reference: usize) -> Map<String, Json> {
    let paths = || spec.axes().flat_map(|axis| &axis.paths);
    let distribution = |side: &str, written: Option<&Value>| {
        fixed(written, paths().filter(|path| path.side() == side)).map(|value| value.json())
    };
    let estimators: Vec<Json> = spec.estimators.iter().map(|listed| estimator_json(&listed.estimator)).collect();
    let keys = [
        ("question", spec.question.as_deref().map(Json::from)),
        ("seed", Some(spec.seed.get().into())),
        ("trials", spec.trials.map(Trials::json)),
        ("N", spec.lengths.as_deref().filter(|_| !paths().any(Path::is_length)).map(Json::from)),
        ("P", distribution("P", spec.source.as_ref())),
        ("Q", distribution("Q", spec.model.as_ref())),
        ("unit", Some(spec.unit.name().into())),
        ("record", Some(spec.record.name().into())),
        ("sampler", Some(spec.sampler.name().into())),
        ("estimators", Some(json!(estimators))),
        // What changes nothing is not told.
        (
            "reference",
            spec.estimators.get(reference).filter(|_| reference > 0).map(|listed| listed.estimator.name().into()),
        ),
        ("level", spec.level.map(|level| level.get().into())),
        ("grid", (!spec.grid.is_empty()).then(|| grid(&spec.grid))),
        ("case", spec.cases.as_ref().map(cases)),
    ];
    keys.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

/// A name, or a table where there are settings.
fn estimator_json(estimator: &PlannedEstimator) -> Json {
    let estimator = match estimator {
        PlannedEstimator::Estimator(estimator) => estimator,
        PlannedEstimator::Program(program) => return program_json(program),
    };
    let (name, settings) = estimator.written();
    if settings.is_empty() {
        return name.into();
    }
    let settings = settings.into_iter().map(|(key, value)| (key.to_owned(), number_json(value)));
    Json::Object(std::iter::once(("name".to_owned(), name.into())).chain(settings).collect())
}

/// Whole numbers without a point.
pub(super) fn number_json(value: f64) -> Json {
    if value.fract() == 0.0 && value.abs() < 1e15 { (value as i64).into() } else { value.into() }
}

fn grid(axes: &[Axis]) -> Json {
    let entry = |axis: &Axis| Some((axis.paths.first()?.name.clone(), axis.json()));
    Json::Object(axes.iter().filter_map(entry).collect())
}

fn cases(axis: &Axis) -> Json {
    let Spread::Rows(rows) = &axis.spread else { return Json::Null };
    let case = |row: &Vec<Value>| -> Json {
        axis.paths.iter().zip(row).map(|(path, value)| (path.name.clone(), value.json())).collect()
    };
    rows.iter().map(case).collect()
}
