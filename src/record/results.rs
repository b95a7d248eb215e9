//! A whole results folder read back: what reports are made from.

use super::summary::{COLUMNS, MORE_COLUMNS};
use super::{FORMAT, MANIFEST, Manifest, Named, Overview, ResultsReader, RuledOut, SavedTable, SummaryRow};
use kl_math::distribution::ClosedFormSource;
use kl_math::statistics::{Measure, Unit};
use kl_sim::comparison::{Comparison, Method, Performance, Verdict};
use kl_sim::estimator::Rate;
use std::io;
use std::path::{Path, PathBuf};

/// Files that are read for what is in them; of others it is enough that they are there, and whole.
const PARSED: [&str; 5] = ["summary.csv", "measures.csv", "law.csv", "paths.csv", "intervals.csv"];

/// How often results are read that runs replace meanwhile.
const ATTEMPTS: usize = 4;

/// Why a results folder cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// There is nothing of the name.
    #[error("there is no {}", .path.display())]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// It is a file.
    #[error("{} is a file, and results are a folder", .path.display())]
    NotAFolder {
        /// The file.
        path: PathBuf,
    },
    /// There is no manifest in it.
    #[error("{} holds no results: it has no manifest.json", .path.display())]
    NoResults {
        /// The folder.
        path: PathBuf,
    },
    /// A later program wrote it.
    #[error("{} was written by a newer version of this program (layout {format}; this one reads up to {FORMAT})", .path.display())]
    Newer {
        /// The folder.
        path: PathBuf,
        /// Its layout.
        format: u64,
    },
    /// The manifest is no manifest.
    #[error("{} cannot be read: {reason}", .path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file is not the one that the manifest was written for.
    #[error("{} is not what manifest.json says: it was edited, cut short, or belongs to another run", .path.display())]
    Edited {
        /// The file.
        path: PathBuf,
    },
    /// Another run ended while they were read.
    #[error("the results in {} were replaced while they were read", .path.display())]
    Replaced {
        /// The folder.
        path: PathBuf,
    },
    /// A file is not there.
    #[error("{} is missing, and manifest.json names it", .path.display())]
    NoFile {
        /// The file.
        path: PathBuf,
    },
    /// A cell that is not what its column holds.
    #[error("{}:{line}: {column} is {value:?}, and {rule}", .path.display())]
    Cell {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column.
        column: String,
        /// What stands there.
        value: String,
        /// What should.
        rule: &'static str,
    },
    /// A column is not there.
    #[error("{} has no column {column}", .path.display())]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// It holds more than there is memory for.
    #[error("to read {} {needed}", .path.display())]
    Memory {
        /// The file.
        path: PathBuf,
        /// How much that takes.
        needed: String,
    },
    /// The system refused.
    #[error("cannot read {}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl ResultsError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Missing { .. } => {
                "run the experiment first, as in `runner experiments/coin.toml`, or name the folder it wrote"
            }
            Self::NotAFolder { .. } => "name the folder that a run wrote, such as results/coin",
            Self::NoResults { .. } => {
                "name a folder that a run wrote, such as results/coin, or one that holds such folders"
            }
            Self::Newer { .. } => "use that version, or run the experiment again with this one",
            Self::Manifest { .. }
            | Self::Edited { .. }
            | Self::NoFile { .. }
            | Self::NoColumn { .. }
            | Self::Cell { .. } => "run the experiment again, or take the folder from where it is whole",
            Self::Replaced { .. } => "wait for the run to end, and read them again",
            Self::Memory { .. } => "allow the program more memory, or split the experiment over several files",
            Self::Io { .. } => "check that it is a file and that you may read it",
        }
    }
}

/// A bin of `law.csv`, in the unit of the experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedBin {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The estimator's name.
    pub estimator: String,
    /// The smallest and the largest value in it, the same for an atom; either may be infinite.
    pub ends: (f64, f64),
    /// How many trials fell into it.
    pub trials: u64,
    /// Their share of all.
    pub observed: f64,
    /// Its probability, if it is known.
    pub exact: Option<f64>,
}

