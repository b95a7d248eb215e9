//! The log-likelihood ratio itself.

use super::{Estimator, Scorer, SymbolMeanScorer, Theory};
use crate::distribution::Pair;
use crate::divergence::Cumulants;
use crate::law::{CumulantFunction, Law, infinite_mass};

/// L = (1/N) ln(P(seq)/Q(seq)) = (1/N) Σ ln(p(xᵢ)/q(xᵢ)), in nats per symbol (k1 in Schulman 2020).
///
/// E\[L\] = D = KL(P‖Q); Var\[L\] = V/N; excess kurtosis κ₄/(N V²). Where Q has no mass and P has mass m, L is
/// infinite with chance 1 − (1−m)ᴺ.
///
/// ```
/// use kl_runner::distribution::{Distribution, Number, Pair, Parameter};
/// use kl_runner::estimator::{Estimator, LogRatio};
/// let coin = |p| {
///     let weights = [p, 1.0 - p].map(|weight| Parameter::Number(Number::new(weight)));
///     Distribution::read(&Parameter::List(weights.into())).map(std::sync::Arc::new).expect("a coin")
/// };
/// let pair = Pair::new(coin(0.5), coin(0.9))?;
/// let (one, hundred) = (LogRatio.theory(&pair, 1), LogRatio.theory(&pair, 100));
/// assert_eq!(one.mean, hundred.mean);
/// assert_eq!(one.variance.map(|variance| variance / 100.0), hundred.variance);
/// # Ok::<(), kl_runner::distribution::PairError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LogRatio;

impl Estimator for LogRatio {
    fn name(&self) -> &'static str {
        "log_ratio"
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        let cumulants = Cumulants::of(pair);
        let possible = || pair.source_masses().iter().zip(pair.log_ratios()).filter(|(mass, _)| mass.to_f64() > 0.0);
        let finite = || possible().map(|(_, &ratio)| ratio).filter(|ratio| ratio.is_finite());
        let varies = cumulants.spread.filter(|spread| spread.variance > 0.0);
        Theory {
            closed_form: cumulants.mean,
            mean: Some(cumulants.mean),
            variance: cumulants.spread.map(|spread| spread.variance / n as f64),
            excess_kurtosis: varies.map(|spread| spread.fourth / (n as f64 * spread.variance * spread.variance)),
            symbol_cumulants: varies.map(|_| {
                let centred = possible().map(|(mass, &ratio)| (mass.to_f64(), ratio - cumulants.mean));
                CumulantFunction::new(centred.collect())
            }),
            law: Law::of(pair, n),
            infinite_mass: infinite_mass(pair, n),
            range: (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max)),
        }
    }

    fn symbol_values<'a>(&self, pair: &'a Pair) -> Option<&'a [f64]> {
        Some(pair.log_ratios())
    }

    fn scorer<'a>(&self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
        Box::new(SymbolMeanScorer::new(pair.log_ratios(), n))
    }
}
