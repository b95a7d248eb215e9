//! Single numbers of the standard laws, each from one stream.
//!
//! Every sampler is exact up to the rounding of doubles; each says what that comes to.

mod base_sampler;
mod batch;
mod branchless;
mod cauchy;
mod exponential;
mod gamma;
mod laplace;
mod layers;
mod log_gamma;
mod log_odds;
mod mixture;
mod negative_binomial;
mod normal;
mod poisson;
mod truncated_normal;
mod uniform;

pub(super) use base_sampler::BaseSampler;
pub use exponential::exponential;
pub(super) use gamma::Gamma;
pub(super) use negative_binomial::NegativeBinomial;
pub use normal::normal;
pub(super) use poisson::Poisson;

#[cfg(test)]
mod tests;

/// What the tests of this folder share.
#[cfg(test)]
mod testing {
    use crate::simulation::stream::{Role, Stream, StreamKey};

    pub(super) fn stream() -> Stream {
        let source = kl_math::distribution::Distribution::of_weights(&[0.5, 0.5]).unwrap();
        StreamKey::new(57, Role::Source, "sequence", 10, &source).stream(0)
    }

    /// Asserts that `draws` follow the law whose chance of at most `edges[i]` is `chances[i]`, both rising: χ² over the
    /// intervals between edges, put together until each is expected to hold at least 20. A right sampler fails with
    /// chance 1e-9 (Laurent & Massart 2000: χ²_k ≥ k + 2√(kx) + 2x with chance ≤ e^−x).
    pub(super) fn assert_follows(draws: impl Iterator<Item = f64>, edges: &[f64], chances: &[f64], what: &str) {
        assert_eq!(edges.len(), chances.len());
        let mut found = vec![0u64; edges.len() + 1];
        for draw in draws {
            assert!(!draw.is_nan(), "{what}");
            found[edges.partition_point(|&edge| edge < draw)] += 1;
        }
        assert_counts_follow(&found, chances, what);
    }

    /// The same for counts of the intervals. Returns χ² and its degrees of freedom.
    pub(super) fn assert_counts_follow(found: &[u64], chances: &[f64], what: &str) -> (f64, f64) {
        let total = found.iter().sum::<u64>() as f64;
        let (mut chi_square, mut freedom, mut low, mut here) = (0.0, -1.0f64, 0.0, 0);
        for (interval, count) in found.iter().enumerate() {
            here += count;
            let is_last = interval == chances.len();
            let high = if is_last { 1.0 } else { chances[interval] };
            let expected = total * (high - low);
            if is_last || (expected >= 20.0 && total * (1.0 - high) >= 20.0) {
                assert!(expected >= 20.0, "{what}: {expected}");
                chi_square += (here as f64 - expected) * (here as f64 - expected) / expected;
                freedom += 1.0;
                (low, here) = (high, 0);
            }
        }
        let x = 20.7;
        let bound = freedom + 2.0 * (freedom * x).sqrt() + 2.0 * x;
        assert!(freedom > 0.0 && chi_square < bound, "{what}: χ² = {chi_square} of {freedom} degrees of freedom");
        (chi_square, freedom)
    }

    /// For a law of counts, k + ½ and P(X ≤ k) for k up to 9 deviations beyond the mean, in some 400 steps.
    pub(super) fn count_chances(log_mass: impl Fn(f64) -> f64, mean: f64, deviation: f64) -> (Vec<f64>, Vec<f64>) {
        let step = (deviation / 40.0).max(1.0) as u64;
        let (mut edges, mut chances, mut sum) = (Vec::new(), Vec::new(), 0.0);
        for k in 0..=(mean + 9.0 * deviation + 9.0) as u64 {
            sum += libm::exp(log_mass(k as f64));
            if k % step == 0 {
                edges.push(k as f64 + 0.5);
                chances.push(sum);
            }
        }
        (edges, chances)
    }

    /// For the gamma law, P(G ≤ e^y) = e^{ay − x}/Γ(a + 1) Σ xⁿ/((a+1)…(a+n)), x = e^y.
    pub(super) fn gamma_chance(shape: f64, log: f64) -> f64 {
        let x = libm::exp(log);
        let (mut term, mut sum, mut n) = (1.0, 1.0, 1.0);
        while term > 1e-17 * sum {
            term *= x / (shape + n);
            sum += term;
            n += 1.0;
        }
        libm::exp(shape * log - x - libm::lgamma(shape + 1.0) + libm::log(sum))
    }

    /// ln of some points between which the chances are much alike: of the smallest numbers, and by Wilson & Hilferty.
    pub(super) fn gamma_edges(shape: f64) -> Vec<f64> {
        let low = (1..64).map(|part| (libm::log(f64::from(part) / 64.0) + libm::lgamma(shape + 1.0)) / shape);
        let high = (-90..=90).map(|step| {
            let root = 1.0 - 1.0 / (9.0 * shape) + f64::from(step) / (20.0 * 3.0 * shape.sqrt());
            libm::log(shape) + 3.0 * libm::log(root.max(1e-3))
        });
        let mut edges: Vec<f64> = if shape < 2.0 { low.chain(high).collect() } else { high.collect() };
        edges.sort_unstable_by(f64::total_cmp);
        edges.dedup();
        edges
    }
}