/// A point of `paths.csv`, in the unit of the experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedPoint {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The trial, counted from 1.
    pub trial: u64,
    /// How many symbols were seen.
    pub length: u64,
    /// The estimator's name.
    pub estimator: String,
    /// The estimate.
    pub estimate: f64,
    /// The exact mean of the estimate from that many symbols.
    pub expected: Option<f64>,
    /// Its exact standard deviation.
    pub std_dev: Option<f64>,
}

/// A line of `intervals.csv`, in the unit of the experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedInterval {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The estimator's name.
    pub estimator: String,
    /// The part of the trials whose estimate is fewer of its standard errors off, in percent.
    pub centile: f64,
    /// Its ends.
    pub ends: (f64, f64),
    /// Whether it holds the estimand.
    pub holds: bool,
}

/// What a run left, read from its folder and checked against its manifest.
#[derive(Clone, Debug)]
pub struct SavedResults {
    /// The folder.
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
}

impl SavedResults {
    /// Reads a folder. Whatever is not as a run left it is an error: a report of it would be of no use.
    pub fn read(folder: &Path) -> Result<Self, ResultsError> {
        Self::read_watched(folder, &mut |_| ())
    }

    /// The same; `watch` hears the name of each file that has been read. Results that a run replaces meanwhile are read anew.
    pub(crate) fn read_watched(folder: &Path, watch: &mut dyn FnMut(&str)) -> Result<Self, ResultsError> {
        for _ in 1..ATTEMPTS {
            match Self::read_once(folder, watch) {
                Err(ResultsError::Replaced { .. }) => {}
                read => return read,
            }
        }
        Self::read_once(folder, watch)
    }

    fn read_once(folder: &Path, watch: &mut dyn FnMut(&str)) -> Result<Self, ResultsError> {
        let reader = ResultsReader::open(folder)?;
        watch(MANIFEST);
        let manifest = reader.manifest();
        let mut table = |name: &str| {
            let table = Source { path: folder.join(name), table: reader.table(name)? };
            watch(name);
            Ok(table)
        };
        let summary = table("summary.csv")?;
        let columns = &summary.table.columns;
        let settings = columns.len().checked_sub(COLUMNS.len() + MORE_COLUMNS.len());
        let expected = |place: usize| *COLUMNS.get(place).or(MORE_COLUMNS.first()).unwrap_or(&"");
        let settings = settings.ok_or_else(|| summary.no_column(expected(columns.len())))?;
        let names: Vec<String> = columns.iter().skip(COLUMNS.len()).take(settings).cloned().collect();
        let unreadable = || ResultsError::Manifest {
            path: folder.join(MANIFEST),
            reason: "its spec lacks the seed, the sampler, the unit or the estimators".to_owned(),
        };
        let overview = Overview::of_manifest(manifest, names).ok_or_else(unreadable)?;
        let mut rows = summary.rows(|cells| read_row(cells, &overview))?;
        // What is read is dropped before more is.
        drop(summary);
        let is_there = |name: &str| manifest.files.contains_key(name);
        if is_there("measures.csv") {
            read_measures(&table("measures.csv")?, &mut rows)?;
        }
        let bins = table("law.csv")?.rows(read_bin)?;
        let points = table("paths.csv")?.rows(read_point)?;
        let intervals =
            if is_there("intervals.csv") { table("intervals.csv")?.rows(read_interval)? } else { Vec::new() };
        for name in manifest.files.keys().filter(|name| !PARSED.contains(&name.as_str())) {
            reader.check(name)?;
            watch(name);
        }
        let manifest = manifest.clone();
        Ok(Self { folder: folder.to_owned(), manifest, overview, rows, bins, points, intervals })
    }

    /// The bins of a row.
    pub fn bins_of(&self, row: &SummaryRow<'_>) -> &[SavedBin] {
        run_of(&self.bins, |bin| (bin.condition, bin.estimator.as_str()) == (row.condition, &row.estimator))
    }

    /// The intervals of a row.
    pub fn intervals_of(&self, row: &SummaryRow<'_>) -> &[SavedInterval] {
        run_of(&self.intervals, |one| (one.condition, one.estimator.as_str()) == (row.condition, &row.estimator))
    }

