//! Reports between the markers of Markdown documents.

use super::arguments::Arguments;
use super::files::write;
use super::format::{Format, Kind};
use super::request::Request;
use super::saved_trials;
use super::tables::{Folders, read_all, text};
use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::say;
use crate::outside::{MOST_AT_ONCE, printable, printable_lines, read_file};
use crate::report::splice;
use clap::{Args, FromArgMatches};
use std::io;
use std::path::PathBuf;

/// Writes reports between the markers of documents, or checks that they are current.
pub(super) fn splice_all(documents: &[PathBuf], check_only: bool) -> Result<Outcome, Error> {
    let mut outdated = Vec::new();
    for path in documents {
        let name = path.display().to_string();
        let unreadable = |source| Error::Input { name: name.clone(), source };
        let old = String::from_utf8(read_file(path, MOST_AT_ONCE).map_err(unreadable)?)
            .map_err(|error| unreadable(io::Error::new(io::ErrorKind::InvalidData, error.utf8_error())))?;
        let mut report = |arguments: &str, line: usize| marked(arguments, &format!("{name}:{line}"));
        let (new, count) =
            splice(&old, &mut report)?.map_err(|mistake| Error::Splice { name: name.clone(), mistake })?;
        if count == 0 {
            return Err(Error::NoMarker { name });
        }
        if new == old {
            continue;
        }
        if check_only {
            outdated.push(name);
        } else {
            write(path, new.as_bytes())?;
            say(&format!("wrote {}\n", printable(&name)));
        }
    }
    for name in outdated.iter().map(|name| printable(name)) {
        say(&format!("{name} is outdated: runner report --splice {name}\n"));
    }
    Ok(if outdated.is_empty() { Outcome::Agreed } else { Outcome::Disagreed })
}

/// The report that a marker asks for, in Markdown by default.
fn marked(written: &str, place: &str) -> Result<String, Error> {
    let bad = |reason: String| Error::Marker { place: place.to_owned(), reason };
    let words = shlex::split(written).ok_or_else(|| bad("a quote is not closed".to_owned()))?;
    let command = std::iter::once("runner report".to_owned()).chain(words);
    let arguments = Arguments::augment_args(clap::Command::new("runner report"))
        .try_get_matches_from(command)
        .and_then(|matches| Arguments::from_arg_matches(&matches))
        .map_err(|error| bad(error.to_string().trim_end().to_owned()))?;
    let request = Request::new(&arguments, Format::Markdown)?;
    if !matches!(request.format.kind(), Kind::Table | Kind::Data)
        || !arguments.splice.is_empty()
        || arguments.out.is_some()
    {
        return Err(bad("a document can hold tables only".to_owned()));
    }
    let Folders { results, trials } = read_all(&arguments.results)?;
    let of_trials = saved_trials::text(&trials, &request, None)?;
    let text = if results.is_empty() { of_trials } else { text(&results, &request, None)? + &of_trials };
    let text = printable_lines(&anstream::adapter::strip_str(&text).to_string());
    Ok(if request.format == Format::Markdown { text } else { format!("```text\n{}\n```\n", text.trim_end()) })
}
