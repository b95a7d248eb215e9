//! The files of a finished run, put in place.

use super::{MANIFEST, ResultsFolder, StagedFile, StoreError};
use crate::record::{FinishedRun, Manifest, Recorder};
use std::io::{self, Write};

/// Writes what a run found to the files of its recorder, and puts all of them in place at once, or none; returns their names without
/// that of the manifest.
pub fn write_results(
    run: &FinishedRun<'_>,
    recorder: Recorder<StagedFile>,
    folder: &mut ResultsFolder,
) -> Result<Vec<String>, StoreError> {
    let path = folder.path().to_owned();
    let files = recorder.finish(run).map_err(StoreError::io("write to", &path))?;
    let names = files.iter().map(|file| file.name().to_owned()).collect();
    let mut manifest_file = folder.stage(MANIFEST)?;
    folder.publish(files, |stamps| {
        Manifest::new(run.plan, stamps)
            .and_then(|manifest| manifest.to_json())
            .map_err(io::Error::from)
            .and_then(|json| manifest_file.write_all(json.as_bytes()))
            .map_err(StoreError::io("write to", &path))?;
        Ok(manifest_file)
    })?;
    Ok(names)
}
