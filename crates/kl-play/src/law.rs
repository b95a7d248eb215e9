//! The exact law of the estimate.

use crate::Coins;

impl Coins {
    /// Of each bin of L: its least value, its largest, and its probability. Where atoms are few a bin is an atom.
    pub fn law(&self, n: u64) -> Option<Vec<f64>> {
        let bins = self.bins(n)?;
        let rows = bins.bins().iter().map(|bin| Some([bin.lower, bin.upper, bin.mass?]));
        Some(rows.collect::<Option<Vec<_>>>()?.concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_masses_sum_to_1() {
        for (p, q, n) in [(5_000, 4_000, 10), (5_000, 4_000, 10_000), (1, 9_999, 100), (5_000, 5_000, 3)] {
            let law = Coins::of(p, q).unwrap().law(n).unwrap();
            let total: f64 = law.chunks_exact(3).map(|row| row[2]).sum();
            assert!((total - 1.0).abs() < 1e-9, "{p} {q} {n}: {total}");
        }
    }
}
