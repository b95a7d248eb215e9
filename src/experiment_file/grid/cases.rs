//! `[[case]]`: parameters that vary together.

use super::axis::{Axis, AxisValues};
use super::label::{complete, unlabelled_case};
use super::path::{Path, case_leaves};
use crate::experiment_file::diagnostics::{Diagnostic, Report};
use crate::experiment_file::value::rules::wrong;
use crate::experiment_file::value::{Entry, Form, Value};
use kl_math::distribution::FamilyEntry;

/// Reads the `[[case]]` tables into one axis, which sets several paths together.
pub(crate) fn read_cases(value: Value, report: &mut Report) -> Option<Axis> {
    const EXAMPLE: &str =
        "write [[case]] on a line of its own for each case, and below it its keys, such as P.bernoulli.p = 0.5";
    let whole = value.place;
    let cases = match value.form {
        Form::List(cases) if !cases.is_empty() => cases,
        Form::List(_) => {
            report.push(Diagnostic::new("`case` is an empty list").at(whole).help(EXAMPLE).missing_part());
            return None;
        }
        _ => {
            report.push(wrong(&value, "case", "a list of tables").help(EXAMPLE));
            return None;
        }
    };
    let before = report.len();
    let whole_sides: Vec<&str> = ["P", "Q", "S"].into_iter().filter(|side| varies_in_family(&cases, side)).collect();
    let (mut tables, mut labels) = (Vec::with_capacity(cases.len()), Vec::with_capacity(cases.len()));
    for case in cases {
        let place = case.place;
        let Form::Table(entries) = case.form else {
            report.push(wrong(&case, "case", "a list of tables").help(EXAMPLE));
            continue;
        };
        let (entries, label) = unlabelled_case(entries, report);
        labels.push(label);
        tables.push((place, read_case(entries, &whole_sides, report)));
    }
    let places: Vec<_> = tables.iter().map(|(place, _)| *place).collect();
    let labels = complete(labels, &places, "case", report).unwrap_or_default();
    let paths: Vec<Path> = tables.first().map(|(_, set)| set.iter().map(|(path, _)| path.clone()).collect())?;
    let mut rows = Vec::with_capacity(tables.len());
    for (index, (place, mut set)) in tables.into_iter().enumerate() {
        let mut row = Vec::with_capacity(paths.len());
        for path in &paths {
            match set.iter().position(|(other, _)| other.name == path.name) {
                Some(found) => row.push(set.swap_remove(found).1),
                None => report.push(
                    Diagnostic::new(format!("case {} does not set `{}`, but case 1 does", index + 1, path.name))
                        .at(place)
                        .context(path.place, "set in case 1")
                        .help("set the same keys in every case")
                        .missing_part(),
                ),
            }
        }
        for (path, _) in set {
            report.push(
                Diagnostic::new(format!("case {} sets `{}`, but case 1 does not", index + 1, path.name))
                    .at(path.place)
                    .help("set the same keys in every case"),
            );
        }
        rows.push(row);
    }
    if paths.is_empty() && report.len() == before {
        report.push(Diagnostic::new("a case sets nothing").at(whole).help(EXAMPLE).missing_part());
    }
    if let ([path], Some(label)) = (paths.as_slice(), labels.first())
        && path.is_length()
    {
        let help = "remove the labels, or write N = […] above the cases";
        report.push(Diagnostic::new("cases that set `N` alone have no labels").at(label.place).help(help));
    }
    (report.len() == before).then_some(Axis { paths, values: AxisValues::Rows(rows), labels })
}

/// Whether the cases set this side to distributions of different families, each of which is then one value.
fn varies_in_family(cases: &[Value], side: &str) -> bool {
    let mut families =
        cases.iter().flat_map(|case| case.entries().iter().filter(|entry| entry.key == side)).map(|entry| match &entry
            .value
            .form
        {
            Form::Table(families) => families.iter().map(|family| family.key.as_str()).collect::<Vec<_>>(),
            _ => vec!["categorical"],
        });
    let first = families.next();
    let is_known = |names: &Vec<&str>| matches!(names.as_slice(), [name] if FamilyEntry::named(name).is_some());
    first.is_some_and(|first| is_known(&first) && families.any(|other| other != first && is_known(&other)))
}

/// The paths that one case sets.
fn read_case(entries: Vec<Entry>, whole_sides: &[&str], report: &mut Report) -> Vec<(Path, Value)> {
    let mut set: Vec<(Path, Value)> = Vec::new();
    for (keys, entry) in case_leaves(entries, whole_sides) {
        let path = match Path::new(keys, entry.key_place) {
            Ok(path) => path,
            Err(diagnostic) => {
                report.push(*diagnostic);
                continue;
            }
        };
        if let Some(conflict) = set.iter().find_map(|(earlier, _)| path.conflict(earlier)) {
            report.push(conflict);
        } else if path.is_length() && matches!(entry.value.form, Form::List(_)) {
            let title = "expected one number for `N` in a case, found a list";
            let help = "to cross it with the cases, write N = […] above the first [[case]]";
            report.push(Diagnostic::new(title).at(entry.value.place).help(help));
        } else {
            set.push((path, entry.value));
        }
    }
    set
}
