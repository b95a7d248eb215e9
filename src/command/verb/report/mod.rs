//! `runner report RESULTS…`: tables and pictures, made again from saved rows.

mod arguments;
mod documents;
mod files;
mod format;
mod request;
mod saved_trials;
mod splice;
mod tables;

use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::record::SavedResults;
use format::{Format, Kind};
use request::Request;
use std::path::PathBuf;
use tables::read_all;

pub(crate) use arguments::Arguments;
pub(in crate::command) use files::{make_folder, print_paths, write};

pub(crate) use request::RequestError;
pub(in crate::command) use tables::folders_in;

/// Writes the page of each of some results into their folders, and an index of several; returns their paths.
pub(in crate::command) fn write_pages(results: Vec<SavedResults>) -> Result<Vec<PathBuf>, Error> {
    files::write_pages(results, &[], &Request::of_pages())
}

impl Arguments {
    /// Reads results, and nothing but results. Every mistake of every folder is reported before anything is written.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        if !self.splice.is_empty() {
            return splice::splice_all(&self.splice, self.check);
        }
        let request = Request::new(self, Format::Terminal)?;
        let folders = read_all(&self.results)?;
        if let Some(saved) = folders.trials.first() {
            saved_trials::check_flags(saved, &request)?;
        }
        match request.format.kind() {
            Kind::Table | Kind::Data => documents::write_text(&folders, &request),
            Kind::Page => documents::write_pages(folders, &request),
            Kind::Picture(format) => documents::write_pictures(folders, &request, format),
        }
    }
}
