//! How a CSV file writes its numbers, and that there is none.

use kl_math::numeric::DoubleDouble;

/// Texts that stand for a missing number, in any case: what R, SAS, Stata, Python, SQL and Julia write.
const MISSING: [&str; 8] = ["", "NA", "NaN", ".", "NULL", "N/A", "None", "missing"];

/// The format of a CSV file.
#[derive(Clone, Debug, PartialEq)]
pub struct CsvFormat {
    /// The byte between cells; the default is the one of comma, semicolon and tab that the first line has most of.
    pub delimiter: Option<u8>,
    /// The decimal mark.
    pub decimal: u8,
    /// More texts that stand for a missing number.
    pub missing: Vec<String>,
}

impl Default for CsvFormat {
    fn default() -> Self {
        Self { delimiter: None, decimal: b'.', missing: Vec::new() }
    }
}

/// What a cell holds that should hold a number.
pub(crate) enum NumberCell {
    Missing,
    Number(DoubleDouble),
    /// The rule that it breaks, if it is another than that it is a number, and the next step.
    Mistake(Option<&'static str>, Option<&'static str>),
}

impl CsvFormat {
    /// Reads a cell: a number is finite, or one of the words for infinity.
    pub(crate) fn number(&self, cell: &[u8]) -> NumberCell {
        let Ok(text) = std::str::from_utf8(cell) else { return NumberCell::Mistake(None, None) };
        let with_point;
        let mut plain = text;
        if self.decimal == b',' {
            if text.contains('.') && !self.is_missing(text, None) {
                let help = "write decimals with a comma, as --decimal , says";
                return NumberCell::Mistake(None, Some(help));
            }
            if text.contains(',') {
                with_point = text.replacen(',', ".", 1);
                plain = &with_point;
            }
        }
        let number = plain.parse::<DoubleDouble>().ok().filter(|number| !number.to_f64().is_nan());
        if self.is_missing(text, number) {
            return NumberCell::Missing;
        }
        match number {
            Some(number) if number.to_f64().is_infinite() && plain.bytes().any(|byte| byte.is_ascii_digit()) => {
                let help = "write `inf` for an infinite number, or one that is smaller";
                NumberCell::Mistake(Some("a number is at most 1.8e308"), Some(help))
            }
            Some(number) => NumberCell::Number(number),
            None if self.decimal == b'.' && has_decimal_comma(text) => {
                NumberCell::Mistake(None, Some("for decimal commas add `--decimal ,`"))
            }
            None => NumberCell::Mistake(None, None),
        }
    }

    fn is_missing(&self, text: &str, number: Option<DoubleDouble>) -> bool {
        // Most cells are numbers, for which no code of the list stands.
        let is_of_list = || MISSING.iter().any(|code| code.eq_ignore_ascii_case(text));
        let is_own = |code: &String| code == text || number.is_some() && number == code.parse().ok();
        number.is_none() && is_of_list() || self.missing.iter().any(is_own)
    }
}

/// Whether a text is a number if its only comma is a point.
fn has_decimal_comma(text: &str) -> bool {
    !text.contains('.') && text.matches(',').count() == 1 && text.replace(',', ".").parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: &CsvFormat, cell: &str) -> String {
        match format.number(cell.as_bytes()) {
            NumberCell::Missing => "missing".to_owned(),
            NumberCell::Number(number) => number.to_f64().to_string(),
            NumberCell::Mistake(rule, help) => rule.or(help).unwrap_or("not a number").to_owned(),
        }
    }

    #[test]
    fn codes_for_missing_are_those_of_the_field() {
        let format = CsvFormat { missing: vec!["-999".to_owned(), "failed".to_owned()], ..CsvFormat::default() };
        for code in ["", "NA", "NaN", "nan", ".", "NULL", "null", "N/A", "None", "missing", "-999", "-999.0", "failed"]
        {
            assert_eq!(read(&format, code), "missing", "{code}");
        }
        assert_eq!(read(&format, "Failed"), "not a number");
        assert_eq!(read(&CsvFormat::default(), "-999"), "-999");
    }

    #[test]
    fn infinity_is_a_word() {
        let format = CsvFormat::default();
        assert_eq!(
            ["inf", "-Inf", "Infinity", "1e308"].map(|text| read(&format, text)).map(|text| text.len()),
            [3, 4, 3, 309]
        );
        assert_eq!(read(&format, "1e400"), "a number is at most 1.8e308");
        assert_eq!(read(&format, "-1e400"), "a number is at most 1.8e308");
    }

    #[test]
    fn decimal_commas_are_recognised() {
        assert_eq!(read(&CsvFormat::default(), "-0,51e-3"), "for decimal commas add `--decimal ,`");
        assert_eq!(read(&CsvFormat::default(), "1,000,000"), "not a number");
        let commas = CsvFormat { decimal: b',', ..CsvFormat::default() };
        assert_eq!(["0,51", "7", "."].map(|text| read(&commas, text)), ["0.51", "7", "missing"]);
        assert_eq!(read(&commas, "1.234"), "write decimals with a comma, as --decimal , says");
        assert_eq!(read(&commas, "1,2,3"), "not a number");
    }
}
