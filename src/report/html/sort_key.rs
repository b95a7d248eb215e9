//! The numbers that rows of a page are sorted by.

use crate::report::Value;
use kl_math::numeric::shortest_real;

/// The number in a cell with all its digits; none if it holds words or nothing.
pub(super) fn sort_key(value: &Value) -> Option<String> {
    let number = match *value {
        Value::None => return None,
        Value::Text(ref text) => text.parse().ok()?,
        Value::Whole(number) => return Some(number.to_string()),
        Value::Exact(value, _) | Value::Fixed(value, _) | Value::Count(value) => value,
        Value::Estimate { value, .. } | Value::Observed { value, .. } | Value::PValue { value, .. } => value,
        Value::ErrorOf { error, .. } => error,
    };
    (!f64::is_nan(number)).then(|| shortest_real(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::ErrorStyle;

    #[test]
    fn numbers_have_all_their_digits() {
        let estimate = Value::Estimate { value: 1.0 / 3.0, error: Some(0.1), style: ErrorStyle::PlusMinus };
        let keys = [
            estimate,
            Value::Whole(u64::MAX),
            Value::PValue { value: 1e-300, is_bound: true },
            Value::Exact(f64::INFINITY, 3),
            Value::Text("0.55".to_owned()),
        ];
        let keys = keys.map(|value| sort_key(&value).unwrap());
        assert_eq!(keys, ["0.3333333333333333", "18446744073709551615", "1e-300", "inf", "0.55"]);
        for words in [Value::None, Value::Text("agree".to_owned()), Value::Text("nan".to_owned())] {
            assert_eq!(sort_key(&words), None);
        }
    }
}
