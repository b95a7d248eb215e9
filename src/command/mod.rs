//! Floor 5: the verbs, one a file. Each reads like the pipeline.

mod check;
mod estimators;
mod families;
mod init;
mod interrupt;
mod kl;
mod plan;
mod programs;
mod replay;
mod report;
pub mod run;
mod score;
mod selftest;
mod summarize;

use crate::cli::{Cli, Verb};
use crate::error::Error;
use anstream::ColorChoice;
use clap::Parser;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// How a command ended, if it could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every estimate agrees with theory.
    Agreed,
    /// Some estimate disagrees with theory, or a committed result changed.
    Disagreed,
    /// There was nothing to compare with: a spec changed, or committed results are missing.
    Changed,
    /// A check could have missed what it must see.
    Inconclusive,
    /// An estimator of the user's own failed too often; what else was done is kept.
    Stopped,
    /// A signal of this number stopped it.
    Interrupted(u8),
}

impl Outcome {
    /// The process's exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Agreed => 0,
            Self::Disagreed => 1,
            Self::Stopped => COULD_NOT_RUN,
            Self::Changed => 3,
            Self::Inconclusive => 4,
            Self::Interrupted(signal) => 128 + signal,
        }
    }
}

/// The exit code of anything that could not run.
const COULD_NOT_RUN: u8 = 2;

/// Carries out a command line.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too; a closed pipe is no failure.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(COULD_NOT_RUN));
        }
    };
    cli.color.write_global();
    let outcome = match &cli.verb {
        None => run::run(&cli.run),
        Some(Verb::Run(arguments)) => run::run(arguments),
        Some(Verb::Check(arguments)) => check::check(arguments),
        Some(Verb::Replay(arguments)) => replay::replay_trial(arguments),
        Some(Verb::Report(arguments)) => report::report(arguments),
        Some(Verb::Plan(arguments)) => plan::plan(arguments),
        Some(Verb::Init) => init::init(),
        Some(Verb::Estimators(arguments)) => estimators::estimators(arguments),
        Some(Verb::Families(arguments)) => families::families(arguments),
        Some(Verb::Kl(arguments)) => kl::kl(arguments),
        Some(Verb::Score(arguments)) => score::score(arguments),
        Some(Verb::Selftest(arguments)) => selftest::selftest(arguments),
        Some(Verb::Summarize(arguments)) => summarize::summarize(arguments),
    };
    match outcome {
        Ok(outcome) => ExitCode::from(outcome.exit_code()),
        Err(error) => {
            say(&error.render(true));
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

/// Data, to standard output; whoever has heard enough may close it. Whether anybody still listens.
fn show(text: &str) -> Result<bool, Error> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::Output(error)),
    }
}

/// The same of data that are written piece by piece, since all of them together would take too much memory.
fn show_all(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<bool, Error> {
    let mut out = std::io::BufWriter::with_capacity(1 << 16, anstream::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::Output(error)),
    }
}

/// Talk, to standard error.
fn say(text: &str) {
    // Nobody is left to tell if this fails.
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// The colours that clap was asked for, everywhere.
trait WriteGlobal {
    fn write_global(self);
}

impl WriteGlobal for clap::ColorChoice {
    fn write_global(self) {
        match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::AlwaysAnsi,
            Self::Never => ColorChoice::Never,
        }
        .write_global();
    }
}
