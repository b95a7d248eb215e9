//! Round numbers for axes.

use crate::report::{fixed, grouped, significant};

/// A value on an axis that is marked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    /// The value.
    pub(crate) value: f64,
    /// The label.
    pub(crate) label: String,
}

/// Returns about `count` multiples of 1, 2 or 5 times a power of ten.
pub(crate) fn linear_ticks((low, high): (f64, f64), count: usize) -> Vec<Tick> {
    let rough = high / count.max(1) as f64 - low / count.max(1) as f64;
    let (leading, power) = rounded(rough);
    let step = of_power(leading as f64, power);
    let (first, last) = ((low / step).ceil(), (high / step).floor());
    let places = (0..=2 * count.max(1)).map(|place| first + place as f64).take_while(|&place| place <= last);
    let values: Vec<f64> = places.map(|place| of_power(place * leading as f64, power)).collect();
    let size = values.iter().fold(step, |size, value| size.max(value.abs()));
    values.into_iter().map(|value| Tick { value, label: label(value, size, power) }).collect()
}

/// Returns about `count` powers of ten, evenly spaced; in a short range also 2 and 5 times powers of ten.
pub(crate) fn decade_ticks((low, high): (f64, f64), count: usize) -> Vec<Tick> {
    let (first, last) = (decade_of(low), decade_of(high));
    let inside = |value: &f64| (low..=high).contains(value);
    let decades = (first..=last + 1).filter(|&power| inside(&of_power(1.0, power))).count();
    if decades < 2 {
        let fine = (first..=last).flat_map(|power| [1.0, 2.0, 5.0].map(|leading| of_power(leading, power)));
        let fine: Vec<f64> = fine.filter(inside).collect();
        if fine.len() < 2 {
            return linear_ticks((low, high), count);
        }
        return fine.into_iter().map(|value| Tick { value, label: decade_label(value) }).collect();
    }
    let every = (decades.div_ceil(count.max(1)).max(1)) as i32;
    let powers = (first..=last + 1).filter(|power| power.rem_euclid(every) == 0);
    let values = powers.map(|power| of_power(1.0, power)).filter(inside);
    values.map(|value| Tick { value, label: decade_label(value) }).collect()
}

/// A value at the end of a logarithmic axis, to three digits.
pub(crate) fn end_tick(value: f64) -> Tick {
    let (size, power) = (value.abs(), decade_of(value));
    let label = match power {
        -3..=2 => significant(size, 3),
        3..=5 => grouped(size.round() as u64),
        _ => format!("{}×10{}", fixed(size / of_power(1.0, power), 1), raised(power)),
    };
    let sign = if value < 0.0 { "−" } else { "" };
    Tick { value, label: format!("{sign}{label}") }
}

/// Returns zero, and powers of ten of either sign beyond `core`.
pub(crate) fn symmetric_ticks((low, high): (f64, f64), core: f64, count: usize) -> Vec<Tick> {
    let size = low.abs().max(high.abs()).max(core);
    let (first, last) = (decade_of(core) + 1, decade_of(size));
    let decades = |end: f64| if end > 0.0 { (decade_of(end) - first + 1).max(0) } else { 0 };
    let every = u32::try_from(decades(high) + decades(-low)).unwrap_or(0).div_ceil(count.max(1) as u32).max(1);
    let powers = || (first..=last).rev().step_by(every as usize);
    let negative = powers().map(|power| -of_power(1.0, power));
    let mut positive: Vec<f64> = powers().map(|power| of_power(1.0, power)).collect();
    positive.reverse();
    let values = negative.chain([0.0]).chain(positive);
    values.map(|value| Tick { value, label: decade_label(value) }).collect()
}

/// The label of a value on a logarithmic axis: `1,000`, `10⁶`, `2×10⁻⁷`.
fn decade_label(value: f64) -> String {
    let power = decade_of(value.abs());
    if value == 0.0 || (-3..=4).contains(&power) {
        return label(value, value.abs(), power.min(0));
    }
    let leading = fixed(value.abs() / of_power(1.0, power), 0);
    let sign = if value < 0.0 { "−" } else { "" };
    let times = if leading == "1" { String::new() } else { format!("{leading}×") };
    format!("{sign}{times}10{}", raised(power))
}

