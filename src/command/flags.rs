//! Flags that several verbs share, each with its help text and its meaning.

use super::output::{show_json, show_report};
use super::runs::Overwrite;
use crate::command::error::Error;
use crate::experiment_file::Override;
use crate::plan::Record;
use crate::store::Interval;
use clap::Args;
use kl_sim::simulation::Engine;
use std::fmt::Display;
use std::path::PathBuf;
use std::time::Duration;

/// The help text on how to write a distribution.
pub(super) const DISTRIBUTIONS: &str = "\
Distributions are written as numbers or fractions (0.5,0.5 or 1/6,5/6), with named symbols (H=0.4,T=0.6), as a family (bernoulli.p=0.5 or 'normal(mean=0, std_dev=1)'), or as in an experiment file ('{ categorical = { H = 0.4, T = 0.6 } }'). `runner families` lists them.";

/// How trials are drawn.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Drawing {
    /// Seed of the random streams, in place of the file's
    #[arg(long, value_name = "SEED")]
    seed: Option<String>,

    /// How trials are drawn, in place of the file's choice: sequence, counts or tally
    #[arg(long, value_name = "SAMPLER")]
    sampler: Option<String>,
}

impl Drawing {
    pub(super) fn overrides(&self) -> Vec<Override> {
        let flags = [("--seed", "seed", &self.seed), ("--sampler", "sampler", &self.sampler)];
        flags.into_iter().filter_map(|(flag, key, value)| Some(Override::flag(flag, key, value.as_deref()?))).collect()
    }
}

/// How many trials there are, and whether each is kept.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Trials {
    /// Trials per condition, such as 10_000 or 1e6, in place of the file's
    #[arg(long, value_name = "COUNT")]
    trials: Option<String>,

    /// Write the estimate of every trial to trials.csv
    #[arg(long)]
    record: bool,
}

impl Trials {
    pub(super) fn overrides(&self) -> Vec<Override> {
        let trials = self.trials.as_deref().map(|trials| Override::flag("--trials", "trials", trials));
        let record = self.record.then(|| Override::flag("--record", "record", Record::Csv.name()));
        trials.into_iter().chain(record).collect()
    }
}

/// Keys of the experiment file.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Settings {
    /// Set any key of the file, such as `Q.bernoulli.p=0.7` or `unit=bits`; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
}

impl Settings {
    pub(super) fn overrides(&self) -> Result<Vec<Override>, Error> {
        let setting = |text: &String| Override::assignment("--set", text);
        self.settings.iter().map(setting).collect::<Result<_, _>>().map_err(|mistake| Error::Specs(vec![mistake]))
    }
}

/// Whether programs may be started.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Permission {
    /// Allow the programs that the file names as estimators to be started
    #[arg(long)]
    pub(super) allow_commands: bool,
}

/// Where results go, and what is printed of them.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Results {
    /// Folder for the results, which go to DIR/NAME/
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub(super) out: PathBuf,

    /// Replace earlier results of the same spec even if they have more trials, or recorded ones
    #[arg(long)]
    replace: bool,

    #[command(flatten)]
    pub(super) json: Json,

    /// Print nothing but errors, and the JSON if there is any
    #[arg(long, short)]
    pub(super) quiet: bool,
}

impl Results {
    pub(super) fn overwrite(&self) -> Overwrite {
        if self.replace { Overwrite::All } else { Overwrite::Guarded }
    }
}

/// How often what is done so far is saved.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Checkpoints {
    /// How often what is done so far is saved, such as 0.2s, 60s or 5m [default: after 10s, then every 60s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    checkpoint: Option<Duration>,
}

impl Checkpoints {
    pub(super) fn interval(&self) -> Interval {
        self.checkpoint.map_or(Interval::DEFAULT, Interval::of)
    }
}

/// A duration, as users write it: `0.2s`, `60s`, `5m`, `2h`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    /// Longest unit last, so that `ms` is not taken for minutes.
    const UNITS: [(&str, f64); 5] = [("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3600.0), ("d", 86_400.0)];
    const LONGEST: f64 = 1e9;
    let written = |(unit, seconds): &(&str, f64)| {
        let number: f64 = text.strip_suffix(unit)?.trim().replace('_', "").parse().ok()?;
        Some(number * seconds).filter(|seconds| (0.0..=LONGEST).contains(seconds) && number > 0.0)
    };
    let seconds = UNITS.iter().find_map(written);
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "write a time as 0.2s, 60s, 5m or 2h".to_owned())
}

/// How many threads there are.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Threads {
    /// Number of threads; the results do not depend on it [default: one per core]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl Threads {
    pub(super) fn engine(&self) -> Result<Engine, Error> {
        Ok(Engine::new(self.threads.map(usize::from))?)
    }
}

/// Whether output is for programs.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Json {
    /// Print JSON (see docs/json.md)
    #[arg(long)]
    pub(super) json: bool,
}

impl Json {
    /// Prints a document as JSON, or as text for people. Returns whether the reader still reads.
    pub(super) fn print(&self, json: impl FnOnce() -> serde_json::Value, text: impl Display) -> Result<bool, Error> {
        if self.json { show_json(&format!("{:#}\n", json())) } else { show_report(text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, seconds) in
            [("0.2s", 0.2), ("60s", 60.0), ("5m", 300.0), ("1.5 h", 5400.0), ("250ms", 0.25), ("2d", 172_800.0)]
        {
            assert_eq!(duration(text), Ok(Duration::from_secs_f64(seconds)), "{text}");
        }
        for wrong in ["60", "", "s", "0s", "-1s", "nans", "infs", "1e300h", "5 minutes", "1m30s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
