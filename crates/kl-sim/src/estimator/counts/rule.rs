//! How an estimate follows from counts.

use kl_math::numeric::{digamma, digamma_gap};

/// What stands for the logarithms in Σ (n/N)(ln(n/N) − ln q).
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    /// Σ (nᵢ+a)(φ(nᵢ+a) − χᵢ)/(N+aK) − Φ(N+aK), where χᵢ stands for ln qᵢ.
    Logs(Logs),
    /// Σ C p̂ ln(C p̂)/(1 − (1 − C p̂)ᴺ) − Σ p̂ χ, with C = 1 − f₁/N.
    Coverage,
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

/// Counts up to this have their logarithm in a table.
const TABLED: u64 = 1 << 10;

/// A function of a count, from a table where counts are small: it is the same number either way.
#[derive(Clone, Debug)]
struct Table {
    of: Logs,
    /// Whether the number is w φ(w) and not φ(w), w = n + a.
    is_weighted: bool,
    values: Vec<f64>,
}

impl Table {
    fn new(of: Logs, is_weighted: bool, most: u64) -> Self {
        let mut table = Self { of, is_weighted, values: Vec::new() };
        if most <= TABLED {
            table.values = (0..=most).map(|count| table.computed(count)).collect();
        }
        table
    }

    fn computed(&self, count: u64) -> f64 {
        let weight = count as f64 + self.of.pseudo;
        match self.is_weighted {
            true if weight == 0.0 => 0.0,
            true => weight * (self.of.of_count)(weight),
            false => (self.of.of_count)(weight),
        }
    }

    fn get(&self, count: u64) -> f64 {
        usize::try_from(count)
            .ok()
            .and_then(|place| self.values.get(place))
            .copied()
            .unwrap_or_else(|| self.computed(count))
    }
}

/// A rule at work on sequences of one length at most.
#[derive(Clone, Debug)]
pub(super) struct Evaluator {
    rule: Rule,
    weighted: Table,
}

impl Evaluator {
    /// For sequences of at most `n` symbols.
    pub(super) fn new(rule: Rule, n: u64) -> Self {
        let (logs, most) = match rule {
            Rule::Logs(logs) => (logs, n),
            Rule::Coverage => (Logs::PLAIN, u64::MAX),
        };
        Self { rule, weighted: Table::new(logs, true, most) }
    }

    /// The estimate from these counts of `n` symbols, with what stands for ln q of each symbol, −∞ where it is ruled out.
    /// +∞ where such a symbol has weight.
    pub(super) fn estimate(&self, counts: &[u64], n: u64, model_logs: impl Iterator<Item = f64>) -> f64 {
        let length = n as f64;
        match self.rule {
            Rule::Logs(logs) => {
                let mut sum = 0.0;
                for (&count, log) in counts.iter().zip(model_logs) {
                    let weight = count as i64 as f64 + logs.pseudo;
                    if weight > 0.0 {
                        sum += self.weighted.get(count) - weight * log;
                    }
                }
                let total = length + logs.pseudo * counts.len() as f64;
                sum / total - (logs.of_length)(total)
            }
            Rule::Coverage => {
                let once = counts.iter().filter(|&&count| count == 1).count() as u64;
                // A sample of symbols seen once each would have no coverage at all.
                let once = if once == n { n - 1 } else { once };
                let coverage = (n - once) as f64 / length;
                let term = |count: u64, log: f64| {
                    let share = count as f64 / length;
                    let seen = coverage * share;
                    let chance = -libm::expm1(length * libm::log1p(-seen));
                    seen * libm::log(seen) / chance - share * log
                };
                counts
                    .iter()
                    .zip(model_logs)
                    .filter(|(count, _)| **count > 0)
                    .map(|(&count, log)| term(count, log))
                    .sum()
            }
        }
    }

    /// The size of the numbers that an estimate is computed from: its rounding is some 1e-16 of it.
    pub(super) fn size(&self, n: u64, alphabet: usize, model_logs: f64) -> f64 {
        let total = match self.rule {
            Rule::Logs(logs) => n as f64 + logs.pseudo * alphabet as f64,
            Rule::Coverage => n as f64,
        };
        1.0 + libm::log(total).abs() + model_logs
    }
}

/// What stands for ln q where Q is known by a sample.
#[derive(Clone, Debug)]
pub(super) struct ModelLogs {
    logs: Logs,
    counts: Table,
    m: u64,
}

impl ModelLogs {
    /// From samples of `m` symbols.
    pub(super) fn new(logs: Logs, m: u64) -> Self {
        Self { logs, counts: Table::new(logs, false, m), m }
    }

    /// What stands for ln q of each symbol.
    pub(super) fn of<'a>(&'a self, counts: &'a [u64]) -> impl Iterator<Item = f64> + 'a {
        let whole = (self.logs.of_length)(self.m as f64 + self.logs.pseudo * counts.len() as f64);
        counts.iter().map(move |&count| self.counts.get(count) - whole)
    }

    /// The largest size of such a number, −∞ aside.
    pub(super) fn size(&self, alphabet: usize) -> f64 {
        1.0 + 2.0 * libm::log(self.m as f64 + self.logs.pseudo * alphabet as f64).abs()
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
            let evaluator = Evaluator::new(Rule::Logs(Logs::DIGAMMA), n);
            let entropy = -evaluator.estimate(counts, n, std::iter::repeat(0.0));
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
            let evaluator = Evaluator::new(Rule::Logs(Logs::same(log_step)), n);
            let found = -evaluator.estimate(counts, n, std::iter::repeat(0.0));
            assert!((found - direct).abs() < 1e-12 * n as f64, "{counts:?}: {found} {direct}");
        }
    }

    /// C = 1/4 with f₁ = 3 for 4: four shares of 1/16, each weighted by its chance to be seen, 1 − (15/16)⁴.
    #[test]
    fn a_sample_of_symbols_seen_once_each_has_a_coverage_of_one_nth() {
        let estimate = |counts: &[u64]| {
            let n = counts.iter().sum();
            Evaluator::new(Rule::Coverage, n).estimate(counts, n, std::iter::repeat(0.0))
        };
        assert!((estimate(&[1, 1, 0, 1, 1]) + 3.046_482_035_086_619).abs() < 1e-14);
        // One symbol covers all there is.
        assert_eq!(estimate(&[0, 1]), 0.0);
    }

    #[test]
    fn tables_change_no_bit() {
        let counts = [13u64, 0, 7, 1, 1, 2];
        for logs in [Logs::PLAIN, Logs::DIGAMMA, Logs::same(alternating), Logs { pseudo: 0.5, ..Logs::PLAIN }] {
            let estimate =
                |most| Evaluator::new(Rule::Logs(logs), most).estimate(&counts, 24, std::iter::repeat(-1.5)).to_bits();
            assert_eq!(estimate(24), estimate(TABLED + 1));
        }
    }
}
