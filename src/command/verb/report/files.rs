//! Reports that are files: pages and pictures.

use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::show_data;
use crate::record::{ResultsError, SavedResults};
use crate::report::figure::{Figure, figures};
use crate::report::{Links, counted, gallery, index, link_to, page, picture_file};
use crate::store::write_file;
use kl_math::numeric::ask_for;
use std::path::{Path, PathBuf};

/// Writes `report.html` in each folder, or `NAME.html` in `out`, and an index of several.
pub(super) fn write_pages(results: Vec<SavedResults>, out: Option<&Path>) -> Result<Outcome, Error> {
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
            // The index page has this name: the experiment's page goes into a folder of its own.
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
    print_paths(&written)
}

/// Writes each picture as a file: in the results folder, or, with a page of them all, in `out`.
pub(super) fn write_pictures(results: Vec<SavedResults>, out: Option<&Path>) -> Result<Outcome, Error> {
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
    print_paths(&written)
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
