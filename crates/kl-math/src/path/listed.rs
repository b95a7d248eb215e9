//! The law of an estimate by all sequences.

use super::estimate::PathEstimate;
use super::walk::PathWalk;
use crate::law::ListedLaw;
use crate::numeric::DoubleDouble;

impl PathEstimate {
    /// The exact law from `n` symbols, by all Kᴺ sequences; none of more than `most`.
    pub fn law(&self, n: u64, most: u64) -> Option<ListedLaw> {
        let symbols = self.laws().symbols() as u128;
        let length = u32::try_from(n).ok()?;
        let is_few = symbols.checked_pow(length).is_some_and(|all| all <= u128::from(most));
        if n == 0 || !is_few || !self.has_length(n) || symbols < 2 {
            return None;
        }
        let mut paths = vec![(PathWalk::new(self), 0, DoubleDouble::ONE)];
        for _ in 0..n {
            paths = paths.iter().flat_map(|(walk, row, mass)| self.longer(walk, *row, *mass)).collect();
        }
        let values: Vec<(f64, DoubleDouble)> = paths.iter().map(|(walk, _, mass)| (walk.estimate(), *mass)).collect();
        if values.iter().any(|(value, _)| !value.is_finite()) {
            return None;
        }
        let size = values.iter().fold(0.0, |size, (value, _)| f64::max(size, value.abs()));
        Some(ListedLaw::new(values, size))
    }

    /// The walk with each symbol that may come next.
    fn longer(&self, walk: &PathWalk, row: usize, mass: DoubleDouble) -> Vec<(PathWalk, usize, DoubleDouble)> {
        let events = self.laws().row(row).iter().enumerate().filter(|(_, event)| event.can_happen());
        let longer = |(symbol, event): (usize, &super::laws::Event)| {
            let mut longer = walk.clone();
            longer.push(symbol);
            (longer, self.laws().after(symbol), mass * event.drawn)
        };
        events.map(longer).collect()
    }
}
