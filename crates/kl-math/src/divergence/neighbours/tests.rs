use super::*;
use crate::distribution::testing::{pair, symbols};
use crate::distribution::{
    Binomial, Distribution, Gamma, Geometric, Gumbel, Laplace, Logistic, Lognormal, Mixture, NegativeBinomial, Normal,
    Poisson, StudentT, TruncatedNormal, Uniform,
};
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

fn value(found: Found) -> f64 {
    found.unwrap().value
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
        let (js, tv) = (value(found.jensen_shannon), value(found.total_variation));
        let (h, chi) = (value(found.hellinger_squared), value(found.chi_squared));
        prop_assert!((0.0..=LN_2).contains(&js) && (0.0..=1.0).contains(&tv) && (0.0..=1.0).contains(&h));
        prop_assert!(h <= tv + ROOM && tv * tv <= h * (2.0 - h) + ROOM);
        // Pinsker; Bretagnolle and Huber; χ² bounds D.
        prop_assert!(2.0 * tv * tv <= d + ROOM && tv * tv <= 0.0 - libm::expm1(-d) + ROOM);
        prop_assert!(d <= chi + ROOM);
        // TV²/2 ≤ JS ≤ TV ln 2.
        prop_assert!(0.5 * tv * tv <= js + ROOM && js <= tv * LN_2 + ROOM);
        for (one, other) in [
            (js, value(reversed.jensen_shannon)),
            (tv, value(reversed.total_variation)),
            (h, value(reversed.hellinger_squared)),
            (value(found.bhattacharyya), value(reversed.bhattacharyya)),
            (found.chernoff.unwrap().information.value, reversed.chernoff.unwrap().information.value),
        ] {
            prop_assert!(near(one, other, 1e-12) || (one - other).abs() < 1e-15, "{one:e} {other:e}");
        }
        // No order gives more than the best one.
        let most = found.chernoff.unwrap().information.value;
        for order in [0.1, 0.5, 0.9] {
            let here = (1.0 - order) * value(Neighbours::renyi(&there, order));
            prop_assert!(here <= most * (1.0 + 1e-12) + 1e-15);
        }
        prop_assert!(near(value(found.cross_entropy), value(found.entropies[0]) + d, 1e-12));
        let orders = [0.1, 0.5, 0.9, 1.0, 1.1, 2.0, 5.0];
        let renyi: Vec<f64> = orders.iter().map(|&order| value(Neighbours::renyi(&there, order))).collect();
        prop_assert!(renyi.windows(2).all(|two| two[0] <= two[1] * (1.0 + 1e-12) + ROOM), "{renyi:?}");
        let beside = value(Neighbours::renyi(&there, 1.0 - 1e-9));
        prop_assert!(d == f64::INFINITY || near(beside, d, 1e-5) || (beside - d).abs() < 1e-9);
    }
}

#[test]
fn without_a_common_value_the_logarithms_are_infinite() {
    let uniforms = Pair::of(Uniform::new(0.0, 1.0).unwrap(), Uniform::new(2.0, 3.0).unwrap()).unwrap();
    for pair in [uniforms, pair(&[0.5, 0.5, 0.0], &[0.0, 0.0, 1.0])] {
        let found = Neighbours::of(&pair);
        assert!([value(found.total_variation), value(found.hellinger_squared)] == [1.0, 1.0], "{found:?}");
        assert!(near(value(found.jensen_shannon), LN_2, 1e-14));
        for infinite in [found.bhattacharyya, found.renyi_half, found.renyi_two, found.chi_squared, found.cross_entropy]
        {
            assert_eq!(infinite, Ok(Measure::INFINITE));
        }
        assert_eq!(found.chernoff, Ok(Chernoff { information: Measure::INFINITE, order: None }));
    }
}

/// Q reaches 1e-10 beyond P, and only a million doubles lie between.
#[test]
fn an_end_of_p_within_q_is_no_sharper_than_doubles() {
    for (low, beyond) in [(0.0, 1e-10), (0.0, 1e-3), (1e6, 1e-3)] {
        let p = Uniform::new(low, low + 1.0).unwrap();
        let q = Uniform::new(low, low + 1.0 + beyond).unwrap();
        let wider = q.high() - q.low() - 1.0;
        let found = Neighbours::of(&Pair::of(p, q).unwrap()).total_variation.unwrap();
        let (expected, error) = (wider / (1.0 + wider), found.error.unwrap());
        assert!((found.value - expected).abs() <= error && error < 1e-8, "{found:?}, not {expected:e}");
    }
}

