//! The schema of estimators: a name, a table with settings, or a program.

use crate::experiment_file::key::fragment::{any_of, closed, described, from_to, lacks, reference, with, words};
use crate::experiment_file::keys::program_schema;
use kl_math::divergence::Side;
use kl_sim::estimator::{ESTIMATORS, GRADIENTS, Setting, SettingForm};
use serde_json::{Map, Value as Json, json};

/// A kind of estimator: its name, its meaning and its settings.
type Kind = (&'static str, &'static str, &'static [Setting]);

/// The estimators.
pub(super) fn definitions() -> Map<String, Json> {
    let own: Vec<Kind> = ESTIMATORS.iter().map(|kind| (kind.name, kind.meaning, kind.settings)).collect();
    let gradients = |side: Side| -> Vec<Kind> {
        let suiting = GRADIENTS.iter().filter(|kind| kind.suits(side));
        suiting.map(|kind| (kind.name, kind.meaning, kind.settings())).collect()
    };
    let of = |name: &str, kinds: &[Kind]| [(format!("{name}_name"), names(kinds)), (name.to_owned(), tables(kinds))];
    let named = |name: &str| [reference(&format!("{name}_name")), reference(name)];
    let any = named("estimator").into_iter().chain([reference("program")]).chain(named("gradient"));
    let all =
        [of("estimator", &own), of("gradient", &gradients(Side::Source)), of("gradient_of_q", &gradients(Side::Model))];
    let rest = [("program", program_schema()), ("any_estimator", any_of(any))];
    all.into_iter().flatten().chain(rest.map(|(name, schema)| (name.to_owned(), schema))).collect()
}

/// Beside `gradient` there are other estimators than without it.
pub(super) fn beside_gradient() -> Json {
    let items = |names: &[&str]| {
        let items = any_of(names.iter().map(|name| reference(name)));
        json!({ "properties": { "estimators": { "items": items } } })
    };
    json!({
        "if": lacks(&["gradient"]),
        "then": items(&["estimator_name", "estimator", "program"]),
        "else": {
            "if": { "properties": { "gradient": { "pattern": "^Q" } } },
            "then": items(&["gradient_of_q_name", "gradient_of_q"]),
            "else": items(&["gradient_name", "gradient"]),
        },
    })
}

/// Names alone. Editors that know it show the meaning of each.
fn names(kinds: &[Kind]) -> Json {
    let names: Vec<&str> = kinds.iter().map(|(name, ..)| *name).collect();
    let meanings: Vec<&str> = kinds.iter().map(|(_, meaning, _)| *meaning).collect();
    with(words(&names), "x-taplo", json!({ "docs": { "enumValues": meanings } }))
}

/// A table for each kind.
fn tables(kinds: &[Kind]) -> Json {
    any_of(kinds.iter().map(|(name, meaning, settings)| {
        let name = json!({ "type": "string", "const": name, "description": meaning });
        let settings = settings.iter().map(|setting| (setting.name.to_owned(), setting_schema(setting)));
        let table = closed(std::iter::once(("name".to_owned(), name)).chain(settings).collect());
        with(table, "required", json!(["name"]))
    }))
}

fn setting_schema(setting: &Setting) -> Json {
    let schema = match setting.form {
        SettingForm::Number(least, most) => from_to(least, most),
        SettingForm::Whole(least, most) => with(from_to(least, most), "type", "integer".into()),
        SettingForm::Word(all) => words(all),
        SettingForm::WordOrNumber(all, least, most) => any_of([words(all), from_to(least, most)]),
        SettingForm::Flag => json!({ "type": "boolean" }),
    };
    described(schema, &format!("For example: {}", setting.example))
}
