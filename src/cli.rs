//! The command line: parse, execute, exit code.

use crate::command::error::Error;
use crate::command::{CommandLine, Outcome, say, show, stderr_width, survive_file_size_limit};
use crate::outside::printable_lines;
use clap::{CommandFactory, Parser};
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

/// Executes a command line.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    ExitCode::from(exit_code(arguments))
}

/// Executes a command line and returns the exit code.
pub fn exit_code(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match CommandLine::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return answer_from_clap(&error, &arguments),
    };
    set_colour(cli.color);
    survive_file_size_limit();
    match execute(&cli) {
        Ok(outcome) => outcome.exit_code(),
        Err(error) => {
            say(&error.render(true, stderr_width()));
            Outcome::COULD_NOT_RUN
        }
    }
}

fn execute(cli: &CommandLine) -> Result<Outcome, Error> {
    if let Some(verb) = &cli.verb {
        return verb.execute();
    }
    match cli.run.specs.iter().find_map(|path| misspelt_verb(path)) {
        Some((word, verb)) => Err(Error::LooksLikeVerb { word, verb }),
        None => cli.run.execute(),
    }
}

/// A word that is not a file but nearly a verb, and that verb.
fn misspelt_verb(path: &Path) -> Option<(String, String)> {
    let word = path.to_str().filter(|word| !word.contains(['/', '.', '\\']) && *word != "-")?;
    if path.exists() {
        return None;
    }
    let command = CommandLine::command();
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
