//! Whether doubles can tell the values of a distribution from each other.

use super::discretised::mean_of_counts;
use super::error::PairError;
use crate::distribution::values::parts;
use crate::distribution::{BaseVariable, Distribution};
use crate::distribution::{ChangeOfVariable, Space, Values};
use crate::numeric::shortest;

/// Refuses a P whose values are no further apart than neighbouring doubles: all that is computed from them is rounding.
pub(crate) fn resolved(source: &Distribution) -> Result<(), PairError> {
    let extents = source.values().map(parts).unwrap_or_default().into_iter().filter_map(|(_, part)| extent(part));
    match extents.map(|(near, spread)| (near, spacing(near), spread)).find(|(_, spacing, spread)| spread <= spacing) {
        Some((near, spacing, spread)) => Err(PairError::Unresolved {
            family: source.family(),
            near: shortest(near),
            spacing: shortest(rounded(spacing)),
            spread: shortest(rounded(spread)),
        }),
        None => Ok(()),
    }
}

/// About where the values lie and how far they spread; of vectors and shares nothing is said.
fn extent(values: &dyn Values) -> Option<(f64, f64)> {
    let [low, high] = values.support();
    match values.space() {
        Space::Vectors(_) | Space::Simplex(_) => None,
        Space::Counts => {
            let standard = values.base_variable();
            // A law of one count spreads over nothing.
            Some((mean_of_counts(&standard), deviation_of_counts(&standard))).filter(|&(_, spread)| spread > 0.0)
        }
        Space::Line => Some(match values.change_of_variable() {
            // Unless the values gather within the ends.
            ChangeOfVariable::Linear { centre, width } if width < 0.5 * (high - low) => (centre, width),
            _ if low.is_finite() && high.is_finite() => (low.abs().max(high.abs()), high - low),
            ChangeOfVariable::Linear { centre, width } => (centre, width),
            // Of numbers that are multiplied the logarithms spread: near 1 as much as the numbers themselves.
            ChangeOfVariable::Log { centre, width } | ChangeOfVariable::Logit { centre, width } => {
                (centre.abs().max(1.0), width)
            }
        }),
    }
}

fn deviation_of_counts(standard: &BaseVariable) -> f64 {
    match *standard {
        BaseVariable::Poisson { mean } => mean.sqrt(),
        BaseVariable::NegativeBinomial { success, .. } => (mean_of_counts(standard) / success).sqrt(),
        BaseVariable::Binomial { success, .. } => (mean_of_counts(standard) * (1.0 - success)).sqrt(),
        _ => f64::INFINITY,
    }
}

/// From a number to the next larger one in size.
fn spacing(near: f64) -> f64 {
    let size = near.abs();
    if size < f64::MAX { size.next_up() - size } else { f64::INFINITY }
}

/// To two digits.
fn rounded(x: f64) -> f64 {
    format!("{x:.1e}").parse().unwrap_or(x)
}
