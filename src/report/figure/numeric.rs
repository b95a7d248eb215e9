//! Settings that are numbers.

use super::series::Row;

/// A setting as a number, such as `0.5` or `1/6`.
pub(super) fn number_at(row: &Row, place: usize) -> Option<f64> {
    number_of(row.settings.get(place)?)
}

/// A text as a number.
pub(super) fn number_of(text: &str) -> Option<f64> {
    let text = text.trim_matches('"');
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    match text.split_once('/') {
        Some((above, below)) => Some(number(above)? / number(below)?).filter(|number| number.is_finite()),
        None => number(text),
    }
}

/// Whether rising values grow by a constant factor over a range that is too wide for a linear scale.
pub(super) fn is_geometric(values: impl Iterator<Item = f64> + Clone) -> bool {
    let (first, last) = (values.clone().next().unwrap_or(0.0), values.clone().last().unwrap_or(0.0));
    let ratios = || values.clone().zip(values.clone().skip(1)).map(|(one, next)| next / one);
    let (least, most) = (ratios().fold(f64::INFINITY, f64::min), ratios().fold(0.0, f64::max));
    first > 0.0 && last / first >= 8.0 && most / least < 1.2
}
