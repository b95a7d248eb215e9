//! The values of a function on large alphabets, kept for whoever asks next.

use kl_math::distribution::{Distribution, SymbolPair};
use kl_math::divergence::SymbolValues;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The values on the alphabets that were asked for last. Each block of trials asks, and so does theory.
#[derive(Clone, Default)]
pub(super) struct KnownValues {
    known: Arc<Mutex<VecDeque<Known>>>,
}

/// P, Q, and the values. As long as these are kept, no other distribution has their place in memory.
struct Known {
    source: Arc<Distribution>,
    model: Arc<Distribution>,
    values: Arc<SymbolValues>,
}

/// The values of smaller alphabets take no longer than a look.
const FEW_SYMBOLS: usize = 256;

/// Values of so many symbols are kept, some 40 bytes each, beside the newest ones.
const MOST_SYMBOLS: usize = 1 << 20;

impl KnownValues {
    /// The values of this pair, made if they are not there.
    pub(super) fn get(&self, pair: &SymbolPair, make: impl FnOnce() -> SymbolValues) -> Arc<SymbolValues> {
        if !Self::keeps(pair) {
            return Arc::new(make());
        }
        let is_of_pair =
            |known: &&Known| Arc::ptr_eq(&known.source, pair.source()) && Arc::ptr_eq(&known.model, pair.model());
        if let Some(known) = self.lock().iter().find(is_of_pair) {
            return Arc::clone(&known.values);
        }
        // Others need not wait. If two make the same, they are the same.
        let values = Arc::new(make());
        let (source, model) = (Arc::clone(pair.source()), Arc::clone(pair.model()));
        let mut known = self.lock();
        known.push_back(Known { source, model, values: Arc::clone(&values) });
        let mut symbols: usize = known.iter().map(|known| known.values.values().len()).sum();
        while known.len() > 1 && symbols > MOST_SYMBOLS {
            symbols -= known.pop_front().map_or(0, |oldest| oldest.values.values().len());
        }
        values
    }

    /// Whether the values of this pair are kept.
    pub(super) fn keeps(pair: &SymbolPair) -> bool {
        pair.symbols().len() > FEW_SYMBOLS
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for KnownValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownValues").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::{Estimator, SymbolMean};
    use kl_math::distribution::Pair;

    /// Asked in any order, again and again, an estimator says of each pair what a new one says; older values make room.
    #[test]
    fn values_are_those_of_their_pair() {
        let law = |shift: usize, size: usize| {
            let weights: Vec<f64> = (0..size).map(|symbol| 1.0 / ((symbol + shift) as f64)).collect();
            let sum: f64 = weights.iter().sum();
            Arc::new(Distribution::of_weights(&weights.iter().map(|weight| weight / sum).collect::<Vec<_>>()).unwrap())
        };
        let [one, other] = [law(1, 300), law(2, 300)];
        let pairs = [(&one, &other), (&other, &one), (&one, &one)]
            .map(|(p, q)| Pair::new(Arc::clone(p), Arc::clone(q)).unwrap());
        for (old, new) in [
            (SymbolMean::k3(), SymbolMean::k3 as fn() -> SymbolMean),
            (SymbolMean::control_variate(None), || SymbolMean::control_variate(None)),
        ] {
            for place in [0, 1, 2, 0, 2, 1] {
                let pair = &pairs[place];
                assert_eq!(old.symbol_values(pair), new().symbol_values(pair));
                assert_eq!(old.moments(pair, 7), new().moments(pair, 7));
            }
        }
    }

    #[test]
    fn large_alphabets_do_not_pile_up() {
        let size = MOST_SYMBOLS / 4 + 1;
        let known = KnownValues::default();
        let law = Arc::new(Distribution::of_weights(&vec![1.0 / size as f64; size]).unwrap());
        for _ in 0..6 {
            let model = Arc::new((*law).clone());
            let pair = Pair::new(Arc::clone(&law), model).unwrap();
            let symbols = pair.symbols().unwrap();
            let values = known.get(symbols, || SymbolValues::of(symbols, kl_math::divergence::SymbolFunction::Excess));
            assert!(Arc::ptr_eq(&values, &known.get(symbols, || panic!("they are there"))));
        }
        assert_eq!(known.lock().len(), 3);
    }
}
