//! Writes the files that grow while an experiment runs.

use super::{LawRow, PathRow, Row, Sheet, TrialRow};
use crate::experiment::{Encoding, Sink};
use kl_math::statistics::Unit;
use kl_sim::simulation::{Cancel, GroupOutcome, Job};
use std::collections::HashMap;
use std::io::{self, Write};

/// `law.csv`, `paths.csv` and, if asked for, `trials.csv`, group by group as they are done.
pub struct Recorder<W: Write> {
    law: Sheet<LawRow<'static>, W>,
    paths: Sheet<PathRow<'static>, W>,
    trials: Option<Sheet<TrialRow<'static>, W>>,
}

/// The files of a [`Recorder`], complete.
pub struct Recorded<W> {
    /// `law.csv`.
    pub law: W,
    /// `paths.csv`.
    pub paths: W,
    /// `trials.csv`.
    pub trials: Option<W>,
}

impl<W: Write> Recorder<W> {
    /// Starts the files.
    pub fn new(unit: Unit, law: W, paths: W, trials: Option<W>) -> Self {
        let trials = trials.map(|trials| Sheet::new(unit, trials));
        Self { law: Sheet::new(unit, law), paths: Sheet::new(unit, paths), trials }
    }

    /// Writes what is buffered and gives the files back.
    pub fn finish(self) -> io::Result<Recorded<W>> {
        Ok(Recorded {
            law: self.law.finish()?,
            paths: self.paths.finish()?,
            trials: self.trials.map(Sheet::finish).transpose()?,
        })
    }
}

impl<W: Write + Send> Sink for Recorder<W> {
    type Error = io::Error;

    fn encoding(&self) -> Option<Encoding> {
        self.trials.as_ref().map(|_| spell as Encoding)
    }

    fn trials(&mut self, text: &[u8]) -> io::Result<()> {
        self.trials.as_mut().map_or(Ok(()), |sheet| sheet.append(text))
    }

    fn group(&mut self, job: &Job<'_>, outcome: &GroupOutcome, cancel: &Cancel) -> io::Result<()> {
        let trials = outcome.summary.sums.trials();
        for (place, cell) in job.estimations.iter().enumerate() {
            let (Some(bins), Some(histogram)) = (&cell.bins, &outcome.summary.estimation(place).histogram) else {
                continue;
            };
            let (condition, estimator) = (cell.condition + 1, cell.by.name());
            for (&bin, &count) in bins.bins().iter().zip(histogram.counts()) {
                self.law.push(&LawRow { condition, estimator, bin, count, trials })?;
            }
        }
        let mut moments = HashMap::new();
        for point in &outcome.paths {
            if cancel.reason().is_some() {
                break;
            }
            if let Some(cell) = job.estimations.get(point.estimation) {
                let known = || cell.by.moments(cell.pair, point.length);
                self.paths.push(&PathRow {
                    condition: cell.condition + 1,
                    trial: point.trial + 1,
                    length: point.length,
                    estimator: cell.by.name(),
                    estimate: point.estimate,
                    moments: *moments.entry((point.estimation, point.length)).or_insert_with(known),
                })?;
            }
        }
        Ok(())
    }
}

/// The rows of `trials.csv`.
fn spell(unit: Unit, job: &Job<'_>, first: u64, estimates: &[f64], text: &mut Vec<u8>) {
    for (trial, estimates) in (first + 1..).zip(estimates.chunks_exact(job.estimations.len().max(1))) {
        for (cell, &estimate) in job.estimations.iter().zip(estimates) {
            let (condition, estimator) = (cell.condition + 1, cell.by.name());
            TrialRow { condition, trial, n: job.n, estimator, estimate }.spell(unit, text);
        }
    }
}
