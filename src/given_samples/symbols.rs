//! Symbols, counted.

use super::kind::is_whole;
use super::{CountList, SampleError, SampleTable};
use crate::external_trials::{CsvFormat, NumberCell};
use kl_math::distribution::MAX_SYMBOLS;
use kl_math::numeric::shortest;
use std::collections::{BTreeSet, HashMap};

/// The values of a sample as the texts of symbols.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    texts: Vec<String>,
    /// Whether all are whole numbers.
    pub is_whole: bool,
}

/// How often each symbol of an alphabet was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SymbolCounts {
    /// The alphabet.
    pub symbols: Vec<String>,
    /// The counts of one sample after the other.
    pub counts: Vec<Vec<u64>>,
    /// Symbols beside these, of which only the number is known, and none was seen.
    pub others: usize,
}

impl Texts {
    /// Those of some samples, of which whole numbers are the same however they are written: `1`, `01` and `1.0`.
    pub fn of(tables: &[&SampleTable], format: &CsvFormat) -> Vec<Self> {
        let number = |text: &str| match format.number(text.as_bytes()) {
            NumberCell::Number(number) if is_whole(number.to_f64()) => Some(number.to_f64()),
            _ => None,
        };
        let cells = |table: &SampleTable| table.rows.iter().filter_map(|row| row.cells.first().cloned()).collect();
        let all: Vec<Vec<String>> = tables.iter().map(|table| cells(table)).collect();
        let is_whole = all.iter().flatten().all(|text| number(text).is_some());
        let plain = |text: String| match number(&text).filter(|_| is_whole) {
            Some(number) => shortest(number),
            None => text,
        };
        all.into_iter().map(|texts| Self { texts: texts.into_iter().map(plain).collect(), is_whole }).collect()
    }

    /// The numbers that they are; NaN of a text.
    pub fn numbers(&self) -> impl Iterator<Item = f64> + '_ {
        self.texts.iter().map(|text| text.parse().unwrap_or(f64::NAN))
    }
}

impl SymbolCounts {
    /// Counts the symbols of some samples: over the alphabet, if that is given, else over all that were seen, in the order of numbers or
    /// of texts.
    ///
    /// # Errors
    ///
    /// Symbols beyond the alphabet, or too many of them.
    pub fn of(samples: &[Texts], alphabet: Option<&[String]>) -> Result<Self, SampleError> {
        let symbols: Vec<String> = match alphabet {
            Some(alphabet) => alphabet.to_vec(),
            None => {
                let seen: BTreeSet<&String> = samples.iter().flat_map(|sample| &sample.texts).collect();
                let mut seen: Vec<String> = seen.into_iter().cloned().collect();
                if samples.iter().all(|sample| sample.is_whole) {
                    let number = |text: &String| text.parse::<f64>().unwrap_or(f64::NAN);
                    seen.sort_by(|a, b| number(a).total_cmp(&number(b)));
                }
                seen
            }
        };
        let places: HashMap<&str, usize> =
            symbols.iter().enumerate().map(|(place, symbol)| (symbol.as_str(), place)).collect();
        let mut counts = vec![vec![0; symbols.len()]; samples.len()];
        let mut beyond: BTreeSet<&String> = BTreeSet::new();
        for (sample, counts) in samples.iter().zip(&mut counts) {
            for text in &sample.texts {
                match places.get(text.as_str()).and_then(|&place| counts.get_mut(place)) {
                    Some(count) => *count += 1,
                    None => {
                        beyond.insert(text);
                    }
                }
            }
        }
        if !beyond.is_empty() {
            return Err(SampleError::Symbols {
                what: format!(
                    "the data have symbols that are not of the alphabet {}: {}",
                    super::error::quoted(&symbols),
                    super::error::quoted(&beyond.into_iter().cloned().collect::<Vec<_>>())
                ),
                help: "add them to the alphabet, or leave their rows out".to_owned(),
            });
        }
        Self { symbols, counts, others: 0 }.checked()
    }

    /// The symbols that were seen in some samples.
    pub fn seen(samples: &[Texts]) -> Vec<String> {
        samples.iter().flat_map(|sample| &sample.texts).collect::<BTreeSet<_>>().into_iter().cloned().collect()
    }

    /// Those of lists, whose symbols are matched by name if both have names, else by place.
    ///
    /// # Errors
    ///
    /// Lists that do not match.
    pub fn of_lists(source: &CountList, model: Option<&CountList>) -> Result<Self, SampleError> {
        let unnamed = |size: usize| (1..=size).map(|number| number.to_string()).collect::<Vec<String>>();
        let Some(model) = model else {
            let symbols = source.symbols.clone().unwrap_or_else(|| unnamed(source.counts.len()));
            return Self { symbols, counts: vec![source.counts.clone()], others: 0 }.checked();
        };
        if let (Some(symbols), Some(others)) = (&source.symbols, &model.symbols) {
            let mut all = symbols.clone();
            all.extend(others.iter().filter(|other| !symbols.contains(other)).cloned());
            let of = |names: &[String], counts: &[u64]| -> Vec<u64> {
                let count = |symbol: &String| {
                    let place = names.iter().position(|name| name == symbol);
                    place.and_then(|place| counts.get(place)).copied().unwrap_or(0)
                };
                all.iter().map(count).collect()
            };
            let counts = vec![of(symbols, &source.counts), of(others, &model.counts)];
            return Self { symbols: all.clone(), counts, others: 0 }.checked();
        }
        if source.counts.len() != model.counts.len() {
            return Err(SampleError::Symbols {
                what: format!(
                    "--p-counts has {} counts and --q-counts {}: without names they are matched by place",
                    source.counts.len(),
                    model.counts.len()
                ),
                help: "write as many, zeros too, or name the symbols, as in a=12,b=30".to_owned(),
            });
        }
        let named = source.symbols.clone().or_else(|| model.symbols.clone());
        let symbols = named.unwrap_or_else(|| unnamed(source.counts.len()));
        Self { symbols, counts: vec![source.counts.clone(), model.counts.clone()], others: 0 }.checked()
    }

    /// With an alphabet of this size, of which the symbols that were not seen have no names.
    ///
    /// # Errors
    ///
    /// There are more symbols already.
    pub fn with_size(mut self, size: usize) -> Result<Self, SampleError> {
        let found = self.symbols.len();
        if size < found {
            return Err(SampleError::Usage {
                what: format!("--symbols={size} is less than the {found} different symbols of the data"),
                help: format!("write --symbols={found} or more"),
            });
        }
        self.others = size - found;
        self.counts.iter_mut().for_each(|counts| counts.resize(size, 0));
        self.checked()
    }

    fn checked(self) -> Result<Self, SampleError> {
        let size = self.symbols.len() + self.others;
        let what = match size {
            0 | 1 => "the alphabet has one symbol only, and then there is nothing to estimate".to_owned(),
            size if size > MAX_SYMBOLS => {
                format!("the alphabet has {size} symbols, and at most {MAX_SYMBOLS} are counted")
            }
            _ => return Ok(self),
        };
        let help =
            if size > MAX_SYMBOLS { "for numbers add --numbers" } else { "name all symbols, as in --alphabet a,b" };
        Err(SampleError::Symbols { what, help: help.to_owned() })
    }
}