    /// The points of a row.
    pub fn points_of(&self, row: &SummaryRow<'_>) -> Vec<&SavedPoint> {
        self.points
            .iter()
            .filter(|point| (point.condition, point.estimator.as_str()) == (row.condition, &row.estimator))
            .collect()
    }
}

/// The items, one after the other, that are of a kind.
fn run_of<T>(items: &[T], is_wanted: impl Fn(&T) -> bool) -> &[T] {
    let start = items.iter().position(&is_wanted).unwrap_or(items.len());
    let rest = items.get(start..).unwrap_or_default();
    let length = rest.iter().position(|item| !is_wanted(item)).unwrap_or(rest.len());
    rest.get(..length).unwrap_or_default()
}

/// A file and its cells.
struct Source {
    path: PathBuf,
    table: SavedTable,
}

impl Source {
    fn no_column(&self, column: &str) -> ResultsError {
        ResultsError::NoColumn { path: self.path.clone(), column: column.to_owned() }
    }

    /// What each row says.
    fn rows<T>(&self, read: impl Fn(&Cells<'_>) -> Result<T, ResultsError>) -> Result<Vec<T>, ResultsError> {
        (0..self.table.rows.len()).map(|row| read(&self.row(row))).collect()
    }

    fn row(&self, row: usize) -> Cells<'_> {
        Cells { source: self, row }
    }
}

/// One row of a file.
struct Cells<'a> {
    source: &'a Source,
    row: usize,
}

impl<'a> Cells<'a> {
    fn text(&self, column: &str) -> Result<&'a str, ResultsError> {
        self.source.table.cell(self.row, column).ok_or_else(|| self.source.no_column(column))
    }

    fn bad(&self, column: &str, rule: &'static str) -> ResultsError {
        ResultsError::Cell {
            path: self.source.path.clone(),
            line: self.row + 2,
            column: column.to_owned(),
            value: self.text(column).unwrap_or_default().to_owned(),
            rule,
        }
    }

    fn maybe(&self, column: &str) -> Result<Option<f64>, ResultsError> {
        match self.text(column)? {
            "" => Ok(None),
            text => match text.parse::<f64>() {
                Ok(number) if !number.is_nan() => Ok(Some(number)),
                _ => Err(self.bad(column, "a number goes there")),
            },
        }
    }

    fn number(&self, column: &str) -> Result<f64, ResultsError> {
        self.maybe(column)?.ok_or_else(|| self.bad(column, "a number goes there"))
    }

    fn whole<T: std::str::FromStr>(&self, column: &str) -> Result<T, ResultsError> {
        self.text(column)?.parse().map_err(|_| self.bad(column, "a whole number goes there"))
    }

    fn one_of<T>(
        &self,
        column: &str,
        all: impl IntoIterator<Item = T>,
        name: impl Fn(&T) -> &str,
        rule: &'static str,
    ) -> Result<T, ResultsError> {
        let text = self.text(column)?;
        all.into_iter().find(|item| name(item) == text).ok_or_else(|| self.bad(column, rule))
    }
}

