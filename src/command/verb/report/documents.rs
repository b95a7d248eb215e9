//! The documents of a report, and where they go.

use super::files::{self, Drawn, draw_runs, make_folder, print_paths, same_names, write, write_drawn, write_gallery};
use super::format::{Format, Kind};
use super::request::{Destination, Request, RequestError};
use super::saved_trials;
use super::tables::{Folders, data, text, write_data};
use crate::command::browser::open_page;
use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::{Written, say, show, show_document, show_in_pieces, shown_path, stdout_width};
use crate::outside::{json_text, printable_lines};
use crate::record::{SavedResults, SavedTrials};
use crate::report::figure::PictureFormat;
use std::path::{Path, PathBuf};

/// Writes tables or data: on standard output, into one file, or into a file for each experiment.
pub(super) fn write_text(folders: &Folders, request: &Request) -> Result<Outcome, Error> {
    let Folders { results, trials } = folders;
    let can_hold_both = !matches!(request.format, Format::Csv | Format::Json | Format::Latex);
    let one_each = matches!(request.destination, Destination::Folder(_));
    if let (Some(saved), Some(run), false, false) = (trials.first(), results.first(), can_hold_both, one_each) {
        let [folder, run] = [saved.folder(), &run.folder].map(|path| path.display().to_string());
        return Err(Error::TwoKinds { folder, run });
    }
    match &request.destination {
        Destination::Default => show_text(results, trials, request),
        Destination::File(path) => {
            let text = whole(results, trials, request)?;
            write_file(path, request.format, &text)?;
            print_paths(std::slice::from_ref(path))
        }
        Destination::Folder(folder) => {
            let mut files: Vec<(PathBuf, String)> = Vec::new();
            let path = |name: &str| folder.join(format!("{name}.{}", request.format.extension()));
            for one in results {
                files.push((path(&one.overview.experiment), whole(std::slice::from_ref(one), &[], request)?));
            }
            for one in trials {
                files.push((path(&one.manifest().experiment), whole(&[], std::slice::from_ref(one), request)?));
            }
            same_names(results, trials, Some(folder))?;
            make_folder(folder)?;
            for (path, text) in &files {
                write_file(path, request.format, text)?;
            }
            print_paths(&files.into_iter().map(|(path, _)| path).collect::<Vec<_>>())
        }
    }
}

/// The height of the text on a page of letter paper with margins of an inch, in points.
const PAGE: f64 = 648.0;

fn show_text(results: &[SavedResults], trials: &[SavedTrials], request: &Request) -> Result<Outcome, Error> {
    if results.is_empty() {
        return saved_trials::show(trials, request);
    }
    let format = request.format;
    if format.kind() == Kind::Data {
        let data = data(results, request)?;
        let written = if format == Format::Json { Written::Json } else { Written::Data };
        show_in_pieces(written, |out| write_data(&data, format, out))?;
    } else {
        let text = text(results, request, stdout_width())?;
        if format == Format::Terminal {
            show(&text)?
        } else {
            show_document(&text)?
        };
    }
    if trials.is_empty() { Ok(Outcome::Agreed) } else { saved_trials::show(trials, request) }
}

/// All of it in one text, as wide as it needs.
fn whole(results: &[SavedResults], trials: &[SavedTrials], request: &Request) -> Result<String, Error> {
    let of_runs = if results.is_empty() { String::new() } else { text(results, request, None)? };
    Ok(of_runs + &saved_trials::text(trials, request, None)?)
}

fn write_file(path: &Path, format: Format, text: &str) -> Result<(), Error> {
    let text = match format {
        Format::Csv => text.to_owned(),
        Format::Json => json_text(text),
        _ => printable_lines(&anstream::adapter::strip_str(text).to_string()),
    };
    make_parent(path)?;
    write(path, text.as_bytes())
}

fn make_parent(path: &Path) -> Result<(), Error> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => make_folder(parent),
        _ => Ok(()),
    }
}

/// Writes a page for each folder, and an index of several; opens the last one if that is wanted.
pub(super) fn write_pages(folders: Folders, request: &Request) -> Result<Outcome, Error> {
    let Folders { results, trials } = folders;
    let count = results.len() + trials.len();
    if let Some(path) = request.file(count, "page")? {
        make_parent(path)?;
    }
    let written = files::write_pages(results, &trials, request)?;
    let outcome = print_paths(&written)?;
    if let Some(last) = written.last().filter(|_| request.open) {
        open_page(last);
    }
    Ok(outcome)
}

/// Writes each picture as a file: in the results folder, or where the flags say.
pub(super) fn write_pictures(folders: Folders, request: &Request, format: PictureFormat) -> Result<Outcome, Error> {
    let Folders { results, trials } = folders;
    same_names(&results, &trials, request.folder())?;
    let draw = |names: &[String]| -> Result<Vec<Drawn>, Error> {
        let mut drawn = draw_runs(&results, request, names, format)?;
        drawn.extend(saved_trials::draw(&trials, request, names, format)?);
        let untitled = |one: Drawn| Drawn { figure: one.figure.without_title(), ..one };
        Ok(if request.has_titles { drawn } else { drawn.into_iter().map(untitled).collect() })
    };
    let mut drawn = draw(&request.pictures)?;
    let is_drawn = |name: &&String| drawn.iter().any(|one| one.figure.name == **name);
    if let Some(name) = request.pictures.iter().find(|name| !is_drawn(name)) {
        let folders = results.iter().map(|one| one.folder.as_path()).chain(trials.iter().map(SavedTrials::folder));
        let folders: Vec<String> = folders.map(|path| path.display().to_string()).collect();
        let mut has: Vec<String> = Vec::new();
        for one in draw(&[])? {
            if !has.contains(&one.figure.name) {
                has.push(one.figure.name);
            }
        }
        let (count, folder, has) = (folders.len(), folders.join(", "), has.join(", "));
        return Err(RequestError::NoPicture { name: name.clone(), folder, count, has }.into());
    }
    if let Some(path) = request.file(drawn.len(), "picture")? {
        make_parent(path)?;
        drawn.iter_mut().for_each(|one| one.path = path.to_owned());
    }
    let written = write_drawn(&drawn, format)?;
    // Of a figure without a width nobody knows whether it is for a page.
    for tall in drawn.iter().filter(|one| request.width.is_some() && one.figure.points_high() > PAGE) {
        say(&format!(
            "note: {} is {:.0}bp high, more than most pages have room for\n  help: draw fewer rows with --where, or all on a larger --width\n",
            shown_path(&tall.path),
            tall.figure.points_high()
        ));
    }
    print_paths(&written.into_iter().chain(write_gallery(&results, request, format)?).collect::<Vec<_>>())
}
