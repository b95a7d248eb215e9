//! Approximate masses against exact ones: listed, of gamma laws, by convolution.

use super::*;
use crate::distribution::LogRatioForm;
use crate::divergence::{FiniteCumulants, FormCumulants, VarianceAlone};
use crate::law::{Law, SumLaw};

/// Half of the sum of differences.
fn total_variation(one: &[f64], other: &[f64]) -> f64 {
    0.5 * one.iter().zip(other).map(|(one, other)| (one - other).abs()).sum::<f64>()
}

/// Edges of 160 bins about 0, a tenth of a standard deviation wide, and two beyond.
fn edges(std_dev: f64) -> Vec<f64> {
    let inner = (-80..=80).map(|step| f64::from(step) * std_dev / 10.0);
    [f64::NEG_INFINITY].into_iter().chain(inner).chain([f64::INFINITY]).collect()
}

/// The total variation distance to the listed law of the mean of `count` symbols of these masses and values.
fn distance(terms: &[(f64, f64)], count: u64) -> Option<f64> {
    let mean: f64 = terms.iter().map(|(mass, value)| mass * value).sum();
    let centred: Vec<(f64, f64)> = terms.iter().map(|&(mass, value)| (mass, value - mean)).collect();
    let cumulants = FiniteCumulants::new(centred.clone());
    let probabilities: Vec<DoubleDouble> = centred.iter().map(|&(mass, _)| DoubleDouble::from(mass)).collect();
    let values: Vec<f64> = centred.iter().map(|&(_, value)| value).collect();
    let law = Law::of_symbols(&probabilities, &values, count, 1 << 20).and_then(|law| law.atoms(1 << 20)).unwrap();
    let edges = edges((cumulants.variance() / count as f64).sqrt());
    let mut exact = vec![0.0; edges.len() - 1];
    law.iter().for_each(|atom| exact[edges.partition_point(|edge| *edge < atom.value) - 1] += atom.mass);
    let found = saddlepoint_masses(&cumulants, count as f64, &edges)?;
    assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    Some(total_variation(&found, &exact))
}

/// ln(p/q) of these probabilities.
fn log_ratios(p: &[f64], q: &[f64]) -> Vec<(f64, f64)> {
    p.iter().zip(q).map(|(&p, &q)| (p, libm::log(p / q))).collect()
}

#[test]
fn means_of_symbols_are_near_their_listed_law() {
    let five = log_ratios(&[0.4, 0.3, 0.15, 0.1, 0.05], &[0.2; 5]);
    let three = log_ratios(&[0.5, 0.3, 0.2], &[0.2, 0.45, 0.35]);
    for (terms, count, most) in [(&five, 60, 0.02), (&three, 300, 0.02)] {
        let distance = distance(terms, count);
        assert!(distance.is_some_and(|distance| distance < most), "{count} of {}: {distance:?}", terms.len());
    }
}

/// Of halves of squares, too: k2.
#[test]
fn squares_are_near_their_listed_law() {
    let half_square = |terms: Vec<(f64, f64)>| -> Vec<(f64, f64)> {
        terms.into_iter().map(|(mass, value)| (mass, 0.5 * value * value)).collect()
    };
    let five = half_square(log_ratios(&[0.4, 0.3, 0.15, 0.1, 0.05], &[0.2; 5]));
    let distance = distance(&five, 60);
    assert!(distance.is_some_and(|distance| distance < 0.03), "{distance:?}");
}

#[test]
fn rare_symbols_and_lattices_keep_their_steps() {
    let rare = log_ratios(&[0.6, 0.395, 0.005], &[0.5, 0.499_999, 0.000_001]);
    let two = std::f64::consts::LN_2;
    let lattice = [(0.5, 0.0), (0.3, two), (0.2, -2.0 * two)];
    for (terms, count, most) in [(&rare[..], 300, 0.01), (&lattice[..], 150, 0.004)] {
        let distance = distance(terms, count);
        assert!(distance.is_some_and(|distance| distance < most), "{count}: {distance:?}");
    }
}

/// Of gamma laws the renormalised density is the exact one.
#[test]
fn means_of_exponential_numbers_have_their_gamma_law() {
    let form = LogRatioForm::Exponential { constant: -1.0, slope: 1.0 };
    let cumulants = FormCumulants::of(&form);
    let law = SumLaw::of_form(&form, 10).unwrap();
    let edges = edges(0.1_f64.sqrt());
    let found = saddlepoint_masses(&cumulants, 10.0, &edges).unwrap();
    let exact: Vec<f64> = edges.windows(2).map(|pair| law.below(pair[1]) - law.below(pair[0])).collect();
    let distance = total_variation(&found, &exact);
    assert!(distance < 1e-4, "{distance:e}");
}

#[test]
fn what_a_density_cannot_show_has_none() {
    // Steps that are no lattice, and too few symbols to fill them.
    let lumps = log_ratios(&[0.4, 0.3, 0.15, 0.1, 0.05], &[0.2; 5]);
    assert_eq!(distance(&lumps, 20), None);
    assert_eq!(saddlepoint_masses(&VarianceAlone { variance: 1.0, scale: 0.0 }, 1e6, &edges(1e-3)), None);
    let coin = FiniteCumulants::new(vec![(0.5, -1.0), (0.5, 1.0)]);
    assert_eq!(saddlepoint_masses(&coin, 2.0, &edges(0.7)), None);
}
