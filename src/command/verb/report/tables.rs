//! Reports that are text: tables for people, data for programs.

use super::format::{Format, Kind};
use super::request::Request;
use crate::command::error::Error;
use crate::command::output::laid_out;
use crate::outside::printable;
use crate::record::{MANIFEST, Overview, Rows, SavedResults, SavedTrials, io_error, result_file};
use crate::report::{
    Captioned, ExperimentData, ExperimentTable, Lines, Report, caption, latex, markdown, write_csv, write_json,
};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Chooses what a report for programs holds; its rows are made when they are written.
pub(super) fn data<'a>(results: &'a [SavedResults], request: &Request) -> Result<Vec<ExperimentData<'a>>, Error> {
    let selection = &request.selection;
    let mut all = Vec::new();
    for results in results {
        let (overview, rows) = (&results.overview, &results.rows);
        let lines = match selection.pivot {
            Some(_) => Lines::Table(selection.table(overview, rows)?),
            None => Lines::Listing(selection.listing(overview, rows)?),
        };
        all.push(ExperimentData { overview, rows: Rows::Saved(rows), lines });
    }
    Ok(all)
}

/// Writes a report for programs.
pub(super) fn write_data(data: &[ExperimentData<'_>], format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => write_json(data, out),
        _ => write_csv(data, out).map_err(io_error),
    }
}

/// Makes a report that is text.
///
/// A table for a terminal is at most `width` columns wide.
pub(super) fn text(results: &[SavedResults], request: &Request, width: Option<usize>) -> Result<String, Error> {
    let format = request.format;
    if format.kind() == Kind::Data {
        let mut bytes = Vec::new();
        write_data(&data(results, request)?, format, &mut bytes).map_err(Error::Output)?;
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    let selection = &request.selection;
    let mut tables = Vec::new();
    for results in results {
        let table = selection.table(&results.overview, &results.rows)?;
        tables.push(ExperimentTable { overview: &results.overview, rows: Rows::Saved(&results.rows), table });
    }
    Ok(match format {
        Format::Markdown => joined(tables.iter().map(|table| match tables.len() {
            1 => markdown(&table.table),
            _ => format!("{}\n\n{}", heading(table.overview), markdown(&table.table)),
        })),
        Format::Latex => latex(&tables.into_iter().map(captioned).collect::<Vec<_>>(), request.width),
        _ => joined(tables.into_iter().map(|table| {
            let ExperimentTable { overview, rows, table } = table;
            laid_out(Report { overview, rows, table, hidden: 0 }, width)
        })),
    })
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("\n")
}

fn heading(overview: &Overview) -> String {
    match &overview.question {
        Some(question) => format!("**{}**: {}", overview.experiment, printable(question)),
        None => format!("**{}**", overview.experiment),
    }
}

fn captioned(table: ExperimentTable<'_>) -> Captioned {
    let caption = caption(table.overview, table.rows);
    Captioned { table: table.table, caption, label: table.overview.experiment.clone() }
}

/// What lies in the folders that are named.
pub(super) struct Folders {
    /// The results of runs.
    pub(super) results: Vec<SavedResults>,
    /// Trials that `runner summarize` saved.
    pub(super) trials: Vec<SavedTrials>,
}

/// Reads every folder that is named, or that lies in one that is named.
pub(super) fn read_all(named: &[PathBuf]) -> Result<Folders, Error> {
    let default = [PathBuf::from("results")];
    let named = if named.is_empty() { &default } else { named };
    let mut folders: Vec<PathBuf> = Vec::new();
    for path in named.iter().filter(|path| named.len() == 1 || !is_report(path)) {
        for folder in folders_in(path) {
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
    }
    let (mut results, mut trials, mut mistakes) = (Vec::new(), Vec::new(), Vec::new());
    for folder in &folders {
        match SavedTrials::open(folder) {
            Ok(Some(saved)) => trials.push(saved),
            Ok(None) => match SavedResults::read(folder) {
                Ok(read) => results.push(read),
                Err(mistake) => mistakes.push(mistake),
            },
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() { Ok(Folders { results, trials }) } else { Err(Error::Results(mistakes)) }
}

/// Whether a path is a file that a report wrote among the results: `results/*` matches these, too.
fn is_report(path: &Path) -> bool {
    path.is_file() && Format::of_file(path).is_some() && !is_of_results(path)
}

/// Whether a path has the name of a file that a run leaves.
pub(super) fn is_of_results(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| result_file(name).is_some() || name == MANIFEST)
}

/// The results folder that `path` is, or is in; or those in it.
pub(in crate::command) fn folders_in(path: &Path) -> Vec<PathBuf> {
    if path.is_file() && is_of_results(path) {
        return path.parent().map(|folder| vec![folder.join("")]).unwrap_or_default();
    }
    if path.join(MANIFEST).exists() {
        return vec![path.join("")];
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut inner: Vec<PathBuf> =
        entries.filter(|inner| inner.join(MANIFEST).exists()).map(|inner| inner.join("")).collect();
    inner.sort();
    if inner.is_empty() { vec![path.to_owned()] } else { inner }
}
