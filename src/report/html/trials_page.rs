//! The page of external trials.

use super::document::document;
use super::picture::picture;
use super::wide_table::{Keys, wide_table};
use crate::report::figure::ScreenFigure;
use crate::report::{Tone, TrialsReport, counted, printable, printable_lines};
use maud::html;

/// Returns the page of external trials: what they are, the gates, pictures, and the measures of each group.
pub fn trials_page(name: &str, report: &TrialsReport<'_>, figures: &[ScreenFigure], back: Option<&str>) -> String {
    let (table, hidden) = report.table_of_groups();
    let name = printable(name);
    let body = html! {
        header {
            @if let Some(back) = back { nav aria-label="Experiments" { a href=(back) { "All experiments" } } }
            h1 { (name) }
            p.question { "The performance of estimators, from trials of another program" }
        }
        main id="main" {
            section aria-labelledby="found" {
                h2 id="found" { "Trials" }
                @if let Some((words, tone)) = report.verdict() { p { strong.badge.(tone_class(tone)) { (words) } } }
                p { (report.headline()) }
                ul.setting { @for note in report.notes() { li { (note) } } }
                @if !report.gates.gates.is_empty() { pre tabindex="0" { code { (printable_lines(&report.gates.to_string())) } } }
            }
            @if !figures.is_empty() {
                section aria-labelledby="pictures" {
                    h2 id="pictures" { "Pictures" }
                    @for figure in figures { (picture(figure)) }
                }
            }
            section aria-labelledby="measures" {
                h2 id="measures" { "Measures" }
                p { "Each with its Monte Carlo standard error: how far the same study with other trials would typically be from it." }
                (wide_table(&table, "measures", Keys { settings: report.by.len(), all: report.by.len() }, |_| false))
                @if hidden > 0 { p { "… and " (counted(hidden as u64, "more group")) ". " code { "--format csv" } " has them all." } }
            }
        }
        footer { p { "Made by " (env!("CARGO_PKG_NAME")) " " (env!("CARGO_PKG_VERSION")) "." } }
    };
    document(&name, &body)
}

fn tone_class(tone: Tone) -> &'static str {
    super::page::class(tone)
}
