//! `runner demo`: the first experiment and its page, in a folder of their own.

use super::report::{make_folder, write, write_pages};
use crate::command::browser::open_page;
use crate::command::error::Error;
use crate::command::flags::Threads;
use crate::command::interrupt;
use crate::command::outcome::Outcome;
use crate::command::output::{say, shown_path};
use crate::command::plans::read_plans;
use crate::command::runs::{Overwrite, Runs};
use crate::experiment::planned_sampling;
use crate::experiment_file::{self, Source};
use crate::outside::{MOST_AT_ONCE, read_file};
use crate::plan::Plan;
use crate::record::{ResultsReader, SavedResults};
use crate::store::Interval;
use clap::Args;
use std::io;
use std::path::{Path, PathBuf};

/// The first of the shipped experiments.
const COIN: &str = include_str!("../../../experiments/coin.toml");

const COIN_NAME: &str = "coin";
const COIN_FILE: &str = "coin.toml";

const FILES: &str = "\
The folder gets coin.toml, the experiment, and results/coin/ with its numbers and report.html, the page.
Nothing in it is replaced but what an earlier demo left.";

/// Run the first experiment, a coin, make its page, and open it in the browser
#[derive(Args, Clone, Debug)]
#[command(after_help = FILES)]
pub(crate) struct Arguments {
    /// Folder for the experiment, its results and the page
    #[arg(long, value_name = "DIR", default_value = "kl-demo")]
    out: PathBuf,

    /// Do not open the page
    #[arg(long)]
    no_open: bool,
}

impl Arguments {
    /// Writes the experiment, runs it, and makes its page.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let (spec, out) = (self.out.join(COIN_FILE), self.out.join("results"));
        let has_spec = check_spec(&spec)?;
        let coin =
            experiment_file::read(&coin_source(), COIN_NAME, &[]).map_err(|mistakes| Error::Specs(vec![mistakes]))?;
        check_results(&out.join(COIN_NAME), &coin)?;
        make_folder(&self.out)?;
        if !has_spec {
            write(&spec, COIN.as_bytes())?;
            say(&format!("wrote {}\n", shown_path(&spec)));
        }
        let plans = read_plans(std::slice::from_ref(&spec), &[])?;
        let (engine, cancel) = (Threads::default().engine()?, interrupt::watch()?);
        let runs = Runs {
            engine,
            sampling: &planned_sampling,
            cancel,
            quiet: false,
            json: false,
            overwrite: Overwrite::Guarded,
            interval: Interval::DEFAULT,
            resume: false,
        };
        let folders: Vec<PathBuf> = plans.iter().map(|plan| out.join(&plan.experiment)).collect();
        let outcome = runs.run(plans, &out)?;
        if outcome != Outcome::Agreed {
            return Ok(outcome);
        }
        let results = folders.iter().map(|folder| SavedResults::read(folder)).collect::<Result<Vec<_>, _>>();
        let pages = write_pages(results.map_err(|error| Error::Results(vec![error]))?)?;
        for page in &pages {
            say(&format!("wrote {}\n", shown_path(page)));
            if !self.no_open {
                open_page(page);
            }
        }
        say(&format!(
            "next: change {spec} and write `runner {spec} --out {}`\n",
            shown_path(&out),
            spec = shown_path(&spec)
        ));
        Ok(outcome)
    }
}

/// The experiment before it is a file.
fn coin_source() -> Source {
    Source { name: COIN_FILE.to_owned(), text: COIN.to_owned() }
}

/// Whether the experiment is there already. Another file of its name is refused.
fn check_spec(spec: &Path) -> Result<bool, Error> {
    match read_file(spec, MOST_AT_ONCE) {
        Ok(bytes) if bytes == COIN.as_bytes() => Ok(true),
        Ok(_) => Err(Error::Foreign { path: spec.display().to_string() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(Error::Input { name: spec.display().to_string(), source }),
    }
}

/// Refuses a folder with anything but results of the demo.
fn check_results(folder: &Path, plan: &Plan) -> Result<(), Error> {
    let is_empty = std::fs::read_dir(folder).map_or(!folder.exists(), |mut entries| entries.next().is_none());
    let is_of_demo = || {
        let found = ResultsReader::open(folder);
        found.is_ok_and(|found| found.manifest().differences(&plan.resolved).is_empty())
    };
    if is_empty || is_of_demo() { Ok(()) } else { Err(Error::Foreign { path: folder.display().to_string() }) }
}
