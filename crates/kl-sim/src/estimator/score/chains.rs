//! Sequences with memory.

use super::{Expectation, Seen, SequenceScore, Sequences, add_counts, weighted};
use kl_math::chain::{ChainPair, ChainTheory};
use kl_math::distribution::{MarkovPair, PairError};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Sequences of states of a Markov chain, scored in nats by their first symbol and their transitions.
///
/// ```
/// use kl_sim::estimator::{ChainSequences, Sequences};
/// use kl_math::distribution::{Categorical, MarkovChain, Pair};
/// let chain = MarkovChain::new([0.5, 0.5], [[0.5, 0.5], [0.25, 0.75]])?;
/// let pair = Pair::of(chain, Categorical::new([0.5, 0.5])?)?;
/// let Pair::Chains(pair) = &pair else { panic!("a chain and a coin are two chains") };
/// let sequences = ChainSequences::new(pair)?;
/// let mut tally = sequences.tally();
/// [0, 1, 0].iter().for_each(|state| sequences.push(&mut tally, state));
/// let score = sequences.score(&tally).expect("three states");
/// // Only the step back, ¼ against ½, tells them apart.
/// assert_eq!(score.log_ratio, Some(-std::f64::consts::LN_2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ChainSequences {
    forth: Arc<ChainPair>,
    back: Arc<ChainPair>,
    log_source: Vec<f64>,
    log_model: Vec<f64>,
    log_ratios: Vec<f64>,
    /// What is expected of N symbols, for each N that came: many lines are of one length.
    known: RefCell<BTreeMap<u64, [SumTheory; 2]>>,
}

/// What is kept of sequences of states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainTally {
    /// First symbols, then transitions, row by row.
    events: Vec<u64>,
    last: Option<usize>,
    /// How many sequences of which length have been put together; none in one that is being read.
    joined: BTreeMap<u64, u64>,
}

/// Mean and variance of ln(P(seq)/Q(seq)), nats and nats².
#[derive(Clone, Copy, Debug)]
struct SumTheory {
    mean: f64,
    variance: Option<f64>,
}

impl ChainSequences {
    /// Of a pair of chains.
    pub fn new(pair: &MarkovPair) -> Result<Self, PairError> {
        let reversed = pair.reversed()?;
        let (forth, back) = (pair.chains(), reversed.chains());
        let logs = |probabilities: &[f64]| probabilities.iter().map(|&mass| libm::log(mass)).collect::<Vec<f64>>();
        let (source, model) = (forth.source_events(), forth.model_events());
        // Sampled chains never do what P cannot; a given sequence may.
        let ratios = source
            .iter()
            .zip(model)
            .zip(forth.event_log_ratios())
            .map(|((&p, &q), &ratio)| if p == 0.0 && q > 0.0 { f64::NEG_INFINITY } else { ratio });
        Ok(Self {
            log_source: logs(source),
            log_model: logs(model),
            log_ratios: ratios.collect(),
            forth: Arc::clone(forth),
            back: Arc::clone(back),
            known: RefCell::default(),
        })
    }

    /// What is expected of a sequence of `n` states, if P is true and if Q is.
    fn theory(&self, n: u64) -> [SumTheory; 2] {
        *self.known.borrow_mut().entry(n).or_insert_with(|| {
            [(&self.forth, 1.0), (&self.back, -1.0)].map(|(pair, sign)| {
                let theory = ChainTheory::of(pair, n);
                SumTheory { mean: sign * theory.mean, variance: theory.spread.map(|spread| spread.variance) }
            })
        })
    }

    /// The same of independent sequences of these lengths: means and variances add up.
    fn expected(&self, lengths: impl Iterator<Item = (u64, u64)>) -> [Expectation; 2] {
        let mut total = 0.0;
        let mut sums = [SumTheory { mean: 0.0, variance: Some(0.0) }; 2];
        for (n, times) in lengths {
            total += n as f64 * times as f64;
            for (sum, theory) in sums.iter_mut().zip(self.theory(n)) {
                sum.mean += times as f64 * theory.mean;
                sum.variance = sum.variance.zip(theory.variance).map(|(sum, one)| sum + times as f64 * one);
            }
        }
        sums.map(|sum| Expectation {
            mean: Some(sum.mean / total),
            variance: sum.variance.map(|variance| variance / total / total),
        })
    }
}

impl Sequences for ChainSequences {
    type Item = usize;
    type Tally = ChainTally;

    fn tally(&self) -> ChainTally {
        ChainTally { events: vec![0; self.log_ratios.len()], last: None, joined: BTreeMap::new() }
    }

    fn push(&self, tally: &mut ChainTally, &state: &usize) {
        let row = tally.last.map_or(0, |last| last + 1);
        tally.events[row * self.forth.states() + state] += 1;
        tally.last = Some(state);
    }

    fn add(&self, total: &mut ChainTally, other: &ChainTally) {
        add_counts(&mut total.events, &other.events);
        *total.joined.entry(self.length(other)).or_insert(0) += 1;
    }

    fn length(&self, tally: &ChainTally) -> u64 {
        tally.events.iter().sum()
    }

