//! Plans, read from the experiment files that a command names.

use crate::command::error::Error;
use crate::experiment_file::{self, Diagnostics, Override, OwnFunction, Source};
use crate::outside::check_name;
use crate::plan::Plan;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Reads and checks experiment files; all mistakes of all files are reported together.
pub(super) fn read_plans(specs: &[PathBuf], overrides: &[Override]) -> Result<Vec<Plan>, Error> {
    if specs.is_empty() {
        return Err(Error::NoSpec);
    }
    let mut taken: HashMap<String, String> = HashMap::new();
    let mut plans = Vec::new();
    let mut mistakes = Vec::new();
    for path in specs {
        let shown = path.display().to_string();
        let name = experiment_name(path)?;
        if let Some(first) = taken.insert(name.clone(), shown.clone()) {
            return Err(Error::SameName { first, second: shown, name });
        }
        match read_named(path, &name, overrides, &[]) {
            Ok(plan) => plans.push(plan),
            Err(diagnostics) => mistakes.push(diagnostics),
        }
    }
    if mistakes.is_empty() { Ok(plans) } else { Err(Error::Specs(mistakes)) }
}

/// Reads and checks one experiment file, and adds functions to its estimators.
pub fn read_plan(path: &Path, overrides: &[Override], functions: &[OwnFunction]) -> Result<Plan, Error> {
    let name = experiment_name(path)?;
    read_named(path, &name, overrides, functions).map_err(|mistakes| Error::Specs(vec![mistakes]))
}

fn read_named(path: &Path, name: &str, overrides: &[Override], functions: &[OwnFunction]) -> Result<Plan, Diagnostics> {
    let source = Source::open(path)?;
    let plan = experiment_file::read_with(&source, name, overrides, functions)?;
    Ok(Plan { file: path.display().to_string(), folder: folder_of(path), ..plan })
}

/// The folder of the file; for standard input, the current one.
fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// The name of the experiment and of its results folder: the file's name without its extension.
fn experiment_name(path: &Path) -> Result<String, Error> {
    if path.as_os_str() == "-" {
        return Ok("stdin".to_owned());
    }
    let nameless = |reason: &str| Error::Nameless { path: path.display().to_string(), reason: reason.to_owned() };
    let stem = path.file_stem().ok_or_else(|| nameless("it has no name"))?;
    let stem = stem.to_str().ok_or_else(|| nameless("its name is not valid UTF-8"))?;
    check_name(stem).map_err(|error| nameless(error.rule))?;
    Ok(stem.to_owned())
}
