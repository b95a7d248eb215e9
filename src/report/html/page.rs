//! The page of one experiment.

use super::document::document;
use super::picture::picture;
use super::wide_table::{Keys, wide_table};
use crate::plan::SamplerKind;
use crate::record::{Rows, SavedResults, SummaryRow};
use crate::report::figure::ScreenFigure;
use crate::report::finding::{sentence, verdict};
use crate::report::shown::{shown_rows, whole_settings};
use crate::report::tables::ResultColumn;
use crate::report::verb::{approximation_table, decision_table, length_table};
use crate::report::{Report, Selection, Table, Tone, counted, grouped, printable};
use kl_sim::comparison::Verdict;
use maud::{Markup, html};

/// What a page is made of, apart from the results and their pictures.
#[derive(Clone, Debug, Default)]
pub struct PageParts<'a> {
    /// The links.
    pub links: Links<'a>,
    /// The table, if it is not the default one.
    pub table: Option<Table>,
    /// The rows that were chosen, if not all are shown.
    pub choice: Option<Choice>,
}

/// Some rows of all.
#[derive(Clone, Debug)]
pub struct Choice {
    /// By which conditions they were chosen.
    pub filters: String,
    /// How many there are.
    pub rows: usize,
    /// How many there are in all.
    pub all: usize,
}

/// The links of a page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Links<'a> {
    /// The index of several experiments, if there is one.
    pub index: Option<&'a str>,
    /// Whether the files of the results are beside the page.
    pub has_files: bool,
}

/// Returns the page of one experiment: the question, the findings, pictures, the table, its columns, and how to reproduce
/// it.
pub fn page(results: &SavedResults, figures: &[ScreenFigure], parts: PageParts<'_>) -> String {
    let PageParts { links, table, choice } = parts;
    let overview = &results.overview;
    let report = Report::of_page(overview, Rows::Saved(&results.rows));
    let title = match &overview.question {
        Some(question) => format!("{}: {question}", overview.experiment),
        None => overview.experiment.clone(),
    };
    let file = |name: &str| html! { @if links.has_files { a href=(name) { (name) } } @else { (name) } };
    let body = html! {
        header {
            @if let Some(back) = links.index { nav aria-label="Experiments" { a href=(back) { "All experiments" } } }
            h1 { (overview.experiment) }
            @if let Some(question) = &overview.question { p.question { (question) } }
        }
        main id="main" {
            section aria-labelledby="found" {
                h2 id="found" { "Findings" }
                p { (badge(&results.rows)) " " (sentence(overview, Rows::Saved(&results.rows))) }
                @if let Some(Choice { filters, rows, all }) = &choice {
                    p { "This page shows " (grouped(*rows as u64)) " of " (counted(*all as u64, "row")) ": those with " (printable(filters)) "." }
                }
                ul.setting { @for line in report.setting() { li { (line) } } }
            }
            @if !figures.is_empty() {
                section aria-labelledby="pictures" {
                    h2 id="pictures" { "Pictures" }
                    @for figure in figures { (picture(figure)) }
                }
            }
            section aria-labelledby="table" {
                h2 id="table" { "Results beside theory" }
                (table_of(table.as_ref().unwrap_or(&report.table), "table"))
                @if has_measures(results) {
                    h3 id="measures" { "Comparison of the estimators" }
                    (measures(results))
                }
                @if report.hidden > 0 && table.is_none() { p { "… and " (grouped(report.hidden as u64)) " more rows in " (file("summary.csv")) "." } }
            }
            (decisions(results, &file))
            section aria-labelledby="columns" {
                h2 id="columns" { "What the columns mean" }
                p { "Every column of " (file("summary.csv")) ", and the formula behind it. P is the source, Q the model, "
                    "N the number of symbols in a sequence, R the number of sequences." }
                dl {
                    @for column in explained(results) {
                        dt id={ "column-" (column.name()) } { (column.heading()) " " code { (column.name()) } }
                        dd { (column.meaning()) }
                    }
                }
            }
            (reproduction(results))
        }
        footer {
            p { "Made by " (results.manifest.program) " " (env!("CARGO_PKG_VERSION")) " from the files in this folder: "
                @for (place, name) in results.manifest.files.keys().map(String::as_str).chain(["manifest.json"]).enumerate() {
                    @if place > 0 { ", " }
                    (file(name))
                }
                "." }
        }
    };
    document(&title, &body)
}

