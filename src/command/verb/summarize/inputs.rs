//! What `runner summarize` reads: CSV files, or the trials of results folders.

use super::Arguments;
use crate::command::error::Error;
use crate::command::verb::report::folders_in;
use crate::external_trials::{ExternalTrials, TrialsError, Truth};
use crate::outside::{WithinLines, check_name, open_input};
use crate::record::{ResultsError, ResultsReader};
use crate::store::TrialsFolder;
use kl_math::numeric::{DoubleDouble, shortest};
use std::collections::{HashMap, HashSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The file of the trials of a results folder.
const TRIALS: &str = "trials.csv";

/// The columns of that file that distinguish groups.
const GROUPS: [&str; 3] = ["condition", "n", "estimator"];

/// The files or the folders, never both: their groups are by different columns.
pub(super) struct Inputs {
    names: Vec<String>,
    kind: Kind,
}

enum Kind {
    Files(Vec<PathBuf>),
    Folders(Vec<ResultsReader>),
}

impl Inputs {
    /// Takes what is named; all folders are checked before the first is read.
    pub(super) fn new(arguments: &Arguments) -> Result<Self, Error> {
        let is_folder = |path: &&PathBuf| path.is_dir();
        let shown = |path: &Path| match path.as_os_str() {
            name if name == "-" => "<stdin>".to_owned(),
            name => name.to_string_lossy().trim_end_matches('/').to_owned(),
        };
        let named = &arguments.trials;
        let Some(folder) = named.iter().find(is_folder) else {
            let names = named.iter().map(|path| shown(path)).collect();
            return Ok(Self { names, kind: Kind::Files(named.clone()) });
        };
        if let Some(file) = named.iter().find(|path| !path.is_dir()) {
            return Err(Error::FilesAndFolders { file: shown(file), folder: shown(folder) });
        }
        let flags = [
            ("--truth", arguments.truth.is_some()),
            ("--truth-column", arguments.file.truth_column.is_some()),
            ("--estimate-column", arguments.file.estimate_column.is_some()),
            ("--se-column", arguments.file.se_column.is_some()),
            ("--low-column", arguments.file.low_column.is_some()),
            ("--p-column", arguments.file.p_column.is_some()),
            ("--df-column", arguments.file.df_column.is_some()),
            ("--wide", arguments.file.wide.is_some()),
            ("--trial-column", arguments.file.trial_column.is_some()),
            ("--delimiter", arguments.file.delimiter.is_some()),
            ("--decimal", arguments.file.decimal != b'.'),
        ];
        if let Some((flag, _)) = flags.into_iter().find(|(_, is_given)| *is_given) {
            return Err(Error::FlagOfFiles { flag, folder: shown(folder) });
        }
        if arguments.file.by.as_ref().is_some_and(|by| !by.iter().any(|column| column == "condition")) {
            return Err(Error::GroupsOfConditions);
        }
        let mut folders: Vec<PathBuf> = Vec::new();
        for folder in named.iter().flat_map(|path| folders_in(path)) {
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        let (mut readers, mut mistakes) = (Vec::new(), Vec::new());
        for folder in &folders {
            match ResultsReader::open(folder) {
                Ok(reader) if reader.manifest().files.contains_key(TRIALS) => readers.push(reader),
                Ok(_) => mistakes.push(ResultsError::NotRecorded { path: folder.clone() }),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        if !mistakes.is_empty() {
            return Err(Error::Results(mistakes));
        }
        Ok(Self { names: folders.iter().map(|folder| shown(folder)).collect(), kind: Kind::Folders(readers) })
    }

    /// The names of the files or folders, for people.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// A results folder among the inputs.
    pub(super) fn folder(&self) -> Option<String> {
        match &self.kind {
            Kind::Files(_) => None,
            Kind::Folders(_) => self.names.first().cloned(),
        }
    }

    /// The name of the first input without its extension, if it may be that of a file.
    pub(super) fn study_name(&self) -> String {
        let stem = self.names.first().and_then(|name| Path::new(name).file_stem()).map(|stem| stem.to_string_lossy());
        let stem = stem.filter(|stem| stem != "<stdin>" && check_name(stem).is_ok());
        stem.map_or_else(|| "trials".to_owned(), std::borrow::Cow::into_owned)
    }

    /// Reads all. Several are told apart by a column in front of the others.
    ///
    /// Files are copied to the folder that they are saved in, if there is one.
    pub(super) fn read(
        &self,
        arguments: &Arguments,
        mut saving: Option<&mut TrialsFolder>,
    ) -> Result<ExternalTrials, Error> {
        let (column, mut all) = match &self.kind {
            Kind::Files(paths) => {
                let mut all = Vec::with_capacity(paths.len());
                for (place, (path, name)) in paths.iter().zip(&self.names).enumerate() {
                    let input = open(path, name)?;
                    let trials = match saving.as_deref_mut() {
                        Some(folder) => {
                            folder.copy((place, paths.len()), input, |input| read_file(input, name, arguments))??
                        }
                        None => read_file(input, name, arguments)?,
                    };
                    all.push((name.clone(), trials));
                }
                ("file", all)
            }
            Kind::Folders(readers) => {
                // Two folders may hold results of one experiment.
                let experiments: HashSet<&str> =
                    readers.iter().map(|reader| reader.manifest().experiment.as_str()).collect();
                let are_unique = experiments.len() == readers.len();
                let read = |(reader, name): (&ResultsReader, &String)| {
                    let label = if are_unique { &reader.manifest().experiment } else { name };
                    Ok((label.clone(), read_folder(reader, name, arguments)?))
                };
                ("experiment", readers.iter().zip(&self.names).map(read).collect::<Result<Vec<_>, Error>>()?)
            }
        };
        match all.len() {
            1 => Ok(all.pop().map(|(_, trials)| trials).unwrap_or_default()),
            _ => Ok(ExternalTrials::join(column, all)?),
        }
    }
}

fn open(path: &Path, name: &str) -> Result<Box<dyn Read>, Error> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin()));
    }
    Ok(Box::new(open_input(path).map_err(|source| Error::Input { name: name.to_owned(), source })?))
}

