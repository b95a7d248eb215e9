//! The numbers of texts that name trials.

use std::collections::HashMap;

/// The bit of the numbers of names that are not whole numbers themselves.
const TEXTS: u64 = 1 << 63;

/// Texts and the number of each.
#[derive(Default)]
pub(super) struct TrialNames {
    numbers: HashMap<Vec<u8>, u64>,
    /// The texts that are not whole numbers, in order of first occurrence.
    texts: Vec<Vec<u8>>,
}

impl TrialNames {
    /// The number of a text.
    pub(super) fn number_of(&mut self, text: &[u8]) -> u64 {
        if let Some(number) = whole_number(text) {
            return number;
        }
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = TEXTS | self.texts.len() as u64;
        self.texts.push(text.to_vec());
        self.numbers.insert(text.to_vec(), number);
        number
    }

    /// The text of a number.
    pub(super) fn text(&self, number: u64) -> String {
        match self.texts.get((number & !TEXTS) as usize).filter(|_| number & TEXTS != 0) {
            Some(text) => String::from_utf8_lossy(text).into_owned(),
            None => number.to_string(),
        }
    }

    /// The numbers that these names have among the names of the whole file, which they are added to.
    pub(super) fn add_to(&self, all: &mut Self) -> Renumbered {
        Renumbered(self.texts.iter().map(|text| all.number_of(text)).collect())
    }
}

/// The numbers that the texts of a block have in the whole file.
pub(super) struct Renumbered(Vec<u64>);

impl Renumbered {
    /// The number in the whole file.
    pub(super) fn get(&self, number: u64) -> u64 {
        self.0.get((number & !TEXTS) as usize).copied().filter(|_| number & TEXTS != 0).unwrap_or(number)
    }
}

/// The whole number that is written in the one way it has: `7`, and not `07`.
fn whole_number(cell: &[u8]) -> Option<u64> {
    if cell.len() > 18 || cell.is_empty() || (cell.len() > 1 && cell.starts_with(b"0")) {
        return None;
    }
    cell.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| 10 * number + u64::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_stand_for_themselves() {
        let numbers = ["0", "7", "07", "", "-1", "1.0", "999999999999999999", "1000000000000000000"];
        let expected = [Some(0), Some(7), None, None, None, None, Some(999_999_999_999_999_999), None];
        assert_eq!(numbers.map(|text| whole_number(text.as_bytes())), expected);
    }

    #[test]
    fn texts_of_blocks_have_one_number_in_the_file() {
        let (mut first, mut second, mut all) = (TrialNames::default(), TrialNames::default(), TrialNames::default());
        let of_first = ["a", "7", "b"].map(|text| first.number_of(text.as_bytes()));
        let of_second = ["c", "b", "7", "a"].map(|text| second.number_of(text.as_bytes()));
        let found = (first.add_to(&mut all), second.add_to(&mut all));
        let [a, seven, b] = of_first.map(|number| found.0.get(number));
        assert_eq!(of_second.map(|number| found.1.get(number))[1..], [b, seven, a]);
        assert_eq!([a, b, seven].map(|number| all.text(number)), ["a", "b", "7"]);
    }
}
