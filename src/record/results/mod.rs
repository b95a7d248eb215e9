//! A results folder that is read: what reports are made from.

mod data_column;
mod data_table;
mod error;
mod file;
mod reader;

#[cfg(test)]
mod tests;

pub use data_column::{DataColumn, Reals, Texts, Validity, Values};
pub use data_table::DataTable;
pub use error::ResultsError;
pub use file::{FieldReader, SavedFile};
pub use reader::{MANIFEST, ResultBytes, ResultsReader};

use super::file::{
    RESULT_FILES, SavedApproximation, SavedBin, SavedCurvePoint, SavedInterval, SavedLength, SavedPoint, SummaryRow,
};
use super::{Manifest, Overview};
use std::path::{Path, PathBuf};

/// How often results are read that runs replace meanwhile.
const ATTEMPTS: usize = 4;

/// The results of a run, read from their folder or from memory and checked against their manifest.
#[derive(Clone, Debug)]
pub struct SavedResults {
    /// The folder; what messages say in place of one if the files are in memory.
    pub folder: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
    /// What all rows have in common.
    pub overview: Overview,
    /// `summary.csv`, by condition and estimator.
    pub rows: Vec<SummaryRow<'static>>,
    /// `law.csv`: of each condition and estimator the bins by rising value.
    pub bins: Vec<SavedBin>,
    /// `paths.csv`: of each condition the points by trial and length.
    pub points: Vec<SavedPoint>,
    /// `intervals.csv`, if there is one: of each condition and estimator the intervals by rising centile.
    pub intervals: Vec<SavedInterval>,
    /// `curve.csv`, if there is one: of each curve the points by rising value.
    pub curve: Vec<SavedCurvePoint>,
    /// `lengths.csv`, if there is one: of each condition the quantiles by rising level.
    pub lengths: Vec<SavedLength>,
    /// `approximations.csv`, if there is one: by condition.
    pub approximations: Vec<SavedApproximation>,
}

impl SavedResults {
    /// Reads a folder. Anything that is not as a run left it is an error, since a report of it would be of no use.
    pub fn read(folder: &Path) -> Result<Self, ResultsError> {
        Self::read_watched(folder, &mut |_| ())
    }

    /// Reads a folder; see [`read`](Self::read). The reader is that of the same results: it reads their files again, as tables.
    pub fn open(folder: &Path) -> Result<(Self, ResultsReader), ResultsError> {
        Self::open_watched(folder, &mut |_| ())
    }

    /// Reads every file that `reader` names; see [`read`](Self::read).
    pub fn of_reader(reader: &ResultsReader) -> Result<Self, ResultsError> {
        Self::of_reader_watched(reader, &mut |_| ())
    }

    /// Reads a folder and calls `watch` with the name of each file that has been read.
    pub(crate) fn read_watched(folder: &Path, watch: &mut dyn FnMut(&str)) -> Result<Self, ResultsError> {
        Self::open_watched(folder, watch).map(|(results, _)| results)
    }

    /// Results that a run replaces meanwhile are read again.
    fn open_watched(folder: &Path, watch: &mut dyn FnMut(&str)) -> Result<(Self, ResultsReader), ResultsError> {
        for _ in 1..ATTEMPTS {
            match Self::open_once(folder, watch) {
                Err(ResultsError::Replaced { .. }) => {}
                opened => return opened,
            }
        }
        Self::open_once(folder, watch)
    }

    fn open_once(folder: &Path, watch: &mut dyn FnMut(&str)) -> Result<(Self, ResultsReader), ResultsError> {
        let reader = ResultsReader::open(folder)?;
        watch(MANIFEST);
        Ok((Self::of_reader_watched(&reader, watch)?, reader))
    }

    fn of_reader_watched(reader: &ResultsReader, watch: &mut dyn FnMut(&str)) -> Result<Self, ResultsError> {
        let folder = reader.folder();
        let manifest = reader.manifest().clone();
        let overview = Overview::of_manifest(&manifest).ok_or_else(|| ResultsError::Manifest {
            path: folder.join(MANIFEST),
            reason: "its spec lacks the seed, the sampler, the unit or the estimators".to_owned(),
        })?;
        let (rows, bins, points, intervals, curve) = Default::default();
        let (lengths, approximations) = Default::default();
        let mut results = Self {
            folder: folder.to_owned(),
            manifest,
            overview,
            rows,
            bins,
            points,
            intervals,
            curve,
            lengths,
            approximations,
        };
        for file in RESULT_FILES {
            let is_there = results.manifest.files.contains_key(file.name());
            if let Some(read) = file.read().filter(|_| is_there || file.condition().is_none()) {
                // The text is dropped before the next file is read.
                read(&reader.file(file.name())?, &mut results)?;
                watch(file.name());
            }
        }
        let is_read = |name: &str| RESULT_FILES.iter().any(|file| file.name() == name && file.read().is_some());
        for name in results.manifest.files.keys().filter(|name| !is_read(name)) {
            reader.check(name)?;
            watch(name);
        }
        Ok(results)
    }

    /// The same results without the rows that are not wanted.
    #[must_use]
    pub fn of_rows(&self, is_wanted: impl Fn(&SummaryRow<'_>) -> bool) -> Self {
        Self { rows: self.rows.iter().filter(|row| is_wanted(row)).cloned().collect(), ..self.clone() }
    }

    /// The same results with the rows of these estimators only.
    #[must_use]
    pub fn of_estimators(&self, is_wanted: impl Fn(&str) -> bool) -> Self {
        let mut results = self.of_rows(|row| is_wanted(&row.estimator));
        results.overview.estimators.retain(|name| is_wanted(name));
        results
    }

    /// The bins of a row.
    pub fn bins_of(&self, row: &SummaryRow<'_>) -> &[SavedBin] {
        run_of(&self.bins, |bin| (bin.condition, &*bin.estimator) == (row.condition, &*row.estimator))
    }

    /// The intervals of a row.
    pub fn intervals_of(&self, row: &SummaryRow<'_>) -> &[SavedInterval] {
        run_of(&self.intervals, |one| (one.condition, &*one.estimator) == (row.condition, &*row.estimator))
    }

    /// The points of a row.
    pub fn points_of(&self, row: &SummaryRow<'_>) -> Vec<&SavedPoint> {
        let is_of_row = |point: &&SavedPoint| (point.condition, &*point.estimator) == (row.condition, &*row.estimator);
        self.points.iter().filter(is_of_row).collect()
    }
}

/// The first items in a row that are wanted.
pub(in crate::record) fn run_of<T>(items: &[T], is_wanted: impl Fn(&T) -> bool) -> &[T] {
    let start = items.iter().position(&is_wanted).unwrap_or(items.len());
    let rest = items.get(start..).unwrap_or_default();
    let length = rest.iter().position(|item| !is_wanted(item)).unwrap_or(rest.len());
    rest.get(..length).unwrap_or_default()
}
