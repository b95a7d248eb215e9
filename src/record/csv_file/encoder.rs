//! The text of one row of a CSV file.

use crate::record::schema::FieldValue;
use kl_math::numeric::write_shortest_real;
use kl_sim::estimator::split_component;

/// The column of estimators.
pub(in crate::record) const ESTIMATOR: &str = "estimator";

/// The column of the component of a gradient that an estimator is of; behind that of estimators, where there is one.
pub(in crate::record) const COMPONENT: &str = "component";

/// The names of columns, with that of components behind that of estimators where there are some.
pub fn with_component<'a>(
    columns: impl Iterator<Item = &'a str>,
    has_components: bool,
) -> impl Iterator<Item = &'a str> {
    let more = move |name: &str| (has_components && name == ESTIMATOR).then_some(COMPONENT);
    columns.flat_map(move |name| std::iter::once(name).chain(more(name)))
}

/// Writes the fields of one row. A field with a comma, a quote or a line end is quoted.
pub struct RowEncoder<'a> {
    text: &'a mut Vec<u8>,
    is_empty: bool,
}

impl<'a> RowEncoder<'a> {
    /// Starts a row at the end of `text`.
    pub fn new(text: &'a mut Vec<u8>) -> Self {
        Self { text, is_empty: true }
    }

    /// Writes the next field. A number is the shortest decimal that reads back to the same double, `1.0` if it is whole.
    // The kind of field is known where this is called, which spares a choice for each.
    #[inline(always)]
    pub fn field(&mut self, value: &FieldValue<'_>) {
        if !self.is_empty {
            self.text.push(b',');
        }
        self.is_empty = false;
        match value {
            FieldValue::Missing => {}
            FieldValue::Integer(number) => write_integer(self.text, *number),
            FieldValue::Number(number) => write_shortest_real(self.text, *number),
            FieldValue::Text(text) => write_text(self.text, text),
        }
    }

    /// Writes the next field, which is of this column. That of an estimator of a gradient is two, with its component behind it.
    #[inline(always)]
    pub fn field_of(&mut self, column: &str, value: &FieldValue<'_>) {
        if let (ESTIMATOR, FieldValue::Text(name)) = (column, value)
            && let (estimator, Some(component)) = split_component(name)
        {
            self.field(&FieldValue::Text(estimator.into()));
            self.field(&FieldValue::Text(component.into()));
            return;
        }
        self.field(value);
    }

    /// Ends the row.
    pub fn end(self) {
        self.text.push(b'\n');
    }
}

fn write_integer(text: &mut Vec<u8>, number: u64) {
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
    text.extend_from_slice(&digits[start..]);
}

#[inline]
fn write_text(text: &mut Vec<u8>, field: &str) {
    if is_plain(field.as_bytes()) {
        text.extend_from_slice(field.as_bytes());
    } else {
        write_uncommon_text(text, field);
    }
}

#[cold]
fn write_uncommon_text(text: &mut Vec<u8>, field: &str) {
    if !field.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        text.extend_from_slice(field.as_bytes());
        return;
    }
    text.push(b'"');
    for byte in field.bytes() {
        if byte == b'"' {
            text.push(b'"');
        }
        text.push(byte);
    }
    text.push(b'"');
}

/// Whether no byte comes before `-` in ASCII, as all do that CSV treats specially: eight bytes at a time, as most text is
/// plain.
#[inline]
fn is_plain(field: &[u8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    let (words, rest) = field.as_chunks();
    words.iter().all(|&word| {
        let word = u64::from_le_bytes(word);
        word.wrapping_sub(ONES * b'-' as u64) & !word & (ONES << 7) == 0
    }) && rest.iter().all(|&byte| byte >= b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoded(fields: &[FieldValue<'_>]) -> String {
        let mut text = Vec::new();
        let mut row = RowEncoder::new(&mut text);
        fields.iter().for_each(|field| row.field(field));
        row.end();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_missing_value_is_an_empty_field() {
        let row = [FieldValue::Integer(0), FieldValue::Missing, FieldValue::Number(-1e-9), FieldValue::Missing];
        assert_eq!(encoded(&row), "0,,-1e-9,\n");
        assert_eq!(encoded(&[1.0, -0.0, f64::INFINITY].map(FieldValue::Number)), "1.0,0.0,inf\n");
        let row = [u64::MAX, 1_000].map(FieldValue::Integer);
        assert_eq!(encoded(&row), "18446744073709551615,1000\n");
    }

    /// Text with whatever CSV treats specially.
    fn field() -> impl Strategy<Value = String> {
        let letter = prop::sample::select(vec!['a', ' ', ',', '"', '\n', '\r', '=', 'é']);
        prop::collection::vec(letter, 0..6).prop_map(String::from_iter)
    }

    proptest! {
        /// The text is that of the `csv` crate, quotes included.
        #[test]
        fn text_is_quoted_where_it_must_be(fields in prop::collection::vec(field(), 2..5)) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(&fields).unwrap();
            let expected = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let values: Vec<_> = fields.iter().map(|field| FieldValue::Text(field.as_str().into())).collect();
            prop_assert_eq!(encoded(&values), expected);
        }

        /// A number reads back to the same double.
        #[test]
        fn numbers_keep_every_bit(bits in any::<u64>(), whole in any::<u64>()) {
            let number = f64::from_bits(bits);
            prop_assume!(!number.is_nan());
            let text = encoded(&[FieldValue::Number(number), FieldValue::Integer(whole)]);
            let (first, second) = text.trim_end().split_once(',').unwrap();
            prop_assert_eq!(first.parse::<f64>().unwrap(), number);
            prop_assert_eq!(second.parse::<u64>().unwrap(), whole);
        }
    }
}
