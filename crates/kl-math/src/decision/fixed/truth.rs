//! What sequences are drawn from.

use super::log_ratio_law::LogRatioLaw;
use crate::distribution::{Behaviour, CountLaw, Distribution, LogRatioForm, Pair};
use crate::law::SumLaw;

/// The distribution that the symbols are drawn from, independently.
#[derive(Clone, Copy, Debug)]
pub enum Truth<'a> {
    /// P.
    P,
    /// Q.
    Q,
    /// A third one, whose P and Q are those of the pair.
    S(&'a Behaviour),
}

impl Truth<'_> {
    /// The law of Λ = Σ ln(p(xᵢ)/q(xᵢ)) over `n` symbols of this truth, where it is known.
    pub(super) fn law(self, pair: &Pair, n: u64) -> Option<LogRatioLaw> {
        match (self, pair) {
            (_, Pair::Chains(_)) => None,
            (Self::P, Pair::Symbols(symbols)) => {
                LogRatioLaw::of_symbols(symbols.source_probabilities(), symbols.log_ratios(), n)
            }
            (Self::Q, Pair::Symbols(symbols)) => {
                LogRatioLaw::of_symbols(symbols.model_probabilities(), symbols.log_ratios(), n)
            }
            (Self::S(behaviour), Pair::Symbols(_)) => {
                let laws = behaviour.symbols()?;
                LogRatioLaw::of_symbols(laws.drawn?, laws.log_ratios, n)
            }
            (Self::P, Pair::Values(_)) => of_values(pair, n, 1.0),
            (Self::Q, Pair::Values(_)) => of_values(&pair.reversed().ok()?, n, -1.0),
            (Self::S(behaviour), Pair::Values(_)) => {
                LogRatioLaw::of_sum(SumLaw::of_form(&form_under(behaviour)?, n)?, n, 1.0)
            }
        }
    }
}

/// The law of `sign` times the log ratio of `n` values of `pair`.
fn of_values(pair: &Pair, n: u64, sign: f64) -> Option<LogRatioLaw> {
    let values = pair.values()?;
    if let Some(uncovered) = values.uncovered() {
        // As of two uniform laws: where Q has a density the ratio of the two may be constant.
        let back = pair.reversed().ok()?;
        let constant = |pair: &Pair| {
            pair.values()?.form_of_law().filter(|form| form.is_constant()).map(|form| form.coefficients().0)
        };
        let value = constant(pair).or_else(|| constant(&back).map(|value| -value))?;
        return Some(LogRatioLaw::constant(sign * value * n as f64).without(uncovered.mass, n, sign));
    }
    match values.form_of_law()? {
        form if form.is_constant() => Some(LogRatioLaw::constant(sign * form.coefficients().0 * n as f64)),
        form => LogRatioLaw::of_sum(SumLaw::of_form(form, n)?, n, sign),
    }
}

/// ln(p/q) of a value that S draws, in S's own standard variable.
fn form_under(behaviour: &Behaviour) -> Option<LogRatioForm> {
    let target = behaviour.target();
    let values = target.values().filter(|values| values.uncovered().is_none())?;
    let drawn = behaviour.drawn().source();
    match (values.form()?, target.source().as_ref(), drawn.as_ref()) {
        (
            &LogRatioForm::Normal { constant, linear, square: 0.0 },
            Distribution::Normal(source),
            Distribution::Normal(drawn),
        ) => Some(LogRatioForm::Normal {
            constant: constant + linear * ((drawn.mean() - source.mean()) / source.std_dev()),
            linear: linear * (drawn.std_dev() / source.std_dev()),
            square: 0.0,
        }),
        (
            &LogRatioForm::Exponential { constant, slope },
            Distribution::Exponential(source),
            Distribution::Exponential(drawn),
        ) => Some(LogRatioForm::Exponential { constant, slope: slope * (source.rate() / drawn.rate()) }),
        (&LogRatioForm::Count { constant, slope, .. }, Distribution::Poisson(_), Distribution::Poisson(drawn)) => {
            Some(LogRatioForm::Count { count: CountLaw::Poisson { mean: drawn.rate() }, constant, slope })
        }
        _ => None,
    }
}
