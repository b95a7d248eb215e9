//! The chance that a sample from Q lacks a symbol that a sequence from P has.

use crate::numeric::DoubleDouble;

/// P(some symbol is among n from P and not among m from Q), with their probabilities symbol by symbol.
///
/// Over the sets u of P's K symbols that Q's sample lacks, Σ P(u) (1 − P(no symbol of u among n)); P(u) by inclusion and
/// exclusion over the larger sets, in [`DoubleDouble`]: right to some 2ᴷ 1e-28, and never below the chance of the likeliest
/// symbol alone. Takes K 2ᴷ steps; none for K > 20.
///
/// ```
/// use kl_math::law::unseen_mass;
/// use kl_math::numeric::DoubleDouble;
/// let coin = [DoubleDouble::ratio(1, 2); 2];
/// // One toss each: the other side is up.
/// assert_eq!(unseen_mass(&coin, 1, &coin, 1).map(DoubleDouble::to_f64), Some(0.5));
/// ```
pub fn unseen_mass(source: &[DoubleDouble], n: u64, model: &[DoubleDouble], m: u64) -> Option<DoubleDouble> {
    const MOST_SYMBOLS: usize = 20;
    let possible: Vec<(DoubleDouble, DoubleDouble)> =
        source.iter().copied().zip(model.iter().copied()).filter(|(p, _)| *p > DoubleDouble::ZERO).collect();
    if possible.len() > MOST_SYMBOLS {
        return None;
    }
    let sets = 1usize << possible.len();
    let outside = |set: usize, mass: &dyn Fn(usize) -> DoubleDouble| -> DoubleDouble {
        (0..possible.len()).filter(|symbol| set >> symbol & 1 == 0).map(mass).sum()
    };
    // What Q can produce and P cannot is always outside.
    let others: DoubleDouble =
        source.iter().zip(model).filter(|(p, _)| **p == DoubleDouble::ZERO).map(|(_, &q)| q).sum();
    let lacks_all = |set: usize| power(outside(set, &|symbol| possible[symbol].1) + others, m);
    let mut chances: Vec<DoubleDouble> = (0..sets).map(lacks_all).collect();
    for symbol in 0..possible.len() {
        for set in (0..sets).filter(|set| set >> symbol & 1 == 0) {
            let larger = chances[set | 1 << symbol];
            chances[set] = chances[set] - larger;
        }
    }
    let seen = |set: usize| DoubleDouble::ONE - power(outside(set, &|symbol| possible[symbol].0), n);
    let sum: DoubleDouble = chances.iter().enumerate().map(|(set, &chance)| chance * seen(set)).sum();
    let alone = |&(p, q): &(DoubleDouble, DoubleDouble)| {
        let (seen, unseen) = (-libm::expm1(n as f64 * libm::log1p(-p.to_f64())), m as f64 * libm::log1p(-q.to_f64()));
        seen * libm::exp(unseen)
    };
    let least = DoubleDouble::from(possible.iter().map(alone).fold(0.0, f64::max));
    let sum = if sum < least { least } else { sum };
    Some(if sum > DoubleDouble::ONE { DoubleDouble::ONE } else { sum })
}

/// By squaring.
fn power(base: DoubleDouble, mut exponent: u64) -> DoubleDouble {
    let (mut square, mut product) = (base, DoubleDouble::ONE);
    while exponent > 0 {
        if exponent & 1 == 1 {
            product = product * square;
        }
        square = square * square;
        exponent >>= 1;
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Multinomial;

    /// By listing both samples.
    #[test]
    fn it_is_the_sum_over_all_samples() {
        let probabilities =
            |tenths: &[u64]| tenths.iter().map(|&part| DoubleDouble::ratio(part, 10)).collect::<Vec<_>>();
        for (p, n, q, m) in [
            (probabilities(&[3, 7]), 4, probabilities(&[5, 5]), 6),
            (probabilities(&[2, 3, 5]), 3, probabilities(&[5, 4, 1]), 5),
            (probabilities(&[0, 6, 4]), 2, probabilities(&[5, 5, 0]), 3),
            (probabilities(&[1, 2, 3, 4]), 5, probabilities(&[4, 3, 0, 3]), 2),
        ] {
            let (source, model) = (Multinomial::new(&p, n, 1000).unwrap(), Multinomial::new(&q, m, 1000).unwrap());
            let mut sum = DoubleDouble::ZERO;
            for (seen, chance) in source.iter() {
                for (sample, other) in model.iter() {
                    if seen.iter().zip(sample).any(|(&seen, &sample)| seen > 0 && sample == 0) {
                        sum += chance * other;
                    }
                }
            }
            let found = unseen_mass(&p, n, &q, m).unwrap();
            assert!((found - sum).to_f64().abs() < 1e-25, "{p:?} {q:?}: {found:?} {sum:?}");
        }
    }

    #[test]
    fn large_samples_leave_a_small_chance_and_not_a_negative_one() {
        let coin = [DoubleDouble::ratio(1, 2); 2];
        let found = unseen_mass(&coin, 1_000, &coin, 1_000).unwrap().to_f64();
        assert!((found / libm::exp2(-999.0) - 1.0).abs() < 0.6, "{found:e}");
    }
}
