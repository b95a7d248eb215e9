//! Summaries that are files: a page, or pictures.

use crate::command::error::Error;
use crate::command::verb::report::{make_folder, write};
use crate::report::figure::{Figure, PicturedTrials, trials_figures};
use crate::report::{TrialsReport, trials_page};
use std::path::{Path, PathBuf};

/// What a page and pictures are made of, and where they go.
pub(in crate::command) struct TrialsFiles<'a> {
    /// The name of the study.
    pub(in crate::command) name: &'a str,
    /// The folder, and whether it holds nothing else: then names of files do not begin with that of the study.
    pub(in crate::command) folder: &'a Path,
    /// Whether that is the study's own folder.
    pub(in crate::command) is_own: bool,
    /// The measures.
    pub(in crate::command) report: &'a TrialsReport<'a>,
    /// The pictures.
    pub(in crate::command) pictured: PicturedTrials<'a>,
}

impl TrialsFiles<'_> {
    /// Writes the page and returns its path.
    pub(in crate::command) fn write_page(&self, back: Option<&str>) -> Result<PathBuf, Error> {
        make_folder(self.folder)?;
        let name = if self.is_own { "report.html".to_owned() } else { format!("{}.html", self.name) };
        let path = self.folder.join(name);
        write(&path, trials_page(self.name, self.report, &self.figures(), back).as_bytes())?;
        Ok(path)
    }

    /// Writes each picture and returns their paths.
    pub(in crate::command) fn write_pictures(&self) -> Result<Vec<PathBuf>, Error> {
        make_folder(self.folder)?;
        let mut written = Vec::new();
        for figure in self.figures() {
            let own = format!("{}.svg", figure.name);
            let path = self.folder.join(if self.is_own { own } else { format!("{}-{own}", self.name) });
            write(&path, figure.svg.as_bytes())?;
            written.push(path);
        }
        Ok(written)
    }

    /// The pictures.
    pub(in crate::command) fn figures(&self) -> Vec<Figure> {
        trials_figures(&self.pictured)
    }
}
