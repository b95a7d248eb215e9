//! Data to standard output, messages to standard error.

use crate::command::error::Error;
use crate::outside::{for_terminal, json_text, printable, printable_lines};
use crate::report::wrapped;
use console::Term;
use std::borrow::Cow;
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Writes a text of this program's own to standard output. Returns whether the reader still reads: one who closes the
/// pipe is no error.
pub(crate) fn show(text: &str) -> Result<bool, Error> {
    write_out(anstream::stdout().lock(), &for_terminal(&fitted(text, &Term::stdout())))
}

/// Writes a report to standard output, laid out for the width of the terminal; as wide as it needs where there is none.
pub(crate) fn show_report(report: impl Display) -> Result<bool, Error> {
    show(&laid_out(report, stdout_width()))
}

/// The text of a report for a terminal of this width; as wide as it needs if there is none.
pub(crate) fn laid_out(report: impl Display, width: Option<usize>) -> String {
    match width {
        Some(width) => format!("{report:.width$}"),
        None => report.to_string(),
    }
}

/// The width of the terminal that standard output is, if it is one.
pub(crate) fn stdout_width() -> Option<usize> {
    terminal_width(&Term::stdout())
}

/// The width of the terminal that standard error is, if it is one.
pub(crate) fn stderr_width() -> Option<usize> {
    terminal_width(&Term::stderr())
}

/// The number of columns of a terminal: what `COLUMNS` says, or what the terminal does. None if it is not a terminal.
fn terminal_width(terminal: &Term) -> Option<usize> {
    const MOST: usize = 10_000;
    if !terminal.features().is_attended() {
        return None;
    }
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    let found = || terminal.size_checked().map(|(_, columns)| usize::from(columns));
    said.filter(|&width| width > 0).or_else(found).filter(|width| (1..=MOST).contains(width))
}

/// A text whose lines fit the terminal, if it is one.
fn fitted<'a>(text: &'a str, terminal: &Term) -> Cow<'a, str> {
    match terminal_width(terminal) {
        Some(width) => wrapped(text, width).into(),
        None => text.into(),
    }
}

/// Writes a document for people, with words that others may have written, to standard output.
pub(crate) fn show_document(text: &str) -> Result<bool, Error> {
    write_out(std::io::stdout().lock(), &printable_lines(text))
}

/// Writes JSON to standard output.
pub(crate) fn show_json(json: &str) -> Result<bool, Error> {
    write_out(std::io::stdout().lock(), &json_text(json))
}

/// Writes data for programs to standard output, byte for byte, except that a terminal gets no control characters.
pub(crate) fn show_data(data: &str) -> Result<bool, Error> {
    if std::io::stdout().is_terminal() { show_document(data) } else { write_out(std::io::stdout().lock(), data) }
}

fn write_out(mut out: impl Write, text: &str) -> Result<bool, Error> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::Output(error)),
    }
}

/// What [`show_in_pieces`] writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// JSON.
    Json,
    /// Data, as [`show_data`] writes it.
    Data,
}

/// Writes data for programs to standard output piece by piece: all of it at once would take too much memory.
pub(crate) fn show_in_pieces(
    written: Written,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<bool, Error> {
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

/// Passes text on in pieces of whole characters, each without what a terminal or a parser would misread.
struct Pieces<W: Write> {
    out: W,
    pending: Vec<u8>,
    shown: fn(&str) -> String,
}

impl<W: Write> Pieces<W> {
    fn pass_on(&mut self) -> std::io::Result<()> {
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
            self.pass_on()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.pass_on()?;
        self.out.flush()
    }
}

/// Writes a message to standard error.
pub(crate) fn say(text: &str) {
    // If this fails, no place is left for a message.
    let _ = anstream::stderr().lock().write_all(for_terminal(&fitted(text, &Term::stderr())).as_bytes());
}

/// A path for a message.
pub(crate) fn shown_path(path: &Path) -> String {
    printable(&path.display().to_string())
}
