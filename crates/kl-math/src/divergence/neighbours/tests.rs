use super::*;
use crate::distribution::testing::{pair, symbols};
use crate::distribution::{Gamma, Normal, Poisson};
use crate::divergence::Cumulants;
use proptest::prelude::*;
use std::f64::consts::LN_2;

/// Two distributions over as many symbols, some of which one or both may lack.
fn pairs() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    let weight = || prop_oneof![Just(0.0), 0.0..1.0, 1e-12..1e-9];
    let side = move |size| prop::collection::vec(weight(), size);
    let normalised = |weights: Vec<f64>| {
        let sum: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| weight / sum).collect::<Vec<f64>>()
    };
    (2usize..6)
        .prop_flat_map(move |size| (side(size), side(size)))
        .prop_filter("mass", |(p, q)| [p, q].iter().all(|side| side.iter().sum::<f64>() > 1e-3))
        .prop_map(move |(p, q)| (normalised(p), normalised(q)))
}

fn near(found: f64, expected: f64, room: f64) -> bool {
    found == expected || (found - expected).abs() <= room * expected.abs()
}

proptest! {
    #[test]
    fn the_inequalities_of_the_literature_hold((p, q) in pairs()) {
        const ROOM: f64 = 1e-13;
        let (there, back) = (pair(&p, &q), pair(&q, &p));
        let (found, reversed) = (Neighbours::of(&there), Neighbours::of(&back));
        let d = Cumulants::of(&there).mean;
        let (js, tv) = (found.jensen_shannon.unwrap(), found.total_variation.unwrap());
        let (h, chi) = (found.hellinger_squared.unwrap(), found.chi_squared.unwrap());
        prop_assert!((0.0..=LN_2).contains(&js) && (0.0..=1.0).contains(&tv) && (0.0..=1.0).contains(&h));
        prop_assert!(h <= tv + ROOM && tv * tv <= h * (2.0 - h) + ROOM);
        // Pinsker; Bretagnolle and Huber; χ² bounds D.
        prop_assert!(2.0 * tv * tv <= d + ROOM && tv * tv <= 0.0 - libm::expm1(-d) + ROOM);
        prop_assert!(d <= chi + ROOM);
        // TV²/2 ≤ JS ≤ TV ln 2.
        prop_assert!(0.5 * tv * tv <= js + ROOM && js <= tv * LN_2 + ROOM);
        for (one, other) in [
            (js, reversed.jensen_shannon.unwrap()),
            (tv, reversed.total_variation.unwrap()),
            (h, reversed.hellinger_squared.unwrap()),
            (found.bhattacharyya.unwrap(), reversed.bhattacharyya.unwrap()),
            (found.chernoff.unwrap().information, reversed.chernoff.unwrap().information),
        ] {
            prop_assert!(near(one, other, 1e-12) || (one - other).abs() < 1e-15, "{one:e} {other:e}");
        }
        // No order gives more than the best one.
        let most = found.chernoff.unwrap().information;
        for order in [0.1, 0.5, 0.9] {
            let here = (1.0 - order) * Neighbours::renyi(&there, order).unwrap();
            prop_assert!(here <= most * (1.0 + 1e-12) + 1e-15);
        }
        prop_assert!(near(found.cross_entropy.unwrap(), found.entropies[0].unwrap() + d, 1e-12));
        let orders = [0.1, 0.5, 0.9, 1.0, 1.1, 2.0, 5.0];
        let renyi: Vec<f64> = orders.iter().map(|&order| Neighbours::renyi(&there, order).unwrap()).collect();
        prop_assert!(renyi.windows(2).all(|two| two[0] <= two[1] * (1.0 + 1e-12) + ROOM), "{renyi:?}");
        let beside = Neighbours::renyi(&there, 1.0 - 1e-9).unwrap();
        prop_assert!(d == f64::INFINITY || near(beside, d, 1e-5) || (beside - d).abs() < 1e-9);
    }
}

#[test]
fn all_is_0_where_p_is_q() {
    let same = Chernoff { information: 0.0, order: None };
    let symbols = pair(&[0.3, 0.7, 0.0], &[0.3, 0.7, 0.0]);
    let normals = Pair::of(Normal::new(1.0, 0.3).unwrap(), Normal::new(1.0, 0.3).unwrap()).unwrap();
    for pair in [&symbols, &normals] {
        let found = Neighbours::of(pair);
        for value in
            [found.hellinger_squared, found.chi_squared, found.bhattacharyya, found.renyi_half, found.renyi_two]
        {
            assert_eq!(value, Some(0.0), "{found:?}");
        }
        assert_eq!(found.chernoff, Some(same));
    }
    let found = Neighbours::of(&symbols);
    assert_eq!((found.jensen_shannon, found.total_variation), (Some(0.0), Some(0.0)));
    assert_eq!(found.entropies[0], found.cross_entropy);
}

#[test]
fn a_chi_squared_beyond_the_doubles_is_none_and_its_logarithm_is_not() {
    let found = Neighbours::of(&pair(&[0.5, 0.5], &[5e-324, 1.0]));
    assert_eq!(found.chi_squared, None);
    // ln(¼/2^−1074), beside which ¼ is nothing.
    let expected = 1072.0 * LN_2;
    assert!(near(found.renyi_two.unwrap(), expected, 1e-14), "{found:?}");
    assert_eq!(Neighbours::of(&pair(&[0.5, 0.5], &[0.0, 1.0])).chi_squared, Some(f64::INFINITY));
}

/// 1 − e^(K(−½)) in terms of each family's own affinity, Σ √(pq).
#[test]
fn forms_agree_with_the_affinities_of_textbooks() {
    let found = |pair: Pair| Neighbours::of(&pair).bhattacharyya.unwrap();
    let poisson = Pair::of(Poisson::new(4.0).unwrap(), Poisson::new(9.0).unwrap()).unwrap();
    assert!(near(found(poisson), 0.5, 1e-14));
    let normals = Pair::of(Normal::new(0.0, 1.0).unwrap(), Normal::new(1e-8, 1.0).unwrap()).unwrap();
    assert!(near(found(normals), 1e-16 / 8.0, 1e-14));
    // Shape 2, rates 1 and 4: (√(1·4)/2.5)² = 0.64.
    let gammas = Pair::of(Gamma::new(2.0, 1.0).unwrap(), Gamma::new(2.0, 4.0).unwrap()).unwrap();
    assert!(near(found(gammas), -libm::log(0.64), 1e-14));
}

#[test]
fn what_the_order_of_symbols_is_changes_nothing() {
    let one = SymbolNeighbours::of(&symbols(&[0.25, 0.5, 0.25], &[0.5, 0.125, 0.375])).all();
    let other = SymbolNeighbours::of(&symbols(&[0.25, 0.25, 0.5], &[0.375, 0.5, 0.125])).all();
    assert_eq!(one, other);
}
