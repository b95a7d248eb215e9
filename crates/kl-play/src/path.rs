//! The estimate of one sequence as it grows.

use crate::Coins;
use kl_sim::simulation::path_lengths;

/// The chance to fall below the band, and above it.
const OUTSIDE: f64 = 0.025;

impl Coins {
    /// Of lengths from 1 to `n`: the length, and the ends of the exact band in which L lies with a chance of 95 % or more, where no
    /// more than 2.5 % lie beyond either end.
    pub fn band(&self, n: u64) -> Option<Vec<f64>> {
        let ends = path_lengths(n).into_iter().map(|length| {
            let law = self.law_of_l(length)?;
            Some([length as f64, law.quantile(OUTSIDE)?, law.quantile(1.0 - OUTSIDE)?])
        });
        Some(ends.collect::<Option<Vec<_>>>()?.concat())
    }

    /// The running estimate of a trial at the same lengths, nats per toss.
    pub fn path(&self, seed: u64, trial: u64, n: u64) -> Option<Vec<f64>> {
        let log_ratios = self.pair.log_ratios();
        let tosses = self.toss(seed, trial, n);
        let (mut counts, mut seen) = ([0_u64; 2], 0);
        let estimates = path_lengths(n).into_iter().map(|length| {
            for &symbol in tosses.iter().take(length as usize).skip(seen) {
                *counts.get_mut(symbol as usize)? += 1;
            }
            seen = length as usize;
            let terms = counts.iter().zip(log_ratios).map(|(&count, ratio)| count as f64 * ratio);
            Some(terms.sum::<f64>() / length as f64)
        });
        estimates.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_band_holds_19_of_20() {
        let coins = Coins::of(5_000, 4_000).unwrap();
        let band = coins.band(1_000).unwrap();
        for row in band.chunks_exact(3) {
            let law = coins.law_of_l(row[0] as u64).unwrap();
            let inside = law.within(row[1] - 1e-9, row[2] + 1e-9).unwrap();
            let below = law.within(f64::NEG_INFINITY, row[1] - 1e-9).unwrap();
            let above = law.within(row[2] + 1e-9, f64::INFINITY).unwrap();
            assert!(inside >= 0.95 && below <= 0.025 + 1e-12 && above <= 0.025 + 1e-12, "{row:?}");
        }
        assert_eq!(band[band.len() - 3], 1_000.0);
    }

    #[test]
    fn a_path_ends_at_its_estimate() {
        let coins = Coins::of(5_000, 4_000).unwrap();
        let path = coins.path(57, 7, 10).unwrap();
        // HTTHHHTTHH: 0.0609575 nats per symbol, says `runner replay`.
        assert_eq!(path.len(), 10);
        assert!((path[0] - 0.223_143_551).abs() < 1e-9 && (path[9] - 0.060_957_5).abs() < 1e-7, "{path:?}");
    }
}
