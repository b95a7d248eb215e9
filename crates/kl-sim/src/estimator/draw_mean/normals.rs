//! The mean over draws of a normal distribution.

use crate::estimator::theory::OneSymbol;
use crate::estimator::{Batch, ContributionCumulants, Detail, ScoredTrial, Scorer, Theory};
use kl_math::divergence::{Cumulants, NormalLaws, NormalValues, Quantity, ValueMoments, Weighting};
use kl_math::law::Bins;
use kl_math::numeric::{CompensatedSum, DoubleDouble};

/// What is averaged, as a function of the standard normal variable that a draw is made from.
pub(super) struct NormalMean(NormalValues);

impl NormalMean {
    pub(super) fn of(laws: &NormalLaws<'_>, quantity: Quantity, weighting: Weighting) -> Option<Self> {
        let Weighting { importance, is_differentiated, .. } = weighting;
        NormalValues::of_draws(laws, quantity, importance, is_differentiated).map(Self)
    }

    pub(super) fn is_held(&self) -> bool {
        self.0.is_held()
    }

    pub(super) fn one(&self) -> OneSymbol {
        one(&self.0.moments())
    }

    pub(super) fn theory(&self, n: u64, divergence: &Cumulants) -> Theory {
        let moments = self.0.moments();
        let cumulants = self.0.cumulants(&moments);
        // Without any exponential nothing rigorous is known of the variance of trials.
        let has_exponentials = cumulants.as_ref().is_some_and(|found| found.end_of_domain(true) > 0.0);
        let known = one(&moments);
        let known = OneSymbol { higher: known.higher.filter(|_| has_exponentials), ..known };
        known.theory(DoubleDouble::ZERO, n, divergence, || cumulants.map(ContributionCumulants::Other), None)
    }

    pub(super) fn bins(&self, n: u64) -> Bins {
        let least = if self.0.is_nonnegative() { 0.0 } else { f64::NEG_INFINITY };
        self.one().bins(DoubleDouble::ZERO, n, None, (least, f64::INFINITY))
    }

    pub(super) fn scorer<'a>(self, n: u64) -> Box<dyn Scorer + 'a> {
        Box::new(NormalScorer { values: self.0, n, sum: CompensatedSum::default() })
    }
}

fn one(moments: &ValueMoments) -> OneSymbol {
    OneSymbol { mean: moments.mean, error: moments.error, variance: moments.variance, higher: moments.higher }
}

/// The mean of the values of a sequence.
#[derive(Debug)]
struct NormalScorer {
    values: NormalValues,
    n: u64,
    /// Of the current trial.
    sum: CompensatedSum,
}

impl Scorer for NormalScorer {
    fn detail(&self) -> Detail {
        Detail::Sequence
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        for trial in batch.view.draws().chunks_exact(batch.length().max(1) as usize) {
            if batch.start == 0 {
                self.sum = CompensatedSum::default();
            }
            trial.iter().for_each(|&z| self.sum.push(self.values.value(z)));
            if batch.end == self.n {
                let estimate = self.sum.value() / self.n as f64;
                scored.push(ScoredTrial::of(estimate, self.n));
            }
        }
    }

    fn running(&self, length: u64) -> f64 {
        self.sum.value() / length as f64
    }
}
