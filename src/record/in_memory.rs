//! Results that are not written to a folder.

use super::csv_file::Durable;
use super::file::FinishedRun;
use super::{MANIFEST, Manifest, Recorder, Stamp, hex};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// A result file in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryFile {
    name: String,
    bytes: Vec<u8>,
}

impl MemoryFile {
    /// An empty file of that name.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), bytes: Vec::new() }
    }
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.try_reserve(bytes.len()).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        self.bytes.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Nothing outlasts the program.
impl Durable for MemoryFile {
    fn written(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn hash(&self) -> Sha256 {
        Sha256::new()
    }

    fn keep(&mut self) -> io::Result<Option<String>> {
        Ok(None)
    }
}

/// The files that a run would leave in its folder, with the same bytes, by their names.
///
/// ```
/// use kl_runner::experiment::{RunContext, carry_out, planned_sampling};
/// use kl_runner::experiment_file::{Source, read};
/// use kl_runner::record::{FinishedRun, MemoryFile, Recorder, results_in_memory};
/// use kl_sim::comparison::FALSE_ALARM;
/// use kl_sim::simulation::{Cancel, Engine};
///
/// let text = "trials = 100\nN = 10\nP = [0.5, 0.5]\nQ = [0.4, 0.6]";
/// let plan = read(&Source { name: "coin.toml".into(), text: text.into() }, "coin", &[])?;
/// let mut recorder = Recorder::start(&plan, |name| Ok::<_, std::io::Error>(MemoryFile::new(name)))?;
/// let run = RunContext { engine: &Engine::new(None)?, cancel: &Cancel::default(), meter: &() };
/// let found = carry_out(&plan, &planned_sampling, run, &mut recorder)?;
/// let verdicts = found.verdicts(FALSE_ALARM);
/// let run = FinishedRun { plan: &plan, measured: &found.measured, verdicts: &verdicts, failures: &found.failures };
/// let files = results_in_memory(&run, recorder)?;
/// assert!(files["summary.csv"].starts_with(b"experiment,condition,"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn results_in_memory(
    run: &FinishedRun<'_>,
    recorder: Recorder<MemoryFile>,
) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let files = recorder.finish(run)?;
    let stamp = |file: &MemoryFile| Stamp { name: file.name.clone(), sha256: hex(&Sha256::digest(&file.bytes)) };
    let stamps: Vec<Stamp> = files.iter().map(stamp).collect();
    let manifest = Manifest::new(run.plan, &stamps)?.to_json()?;
    let files = files.into_iter().map(|file| (file.name, file.bytes));
    Ok(files.chain([(MANIFEST.to_owned(), manifest.into_bytes())]).collect())
}
