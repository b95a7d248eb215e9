//! Writes the result files of a run: some grow while it goes on, the others are written at its end.

use super::csv_file::CsvWriter;
use super::file::{FinishedGroup, FinishedRun, RESULT_FILES, ResultFile};
use crate::experiment::{Encoding, Sink};
use crate::plan::Plan;
use kl_sim::simulation::{Cancel, GroupOutcome, Job};
use std::io::{self, Write};

/// The result files of a run that is under way.
pub struct Recorder<W: Write> {
    files: Vec<(&'static dyn ResultFile, CsvWriter<W>)>,
}

impl<W: Write> Recorder<W> {
    /// Starts every file that a run of `plan` may leave; `open` makes the file of a name.
    pub fn start<E>(plan: &Plan, mut open: impl FnMut(&'static str) -> Result<W, E>) -> Result<Self, E> {
        let planned = RESULT_FILES.iter().copied().filter(|file| file.is_planned(plan));
        let start = |file: &'static dyn ResultFile| {
            let header = file.header(plan);
            let columns = header.iter().map(|name| &**name);
            Ok((file, CsvWriter::new(plan.unit, columns, open(file.name())?)))
        };
        Ok(Self { files: planned.map(start).collect::<Result<_, E>>()? })
    }

    /// Writes what is known at the end only, and returns the files that the run leaves, in the order of [`RESULT_FILES`].
    pub fn finish(self, run: &FinishedRun<'_>) -> io::Result<Vec<W>> {
        let left = self.files.into_iter().filter(|(file, _)| file.has_rows(run));
        left.map(|(file, mut writer)| {
            file.write_run(run, &mut writer.rows())?;
            writer.finish()
        })
        .collect()
    }
}

impl<W: Write + Send> Sink for Recorder<W> {
    type Error = io::Error;

    fn encoding(&self) -> Option<Encoding> {
        self.files.iter().find_map(|(file, _)| file.encoding())
    }

    fn trials(&mut self, text: &[u8]) -> io::Result<()> {
        let trials = self.files.iter_mut().find(|(file, _)| file.encoding().is_some());
        trials.map_or(Ok(()), |(_, writer)| writer.append(text))
    }

    fn group(&mut self, job: &Job<'_>, outcome: &GroupOutcome, cancel: &Cancel) -> io::Result<()> {
        let group = FinishedGroup { job, outcome, cancel };
        self.files.iter_mut().try_for_each(|(file, writer)| file.write_group(&group, &mut writer.rows()))
    }
}
