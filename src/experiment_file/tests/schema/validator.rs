//! A validator of JSON Schema, draft 7, as far as the schema of experiments goes: a keyword that it does not know is a failure.

use regex_lite::Regex;
use serde_json::{Map, Value as Json};

/// A schema with its definitions.
pub(super) struct Validator<'a>(pub(super) &'a Json);

impl Validator<'_> {
    /// Why a value is refused.
    pub(super) fn refusal(&self, value: &Json) -> Option<String> {
        self.refusal_by(self.0, value)
    }

    /// Why a part of the schema refuses a value.
    pub(super) fn refusal_by(&self, schema: &Json, value: &Json) -> Option<String> {
        match schema {
            Json::Bool(true) => None,
            Json::Object(schema) => {
                schema.iter().find_map(|(keyword, rule)| self.refused_by(keyword, rule, schema, value))
            }
            other => Some(format!("{other} refuses {value}")),
        }
    }

    fn accepts(&self, schema: &Json, value: &Json) -> bool {
        self.refusal_by(schema, value).is_none()
    }

    fn refused_by(&self, keyword: &str, rule: &Json, schema: &Map<String, Json>, value: &Json) -> Option<String> {
        let size = || rule.as_u64().expect("a size") as usize;
        let bound = || rule.as_f64().expect("a bound");
        let schemas = || rule.as_array().expect("schemas");
        let first = |values: &mut dyn Iterator<Item = (&Json, &Json)>| {
            for (schema, value) in values {
                if let Some(refusal) = self.refusal_by(schema, value) {
                    return Some(refusal);
                }
            }
            None
        };
        let (number, text) = (value.as_f64(), value.as_str());
        let (list, table) = (value.as_array(), value.as_object());
        let length = text.map(|text| text.chars().count());
        let is_right = match keyword {
            "$schema" | "title" | "description" | "default" | "definitions" | "x-taplo" => true,
            // Beside `if` and `items`.
            "then" | "else" | "additionalItems" => true,
            "$ref" => {
                let name = rule.as_str().and_then(|name| name.strip_prefix("#/definitions/")).expect("a definition");
                return self.refusal_by(&self.0["definitions"][name], value);
            }
            "type" => match rule {
                Json::Array(all) => all.iter().any(|one| is_of_type(one, value)),
                one => is_of_type(one, value),
            },
            "const" => rule == value,
            "enum" => schemas().contains(value),
            "minimum" => number.is_none_or(|number| number >= bound()),
            "maximum" => number.is_none_or(|number| number <= bound()),
            "exclusiveMinimum" => number.is_none_or(|number| number > bound()),
            "exclusiveMaximum" => number.is_none_or(|number| number < bound()),
            "minLength" => length.is_none_or(|length| length >= size()),
            "maxLength" => length.is_none_or(|length| length <= size()),
            "pattern" => text.is_none_or(|text| matches(rule.as_str().expect("a pattern"), text)),
            "minItems" => list.is_none_or(|list| list.len() >= size()),
            "maxItems" => list.is_none_or(|list| list.len() <= size()),
            "uniqueItems" => list.is_none_or(|list| (1..list.len()).all(|place| !list[..place].contains(&list[place]))),
            "items" => match rule {
                Json::Array(rules) => {
                    let rest = std::iter::repeat(schema.get("additionalItems").unwrap_or(&Json::Bool(true)));
                    return first(&mut rules.iter().chain(rest).zip(list.into_iter().flatten()));
                }
                rule => return first(&mut std::iter::repeat(rule).zip(list.into_iter().flatten())),
            },
            "minProperties" => table.is_none_or(|table| table.len() >= size()),
            "maxProperties" => table.is_none_or(|table| table.len() <= size()),
            "required" => {
                table.is_none_or(|table| schemas().iter().all(|key| table.contains_key(key.as_str().expect("a key"))))
            }
            "propertyNames" => {
                let names: Vec<Json> = table.into_iter().flat_map(Map::keys).map(|key| key.as_str().into()).collect();
                return first(&mut std::iter::repeat(rule).zip(&names));
            }
            "properties" => {
                let rules = rule.as_object().expect("properties");
                return first(&mut rules.iter().filter_map(|(key, rule)| Some((rule, table?.get(key)?))));
            }
            "patternProperties" => {
                let rules = rule.as_object().expect("patterns");
                for (key, value) in table.into_iter().flatten() {
                    let matching = rules.iter().filter(|(pattern, _)| matches(pattern, key));
                    if let Some(refusal) = first(&mut matching.map(|(_, rule)| (rule, value))) {
                        return Some(refusal);
                    }
                }
                return None;
            }
            "additionalProperties" => {
                let is_named = |key: &str| schema.get("properties").is_some_and(|all| all.get(key).is_some());
                let patterns = schema.get("patternProperties").and_then(Json::as_object);
                let is_matched = |key: &str| patterns.into_iter().flatten().any(|(pattern, _)| matches(pattern, key));
                let others = table.into_iter().flatten().filter(|(key, _)| !is_named(key) && !is_matched(key));
                return first(&mut others.map(|(_, value)| (rule, value)));
            }
            "dependencies" => {
                let rules = rule.as_object().expect("dependencies");
                let given = rules.iter().filter(|(key, _)| table.is_some_and(|table| table.contains_key(*key)));
                return first(&mut given.map(|(_, rule)| (rule, value)));
            }
            "allOf" => return first(&mut schemas().iter().map(|rule| (rule, value))),
            "anyOf" => schemas().iter().any(|rule| self.accepts(rule, value)),
            "not" => !self.accepts(rule, value),
            "if" => {
                let then = schema.get(if self.accepts(rule, value) { "then" } else { "else" });
                return then.and_then(|rule| self.refusal_by(rule, value));
            }
            other => panic!("the keyword {other} is not known"),
        };
        (!is_right).then(|| format!("{keyword} {rule} refuses {value}"))
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).expect("a pattern").is_match(text)
}

fn is_of_type(name: &Json, value: &Json) -> bool {
    match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("number") => value.is_number(),
        Some("integer") => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        other => panic!("the type {other:?} is not known"),
    }
}
