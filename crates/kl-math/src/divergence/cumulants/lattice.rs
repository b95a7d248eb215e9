//! Numbers that are whole multiples of one.

/// More multiples than this in the largest distance, and the lattice is so fine that it is as good as a continuum.
const MOST_STEPS: f64 = 1000.0;

/// What rounding may do to a distance, as a part of the largest one. Numbers without a common divisor pass for multiples of one
/// in fewer than a millionth of all cases.
const ROUNDING: f64 = 1e-12;

/// The largest number of which all distances between `values`, which rise, are whole multiples but for rounding; none if they
/// are no multiples, or of a number below a thousandth of the largest distance.
///
/// Euclid's algorithm: the rounding of a remainder grows with the number of steps that were taken off.
pub(super) fn span(mut values: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let largest = values.clone().last()?;
    let first = values.next()?;
    let whole = largest - first;
    if !whole.is_finite() {
        return None;
    }
    let least = whole / MOST_STEPS;
    let mut divisor = whole;
    for value in values {
        let mut rest = value - first;
        loop {
            let over = rest - (rest / divisor).floor() * divisor;
            // Next to the last multiple or to the next one.
            let over = over.min(divisor - over);
            if over <= ROUNDING * whole * (whole / divisor) {
                break;
            }
            if over < least {
                return None;
            }
            (rest, divisor) = (divisor, over);
        }
    }
    (divisor > 0.0 && divisor >= least).then_some(divisor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(values: &[f64], expected: Option<f64>) {
        let found = span(values.iter().copied());
        let is_near = |(found, expected): (f64, f64)| (found / expected - 1.0).abs() < 1e-9;
        assert!(
            found.is_some() == expected.is_some() && found.zip(expected).is_none_or(is_near),
            "{values:?}: {found:?}"
        );
    }

    #[test]
    fn a_common_step_is_found() {
        let two = std::f64::consts::LN_2;
        is(&[-two, 0.0, two], Some(two));
        is(&[-3.0 * two + 0.1, 0.1, 2.0 * two + 0.1], Some(two));
        is(&[0.3, 0.9, 1.0, 1.2], Some(0.1));
        is(&[1.0, 7.0, 11.0, 501.0], Some(2.0));
        is(&[-1.0, 2.5], Some(3.5));
        // (L − D)² of a coin.
        is(&[0.04, 0.36, 1.0], Some(0.32));
    }

    #[test]
    fn other_numbers_have_none() {
        let (two, three) = (std::f64::consts::LN_2, libm::log(3.0));
        is(&[0.0, two, three], None);
        is(&[0.0, 1.0, 5000.0], None);
        is(&[0.0, 1.0, 2.001], None);
        is(&[0.5], None);
        is(&[0.0, 1.0, f64::INFINITY], None);
        is(&[f64::NAN], None);
        is(&[0.0, f64::NAN], None);
        is(&[], None);
    }
}
