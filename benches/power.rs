//! Does `runner check` keep its promise? Checks of a right program at a loose rate, and of wrong ones.
//!
//! `cargo bench --bench power` takes some minutes and prints tables; it fails if a promise is broken. Rates are stated for
//! the law layer of one check. `tests/it/power.rs` does a hundredth of it.

#![allow(missing_docs)]

#[path = "../tests/it/planted/mod.rs"]
mod planted;

use planted::{Promise, Row, at_any_time, right_programs, wrong_programs};

fn main() {
    // `cargo test` only sees whether it can be built.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let mut is_kept = true;
    let mut show = |title: &str, rows: Vec<Row>| {
        println!("\n| {title} | checks | failed | promised | trials drawn |\n|---|---|---|---|---|");
        for row in &rows {
            let checks = row.checks as f64;
            let promised = match row.promise {
                Promise::AtMost(rate) => format!("≤ {}", (rate * checks * 1e6).round() / 1e6),
                Promise::AtLeast(rate) => format!("≥ {}", (rate * checks * 1e6).round() / 1e6),
                Promise::None => String::new(),
            };
            let drawn = (100.0 * row.drawn).round();
            println!("| {} | {checks} | {} | {promised} | {drawn} % |", row.name, row.failed);
        }
        is_kept &= rows.iter().all(Row::is_kept);
    };
    show("a right program", right_programs(1));
    show("a wrong program", wrong_programs(1));
    show("with `--anytime`", at_any_time(1));
    assert!(is_kept, "a promise is broken");
}
