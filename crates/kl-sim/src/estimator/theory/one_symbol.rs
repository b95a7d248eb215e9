//! Estimates that are means over independent symbols, from what is known of one.

use super::{ContributionCumulants, Contributions, Theory};
use kl_math::divergence::Cumulants;
use kl_math::law::{Bins, Law};
use kl_math::numeric::DoubleDouble;

/// Laws with at most this many atoms are part of the theory.
pub(in crate::estimator) const FEW_ATOMS: u64 = 4096;

/// Laws with at most this many atoms are gathered in bins.
pub(in crate::estimator) const MANY_ATOMS: u64 = 65_536;

/// What one symbol adds, in powers of nats. What is not known is `None`.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::estimator) struct OneSymbol {
    pub(in crate::estimator) mean: Option<f64>,
    /// How far the mean may be off, if it is not from a formula.
    pub(in crate::estimator) error: Option<f64>,
    /// +∞ where a tail is too heavy.
    pub(in crate::estimator) variance: Option<f64>,
    /// κ₃ and κ₄, where they exist.
    pub(in crate::estimator) higher: Option<(f64, f64)>,
}

impl OneSymbol {
    /// The log ratio of a symbol.
    pub(in crate::estimator) fn log_ratio(cumulants: &Cumulants) -> Self {
        Self {
            mean: Some(cumulants.mean),
            error: cumulants.error,
            variance: cumulants.spread.map(|spread| spread.variance),
            higher: cumulants.spread.and_then(|spread| spread.higher),
        }
    }

    /// What follows for the mean over `n` symbols, which is infinite with that chance; `contribution` is asked for if they vary.
    pub(in crate::estimator) fn theory(
        self,
        infinite_mass: DoubleDouble,
        n: u64,
        divergence: &Cumulants,
        contribution: impl FnOnce() -> Option<ContributionCumulants>,
        law: Option<Law>,
    ) -> Theory {
        let varies = self.variance.filter(|&variance| variance > 0.0);
        let kurtosis = varies.and_then(|variance| Some(self.higher?.1 / variance / variance / n as f64));
        let contributions = varies.and_then(|_| Some(Contributions { cumulants: contribution()?, count: n }));
        let mean = self.mean.unwrap_or(0.0).abs();
        let scale = match contributions.as_ref().map(|found| &found.cumulants) {
            // A rare value is rounded where it occurs, and then it is most of the deviation, too.
            Some(ContributionCumulants::Symbol(function)) => function.mean_size() + mean,
            Some(ContributionCumulants::Other(function)) => function.scale().max(mean),
            None => mean,
        };
        Theory {
            scale,
            closed_form: divergence.mean,
            source: divergence.source,
            closed_form_error: divergence.error,
            rate: None,
            mean: self.mean,
            mean_error: self.error,
            variance: self.variance.map(|variance| variance / n as f64),
            // V² may be too small for a double where V is not.
            excess_kurtosis: kurtosis.filter(|kurtosis| kurtosis.is_finite()),
            contributions,
            law,
            infinite_mass,
        }
    }

    /// Mean and standard deviation of the mean over `n` symbols.
    pub(in crate::estimator) fn moments(self, n: u64) -> (Option<f64>, Option<f64>) {
        (self.mean, self.variance.map(|variance| (variance / n as f64).sqrt()))
    }

    /// Bins for the mean over `n` symbols, whose finite values lie within `range`.
    pub(in crate::estimator) fn bins(
        self,
        infinite_mass: DoubleDouble,
        n: u64,
        law: Option<&Law>,
        range: (f64, f64),
    ) -> Bins {
        let std_dev = self.moments(n).1.unwrap_or(f64::INFINITY);
        let mean = self.mean.unwrap_or(f64::INFINITY);
        Bins::new(law, mean, std_dev, range, infinite_mass.to_f64())
    }
}

/// The smallest and the largest of the finite ones.
pub(in crate::estimator) fn finite_range(values: &[f64]) -> (f64, f64) {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max))
}
