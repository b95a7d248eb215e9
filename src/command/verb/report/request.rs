//! What the flags of `runner report` ask for, as meant.

use super::arguments::Arguments;
use super::format::{Format, Kind};
use super::tables::is_of_results;
use crate::experiment_file::nearest;
use crate::record::MANIFEST;
use crate::report::figure::{Width, figure_names, trials_figure_names};
use crate::report::{ErrorStyle, Filter, Pivot, Selection, SelectionError, counted};
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// A request that its format can fulfil.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// The format.
    pub(super) format: Format,
    /// Rows and columns. Output for programs has every column unless some are named.
    pub(super) selection: Selection,
    /// The pictures by their names, in the order of the flag; all if none are named.
    pub(super) pictures: Vec<String>,
    /// The width of pictures, or the largest of tables in LaTeX.
    pub(super) width: Option<Width>,
    /// Whether pictures have their titles, which the caption of a paper repeats.
    pub(super) has_titles: bool,
    /// Whether a style of errors is asked for.
    pub(super) has_errors: bool,
    /// Whether the page is opened in a browser.
    pub(super) open: bool,
    /// Where documents go.
    pub(super) destination: Destination,
}

/// Where documents go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// Tables to standard output, files into the results folder.
    Default,
    /// One document into this file.
    File(PathBuf),
    /// Each document into a file of this folder.
    Folder(PathBuf),
}

/// Why flags cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// A flag that the format does not have.
    #[error("{flag} has no effect with --format {format}")]
    NoEffect {
        /// The flag.
        flag: &'static str,
        /// The format.
        format: String,
        /// The formats that have it.
        has: String,
    },
    /// A picture that no results have.
    #[error("there is no picture called `{name}`")]
    NoPictureName {
        /// The name.
        name: String,
        /// One like it.
        nearest: Option<String>,
        /// All.
        all: String,
    },
    /// A picture that these results do not have.
    #[error("{folder} {} no picture `{name}`", if *count == 1 { "has" } else { "have" })]
    NoPicture {
        /// The picture.
        name: String,
        /// The results.
        folder: String,
        /// How many there are.
        count: usize,
        /// What they have.
        has: String,
    },
    /// Several documents and a single file.
    #[error("{} do not fit in one file, {path}", counted(*count as u64, noun))]
    OneFile {
        /// How many documents there are.
        count: usize,
        /// What they are.
        noun: &'static str,
        /// The file.
        path: String,
    },
    /// A file whose name says that it is of a format that there is not.
    #[error("the name of {path} is that of a file in a format that is not written here")]
    NoFormat {
        /// The file.
        path: String,
    },
    /// A file that a run left.
    #[error("{path} is a file of results, which a report does not replace")]
    OfResults {
        /// The file.
        path: String,
    },
    /// A file whose name says that it is of another format.
    #[error("the name of {path} is not that of a file of --format {format}")]
    Ending {
        /// The file.
        path: String,
        /// The format.
        format: String,
        /// How its names end.
        ending: &'static str,
    },
}

impl RequestError {
    /// What to do about it.
    pub(in crate::command) fn help(&self) -> String {
        match self {
            Self::NoEffect { has, .. } => format!("leave it out; these formats have it: {has}"),
            Self::NoPictureName { nearest: Some(nearest), all, .. } => {
                format!("did you mean {nearest}? The pictures are {all}")
            }
            Self::NoPictureName { all, .. } => format!("the pictures are {all}"),
            Self::NoPicture { has, .. } => match has.as_str() {
                "" => "of these rows there are none".to_owned(),
                has => format!("there are {has}"),
            },
            Self::OneFile { noun: "picture", .. } => {
                "choose one with --picture law, or name a folder, such as --out figures".to_owned()
            }
            Self::OneFile { .. } => "name one results folder, or a folder for all: --out pages".to_owned(),
            Self::OfResults { .. } => "name another file or folder".to_owned(),
            Self::NoFormat { .. } => {
                let endings = Format::value_variants().iter().map(|format| format!(".{}", format.extension()));
                format!("let it end in one of {}, or name a folder", endings.collect::<Vec<_>>().join(", "))
            }
            Self::Ending { ending, .. } => format!("let it end in .{ending}, leave out --format, or name a folder"),
        }
    }
}

