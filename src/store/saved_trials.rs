//! The folder of saved trials: what is in it already, and how it is replaced.

use super::{MANIFEST, ResultsFolder, StagedFile, StoreError};
use crate::external_trials::SummarySpec;
use crate::record::{Durable, MEASURES, SavedTrials, TrialsManifest, hex, trials_name};
use sha2::Digest;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Why trials cannot be saved in a folder.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// It holds the results of a run.
    #[error("{} holds the results of a run, which are not replaced by a summary", .path.display())]
    OfRun {
        /// The folder.
        path: PathBuf,
    },
    /// It holds files that no summary saved.
    #[error("{} holds files that are not a saved summary, such as {file}", .path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// One of the files.
        file: String,
    },
    /// It holds a summary that was asked for something else.
    #[error("{} holds another summary: it differs in {}", .path.display(), .keys.join(", "))]
    OtherSpec {
        /// The folder.
        path: PathBuf,
        /// The flags that differ.
        keys: Vec<String>,
    },
    /// It holds a summary of other trials.
    #[error("{} holds a summary of other trials", .path.display())]
    OtherTrials {
        /// The folder.
        path: PathBuf,
    },
    /// The name of the folder cannot be that of a study.
    #[error("{} cannot be the folder of a study: its last part is {reason}", .path.display())]
    Nameless {
        /// The folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The folder cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SaveError {
    /// The next step for the user.
    pub fn help(&self) -> &'static str {
        match self {
            Self::OfRun { .. } | Self::Foreign { .. } => "choose another folder with --save",
            Self::OtherSpec { .. } | Self::OtherTrials { .. } => {
                "add --replace to replace it, or choose another folder with --save"
            }
            Self::Nameless { .. } => "name a folder of its own, as in --save results/my-study",
            Self::Store(StoreError::Locked { .. }) => "wait for it to end, or choose another folder with --save",
            Self::Store(_) => "choose a folder that you can write to with --save; what is there is unchanged",
        }
    }
}

/// A folder that trials are being saved in.
pub struct TrialsFolder {
    // Dropped before the folder, which is removed if nothing is left in it.
    files: Vec<StagedFile>,
    folder: ResultsFolder,
    earlier: Option<SavedTrials>,
    may_replace: bool,
}

impl TrialsFolder {
    /// Opens the folder, and makes it if there is none. Refuses one that holds anything but this summary; with `may_replace`,
    /// anything but a summary.
    pub fn open(path: &Path, spec: &SummarySpec, may_replace: bool) -> Result<Self, SaveError> {
        let missing = path.ancestors().skip(1).take_while(|part| !part.as_os_str().is_empty() && !part.exists());
        let missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        let folder = ResultsFolder::open(path.to_owned(), &missing)?;
        let earlier = SavedTrials::open(path).ok().flatten();
        match &earlier {
            Some(earlier) if !may_replace => {
                let keys = earlier.manifest().differences(spec);
                if !keys.is_empty() {
                    return Err(SaveError::OtherSpec { path: path.to_owned(), keys });
                }
            }
            Some(_) => {}
            None if path.join(MANIFEST).exists() => return Err(SaveError::OfRun { path: path.to_owned() }),
            None => {
                let entries = fs::read_dir(path).into_iter().flatten().flatten();
                let mut names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
                // Hidden files are no one's results.
                if let Some(file) = names.find(|name| !name.starts_with('.')) {
                    return Err(SaveError::Foreign { path: path.to_owned(), file });
                }
            }
        }
        Ok(Self { folder, earlier, may_replace, files: Vec::new() })
    }

    /// Copies the trials of the file at `place` of `count` while they are read with `read`.
    pub fn copy<T>(
        &mut self,
        (place, count): (usize, usize),
        input: impl Read,
        read: impl FnOnce(&mut dyn Read) -> T,
    ) -> Result<T, SaveError> {
        let file = self.folder.stage(&trials_name(place, count))?;
        let mut copying = Copying { input, file };
        let found = read(&mut copying);
        self.files.push(copying.file);
        Ok(found)
    }

    /// Puts the files in place: the trials, the measures, and the manifest.
    pub fn publish(
        mut self,
        name: &str,
        spec: &SummarySpec,
        labels: &[String],
        measures: &str,
    ) -> Result<(), SaveError> {
        let path = self.folder.path().to_owned();
        let is_saved = |file: &StagedFile, earlier: &SavedTrials| {
            earlier.manifest().files.get(file.name()) == Some(&hex(&file.hash().finalize()))
        };
        let earlier_trials = |earlier: &SavedTrials| earlier.manifest().trials().len();
        if let Some(earlier) = self.earlier.as_ref().filter(|_| !self.may_replace)
            && (earlier_trials(earlier) != self.files.len() || !self.files.iter().all(|file| is_saved(file, earlier)))
        {
            return Err(SaveError::OtherTrials { path });
        }
        let written = |mut file: StagedFile, text: &str| {
            file.write_all(text.as_bytes()).map_err(StoreError::io("write to", &path))?;
            Ok::<_, StoreError>(file)
        };
        let mut files = std::mem::take(&mut self.files);
        files.push(written(self.folder.stage(MEASURES)?, measures)?);
        let names: Vec<String> = files.iter().map(|file| file.name().to_owned()).collect();
        let manifest_file = self.folder.stage(MANIFEST)?;
        self.folder.publish(files, |stamps| {
            let manifest = TrialsManifest::new(name, spec, labels, stamps).and_then(|manifest| manifest.to_json());
            written(manifest_file, &manifest.map_err(io::Error::from).map_err(StoreError::io("write to", &path))?)
        })?;
        let outdated = self.earlier.iter().flat_map(|earlier| earlier.manifest().files.keys());
        for name in outdated.filter(|name| !names.contains(name)) {
            // The manifest no longer names it, and a failure does no harm.
            let _ = fs::remove_file(path.join(name));
        }
        Ok(())
    }
}

/// An input that is copied while it is read.
struct Copying<R> {
    input: R,
    file: StagedFile,
}

impl<R: Read> Read for Copying<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        self.file.write_all(buffer.get(..length).unwrap_or_default())?;
        Ok(length)
    }
}
