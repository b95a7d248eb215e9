//! Symbols as text.

use super::script::{Misread, SHOWN_CHARACTERS, Script, is_separator};
use crate::experiment_file::words::listed;
use std::collections::HashMap;

/// How sequences of symbols are written.
///
/// If every symbol is one character, characters follow each other and spaces and commas between them are skipped; longer
/// names are separated by spaces or commas.
///
/// ```
/// use kl_runner::experiment_file::SymbolScript;
/// assert!(SymbolScript::new(&["dry".to_owned(), "wet".to_owned()]).is_ok());
/// assert_eq!(SymbolScript::new(&["dry".to_owned(), "a b".to_owned()]).err(), Some("a b".to_owned()));
/// ```
#[derive(Clone, Debug)]
pub struct SymbolScript<'a> {
    symbols: &'a [String],
    places: HashMap<&'a [u8], usize>,
    /// The index of each symbol that is one byte.
    bytes: [Option<usize>; 256],
    /// Whether all symbols are single characters.
    is_of_characters: bool,
    longest: usize,
}

/// An incomplete symbol, and the number of complete ones.
#[derive(Clone, Debug, Default)]
pub struct PendingSymbol {
    bytes: Vec<u8>,
    complete: u64,
}

impl<'a> SymbolScript<'a> {
    /// The format for an alphabet.
    ///
    /// # Errors
    ///
    /// The first symbol that cannot be written: it contains a line end, or a space or comma that would split it.
    pub fn new(symbols: &'a [String]) -> Result<Self, String> {
        let is_of_characters = symbols.iter().all(|symbol| symbol.chars().count() == 1);
        let parts = |c: char| c == '\n' || (!is_of_characters && c.is_ascii() && is_separator(c as u8));
        if let Some(symbol) = symbols.iter().find(|symbol| symbol.contains(parts)) {
            return Err(symbol.clone());
        }
        let mut bytes = [None; 256];
        for (place, symbol) in symbols.iter().enumerate() {
            if let [byte] = symbol.as_bytes() {
                bytes[usize::from(*byte)] = Some(place);
            }
        }
        Ok(Self {
            symbols,
            places: symbols.iter().enumerate().map(|(place, symbol)| (symbol.as_bytes(), place)).collect(),
            bytes,
            is_of_characters,
            longest: symbols.iter().map(String::len).max().unwrap_or(0),
        })
    }

    fn read_of_word(&self, byte: u8, pending: &mut PendingSymbol) -> Result<Option<usize>, Misread> {
        if is_separator(byte) {
            return self.completed(pending);
        }
        pending.bytes.push(byte);
        let is_endless = pending.bytes.len() > self.longest + SHOWN_CHARACTERS;
        if is_endless { self.completed(pending) } else { Ok(None) }
    }

    fn read_of_character(&self, byte: u8, pending: &mut PendingSymbol) -> Result<Option<usize>, Misread> {
        if pending.bytes.is_empty() && is_separator(byte) {
            return Ok(None);
        }
        pending.bytes.push(byte);
        let length = match pending.bytes.first() {
            Some(0xf0..) => 4,
            Some(0xe0..) => 3,
            Some(0xc0..) => 2,
            _ => 1,
        };
        if pending.bytes.len() >= length { self.completed(pending) } else { Ok(None) }
    }

    /// The pending symbol, if there is one.
    fn completed(&self, pending: &mut PendingSymbol) -> Result<Option<usize>, Misread> {
        if pending.bytes.is_empty() {
            return Ok(None);
        }
        let Some(&place) = self.places.get(pending.bytes.as_slice()) else {
            let found = String::from_utf8_lossy(&pending.bytes).into_owned();
            return Err(Misread::Symbol { place: pending.complete + 1, found });
        };
        pending.bytes.clear();
        pending.complete += 1;
        Ok(Some(place))
    }
}

impl Script for SymbolScript<'_> {
    type Item = usize;
    type Pending = PendingSymbol;

    fn read(&self, bytes: &[u8], pending: &mut PendingSymbol, mut take: impl FnMut(&usize)) -> Result<(), Misread> {
        for &byte in bytes {
            if !self.is_of_characters {
                self.read_of_word(byte, pending)?.iter().for_each(&mut take);
            } else if let (Some(place), true) = (self.bytes[usize::from(byte)], pending.bytes.is_empty()) {
                pending.complete += 1;
                take(&place);
            } else {
                self.read_of_character(byte, pending)?.iter().for_each(&mut take);
            }
        }
        Ok(())
    }

    fn finish(&self, mut pending: PendingSymbol, take: impl FnMut(&usize)) -> Result<(), Misread> {
        self.completed(&mut pending)?.iter().for_each(take);
        Ok(())
    }

    fn help(&self) -> String {
        let symbols: Vec<&str> = self.symbols.iter().map(String::as_str).take(12).collect();
        format!("the symbols are {}", listed(&symbols))
    }
}
