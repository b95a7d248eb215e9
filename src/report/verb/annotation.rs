//! What GitHub shows beside a line of a file.

use crate::report::printable;
use std::fmt;

/// How much an annotation matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnnotationLevel {
    /// Something is wrong.
    Error,
    /// Something should be looked at.
    Warning,
}

/// A message beside a line of a file. Its `Display` is the line that GitHub Actions reads from the output of a step.
///
/// ```
/// use kl_runner::report::{Annotation, AnnotationLevel};
/// let found = Annotation {
///     level: AnnotationLevel::Error,
///     file: Some("results/a,b/summary.csv".into()),
///     line: Some(3),
///     columns: None,
///     title: "coin: regressed".into(),
///     message: "mean: 100 %\nis wrong".into(),
/// };
/// assert_eq!(
///     found.to_string(),
///     "::error file=results/a%2Cb/summary.csv,line=3,title=coin%3A regressed::mean: 100 %25%0Ais wrong"
/// );
/// ```
///
/// # Source
///
/// GitHub, *Workflow commands for GitHub Actions*; the escapes are those of `actions/toolkit`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// How much it matters.
    pub level: AnnotationLevel,
    /// The file, from the root of the repository.
    pub file: Option<String>,
    /// The line, counted from 1.
    pub line: Option<usize>,
    /// The first and the last column, counted from 1.
    pub columns: Option<(usize, usize)>,
    /// Its heading.
    pub title: String,
    /// The message, which may have several lines.
    pub message: String,
}

impl fmt::Display for Annotation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self.level {
            AnnotationLevel::Error => "::error ",
            AnnotationLevel::Warning => "::warning ",
        })?;
        if let Some(file) = &self.file {
            write!(out, "file={},", property(file))?;
            // Without a file a line means nothing.
            if let Some(line) = self.line {
                write!(out, "line={line},")?;
                if let Some((first, last)) = self.columns {
                    write!(out, "col={first},endColumn={last},")?;
                }
            }
        }
        write!(out, "title={}::{}", property(&self.title), message(&self.message))
    }
}

/// A message: the ends of lines are written as escapes, and so is the sign that begins one.
fn message(text: &str) -> String {
    let lines: Vec<String> = text.trim_end().lines().map(|line| printable(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// A property, which may not hold what separates properties either.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
