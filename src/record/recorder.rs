//! Writes the result files of a run: some grow while it goes on, the others are written at its end.

use super::csv_file::{CsvWriter, Durable};
use super::file::{FinishedGroup, FinishedRun, RESULT_FILES, ResultFile};
use crate::experiment::{Encoding, KeptRows, Segment, Sink};
use crate::plan::{Place, Plan};
use crate::record::hex;
use kl_sim::simulation::{Cancel, GroupOutcome, Job};
use sha2::{Digest, Sha256};
use std::io;

/// The result files of a run that is under way.
pub struct Recorder<W: Durable> {
    files: Vec<(&'static dyn ResultFile, CsvWriter<W>)>,
    /// How long the file of the trials was when all its rows were of blocks that are done, and the state of its
    /// digest: it is worked out only where it is kept.
    noted: (u64, Sha256),
}

impl<W: Durable> Recorder<W> {
    /// Starts every file that a run of `plan` may leave; `open` makes the file of a name.
    pub fn start<E>(plan: &Plan, mut open: impl FnMut(&'static str) -> Result<W, E>) -> Result<Self, E> {
        let planned = RESULT_FILES.iter().copied().filter(|file| file.is_planned(plan));
        let start = |file: &'static dyn ResultFile| {
            let header = file.header(plan);
            let columns = header.iter().map(|name| &**name);
            let out = open(file.name())?;
            let has_header = out.written() > 0;
            Ok((
                file,
                if has_header { CsvWriter::resume(plan.unit, out) } else { CsvWriter::new(plan.unit, columns, out) },
            ))
        };
        Ok(Self { files: planned.map(start).collect::<Result<_, E>>()?, noted: (0, Sha256::new()) })
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

impl<W: Durable> Recorder<W> {
    /// The file of the trials, if they are recorded.
    fn trials_file(&mut self) -> Option<&mut CsvWriter<W>> {
        self.files.iter_mut().find(|(file, _)| file.encoding().is_some()).map(|(_, writer)| writer)
    }
}

impl<W: Durable + Send> Sink for Recorder<W> {
    type Error = io::Error;

    fn encoding(&self) -> Option<Encoding> {
        self.files.iter().find_map(|(file, _)| file.encoding())
    }

    fn trials(&mut self, text: &[u8]) -> io::Result<()> {
        self.trials_file().map_or(Ok(()), |writer| writer.append(text))
    }

    fn note(&mut self, _: Place) -> io::Result<()> {
        if let Some(writer) = self.trials_file() {
            self.noted = writer.written()?;
        }
        Ok(())
    }

    fn keep(&mut self) -> io::Result<KeptRows> {
        let kept = self.trials_file().map(CsvWriter::keep).transpose()?.flatten();
        let (bytes, hash) = self.noted.clone();
        let sha256 = hex(&hash.finalize());
        let segments = kept.map(|name| Segment { name, bytes, sha256 }).into_iter().collect();
        Ok(KeptRows { bytes, segments, tail: Vec::new() })
    }

    fn group(&mut self, job: &Job<'_>, outcome: &GroupOutcome, cancel: &Cancel) -> io::Result<()> {
        let group = FinishedGroup { job, outcome, cancel };
        self.files.iter_mut().try_for_each(|(file, writer)| file.write_group(&group, &mut writer.rows()))
    }
}
