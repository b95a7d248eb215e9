//! Reports of trials that `runner summarize` saved.

use super::files::{Drawn, PagePlace, write};
use super::format::Format;
use super::request::Request;
use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::{self, laid_out, show_data, show_document, show_json, stdout_width};
use crate::command::verb::summarize::{Summarized, TrialsFiles};
use crate::record::SavedTrials;
use crate::report::figure::{PictureFormat, for_screens};
use crate::report::{Captioned, IndexEntry, latex, link_to, markdown, trials_page};

/// Refuses flags that choose columns or rows of `summary.csv`, which saved trials do not have.
pub(super) fn check_flags(saved: &SavedTrials, request: &Request) -> Result<(), Error> {
    let selection = &request.selection;
    let flags = [
        ("--columns", !selection.columns.is_empty()),
        ("--where", !selection.filters.is_empty()),
        ("--rows", selection.pivot.as_ref().is_some_and(|pivot| !pivot.rows.is_empty())),
        ("--cell", selection.pivot.is_some()),
        ("--errors", request.has_errors),
    ];
    match flags.into_iter().find(|(_, is_given)| *is_given) {
        Some((flag, _)) => Err(Error::FlagOfRuns { flag, folder: saved.folder().display().to_string() }),
        None => Ok(()),
    }
}

/// Writes the report of each folder to standard output, made again from its trials.
pub(super) fn show(all: &[SavedTrials], request: &Request) -> Result<Outcome, Error> {
    let text = text(all, request, stdout_width())?;
    match request.format {
        Format::Csv => show_data(&text)?,
        Format::Json => show_json(&text)?,
        Format::Markdown | Format::Latex => show_document(&text)?,
        _ => output::show(&text)?,
    };
    Ok(Outcome::Agreed)
}

/// Makes a report that is text. A table for a terminal is at most `width` columns wide.
pub(super) fn text(all: &[SavedTrials], request: &Request, width: Option<usize>) -> Result<String, Error> {
    let format = request.format;
    if let (Format::Csv | Format::Json, [_, other, ..]) = (format, all) {
        return Err(Error::TwoStudies { folder: other.folder().display().to_string() });
    }
    let mut parts = Vec::with_capacity(all.len());
    for saved in all {
        check_flags(saved, request)?;
        let summarized = Summarized::of_saved(saved)?;
        let gates = summarized.without_gates();
        let report = summarized.report(&gates);
        let table = || report.table_of_groups().0;
        parts.push(match format {
            Format::Csv => report.csv().map_err(|error| Error::Output(error.into()))?,
            Format::Json => format!("{:#}\n", report.json()),
            Format::Markdown => markdown(&table()),
            Format::Latex => {
                let label = saved.manifest().experiment.clone();
                latex(&[Captioned { table: table(), caption: report.headline(), label }], request.width)
            }
            _ => laid_out(&report, width),
        });
    }
    Ok(parts.join("\n"))
}

/// Writes the page of a study with the pictures of these names, or all if none are named; returns its line in an index.
pub(super) fn write_study(
    saved: &SavedTrials,
    place: &PagePlace,
    back: Option<&str>,
    names: &[String],
) -> Result<IndexEntry, Error> {
    let summarized = Summarized::of_saved(saved)?;
    let name = &saved.manifest().experiment;
    let gates = summarized.without_gates();
    let report = summarized.report(&gates);
    let draw = |files: &TrialsFiles<'_>| Ok(for_screens(|width| files.figures(names, width)));
    let pictures = summarized.with_files(name, (saved.folder(), true), &report, draw)?;
    write(&place.path, trials_page(name, &report, &pictures, back).as_bytes())?;
    Ok(IndexEntry::of_study(name, &report, link_to(&place.link)))
}

/// Draws the pictures of these names, or all if none are named.
pub(super) fn draw(
    all: &[SavedTrials],
    request: &Request,
    names: &[String],
    format: PictureFormat,
) -> Result<Vec<Drawn>, Error> {
    let width = request.width.unwrap_or_default();
    let drawn = with_files(all, request, |files| {
        let figures = files.figures(names, width).into_iter();
        Ok(figures.map(|figure| Drawn { path: files.picture_path(&figure, format), figure }).collect::<Vec<_>>())
    })?;
    Ok(drawn.into_iter().flatten().collect())
}

fn with_files<T>(
    all: &[SavedTrials],
    request: &Request,
    mut write: impl FnMut(&TrialsFiles<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut made = Vec::new();
    for saved in all {
        let summarized = Summarized::of_saved(saved)?;
        let name = &saved.manifest().experiment;
        let gates = summarized.without_gates();
        let report = summarized.report(&gates);
        let folder = match request.folder() {
            Some(out) => (out, false),
            None => (saved.folder(), true),
        };
        made.push(summarized.with_files(name, folder, &report, &mut write)?);
    }
    Ok(made)
}