    fn score(&self, tally: &ChainTally) -> Option<SequenceScore> {
        let length = self.length(tally);
        if length == 0 {
            return None;
        }
        let sums = [&self.log_source, &self.log_model, &self.log_ratios].map(|values| weighted(&tally.events, values));
        let expected = if tally.joined.is_empty() {
            self.expected([(length, 1)].into_iter())
        } else {
            self.expected(tally.joined.iter().map(|(&n, &times)| (n, times)))
        };
        Some(SequenceScore::new(Seen::Events(tally.events.clone()), length, sums, expected))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{list, pair};
    use super::*;
    use kl_math::distribution::{Pair, Parameter};

    /// A chain: initial probabilities, and rows of transitions.
    type Written<'a, const K: usize> = (&'a [f64; K], &'a [[f64; K]; K]);

    fn sequences<const K: usize>(p: Written<'_, K>, q: Written<'_, K>) -> ChainSequences {
        let written = |(initial, rows): Written<'_, K>| {
            let rows = Parameter::List(rows.iter().map(|row| list(row)).collect());
            ("markov_chain", vec![("initial", list(initial)), ("transition", rows)])
        };
        let Pair::Chains(pair) = pair(written(p), written(q)) else { panic!("two chains") };
        ChainSequences::new(&pair).unwrap()
    }

    fn tally(sequences: &ChainSequences, states: &[usize]) -> ChainTally {
        let mut tally = sequences.tally();
        states.iter().for_each(|state| sequences.push(&mut tally, state));
        tally
    }

    const P: Written<'_, 2> = (&[0.3, 0.7], &[[0.9, 0.1], [0.4, 0.6]]);
    const Q: Written<'_, 2> = (&[0.5, 0.5], &[[0.8, 0.2], [0.5, 0.5]]);

    #[test]
    fn sums_are_those_of_the_events_and_z_that_of_all_sequences() {
        let sequences = sequences(P, Q);
        // Every sequence of five states: mean and variance of L under P by enumeration.
        let (mut mean, mut square, mut scores) = (0.0, 0.0, Vec::new());
        for word in 0..32usize {
            let states: Vec<usize> = (0..5).map(|place| word >> place & 1).collect();
            let chance = |(initial, rows): Written<'_, 2>| -> f64 {
                initial[states[0]] * states.windows(2).map(|step| rows[step[0]][step[1]]).product::<f64>()
            };
            let (source, model) = (chance(P), chance(Q));
            let score = sequences.score(&tally(&sequences, &states)).unwrap();
            assert!((score.log_source - libm::log(source)).abs() < 1e-13);
            assert!((score.log_model - libm::log(model)).abs() < 1e-13);
            assert!((score.log_ratio.unwrap() - libm::log(source / model)).abs() < 1e-13);
            let estimate = libm::log(source / model) / 5.0;
            mean += source * estimate;
            square += source * estimate * estimate;
            scores.push((score, estimate));
        }
        let std_error = (square - mean * mean).sqrt();
        for (score, estimate) in scores {
            assert!((score.z_if_source().unwrap() - (estimate - mean) / std_error).abs() < 1e-12);
        }
    }

    #[test]
    fn the_total_has_the_mean_and_variance_of_independent_sequences() {
        let sequences = sequences(P, Q);
        let lines = [tally(&sequences, &[0, 0, 1]), tally(&sequences, &[1, 0]), tally(&sequences, &[0, 0, 0])];
        let mut total = sequences.tally();
        lines.iter().for_each(|line| sequences.add(&mut total, line));
        let total = sequences.score(&total).unwrap();
        let scores = lines.each_ref().map(|line| sequences.score(line).unwrap());
        let sum = |of: fn(&SequenceScore) -> f64| scores.iter().map(of).sum::<f64>();
        assert_eq!(total.length, 8);
        assert!((total.log_ratio.unwrap() - sum(|score| score.log_ratio.unwrap())).abs() < 1e-14);
        let expected = total.if_model;
        assert!(
            (8.0 * expected.mean.unwrap() - sum(|score| score.length as f64 * score.if_model.mean.unwrap())).abs()
                < 1e-14
        );
        let variance = sum(|score| (score.length * score.length) as f64 * score.if_model.variance.unwrap());
        assert!((64.0 * expected.variance.unwrap() - variance).abs() < 1e-14);
    }

    #[test]
    fn what_one_side_cannot_do_is_infinite_and_what_both_cannot_is_nothing() {
        let sequences = sequences(
            (&[1.0, 0.0, 0.0], &[[0.5, 0.5, 0.0], [0.5, 0.0, 0.5], [1.0, 0.0, 0.0]]),
            (&[1.0, 0.0, 0.0], &[[0.5, 0.25, 0.25], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]),
        );
        let log_ratio = |states: &[usize]| sequences.score(&tally(&sequences, states)).unwrap().log_ratio;
        assert_eq!(log_ratio(&[0, 0, 1]), Some(std::f64::consts::LN_2));
        assert_eq!(log_ratio(&[0, 1, 2]), Some(f64::INFINITY));
        assert_eq!(log_ratio(&[0, 2]), Some(f64::NEG_INFINITY));
        assert_eq!(log_ratio(&[1, 0]), None);
        assert_eq!(log_ratio(&[0, 2, 0, 1, 2]), None);
        assert_eq!(sequences.score(&sequences.tally()), None);
        // P can do what Q cannot from three symbols on.
        let z = |states: &[usize]| sequences.score(&tally(&sequences, states)).unwrap().z_if_source();
        assert!(z(&[0, 1]).is_some() && z(&[0, 1, 0]).is_none());
    }
}
