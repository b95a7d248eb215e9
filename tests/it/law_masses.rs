//! Approximate laws of estimates against those by inversion of the characteristic function (`tests/reference/law_masses.py`).

use kl_math::distribution::{Categorical, Pair};
use kl_sim::estimator::{CountEstimator, EstimatedBy, Estimator, LogRatio, SymbolMean};

fn five() -> Pair {
    let p = Categorical::new([0.4, 0.3, 0.15, 0.1, 0.05]).unwrap();
    Pair::of(p, Categorical::new([0.2; 5]).unwrap()).unwrap()
}

/// The masses of the 160 bins about the mean.
fn reference(estimator: &str, n: u64) -> Vec<f64> {
    let mut reader = csv::Reader::from_reader(include_str!("../reference/law_masses.csv").as_bytes());
    let rows = reader.records().map(Result::unwrap);
    let of = rows.filter(|row| &row[0] == estimator && row[1].parse() == Ok(n));
    of.map(|row| row[3].parse().unwrap()).collect()
}

fn masses(estimator: &dyn Estimator, n: u64) -> Option<Vec<f64>> {
    let (pair, by) = (five(), EstimatedBy::Estimator(estimator));
    by.approximate_masses(&pair, n, &by.bins(&pair, n))
}

/// In total variation: bins are a tenth of a standard deviation wide.
#[test]
fn approximate_laws_are_near_the_true_ones() {
    let k2 = SymbolMean::k2();
    let estimators: [&dyn Estimator; 2] = [&LogRatio, &k2];
    for (estimator, n, most) in [(0, 100, 0.02), (0, 1_000, 0.001), (1, 100, 0.02), (1, 1_000, 0.001)] {
        let found = masses(estimators[estimator], n).unwrap();
        let truth = reference(estimators[estimator].name(), n);
        assert_eq!((found.len(), truth.len()), (162, 160));
        let differences = found[1..161].iter().zip(&truth).map(|(one, other)| (one - other).abs());
        let distance = 0.5 * (differences.sum::<f64>() + found[0] + found[161]);
        assert!(distance < most, "{} at {n}: {distance}", estimators[estimator].name());
    }
}

/// An exact law needs no approximation, and estimates from counts have none.
#[test]
fn only_unlisted_laws_of_means_are_approximated() {
    assert_eq!(masses(&LogRatio, 10), None);
    assert_eq!(masses(&CountEstimator::plug_in(), 1_000), None);
}
