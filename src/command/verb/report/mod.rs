//! `runner report RESULTS…`: tables and pictures, made again from saved rows.

mod arguments;
mod files;
mod saved_trials;
mod splice;
mod tables;

use crate::command::browser::open_page;
use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::{Written, show, show_document, show_in_pieces, stdout_width};
use crate::record::SavedResults;
use arguments::Format;
use clap::ValueEnum;
use tables::{Folders, data, read_all, text, write_data};

pub(crate) use arguments::Arguments;
pub(in crate::command) use files::{make_folder, print_paths, write, write_pages};
pub(in crate::command) use tables::folders_in;

impl Arguments {
    /// Reads results, and nothing but results. Every mistake of every folder is reported before anything is written.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        if !self.splice.is_empty() {
            return splice::splice_all(&self.splice, self.check);
        }
        let format = self.format()?;
        let Folders { results, trials } = read_all(&self.results)?;
        if let Some(saved) = trials.first() {
            saved_trials::check_flags(saved, self)?;
            if let (Some(run), Format::Csv | Format::Json | Format::Latex) = (results.first(), format) {
                let [folder, run] = [saved.folder(), &run.folder].map(|path| path.display().to_string());
                return Err(Error::TwoKinds { folder, run });
            }
            if format != Format::Html {
                if !results.is_empty() {
                    self.report_runs(results, format)?;
                }
                return saved_trials::report_all(&trials, self);
            }
        }
        if format != Format::Html {
            return self.report_runs(results, format);
        }
        let written = files::write_pages(results, &trials, self.out.as_deref())?;
        let outcome = print_paths(&written)?;
        if let Some(last) = written.last().filter(|_| self.open) {
            open_page(last);
        }
        Ok(outcome)
    }

    /// The format that was asked for. Only pages can be opened in a browser.
    fn format(&self) -> Result<Format, Error> {
        match self.format {
            None if self.open => Ok(Format::Html),
            Some(format) if self.open && format != Format::Html => {
                let name = format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
                Err(Error::NoPage { format: name })
            }
            format => Ok(format.unwrap_or(Format::Terminal)),
        }
    }

    fn report_runs(&self, results: Vec<SavedResults>, format: Format) -> Result<Outcome, Error> {
        match format {
            Format::Svg => files::write_pictures(results, self.out.as_deref()),
            format @ (Format::Csv | Format::Json) => {
                let data = data(&results, format, self)?;
                let written = if format == Format::Json { Written::Json } else { Written::Data };
                show_in_pieces(written, |out| write_data(&data, format, out)).map(|_| Outcome::Agreed)
            }
            format => {
                let text = text(&results, format, self, stdout_width())?;
                let shown = if format == Format::Terminal { show(&text) } else { show_document(&text) };
                shown.map(|_| Outcome::Agreed)
            }
        }
    }
}