/// The label of a multiple of a power of ten on an axis up to `size`.
fn label(value: f64, size: f64, power: i32) -> String {
    let largest = decade_of(size);
    let sign = if value < 0.0 { "−" } else { "" };
    let value = value.abs();
    if value == 0.0 {
        return "0".to_owned();
    }
    if largest >= 6 || (largest < -3 && power < -4) {
        let own = decade_of(value);
        let decimals = usize::try_from(own - power).unwrap_or(0).min(12);
        let leading = fixed(value / of_power(1.0, own), decimals);
        let leading =
            if leading.contains('.') { leading.trim_end_matches('0').trim_end_matches('.') } else { &leading };
        let times = if leading == "1" { String::new() } else { format!("{leading}×") };
        return format!("{sign}{times}10{}", raised(own));
    }
    let text = fixed(value, usize::try_from(-power).unwrap_or(0));
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped::<u128>);
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// The nearest 1, 2 or 5 times a power of ten: the factor, and the power.
fn rounded(value: f64) -> (u32, i32) {
    let power = decade_of(value);
    let leading = value / of_power(1.0, power);
    match [1, 2, 5].into_iter().find(|&round| leading <= f64::from(round) * 1.5) {
        Some(round) => (round, power),
        None => (1, power + 1),
    }
}

/// The decimal exponent of a number.
pub(crate) fn decade_of(value: f64) -> i32 {
    let text = format!("{value:e}");
    text.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0)
}

/// value · 10^power, correctly rounded.
fn of_power(value: f64, power: i32) -> f64 {
    format!("{value}e{power}").parse().unwrap_or(value)
}

fn raised(power: i32) -> String {
    let digits = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raised = |letter: char| match letter.to_digit(10).and_then(|digit| digits.get(digit as usize)) {
        Some(&digit) => digit,
        None => '⁻',
    };
    power.to_string().chars().map(raised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: Vec<Tick>) -> Vec<String> {
        ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn linear_ticks_are_round() {
        assert_eq!(labels(linear_ticks((-0.12, 0.31), 5)), ["−0.1", "0", "0.1", "0.2", "0.3"]);
        assert_eq!(labels(linear_ticks((0.0, 23_000.0), 5)), ["0", "5,000", "10,000", "15,000", "20,000"]);
        assert_eq!(labels(linear_ticks((999.97, 1000.03), 3)), ["999.98", "1,000.00", "1,000.02"]);
        assert_eq!(labels(linear_ticks((-2e-8, 2.2e-8), 4)), ["−2×10⁻⁸", "−10⁻⁸", "0", "10⁻⁸", "2×10⁻⁸"]);
        assert_eq!(labels(linear_ticks((0.02041079, 0.02041091), 3)), ["0.02041080", "0.02041085", "0.02041090"]);
        assert_eq!(labels(linear_ticks((0.0, 3e9), 3)), ["0", "10⁹", "2×10⁹", "3×10⁹"]);
    }

    #[test]
    fn decades_are_thinned_or_filled() {
        assert_eq!(labels(decade_ticks((1.0, 12_000.0), 6)), ["1", "10", "100", "1,000", "10,000"]);
        assert_eq!(labels(decade_ticks((1e-9, 1e9), 4)), ["10⁻⁵", "1", "10⁵"]);
        assert_eq!(labels(decade_ticks((30.0, 800.0), 6)), ["50", "100", "200", "500"]);
        assert_eq!(labels(decade_ticks((0.31, 0.36), 3)), ["0.32", "0.34", "0.36"]);
    }

    #[test]
    fn symmetric_ticks_have_both_signs() {
        assert_eq!(
            labels(symmetric_ticks((-0.5, 900.0), 0.05, 8)),
            ["−100", "−10", "−1", "−0.1", "0", "0.1", "1", "10", "100"]
        );
    }
}
