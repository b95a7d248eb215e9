//! The log ratio of a chain with each step in place of its mean.

use super::theory::{chain_moments, chain_theory};
use super::{Estimator, EstimatorKind, Scorer, Settings, SymbolMeanScorer, Theory};
use kl_math::chain::ChainPair;
use kl_math::distribution::Pair;
use kl_math::law::Bins;
use std::sync::Arc;

/// (1/N) \[KL(a‖ã) + Σ_{t<N} KL(P\[x_t,·\]‖Q\[x_t,·\])\] of a sequence x₁ … x_N with memory, in nats per symbol: the mean of the
/// log ratio of each step, given where it starts, in place of the log ratio (Rao 1945; Blackwell 1947).
///
/// a and ã are the initial probabilities of P and Q, P\[i,·\] and Q\[i,·\] what comes after state i. The mean is that of
/// [`LogRatio`](super::LogRatio) for the same N; the variance is usually the smaller one, and not always: steps are
/// averaged one by one, and what they have to do with later ones is lost. +∞ from the first state on that P can leave in a
/// way that Q cannot.
///
/// ```
/// use kl_sim::estimator::{Estimator, LogRatio, RaoBlackwell};
/// use kl_math::distribution::{Categorical, MarkovChain, Pair};
/// let chain = MarkovChain::new([0.5, 0.5], [[0.9, 0.1], [0.4, 0.6]])?;
/// let pair = Pair::of(chain, Categorical::new([0.5, 0.5])?)?;
/// let (plain, averaged) = (LogRatio.theory(&pair, 20), RaoBlackwell.theory(&pair, 20));
/// assert_eq!(plain.mean, averaged.mean);
/// assert!(averaged.variance < plain.variance);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RaoBlackwell;

/// How it is written.
pub(super) const KIND: EstimatorKind = EstimatorKind {
    name: "rao_blackwell",
    meaning: "of a Markov chain: each step's mean log ratio, given where it starts",
    settings: &[],
    make: |_| Arc::new(RaoBlackwell),
};

impl RaoBlackwell {
    /// The chain whose log ratios are the means of the rows; only chains get so far.
    fn averaged(pair: &Pair) -> Option<Arc<ChainPair>> {
        pair.chains().map(|chains| Arc::new(chains.averaged()))
    }
}

impl Estimator for RaoBlackwell {
    fn name(&self) -> &str {
        KIND.name
    }

    fn written(&self) -> (&'static str, Settings) {
        (KIND.name, Settings::new())
    }

    fn suits(&self, pair: &Pair, _: u64) -> Result<(), String> {
        match pair {
            Pair::Chains(_) => Ok(()),
            Pair::Symbols(_) | Pair::Values(_) => {
                Err("is for Markov chains: without memory it would be KL(P‖Q) itself, whatever the sequence".to_owned())
            }
        }
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        match Self::averaged(pair) {
            Some(chain) => {
                Theory { rate: pair.chains().and_then(|chain| chain_theory(chain, n).rate), ..chain_theory(&chain, n) }
            }
            None => super::LogRatio.theory(pair, n),
        }
    }

    fn moments(&self, pair: &Pair, n: u64) -> (Option<f64>, Option<f64>) {
        let (mean, variance) = Self::averaged(pair).map(|chain| chain_moments(&chain, n)).unzip();
        (mean, variance.flatten().map(f64::sqrt))
    }

    fn bins(&self, pair: &Pair, n: u64) -> Bins {
        let theory = self.theory(pair, n);
        let std_dev = theory.variance.map_or(f64::INFINITY, f64::sqrt);
        let range = (f64::NEG_INFINITY, f64::INFINITY);
        Bins::new(None, theory.closed_form, std_dev, range, theory.infinite_mass.to_f64())
    }

    fn scorer<'a>(&'a self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
        let values = Self::averaged(pair).map(|chain| chain.event_log_ratios().to_vec());
        Box::new(SymbolMeanScorer::new(values.unwrap_or_default().into(), n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::LogRatio;
    use kl_math::distribution::MarkovChain;

    /// Every sequence of up to eight symbols: mean, variance, third and fourth cumulant.
    #[test]
    fn theory_is_what_all_sequences_together_say() {
        let p = MarkovChain::new([0.2, 0.3, 0.5], [[0.9, 0.1, 0.0], [0.2, 0.3, 0.5], [0.0, 0.6, 0.4]]).unwrap();
        let q = MarkovChain::new([0.3, 0.3, 0.4], [[0.5, 0.3, 0.2], [0.2, 0.4, 0.4], [0.1, 0.6, 0.3]]).unwrap();
        let pair = Pair::of(p, q).unwrap();
        let chain = pair.chains().unwrap();
        let (source, model) = (chain.source_events(), chain.model_events());
        let kl = |row: usize| -> f64 {
            let range = 3 * row..3 * row + 3;
            source[range.clone()]
                .iter()
                .zip(&model[range])
                .filter(|(p, _)| **p > 0.0)
                .map(|(p, q)| p * libm::log(p / q))
                .sum()
        };
        for n in 1..=8u32 {
            let mut moments = [0.0_f64; 3];
            for sequence in 0..3usize.pow(n) {
                let symbols: Vec<usize> = (0..n).map(|place| sequence / 3usize.pow(place) % 3).collect();
                let steps: f64 = symbols.windows(2).map(|step| source[3 + 3 * step[0] + step[1]]).product();
                let probability = source[symbols[0]] * steps;
                let estimate = (kl(0) + symbols[..symbols.len() - 1].iter().map(|&state| kl(state + 1)).sum::<f64>())
                    / f64::from(n);
                moments[0] += probability;
                moments[1] += probability * estimate;
                moments[2] += probability * estimate * estimate;
            }
            let theory = RaoBlackwell.theory(&pair, n.into());
            assert!((moments[0] - 1.0).abs() < 1e-14);
            assert!((theory.mean.unwrap() - moments[1]).abs() < 1e-14, "{n}");
            assert!((theory.variance.unwrap() - (moments[2] - moments[1] * moments[1])).abs() < 1e-14, "{n}");
            assert!((theory.closed_form - LogRatio.theory(&pair, n.into()).closed_form).abs() < 1e-15);
            assert_eq!(theory.rate.unwrap().mean, LogRatio.theory(&pair, n.into()).rate.unwrap().mean);
        }
    }

    /// A state that P can leave in a way that Q cannot makes the estimate infinite once it is left at all.
    #[test]
    fn a_row_that_q_does_not_cover_is_infinite_wherever_it_leads() {
        let p = MarkovChain::new([1.0, 0.0], [[0.5, 0.5], [0.5, 0.5]]).unwrap();
        let q = MarkovChain::new([1.0, 0.0], [[0.5, 0.5], [1.0, 0.0]]).unwrap();
        let pair = Pair::of(p, q).unwrap();
        // The second of three symbols must be 1, not the last.
        for (n, mass) in [(1, 0.0), (2, 0.0), (3, 0.5), (4, 0.75)] {
            let theory = RaoBlackwell.theory(&pair, n);
            assert!((theory.infinite_mass.to_f64() - mass).abs() < 1e-15, "{n}: {:?}", theory.infinite_mass);
            assert_eq!(theory.closed_form, if n < 3 { 0.0 } else { f64::INFINITY });
        }
    }
}
