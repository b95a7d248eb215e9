//! Reports that are files: pages and pictures.

use super::request::{Destination, Request};
use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::show_data;
use crate::record::{ResultsError, SavedResults};
use crate::report::figure::{Figure, PictureFormat, Width, figure, figures, for_screens};
use crate::report::{Choice, ErrorStyle, Links, PageParts, counted, gallery, index, link_to, page, picture_file};
use crate::store::write_file;
use kl_math::numeric::ask_for;
use std::path::{Path, PathBuf};

/// Writes `report.html` in each folder, or `NAME.html` in a folder that is named, and an index of several.
pub(super) fn write_run_pages(results: Vec<SavedResults>, request: &Request) -> Result<Vec<PathBuf>, Error> {
    let out = request.folder();
    same_names(&results, out)?;
    let parent = |results: &SavedResults| results.folder.parent().map(Path::to_owned);
    let common = results
        .first()
        .and_then(parent)
        .filter(|first| results.iter().all(|other| parent(other).as_ref() == Some(first)));
    let index_folder = out.map(Path::to_owned).or(common).filter(|_| results.len() > 1);
    let mut written = Vec::new();
    let mut entries = Vec::new();
    for results in results {
        // A page has all rows, as cells and as text.
        let needed = ask_for(3_000 * results.rows.len() as u64).map_err(|error| error.to_string());
        let mistake = |needed| ResultsError::Memory { path: results.folder.clone(), needed };
        needed.map_err(|needed| Error::Results(vec![mistake(needed)]))?;
        let selection = &request.selection;
        let is_selected =
            !selection.columns.is_empty() || selection.pivot.is_some() || selection.errors != ErrorStyle::default();
        let table = is_selected.then(|| selection.table(&results.overview, &results.rows)).transpose()?;
        let all = results.rows.len();
        let results = selection.chosen(&results)?.unwrap_or(results);
        let choice = selection.filters_in_words().map(|filters| Choice { filters, rows: results.rows.len(), all });
        if let Some(out) = out {
            make_folder(out)?;
        }
        let name = results.overview.experiment.clone();
        let pictures = for_screens(|width| drawn_of(&results, &request.pictures, width));
        let (path, link, index) = match (&request.destination, out) {
            (Destination::File(path), _) => (path.clone(), String::new(), ""),
            // The index page has this name: the experiment's page goes into a folder of its own.
            (_, Some(out)) if name.eq_ignore_ascii_case("index") => {
                make_folder(&out.join(&name))?;
                (out.join(&name).join("report.html"), format!("{name}/report.html"), "../index.html")
            }
            (_, Some(out)) => (out.join(format!("{name}.html")), format!("{name}.html"), "index.html"),
            (_, None) => {
                let folder = results.folder.file_name().map(|folder| folder.to_string_lossy().into_owned());
                (
                    results.folder.join("report.html"),
                    format!("{}/report.html", folder.unwrap_or_default()),
                    "../index.html",
                )
            }
        };
        let link = link_to(&link);
        let has_files = request.destination == Destination::Default;
        let links = Links { index: index_folder.as_ref().map(|_| index), has_files };
        write(&path, page(&results, &pictures, PageParts { links, table, choice }).as_bytes())?;
        written.push(path);
        entries.push((results, link, pictures.into_iter().next().map(|figure| figure.wide)));
    }
    if let Some(folder) = index_folder {
        let path = folder.join("index.html");
        write(&path, index(&entries).as_bytes())?;
        written.push(path);
    }
    Ok(written)
}

/// A picture and the file that it goes to.
pub(super) struct Drawn {
    /// The file.
    pub(super) path: PathBuf,
    /// The picture.
    pub(super) figure: Figure,
}

/// Draws the pictures of these names, or all if none are named, of the rows that are chosen. Each goes to a file in its results folder, or
/// in the folder that is named.
pub(super) fn draw_runs(
    results: &[SavedResults],
    request: &Request,
    names: &[String],
    format: PictureFormat,
) -> Result<Vec<Drawn>, Error> {
    let out = request.folder();
    same_names(results, out)?;
    let mut drawn = Vec::new();
    for results in results {
        let chosen = request.selection.chosen(results)?;
        let figures = drawn_of(chosen.as_ref().unwrap_or(results), names, request.width.unwrap_or_default());
        drawn.extend(figures.into_iter().map(|figure| {
            let path = match out {
                Some(out) => out.join(picture_file(&results.overview.experiment, &figure, format.extension())),
                None => results.folder.join(format!("{}.{}", figure.name, format.extension())),
            };
            Drawn { path, figure }
        }));
    }
    Ok(drawn)
}

fn drawn_of(results: &SavedResults, names: &[String], width: Width) -> Vec<Figure> {
    match names {
        [] => figures(results, width),
        names => names.iter().filter_map(|name| figure(results, name, width)).collect(),
    }
}

/// Writes pictures.
pub(super) fn write_drawn(drawn: &[Drawn], format: PictureFormat) -> Result<Vec<PathBuf>, Error> {
    let mut written = Vec::new();
    for Drawn { path, figure } in drawn {
        let bytes = figure.file(format)?;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            make_folder(folder)?;
        }
        write(path, &bytes)?;
        written.push(path.clone());
    }
    Ok(written)
}

/// Writes a page of all pictures into the folder that is named: Markdown, which shows pictures of the web.
pub(super) fn write_gallery(
    results: &[SavedResults],
    request: &Request,
    format: PictureFormat,
) -> Result<Option<PathBuf>, Error> {
    let Some(out) = request.folder().filter(|_| format != PictureFormat::Pdf && !results.is_empty()) else {
        return Ok(None);
    };
    let mut pictures: Vec<(SavedResults, Vec<Figure>)> = Vec::new();
    for results in results {
        let chosen = request.selection.chosen(results)?.unwrap_or_else(|| results.clone());
        let figures = drawn_of(&chosen, &request.pictures, request.width.unwrap_or_default());
        pictures.push((chosen, figures));
    }
    let path = out.join("gallery.md");
    write(&path, gallery(&pictures, format.extension()).as_bytes())?;
    Ok(Some(path))
}

/// Refuses two experiments of one name, which would replace each other in `out`.
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

pub(in crate::command) fn make_folder(path: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(path).map_err(|source| Error::Write { name: path.display().to_string(), source })
}

pub(in crate::command) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_file(path, bytes).map_err(|source| Error::Write { name: path.display().to_string(), source })
}

pub(in crate::command) fn print_paths(written: &[PathBuf]) -> Result<Outcome, Error> {
    let lines: String = written.iter().map(|path| format!("{}\n", path.display())).collect();
    let done = || format!("{} written", counted(written.len() as u64, "file"));
    show_data(&lines).map(|_| Outcome::Agreed).map_err(|error| error.after(done))
}
