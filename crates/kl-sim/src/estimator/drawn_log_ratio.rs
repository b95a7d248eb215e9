//! The log-likelihood ratio of values that are drawn from another distribution than P.

use super::log_ratio;
use super::{Batch, Cost, Detail, Estimator, ScoredTrial, Scorer, Settings, Theory};
use kl_math::distribution::{Behaviour, Pair, ValuePair};
use kl_math::divergence::Cumulants;
use kl_math::law::Bins;
use kl_math::numeric::CompensatedSum;
use std::sync::Arc;

/// (1/N) Σ ln(p(xᵢ)/q(xᵢ)) of values from S, nats: its mean is KL(S‖Q) − KL(S‖P), where both are finite. It decides between P and Q
/// whatever is true; as an estimate of KL(P‖Q) it is biased.
#[derive(Clone, Debug)]
pub(super) struct DrawnLogRatio {
    behaviour: Arc<Behaviour>,
}

impl DrawnLogRatio {
    /// That of sequences from S: the pair that it is then given is S and Q.
    pub(super) fn new(behaviour: Arc<Behaviour>) -> Self {
        Self { behaviour }
    }

    /// The exact mean, and how far it may be off.
    fn mean(&self) -> Option<(f64, f64)> {
        let [model, source] = [self.behaviour.drawn().as_ref(), self.behaviour.weights()].map(Cumulants::of);
        let error = model.error.unwrap_or(0.0) + source.error.unwrap_or(0.0);
        let rounding = 1e-13 * (model.mean.abs() + source.mean.abs());
        Some((model.mean - source.mean, error + rounding)).filter(|(mean, error)| mean.is_finite() && error.is_finite())
    }
}

impl Estimator for DrawnLogRatio {
    fn name(&self) -> &str {
        log_ratio::KIND.name
    }

    fn written(&self) -> (&'static str, Settings) {
        (log_ratio::KIND.name, Settings::new())
    }

    fn suits(&self, _: &Pair, _: u64) -> Result<(), String> {
        let (model, source) = (self.behaviour.drawn().values(), self.behaviour.weights().values());
        match (model, source) {
            (Some(model), Some(source)) if model.uncovered().or(source.uncovered()).is_none() => Ok(()),
            _ => Err("of sequences from S needs a P and a Q that can produce every value of S".to_owned()),
        }
    }

    fn target<'a>(&'a self, _: &'a Pair) -> &'a Pair {
        self.behaviour.target()
    }

    fn theory(&self, _: &Pair, n: u64) -> Theory {
        let mean = self.mean();
        Theory {
            mean: mean.map(|(mean, _)| mean),
            mean_error: mean.map(|(_, error)| error),
            ..Theory::of_estimand(self.behaviour.target(), n)
        }
    }

    fn moments(&self, _: &Pair, _: u64) -> (Option<f64>, Option<f64>) {
        (self.mean().map(|(mean, _)| mean), None)
    }

    fn bins(&self, _: &Pair, n: u64) -> Bins {
        // As wide as those of P would be.
        let one = Cumulants::of(self.behaviour.target());
        let spread = one.spread.map_or(f64::INFINITY, |spread| (spread.variance / n as f64).sqrt());
        let mean = self.mean().map_or(one.mean, |(mean, _)| mean);
        Bins::new(None, mean, spread, (f64::NEG_INFINITY, f64::INFINITY), 0.0)
    }

    fn can_be_infinite(&self, _: &Pair) -> Option<bool> {
        Some(false)
    }

    fn cost(&self, pair: &Pair, n: u64) -> Cost {
        Cost::of_means(pair, n) + Cost::of_means(pair, n)
    }

    fn scorer<'a>(&'a self, _: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
        let laws = self.behaviour.drawn().values().zip(self.behaviour.weights().values());
        Box::new(DrawnScorer { laws, n, sum: CompensatedSum::default(), scratch: Vec::new() })
    }
}

/// ln(p/q) = ln(s/q) − ln(s/p), value by value.
struct DrawnScorer<'a> {
    /// S beside Q, and S beside P.
    laws: Option<(&'a ValuePair, &'a ValuePair)>,
    n: u64,
    /// Of the current trial.
    sum: CompensatedSum,
    scratch: Vec<f64>,
}

impl Scorer for DrawnScorer<'_> {
    fn detail(&self) -> Detail {
        Detail::Sequence
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        let Some((model, source)) = self.laws else { return };
        let width = model.width().max(1);
        for trial in batch.view.draws().chunks_exact(batch.length().max(1) as usize * width) {
            if batch.start == 0 {
                self.sum = CompensatedSum::default();
            }
            for draw in trial.chunks_exact(width) {
                let of_model = model.log_ratio_of(draw, &mut self.scratch);
                self.sum.push(of_model - source.log_ratio_of(draw, &mut self.scratch));
            }
            if batch.end == self.n {
                scored.push(ScoredTrial::of(self.sum.value() / self.n as f64, self.n));
            }
        }
    }

    fn running(&self, length: u64) -> f64 {
        self.sum.value() / length as f64
    }
}
