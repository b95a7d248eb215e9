//! Reports that are files: pages and pictures.

use super::request::{Destination, Request};
use super::saved_trials::write_study;
use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::show_data;
use crate::record::{ResultsError, SavedResults, SavedTrials};
use crate::report::figure::{Figure, PictureFormat, Width, figure, figures, for_screens};
use crate::report::{Choice, IndexEntry, Links, PageParts, counted, gallery, index, link_to, page, picture_file};
use crate::store::write_file;
use kl_math::numeric::ask_for;
use std::path::{Path, PathBuf};

/// Writes `report.html` in each folder, or where the flags say, and an index of several. Returns the paths, the index last.
pub(super) fn write_pages(
    results: Vec<SavedResults>,
    studies: &[SavedTrials],
    request: &Request,
) -> Result<Vec<PathBuf>, Error> {
    let out = request.folder();
    same_names(&results, studies, out)?;
    let folders: Vec<&Path> =
        results.iter().map(|run| run.folder.as_path()).chain(studies.iter().map(SavedTrials::folder)).collect();
    let common = folders.first().and_then(|first| first.parent());
    let common = common.filter(|common| folders.iter().all(|folder| folder.parent() == Some(common)));
    let index_folder = out.or(common).filter(|_| folders.len() > 1).map(Path::to_owned);
    // Every page can be made before any is written.
    for results in &results {
        // A page has all rows, as cells and as text.
        let needed = ask_for(3_000 * results.rows.len() as u64).map_err(|error| error.to_string());
        let mistake = |needed| ResultsError::Memory { path: results.folder.clone(), needed };
        needed.map_err(|needed| Error::Results(vec![mistake(needed)]))?;
        request.selection.chosen(results)?;
        if request.chooses_columns() {
            request.selection.table(&results.overview, &results.rows)?;
        }
    }
    if let Some(out) = out {
        make_folder(out)?;
    }
    let mut written = Vec::new();
    let mut entries = Vec::new();
    for results in results {
        let place = PagePlace::of(&results.overview.experiment, &results.folder, request)?;
        let back = index_folder.as_ref().map(|_| place.index);
        let links = Links { index: back, has_files: request.destination == Destination::Default };
        let selection = &request.selection;
        let table = request.chooses_columns().then(|| selection.table(&results.overview, &results.rows)).transpose()?;
        let all = results.rows.len();
        let results = selection.chosen(&results)?.unwrap_or(results);
        let choice = selection.filters_in_words().map(|filters| Choice { filters, rows: results.rows.len(), all });
        let pictures = for_screens(|width| drawn_of(&results, &request.pictures, width));
        write(&place.path, page(&results, &pictures, PageParts { links, table, choice }).as_bytes())?;
        entries.push(IndexEntry::of_run(&results, link_to(&place.link)));
        written.push(place.path);
    }
    for saved in studies {
        let place = PagePlace::of(&saved.manifest().experiment, saved.folder(), request)?;
        let back = index_folder.as_ref().map(|_| place.index);
        entries.push(write_study(saved, &place, back, &request.pictures)?);
        written.push(place.path);
    }
    if let Some(folder) = index_folder {
        let path = folder.join("index.html");
        write(&path, index(&entries).as_bytes())?;
        written.push(path);
    }
    Ok(written)
}

/// Where a page goes.
pub(super) struct PagePlace {
    /// The file.
    pub(super) path: PathBuf,
    /// The same from the folder of the index.
    pub(super) link: String,
    /// The index from the folder of the page.
    index: &'static str,
}

impl PagePlace {
    /// The page of the results of this name in `folder`, or where the flags say.
    fn of(name: &str, folder: &Path, request: &Request) -> Result<Self, Error> {
        if let Some(file) = request.one_file() {
            return Ok(Self { path: file.to_owned(), link: String::new(), index: "" });
        }
        Ok(match request.folder() {
            // The index page has this name: the experiment's page goes into a folder of its own.
            Some(out) if name.eq_ignore_ascii_case("index") => {
                make_folder(&out.join(name))?;
                let (path, link) = (out.join(name).join("report.html"), format!("{name}/report.html"));
                Self { path, link, index: "../index.html" }
            }
            Some(out) => {
                let link = format!("{name}.html");
                Self { path: out.join(&link), link, index: "index.html" }
            }
            None => {
                let own = folder.file_name().map(|own| own.to_string_lossy().into_owned()).unwrap_or_default();
                Self { path: folder.join("report.html"), link: format!("{own}/report.html"), index: "../index.html" }
            }
        })
    }
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
pub(super) fn same_names(results: &[SavedResults], studies: &[SavedTrials], out: Option<&Path>) -> Result<(), Error> {
    let runs = results.iter().map(|run| (run.overview.experiment.as_str(), run.folder.as_path()));
    let named: Vec<(&str, &Path)> =
        runs.chain(studies.iter().map(|saved| (saved.manifest().experiment.as_str(), saved.folder()))).collect();
    for (place, &(name, folder)) in named.iter().enumerate().filter(|_| out.is_some()) {
        if let Some((_, first)) = named.iter().take(place).find(|(other, _)| *other == name) {
            let shown = |folder: &Path| folder.display().to_string();
            return Err(Error::SameName { first: shown(first), second: shown(folder), name: name.to_owned() });
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
