//! The page of several experiments.

use super::document::document;
use super::page::class;
use crate::record::SavedResults;
use crate::report::figure::thumbnail;
use crate::report::finding::verdict;
use crate::report::shown::Shown;
use crate::report::{Tone, TrialsReport, counted, fixed, grouped, printable};
use kl_math::numeric::shortest_real;
use kl_sim::comparison::Verdict;
use maud::{Markup, PreEscaped, html};

/// The line of an experiment, or of a study of another program's trials.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexEntry {
    name: String,
    link: String,
    question: Option<String>,
    verdict: (&'static str, Tone),
    rows: usize,
    /// What kind of rows they are, if not all were tested.
    note: Option<String>,
    farthest: Option<Farthest>,
    thumbnail: Option<String>,
}

/// Settings of more characters are told by the number of their condition.
const SHORT: usize = 36;

/// The mean that is farthest from theory, in standard errors.
#[derive(Clone, Debug, PartialEq)]
struct Farthest {
    z: f64,
    place: String,
}

impl IndexEntry {
    /// The line of an experiment with a page at `link`.
    pub fn of_run(results: &SavedResults, link: String) -> Self {
        let rows = &results.rows;
        let (words, tone) = match verdict(rows) {
            Verdict::Agree => ("agrees", Tone::Good),
            Verdict::Disagree => ("disagrees", Tone::Bad),
            Verdict::Infinite => ("infinite", Tone::Good),
            Verdict::Untested => ("untested", Tone::Notable),
        };
        let count = |verdict: Verdict| rows.iter().filter(|row| row.verdict == verdict).count();
        let notes = [(Verdict::Disagree, "disagree"), (Verdict::Untested, "untested")];
        let notes = notes.map(|(verdict, word)| (count(verdict), word));
        // Where all are alike the verdict says it.
        let notes = notes.into_iter().filter(|&(count, _)| count > 0 && count < rows.len());
        let notes: Vec<String> = notes.map(|(count, word)| format!("{} {word}", grouped(count as u64))).collect();
        Self {
            name: printable(&results.overview.experiment),
            link,
            question: results.overview.question.as_deref().map(printable),
            verdict: (words, tone),
            rows: rows.len(),
            note: (!notes.is_empty()).then(|| notes.join(", ")),
            farthest: Farthest::of(results),
            thumbnail: thumbnail(results),
        }
    }

    /// The line of trials of another program with a page at `link`.
    pub fn of_study(name: &str, report: &TrialsReport<'_>, link: String) -> Self {
        let (words, tone) = report.verdict().unwrap_or(("no limits", Tone::Plain));
        Self {
            name: printable(name),
            link,
            question: Some(format!("Trials of another program: {}", report.headline())),
            verdict: (words, tone),
            rows: report.groups.len(),
            note: None,
            farthest: None,
            thumbnail: None,
        }
    }
}

impl Farthest {
    /// The row with the largest |z|, if any row has one.
    fn of(results: &SavedResults) -> Option<Self> {
        let overview = &results.overview;
        let scored = results.rows.iter().filter_map(|row| Some((row, row.comparison.z.filter(|z| !z.is_nan())?)));
        // Of equal ones the first.
        let (row, z) = scored.reduce(|most, next| if next.1.abs() > most.1.abs() { next } else { most })?;
        let conditions = results.rows.iter().map(|row| (&*row.label, &*row.settings));
        let settings = Shown::of(&overview.setting_names, conditions).sentence(&row.label, &row.settings);
        let settings = settings.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        let condition = match settings.chars().count() {
            0 => None,
            1..=SHORT => Some(settings),
            _ => Some(format!("condition {}", grouped(row.condition as u64))),
        };
        let estimator = (overview.estimators.len() > 1).then(|| row.estimator.clone().into_owned());
        let place = condition.into_iter().chain([format!("N\u{a0}=\u{a0}{}", grouped(row.n))]).chain(estimator);
        Some(Self { z: z.abs(), place: printable(&place.collect::<Vec<_>>().join(", ")) })
    }
}

/// Returns a page of several experiments, a line each with a link to its own page.
pub fn index(entries: &[IndexEntry]) -> String {
    let is_long = entries.len() > 1;
    let body = html! {
        header { h1 { "Experiments" } }
        main id="main" {
            p { (summary(entries)) }
            div.overview.long[is_long] {
                table role="table" aria-label="Experiments" {
                    thead role="rowgroup" { tr role="row" {
                        th.word scope="col" role="columnheader" { span.heading { "experiment" } }
                        th.word scope="col" role="columnheader" data-unsorted { "estimates" }
                        th.word scope="col" role="columnheader" { span.heading { "question" } }
                        th.word scope="col" role="columnheader" { span.heading { "verdict" } }
                        th.number scope="col" role="columnheader" { span.heading { "rows" } }
                        th.number scope="col" role="columnheader" { span.heading { "largest |z|" } }
                    } }
                    tbody role="rowgroup" { @for entry in entries { (line(entry)) } }
                }
            }
            p { "z is the distance of the mean of the estimates from their exact mean, in standard errors: among many rows some are beyond 2." }
        }
    };
    document("Experiments", &body)
}

fn line(entry: &IndexEntry) -> Markup {
    let (verdict, tone) = &entry.verdict;
    html! {
        tr role="row" {
            th.word scope="row" role="rowheader" { a href=(entry.link) { (entry.name) } }
            td.shown role="cell" {
                @if let Some(svg) = &entry.thumbnail { span.picture.thumbnail { (PreEscaped(svg)) } }
            }
            td.asked role="cell" { @if let Some(question) = &entry.question { (question) } }
            td role="cell" { strong.badge.(class(*tone)) { (verdict) } }
            td.number role="cell" data-head="rows" data-value=(entry.rows) {
                (grouped(entry.rows as u64))
                @if let Some(note) = &entry.note { " " span.where { (note) } }
            }
            @match &entry.farthest {
                Some(Farthest { z, place }) => {
                    td.number.farthest role="cell" data-head="largest |z|" data-value=(shortest_real(*z)) {
                        (fixed(*z, 1)) " " span.where { (place) }
                    }
                }
                None => td.number.farthest role="cell" data-head="largest |z|" { "none" },
            }
        }
    }
}

/// How many there are, and how many have each verdict.
fn summary(entries: &[IndexEntry]) -> String {
    /// A verdict, and how it is said of one and of several.
    const WORDS: [(&str, &str, &str); 5] = [
        ("agrees", "agrees with theory", "agree with theory"),
        ("disagrees", "disagrees with theory", "disagree with theory"),
        ("infinite", "is infinite, as theory says", "are infinite, as theory says"),
        ("untested", "is untested", "are untested"),
        ("no limits", "has no limits to keep", "have no limits to keep"),
    ];
    let said = WORDS.into_iter().filter_map(|(words, one, several)| {
        match entries.iter().filter(|entry| entry.verdict.0 == words).count() {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{} {several}", grouped(count as u64))),
        }
    });
    let count = counted(entries.len() as u64, "experiment");
    format!("{count}: estimates of KL(P‖Q) beside exact theory. {}.", said.collect::<Vec<_>>().join("; "))
}
