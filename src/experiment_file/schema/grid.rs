//! The schema of `[grid]` and `[[case]]`: key paths, as dotted keys or as tables within tables.

use super::distribution::{DOMAINS, family_name, has_components, number_name, parameter};
use crate::experiment_file::column_file;
use crate::experiment_file::grid::{Label, RANGE_KEYS};
use crate::experiment_file::key::fragment::{any_of, closed, described, either, list, reference, table, whole, with};
use crate::experiment_file::key::{Key, names};
use crate::experiment_file::keys::{TESTS, test_schema};
use crate::plan::MAX_LENGTH;
use kl_math::distribution::{Declaration, Domain, FAMILIES, FamilyEntry, Form};
use serde_json::{Map, Value as Json, json};

/// A number of a component, in a pattern.
pub(super) const COMPONENT_NUMBER: &str = "[1-9][0-9]*";

/// Where a path stands: in the grid it has many values, in a case one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Grid,
    Case,
}

/// The grid, a case, and what varies in them.
pub(super) fn definitions() -> Map<String, Json> {
    let numbers = DOMAINS.iter().map(|&domain| (values_name(domain), numbers(&reference(number_name(domain)))));
    let families = FAMILIES.iter().map(|family| (varied_name(family.name), varied_family(family)));
    let own = [
        (varied_name("component"), varied("component", component_parts(Place::Grid))),
        (varied_name("file"), varied("file", keys_of_file(Place::Grid))),
        (varied_name("distribution"), varied_side("distribution")),
        (varied_name("drawn_from"), varied_side("drawn_from")),
        ("grid".to_owned(), with(whole_table(Place::Grid), "minProperties", 1.into())),
        ("case".to_owned(), with(whole_table(Place::Case), "minProperties", 1.into())),
    ];
    numbers.chain(families).chain(own).collect()
}

/// A table of paths: each dotted, or as a table of its own.
fn whole_table(place: Place) -> Json {
    let length = whole(1, MAX_LENGTH);
    let length = match place {
        Place::Grid => either(list(length), range()),
        Place::Case => length,
    };
    let mut parts = Map::from_iter([("N".to_owned(), described(length, "Symbols in a sequence."))]);
    let side = |name: &str| match place {
        Place::Grid => reference(&varied_name(name)),
        Place::Case => reference(name),
    };
    parts.extend(["P", "Q"].map(|name| (name.to_owned(), side("distribution"))));
    parts.insert("S".to_owned(), side("drawn_from"));
    for (test, keys) in TESTS {
        let schema = match place {
            Place::Grid => closed(
                keys.iter()
                    .map(|key| (key.name.to_owned(), described(numbers(&(key.values)()), key.meaning)))
                    .collect(),
            ),
            Place::Case => test_schema(test),
        };
        parts.insert(test.to_owned(), schema);
    }
    if place == Place::Case {
        parts.insert("label".to_owned(), Label::schema());
    }
    let mut dotted = place.dotted(r"[PQS]\.");
    for (test, keys) in TESTS {
        let path = |key: &Key| (format!(r"{test}\.{}", key.name), place.other_number(&(key.values)()));
        dotted.extend(keys.iter().map(path));
    }
    with(closed(parts), "patternProperties", patterns(dotted))
}

impl Place {
    /// A number of a domain.
    fn number(self, domain: Domain) -> Json {
        match self {
            Self::Grid => reference(&values_name(domain)),
            Self::Case => reference(number_name(domain)),
        }
    }

    /// A number that is of no domain.
    fn other_number(self, schema: &Json) -> Json {
        match self {
            Self::Grid => numbers(schema),
            Self::Case => schema.clone(),
        }
    }

    /// Anything else.
    fn other(self, schema: &Json) -> Json {
        match self {
            Self::Grid => values(schema),
            Self::Case => schema.clone(),
        }
    }

    /// A parameter of a family.
    fn parameter(self, declared: &Declaration) -> Json {
        match declared.form {
            Form::Number(domain) => self.number(domain),
            form => self.other(&parameter(form)),
        }
    }

    /// What a definition of that name allows, and the parts of it.
    fn named(self, name: &str, plain: &str) -> Json {
        match self {
            Self::Grid => reference(&varied_name(name)),
            Self::Case => reference(plain),
        }
    }

