//! How an estimate follows from counts.

use super::table::Table;
use kl_math::numeric::{digamma, digamma_gap};
use kl_math::statistics::each_occurring;
use std::sync::OnceLock;

/// What stands for the logarithms in Σ (n/N)(ln(n/N) − ln q).
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    /// Σ (nᵢ+a)(φ(nᵢ+a) − χᵢ)/(N+aK) − Φ(N+aK), where χᵢ stands for ln qᵢ.
    Logs(Logs),
    /// Σ C p̂ ln(C p̂)/(1 − (1 − C p̂)ᴺ) − Σ p̂ χ, with C = 1 − f₁/N.
    Coverage,
    /// Σ p̃ (ln p̃ − χ), with p̃ = λ/K + (1−λ) p̂.
    Shrinkage,
}

/// A pseudo-count and what stands for the logarithm of a count and of their sum.
#[derive(Clone, Copy, Debug)]
pub(super) struct Logs {
    /// a, added to each count.
    pub(super) pseudo: f64,
    /// φ or χ.
    pub(super) of_count: fn(f64) -> f64,
    /// Φ, of the sum.
    pub(super) of_length: fn(f64) -> f64,
}

impl Logs {
    /// Plain logarithms.
    pub(super) const PLAIN: Self = Self { pseudo: 0.0, of_count: libm::log, of_length: libm::log };
    /// ψ.
    pub(super) const DIGAMMA: Self = Self { pseudo: 0.0, of_count: digamma, of_length: digamma };

    /// The same for the sum as for a count.
    pub(super) const fn same(of_count: fn(f64) -> f64) -> Self {
        Self { pseudo: 0.0, of_count, of_length: of_count }
    }
}

/// ln n − 1/(2n): what Miller and Madow's correction makes of a logarithm.
pub(super) fn less_half(n: f64) -> f64 {
    libm::log(n) - 0.5 / n
}

/// n ln n − (n−1) ln(n−1): what leaving out one symbol at a time makes of a logarithm; 0 for n = 1.
pub(super) fn log_step(n: f64) -> f64 {
    if n <= 1.0 { 0.0 } else { libm::log(n) + (n - 1.0) * libm::log1p(1.0 / (n - 1.0)) }
}

/// G(n) = ψ(n) + (−1)ⁿ ½ [ψ((n+1)/2) − ψ(n/2)].
pub(super) fn alternating(n: f64) -> f64 {
    let half = 0.5 * digamma_gap(0.5 * n, 0.5);
    digamma(n) + if n % 2.0 == 0.0 { half } else { -half }
}

/// φ(w) of a count, or w φ(w), w = n + a.
fn of_count(logs: Logs, is_weighted: bool) -> impl Fn(u64) -> f64 + Send + Sync + 'static {
    move |count| {
        let weight = count as f64 + logs.pseudo;
        match is_weighted {
            true if weight == 0.0 => 0.0,
            true => weight * (logs.of_count)(weight),
            false => (logs.of_count)(weight),
        }
    }
}

/// A rule at work on sequences of one length at most. What is computed of one trial is there for the next.
#[derive(Debug)]
pub(super) struct Evaluator {
    /// The length, the size of the alphabet, and what the rule makes of both.
    length: u64,
    alphabet: usize,
    total: Total,
    with: With,
}

/// What a rule needs.
#[derive(Debug)]
enum With {
    Logs {
        logs: Logs,
        weighted: Table,
    },
    /// Of the same number of symbols seen once, seen ln seen/chance of each count.
    Coverage(Box<[OnceLock<Table>]>),
    /// Nothing: the shares of one trial are those of few others.
    Shrinkage,
}

/// N + aK and its Φ.
#[derive(Clone, Copy, Debug)]
struct Total {
    total: f64,
    log: f64,
}

impl Total {
    fn new(logs: Logs, n: u64, alphabet: usize) -> Self {
        let total = n as f64 + logs.pseudo * alphabet as f64;
        Self { total, log: (logs.of_length)(total) }
    }
}

