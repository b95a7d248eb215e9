//! What is known of the estimates of some condition, kept for whoever asks next.

use crate::estimator::Theory;
use kl_math::distribution::SymbolPair;
use kl_math::law::ListedLaw;
use kl_math::numeric::DoubleDouble;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Exact facts about the estimates from sequences of one length.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) infinite_mass: DoubleDouble,
    /// The mean and the standard deviation.
    pub(super) moments: (Option<f64>, Option<f64>),
    /// Their law and the size of what it is computed from, if it is listed.
    pub(super) law: Option<(ListedLaw, f64)>,
    pub(super) theory: OnceLock<Theory>,
}

/// The facts of the conditions that were asked for last.
#[derive(Clone, Default)]
pub(super) struct KnownFacts {
    known: Arc<Mutex<Entries>>,
}

/// The newest comes last.
type Entries = VecDeque<(Key, Arc<Facts>)>;

/// N, and the bits of the probabilities of P and Q.
type Key = (u64, Vec<[u64; 2]>);

/// Laws of so many values are kept together, some 100 bytes each, beside the newest one.
const MOST_VALUES: usize = 1 << 18;

/// Without a law facts are few numbers; so many are kept.
const MOST_CONDITIONS: usize = 1 << 10;

impl KnownFacts {
    /// The facts of sequences of `n` symbols of this pair, if they are there.
    pub(super) fn find(&self, pair: &SymbolPair, n: u64) -> Option<Arc<Facts>> {
        let key = key(pair, n);
        self.lock().iter().find(|(known, _)| *known == key).map(|(_, facts)| Arc::clone(facts))
    }

    /// The same, made if they are not there.
    pub(super) fn get(&self, pair: &SymbolPair, n: u64, make: impl FnOnce() -> Facts) -> Arc<Facts> {
        if let Some(facts) = self.find(pair, n) {
            return facts;
        }
        // Others need not wait. If two make the same, they are the same.
        let (key, facts) = (key(pair, n), Arc::new(make()));
        let mut known = self.lock();
        known.push_back((key, Arc::clone(&facts)));
        let values = |facts: &Facts| facts.law.as_ref().map_or(0, |(law, _)| law.atoms().len());
        let mut sum: usize = known.iter().map(|(_, facts)| values(facts)).sum();
        while known.len() > 1 && (sum > MOST_VALUES || known.len() > MOST_CONDITIONS) {
            sum -= known.pop_front().map_or(0, |(_, facts)| values(&facts));
        }
        facts
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(pair: &SymbolPair, n: u64) -> Key {
    let bits = |mass: &DoubleDouble| [mass.to_f64().to_bits(), mass.remainder().to_bits()];
    let probabilities = pair.source_probabilities().iter().chain(pair.model_probabilities());
    (n, probabilities.map(bits).collect())
}

impl fmt::Debug for KnownFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownFacts").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::estimator::{CountEstimator, Estimator};
    use kl_math::distribution::{Bernoulli, Pair};

    /// Asked in any order, again and again, an estimator says of each condition what a new one says.
    #[test]
    fn facts_are_those_of_their_condition() {
        let pairs = [(0.5, 0.4), (0.4, 0.5), (0.5, 0.25)]
            .map(|(p, q)| Pair::of(Bernoulli::new(p).unwrap(), Bernoulli::new(q).unwrap()).unwrap());
        let old = CountEstimator::plug_in();
        for n in [3, 40_000, 5, 3, 65_000, 64_000, 63_000, 3] {
            for pair in &pairs {
                let new = CountEstimator::plug_in();
                assert_eq!(old.moments(pair, n), new.moments(pair, n));
                let [of_old, of_new] = [&old, &new].map(|estimator| estimator.theory(pair, n));
                assert_eq!(format!("{of_old:?}"), format!("{of_new:?}"));
                assert_eq!(format!("{:?}", old.bins(pair, n)), format!("{:?}", new.bins(pair, n)));
            }
        }
    }
}
