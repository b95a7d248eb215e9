//! A column of a result file as numbers or texts, one after the other in memory: as Apache Arrow lays them out.

use crate::record::schema::{Field, FieldKind, FieldType};
use kl_math::numeric::NoMemory;

/// A column: its name, and the value of each row.
#[derive(Clone, Debug, PartialEq)]
pub struct DataColumn {
    /// The name in the file.
    pub name: String,
    /// Whether values may be missing.
    pub is_optional: bool,
    /// The values.
    pub values: Values,
}

/// The values of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Whole numbers, and flags as 1 and 0. None is missing: where some may be, they are real numbers.
    Integers(Vec<i64>),
    /// Real numbers.
    Reals(Reals),
    /// Texts.
    Texts(Texts),
}

/// Real numbers, some of which may be missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reals {
    numbers: Vec<f64>,
    validity: Validity,
}

/// Texts, some of which may be missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Texts {
    text: String,
    /// 0, and where each text ends.
    offsets: Vec<i64>,
    validity: Validity,
}

/// Which values of a column exist: a bit each, the lowest of a byte first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Validity {
    bits: Vec<u8>,
    length: usize,
    missing: usize,
}

/// Why a field is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldFault {
    /// It breaks this rule.
    Rule(&'static str),
    /// There is no room for it.
    Memory(NoMemory),
}

impl FieldFault {
    /// The lack of memory; a value that is not text breaks no rule.
    pub(super) fn memory(self) -> NoMemory {
        match self {
            Self::Memory(error) => error,
            Self::Rule(_) => NoMemory { bytes: 0 },
        }
    }
}

impl Reals {
    /// None yet, with room for so many.
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self { numbers: Vec::with_capacity(rows), validity: Validity::default() }
    }

    /// The numbers; a missing one is NaN here.
    pub fn numbers(&self) -> &[f64] {
        &self.numbers
    }

    /// Which exist.
    pub fn validity(&self) -> &Validity {
        &self.validity
    }

    /// The number of a row, if it exists.
    pub fn get(&self, row: usize) -> Option<f64> {
        self.numbers.get(row).copied().filter(|number| !number.is_nan())
    }

    pub(super) fn push(&mut self, number: Option<f64>) -> Result<(), FieldFault> {
        make_room(&mut self.numbers)?;
        self.numbers.push(number.unwrap_or(f64::NAN));
        self.validity.push(number.is_some())
    }
}

impl Default for Texts {
    fn default() -> Self {
        Self { text: String::new(), offsets: vec![0], validity: Validity::default() }
    }
}

impl Texts {
    /// None yet, with room for so many rows and bytes.
    pub(super) fn with_capacity(rows: usize, bytes: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Self { text: String::with_capacity(bytes), offsets, validity: Validity::default() }
    }

    /// All texts, one after the other.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// 0, and where each text ends, in bytes.
    pub fn offsets(&self) -> &[i64] {
        &self.offsets
    }

    /// Which exist.
    pub fn validity(&self) -> &Validity {
        &self.validity
    }

    /// The text of a row, if it exists.
    pub fn get(&self, row: usize) -> Option<&str> {
        if !self.validity.get(row) {
            return None;
        }
        let [start, end] = [self.offsets.get(row)?, self.offsets.get(row + 1)?].map(|&end| usize::try_from(end).ok());
        self.text.get(start?..end?)
    }

    fn len(&self) -> usize {
        self.validity.length
    }

    pub(super) fn push(&mut self, text: Option<&str>) -> Result<(), FieldFault> {
        let added = text.unwrap_or_default();
        if self.text.try_reserve(added.len()).is_err() {
            return Err(no_memory(2 * self.text.len()));
        }
        self.text.push_str(added);
        make_room(&mut self.offsets)?;
        self.offsets.push(self.text.len() as i64);
        self.validity.push(text.is_some())
    }
}

impl Validity {
    /// The bits; none if every value exists.
    pub fn bits(&self) -> Option<&[u8]> {
        (self.missing > 0).then_some(&self.bits)
    }

    /// How many values are missing.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// Whether the value of a row exists.
    pub fn get(&self, row: usize) -> bool {
        row < self.length && self.bits.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1)
    }

    fn push(&mut self, exists: bool) -> Result<(), FieldFault> {
        if self.length.is_multiple_of(8) {
            make_room(&mut self.bits)?;
            self.bits.push(0);
        }
        if let Some(last) = self.bits.last_mut() {
            *last |= u8::from(exists) << (self.length % 8);
        }
        self.length += 1;
        self.missing += usize::from(!exists);
        Ok(())
    }
}

impl Values {
    /// No values of this type.
    pub(super) fn empty(of: FieldType) -> Self {
        match of.kind {
            FieldKind::Integer | FieldKind::Flag if !of.is_optional => Self::Integers(Vec::new()),
            FieldKind::Integer | FieldKind::Flag | FieldKind::Real => Self::Reals(Reals::default()),
            FieldKind::Text => Self::Texts(Texts::default()),
        }
    }

    /// Reads the next field, which has the type `of`.
    pub(super) fn push(&mut self, text: &str, of: FieldType) -> Result<(), FieldFault> {
        match self {
            Self::Integers(numbers) => {
                let number = if of.kind == FieldKind::Flag { bool::read(text).map(u64::from) } else { u64::read(text) };
                let number = number.and_then(|number| i64::try_from(number).map_err(|_| "2^63 - 1 is the most"));
                make_room(numbers)?;
                numbers.push(number.map_err(FieldFault::Rule)?);
                Ok(())
            }
            Self::Reals(reals) if of.kind == FieldKind::Integer => {
                let number: Option<u64> = Option::read(text).map_err(FieldFault::Rule)?;
                reals.push(number.map(|number| number as f64))
            }
            Self::Reals(reals) if of.is_optional => reals.push(Option::read(text).map_err(FieldFault::Rule)?),
            Self::Reals(reals) => reals.push(Some(f64::read(text).map_err(FieldFault::Rule)?)),
            Self::Texts(texts) => texts.push(Some(text).filter(|text| !(of.is_optional && text.is_empty()))),
        }
    }

    /// The values of a setting: whole numbers if each text is one, real numbers if each that exists is one, else the texts.
    pub(super) fn of_setting(texts: Texts) -> Result<Self, FieldFault> {
        let all = || (0..texts.len()).map(|row| texts.get(row));
        let integers: Option<Vec<i64>> = all().map(|text| text?.parse().ok()).collect();
        if let Some(integers) = integers {
            return Ok(Self::Integers(integers));
        }
        let mut reals = Reals::default();
        for text in all() {
            match text.map(f64::read).transpose() {
                Ok(number) => reals.push(number)?,
                Err(_) => return Ok(Self::Texts(texts)),
            }
        }
        // Nothing says that a column without any value is one of numbers.
        Ok(if texts.validity.missing < texts.len() { Self::Reals(reals) } else { Self::Texts(texts) })
    }
}

/// Asks for the memory that one more item takes, so that a lack of it can be reported.
fn make_room<T>(items: &mut Vec<T>) -> Result<(), FieldFault> {
    items.try_reserve(1).map_err(|_| no_memory(2 * size_of_val(items.as_slice())))
}

fn no_memory(bytes: usize) -> FieldFault {
    FieldFault::Memory(NoMemory { bytes: bytes as u64 })
}
