//! How often each count of a symbol came up.

use super::sparse;
use crate::law::Binomial;
use crate::numeric::DoubleDouble;
use crate::statistics::{Restore, Summary};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The number of trials with each count of the first of two symbols: a sufficient summary for every model.
///
/// Counts within five standard deviations of the expected one have a place each, rarer ones are listed.
///
/// ```
/// use kl_math::numeric::DoubleDouble;
/// use kl_math::statistics::CountTally;
/// let mut tally = CountTally::new(&[DoubleDouble::ratio(1, 2); 2], 1_000, 4096).expect("a small one");
/// [500, 0, 500].into_iter().for_each(|count| tally.push(count));
/// assert_eq!(tally.counts().collect::<Vec<_>>(), [(500, 2), (0, 1)]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountTally {
    #[serde(skip)]
    n: u64,
    #[serde(skip)]
    first: u64,
    #[serde(with = "sparse")]
    within: Vec<u64>,
    beyond: BTreeMap<u64, u64>,
}

impl CountTally {
    /// No trial yet, of `n` symbols with these two probabilities; none if there would be more than `most` places, or
    /// another number of symbols.
    pub fn new(probabilities: &[DoubleDouble], n: u64, most: u64) -> Option<Self> {
        let &[success, failure] = probabilities else {
            return None;
        };
        let law = Binomial::new(n, success, failure);
        let reach = (5.0 * law.std_dev()) as u64 + 1;
        let (first, last) = (law.mode().saturating_sub(reach), (law.mode() + reach).min(n));
        let places = usize::try_from(last - first + 1).ok().filter(|&places| places as u64 <= most)?;
        Some(Self { n, first, within: vec![0; places], beyond: BTreeMap::new() })
    }

    /// One more trial, with this count.
    #[inline]
    pub fn push(&mut self, count: u64) {
        match self.within.get_mut(count.wrapping_sub(self.first) as usize) {
            Some(trials) => *trials += 1,
            None => *self.beyond.entry(count).or_default() += 1,
        }
    }

    /// All of it; nothing is left here.
    pub fn take(&mut self) -> Self {
        let empty = Self { n: self.n, first: self.first, within: vec![0; self.within.len()], beyond: BTreeMap::new() };
        std::mem::replace(self, empty)
    }

    /// How many trials there were.
    pub fn trials(&self) -> u64 {
        self.within.iter().chain(self.beyond.values()).sum()
    }

    /// The counts that came up, each with its number of trials.
    pub fn counts(&self) -> impl Iterator<Item = (u64, u64)> {
        let within = (self.first..).zip(self.within.iter().copied());
        within.filter(|&(_, trials)| trials > 0).chain(self.beyond.iter().map(|(&count, &trials)| (count, trials)))
    }
}

impl Summary for CountTally {
    fn merge(&mut self, later: Self) {
        for (trials, more) in self.within.iter_mut().zip(later.within) {
            *trials += more;
        }
        for (count, more) in later.beyond {
            *self.beyond.entry(count).or_default() += more;
        }
    }
}

impl Restore for CountTally {
    fn restore(self, empty: &Self, trials: u64) -> Option<Self> {
        let mut counts = self.within.iter().chain(self.beyond.values());
        let all = counts.try_fold(0u64, |sum, &trials| sum.checked_add(trials))?;
        let is_possible = self.beyond.last_key_value().is_none_or(|(&count, _)| count <= empty.n);
        let are_right = all <= trials && self.within.len() == empty.within.len() && is_possible;
        are_right.then_some(Self { n: empty.n, first: empty.first, ..self })
    }
}