/// Where Σ √(pq) is far below what rounding leaves of Σ p − Σ q.
#[test]
fn no_order_has_more_than_chernoff_information_far_apart() {
    let symbols = pair(&[1.0 - 1e-200, 1e-200], &[1e-100, 1.0 - 1e-100]);
    let numbers = Pair::of(Uniform::new(0.0, 0.5).unwrap(), Gumbel::new(2.75, 0.25).unwrap()).unwrap();
    for pair in [symbols, numbers] {
        let chernoff = Neighbours::of(&pair).chernoff.unwrap();
        for order in [0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999] {
            let here = (1.0 - order) * value(Neighbours::renyi(&pair, order));
            assert!(here <= chernoff.information.value * (1.0 + 1e-12), "{here:e} at {order}, and {chernoff:?}");
        }
    }
}

#[test]
fn all_is_0_where_p_is_q() {
    let same = Chernoff { information: Measure::exact(0.0), order: None };
    let symbols = pair(&[0.3, 0.7, 0.0], &[0.3, 0.7, 0.0]);
    let normals = Pair::of(Normal::new(1.0, 0.3).unwrap(), Normal::new(1.0, 0.3).unwrap()).unwrap();
    for pair in [&symbols, &normals] {
        let found = Neighbours::of(pair);
        for value in [
            found.jensen_shannon,
            found.total_variation,
            found.hellinger_squared,
            found.chi_squared,
            found.bhattacharyya,
            found.renyi_half,
            found.renyi_two,
        ] {
            assert_eq!(value, Ok(Measure::exact(0.0)), "{found:?}");
        }
        assert_eq!(found.chernoff, Ok(same));
        assert_eq!(value(found.entropies[0]), value(found.cross_entropy));
    }
}

#[test]
fn a_chi_squared_beyond_the_doubles_is_none_and_its_logarithm_is_not() {
    let found = Neighbours::of(&pair(&[0.5, 0.5], &[5e-324, 1.0]));
    assert_eq!(found.chi_squared, Err(Absent::TooLarge));
    // ln(¼/2^−1074), beside which ¼ is nothing.
    let expected = 1072.0 * LN_2;
    assert!(near(value(found.renyi_two), expected, 1e-14), "{found:?}");
    assert_eq!(Neighbours::of(&pair(&[0.5, 0.5], &[0.0, 1.0])).chi_squared, Ok(Measure::INFINITE));
}

/// 1 − e^(K(−½)) in terms of each family's own affinity, Σ √(pq).
#[test]
fn forms_agree_with_the_affinities_of_textbooks() {
    let found = |pair: Pair| value(Neighbours::of(&pair).bhattacharyya);
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
    let one = SymbolNeighbours::of(&symbols(&[0.25, 0.5, 0.25], &[0.5, 0.125, 0.375])).all(None);
    let other = SymbolNeighbours::of(&symbols(&[0.25, 0.25, 0.5], &[0.375, 0.5, 0.125])).all(None);
    assert_eq!(one, other);
}

/// Members of one space with parameters of moderate size, as pairs that may be far apart or near.
fn counts() -> impl Strategy<Value = Distribution> {
    prop_oneof![
        (0.1..30.0).prop_map(|rate| Poisson::new(rate).unwrap().into()),
        (0.05..0.95).prop_map(|p| Geometric::new(p).unwrap().into()),
        (0.5..20.0, 0.1..0.9).prop_map(|(r, p)| NegativeBinomial::new(r, p).unwrap().into()),
        (1u32..40, 0.05..0.95).prop_map(|(n, p)| Binomial::new(f64::from(n), p).unwrap().into()),
        (0.1..30.0, 0.1..30.0, 0.1..0.9).prop_map(|(one, other, weight)| {
            let parts = [(weight, Poisson::new(one).unwrap()), (1.0 - weight, Poisson::new(other).unwrap())];
            Mixture::new(parts).unwrap().into()
        }),
    ]
}