/// Samples with more symbols that were seen once have no tables.
const ONCE: u64 = 64;

impl Evaluator {
    /// For sequences of at most `n` symbols of an alphabet of that size.
    pub(super) fn new(rule: Rule, n: u64, alphabet: usize) -> Self {
        let (logs, with) = match rule {
            Rule::Logs(logs) => (logs, With::Logs { logs, weighted: Table::new(n, of_count(logs, true)) }),
            Rule::Coverage => {
                (Logs::PLAIN, With::Coverage((0..=n.min(ONCE).min(alphabet as u64)).map(|_| OnceLock::new()).collect()))
            }
            Rule::Shrinkage => (Logs::PLAIN, With::Shrinkage),
        };
        Self { length: n, alphabet, total: Total::new(logs, n, alphabet), with }
    }

    /// The estimate from these counts of `n` symbols, with what stands for ln q of each symbol, −∞ where it is ruled out.
    /// +∞ where such a symbol has weight.
    pub(super) fn estimate(&self, counts: &[u64], n: u64, model_log: impl Fn(usize) -> f64) -> f64 {
        match &self.with {
            With::Logs { logs, weighted } => {
                let mut sum = 0.0;
                let mut add = |symbol, count| {
                    let weight = count as i64 as f64 + logs.pseudo;
                    sum += weighted.get(count) - weight * model_log(symbol);
                };
                if logs.pseudo > 0.0 {
                    counts.iter().enumerate().for_each(|(symbol, &count)| add(symbol, count));
                } else {
                    each_occurring(counts, add);
                }
                let is_whole = n == self.length && counts.len() == self.alphabet;
                let Total { total, log } = if is_whole { self.total } else { Total::new(*logs, n, counts.len()) };
                sum / total - log
            }
            With::Coverage(tables) => {
                let once = counts.iter().filter(|&&count| count == 1).count() as u64;
                // A sample of symbols seen once each would have no coverage at all.
                let once = if once == n { n - 1 } else { once };
                let part = coverage_part(n, once);
                let table = tables
                    .get(once as usize)
                    .filter(|_| n == self.length)
                    .map(|slot| slot.get_or_init(|| Table::new(n, coverage_part(n, once))));
                let length = n as f64;
                let mut sum = 0.0;
                each_occurring(counts, |symbol, count| {
                    let seen = table.map_or_else(|| part(count), |table| table.get(count));
                    sum += seen - count as f64 / length * model_log(symbol);
                });
                sum
            }
            With::Shrinkage => {
                let (intensity, length) = (shrinkage_intensity(counts, n), n as f64);
                let uniform = intensity / counts.len() as f64;
                let share = |count: u64| uniform + (1.0 - intensity) * (count as i64 as f64 / length);
                let shares = counts.iter().map(|&count| share(count)).enumerate().filter(|(_, share)| *share > 0.0);
                shares.map(|(symbol, share)| share * (libm::log(share) - model_log(symbol))).sum()
            }
        }
    }

    /// The size of the numbers that an estimate is computed from: its rounding is some 1e-16 of it.
    pub(super) fn size(&self, model_logs: f64) -> f64 {
        1.0 + libm::log(self.total.total).abs() + model_logs
    }
}

/// C p̂ ln(C p̂)/(1 − (1 − C p̂)ᴺ) of a count, of `n` symbols of which `once` were seen once.
fn coverage_part(n: u64, once: u64) -> impl Fn(u64) -> f64 + Send + Sync + 'static {
    let length = n as f64;
    let coverage = (n - once) as f64 / length;
    move |count| {
        let share = count as f64 / length;
        let seen = coverage * share;
        let chance = -libm::expm1(length * libm::log1p(-seen));
        seen * libm::log(seen) / chance
    }
}

