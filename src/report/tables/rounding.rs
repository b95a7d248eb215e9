//! The one place where numbers are rounded for people.

/// `value ± error`, both to two significant digits of the error; `value` alone, to six digits, without one.
///
/// ```
/// use kl_runner::report::with_error;
/// assert_eq!(with_error(0.020_419_7, Some(0.000_020_2)), "0.020420 ± 0.000020");
/// assert_eq!(with_error(1234.5, Some(56.7)), "1234 ± 57");
/// assert_eq!(with_error(4.25e-25, Some(1.5e-26)), "(4.25 ± 0.15)e-25");
/// assert_eq!(with_error(0.5, None), "0.5");
/// assert_eq!(with_error(0.5, Some(1e-99)), "0.5 ± 1e-99");
/// ```
pub fn with_error(value: f64, error: Option<f64>) -> String {
    let Some(error) = error.filter(|&error| error > 0.0 && error.is_finite() && value.is_finite()) else {
        return significant(value, 6);
    };
    if magnitude(value.abs()) - magnitude(error) > 14 {
        return format!("{} ± {}", significant(value, 16), significant(error, 2));
    }
    let size = magnitude(value.abs().max(error));
    let scaled = if (-5..=15).contains(&size) { 0 } else { size };
    let (scaled_value, scaled_error) = (scale(value, -scaled), scale(error, -scaled));
    // Rounding may carry: 0.0996 becomes 0.10.
    let rounded: f64 = format!("{scaled_error:.1e}").parse().unwrap_or(scaled_error);
    let decimals = usize::try_from(1 - magnitude(rounded)).unwrap_or(0);
    let both = format!("{} ± {scaled_error:.decimals$}", fixed(scaled_value, decimals));
    if scaled == 0 { both } else { format!("({both})e{scaled}") }
}

/// The same as `value(error)`, the error in units of the value's last digit: 0.5108(7) is 0.5108 ± 0.0007.
///
/// ```
/// use kl_runner::report::with_error_in_parentheses;
/// assert_eq!(with_error_in_parentheses(0.020_419_7, Some(0.000_020_2)), "0.020420(20)");
/// assert_eq!(with_error_in_parentheses(1234.5, Some(56.7)), "1234(57)");
/// assert_eq!(with_error_in_parentheses(12.3, Some(1.26)), "12.3(1.3)");
/// assert_eq!(with_error_in_parentheses(4.25e-25, Some(1.5e-26)), "4.25(15)e-25");
/// assert_eq!(with_error_in_parentheses(0.5, None), "0.5");
/// ```
pub fn with_error_in_parentheses(value: f64, error: Option<f64>) -> String {
    let both = with_error(value, error);
    let (inner, power) = match both.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((inner, power)) => (inner, power),
        None => (both.as_str(), ""),
    };
    match inner.split_once(" ± ") {
        Some((value, error)) if !error.contains('e') => {
            // A decimal point stays where the error reaches beyond it.
            let digits = match error.strip_prefix("0.") {
                Some(decimals) => decimals.trim_start_matches('0'),
                None => error,
            };
            format!("{value}({digits}){power}")
        }
        _ => both,
    }
}

/// `value` to `digits` significant digits, without trailing zeros.
///
/// ```
/// use kl_runner::report::significant;
/// assert_eq!(significant(0.510_825_623_8, 6), "0.510826");
/// assert_eq!(significant(1.0, 3), "1");
/// assert_eq!(significant(4.254_321e-25, 3), "4.25e-25");
/// assert_eq!([12_345.0, 123_456_789.0].map(|value| significant(value, 3)), ["12300", "1.23e8"]);
/// assert_eq!(significant(f64::INFINITY, 3), "inf");
/// ```
pub fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{}", value + 0.0);
    }
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-5..7).contains(&exponent) {
        let decimals = usize::try_from(digits as i32 - 1 - exponent).unwrap_or(0);
        let rounded = scientific.parse().unwrap_or(value);
        return trimmed(&fixed(rounded, decimals)).to_owned();
    }
    format!("{}e{exponent}", trimmed(mantissa))
}

