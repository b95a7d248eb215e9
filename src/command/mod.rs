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

#[cfg(test)]
mod tests;

use crate::cli::{Cli, Verb};
use crate::error::Error;
use crate::outside::{for_terminal, json_text, printable_lines};
use anstream::ColorChoice;
use clap::Parser;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
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
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            say_of_arguments(&error, &arguments);
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(COULD_NOT_RUN));
        }
    };
    cli.color.write_global();
    interrupt::outlive_large_files();
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

/// A text of this program's own, to standard output; whoever has heard enough may close it. Whether anybody still listens.
fn show(text: &str) -> Result<bool, Error> {
    heard(anstream::stdout().lock(), &for_terminal(text))
}

/// A document for people, of words that others may have written, to standard output.
fn show_document(text: &str) -> Result<bool, Error> {
    heard(std::io::stdout().lock(), &printable_lines(text))
}

/// JSON, to standard output.
fn show_json(json: &str) -> Result<bool, Error> {
    heard(std::io::stdout().lock(), &json_text(json))
}

/// Data for programs, to standard output, to the last byte; only a terminal is spared what it would obey.
fn hand_out(data: &str) -> Result<bool, Error> {
    if std::io::stdout().is_terminal() { show_document(data) } else { heard(std::io::stdout().lock(), data) }
}

fn heard(mut out: impl Write, text: &str) -> Result<bool, Error> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::Output(error)),
    }
}

/// What is written piece by piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    /// JSON.
    Json,
    /// Data to the last byte, see [`hand_out`].
    Data,
}

/// Data for programs, to standard output, piece by piece, since all of them together would take too much memory.
fn show_all(written: Written, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<bool, Error> {
    let stdout = std::io::stdout();
    let shown: fn(&str) -> String = match written {
        Written::Json => json_text,
        Written::Data if stdout.is_terminal() => printable_lines,
        Written::Data => str::to_owned,
    };
    let mut out = Pieces { out: stdout.lock(), pending: Vec::new(), shown };
    match write(&mut out).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::Output(error)),
    }
}

/// Makes text harmless piece by piece, each of them whole characters.
struct Pieces<W: Write> {
    out: W,
    pending: Vec<u8>,
    shown: fn(&str) -> String,
}

impl<W: Write> Pieces<W> {
    fn hand_on(&mut self) -> std::io::Result<()> {
        let whole = match std::str::from_utf8(&self.pending) {
            Ok(text) => text.len(),
            Err(error) => error.valid_up_to(),
        };
        let rest = self.pending.split_off(whole);
        self.out.write_all((self.shown)(&String::from_utf8_lossy(&self.pending)).as_bytes())?;
        self.pending = rest;
        Ok(())
    }
}

impl<W: Write> Write for Pieces<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        const PIECE: usize = 1 << 16;
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= PIECE {
            self.hand_on()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.hand_on()?;
        self.out.flush()
    }
}

/// Talk, to standard error.
fn say(text: &str) {
    // Nobody is left to tell if this fails.
    let _ = anstream::stderr().lock().write_all(for_terminal(text).as_bytes());
}

/// What clap has to say: of a mistake, or, asked for it, of its help and its version.
fn say_of_arguments(error: &clap::Error, arguments: &[OsString]) {
    let (plain, styled) = (error.render().to_string(), error.render().ansi().to_string());
    let is_plain = arguments.iter().all(|argument| {
        let argument = argument.to_string_lossy();
        printable_lines(&argument) == *argument
    });
    // Of arguments that would write to the terminal by themselves no colour is to be told from clap's.
    let text = if is_plain { styled } else { printable_lines(&plain) };
    if error.use_stderr() {
        say(&text);
    } else {
        // Whoever has closed the pipe has read enough.
        let _ = show(&text);
    }
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
