//! The log-likelihood ratio itself.

use super::drawn_log_ratio::DrawnLogRatio;
use super::scorer::value_scorer;
use super::theory::{FEW_ATOMS, MANY_ATOMS, OneSymbol, chain_moments, chain_theory, finite_range};
use super::weights::{WEIGHTS, is_weighed, weighed_term};
use super::{
    ContributionCumulants, Cost, Estimator, EstimatorKind, RunningMoments, Scorer, SequentialLogRatio, Settings,
    SymbolMeanScorer, Theory,
};
use kl_math::decision::StoppingRule;
use kl_math::distribution::{Behaviour, Pair};
use kl_math::divergence::{Cumulants, FiniteCumulants, Term, cumulant_function};
use kl_math::law::{Bins, Law, infinite_mass};
use std::borrow::Cow;
use std::sync::Arc;

/// L = (1/N) ln(P(seq)/Q(seq)) = (1/N) Σ ln(p(xᵢ)/q(xᵢ)), in nats per symbol (k1 in Schulman 2020).
///
/// E\[L\] = D = KL(P‖Q); Var\[L\] = V/N; excess kurtosis κ₄/(N V²). Where Q has no mass and P has mass m, L is
/// infinite with chance 1 − (1−m)ᴺ.
///
/// ```
/// use kl_math::distribution::{Distribution, Pair};
/// use kl_sim::estimator::{Estimator, LogRatio};
/// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
/// let pair = Pair::new(coin(0.5), coin(0.9))?;
/// let (one, hundred) = (LogRatio.theory(&pair, 1), LogRatio.theory(&pair, 100));
/// assert_eq!(one.mean, hundred.mean);
/// assert_eq!(one.variance.map(|variance| variance / 100.0), hundred.variance);
/// # Ok::<(), kl_math::distribution::PairError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LogRatio;

/// How it is written.
pub(super) const KIND: EstimatorKind = EstimatorKind {
    name: "log_ratio",
    meaning: "(1/N) ln(P(seq)/Q(seq)): k1, unbiased",
    settings: WEIGHTS,
    make: |settings| match is_weighed(settings) {
        true => weighed_term(KIND.name, Term::K1, settings),
        false => Arc::new(LogRatio),
    },
};

impl Estimator for LogRatio {
    fn name(&self) -> &str {
        KIND.name
    }

    fn written(&self) -> (&'static str, Settings) {
        (KIND.name, Settings::new())
    }

    fn suits(&self, _: &Pair, _: u64) -> Result<(), String> {
        Ok(())
    }

    fn drawn_by(&self, behaviour: &Arc<Behaviour>) -> Option<Arc<dyn Estimator>> {
        let weighed = weighed_term(KIND.name, Term::K1, &Settings::new()).drawn_by(behaviour);
        // Values other than normal ones have no exact moments there.
        let is_known = |found: &Arc<dyn Estimator>| found.suits(behaviour.drawn(), 1).is_ok();
        match behaviour.drawn().values() {
            Some(_) if !weighed.as_ref().is_some_and(is_known) => {
                Some(Arc::new(DrawnLogRatio::new(Arc::clone(behaviour))))
            }
            _ => weighed,
        }
    }

    fn stopped_by(&self, rule: StoppingRule, behaviour: Option<&Arc<Behaviour>>) -> Option<Arc<dyn Estimator>> {
        Some(Arc::new(SequentialLogRatio::new(rule, behaviour.cloned())))
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        if let Pair::Chains(pair) = pair {
            return chain_theory(pair.chains(), n);
        }
        let cumulants = Cumulants::of(pair);
        let contribution = || match pair {
            Pair::Symbols(pair) => Some(ContributionCumulants::Symbol(FiniteCumulants::new(pair.centred_log_ratios()))),
            Pair::Values(pair) => cumulant_function(pair).map(ContributionCumulants::Other),
            Pair::Chains(_) => None,
        };
        let law = Law::of(pair, n, FEW_ATOMS);
        OneSymbol::log_ratio(&cumulants).theory(infinite_mass(pair, n), n, &cumulants, contribution, law)
    }

    fn moments(&self, pair: &Pair, n: u64) -> (Option<f64>, Option<f64>) {
        let Pair::Chains(pair) = pair else {
            return OneSymbol::log_ratio(&Cumulants::of(pair)).moments(n);
        };
        let (mean, variance) = chain_moments(pair.chains(), n);
        (Some(mean), variance.map(f64::sqrt))
    }

