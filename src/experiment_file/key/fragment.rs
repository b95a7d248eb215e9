//! Parts of a JSON Schema (draft 7).

use super::{Key, properties};
use serde_json::{Map, Value as Json, json};

/// Adds what a person should know. A reference may have nothing beside it, so it gets a schema around it.
pub(crate) fn described(schema: Json, text: &str) -> Json {
    with(schema, "description", text.into())
}

/// Adds the value that is taken where none is given.
pub(crate) fn with_default(schema: Json, value: impl Into<Json>) -> Json {
    with(schema, "default", value.into())
}

/// Adds a keyword.
pub(crate) fn with(schema: Json, keyword: &str, value: Json) -> Json {
    let mut parts = match schema {
        Json::Object(parts) if !parts.contains_key("$ref") => parts,
        other => Map::from_iter([("allOf".to_owned(), json!([other]))]),
    };
    parts.insert(keyword.to_owned(), value);
    Json::Object(parts)
}

/// A schema among the definitions.
pub(crate) fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/definitions/{name}") })
}

/// A whole number, which may be written 1e6.
pub(crate) fn whole(least: u64, most: u64) -> Json {
    json!({ "type": "integer", "minimum": least, "maximum": most })
}

/// A number from one to another.
pub(crate) fn from_to(least: f64, most: f64) -> Json {
    json!({ "type": "number", "minimum": number(least), "maximum": number(most) })
}

/// A number from one to below another.
pub(crate) fn from_to_below(least: f64, bound: f64) -> Json {
    json!({ "type": "number", "minimum": number(least), "exclusiveMaximum": number(bound) })
}

/// A number above 0.
pub(crate) fn above_zero() -> Json {
    json!({ "type": "number", "exclusiveMinimum": 0 })
}

/// A number above 0 and below 1.
pub(crate) fn chance() -> Json {
    json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 })
}

/// A text.
pub(crate) fn text() -> Json {
    json!({ "type": "string" })
}

/// One of these words.
pub(crate) fn words(words: &[&str]) -> Json {
    json!({ "type": "string", "enum": words })
}

/// One of these words, of which the first is the default.
pub(crate) fn words_with_default(all: &[&str]) -> Json {
    with_default(words(all), all.first().copied().unwrap_or_default())
}

/// A list with at least one item.
pub(crate) fn list(items: Json) -> Json {
    json!({ "type": "array", "minItems": 1, "items": items })
}

/// Any of these.
pub(crate) fn any_of(schemas: impl IntoIterator<Item = Json>) -> Json {
    json!({ "anyOf": schemas.into_iter().collect::<Vec<_>>() })
}

/// A table with these keys and no others.
pub(crate) fn table(keys: &[Key]) -> Json {
    closed(properties(keys))
}

/// A table with these properties and no others.
pub(crate) fn closed(properties: Map<String, Json>) -> Json {
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

/// A table that has all of these keys.
pub(crate) fn needs(keys: &[&str]) -> Json {
    json!({ "required": keys })
}

/// A table that has none of these keys.
pub(crate) fn lacks(keys: &[&str]) -> Json {
    json!({ "not": any_of(keys.iter().map(|key| needs(&[key]))) })
}

/// The same, of a table that has keys of one of these sets only.
pub(crate) fn within(table: Json, sets: &[&[&str]]) -> Json {
    let within = |set: &&[&str]| json!({ "propertyNames": { "enum": set } });
    with(table, "anyOf", sets.iter().map(within).collect())
}

/// The same, of a table that has exactly one of these keys. What is no table passes.
pub(crate) fn with_one(table: Json, keys: &[&str]) -> Json {
    let others = |key: &&str| keys.iter().copied().filter(|other| other != key).collect::<Vec<_>>();
    let alone = keys.iter().map(|key| ((*key).to_owned(), lacks(&others(key)))).collect::<Map<_, _>>();
    let table = with(table, "dependencies", alone.into());
    with(table, "anyOf", keys.iter().map(|key| needs(&[key])).collect())
}

/// Values of one type or of another: most keywords are of one type only, so that what is wrong is said of the value itself.
pub(crate) fn either(one: Json, other: Json) -> Json {
    let (Json::Object(one), Json::Object(other)) = (&one, &other) else { return any_of([one, other]) };
    let general = ["$ref", "enum", "not", "oneOf", "allOf", "default", "description"];
    let is_mergeable = |keyword: &String| !general.contains(&keyword.as_str());
    let have_both = one.keys().any(|keyword| keyword != "type" && other.contains_key(keyword));
    let (Some(first), Some(second), false, true) =
        (one.get("type"), other.get("type"), have_both, one.keys().chain(other.keys()).all(is_mergeable))
    else {
        return any_of([Json::Object(one.clone()), Json::Object(other.clone())]);
    };
    let mut merged: Map<String, Json> =
        one.iter().chain(other).map(|(key, part)| (key.clone(), part.clone())).collect();
    merged.insert("type".to_owned(), json!([first, second]));
    merged.into()
}

/// A number in JSON; a whole one has no point.
fn number(value: f64) -> Json {
    crate::experiment_file::value::number_json(value)
}