    /// Dotted paths below a side, as patterns; `before` is the pattern of what stands before.
    fn dotted(self, before: &str) -> Vec<(String, Json)> {
        let mut paths = Vec::new();
        let components: Vec<&str> =
            FAMILIES.iter().filter(|family| has_components(family)).map(|family| family.name).collect();
        let component = format!(r"({})\.{COMPONENT_NUMBER}", components.join("|"));
        paths.push((format!("{before}{component}"), self.named("component", "component")));
        paths.push((format!(r"{before}{component}\.weight"), self.number(Domain::Probability)));
        for family in FAMILIES {
            let plain = family_name(family);
            let before = if has_components(family) { before.to_owned() } else { format!(r"{before}({component}\.)?") };
            paths.push((format!("{before}{}", family.name), self.named(family.name, &plain)));
            for declared in parameters(family) {
                paths.push((format!(r"{before}{}\.{}", family.name, declared.name), self.parameter(declared)));
            }
        }
        let file = column_file::KEY;
        paths.push((format!("{before}{file}"), self.named("file", "file")));
        paths.extend(keys_of_file(self).into_iter().map(|(key, schema)| (format!(r"{before}{file}\.{key}"), schema)));
        paths
    }
}

/// One pattern for all paths that have the same values.
fn patterns(paths: Vec<(String, Json)>) -> Json {
    let mut groups: Vec<(Vec<String>, Json)> = Vec::new();
    for (path, schema) in paths {
        match groups.iter_mut().find(|(_, other)| *other == schema) {
            Some((paths, _)) => paths.push(path),
            None => groups.push((vec![path], schema)),
        }
    }
    let pattern = |(paths, schema): (Vec<String>, Json)| (format!("^({})$", paths.join("|")), schema);
    Json::Object(groups.into_iter().map(pattern).collect())
}

/// P, Q or S in the grid.
fn varied_side(name: &str) -> Json {
    let varied_part = |name: &str| (name.to_owned(), reference(&varied_name(name)));
    let parts = FAMILIES.iter().map(|family| varied_part(family.name)).chain([varied_part("file")]);
    // A dotted path within a table is rare: the reader alone checks it.
    with(varied(name, parts.collect()), "patternProperties", json!({ r"\.": true }))
}

/// Values of a definition, or a table of its parts.
fn varied(name: &str, parts: Map<String, Json>) -> Json {
    either(values(&reference(name)), closed(parts))
}

fn varied_family(family: &FamilyEntry) -> Json {
    let members = values(&reference(&family_name(family)));
    if family.parameters.is_empty() {
        return members;
    }
    if has_components(family) {
        let components = json!({ format!("^{COMPONENT_NUMBER}$"): reference(&varied_name("component")) });
        return either(members, with(closed(Map::new()), "patternProperties", components));
    }
    let parts = parameters(family).map(|declared| (declared.name.to_owned(), Place::Grid.parameter(declared)));
    either(members, closed(parts.collect()))
}

fn component_parts(place: Place) -> Map<String, Json> {
    let simple = FAMILIES.iter().filter(|family| !has_components(family));
    let families = simple.map(|family| (family.name.to_owned(), place.named(family.name, &family_name(family))));
    families.chain([("weight".to_owned(), place.number(Domain::Probability))]).collect()
}

fn keys_of_file(place: Place) -> Map<String, Json> {
    column_file::KEYS.iter().map(|key| (key.name.to_owned(), place.other(&key.schema()))).collect()
}

/// The parameters that may vary alone.
fn parameters(family: &FamilyEntry) -> impl Iterator<Item = &'static Declaration> {
    family.parameters.iter().filter(|declared| declared.form != Form::Component)
}

fn varied_name(name: &str) -> String {
    format!("varied.{name}")
}

fn values_name(domain: Domain) -> String {
    format!("values.{}", number_name(domain))
}

/// A list of values, each of which may have a label.
fn values(schema: &Json) -> Json {
    let labelled =
        closed(Map::from_iter([("label".to_owned(), Label::schema()), ("value".to_owned(), schema.clone())]));
    list(any_of([schema.clone(), with(labelled, "required", json!(["label", "value"]))]))
}

/// A list of numbers, or a range of them.
fn numbers(schema: &Json) -> Json {
    either(values(schema), range())
}

fn range() -> Json {
    let needed: Vec<&str> = names(&RANGE_KEYS).into_iter().filter(|key| *key != "scale").collect();
    with(table(&RANGE_KEYS), "required", json!(needed))
}
