//! An experiment file as it comes from disk or from standard input.

use super::diagnostics::{Diagnostic, Diagnostics, Source};
use crate::outside::{MOST_AT_ONCE, Unfit, read_input, read_whole};
use std::io::ErrorKind;
use std::path::Path;

impl Source {
    /// Reads a file, or standard input if the path is `-`.
    pub fn open(path: &Path) -> Result<Self, Diagnostics> {
        if path.as_os_str() == "-" {
            return read_whole(std::io::stdin().lock(), MOST_AT_ONCE)
                .map_err(|error| {
                    refusal(format!("cannot read standard input: {error}"), "pipe an experiment file into it")
                })
                .and_then(|bytes| Self::decode("<stdin>", bytes));
        }
        let name = path.display().to_string();
        let bytes = read_input(path, MOST_AT_ONCE).map_err(|error| {
            let unfit = error.get_ref().and_then(|unfit| unfit.downcast_ref::<Unfit>());
            match (error.kind(), unfit) {
                (ErrorKind::NotFound, _) => refusal(
                    format!("there is no file {name}"),
                    "check the spelling, or write a template with `runner init`",
                ),
                _ if path.is_dir() => {
                    refusal(format!("{name} is a directory, not an experiment file"), "name the .toml files in it")
                }
                (_, Some(Unfit::Kind(kind))) => refusal(
                    format!("{name} is {kind}, not an experiment file"),
                    "name a file, or pipe one in and write `-` for its name",
                ),
                (ErrorKind::PermissionDenied, _) => {
                    refusal(format!("no permission to read {name}"), "give yourself permission to read it")
                }
                _ => refusal(format!("cannot read {name}: {error}"), "check that it is a regular file"),
            }
        })?;
        Self::decode(&name, bytes)
    }

    /// Decodes UTF-8, which TOML requires.
    pub fn decode(name: &str, bytes: Vec<u8>) -> Result<Self, Diagnostics> {
        String::from_utf8(bytes).map(|text| Self { name: name.to_owned(), text }).map_err(|error| {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let good = String::from_utf8_lossy(good);
            let (line, column) = line_and_column(&good, good.len());
            let byte = error.as_bytes().get(good.len()).copied().unwrap_or_default();
            refusal(
                format!("{name}:{line}:{column}: the byte 0x{byte:02x} is not UTF-8"),
                "save the file as UTF-8, which TOML requires",
            )
        })
    }
}

fn refusal(title: String, help: &str) -> Diagnostics {
    Diagnostics::from(Diagnostic::new(title).help(help))
}

/// The line and the column of a byte, from 1; the column counts characters.
fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}
