//! CSV files of many rows of one kind, written as fast as their numbers can be spelt.

use kl_math::numeric::write_shortest;
use kl_math::statistics::Unit;
use std::io::{self, Write};
use std::marker::PhantomData;

/// A row of a CSV file.
pub trait Row {
    /// The names of its columns.
    const COLUMNS: &'static [&'static str];

    /// Writes its fields, in `unit`.
    fn write(&self, unit: Unit, line: &mut Line<'_>);

    /// Appends the row as a line of text.
    fn spell(&self, unit: Unit, text: &mut Vec<u8>) {
        self.write(unit, &mut Line { text, is_empty: true });
        text.push(b'\n');
    }
}

/// The fields of one row, none of which needs quotes: numbers, and names of the program's own.
pub struct Line<'a> {
    text: &'a mut Vec<u8>,
    is_empty: bool,
}

impl Line<'_> {
    /// A name without commas, quotes or line ends.
    pub fn name(&mut self, name: &str) {
        self.separate();
        self.text.extend_from_slice(name.as_bytes());
    }

    /// A whole number.
    pub fn whole(&mut self, number: u64) {
        self.separate();
        let mut digits = [0; 20];
        let mut start = digits.len();
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            start -= 1;
            if rest == 0 {
                break;
            }
        }
        self.text.extend_from_slice(&digits[start..]);
    }

    /// A number as [`shortest`](kl_math::numeric::shortest) spells it.
    pub fn number(&mut self, number: f64) {
        self.separate();
        write_shortest(self.text, number);
    }

    /// A number that may not exist.
    pub fn maybe(&mut self, number: Option<f64>) {
        match number {
            Some(number) => self.number(number),
            None => self.separate(),
        }
    }

    fn separate(&mut self) {
        if !self.is_empty {
            self.text.push(b',');
        }
        self.is_empty = false;
    }
}

/// A CSV file of rows of one kind, in one unit.
pub struct Sheet<R, W: Write> {
    unit: Unit,
    out: W,
    /// Rows that are not written out yet.
    text: Vec<u8>,
    rows: PhantomData<R>,
}

/// Text is handed on in pieces of about this size.
const PIECE: usize = 1 << 16;

impl<R: Row, W: Write> Sheet<R, W> {
    /// Starts with the header.
    pub fn new(unit: Unit, out: W) -> Self {
        let mut text = Vec::with_capacity(PIECE + 256);
        text.extend_from_slice(R::COLUMNS.join(",").as_bytes());
        text.push(b'\n');
        Self { unit, out, text, rows: PhantomData }
    }

    /// One more row; of the sheet's kind, but for what it borrows.
    pub fn push(&mut self, row: &impl Row) -> io::Result<()> {
        row.spell(self.unit, &mut self.text);
        if self.text.len() >= PIECE { self.hand_on() } else { Ok(()) }
    }

    /// Rows that have been spelt elsewhere, in this sheet's unit.
    pub fn append(&mut self, rows: &[u8]) -> io::Result<()> {
        self.hand_on()?;
        self.out.write_all(rows)
    }

    /// Writes what is left and gives the file back.
    pub fn finish(mut self) -> io::Result<W> {
        self.hand_on()?;
        Ok(self.out)
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.text)?;
        self.text.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sample(u64, f64);

    impl Row for Sample {
        const COLUMNS: &'static [&'static str] = &["whole", "number", "none", "name"];

        fn write(&self, _: Unit, line: &mut Line<'_>) {
            line.whole(self.0);
            line.number(self.1);
            line.maybe(None);
            line.name("log_ratio");
        }
    }

    #[test]
    fn rows_are_csv() {
        let mut sheet: Sheet<Sample, _> = Sheet::new(Unit::Nats, Vec::new());
        for row in [Sample(0, 0.5), Sample(u64::MAX, f64::INFINITY), Sample(1_000, -1e-9)] {
            sheet.push(&row).unwrap();
        }
        insta::assert_snapshot!(String::from_utf8(sheet.finish().unwrap()).unwrap(), @"
        whole,number,none,name
        0,0.5,,log_ratio
        18446744073709551615,inf,,log_ratio
        1000,-1e-9,,log_ratio
        ");
    }
}