/// A flag, whether it is given, and whether a format has it.
type Effect = (&'static str, fn(&Arguments) -> bool, fn(Format) -> bool);

/// Endings of files that others write, which would be odd names of folders.
const OTHER_ENDINGS: [&str; 18] = [
    "bmp", "doc", "docx", "emf", "eps", "gif", "htm", "jpeg", "jpg", "ods", "parquet", "pptx", "ps", "rst", "tif",
    "tsv", "webp", "xlsx",
];

/// The formats that flags have an effect on.
const EFFECTS: [Effect; 8] = [
    ("--open", |given| given.open, |format| format.kind() == Kind::Page),
    ("--columns", |given| !given.columns.is_empty(), |format| !matches!(format.kind(), Kind::Picture(_))),
    ("--rows", |given| !given.rows.is_empty(), |format| !matches!(format.kind(), Kind::Picture(_))),
    ("--cell", |given| given.cell.is_some(), |format| !matches!(format.kind(), Kind::Picture(_))),
    ("--errors", |given| given.errors.is_some(), |format| !matches!(format.kind(), Kind::Picture(_))),
    ("--picture", |given| !given.picture.is_empty(), |format| matches!(format.kind(), Kind::Picture(_) | Kind::Page)),
    ("--no-title", |given| given.no_title, |format| matches!(format.kind(), Kind::Picture(_))),
    (
        "--width",
        |given| given.width.is_some(),
        |format| format == Format::Latex || matches!(format.kind(), Kind::Picture(_)),
    ),
];

impl Request {
    /// Reads the flags.
    ///
    /// # Errors
    ///
    /// If a flag has no effect with the format, or names something that does not exist.
    pub(super) fn new(arguments: &Arguments, default: Format) -> Result<Self, crate::command::error::Error> {
        let named = arguments.out.as_deref().and_then(Format::of_file);
        let wanted = match (arguments.open, arguments.picture.as_slice()) {
            (true, _) => Some(Format::Html),
            (false, []) => None,
            (false, _) => Some(Format::Svg),
        };
        let format = arguments.format.or(named).or(wanted).unwrap_or(default);
        for (flag, is_given, has) in EFFECTS {
            if is_given(arguments) && !has(format) {
                let others = Format::value_variants().iter().filter(|&&other| has(other)).map(|other| other.name());
                let has = others.collect::<Vec<_>>().join(", ");
                return Err(RequestError::NoEffect { flag, format: format.name(), has }.into());
            }
        }
        check_names(&arguments.picture)?;
        Ok(Self {
            format,
            selection: selection(arguments, format)?,
            pictures: arguments.picture.clone(),
            width: arguments.width,
            has_titles: !arguments.no_title,
            has_errors: arguments.errors.is_some(),
            open: arguments.open,
            destination: destination(arguments.out.as_deref(), format)?,
        })
    }

    /// A page with everything in each results folder.
    pub(super) fn of_pages() -> Self {
        Self {
            format: Format::Html,
            selection: Selection::default(),
            pictures: Vec::new(),
            width: None,
            has_titles: true,
            has_errors: false,
            open: false,
            destination: Destination::Default,
        }
    }

    /// Whether a table has other columns than by default, or other cells.
    pub(super) fn chooses_columns(&self) -> bool {
        !self.selection.columns.is_empty() || self.selection.pivot.is_some() || self.has_errors
    }

    /// The one file for `count` documents, if the flags name a file.
    pub(super) fn file(&self, count: usize, noun: &'static str) -> Result<Option<&Path>, RequestError> {
        match &self.destination {
            Destination::File(path) if count == 1 => Ok(Some(path)),
            Destination::File(path) => Err(RequestError::OneFile { count, noun, path: path.display().to_string() }),
            _ => Ok(None),
        }
    }

    /// The file that the flags name, if they do.
    pub(super) fn one_file(&self) -> Option<&Path> {
        match &self.destination {
            Destination::File(path) => Some(path),
            _ => None,
        }
    }

    /// The folder that documents go to, if the flags name one.
    pub(super) fn folder(&self) -> Option<&Path> {
        match &self.destination {
            Destination::Folder(path) => Some(path),
            _ => None,
        }
    }
}

fn check_names(pictures: &[String]) -> Result<(), RequestError> {
    let mut all: Vec<&str> = figure_names().collect();
    all.extend(trials_figure_names().filter(|name| !figure_names().any(|other| other == *name)));
    match pictures.iter().find(|name| !all.contains(&name.as_str())) {
        Some(name) => Err(RequestError::NoPictureName {
            name: name.clone(),
            nearest: nearest(name, &all).map(str::to_owned),
            all: all.join(", "),
        }),
        None => Ok(()),
    }
}

/// A name with an ending is that of a file, unless it is a folder.
fn destination(out: Option<&Path>, format: Format) -> Result<Destination, RequestError> {
    let Some(path) = out else { return Ok(Destination::Default) };
    let is_folder = path.is_dir() || path.to_string_lossy().ends_with(std::path::is_separator);
    let is_beside_manifest = || path.parent().is_some_and(|folder| folder.join(MANIFEST).exists());
    match Format::of_file(path) {
        _ if is_of_results(path) && is_beside_manifest() => {
            Err(RequestError::OfResults { path: path.display().to_string() })
        }
        _ if is_folder => Ok(Destination::Folder(path.to_owned())),
        Some(named) if named == format => Ok(Destination::File(path.to_owned())),
        Some(_) => Err(RequestError::Ending {
            path: path.display().to_string(),
            format: format.name(),
            ending: format.extension(),
        }),
        None if has_other_ending(path) => Err(RequestError::NoFormat { path: path.display().to_string() }),
        None if path.is_file() => Ok(Destination::File(path.to_owned())),
        None => Ok(Destination::Folder(path.to_owned())),
    }
}

fn has_other_ending(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| OTHER_ENDINGS.iter().any(|other| other.eq_ignore_ascii_case(ending)))
}

fn selection(arguments: &Arguments, format: Format) -> Result<Selection, SelectionError> {
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
    let every_column = format.kind() == Kind::Data;
    Ok(Selection { filters, columns: arguments.columns.clone(), pivot, errors, every_column })
}