/// λ = Σ p̂(1−p̂)/[(n−1) Σ (1/K − p̂)²], at most 1: the intensity that is best in the mean square, estimated; 1 of one symbol, and of
/// counts that are all the same.
///
/// In whole numbers, with S = Σ nᵢ²: λ = K (n² − S)/[(n−1)(K S − n²)]. Lengths are up to 10¹² and alphabets up to 2²⁴, so that none
/// is beyond 2¹²⁸.
pub(super) fn shrinkage_intensity(counts: &[u64], n: u64) -> f64 {
    let squares: u128 = counts.iter().map(|&count| u128::from(count) * u128::from(count)).sum();
    let (symbols, square) = (counts.len() as u128, u128::from(n) * u128::from(n));
    let spread = (symbols * squares).saturating_sub(square);
    if n <= 1 || spread == 0 {
        return 1.0;
    }
    let variance = (symbols * square.saturating_sub(squares)) as f64;
    (variance / ((n - 1) as f64 * spread as f64)).min(1.0)
}

/// The logarithm of each symbol, from a list of them.
pub(super) fn log_of(logs: &[f64]) -> impl Fn(usize) -> f64 + '_ {
    |symbol| logs.get(symbol).copied().unwrap_or(f64::NEG_INFINITY)
}

/// What stands for ln q where Q is known by a sample.
#[derive(Debug)]
pub(super) struct ModelLogs {
    counts: Table,
    total: Total,
}

impl ModelLogs {
    /// From samples of `m` symbols of an alphabet of that size.
    pub(super) fn new(logs: Logs, m: u64, alphabet: usize) -> Self {
        Self { counts: Table::new(m, of_count(logs, false)), total: Total::new(logs, m, alphabet) }
    }

    /// What stands for ln q of each symbol of a sample with these counts.
    pub(super) fn of<'a>(&'a self, counts: &'a [u64]) -> impl Fn(usize) -> f64 + 'a {
        move |symbol| self.counts.get(counts.get(symbol).copied().unwrap_or(0)) - self.total.log
    }

