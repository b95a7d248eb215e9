//! Annotations on standard error, where GitHub Actions reads them from.

use super::error::Error;
use crate::experiment_file::Diagnostics;
use crate::report::{Annotation, AnnotationLevel};
use clap::{Args, ValueEnum};
use std::path::Path;

/// When annotations are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// Where GitHub Actions runs the command.
    #[default]
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

/// Whether findings are also said to GitHub.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(super) struct Annotations {
    /// When to print annotations for GitHub, which shows them beside the lines of files
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    annotations: When,
}

impl Annotations {
    fn are_wanted(self) -> bool {
        match self.annotations {
            When::Auto => std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true"),
            When::Always => true,
            When::Never => false,
        }
    }

    /// Prints them, if they are wanted.
    pub(super) fn show(self, annotations: impl FnOnce() -> Vec<Annotation>) {
        if self.are_wanted() {
            let line = |found: Annotation| {
                format!("{}\n", Annotation { file: found.file.map(|file| in_repository(&file)), ..found })
            };
            say_as_it_is(&annotations().into_iter().map(line).collect::<String>());
        }
    }

    /// Prints those of an error.
    pub(super) fn show_error(self, error: &Error) {
        self.show(|| of_error(error));
    }
}

/// Lines that a program reads are not wrapped.
fn say_as_it_is(lines: &str) {
    use std::io::Write;
    // If this fails, no place is left for a message.
    let _ = std::io::stderr().lock().write_all(lines.as_bytes());
}

/// A path from the root of the repository, as GitHub wants it, if the command was started below the root.
fn in_repository(file: &str) -> String {
    let from_root = || {
        let root = std::env::var_os("GITHUB_WORKSPACE")?;
        let whole = std::env::current_dir().ok()?.join(file);
        let path = whole.strip_prefix(Path::new(&root)).ok()?;
        Some(path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
    };
    from_root().unwrap_or_else(|| file.to_owned())
}

/// An annotation for each mistake at its place, or for the whole error.
fn of_error(error: &Error) -> Vec<Annotation> {
    if let Error::Specs(files) = error {
        let mut all: Vec<Annotation> = Vec::new();
        for found in files.iter().flat_map(of_mistakes) {
            // A bad flag is a mistake in every file.
            if !all.contains(&found) {
                all.push(found);
            }
        }
        return all;
    }
    let text = error.render(false, None);
    let title = "runner could not run".to_owned();
    let message = text.trim_start_matches("error: ").to_owned();
    vec![Annotation { level: AnnotationLevel::Error, file: None, line: None, columns: None, title, message }]
}

fn of_mistakes(mistakes: &Diagnostics) -> impl Iterator<Item = Annotation> {
    mistakes.located().map(|mistake| Annotation {
        level: AnnotationLevel::Error,
        file: mistake.file,
        line: mistake.line,
        columns: mistake.columns,
        title: mistake.title,
        message: mistake.help,
    })
}
