//! The schema of a result file for programs that read it.

use super::{Column, FieldKind};
use serde_json::{Map, Value, json};

/// How the columns of a file match those of its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldsMatch {
    /// They are the same, in the same order.
    Exact,
    /// The file may have more: readers find columns by their names.
    Subset,
}

/// Returns a Table Schema of the standard Data Package, version 2: the type, the unit and the meaning of each column.
///
/// # Source
///
/// <https://datapackage.org/standard/table-schema/>
pub fn table_schema(title: &str, content: &str, columns: &[Column], fields_match: FieldsMatch) -> Value {
    let fields_match = match fields_match {
        FieldsMatch::Exact => "exact",
        FieldsMatch::Subset => "subset",
    };
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "title": title,
        "description": content,
        "fieldsMatch": fields_match,
        "missingValues": [""],
        "fields": columns.iter().map(field).collect::<Vec<_>>(),
    })
}

fn field(column: &Column) -> Value {
    let mut constraints = Map::new();
    if !column.field_type.is_optional {
        constraints.insert("required".to_owned(), true.into());
    }
    let kind = match column.field_type.kind {
        FieldKind::Text => "string",
        FieldKind::Real => "number",
        FieldKind::Integer => {
            constraints.insert("minimum".to_owned(), 0.into());
            "integer"
        }
        FieldKind::Flag => {
            constraints.insert("enum".to_owned(), json!([0, 1]));
            "integer"
        }
    };
    let mut field = Map::from_iter([
        ("name".to_owned(), column.name.into()),
        ("type".to_owned(), kind.into()),
        ("description".to_owned(), column.meaning.into()),
    ]);
    let unit = column.dimension.words();
    if !unit.is_empty() {
        field.insert("unit".to_owned(), unit.into());
    }
    if !constraints.is_empty() {
        field.insert("constraints".to_owned(), constraints.into());
    }
    field.into()
}
