//! The keys of a table of an experiment file: what each means, and what may be written for it.
//!
//! The reader takes the names from these lists, and [`schema`](mod@super::schema) all of it: a new key is in the schema by itself.

pub(crate) mod fragment;

use serde_json::{Map, Value as Json};

/// A key of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it means, in a sentence or two: editors show it.
    pub(crate) meaning: &'static str,
    /// The JSON Schema of its values.
    pub(crate) values: fn() -> Json,
}

impl Key {
    /// A key with the schema of its values.
    pub(crate) const fn new(name: &'static str, meaning: &'static str, values: fn() -> Json) -> Self {
        Self { name, meaning, values }
    }

    /// The schema of its values, with the meaning.
    pub(crate) fn schema(&self) -> Json {
        fragment::described((self.values)(), self.meaning)
    }
}

/// The names of keys.
pub(crate) fn names(keys: &[Key]) -> Vec<&'static str> {
    keys.iter().map(|key| key.name).collect()
}

/// The schema of each key, by its name.
pub(crate) fn properties(keys: &[Key]) -> Map<String, Json> {
    keys.iter().map(|key| (key.name.to_owned(), key.schema())).collect()
}
