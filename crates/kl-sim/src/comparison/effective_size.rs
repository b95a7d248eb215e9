//! How much weighed draws from another distribution tell.

use super::Performance;
use kl_math::numeric::DoubleDouble;
use kl_math::statistics::{CountSums, Measure};

/// N (Σ w)²/(R N Σ w²) over the draws of R sequences of N symbols, with N (E w)²/E w² beside it (Kong 1992, "A note on importance
/// sampling using standardized weights"); none where there are no draws, or all weights are 0.
///
/// The standard error is that of the delta method: A²/B with A = mean w and B = mean w² has the influence 2(A/B)(w − A) − (A/B)²(w² − B).
pub fn effective_sample_size(sums: &CountSums, probabilities: &[DoubleDouble], weights: &[f64]) -> Option<Performance> {
    let n = sums.length() as f64;
    let all: f64 = sums.totals().iter().map(|&count| count as f64).sum();
    let counted = || sums.totals().iter().map(|&count| count as f64 / all).zip(weights.iter().copied());
    let exact = || probabilities.iter().map(|mass| mass.to_f64()).zip(weights.iter().copied());
    let mean = |values: &mut dyn Iterator<Item = (f64, f64)>| values.map(|(mass, value)| mass * value).sum::<f64>();
    let square = |(mass, weight): (f64, f64)| (mass, weight * weight);
    let [a, b] = [mean(&mut counted()), mean(&mut counted().map(square))];
    let [of_mean, of_square] = [mean(&mut exact()), mean(&mut exact().map(square))];
    let influence = |weight: f64| 2.0 * a / b * (weight - a) - a * a / b / b * (weight * weight - b);
    let spread = mean(&mut counted().map(|(mass, weight)| (mass, influence(weight) * influence(weight))));
    let row = Performance {
        measure: Measure::EffectiveSampleSize,
        estimate: n * a * a / b,
        mcse: Some(n * (spread / (all - 1.0)).sqrt()).filter(|mcse| mcse.is_finite()),
        expected: Some(n * of_mean * of_mean / of_square).filter(|size| size.is_finite()),
    };
    row.estimate.is_finite().then_some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights 1/2 and 3/2 of a fair coin: 10/(1 + 1/4) draws. The standard error is that of repeated runs (Python, 20,000 of them).
    #[test]
    fn the_size_is_that_of_the_definition() {
        let half = [DoubleDouble::from(0.5); 2];
        let mut sums = CountSums::new(&half, 10);
        sums.push(&[6, 4], 5);
        sums.push(&[4, 6], 5);
        let found = effective_sample_size(&sums, &half, &[0.5, 1.5]).unwrap();
        assert_eq!((found.estimate, found.expected), (8.0, Some(8.0)));
        // By hand: the influences are 2·0.8·(∓½) − 0.64·(∓1) = ∓0.16.
        assert!((found.mcse.unwrap() - 10.0 * 0.16 / 99f64.sqrt()).abs() < 1e-14, "{found:?}");
        let one = effective_sample_size(&sums, &half, &[1.0, 1.0]).unwrap();
        assert_eq!((one.estimate, one.mcse), (10.0, Some(0.0)));
        assert_eq!(effective_sample_size(&sums, &half, &[0.0, 0.0]), None);
    }
}