    /// The largest size of such a number, −∞ aside.
    pub(super) fn size(&self) -> f64 {
        1.0 + 2.0 * libm::log(self.total.total).abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digamma form of Zhang's entropy is his product sum Σᵥ (1/v) Σᵢ p̂ᵢ Πⱼ₌₀ᵛ⁻¹ (1 − (nᵢ−1)/(N−1−j)), v = 1 … N−nᵢ.
    #[test]
    fn the_digamma_form_is_zhangs_product_sum() {
        for counts in [&[3u64, 5, 0, 1][..], &[1, 1, 1], &[7, 0], &[1], &[30, 2, 9, 1, 1]] {
            let n: u64 = counts.iter().sum();
            let product_sum: f64 = counts
                .iter()
                .filter(|&&count| count > 0)
                .map(|&count| {
                    let (mut sum, mut product) = (0.0, 1.0);
                    for v in 1..=n - count {
                        product *= 1.0 - (count - 1) as f64 / (n - v) as f64;
                        sum += product / v as f64;
                    }
                    count as f64 / n as f64 * sum
                })
                .sum();
            let evaluator = Evaluator::new(Rule::Logs(Logs::DIGAMMA), n, counts.len());
            let entropy = -evaluator.estimate(counts, n, |_| 0.0);
            assert!((entropy - product_sum).abs() < 1e-14, "{counts:?}: {entropy} {product_sum}");
        }
    }

    #[test]
    fn the_jackknife_is_that_of_leaving_out_one_symbol() {
        let plug_in = |counts: &[u64]| {
            let n: u64 = counts.iter().sum();
            let shares = counts.iter().filter(|&&count| count > 0).map(|&count| count as f64 / n as f64);
            -shares.map(|share| share * libm::log(share)).sum::<f64>()
        };
        for counts in [&[3u64, 5, 0, 1][..], &[1, 1], &[7, 0], &[300, 2, 90, 1, 1]] {
            let n: u64 = counts.iter().sum();
            let left_out: f64 = (0..counts.len())
                .filter(|&symbol| counts[symbol] > 0)
                .map(|symbol| {
                    let mut fewer = counts.to_vec();
                    fewer[symbol] -= 1;
                    counts[symbol] as f64 * plug_in(&fewer)
                })
                .sum();
            let direct = n as f64 * plug_in(counts) - (n - 1) as f64 / n as f64 * left_out;
            let evaluator = Evaluator::new(Rule::Logs(Logs::same(log_step)), n, counts.len());
            let found = -evaluator.estimate(counts, n, |_| 0.0);
            assert!((found - direct).abs() < 1e-12 * n as f64, "{counts:?}: {found} {direct}");
        }
    }

    /// C = 1/4 with f₁ = 3 for 4: four shares of 1/16, each weighted by its chance to be seen, 1 − (15/16)⁴.
    #[test]
    fn a_sample_of_symbols_seen_once_each_has_a_coverage_of_one_nth() {
        let estimate = |counts: &[u64]| {
            let n = counts.iter().sum();
            Evaluator::new(Rule::Coverage, n, counts.len()).estimate(counts, n, |_| 0.0)
        };
        assert!((estimate(&[1, 1, 0, 1, 1]) + 3.046_482_035_086_619).abs() < 1e-14);
        // One symbol covers all there is.
        assert_eq!(estimate(&[0, 1]), 0.0);
    }

    /// λ of James and Stein's shrinkage by its definition, and at its limits.
    #[test]
    fn the_intensity_of_shrinkage_is_that_of_the_paper() {
        for counts in [&[4u64, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1][..], &[7, 2], &[1, 0, 1], &[30, 1, 1, 1]] {
            let n: u64 = counts.iter().sum();
            let (length, target) = (n as f64, 1.0 / counts.len() as f64);
            let shares = || counts.iter().map(|&count| count as f64 / length);
            let variance: f64 = shares().map(|share| share * (1.0 - share)).sum::<f64>() / (length - 1.0);
            let spread: f64 = shares().map(|share| (target - share) * (target - share)).sum();
            let expected = (variance / spread).min(1.0);
            let found = shrinkage_intensity(counts, n);
            assert!((found - expected).abs() < 1e-15, "{counts:?}: {found} {expected}");
        }
        for (counts, expected) in [(&[1u64, 0, 0][..], 1.0), (&[5, 5], 1.0), (&[9, 0], 0.0), (&[6], 1.0)] {
            assert_eq!(shrinkage_intensity(counts, counts.iter().sum()), expected, "{counts:?}");
        }
        let longest = 1_000_000_000_000;
        assert_eq!(shrinkage_intensity(&[longest - 1, 1], longest), 4.0 / (999_999_999_998.0 * 999_999_999_998.0));
    }

    /// For sequences of one length, of less than the longest, and of another alphabet.
    #[test]
    fn tables_change_no_bit() {
        let plus_half = Logs { pseudo: 0.5, ..Logs::PLAIN };
        let logs = [Logs::PLAIN, Logs::DIGAMMA, Logs::same(alternating), plus_half].map(Rule::Logs);
        for counts in [&[13u64, 0, 7, 1, 1, 2][..], &[1, 1, 1], &[24, 0, 0, 0]] {
            for rule in logs.into_iter().chain([Rule::Coverage, Rule::Shrinkage]) {
                let n = counts.iter().sum();
                let estimate = |most, alphabet| {
                    let evaluator = Evaluator::new(rule, most, alphabet);
                    let first = evaluator.estimate(counts, n, |_| -1.5).to_bits();
                    assert_eq!(evaluator.estimate(counts, n, |_| -1.5).to_bits(), first);
                    first
                };
                assert_eq!(estimate(n, counts.len()), estimate(1_000, 2), "{rule:?} {counts:?}");
            }
        }
    }
}
