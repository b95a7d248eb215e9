//! `runner completions`: what a shell completes.

use crate::command::command_line::CommandLine;
use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::show_data;
use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;

const INSTALL: &str = "\
To install them for one user, bash, zsh or fish (zsh: ~/.zfunc must be in fpath before compinit):
  runner completions bash > ~/.local/share/bash-completion/completions/runner
  runner completions zsh > ~/.zfunc/_runner
  runner completions fish > ~/.config/fish/completions/runner.fish";

/// Print completions for a shell: bash, elvish, fish, powershell or zsh
#[derive(Args, Clone, Debug)]
#[command(after_help = INSTALL)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Arguments {
    /// Prints the script.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut without_files(&CommandLine::command()), "runner", &mut script);
        show_data(&with_files(self.shell, &String::from_utf8_lossy(&script)))?;
        Ok(Outcome::Agreed)
    }
}

/// The command line without the experiment files that may stand in the place of a verb: beside them zsh would not find the flags of verbs.
fn without_files(whole: &Command) -> Command {
    let flags = whole.get_arguments().filter(|argument| !argument.is_positional()).cloned();
    let name = whole.get_name().to_owned();
    Command::new("runner").bin_name(name).args(flags).subcommands(whole.get_subcommands().cloned())
}

/// The script with files offered in the place of a verb, where a shell does not do so by itself.
fn with_files(shell: Shell, script: &str) -> String {
    const DESCRIBED: &str = "_describe -t commands 'runner commands' commands \"$@\"";
    match shell {
        Shell::Zsh => {
            let both = format!(
                "local found=1\n    {DESCRIBED} && found=0\n    _files -g '*.toml' && found=0\n    return found"
            );
            script.replace(DESCRIBED, &both)
        }
        Shell::Fish => format!("{script}complete -c runner -n \"__fish_runner_needs_command\" -F\n"),
        _ => script.to_owned(),
    }
}
