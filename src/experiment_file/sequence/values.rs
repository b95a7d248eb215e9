//! Counts, numbers and vectors as text.

use super::script::{Misread, Script, is_separator, shown};
use kl_math::distribution::Space;
use kl_math::numeric::DoubleDouble;

/// How sequences of values are written: numbers separated by spaces or commas, d at a time for vectors of d numbers, K at
/// a time for shares.
///
/// Counts are whole numbers from 0 on; shares are not negative and sum to one within 1e-9.
///
/// ```
/// use kl_math::distribution::Space;
/// use kl_runner::experiment_file::{Script, ValueScript};
/// let (script, mut sum) = (ValueScript::new(Space::Line), 0.0);
/// let mut pending = Default::default();
/// script.read(b"0.5, -2 1e", &mut pending, |value| sum += value[0])?;
/// script.read(b"3", &mut pending, |value| sum += value[0])?;
/// script.finish(pending, |value| sum += value[0])?;
/// assert_eq!(sum, 998.5);
/// # Ok::<(), kl_runner::experiment_file::Misread>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ValueScript {
    space: Space,
}

/// An incomplete number, and the numbers of an incomplete value.
#[derive(Clone, Debug, Default)]
pub struct PendingValue {
    word: Vec<u8>,
    numbers: Vec<f64>,
    /// How many numbers were read.
    read: u64,
}

/// The most bytes of a number.
const LONGEST: usize = 1200;

/// The tolerance for the sum of shares, the same as for probabilities.
const NEAR: f64 = 1e-9;

impl ValueScript {
    /// The format for the values of a space.
    pub fn new(space: Space) -> Self {
        Self { space }
    }

    /// Reads the pending word as a number, and passes on the value that it completes.
    fn complete(&self, pending: &mut PendingValue, take: &mut impl FnMut(&[f64])) -> Result<(), Misread> {
        if pending.word.is_empty() {
            return Ok(());
        }
        pending.read += 1;
        let text = std::str::from_utf8(&pending.word).unwrap_or_default();
        let number = text.parse().ok().filter(|&number| self.is_possible(number));
        let Some(number) = number else {
            let found = shown(&pending.word);
            return Err(Misread::Number { place: pending.read, found, wanted: self.wanted() });
        };
        pending.word.clear();
        pending.numbers.push(number);
        if pending.numbers.len() == self.space.width() {
            self.check(pending)?;
            take(&pending.numbers);
            pending.numbers.clear();
        }
        Ok(())
    }

    fn is_possible(&self, number: f64) -> bool {
        match self.space {
            Space::Counts => number >= 0.0 && number.is_finite() && number.fract() == 0.0,
            Space::Simplex(_) => (0.0..=1.0 + NEAR).contains(&number),
            Space::Line | Space::Vectors(_) => number.is_finite(),
        }
    }

    fn wanted(&self) -> &'static str {
        match self.space {
            Space::Counts => "a count 0, 1, 2, …",
            Space::Simplex(_) => "a share between 0 and 1",
            Space::Line | Space::Vectors(_) => "a number",
        }
    }

    fn check(&self, pending: &PendingValue) -> Result<(), Misread> {
        let sum = pending.numbers.iter().copied().map(DoubleDouble::from).sum::<DoubleDouble>().to_f64();
        if matches!(self.space, Space::Simplex(_)) && (sum - 1.0).abs() > NEAR {
            return Err(Misread::Shares { place: self.values(pending), sum });
        }
        Ok(())
    }

    /// The number of the value that is being read or was just read.
    fn values(&self, pending: &PendingValue) -> u64 {
        pending.read.div_ceil(self.space.width().max(1) as u64)
    }
}

impl Script for ValueScript {
    type Item = [f64];
    type Pending = PendingValue;

    fn read(&self, bytes: &[u8], pending: &mut PendingValue, mut take: impl FnMut(&[f64])) -> Result<(), Misread> {
        for &byte in bytes {
            if is_separator(byte) {
                self.complete(pending, &mut take)?;
            } else {
                pending.word.push(byte);
                if pending.word.len() > LONGEST {
                    // Too long for a number, whatever its digits.
                    pending.word.push(b'?');
                    self.complete(pending, &mut take)?;
                }
            }
        }
        Ok(())
    }

