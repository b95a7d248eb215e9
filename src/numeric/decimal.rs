//! Numbers as text.

use std::io::Write;

/// The shortest decimal that reads back to the same double, plain from 1e-5 up to 1e16 and with an
/// exponent beyond; `inf` and `-inf`. −0 is 0.
///
/// ```
/// use kl_runner::numeric::shortest;
/// assert_eq!([0.1, 100.0, 1e-7, 1e300, -0.0].map(shortest), ["0.1", "100", "1e-7", "1e300", "0"]);
/// assert_eq!(shortest(f64::INFINITY), "inf");
/// ```
pub fn shortest(value: f64) -> String {
    let mut text = Vec::new();
    write_shortest(&mut text, value);
    String::from_utf8(text).unwrap_or_default()
}

/// Appends what [`shortest`] spells.
pub fn write_shortest(text: &mut Vec<u8>, value: f64) {
    let value = value + 0.0;
    let size = value.abs();
    let is_plain = value == 0.0 || value.is_infinite() || (1e-5..1e16).contains(&size);
    // Writing to memory does not fail.
    let _ = if is_plain { write!(text, "{value}") } else { write!(text, "{value:e}") };
}
