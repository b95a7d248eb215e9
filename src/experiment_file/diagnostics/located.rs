//! Mistakes with their lines and columns, for programs.

use super::diagnostic::{Diagnostic, Diagnostics, Place};

/// A mistake and its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The file; none if the mistake is in a command line or in standard input.
    pub file: Option<String>,
    /// Its line, counted from 1, if it is in a line.
    pub line: Option<usize>,
    /// Its first and its last column, counted from 1 in characters.
    pub columns: Option<(usize, usize)>,
    /// What is wrong.
    pub title: String,
    /// What to write instead.
    pub help: String,
}

impl Diagnostics {
    /// The mistakes that are kept, each with its place.
    ///
    /// ```
    /// use kl_runner::experiment_file::{Source, read};
    /// let source = Source { name: "coin.toml".into(), text: "trials = 10\nN = 0\n".into() };
    /// let mistakes = read(&source, "coin", &[]).unwrap_err();
    /// let first = mistakes.located().next().expect("a mistake");
    /// assert_eq!((first.file.as_deref(), first.line, first.columns), (Some("coin.toml"), Some(2), Some((5, 5))));
    /// ```
    pub fn located(&self) -> impl Iterator<Item = Located> {
        self.list.iter().map(|diagnostic| self.locate(diagnostic))
    }

    fn locate(&self, diagnostic: &Diagnostic) -> Located {
        // The first text is the file, the others were typed.
        let is_of_file = diagnostic.place.is_none_or(|place| place.text == 0);
        let file = self.texts.first().filter(|source| is_of_file && !source.name.starts_with('<'));
        let place = file.zip(diagnostic.place).and_then(|(source, place)| line_and_columns(&source.text, place));
        Located {
            file: file.map(|source| source.name.clone()),
            line: place.map(|(line, _)| line),
            columns: place.map(|(_, columns)| columns),
            title: diagnostic.title.clone(),
            help: diagnostic.help.join("\n"),
        }
    }
}

/// The line and the columns of a place, cut to its first line; none beyond the text.
fn line_and_columns(text: &str, place: Place) -> Option<(usize, (usize, usize))> {
    let before = text.get(..place.start)?;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let marked = text.get(place.start..place.end).unwrap_or_default().lines().next().unwrap_or_default();
    let first = text.get(line_start..place.start)?.chars().count() + 1;
    let last = first + marked.chars().count().saturating_sub(1);
    Some((before.matches('\n').count() + 1, (first, last)))
}