    fn finish(&self, mut pending: PendingValue, mut take: impl FnMut(&[f64])) -> Result<(), Misread> {
        self.complete(&mut pending, &mut take)?;
        if pending.numbers.is_empty() {
            return Ok(());
        }
        let (found, width) = (pending.numbers.len(), self.space.width());
        Err(Misread::Part { place: self.values(&pending), found, width })
    }

    fn help(&self) -> String {
        match self.space {
            Space::Counts => "write whole numbers separated by spaces or commas".to_owned(),
            Space::Line => "write numbers separated by spaces or commas".to_owned(),
            Space::Vectors(size) => format!("write numbers separated by spaces or commas, {size} for each vector"),
            Space::Simplex(size) => {
                format!("write shares separated by spaces or commas, {size} at a time; they must sum to 1 within 1e-9")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The values of a line that is read in chunks of `size` bytes.
    fn read(space: Space, text: &[u8], size: usize) -> Result<Vec<Vec<f64>>, Misread> {
        let (script, mut pending, mut values) = (ValueScript::new(space), PendingValue::default(), Vec::new());
        for piece in text.chunks(size) {
            script.read(piece, &mut pending, |value| values.push(value.to_vec()))?;
        }
        script.finish(pending, |value| values.push(value.to_vec()))?;
        Ok(values)
    }

    #[test]
    fn spaces_and_commas_separate_numbers() {
        let line = |text: &str| read(Space::Line, text.as_bytes(), 3).map(|values| values.concat());
        assert_eq!(line("0.5, -1e-3,+2\t.5\r"), Ok(vec![0.5, -1e-3, 2.0, 0.5]));
        assert_eq!(line(" ,, "), Ok(vec![]));
        let pairs = read(Space::Vectors(2), b"1,2 3,4", 2);
        assert_eq!(pairs, Ok(vec![vec![1.0, 2.0], vec![3.0, 4.0]]));
    }

    #[test]
    fn wrong_values_are_reported_with_their_place() {
        let misread = |space, text: &str| read(space, text.as_bytes(), 7).unwrap_err().to_string();
        let shown = [
            misread(Space::Line, "0.5 half"),
            misread(Space::Line, "nan"),
            misread(Space::Line, "1 1e999"),
            misread(Space::Counts, "3 -1"),
            misread(Space::Counts, "3 4 1.5"),
            misread(Space::Counts, "inf"),
            misread(Space::Vectors(3), "1 2 3 4 5"),
            misread(Space::Vectors(2), "1 2 3"),
            misread(Space::Simplex(2), "0.5 0.5 0.5 0.4"),
            misread(Space::Simplex(2), "1.5 -0.5"),
            misread(Space::Line, "0.5 \u{1F600}"),
        ];
        insta::assert_snapshot!(shown.join("\n"), @r#"
        number 2 is "half", which is not a number
        number 1 is "nan", which is not a number
        number 2 is "1e999", which is not a number
        number 2 is "-1", which is not a count 0, 1, 2, …
        number 3 is "1.5", which is not a count 0, 1, 2, …
        number 1 is "inf", which is not a count 0, 1, 2, …
        value 2 has only 2 of its 3 numbers when the line ends
        value 2 has only 1 of its 2 numbers when the line ends
        the shares of value 2 sum to 0.9, not to 1
        number 1 is "1.5", which is not a share between 0 and 1
        number 2 is "😀", which is not a number
        "#);
    }

    #[test]
    fn an_endless_number_is_cut() {
        let misread = read(Space::Line, &b"1".repeat(1_000_000), 1 << 16).unwrap_err();
        assert!(misread.to_string().len() < 200);
    }

    proptest! {
        /// Any bytes are read to their end, and the size of the chunks makes no difference.
        #[test]
        fn the_chunk_size_makes_no_difference(
            picks in proptest::collection::vec(0usize..9, 0..40),
            size in 1usize..9,
            width in 1usize..4,
        ) {
            let text: Vec<u8> = picks.iter().map(|&pick| b"12 0 -.,e"[pick]).collect();
            prop_assert_eq!(read(Space::Vectors(width), &text, size), read(Space::Vectors(width), &text, 1000));
        }
    }
}
