//! Definitions that have something beside them, written out in their place.
//!
//! A reference of draft 7 may have nothing beside it, so [`described`](crate::experiment_file::key::fragment::described) puts a schema around it.
//! Editors are slow to look through such layers, or give up.

use serde_json::{Map, Value as Json};

/// The same schema without those layers, and without definitions that nothing refers to.
pub(super) fn inlined(schema: Map<String, Json>, definitions: &Map<String, Json>) -> Map<String, Json> {
    let mut definitions: Map<String, Json> =
        definitions.iter().map(|(name, part)| (name.clone(), without_layers(part, definitions))).collect();
    let mut schema: Map<String, Json> =
        schema.into_iter().map(|(key, part)| (key, without_layers(&part, &definitions))).collect();
    let whole = Json::Object(schema.clone()).to_string();
    loop {
        let count = definitions.len();
        let text = format!("{whole}{}", Json::Object(definitions.clone()));
        definitions.retain(|name, _| text.contains(&format!("\"#/definitions/{name}\"")));
        if definitions.len() == count {
            break;
        }
    }
    schema.insert("definitions".to_owned(), definitions.into());
    schema
}

fn without_layers(part: &Json, definitions: &Map<String, Json>) -> Json {
    match part {
        Json::Array(items) => items.iter().map(|item| without_layers(item, definitions)).collect(),
        Json::Object(entries) => {
            let layer = entries.get("allOf").and_then(|all| match all.as_array()?.as_slice() {
                [one] => one.get("$ref")?.as_str()?.strip_prefix("#/definitions/"),
                _ => None,
            });
            let Some(Json::Object(meant)) = layer.and_then(|name| definitions.get(name)) else {
                return entries.iter().map(|(key, part)| (key.clone(), without_layers(part, definitions))).collect();
            };
            let others = entries.iter().filter(|(key, _)| *key != "allOf");
            let mut together = meant.clone();
            together.extend(others.map(|(key, part)| (key.clone(), part.clone())));
            without_layers(&together.into(), definitions)
        }
        other => other.clone(),
    }
}
