//! Numbers as text.

/// The shortest decimal that reads back to the same double, plain from 1e-5 up to 1e16 and with an
/// exponent beyond; `inf` and `-inf`. −0 is 0.
///
/// ```
/// use kl_runner::numeric::shortest;
/// assert_eq!([0.1, 100.0, 1e-7, 1e300, -0.0].map(shortest), ["0.1", "100", "1e-7", "1e300", "0"]);
/// assert_eq!(shortest(f64::INFINITY), "inf");
/// ```
pub fn shortest(value: f64) -> String {
    let value = value + 0.0;
    let size = value.abs();
    if value == 0.0 || value.is_infinite() || (1e-5..1e16).contains(&size) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}
