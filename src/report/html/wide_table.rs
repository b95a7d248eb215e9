//! A table that may be longer or wider than the screen.

use super::page::class;
use super::sort_key::sort_key;
use crate::report::{Align, Cell, Table};
use maud::{Markup, html};

/// Tables with more rows can be sorted and filtered.
const SHORT: usize = 8;

/// The number of key columns that the style sheet can keep in sight.
const MOST_KEYS: usize = 4;

/// Columns that, after the settings, say which row it is.
const NAMES_OF_ROWS: [&str; 8] = ["n", "N", "max", "true", "truth", "estimator", "of", "by"];

/// The leading columns that say which row it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    /// How many of them are settings, whose texts may be long.
    pub(super) settings: usize,
    /// How many there are.
    pub(super) all: usize,
}

impl Keys {
    /// The settings up to N, or whatever else comes first, and what follows of the names of rows.
    pub(super) fn of(table: &Table) -> Self {
        let is_name = |key: &str| NAMES_OF_ROWS.contains(&key);
        let mut columns = table.columns().iter().map(|column| column.key.as_str());
        let settings = columns.clone().position(is_name).unwrap_or(0);
        columns.by_ref().take(settings).for_each(drop);
        Self { settings, all: settings + columns.take_while(|key| is_name(key)).count() }
    }
}

/// A table in a box that scrolls, with the keyboard too. The script makes a long one sortable; without it the table is whole.
pub(super) fn wide_table(table: &Table, heading: &str, keys: Keys, is_explained: impl Fn(&str) -> bool) -> Markup {
    let columns: Vec<_> = table.columns().iter().enumerate().collect();
    let side = |place: usize, align: Align| match align {
        _ if place < keys.settings && is_of_numbers(table, place) => "number",
        Align::Right if place >= keys.settings => "number",
        _ => "word",
    };
    let kept = keys.all.min(MOST_KEYS);
    let key = |place: usize| match place {
        place if place >= kept => String::new(),
        place => format!(" key k{place}{}", if place + 1 == kept { " last" } else { "" }),
    };
    html! {
        div.scroll.long[table.rows().len() > SHORT] role="group" aria-labelledby=(heading) tabindex="0" {
            table {
                thead { tr { @for &(place, column) in &columns {
                    th scope="col" class={ (side(place, column.align)) (key(place)) } {
                        span.heading {
                            @if is_explained(&column.key) {
                                a href={ "#column-" (column.key) } { (column.name) }
                            } @else { (column.name) }
                            @if let Some(unit) = &column.unit { " " span.unit { "(" (unit) ")" } }
                        }
                    }
                } } }
                tbody { @for row in table.rows() { tr { @for (cell, &(place, column)) in row.iter().zip(&columns) {
                    @let class = format!("{} {}{}", side(place, column.align), class(cell.tone), key(place));
                    @if place < keys.all {
                        th scope="row" class=(class) data-value=[sort_key(&cell.value)] { (setting(cell, place < keys.settings)) }
                    } @else {
                        td class=(class) data-value=[sort_key(&cell.value)] { (cell.text()) }
                    }
                } } } }
            }
        }
    }
}

fn is_of_numbers(table: &Table, place: usize) -> bool {
    table.rows().iter().filter_map(|row| row.get(place)).all(|cell| cell.value.is_number())
}

/// A cell of a key column. A long setting is cut by the style sheet, and shown in full when it is opened.
fn setting(cell: &Cell, is_setting: bool) -> Markup {
    /// A text of more characters is cut.
    const LONG: usize = 24;
    let text = cell.text();
    let whole = cell.whole.as_ref().or((is_setting && text.chars().count() > LONG).then_some(&text));
    html! {
        @if let Some(whole) = whole {
            details.whole { summary { span { (text) } } p { (whole) } }
        } @else { (text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Column, Value};

    fn table(keys: &[&str], rows: usize) -> Table {
        let mut table = Table::new();
        for key in keys {
            let column =
                Column { key: (*key).to_owned(), name: (*key).to_owned(), unit: None, align: Align::Right, rank: None };
            table.push_column(column);
        }
        for row in 0..rows {
            table.row(keys.iter().map(|_| Value::Exact(row as f64 / 3.0, 3).into()).collect());
        }
        table
    }

    #[test]
    fn keys_are_the_settings_and_the_names_of_rows() {
        let keys = |columns: &[&str]| {
            let Keys { settings, all } = Keys::of(&table(columns, 0));
            (settings, all)
        };
        assert_eq!(keys(&["P", "Q", "n", "estimator", "mean", "n"]), (2, 4));
        assert_eq!(keys(&["n", "mean"]), (0, 1));
        assert_eq!(keys(&["mean"]), (0, 0));
    }

    #[test]
    fn long_tables_have_full_digits_to_sort_by() {
        let page = |rows| {
            let table = table(&["n", "mean"], rows);
            wide_table(&table, "here", Keys::of(&table), |_| false).into_string()
        };
        assert!(page(9).contains(r#"<div class="scroll long""#));
        assert!(page(8).contains(r#"<div class="scroll" role"#));
        assert!(
            page(2).contains(r#"<td class="number plain" data-value="0.3333333333333333">0.333</td>"#),
            "{}",
            page(2)
        );
    }

    #[test]
    fn long_settings_can_be_opened() {
        let mut table = table(&["P", "n"], 0);
        let short = Cell { whole: Some("normal(mean=0, std_dev=1) & more".to_owned()), ..Cell::from("mean=0") };
        table.row(vec![short, Value::Whole(1000).into()]);
        let page = wide_table(&table, "here", Keys::of(&table), |_| false).into_string();
        let cell = "<details class=\"whole\"><summary><span>mean=0</span></summary><p>normal(mean=0, std_dev=1) &amp; more</p></details>";
        assert!(page.contains(cell), "{page}");
        assert!(page.contains(r#"data-value="1000">1,000</th>"#), "{page}");
    }
}
