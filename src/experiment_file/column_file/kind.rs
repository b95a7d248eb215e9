//! What the numbers of a column stand for.

use kl_math::distribution::Number;
use kl_math::numeric::{DoubleDouble, precise_exp};

/// What the numbers of a column are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Probabilities,
    Counts,
    Weights,
    Logits,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Probabilities, Self::Counts, Self::Weights, Self::Logits];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Probabilities => "probabilities",
            Self::Counts => "counts",
            Self::Weights => "weights",
            Self::Logits => "logits",
        }
    }

    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Probabilities => "a probability is between 0 and 1",
            Self::Counts => "a count is a whole number from 0 to 2^53",
            Self::Weights => "a weight is a number from 0 on",
            Self::Logits => "a logit is a number, or -inf for a probability of 0",
        }
    }

    /// The number in a cell.
    pub(super) fn number(self, cell: &str) -> Option<Number> {
        const MOST_COUNT: f64 = 9_007_199_254_740_992.0;
        let number = if cell.contains('/') {
            Number::fraction(cell).ok().filter(|_| matches!(self, Self::Probabilities | Self::Weights))?
        } else {
            Number::new(cell.parse().ok()?)
        };
        let size = number.value().to_f64();
        let is_right = match self {
            Self::Probabilities => (0.0..=1.0).contains(&size),
            Self::Counts => (0.0..=MOST_COUNT).contains(&size) && size.fract() == 0.0,
            Self::Weights => (0.0..f64::INFINITY).contains(&size),
            Self::Logits => size < f64::INFINITY,
        };
        is_right.then_some(number)
    }

    /// The probabilities that these numbers stand for; an error says why there are none.
    pub(super) fn probabilities(self, numbers: Vec<Number>) -> Result<Vec<Number>, String> {
        let values = || numbers.iter().map(Number::value);
        match self {
            Self::Probabilities => Ok(numbers),
            Self::Counts => {
                // Each is below 2⁵³, and there are fewer than 2²⁷ lines.
                let whole = |value: DoubleDouble| value.to_f64() as u128;
                let total: u128 = values().map(whole).sum();
                if total == 0 {
                    return Err("all counts are 0".to_owned());
                }
                let exact = |value| Number::fraction(&format!("{}/{total}", whole(value)));
                values().map(exact).collect::<Result<_, _>>().map_err(|_| "the counts sum to more than 2^63".to_owned())
            }
            Self::Weights => {
                let total: DoubleDouble = values().sum();
                match total.to_f64() {
                    0.0 => Err("all weights are 0".to_owned()),
                    size if !size.is_finite() => Err("the weights sum to more than the largest double".to_owned()),
                    _ => normalised(values().map(|weight| (weight, weight > DoubleDouble::ZERO)), total, "0"),
                }
            }
            Self::Logits => {
                let most = values().map(DoubleDouble::to_f64).fold(f64::NEG_INFINITY, f64::max);
                if most == f64::NEG_INFINITY {
                    return Err("all logits are -inf".to_owned());
                }
                let weight = |value: DoubleDouble| {
                    // −∞ less a number has no remainder.
                    let is_possible = value.to_f64() > f64::NEG_INFINITY;
                    let weight = is_possible.then(|| precise_exp(value - DoubleDouble::from(most)));
                    (weight.unwrap_or(DoubleDouble::ZERO), is_possible)
                };
                let weights: Vec<(DoubleDouble, bool)> = values().map(weight).collect();
                let total: DoubleDouble = weights.iter().map(|(weight, _)| *weight).sum();
                normalised(weights.into_iter(), total, "-inf")
            }
        }
    }
}

/// Weights, each with whether its symbol is possible, over their sum. One that is, and has less than 106 bits of it, is refused; `none`
/// stands for a probability of 0.
fn normalised(
    weights: impl Iterator<Item = (DoubleDouble, bool)>,
    total: DoubleDouble,
    none: &str,
) -> Result<Vec<Number>, String> {
    /// Smaller numbers have fewer bits.
    const SMALLEST: f64 = 1e-270;
    let probability = |((weight, is_possible), place): ((DoubleDouble, bool), usize)| {
        let probability = weight / total;
        if is_possible && probability.to_f64() < SMALLEST {
            return Err(format!(
                "number {place} stands for a probability below {SMALLEST:e}, which cannot be told from 0; write {none} if it is to be 0"
            ));
        }
        Ok(Number::precise(probability))
    };
    weights.zip(1..).map(probability).collect()
}
