//! `runner man`: manual pages.

use crate::command::command_line::CommandLine;
use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::{say, show_data, shown_path};
use crate::experiment_file::{listed, nearest};
use crate::store::write_file;
use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use std::path::{Path, PathBuf};

const INSTALL: &str = "\
To read a page at once: runner man check | man -l -
To install all pages for one user: runner man --out ~/.local/share/man/man1";

/// Print a manual page, or write all of them
#[derive(Args, Clone, Debug)]
#[command(after_help = INSTALL)]
pub(crate) struct Arguments {
    /// A command, such as check [default: the page of runner itself]
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    verb: Option<String>,

    /// Write the page of each command to DIR/runner.1, DIR/runner-check.1 and so on
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Arguments {
    /// Prints one page, or writes all.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let pages = Page::all();
        match &self.out {
            Some(folder) => write_all(&pages, folder)?,
            None => {
                let name = self.verb.as_ref().map_or_else(|| "runner".to_owned(), |verb| format!("runner-{verb}"));
                let found = pages.iter().find(|page| page.name == name).ok_or_else(|| self.no_page(&pages))?;
                show_data(&found.text()?)?;
            }
        }
        Ok(Outcome::Agreed)
    }

    fn no_page(&self, pages: &[Page]) -> Error {
        let word = self.verb.clone().unwrap_or_default();
        let verbs: Vec<&str> = pages.iter().filter_map(|page| page.name.strip_prefix("runner-")).collect();
        let near = nearest(&word, &verbs).map(|near| format!("did you mean `{near}`?"));
        Error::NoPage { help: near.unwrap_or_else(|| format!("there are {}", listed(&verbs))), word }
    }
}

/// A page of the manual.
struct Page {
    /// Its name without the section: `runner-check`.
    name: String,
    command: Command,
}

impl Page {
    /// The page of the program, and of each verb.
    fn all() -> Vec<Self> {
        let mut whole = CommandLine::command().disable_help_subcommand(true);
        // Verbs then know their usage, and the flags that all have.
        whole.build();
        let verbs = whole.get_subcommands().filter(|verb| verb.get_name() != "help").cloned();
        let verb = |verb: Command| Self { name: format!("runner-{}", verb.get_name()), command: verb };
        let verbs: Vec<Self> = verbs.map(verb).collect();
        std::iter::once(Self { name: "runner".to_owned(), command: whole }).chain(verbs).collect()
    }

    /// The page in the language of `man`.
    fn text(&self) -> Result<String, Error> {
        let mut page = Vec::new();
        Man::new(self.command.clone()).render(&mut page).map_err(Error::Output)?;
        Ok(self.tidied(&String::from_utf8_lossy(&page)))
    }

    /// The same with its title as `man` reads it, without breaks that it skips, and with a section for exit codes.
    fn tidied(&self, page: &str) -> String {
        let title = |line: &str| line.starts_with(".TH ");
        let version = env!("CARGO_PKG_VERSION");
        let written = |line: &str| match title(line) {
            // A page without a date is the same each day.
            true => format!(".TH {} 1 \"\" \"kl-runner {version}\" \"User Commands\"\n", self.name.to_uppercase()),
            false => format!("{line}\n"),
        };
        let page: String = page.lines().map(written).collect();
        page.replace("\n.br\n\n.br\n", "\n.sp\n")
            .replace("\n.SH EXTRA\nExit codes", "\n.SH EXIT STATUS\nExit codes")
            .replace("\n.SH EXTRA\n", "\n.SH NOTES\n")
    }
}

fn write_all(pages: &[Page], folder: &Path) -> Result<(), Error> {
    let unwritable = |path: &Path| {
        let name = path.display().to_string();
        move |source| Error::Write { name, source }
    };
    std::fs::create_dir_all(folder).map_err(unwritable(folder))?;
    for page in pages {
        let path = folder.join(format!("{}.1", page.name));
        write_file(&path, page.text()?.as_bytes()).map_err(unwritable(&path))?;
    }
    say(&format!("wrote {} pages to {}\n", pages.len(), shown_path(folder)));
    Ok(())
}
