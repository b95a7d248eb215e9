//! Reports of trials that `runner summarize` saved.

use super::arguments::{Arguments, Format};
use super::files::{PagePlace, print_paths, write};
use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::{laid_out, show, show_data, show_document, show_json, stdout_width};
use crate::command::verb::summarize::Summarized;
use crate::outside::check_name;
use crate::record::SavedTrials;
use crate::report::{Captioned, IndexEntry, latex, link_to, markdown, trials_page};
use std::path::PathBuf;

/// Refuses flags that choose columns or rows of `summary.csv`, which saved trials do not have.
pub(super) fn check_flags(saved: &SavedTrials, arguments: &Arguments) -> Result<(), Error> {
    let flags = [
        ("--columns", !arguments.columns.is_empty()),
        ("--where", !arguments.filters.is_empty()),
        ("--rows", !arguments.rows.is_empty()),
        ("--cell", arguments.cell.is_some()),
        ("--errors", arguments.errors.is_some()),
    ];
    match flags.into_iter().find(|(_, is_given)| *is_given) {
        Some((flag, _)) => Err(Error::FlagOfRuns { flag, folder: saved.folder().display().to_string() }),
        None => Ok(()),
    }
}

/// Writes the report of each folder, made again from its trials.
pub(super) fn report_all(all: &[SavedTrials], arguments: &Arguments) -> Result<Outcome, Error> {
    let format = arguments.format.unwrap_or(Format::Terminal);
    if format == Format::Svg {
        return write_pictures(all, arguments);
    }
    let text = text(all, format, arguments, stdout_width())?;
    match format {
        Format::Csv => show_data(&text)?,
        Format::Json => show_json(&text)?,
        Format::Markdown | Format::Latex => show_document(&text)?,
        _ => show(&text)?,
    };
    Ok(Outcome::Agreed)
}

/// Makes a report that is text. A table for a terminal is at most `width` columns wide.
pub(super) fn text(
    all: &[SavedTrials],
    format: Format,
    arguments: &Arguments,
    width: Option<usize>,
) -> Result<String, Error> {
    if let (Format::Csv | Format::Json, [_, other, ..]) = (format, all) {
        return Err(Error::TwoStudies { folder: other.folder().display().to_string() });
    }
    let mut parts = Vec::with_capacity(all.len());
    for saved in all {
        check_flags(saved, arguments)?;
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
                latex(&[Captioned { table: table(), caption: report.headline(), label }])
            }
            _ => laid_out(&report, width),
        });
    }
    Ok(parts.join("\n"))
}

/// Writes the page of a study, and returns its line in an index.
pub(super) fn write_study(saved: &SavedTrials, place: &PagePlace, back: Option<&str>) -> Result<IndexEntry, Error> {
    let summarized = Summarized::of_saved(saved)?;
    let name = &saved.manifest().experiment;
    let gates = summarized.without_gates();
    let report = summarized.report(&gates);
    let figures = summarized.with_files(name, (saved.folder(), true), &report, |files| Ok(files.figures()))?;
    write(&place.path, trials_page(name, &report, &figures, back).as_bytes())?;
    Ok(IndexEntry::of_study(name, &report, link_to(&place.link)))
}

fn write_pictures(all: &[SavedTrials], arguments: &Arguments) -> Result<Outcome, Error> {
    let mut written: Vec<PathBuf> = Vec::new();
    for saved in all {
        let summarized = Summarized::of_saved(saved)?;
        let name = &saved.manifest().experiment;
        let gates = summarized.without_gates();
        let report = summarized.report(&gates);
        let folder = match &arguments.out {
            Some(out) if check_name(name).is_ok() => (out.as_path(), false),
            Some(out) => (out.as_path(), true),
            None => (saved.folder(), true),
        };
        written.extend(summarized.with_files(name, folder, &report, |files| files.write_pictures())?);
    }
    print_paths(&written)
}