fn read_row(cells: &Cells<'_>, overview: &Overview) -> Result<SummaryRow<'static>, ResultsError> {
    let method = match cells.text("p_value_method")? {
        "" => None,
        _ => Some(cells.one_of("p_value_method", Method::ALL, |method| method.name(), "exact or bound goes there")?),
    };
    let rate = match cells.maybe("kl_rate")? {
        Some(mean) => Some(Rate { mean, variance: cells.maybe("asymptotic_variance")? }),
        None => None,
    };
    let comparison = Comparison {
        trials: cells.whole("trials")?,
        closed_form: cells.maybe("closed_form")?,
        closed_form_source: cells.one_of(
            "closed_form_source",
            ClosedFormSource::ALL,
            |source| source.name(),
            "closed form, finite sum or quadrature goes there",
        )?,
        closed_form_error: cells.maybe("closed_form_error")?,
        rate,
        expected: cells.maybe("expected")?,
        mean: cells.maybe("mean")?,
        mcse: cells.maybe("mcse")?,
        bias: cells.maybe("bias")?,
        z: cells.maybe("z")?,
        p_value: cells.maybe("p_value")?,
        p_value_method: method,
        closed_form_variance: cells.maybe("closed_form_variance")?,
        variance: cells.maybe("variance")?,
        variance_mcse: cells.maybe("variance_mcse")?,
        variance_ratio: cells.maybe("variance_ratio")?,
        variance_p_value: cells.maybe("variance_p_value")?,
        rmse: cells.maybe("rmse")?,
        failed_trials: cells.whole("failed_trials")?,
        infinite_trials: cells.whole("infinite_trials")?,
        infinite_expected: cells.maybe("infinite_expected")?,
        infinite_p_value: cells.maybe("infinite_p_value")?,
        exact_match: None,
        reason: Some(cells.text("reason")?).filter(|reason| !reason.is_empty()).map(Into::into),
    };
    let ruled_out = match (cells.text("ruled_out")?, cells.maybe("ruled_out_mass")?) {
        (what, Some(mass)) => Some(RuledOut { what: what.to_owned(), mass }),
        (_, None) => None,
    };
    let settings = overview.setting_names.iter().map(|name| cells.text(name).map(str::to_owned));
    Ok(SummaryRow {
        condition: cells.whole("condition")?,
        source: Named::Label(cells.text("p")?.to_owned()),
        model: Named::Label(cells.text("q")?.to_owned()),
        n: cells.whole("n")?,
        estimator: cells.text("estimator")?.to_owned().into(),
        unit: cells.one_of("unit", Unit::ALL, |unit| unit.name(), "nats or bits goes there")?,
        comparison,
        verdict: cells.one_of("verdict", Verdict::ALL, |verdict| verdict.name(), "a verdict goes there")?,
        settings: settings.collect::<Result<Vec<_>, _>>()?.into(),
        reverse: cells.maybe("reverse_closed_form")?,
        ruled_out,
        measures: Vec::new(),
    })
}

/// Gives each row its measures; both files are by condition and estimator.
fn read_measures(source: &Source, rows: &mut [SummaryRow<'static>]) -> Result<(), ResultsError> {
    let mut rows = rows.iter_mut().peekable();
    for row in 0..source.table.rows.len() {
        let cells = source.row(row);
        let (condition, estimator): (usize, _) = (cells.whole("condition")?, cells.text("estimator")?);
        let is_other = |row: &&mut SummaryRow<'_>| row.condition != condition || row.estimator != estimator;
        while rows.next_if(is_other).is_some() {}
        let assessed = Performance {
            measure: cells.one_of("measure", Measure::ALL, |measure| measure.name(), "a measure goes there")?,
            estimate: cells.number("estimate")?,
            mcse: cells.maybe("mcse")?,
            expected: cells.maybe("expected")?,
        };
        let row = rows.peek_mut().ok_or_else(|| cells.bad("condition", "a row of summary.csv has that condition"))?;
        row.measures.push(assessed);
    }
    Ok(())
}

fn read_bin(cells: &Cells<'_>) -> Result<SavedBin, ResultsError> {
    Ok(SavedBin {
        condition: cells.whole("condition")?,
        estimator: cells.text("estimator")?.to_owned(),
        ends: (cells.number("lower")?, cells.number("upper")?),
        trials: cells.whole("trials")?,
        observed: cells.number("observed")?,
        exact: cells.maybe("exact")?,
    })
}

fn read_interval(cells: &Cells<'_>) -> Result<SavedInterval, ResultsError> {
    Ok(SavedInterval {
        condition: cells.whole("condition")?,
        estimator: cells.text("estimator")?.to_owned(),
        centile: cells.number("centile")?,
        ends: (cells.number("low")?, cells.number("high")?),
        holds: cells.whole::<u8>("holds")? == 1,
    })
}

fn read_point(cells: &Cells<'_>) -> Result<SavedPoint, ResultsError> {
    Ok(SavedPoint {
        condition: cells.whole("condition")?,
        trial: cells.whole("trial")?,
        length: cells.whole("length")?,
        estimator: cells.text("estimator")?.to_owned(),
        estimate: cells.number("estimate")?,
        expected: cells.maybe("expected")?,
        std_dev: cells.maybe("std_dev")?,
    })
}