/// What tests decided, after how many symbols, and what approximations say of it.
fn decisions(results: &SavedResults, file: &impl Fn(&str) -> Markup) -> Markup {
    let Some(decided) = decision_table(&results.overview, Rows::Saved(&results.rows)) else { return html! {} };
    let more = |hidden: usize, name: &str| {
        html! { @if hidden > 0 { p { "… and " (grouped(hidden as u64)) " more rows in " (file(name)) "." } } }
    };
    html! {
        section aria-labelledby="decisions" {
            h2 id="decisions" { "Decisions between P and Q" }
            p { "How often the tests decided P and Q in the trials, ± the standard error, beside the exact chances. A row without trials has "
                "theory alone. Every digit is in " (file("decisions.csv")) "." }
            (plain_table(&decided, "decisions"))
            @if let Some((table, hidden)) = length_table(results) {
                h3 id="lengths" { "Symbols up to the end of a test" }
                p { "By how many symbols so large a part of the tests ended, in the trials and exactly." }
                (plain_table(&table, "lengths"))
                (more(hidden, "lengths.csv"))
            }
            @if let Some((table, hidden)) = approximation_table(results) {
                h3 id="approximations" { "Approximations beside exact values" }
                (plain_table(&table, "approximations"))
                (more(hidden, "approximations.csv"))
            }
        }
    }
}

fn has_measures(results: &SavedResults) -> bool {
    results.rows.iter().any(|row| !row.measures.is_empty())
}

/// The columns that the page explains.
fn explained(results: &SavedResults) -> impl Iterator<Item = ResultColumn<'static>> {
    let many = has_measures(results);
    ResultColumn::summary().chain(ResultColumn::measures().filter(move |_| many))
}

fn badge(rows: &[SummaryRow<'_>]) -> Markup {
    let (words, tone) = match verdict(rows) {
        Verdict::Agree => ("agrees with theory", Tone::Good),
        Verdict::Disagree => ("disagrees with theory", Tone::Bad),
        Verdict::Infinite => ("infinite, as theory says", Tone::Good),
        Verdict::Untested => ("untested", Tone::Notable),
    };
    html! { strong.badge.(class(tone)) { (words) } }
}

pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Notable => "notable",
    }
}

/// The performance measures of each estimator.
fn measures(results: &SavedResults) -> Markup {
    const COLUMNS: [&str; 11] = [
        "n",
        "estimator",
        "bias",
        "empirical_se",
        "rmse",
        "precision_gain",
        "nonpositive",
        "model_se_error",
        "coverage",
        "rejection",
        "exact_se_coverage",
    ];
    let all: Vec<&SummaryRow<'_>> = results.rows.iter().collect();
    let shown = shown_rows(&results.overview, &all);
    let whole = if shown.is_some() { whole_settings(&results.overview, &all) } else { Vec::new() };
    let (overview, rows) = match &shown {
        Some((overview, rows)) => (overview, rows.as_slice()),
        None => (&results.overview, results.rows.as_slice()),
    };
    let settings = overview.setting_names.iter().map(String::as_str);
    let columns = settings.chain(COLUMNS).map(str::to_owned).collect();
    let selection = Selection { columns, ..Selection::default() };
    let table = selection.table(overview, rows);
    html! { @if let Ok(table) = table { (table_of(&table.with_whole(whole.into_iter()).without_empty_columns(), "measures")) } }
}

/// A table whose columns are explained below.
fn table_of(table: &Table, heading: &str) -> Markup {
    let is_explained =
        |key: &str| ResultColumn::summary().chain(ResultColumn::measures()).any(|explained| explained.name() == key);
    wide_table(table, heading, Keys::of(table), is_explained)
}

/// A table whose columns need no explanation.
fn plain_table(table: &Table, heading: &str) -> Markup {
    wide_table(table, heading, Keys::of(table), |_| false)
}

/// The command, the spec, and their digests.
fn reproduction(results: &SavedResults) -> Markup {
    let manifest = &results.manifest;
    // What follows from the other keys is no key of a file.
    let is_key = |(key, _): &(&String, &serde_json::Value)| !["components", "files"].contains(&key.as_str());
    let keys: serde_json::Map<_, _> =
        manifest.spec.iter().filter(is_key).map(|(key, value)| (key.clone(), value.clone())).collect();
    let spec = toml::to_string(&keys).unwrap_or_else(|error| format!("# {error}\n"));
    html! {
        section aria-labelledby="again" {
            h2 id="again" { "How to reproduce it" }
            p { "Save the spec below as " code { (results.overview.experiment) ".toml" } " and run" }
            pre tabindex="0" { code { "runner " (results.overview.experiment) ".toml" } }
            p { "The results are the same bytes on any machine and with any number of threads."
                @if results.overview.sampler != SamplerKind::Tally.name() {
                    " To see one sequence on its own: " code { "runner replay " (results.overview.experiment) ".toml --condition 1 --trial 1" } "."
                }
            }
            h3 { "The spec, with every default" }
            pre tabindex="0" { code { (spec) } }
            h3 { "Identity" }
            dl.identity {
                dt { "program" } dd { (manifest.program) " " (manifest.version) ", random streams of version " (manifest.stream_version) }
                dt { "seed" } dd { (results.overview.seed) }
                dt { "SHA-256 of the spec" } dd { code { (manifest.spec_sha256) } }
                @for (name, digest) in &manifest.files {
                    dt { "SHA-256 of " (name) } dd { code { (digest) } }
                }
            }
        }
    }
}
