//! Bad parameters of every family: one line for each fault, with its message at the value that is wrong.

use super::faults::{checked, parts};
use crate::experiment_file::words::example;
use kl_math::distribution::{FAMILIES, FamilyEntry};
use std::path::Path;

/// Members as they would be written under P, each followed by its messages, indented, as `title | help`.
///
/// What a message must underline is between « and »; of two messages that begin at one character the marks are in the
/// order of the messages. After a change of wording, run with `UPDATE_FAULTS=1` and read the difference.
const TABLES: [(&str, &str); 2] = [
    ("discrete.txt", include_str!("families/discrete.txt")),
    ("continuous.txt", include_str!("families/continuous.txt")),
];

/// The members of a table, with their family.
fn members(table: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with(' '));
    lines.map(|member| (member.split(' ').next().unwrap_or_default(), member))
}

/// The table as the program would write it: every member with the messages that it gets.
fn actual(table: &str) -> String {
    let mut written = String::new();
    let mut last = None;
    for (family, member) in members(table) {
        if last.replace(family).is_some_and(|last| last != family) {
            written.push('\n');
        }
        let example = example(FamilyEntry::named(family).expect("a family"));
        written.push_str(&format!("{member}\n"));
        for (title, help) in parts(&checked(&format!("trials = 10\nN = 10\nP.{member}\nQ.{example}\n"))) {
            written.push_str(&format!("    {title} | {help}\n"));
        }
    }
    written
}

#[test]
fn every_family_has_bad_members_here() {
    for family in FAMILIES {
        let count =
            TABLES.iter().flat_map(|(_, table)| members(table)).filter(|(name, _)| *name == family.name).count();
        assert!(count >= 6, "too few bad members of {}", family.name);
    }
}

#[test]
fn bad_members_get_their_messages() {
    for (name, table) in TABLES {
        let actual = actual(table);
        if std::env::var_os("UPDATE_FAULTS").is_some() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(file!()).with_extension("");
            std::fs::write(folder.join(name), &actual).expect("a table that can be written");
            continue;
        }
        let rows = actual.lines().zip(table.lines()).zip(1..);
        let changed = rows.filter(|((actual, expected), _)| actual != expected);
        let changed: Vec<String> = changed
            .map(|((actual, expected), line)| format!("{name}:{line}\n  expected {expected}\n  found    {actual}"))
            .collect();
        assert!(actual == table, "{} lines differ\n{}", changed.len(), changed[..changed.len().min(10)].join("\n"));
    }
}