    fn running_moments<'a>(&'a self, pair: &'a Pair) -> RunningMoments<'a> {
        if pair.chains().is_some() {
            return Box::new(|n| self.moments(pair, n));
        }
        let one = OneSymbol::log_ratio(&Cumulants::of(pair));
        Box::new(move |n| one.moments(n))
    }

    fn bins(&self, pair: &Pair, n: u64) -> Bins {
        let everything = (f64::NEG_INFINITY, f64::INFINITY);
        let range = match pair {
            Pair::Symbols(pair) => finite_range(pair.log_ratios()),
            Pair::Values(_) => everything,
            Pair::Chains(_) => {
                let theory = self.theory(pair, n);
                let (mean, std_dev) = (theory.closed_form, theory.variance.map_or(f64::INFINITY, f64::sqrt));
                return Bins::new(None, mean, std_dev, everything, theory.infinite_mass.to_f64());
            }
        };
        let law = Law::of(pair, n, MANY_ATOMS);
        OneSymbol::log_ratio(&Cumulants::of(pair)).bins(infinite_mass(pair, n), n, law.as_ref(), range)
    }

    fn symbol_values<'a>(&self, pair: &'a Pair) -> Option<Cow<'a, [f64]>> {
        pair.symbols().map(|pair| pair.log_ratios().into())
    }

    fn is_symbol_mean(&self, pair: &Pair) -> bool {
        pair.symbols().is_some()
    }

    fn cost(&self, pair: &Pair, n: u64) -> Cost {
        /// A term of a sum.
        const STATISTIC: u128 = 1_000;
        match pair {
            Pair::Values(pair) if pair.form().is_some() && pair.uncovered().is_none() => {
                Cost::of_trial(STATISTIC * pair.statistics() as u128)
            }
            _ => Cost::of_means(pair, n),
        }
    }

    fn scorer<'a>(&'a self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
        match pair {
            Pair::Symbols(pair) => Box::new(SymbolMeanScorer::new(pair.log_ratios().into(), n)),
            Pair::Values(pair) => value_scorer(pair, n),
            Pair::Chains(pair) => Box::new(SymbolMeanScorer::new(pair.chains().event_log_ratios().into(), n)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kl_math::distribution::Categorical;
    use kl_math::law::MAX_BINS;
    use proptest::prelude::*;

    fn pair(p: &[f64], q: &[f64]) -> Pair {
        Pair::of(Categorical::new(p).unwrap(), Categorical::new(q).unwrap()).unwrap()
    }

    fn bins(p: &[f64], q: &[f64], n: u64) -> Bins {
        LogRatio.bins(&pair(p, q), n)
    }

    fn mass(bins: &Bins) -> f64 {
        bins.bins().iter().filter_map(|bin| bin.mass).sum()
    }

    #[test]
    fn few_atoms_have_a_bin_each() {
        let bins = bins(&[0.5, 0.5], &[0.4, 0.6], 10);
        assert_eq!(bins.bins().len(), 11);
        assert!(bins.bins().iter().all(|bin| bin.lower == bin.upper));
    }

    #[test]
    fn an_infinite_value_has_a_bin_of_its_own() {
        let bins = bins(&[0.5, 0.5], &[1.0, 0.0], 2);
        assert_eq!(bins.bins().iter().map(|bin| bin.mass.unwrap()).collect::<Vec<_>>(), [0.25, 0.75]);
        assert_eq!((bins.place(-std::f64::consts::LN_2), bins.place(f64::INFINITY)), (0, 1));
    }

    #[test]
    fn without_a_law_the_edges_come_from_the_moments() {
        let bins = bins(&[0.1, 0.2, 0.3, 0.4], &[0.4, 0.3, 0.2, 0.1], 1_000);
        assert!(bins.bins().iter().all(|bin| bin.mass.is_none()) && bins.bins().len() > 100);
    }

    proptest! {
        /// Whatever the pair and the length: all mass is in the bins, they follow each other, and each takes
        /// its own values.
        #[test]
        fn bins_take_everything(p in 0.001f64..0.999, q in 0.001f64..0.999, size in 0.0f64..12.0) {
            let n = libm::pow(10.0, size) as u64;
            let bins = bins(&[p, 1.0 - p], &[q, 1.0 - q], n);
            prop_assert!(bins.bins().len() <= MAX_BINS);
            prop_assert!((mass(&bins) - 1.0).abs() < 1e-9);
            for (place, bin) in bins.bins().iter().enumerate() {
                prop_assert!(bin.lower <= bin.upper);
                prop_assert_eq!(bins.place(bin.lower), place);
                prop_assert_eq!(bins.place(bin.upper), place);
            }
        }
    }
}
