//! What the trials alone say.

use crate::estimator::{EstimatedBy, Theory};
use crate::simulation::{EstimationSummary, GroupSummary};
use kl_math::distribution::{Pair, SymbolPair};
use kl_math::law::Law;
use kl_math::numeric::DoubleDouble;
use kl_math::statistics::{CountSums, Dispersion};
use std::borrow::Cow;

/// Spreads below this part of the estimates' size are taken from sums of counts, not from the estimates.
pub(super) const RESOLVED: f64 = 1e-6;

/// Estimates that theory says are all the same may differ from it by so much of its size, for rounding.
pub(super) const ROUNDING: f64 = 1e-12;

/// What the trials say, before their p-values are asked for.
pub(super) struct Sample<'a> {
    pub(super) sums: &'a CountSums,
    pub(super) values: Option<Cow<'a, [f64]>>,
    pub(super) mean: f64,
    pub(super) dispersion: Option<Dispersion>,
    /// A symbol occurred to which P gives no chance.
    pub(super) impossible: bool,
    /// The expected mean is that of the symbols' values: a wrong closed form shows here without any chance.
    pub(super) is_consistent: bool,
}

impl<'a> Sample<'a> {
    pub(super) fn new(
        pair: &'a Pair,
        by: EstimatedBy<'_>,
        theory: &Theory,
        group: &'a GroupSummary,
        summary: &EstimationSummary,
    ) -> Option<Self> {
        let sums = &group.sums;
        let probabilities = pair.symbols().map_or(&[][..], SymbolPair::source_probabilities);
        let values = by.symbol_values(pair);
        let occurred = || sums.totals().iter().enumerate().filter(|&(_, &total)| total > 0);
        let mut sample = Self {
            sums,
            values,
            mean: f64::INFINITY,
            dispersion: None,
            impossible: occurred().any(|(symbol, _)| probabilities[symbol] == DoubleDouble::ZERO),
            is_consistent: true,
        };
        let Some(values) = sample.values.clone() else {
            sample.dispersion = summary.moments.and_then(|moments| moments.dispersion());
            // About the mean, else D or 0; without any finite estimate all are infinite.
            let centre = theory.centre().unwrap_or(0.0);
            let finite = sample.dispersion.filter(|_| summary.infinite == 0);
            sample.mean = finite.map_or(f64::INFINITY, |dispersion| centre + dispersion.deviation);
            return (sums.trials() > summary.failed).then_some(sample);
        };
        let is_finite = occurred().all(|(symbol, _)| values[symbol].is_finite());
        sample.mean = match (is_finite, sample.impossible) {
            (true, _) => sums.deviation_from(0.0, &values)?,
            (false, true) => f64::NEG_INFINITY,
            (false, false) => f64::INFINITY,
        };
        if let (true, false, Some(expected)) =
            (is_finite, sample.impossible, theory.mean.filter(|mean| mean.is_finite()))
        {
            let deviations = by.symbol_deviations(pair);
            let (scores, centre) = deviations.as_deref().map_or((&*values, expected), |deviations| (deviations, 0.0));
            sample.dispersion = sums.dispersion(probabilities, scores, centre).or_else(|| {
                // On large alphabets the spread comes from the estimates, the mean still from the counts.
                let moments = summary.moments?.dispersion()?;
                let is_resolved = moments.mean_square.sqrt() > RESOLVED * sample.mean.abs();
                let variance = moments.variance.filter(|_| is_resolved || theory.variance == Some(0.0));
                Some(Dispersion { deviation: sums.deviation_from(centre, scores)?, variance, ..moments })
            });
            sample.is_consistent = is_mean(expected, probabilities, &values);
        }
        (sums.trials() > 0).then_some(sample)
    }

    /// Where the log ratio takes two values, their count over all trials is binomial; sums over all trials are of the
    /// family of one trial's.
    pub(super) fn exact_p_value(&self, law: &Law, deviation: f64, trials: u64) -> Option<f64> {
        let law = match law {
            Law::TwoValues(law) => law,
            Law::Sum(law) => return law.two_sided_p_value(deviation, trials),
            Law::Atoms(_) => return None,
        };
        let counted: u128 = (self.sums.totals().iter().zip(self.values.as_deref()?))
            .filter(|(_, value)| value.to_bits() == law.first.to_bits())
            .map(|(total, _)| total)
            .sum();
        Some(law.of_trials(trials)?.two_sided_p_value(u64::try_from(counted).ok()?))
    }
}

/// Whether Σ pᵢ xᵢ is `expected` but for rounding.
fn is_mean(expected: f64, probabilities: &[DoubleDouble], values: &[f64]) -> bool {
    let possible = || probabilities.iter().zip(values).filter(|(mass, _)| mass.to_f64() > 0.0);
    let mean: DoubleDouble = possible().map(|(&mass, &value)| mass * DoubleDouble::from(value)).sum();
    let size: f64 = possible().map(|(mass, value)| mass.to_f64() * value.abs()).sum();
    (mean - DoubleDouble::from(expected)).to_f64().abs() <= ROUNDING * size
}
