//! Summaries that are files: a page, or pictures.

use crate::command::error::Error;
use crate::command::verb::report::{make_folder, write};
use crate::report::figure::{Figure, PictureFormat, PicturedTrials, Width, for_screens, trials_figures};
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
    pub(in crate::command) fn write_page(&self) -> Result<PathBuf, Error> {
        make_folder(self.folder)?;
        let name = if self.is_own { "report.html".to_owned() } else { format!("{}.html", self.name) };
        let path = self.folder.join(name);
        let pictures = for_screens(|width| self.figures(&[], width));
        write(&path, trials_page(self.name, self.report, &pictures, None).as_bytes())?;
        Ok(path)
    }

    /// Writes each picture and returns their paths.
    pub(in crate::command) fn write_pictures(&self, format: PictureFormat) -> Result<Vec<PathBuf>, Error> {
        make_folder(self.folder)?;
        let mut written = Vec::new();
        for figure in self.figures(&[], Width::WIDE) {
            let path = self.picture_path(&figure, format);
            write(&path, &figure.file(format)?)?;
            written.push(path);
        }
        Ok(written)
    }

    /// The file of a picture.
    pub(in crate::command) fn picture_path(&self, figure: &Figure, format: PictureFormat) -> PathBuf {
        let own = format!("{}.{}", figure.name, format.extension());
        self.folder.join(if self.is_own { own } else { format!("{}-{own}", self.name) })
    }

    /// The pictures of these names, or all if none are named.
    pub(in crate::command) fn figures(&self, names: &[String], width: Width) -> Vec<Figure> {
        let all = trials_figures(&self.pictured, width);
        match names {
            [] => all,
            names => names.iter().filter_map(|name| all.iter().find(|figure| figure.name == *name).cloned()).collect(),
        }
    }
}