fn numbers() -> impl Strategy<Value = Distribution> {
    prop_oneof![
        (-3.0..3.0, 0.2..4.0).prop_map(|(mean, width)| Normal::new(mean, width).unwrap().into()),
        (-3.0..3.0, 0.2..4.0, 0.5..20.0).prop_map(|(m, s, df)| StudentT::new(m, s, df).unwrap().into()),
        (-3.0..3.0, 0.2..4.0).prop_map(|(mean, width)| Laplace::new(mean, width).unwrap().into()),
        (-3.0..3.0, 0.2..4.0).prop_map(|(mean, width)| Logistic::new(mean, width).unwrap().into()),
        (-3.0..3.0, 0.2..4.0).prop_map(|(mean, width)| Gumbel::new(mean, width).unwrap().into()),
        (0.2..5.0, 0.2..5.0).prop_map(|(shape, rate)| Gamma::new(shape, rate).unwrap().into()),
        (-2.0..2.0, 0.2..2.0).prop_map(|(mean, width)| Lognormal::new(mean, width).unwrap().into()),
        (-3.0..3.0, 0.5..4.0).prop_map(|(low, width)| Uniform::new(low, low + width).unwrap().into()),
        (-3.0..3.0, 0.2..4.0, 0.5..4.0).prop_map(|(mean, width, length)| {
            TruncatedNormal::new(mean, width, mean - 1.0, mean - 1.0 + length).unwrap().into()
        }),
        (-3.0..3.0, 0.2..2.0, -3.0..3.0, 0.1..0.9).prop_map(|(mean, width, other, weight)| {
            let normal = |mean: f64| Normal::new(mean, width).unwrap();
            Mixture::new([(weight, normal(mean)), (1.0 - weight, normal(other))]).unwrap().into()
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Of sums over counts and of integrals, up to the errors that they state.
    #[test]
    fn the_inequalities_hold_where_values_are_no_symbols(
        (p, q) in prop_oneof![(counts(), counts()), (numbers(), numbers())]
    ) {
        let Ok(there) = Pair::of(p.clone(), q.clone()) else { return Ok(()) };
        let found = Neighbours::of(&there);
        let known = Cumulants::of(&there);
        let ways = [found.jensen_shannon, found.total_variation, found.hellinger_squared, found.bhattacharyya];
        let ([Ok(js), Ok(tv), Ok(h), Ok(distance)], [Ok(of_p), Ok(of_q)]) = (ways, found.entropies) else {
            return Err(TestCaseError::fail(format!("{p} against {q}: {found:?}")));
        };
        // Errors are small, and bounds hold up to them.
        let all = [js, tv, h, distance, of_p, of_q].into_iter();
        let room = all.map(|measure| measure.error.unwrap_or(0.0)).fold(1e-12, f64::max);
        prop_assert!(room < 1e-9, "{p} against {q}: {found:?}");
        prop_assert!((0.0..=LN_2).contains(&js.value) && (0.0..=1.0).contains(&tv.value));
        prop_assert!(h.value <= tv.value + room && tv.value * tv.value <= h.value * (2.0 - h.value) + 4.0 * room);
        prop_assert!(0.5 * tv.value * tv.value <= js.value + room && js.value <= tv.value * LN_2 + room);
        let d = known.mean;
        let more = room + known.error.unwrap_or(0.0);
        prop_assert!(2.0 * tv.value * tv.value <= d + 4.0 * more && tv.value * tv.value <= 0.0 - libm::expm1(-d) + 4.0 * more);
        prop_assert!((h.value + libm::expm1(-distance.value)).abs() <= 2.0 * room);
        let orders = [0.1, 0.5, 0.9, 1.0 - 1e-7, 1.0, 1.0 + 1e-7, 1.5, 2.0, 3.0];
        let renyi: Vec<Measure> = orders.iter().filter_map(|&order| Neighbours::renyi(&there, order).ok()).collect();
        let rises = |two: &[Measure]| {
            let room = two.iter().map(|measure| measure.error.unwrap_or(0.0)).fold(1e-12, f64::max);
            two[0].value <= two[1].value * (1.0 + 1e-12) + 2.0 * room
        };
        prop_assert!(renyi.windows(2).all(rises), "{p} against {q}: {renyi:?}");
        if let Ok(chernoff) = found.chernoff {
            for order in [0.1, 0.5, 0.9] {
                let here = (1.0 - order) * value(Neighbours::renyi(&there, order));
                let room = 1e-12 + chernoff.information.error.unwrap_or(0.0);
                prop_assert!(here <= chernoff.information.value * (1.0 + 1e-12) + 4.0 * room, "{p} against {q}: {found:?}");
            }
        }
        if let Ok(back) = Pair::of(q.clone(), p.clone()) {
            let back = Neighbours::of(&back);
            let both = [
                (js, back.jensen_shannon),
                (tv, back.total_variation),
                (h, back.hellinger_squared),
                (distance, back.bhattacharyya),
            ];
            for (one, other) in both {
                let Ok(other) = other else {
                    return Err(TestCaseError::fail(format!("{q} against {p}: {back:?}")));
                };
                let errors = one.error.unwrap_or(0.0) + other.error.unwrap_or(0.0);
                prop_assert!(one.value == other.value || (one.value - other.value).abs() <= errors + 1e-12 * one.value, "{p} against {q}: {one:?}, {other:?}");
            }
        }
    }
}
