//! What a distribution needs where it is written in one place: the parameters that its family requires.

use super::distribution::{family_name, has_components};
use super::grid::COMPONENT_NUMBER;
use crate::experiment_file::column_file;
use crate::experiment_file::key::fragment::{any_of, needs, reference};
use kl_math::distribution::{Declaration, FAMILIES, FamilyEntry, Need};
use serde_json::{Map, Value as Json, json};

/// The name of the definition of what a side needs.
const WHOLE: &str = "whole_distribution";

/// The same of a component of a mixture.
const COMPONENT: &str = "whole_component";

/// P, Q or S, where neither the grid nor a case sets a part of it.
pub(super) fn of_a_side() -> Json {
    reference(WHOLE)
}

/// What families need.
pub(super) fn definitions() -> Map<String, Json> {
    let own = [
        (WHOLE, json!({ "minProperties": 1, "properties": each(true) })),
        (COMPONENT, json!({ "required": ["weight"], "minProperties": 2, "properties": each(false) })),
    ];
    let families = FAMILIES.iter().filter_map(|family| Some((needed_name(family), of_family(family)?)));
    own.map(|(name, schema)| (name.to_owned(), schema)).into_iter().chain(families).collect()
}

fn needed_name(family: &FamilyEntry) -> String {
    format!("whole.{}", family_name(family))
}

/// What stands below the name of each family that needs something.
fn each(has_file: bool) -> Map<String, Json> {
    let families = FAMILIES.iter().filter(|family| of_family(family).is_some());
    let families = families.map(|family| (family.name.to_owned(), reference(&needed_name(family))));
    let file = has_file.then(|| (column_file::KEY.to_owned(), needs(&["path"])));
    families.chain(file).collect()
}

/// What the parameters of a family need; none if any name is a symbol.
fn of_family(family: &FamilyEntry) -> Option<Json> {
    let component = || reference(COMPONENT);
    match family.parameters {
        [] => None,
        [Declaration { name, .. }, ..] if has_components(family) => Some(json!({
            "required": [name],
            "patternProperties": { format!("^{COMPONENT_NUMBER}$"): component() },
            "items": component(),
        })),
        parameters => {
            let instead = |name: &'static str| parameters.iter().find(|other| other.need == Need::InsteadOf(name));
            let required = parameters.iter().filter(|one| one.need == Need::Required);
            let (simple, either): (Vec<&Declaration>, Vec<_>) = required.partition(|one| instead(one.name).is_none());
            let simple: Vec<&str> = simple.iter().map(|one| one.name).collect();
            let either =
                either.iter().filter_map(|one| Some(any_of([needs(&[one.name]), needs(&[instead(one.name)?.name])])));
            let either: Vec<Json> = either.collect();
            let mut schema = Map::from_iter([("required".to_owned(), json!(simple))]);
            if !either.is_empty() {
                schema.insert("allOf".to_owned(), json!(either));
            }
            Some(schema.into())
        }
    }
}
