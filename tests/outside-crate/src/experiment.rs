//! An experiment read from text and carried out in memory: what the command writes to a results folder, without the command.

use kl_runner::experiment::{RunContext, carry_out, planned_sampling};
use kl_runner::experiment_file::{Source, read};
use kl_runner::record::{FinishedRun, RESULT_FILES, Recorder};
use kl_sim::comparison::{FALSE_ALARM, judge};
use kl_sim::simulation::{Cancel, Engine};
use std::convert::Infallible;
use std::error::Error;

const SPEC: &str = include_str!("../../../experiments/coin.toml");

/// What the command wrote.
const COMMITTED: [(&str, &str); 3] = [
    ("summary.csv", include_str!("../../../results/coin/summary.csv")),
    ("law.csv", include_str!("../../../results/coin/law.csv")),
    ("paths.csv", include_str!("../../../results/coin/paths.csv")),
];

pub fn compare() -> Result<(), Box<dyn Error>> {
    let plan = read(&Source { name: "coin.toml".to_owned(), text: SPEC.to_owned() }, "coin", &[])?;
    let (engine, cancel) = (Engine::new(None)?, Cancel::default());
    let run = RunContext { engine: &engine, cancel: &cancel, meter: &() };
    let Ok(mut recorder) = Recorder::start(&plan, |_| Ok::<_, Infallible>(Vec::new()));
    let results = carry_out(&plan, &planned_sampling, run, &mut recorder)?;
    let comparisons: Vec<_> = results.measured.iter().map(|row| &row.comparison).collect();
    let verdicts = judge(&comparisons, FALSE_ALARM);
    let run =
        FinishedRun { plan: &plan, measured: &results.measured, verdicts: &verdicts, failures: &results.failures };
    let left = RESULT_FILES.iter().filter(|file| file.is_planned(&plan) && file.has_rows(&run));
    let names: Vec<&str> = left.map(|file| file.name()).collect();
    let texts = recorder.finish(&run)?;
    if names != COMMITTED.map(|(name, _)| name) {
        return Err(format!("the files are {names:?}").into());
    }
    for (text, (name, committed)) in texts.iter().zip(COMMITTED) {
        if text != committed.as_bytes() {
            return Err(format!("{name} is not what the command wrote").into());
        }
        println!("results/coin/{name}: the same {} bytes", text.len());
    }
    Ok(())
}
