//! The results of a run, read from a folder or from memory.

use crate::ResultsError;
use crate::table::TableData;
use kl_math::numeric::ask_for;
use kl_runner::command::error::Error;
use kl_runner::record::{ResultsReader, Rows, SavedResults};
use kl_runner::report::figure::{
    PictureFormat, Width, WidthError, converted, figure, figure_names, figures, for_screens,
};
use kl_runner::report::{PageParts, page, sentence, verdict};
use pyo3::exceptions::{PyMemoryError, PyValueError};
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The results of a run.
#[pyclass(frozen, module = "kl_runner._kl_runner")]
pub(crate) struct SavedRun {
    folder: Option<PathBuf>,
    reader: ResultsReader,
    results: SavedResults,
}

/// The same text as the command prints.
fn refusal(mistake: kl_runner::record::ResultsError) -> PyErr {
    ResultsError::new_err(Error::Results(vec![mistake]).render(false, None).trim_end().to_owned())
}

impl SavedRun {
    /// The results whose files are in memory, by their names, `manifest.json` among them.
    pub(crate) fn of_files(files: BTreeMap<String, Vec<u8>>) -> PyResult<Self> {
        let reader = ResultsReader::of_files(files).map_err(refusal)?;
        let results = SavedResults::of_reader(&reader).map_err(refusal)?;
        Ok(Self { folder: None, reader, results })
    }

    /// The results with the rows of some conditions and estimators only.
    fn some(&self, conditions: Option<&[usize]>, estimators: Option<&[String]>) -> Option<SavedResults> {
        let mut some = None;
        if let Some(conditions) = conditions {
            some = Some(self.results.of_rows(|row| conditions.contains(&row.condition)));
        }
        if let Some(estimators) = estimators {
            let of = some.as_ref().unwrap_or(&self.results);
            some = Some(of.of_estimators(|name| estimators.iter().any(|wanted| wanted == name)));
        }
        some
    }
}

/// The name, the title, the caption, the description and the SVG file of a picture.
type Picture = (String, String, String, String, String);

#[pymethods]
impl SavedRun {
    /// Reads a folder that a run left.
    #[staticmethod]
    pub(crate) fn open(py: Python<'_>, folder: PathBuf) -> PyResult<Self> {
        py.detach(|| {
            let (results, reader) = SavedResults::open(&folder).map_err(refusal)?;
            Ok(Self { folder: Some(folder), reader, results })
        })
    }

    /// The folder; None if the files are in memory.
    fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The names of the files, the manifest aside.
    fn files(&self) -> Vec<&str> {
        self.results.manifest.files.keys().map(String::as_str).collect()
    }

    /// The manifest.
    fn manifest_json(&self) -> PyResult<String> {
        self.results.manifest.to_json().map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// A file as a table.
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<TableData> {
        py.detach(|| self.reader.table(name).map(TableData::new).map_err(refusal))
    }

    /// The verdict of all rows together.
    fn verdict(&self) -> &'static str {
        verdict(&self.results.rows).name()
    }

    /// The finding in words.
    fn finding(&self, py: Python<'_>) -> String {
        py.detach(|| sentence(&self.results.overview, Rows::Saved(&self.results.rows)))
    }

    /// The page of `runner report --format html`.
    fn page(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| {
            // A page has all rows, as cells and as text.
            ask_for(3_000 * self.results.rows.len() as u64)
                .map_err(|error| PyMemoryError::new_err(error.to_string()))?;
            let pictures = for_screens(|width| figures(&self.results, width));
            Ok(page(&self.results, &pictures, PageParts::default()))
        })
    }

    /// A picture of some conditions and estimators, of all where none are given; None if there is none of that name.
    #[pyo3(signature = (name, conditions=None, estimators=None, width=None, title=true))]
    fn figure(
        &self,
        py: Python<'_>,
        name: &str,
        conditions: Option<Vec<usize>>,
        estimators: Option<Vec<String>>,
        width: Option<&str>,
        title: bool,
    ) -> PyResult<Option<Picture>> {
        let width = width.map_or(Ok(Width::WIDE), str::parse);
        let width = width.map_err(|error: WidthError| PyValueError::new_err(error.to_string()))?;
        Ok(py.detach(|| {
            let some = self.some(conditions.as_deref(), estimators.as_deref());
            let drawn = figure(some.as_ref().unwrap_or(&self.results), name, width)?;
            let drawn = if title { drawn } else { drawn.without_title() };
            Some((drawn.name, drawn.title, drawn.caption, drawn.description, drawn.svg))
        }))
    }

    /// The names of the pictures that there are of some conditions and estimators.
    #[pyo3(signature = (conditions=None, estimators=None))]
    fn figure_names(
        &self,
        py: Python<'_>,
        conditions: Option<Vec<usize>>,
        estimators: Option<Vec<String>>,
    ) -> Vec<&'static str> {
        py.detach(|| {
            let some = self.some(conditions.as_deref(), estimators.as_deref());
            let drawn = figures(some.as_ref().unwrap_or(&self.results), Width::WIDE);
            figure_names().filter(|&name| drawn.iter().any(|figure| figure.name == name)).collect()
        })
    }
}

/// A picture as PDF or PNG.
#[pyfunction]
pub(crate) fn picture_file(py: Python<'_>, svg: &str, ending: &str) -> PyResult<Vec<u8>> {
    let format = PictureFormat::of_extension(ending).ok_or_else(|| {
        PyValueError::new_err(format!("a figure is saved as .pdf, .png or .svg, and not as .{ending}"))
    })?;
    py.detach(|| converted(svg, format)).map_err(|error| PyValueError::new_err(error.to_string()))
}
