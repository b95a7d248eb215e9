//! `law.csv`: the histogram of the estimates beside their exact law.

use super::{FinishedGroup, ReadInto, ResultFile};
use crate::record::csv_file::RowWriter;
use crate::record::schema::{Column, Row, columns};
use std::borrow::Cow;
use std::io;

/// A bin of the histogram of one estimator in one condition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistogramBin<'a> {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The estimator's name.
    pub estimator: Cow<'a, str>,
    /// The smallest and the largest value in it, the same for an atom; either may be infinite.
    pub ends: (f64, f64),
    /// How many trials are in it.
    pub trials: u64,
    /// Their share of all.
    pub observed: f64,
    /// Its probability, if it is known.
    pub exact: Option<f64>,
    /// Its probability by the saddlepoint approximation, if it is not known and that is good.
    pub approximate: Option<f64>,
}

/// A bin that was read from a file, in the unit of the experiment.
pub type SavedBin = HistogramBin<'static>;

columns! { HistogramBin<'_>, |bin|
    "condition", None, bin.condition, "The place in the experiment, from 1.";
    "estimator", None, bin.estimator, "What is computed from each sequence.";
    "lower", Information, bin.ends.0, "The smallest value in the bin.";
    "upper", Information, bin.ends.1, "The largest value in the bin: the same for a single value.";
    "trials", None, bin.trials, "How many estimates are in the bin.";
    "observed", None, bin.observed, "Their share of all trials.";
    "exact", None, bin.exact, "The probability of the bin; empty where the law of the estimate is not known.";
    "approximate", None, bin.approximate,
        "The probability of the bin by the saddlepoint density, where `exact` is empty; empty where the estimate's cumulant \
         generating function is not known, or the approximation is no good.";
}

/// `law.csv`.
pub(super) struct HistogramFile;

impl ResultFile for HistogramFile {
    fn name(&self) -> &'static str {
        "law.csv"
    }

    fn content(&self) -> &'static str {
        "The histogram of the estimates in fixed bins, beside the exact probabilities."
    }

    fn columns(&self) -> Vec<Column> {
        HistogramBin::COLUMNS.to_vec()
    }

    fn write_group(&self, group: &FinishedGroup<'_>, rows: &mut RowWriter<'_>) -> io::Result<()> {
        let all = group.outcome.summary.sums.trials();
        for (place, cell) in group.job.estimations.iter().enumerate() {
            let (Some(bins), Some(histogram)) = (&cell.bins, &group.outcome.summary.estimation(place).histogram) else {
                continue;
            };
            // Theory may take long.
            let is_wanted = group.cancel.reason().is_none();
            let approximate = is_wanted.then(|| cell.by.approximate_masses(cell.pair, group.job.n, bins)).flatten();
            for (place, (bin, &trials)) in bins.bins().iter().zip(histogram.counts()).enumerate() {
                rows.push(HistogramBin {
                    condition: cell.condition + 1,
                    estimator: cell.by.name().into(),
                    ends: (bin.lower, bin.upper),
                    trials,
                    observed: trials as f64 / all as f64,
                    exact: bin.mass,
                    approximate: approximate.as_ref().and_then(|masses| masses.get(place).copied()),
                })?;
            }
        }
        Ok(())
    }

    fn read(&self) -> Option<ReadInto> {
        Some(|file, results| {
            results.bins = file.rows()?;
            Ok(())
        })
    }
}