/// Six significant digits with the sign in front, `+` included.
///
/// ```
/// use kl_runner::report::signed;
/// assert_eq!([0.5, -0.25, 0.0].map(signed), ["+0.5", "-0.25", "0"]);
/// ```
pub fn signed(value: f64) -> String {
    let text = significant(value, 6);
    if value > 0.0 { format!("+{text}") } else { text }
}

/// A number for JSON, which has no infinity: `"inf"` and `"-inf"` stand for it.
pub fn json_number(value: f64) -> serde_json::Value {
    if value.is_finite() { value.into() } else { value.to_string().into() }
}

/// A p-value to two digits.
///
/// ```
/// use kl_runner::report::p_value;
/// assert_eq!([1.0, 0.976, 3.21e-7].map(p_value), ["1", "0.98", "3.2e-7"]);
/// ```
pub fn p_value(value: f64) -> String {
    if value > 0.0 && value < 1e-3 {
        let scientific = format!("{value:.1e}");
        return scientific;
    }
    significant(value, 2)
}

/// A number to so many significant digits, with the zeros that they end in: 0.70 and not 0.7.
///
/// ```
/// use kl_runner::report::significant_padded;
/// assert_eq!(significant_padded(0.7, 2), "0.70");
/// assert_eq!(significant_padded(0.9999, 2), "1.0");
/// assert_eq!(significant_padded(3e-9, 2), "3.0e-9");
/// assert_eq!(significant_padded(0.0, 6), "0");
/// ```
pub fn significant_padded(value: f64, digits: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{}", value + 0.0);
    }
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    let exponent: i32 = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    if !(-5..7).contains(&exponent) {
        return scientific;
    }
    let decimals = usize::try_from(digits as i32 - 1 - exponent).unwrap_or(0);
    fixed(scientific.parse().unwrap_or(value), decimals)
}

/// A number of things: `1 trial`, `1,000 trials`.
///
/// ```
/// use kl_runner::report::counted;
/// assert_eq!([1, 1000].map(|number| counted(number, "trial")), ["1 trial", "1,000 trials"]);
/// ```
pub fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// A whole number in groups of three digits.
///
/// ```
/// use kl_runner::report::grouped;
/// assert_eq!([7u64, 1_000, 1_000_000_000_000].map(grouped), ["7", "1,000", "1,000,000,000,000"]);
/// ```
pub fn grouped<T: Into<u128>>(number: T) -> String {
    let digits = number.into().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number that may have a decimal, its whole part in groups of three digits.
///
/// ```
/// use kl_runner::report::grouped_decimal;
/// assert_eq!([4095.1, 1000.0, 0.26].map(grouped_decimal), ["4,095.1", "1,000", "0.3"]);
/// ```
pub fn grouped_decimal(number: f64) -> String {
    let text = fixed(number, 1);
    let (whole, tenths) = text.split_once('.').unwrap_or((&text, "0"));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped::<u128>);
    if tenths == "0" { whole } else { format!("{whole}.{tenths}") }
}

/// Fixed decimals, without a minus before zeros.
///
/// ```
/// use kl_runner::report::fixed;
/// assert_eq!([-0.01, -0.06, 1.0].map(|value| fixed(value, 1)), ["0.0", "-0.1", "1.0"]);
/// ```
pub fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|digit| digit == '0' || digit == '.') => rest.to_owned(),
        _ => text,
    }
}

fn magnitude(value: f64) -> i32 {
    let scientific = format!("{value:e}");
    scientific.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0)
}

/// value · 10^power, by its decimal text: right to the last digit.
fn scale(value: f64, power: i32) -> f64 {
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}e{}", exponent + power).parse().unwrap_or(value)
}

fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}