fn read_file(input: impl Read, name: &str, arguments: &Arguments) -> Result<ExternalTrials, Error> {
    let truth = arguments.file.truth_column.clone().map_or(Truth::None, Truth::Column);
    Ok(ExternalTrials::read(
        name,
        WithinLines::new(input),
        &arguments.file.columns(truth, arguments.reference.is_some()),
    )?)
}

/// Reads the trials of a results folder, each with the closed form of its condition. The groups are in the order of the
/// conditions: `trials.csv` has those that share their sequences side by side.
fn read_folder(reader: &ResultsReader, name: &str, arguments: &Arguments) -> Result<ExternalTrials, Error> {
    let unread = |mistake: ResultsError| Error::Results(vec![mistake]);
    let truths = closed_forms(reader).map_err(unread)?;
    let name = format!("{name}/{TRIALS}");
    let mut columns = arguments.file.columns(Truth::OfConditions(truths), arguments.reference.is_some());
    columns.by.get_or_insert_with(|| GROUPS.map(str::to_owned).to_vec());
    let read = |input: &mut dyn Read| -> Result<ExternalTrials, TrialsError> {
        ExternalTrials::read(&name, WithinLines::new(input), &columns)
    };
    let mut trials = reader.read(TRIALS, |input| Ok(read(input))).map_err(unread)??;
    if let Some(place) = trials.by.iter().position(|column| column == "condition") {
        trials.groups.sort_by_key(|group| group.keys.get(place).and_then(|number| number.parse::<u64>().ok()));
    }
    Ok(trials)
}

/// The estimand of each condition, as the digits of `summary.csv` have it; none where it is infinite.
fn closed_forms(reader: &ResultsReader) -> Result<HashMap<String, Option<DoubleDouble>>, ResultsError> {
    let summary = reader.file("summary.csv")?;
    let places = ["condition", "closed_form"].map(|column| summary.place(column));
    let places = places.into_iter().collect::<Result<Vec<_>, _>>()?;
    let row = |row: usize| {
        let mut fields = summary.fields(row, &places);
        let (condition, truth): (u64, f64) = (fields.next_field()?, fields.next_field()?);
        let truth = Some(truth).filter(|truth| truth.is_finite()).and_then(|truth| shortest(truth).parse().ok());
        Ok((condition.to_string(), truth))
    };
    (0..summary.len()).map(row).collect()
}
