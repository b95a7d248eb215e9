//! `runner report RESULTS…`: tables and pictures, made again from saved rows.

use super::{Outcome, Written, hand_out, say, show, show_all, show_document};
use crate::cli::{Cli, Format, ReportArguments, Verb};
use crate::error::Error;
use crate::outside::{MOST_AT_ONCE, printable, printable_lines, read_file};
use crate::record::{MANIFEST, Overview, ResultsError, Rows, SavedResults, io_error, result_file};
use crate::report::figure::{Figure, figures};
use crate::report::{
    Captioned, ErrorStyle, ExperimentData, ExperimentTable, Filter, Lines, Links, Pivot, Report, Selection, caption,
    counted, gallery, index, latex, link_to, markdown, page, picture_file, splice, write_csv, write_json,
};
use crate::store::write_file;
use clap::Parser;
use kl_math::numeric::ask_for;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Reads results, and nothing but results; every mistake of every folder is reported before anything is written.
pub(super) fn report(arguments: &ReportArguments) -> Result<Outcome, Error> {
    if !arguments.splice.is_empty() {
        return splice_all(arguments);
    }
    let results = read_all(&arguments.results)?;
    match arguments.format.unwrap_or(Format::Terminal) {
        Format::Html => write_pages(results, arguments.out.as_deref()),
        Format::Svg => write_pictures(results, arguments.out.as_deref()),
        format @ (Format::Csv | Format::Json) => {
            let data = data(&results, format, arguments)?;
            let written = if format == Format::Json { Written::Json } else { Written::Data };
            show_all(written, |out| write_data(&data, format, out)).map(|_| Outcome::Agreed)
        }
        format => {
            let text = text(&results, format, arguments)?;
            let shown = if format == Format::Terminal { show(&text) } else { show_document(&text) };
            shown.map(|_| Outcome::Agreed)
        }
    }
}

/// A report for programs, whose rows are made when they are written.
fn data<'a>(
    results: &'a [SavedResults],
    format: Format,
    arguments: &ReportArguments,
) -> Result<Vec<ExperimentData<'a>>, Error> {
    let selection = selection(arguments, format)?;
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

fn write_data(data: &[ExperimentData<'_>], format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => write_json(data, out),
        _ => write_csv(data, out).map_err(io_error),
    }
}

