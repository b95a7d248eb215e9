//! Binomial numbers, whose law is that of the mathematics to 1e-13 in total variation or better.
//!
//! * [`BinomialTable`]: one law drawn from often: four random bytes and a look into a small table.
//! * [`BinomialLadder`]: one chance of success, any number of tries within a range: tables, made when first needed.
//! * [`BinomialDraw`]: any law at once, in time that does not depend on it.
//!
//! A [`Table`] can be had of any law that is log-concave ([`CountLaw`]).

mod alias;
mod count_law;
mod draw;
mod ladder;
mod table;
mod tail;

pub(super) use alias::Alias;
pub(super) use count_law::CountLaw;
pub(super) use draw::BinomialDraw;
pub(super) use ladder::{BinomialLadder, GROUP, WIDEST};
pub(super) use table::Table;

/// A table of a binomial law.
pub(super) type BinomialTable = Table<kl_math::law::Binomial>;

/// What the tests of this folder share.
#[cfg(test)]
pub(super) mod testing {
    use crate::simulation::stream::{Role, Stream, StreamKey};
    use kl_math::law::Binomial;
    use kl_math::numeric::DoubleDouble;

    pub(in crate::simulation::sampler) fn law(n: u64, success: u64, of: u64) -> Binomial {
        let part = |count| DoubleDouble::ratio(count, of);
        Binomial::new(n, part(success), part(of - success))
    }

    pub(in crate::simulation::sampler) fn stream(seed: u64) -> Stream {
        let source = kl_math::distribution::Distribution::of_weights(&[0.5, 0.5]).unwrap();
        StreamKey::new(seed, Role::Refine, "test", 1, &source).stream(0)
    }

    /// Asserts that `draws` follow `law`: χ² over values and intervals of values whose expected number is at least 20.
    /// A right sampler fails with chance 1e-9 (Laurent & Massart 2000: χ²_k ≥ k + 2√(kx) + 2x with chance ≤ e^−x).
    pub(in crate::simulation::sampler) fn assert_follows(law: &Binomial, draws: &[u64], what: &str) {
        let mut sorted = draws.to_vec();
        sorted.sort_unstable();
        assert!(sorted.last().is_none_or(|&last| law.mass(last) > 0.0 || law.log_mass(last).is_finite()), "{what}");
        let total = draws.len() as f64;
        let reach = 9.0 * law.std_dev() + 9.0;
        let (low, high) = ((law.mean() - reach).max(0.0) as u64, (law.mean() + reach) as u64);
        // At most some two hundred intervals.
        let step = ((high - low) / 200).max(1);
        let (mut start, mut chi_square, mut cells) = (0, 0.0, 0.0f64);
        let mut end = low;
        let mut expected = 0.0;
        loop {
            let stop = if end >= high { u64::MAX } else { end };
            expected += total * law.mass_between(if end == low { 0 } else { end - step + 1 }, stop);
            if expected >= 20.0 || stop == u64::MAX {
                let found = sorted.partition_point(|&x| x <= stop) - sorted.partition_point(|&x| x < start);
                // What is left at the end may be little: its own χ² is not taken where it would be coarse.
                if expected >= 20.0 {
                    chi_square += (found as f64 - expected) * (found as f64 - expected) / expected;
                    cells += 1.0;
                } else {
                    assert!((found as f64) < expected + 60.0, "{what}: {found} beyond {start}, expected {expected}");
                }
                if stop == u64::MAX {
                    break;
                }
                start = stop + 1;
                expected = 0.0;
            }
            end += step;
        }
        let x = 20.7;
        let bound = cells + 2.0 * (cells * x).sqrt() + 2.0 * x;
        assert!(chi_square < bound, "{what}: χ² = {chi_square} of {cells} cells");
    }
}
