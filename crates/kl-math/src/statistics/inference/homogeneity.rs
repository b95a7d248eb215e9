//! Whether two histograms are of one law.

/// A p-value of two samples, by how many values of each fall into the same bins: never below the truth if all values are
/// independent and of one law, whatever that is.
///
/// Given how many values of both together lie in a bin, those of the second sample are hypergeometric, and so are those up
/// to each edge. Their tails stay below Chernoff's bound for the binomial law, 2 exp(−k KL(b/k ‖ B/(A + B))) for b of k values
/// from the second sample (Hoeffding 1963, theorem 4), and below the one with the parts of bin and sample exchanged. The
/// smallest of these bounds times their number bounds the chance that any is so small (Bonferroni). None without values in
/// both samples, or where there is but one bin.
///
/// ```
/// use kl_math::statistics::homogeneity;
/// assert_eq!(homogeneity(&[250, 500, 250], &[26, 49, 25]), Some(1.0));
/// assert!(homogeneity(&[250, 500, 250], &[450, 300, 250]).expect("three bins") < 1e-9);
/// assert_eq!(homogeneity(&[5], &[7]), None);
/// ```
pub fn homogeneity(first: &[u64], second: &[u64]) -> Option<f64> {
    let whole = (total(first), total(second));
    if whole.0 == 0 || whole.1 == 0 || first.len() != second.len() || first.len() < 2 {
        return None;
    }
    let (mut smallest, mut tests) = (1.0f64, 0.0);
    let mut below = (0, 0);
    for (place, (&a, &b)) in first.iter().zip(second).enumerate() {
        let (a, b) = (u128::from(a), u128::from(b));
        // A bin without values is none.
        if a + b > 0 {
            smallest = smallest.min(two_sided_tail((a, b), whole));
            tests += 1.0;
        }
        below = (below.0 + a, below.1 + b);
        // Up to the first edge is the first bin, and beyond the last but one the last.
        if place > 0 && place + 2 < first.len() && below != (0, 0) && below != whole {
            smallest = smallest.min(two_sided_tail(below, whole));
            tests += 1.0;
        }
    }
    Some((smallest * tests).min(1.0))
}

fn total(counts: &[u64]) -> u128 {
    counts.iter().map(|&count| u128::from(count)).sum()
}

/// Twice a bound of the probability that a bin has at least (or at most) this many values of the second sample, given those of both.
fn two_sided_tail((a, b): (u128, u128), (first, second): (u128, u128)) -> f64 {
    let all = (first + second) as f64;
    let inside = (a + b) as f64;
    // The values of the bin, drawn from two samples; or a sample, drawn from the values inside and outside of the bin.
    let by_bin = exponent(b as f64, inside, second as f64 / all);
    let by_first = exponent(a as f64, first as f64, inside / all);
    let by_second = exponent(b as f64, second as f64, inside / all);
    (2.0 * libm::exp(-by_bin.max(by_first).max(by_second))).min(1.0)
}

/// n KL(x/n ‖ p), less what rounding may have added.
fn exponent(x: f64, n: f64, p: f64) -> f64 {
    /// What rounding may do to a ratio of counts and to a logarithm, as a part of their size.
    const ROUNDING: f64 = 2e-15;
    let term = |part: f64, mass: f64| if part > 0.0 { part * libm::log(part / mass) } else { 0.0 };
    let (inside, outside) = (term(x / n, p), term((n - x) / n, 1.0 - p));
    let error = ROUNDING * (inside.abs() + outside.abs() + 2.0);
    (n * (inside + outside - error)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ln(n choose k).
    fn choose(n: u64, k: u64) -> f64 {
        (0..k).map(|i| libm::log((n - i) as f64 / (i + 1) as f64)).sum()
    }

    /// Every pair of samples of at most nine values: bounds are above the sums of the hypergeometric law.
    #[test]
    fn tails_are_above_those_of_the_hypergeometric_law() {
        for first in 1..=9u64 {
            for second in 1..=9u64 {
                for inside in 1..first + second {
                    let most = inside.min(second);
                    let least = inside.saturating_sub(first);
                    let mass = |b: u64| {
                        let ways = choose(second, b) + choose(first, inside - b);
                        libm::exp(ways - choose(first + second, inside))
                    };
                    for b in least..=most {
                        let (lower, upper): (f64, f64) = ((least..=b).map(mass).sum(), (b..=most).map(mass).sum());
                        let whole = (u128::from(first), u128::from(second));
                        let bound = two_sided_tail((u128::from(inside - b), u128::from(b)), whole);
                        let truth = (2.0 * lower.min(upper)).min(1.0);
                        assert!(bound >= truth * (1.0 - 1e-9), "{first} {second} {inside} {b}: {bound} below {truth}");
                    }
                }
            }
        }
    }

    /// One-sided p-values of Fisher's exact test, summed with mpmath at 15 digits: of b or more in the second sample.
    #[test]
    fn bounds_are_near_exact_tails() {
        for ((a, b), (first, second), exact) in [
            ((10, 30), (1_000, 1_000), 1.004_166_780_915_01e-3),
            ((1, 3), (4, 4), 0.242_857_142_857_143),
            ((480, 620), (10_000, 10_000), 7.929_580_475_142_99e-6),
        ] {
            let bound = two_sided_tail((a, b), (first, second));
            assert!(bound >= 2.0 * exact && bound < 40.0 * exact, "{bound:e} for {exact:e}");
        }
    }

    #[test]
    fn large_counts_are_no_news() {
        let whole = 1_000_000_000_000_000u64;
        assert_eq!(homogeneity(&[whole / 2, whole / 2], &[whole / 2, whole / 2]), Some(1.0));
        assert!(homogeneity(&[whole / 2, whole / 2], &[whole / 2 + whole / 1_000_000, whole / 2]).unwrap() < 1e-50);
        // Two standard deviations.
        let off = 63_000_000;
        assert!(homogeneity(&[whole / 2, whole / 2], &[whole / 2 + off, whole / 2 - off]).unwrap() > 0.01);
    }
}