/// A report that is text.
fn text(results: &[SavedResults], format: Format, arguments: &ReportArguments) -> Result<String, Error> {
    if matches!(format, Format::Csv | Format::Json) {
        let mut bytes = Vec::new();
        write_data(&data(results, format, arguments)?, format, &mut bytes).map_err(Error::Output)?;
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    let selection = selection(arguments, format)?;
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
        Format::Latex => latex(&tables.into_iter().map(captioned).collect::<Vec<_>>()),
        _ => joined(tables.into_iter().map(|table| {
            let ExperimentTable { overview, rows, table } = table;
            Report { overview, rows, table, hidden: 0 }.to_string()
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

/// What the flags choose. Files for programs have every column unless some are named.
fn selection(arguments: &ReportArguments, format: Format) -> Result<Selection, Error> {
    let filters = arguments.filters.iter().map(|text| Filter::read(text)).collect::<Result<Vec<_>, _>>()?;
    let pivot = match (&arguments.cell, arguments.rows.as_slice()) {
        (None, []) => None,
        (cell, rows) => Some(Pivot { rows: rows.to_vec(), cell: cell.clone().unwrap_or_default() }),
    };
    let errors = match arguments.errors {
        Some(errors) => errors,
        // A paper is narrow.
        None if format == Format::Latex => ErrorStyle::Parentheses,
        None => ErrorStyle::default(),
    };
    let every_column = matches!(format, Format::Csv | Format::Json);
    Ok(Selection { filters, columns: arguments.columns.clone(), pivot, errors, every_column })
}

/// Every folder that is named, or that lies in one that is named.
fn read_all(named: &[PathBuf]) -> Result<Vec<SavedResults>, Error> {
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
    let (mut results, mut mistakes) = (Vec::new(), Vec::new());
    for folder in &folders {
        match SavedResults::read(folder) {
            Ok(read) => results.push(read),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() { Ok(results) } else { Err(Error::Results(mistakes)) }
}

/// What reports leave among results, which `results/*` names along with them.
fn is_report(path: &Path) -> bool {
    path.is_file()
        && path.extension().is_some_and(|extension| ["html", "svg", "md"].iter().any(|kind| extension == *kind))
}

/// The results folder that `path` is, or is in; or those in it.
fn folders_in(path: &Path) -> Vec<PathBuf> {
    let is_of_results = (path.file_name().and_then(|name| name.to_str()))
        .is_some_and(|name| result_file(name).is_some() || name == MANIFEST);
    if path.is_file() && is_of_results {
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

/// `report.html` in each folder, or `NAME.html` in `out`, and an index of several.
fn write_pages(results: Vec<SavedResults>, out: Option<&Path>) -> Result<Outcome, Error> {
    same_names(&results, out)?;
    let parent = |results: &SavedResults| results.folder.parent().map(Path::to_owned);
    let common = results
        .first()
        .and_then(parent)
        .filter(|first| results.iter().all(|other| parent(other).as_ref() == Some(first)));
    let index_folder = out.map(Path::to_owned).or(common).filter(|_| results.len() > 1);
    if let Some(out) = out {
        make_folder(out)?;
    }
    let mut written = Vec::new();
    let mut entries = Vec::new();
    for results in results {
        // A page has all rows, as cells and as text.
        let needed = ask_for(3_000 * results.rows.len() as u64).map_err(|error| error.to_string());
        let mistake = |needed| ResultsError::Memory { path: results.folder.clone(), needed };
        needed.map_err(|needed| Error::Results(vec![mistake(needed)]))?;
        let name = results.overview.experiment.clone();
        let figures = figures(&results);
        let (path, link, index) = match out {
            // The index has that name: its page goes one level down, where no other can be.
            Some(out) if name.eq_ignore_ascii_case("index") => {
                make_folder(&out.join(&name))?;
                (out.join(&name).join("report.html"), format!("{name}/report.html"), "../index.html")
            }
            Some(out) => (out.join(format!("{name}.html")), format!("{name}.html"), "index.html"),
            None => {
                let folder = results.folder.file_name().map(|folder| folder.to_string_lossy().into_owned());
                (
                    results.folder.join("report.html"),
                    format!("{}/report.html", folder.unwrap_or_default()),
                    "../index.html",
                )
            }
        };
        let link = link_to(&link);
        let links = Links { index: index_folder.as_ref().map(|_| index), has_files: out.is_none() };
        write(&path, page(&results, &figures, links).as_bytes())?;
        written.push(path);
        entries.push((results, link, figures.into_iter().next()));
    }
    if let Some(folder) = index_folder {
        let path = folder.join("index.html");
        write(&path, index(&entries).as_bytes())?;
        written.push(path);
    }
    told(&written)
}

/// Each picture as a file: in the results folder, or, with a page of them all, in `out`.
fn write_pictures(results: Vec<SavedResults>, out: Option<&Path>) -> Result<Outcome, Error> {
    same_names(&results, out)?;
    if let Some(out) = out {
        make_folder(out)?;
    }
    let mut written = Vec::new();
    let pictures: Vec<(SavedResults, Vec<Figure>)> = results
        .into_iter()
        .map(|results| {
            let figures = figures(&results);
            (results, figures)
        })
        .collect();
    for (results, figures) in &pictures {
        for figure in figures {
            let path = match out {
                Some(out) => out.join(picture_file(&results.overview.experiment, figure)),
                None => results.folder.join(format!("{}.svg", figure.name)),
            };
            write(&path, figure.svg.as_bytes())?;
            written.push(path);
        }
    }
    if let Some(out) = out {
        let path = out.join("gallery.md");
        write(&path, gallery(&pictures).as_bytes())?;
        written.push(path);
    }
    told(&written)
}

/// In one folder two experiments of one name would replace each other.
fn same_names(results: &[SavedResults], out: Option<&Path>) -> Result<(), Error> {
    for (place, results_here) in results.iter().enumerate().filter(|_| out.is_some()) {
        let name = &results_here.overview.experiment;
        if let Some(first) = results.iter().take(place).find(|other| other.overview.experiment == *name) {
            let shown = |results: &SavedResults| results.folder.display().to_string();
            return Err(Error::SameName { first: shown(first), second: shown(results_here), name: name.clone() });
        }
    }
    Ok(())
}

fn make_folder(path: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(path).map_err(|source| Error::Write { name: path.display().to_string(), source })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_file(path, bytes).map_err(|source| Error::Write { name: path.display().to_string(), source })
}

fn told(written: &[PathBuf]) -> Result<Outcome, Error> {
    let lines: String = written.iter().map(|path| format!("{}\n", path.display())).collect();
    let done = || format!("{} written", counted(written.len() as u64, "file"));
    hand_out(&lines).map(|_| Outcome::Agreed).map_err(|error| error.after(done))
}

/// Puts reports between the markers of documents, or looks whether they are there already.
fn splice_all(arguments: &ReportArguments) -> Result<Outcome, Error> {
    let mut outdated = Vec::new();
    for path in &arguments.splice {
        let name = path.display().to_string();
        let unreadable = |source| Error::Input { name: name.clone(), source };
        let old = String::from_utf8(read_file(path, MOST_AT_ONCE).map_err(unreadable)?)
            .map_err(|error| unreadable(io::Error::new(io::ErrorKind::InvalidData, error.utf8_error())))?;
        let mut report = |arguments: &str, line: usize| marked(arguments, &format!("{name}:{line}"));
        let (new, count) =
            splice(&old, &mut report)?.map_err(|mistake| Error::Splice { name: name.clone(), mistake })?;
        if count == 0 {
            return Err(Error::NoMarker { name });
        }
        if new == old {
            continue;
        }
        if arguments.check {
            outdated.push(name);
        } else {
            write(path, new.as_bytes())?;
            say(&format!("wrote {}\n", printable(&name)));
        }
    }
    for name in outdated.iter().map(|name| printable(name)) {
        say(&format!("{name} is outdated: runner report --splice {name}\n"));
    }
    Ok(if outdated.is_empty() { Outcome::Agreed } else { Outcome::Disagreed })
}

/// The report that a marker asks for; in Markdown unless it says otherwise.
fn marked(written: &str, place: &str) -> Result<String, Error> {
    let bad = |reason: String| Error::Marker { place: place.to_owned(), reason };
    let words = shlex::split(written).ok_or_else(|| bad("a quote is not closed".to_owned()))?;
    let command = ["runner", "report"].into_iter().map(str::to_owned).chain(words);
    let cli = Cli::try_parse_from(command).map_err(|error| bad(error.to_string().trim_end().to_owned()))?;
    let Some(Verb::Report(arguments)) = cli.verb else { return Err(bad("it is no report".to_owned())) };
    let format = arguments.format.unwrap_or(Format::Markdown);
    if matches!(format, Format::Html | Format::Svg) || !arguments.splice.is_empty() {
        return Err(bad("only a table can stand in a document".to_owned()));
    }
    let text = text(&read_all(&arguments.results)?, format, &arguments)?;
    let text = printable_lines(&anstream::adapter::strip_str(&text).to_string());
    Ok(if format == Format::Markdown { text } else { format!("```text\n{}\n```\n", text.trim_end()) })
}
