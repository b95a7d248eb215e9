//! The command line: parse, execute, exit code.

use crate::command::error::Error;
use crate::command::{Outcome, RunArguments, Verb, say, show, stderr_width, survive_file_size_limit};
use crate::outside::printable_lines;
use clap::{CommandFactory, Parser};
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

/// Estimates KL(P‖Q) by simulation and compares each estimate with exact theory.
///
/// An experiment file names two distributions P and Q, sequence lengths N and a number of trials. Each trial samples a
/// sequence from P and computes (1/N) ln(P(seq)/Q(seq)). The summary is written to results/NAME/summary.csv.
#[derive(Debug, Parser)]
#[command(name = "runner", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    verb: Option<Verb>,

    // Without a verb: what to run.
    #[command(flatten)]
    run: RunArguments,

    /// When to use colour
    #[arg(long, global = true, default_value = "auto", value_name = "WHEN")]
    color: clap::ColorChoice,
}

/// Executes a command line.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    ExitCode::from(exit_code(arguments))
}

/// Executes a command line and returns the exit code.
pub fn exit_code(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return answer_from_clap(&error, &arguments),
    };
    set_colour(cli.color);
    survive_file_size_limit();
    match cli.execute() {
        Ok(outcome) => outcome.exit_code(),
        Err(error) => {
            say(&error.render(true, stderr_width()));
            Outcome::COULD_NOT_RUN
        }
    }
}

impl Cli {
    fn execute(&self) -> Result<Outcome, Error> {
        if let Some(verb) = &self.verb {
            return verb.execute();
        }
        match self.run.specs.iter().find_map(|path| misspelt_verb(path)) {
            Some((word, verb)) => Err(Error::LooksLikeVerb { word, verb }),
            None => self.run.execute(),
        }
    }
}

/// A word that is not a file but nearly a verb, and that verb.
fn misspelt_verb(path: &Path) -> Option<(String, String)> {
    let word = path.to_str().filter(|word| !word.contains(['/', '.', '\\']) && *word != "-")?;
    if path.exists() {
        return None;
    }
    let command = Cli::command();
    let verbs: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).chain(["help"]).collect();
    let verb = crate::experiment_file::nearest(word, &verbs)?;
    Some((word.to_owned(), verb.to_owned()))
}

/// Prints clap's answer: a mistake in the arguments, or the help or the version that they ask for.
fn answer_from_clap(error: &clap::Error, arguments: &[OsString]) -> u8 {
    let (plain, styled) = (error.render().to_string(), error.render().ansi().to_string());
    let is_plain = arguments.iter().all(|argument| {
        let argument = argument.to_string_lossy();
        printable_lines(&argument) == *argument
    });
    // Clap's colours cannot be told from escape sequences in the arguments: if there are any, all are removed.
    let text = if is_plain { styled } else { printable_lines(&plain) };
    if error.use_stderr() {
        say(&text);
    } else {
        // A closed pipe is no failure of a help text.
        let _ = show(&text);
    }
    u8::try_from(error.exit_code()).unwrap_or(Outcome::COULD_NOT_RUN)
}

/// Uses colours as the flag says, in everything that is printed.
fn set_colour(choice: clap::ColorChoice) {
    match choice {
        clap::ColorChoice::Auto => anstream::ColorChoice::Auto,
        clap::ColorChoice::Always => anstream::ColorChoice::AlwaysAnsi,
        clap::ColorChoice::Never => anstream::ColorChoice::Never,
    }
    .write_global();
}
