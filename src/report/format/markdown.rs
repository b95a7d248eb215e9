//! A table in Markdown.

use crate::outside::printable;
use crate::report::{Align, Cell, Column, Table};

/// Returns a table for a README or a pull request, with units in its header.
///
/// ```
/// use kl_runner::report::{Align, Table, markdown};
/// let mut table = Table::new();
/// table.column("a|b", Align::Right);
/// table.row(vec!["1".into()]);
/// table.row(vec!["2\u{1b}\n".into()]);
/// assert_eq!(markdown(&table), "| a\\|b |\n|---:|\n| 1 |\n| 2\\\\u{1b}\\\\n |\n");
/// ```
pub fn markdown(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(table.columns().iter().map(|column| escaped(&column.heading())).collect());
    let rules: Vec<&str> = table.columns().iter().map(|column| rule(column)).collect();
    text.push_str(&format!("|{}|\n", rules.join("|")));
    for row in table.rows() {
        text.push_str(&line(row.iter().map(Cell::text).map(|cell| escaped(&cell)).collect()));
    }
    text
}

fn rule(column: &Column) -> &'static str {
    match column.align {
        Align::Left => "---",
        Align::Right => "---:",
    }
}

/// Escapes markup and line breaks.
pub(in crate::report) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in printable(text).chars() {
        if matches!(c, '\\' | '|' | '<' | '>' | '&' | '*' | '_' | '`' | '[' | ']' | '~' | '#' | '$') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
