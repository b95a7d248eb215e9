//! The JSON Schema of experiment files, for editors: made from the lists that the reader takes keys, families and estimators from.
//!
//! It knows each key, what may be written for it, and which keys exclude each other. What only the mathematics knows, such as whether
//! probabilities sum to 1, the reader alone refuses; whatever the reader accepts, the schema accepts.

mod distribution;
mod estimators;
mod grid;
mod inlined;
mod needed;

use super::key::fragment::{closed, lacks, needs};
use super::key::properties;
use super::keys::{KEYS, test_needs};
use serde_json::{Map, Value as Json, json};

/// The JSON Schema (draft 7) of an experiment file.
///
/// ```
/// let schema = kl_runner::experiment_file::schema();
/// assert_eq!(schema["properties"]["unit"]["enum"], serde_json::json!(["nats", "bits"]));
/// ```
pub fn schema() -> Json {
    let mut schema = Map::from_iter([
        ("$schema".to_owned(), "http://json-schema.org/draft-07/schema#".into()),
        ("title".to_owned(), "An experiment of `runner`".into()),
        ("description".to_owned(), "Sequences from P, scored against Q, and compared with exact theory.".into()),
    ]);
    if let Json::Object(table) = closed(properties(&KEYS)) {
        schema.extend(table);
    }
    schema.insert("required".to_owned(), json!(["trials"]));
    // What a file always has is where conditions on all of it stand: beside `allOf` at the top taplo completes nothing.
    let on_all = json!({ "allOf": [whole_file(), estimators::beside_gradient()] });
    schema.insert(
        "dependencies".to_owned(),
        json!({ "trials": on_all, "decide": lacks(&["stop", "gradient"]), "stop": lacks(&["N", "gradient"]) }),
    );
    let definitions =
        [distribution::definitions(), needed::definitions(), estimators::definitions(), grid::definitions()];
    let definitions: Map<String, Json> = definitions.into_iter().flatten().collect();
    inlined::inlined(schema, &definitions).into()
}

/// What must be there where no grid and no case sets a part of it.
fn whole_file() -> Json {
    let complete = |side: &str| (side.to_owned(), needed::of_a_side());
    let mut parts: Map<String, Json> = ["P", "Q", "S"].into_iter().map(complete).collect();
    parts.extend(["decide", "stop"].map(|test| (test.to_owned(), test_needs(test))));
    json!({
        "if": lacks(&["grid", "case"]),
        "then": {
            "required": ["P", "Q"],
            "properties": parts,
            "if": lacks(&["stop"]),
            "then": needs(&["N"]),
        },
    })
}
