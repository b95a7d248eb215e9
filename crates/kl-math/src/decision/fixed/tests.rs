//! Tests of fixed length by brute force over all sequences, and approximations against exact rates.

use super::*;
use crate::decision::Decision;
use crate::distribution::testing::pair;
use crate::distribution::{Behaviour, Categorical, Exponential, Geometric, Normal, Pair, Poisson, Uniform};
use crate::divergence::{Cumulants, Neighbours};
use proptest::prelude::*;

/// Λ of every sequence of `n` symbols, with its chances under laws.
fn sequences(laws: &[Vec<f64>], ratios: &[f64], n: usize) -> Vec<(f64, Vec<f64>)> {
    let mut sequences = vec![(vec![0u32; ratios.len()], vec![1.0; laws.len()])];
    for _ in 0..n {
        let longer = sequences.iter().flat_map(|(counts, chances): &(Vec<u32>, Vec<f64>)| {
            (0..ratios.len()).map(|symbol| {
                let mut counts = counts.clone();
                counts[symbol] += 1;
                let chances = chances.iter().zip(laws).map(|(chance, law)| chance * law[symbol]).collect();
                (counts, chances)
            })
        });
        sequences = longer.collect();
    }
    // One order of summation for one composition: sequences of one composition have one Λ to the last bit.
    let value = |counts: &[u32]| {
        counts.iter().zip(ratios).filter(|(count, _)| **count > 0).map(|(&count, x)| f64::from(count) * x).sum::<f64>()
    };
    sequences.into_iter().map(|(counts, chances)| (value(&counts), chances)).collect()
}

fn probabilities(pair: &Pair) -> [Vec<f64>; 2] {
    let symbols = pair.symbols().unwrap();
    [symbols.source_probabilities(), symbols.model_probabilities()]
        .map(|side| side.iter().map(|mass| mass.to_f64()).collect())
}

/// Small whole weights, so that atoms coincide, and some symbols are missing.
fn weights(size: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![3 => 1u32..6, 1 => Just(0)], size)
        .prop_filter("mass", |weights| weights.iter().sum::<u32>() > 0)
        .prop_map(|weights| {
            let sum: u32 = weights.iter().sum();
            weights.into_iter().map(|weight| f64::from(weight) / f64::from(sum)).collect()
        })
}

fn cases() -> impl Strategy<Value = (Vec<f64>, Vec<f64>, Vec<f64>, usize)> {
    (2usize..=4).prop_flat_map(|size| {
        let longest: usize = [0, 0, 8, 6, 5][size];
        (weights(size), weights(size), weights(size), 1usize..=longest)
    })
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-12 * expected.abs() + 1e-15
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// At random thresholds, and at thresholds on atoms; sequences that neither can produce are undecided.
    #[test]
    fn rates_are_sums_over_all_sequences((p, q, s, n) in cases(), place in 0.0..1.0f64, on_atom in any::<bool>()) {
        let pair = pair(&p, &q);
        let behaviour = Behaviour::new(pair.clone(), Categorical::new(s.clone()).unwrap().into()).unwrap();
        let [of_p, of_q] = probabilities(&pair);
        let ratios = pair.symbols().unwrap().log_ratios().to_vec();
        let all = sequences(&[of_p, of_q, s], &ratios, n);
        let mut values: Vec<f64> = all.iter().map(|(value, _)| *value).filter(|value| value.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        let threshold = match values.get((place * values.len() as f64) as usize) {
            Some(&value) if on_atom => value,
            _ => 20.0 * (place - 0.5),
        };
        let test = FixedTest::at(threshold, n as u64).unwrap().for_pair(&pair);
        for (law, truth) in [Truth::P, Truth::Q, Truth::S(&behaviour)].into_iter().enumerate() {
            let found = rates(&pair, truth, &test).unwrap();
            let chance = |wanted: Decision| -> f64 {
                all.iter().filter(|(value, _)| test.decide(*value) == wanted).map(|(_, chances)| chances[law]).sum()
            };
            prop_assert!(near(found.p, chance(Decision::P)), "{law}: {found:?}, {}", chance(Decision::P));
            prop_assert!(near(found.q, chance(Decision::Q)), "{law}: {found:?}, {}", chance(Decision::Q));
            prop_assert!((1.0 - found.p - found.q - chance(Decision::Undecided)).abs() < 1e-12);
        }
    }

    /// No test with a threshold and an alpha of at most the level has a smaller beta, none rejects more; randomised it has
    /// the level, and the beta of the lemma: that no deterministic test by Λ of an alpha as small as its own falls below.
    #[test]
    fn neyman_and_pearson_are_not_beaten((p, q, _, n) in cases(), level in 0.001..0.999f64) {
        let pair = pair(&p, &q);
        let [of_p, of_q] = probabilities(&pair);
        let ratios = pair.symbols().unwrap().log_ratios().to_vec();
        let all = sequences(&[of_p, of_q], &ratios, n);
        let found = NeymanPearson::of(&pair, n as u64, level).unwrap();
        prop_assert!(found.alpha <= level && (0.0..=1.0).contains(&found.randomisation));
        let chance = |law: usize, decides_p: bool, test: &FixedTest| -> f64 {
            let decided = all.iter().filter(|(value, _)| {
                test.decide(*value) == if decides_p { Decision::P } else { Decision::Q }
            });
            decided.map(|(_, chances)| chances[law]).sum()
        };
        let (alpha, beta) = (chance(0, false, &found.test), chance(1, true, &found.test));
        prop_assert!(near(found.alpha, alpha) && near(found.beta.unwrap(), beta), "{found:?} {alpha} {beta}");
        let atom = found.atom.unwrap();
        prop_assert!((found.alpha + found.randomisation * atom.mass - level).abs() < 1e-12);
        // Half way between atoms: none is within the room of the threshold.
        for (value, chances) in &all {
            if value.is_finite() && chances[0] > 0.0 {
                prop_assert!((value - found.test.threshold()).abs() > 1e-9);
            }
        }
        let randomised = found.randomised_beta.unwrap();
        prop_assert!(randomised <= beta + 1e-14);
        for (value, _) in all.iter().filter(|(value, _)| value.is_finite()) {
            for more in [-1e-9, 1e-9] {
                let other = FixedTest::at(value + more, n as u64).unwrap().for_pair(&pair);
                let (alpha, beta) = (chance(0, false, &other), chance(1, true, &other));
                if alpha <= level * (1.0 - 1e-12) {
                    prop_assert!(alpha <= found.alpha * (1.0 + 1e-12) + 1e-15 && beta >= found.beta.unwrap() - 1e-14);
                    prop_assert!(beta >= randomised - 1e-13);
                }
            }
        }
    }

    /// Bounds are never below the exact rates.
    #[test]
    fn bounds_hold((p, q, _, n) in cases(), level in 0.001..0.5f64, threshold in -6.0..6.0f64, longer in 1u64..6) {
        let pair = pair(&p, &q);
        let n = n as u64 * longer;
        let made = NeymanPearson::of(&pair, n, level).unwrap().test;
        let at = |threshold: f64| FixedTest::at(threshold, n).unwrap();
        for (test, level) in [(made, Some(level)), (at(threshold), None), (at(0.0), None)] {
            let setting = Setting::new(&pair, &test, level);
            let (alpha, beta) =
                (rates(&pair, Truth::P, &test).unwrap().q, rates(&pair, Truth::Q, &test).unwrap().p);
            for entry in APPROXIMATIONS.iter().filter(|entry| entry.is_bound) {
                let exact = match entry.rate {
                    ErrorRate::Alpha => alpha,
                    ErrorRate::Beta => beta,
                    ErrorRate::Mean => 0.5 * (alpha + beta),
                };
                let Some(found) = entry.of(&setting) else { continue };
                prop_assert!(exact <= found * (1.0 + 1e-11), "{} {:?}: {exact:e} > {found:e}", entry.name, entry.rate);
            }
        }
    }
}

fn ln(setting: &Setting<'_>, name: &str, rate: ErrorRate) -> f64 {
    APPROXIMATIONS.iter().find(|entry| entry.name == name && entry.rate == rate).unwrap().ln_of(setting).unwrap()
}

/// 0.5 against 0.4, 10,000 tosses at 5 %: 175.955 is of the randomised test; the other one's alpha is 4.95 %, and its −ln β 175.872.
#[test]
fn the_known_exponents_come_out() {
    let coins = pair(&[0.5, 0.5], &[0.4, 0.6]);
    let found = NeymanPearson::of(&coins, 10_000, 0.05).unwrap();
    let exact = -libm::log(found.randomised_beta.unwrap());
    assert!((exact - 175.955).abs() < 5e-4, "{exact}");
    let without = -libm::log(found.beta.unwrap());
    assert!((without - 175.872).abs() < 5e-4, "{without}");
    let setting = Setting::new(&coins, &found.test, Some(0.05));
    let is = |name: &str, expected: f64| {
        let ln = -ln(&setting, name, ErrorRate::Beta);
        assert!((ln - expected).abs() < 5e-4, "{name}: {ln}");
    };
    is("stein", 204.110);
    is("strassen", 175.369);
    let bayes = FixedTest::of_prior(0.5, 100).unwrap();
    let setting = Setting::new(&coins, &bayes, None);
    let information = -ln(&setting, "chernoff_information", ErrorRate::Mean) / 100.0;
    assert!((information / 0.005_076_770_485_344 - 1.0).abs() < 1e-12, "{information}");
    assert_eq!(bayes.threshold(), 0.0);
    // Other tests have no such bound, and tests that are of no level no Stein's exponent.
    let none = |name: &str, setting: &Setting<'_>| {
        APPROXIMATIONS.iter().filter(|entry| entry.name == name).all(|entry| entry.of(setting).is_none())
    };
    assert!(["stein", "strassen", "hoeffding"].iter().all(|name| none(name, &setting)));
    assert!(none("chernoff_information", &Setting::new(&coins, &found.test, Some(0.05))));
}

/// The exponents of both errors at a threshold differ by the threshold, and the least of all is Chernoff information.
#[test]
fn exponents_are_legendre_transforms() {
    let pairs = [
        pair(&[0.5, 0.5], &[0.4, 0.6]),
        pair(&[0.2, 0.3, 0.5], &[0.5, 0.25, 0.25]),
        Pair::of(Normal::new(0.5, 1.0).unwrap(), Normal::new(0.0, 1.0).unwrap()).unwrap(),
        Pair::of(Exponential::new(1.0).unwrap(), Exponential::new(1.5).unwrap()).unwrap(),
        Pair::of(Poisson::new(3.0).unwrap(), Poisson::new(2.0).unwrap()).unwrap(),
        pair(&[0.5, 0.25, 0.25], &[0.25, 0.75, 0.0]),
        pair(&[0.25, 0.75, 0.0], &[0.5, 0.25, 0.25]),
    ];
    for pair in &pairs {
        let exponents = exponents::Exponents::of(pair).unwrap();
        let information = Neighbours::of(pair).chernoff.unwrap().information.value;
        assert!((exponents.information() / information - 1.0).abs() < 1e-12, "{}", exponents.information());
        let (of_p, of_q) = (exponents.under_source(0.0), exponents.under_model(0.0));
        assert!((of_p.value / information - 1.0).abs() < 1e-12 && (of_q.value / information - 1.0).abs() < 1e-12);
        assert!((of_q.tilt - of_p.tilt - 1.0).abs() < 1e-12);
        for x in [-1e-3, 1e-3, 2e-3] {
            let (of_p, of_q) = (exponents.under_source(x), exponents.under_model(x));
            assert!((of_q.value - of_p.value - x).abs() < 1e-12, "{x}");
        }
    }
}

/// I_P of normal numbers is (D − x)²/(2V), of a coin the divergence of shares: by other formulas.
#[test]
fn exponents_have_their_closed_forms() {
    let normals = Pair::of(Normal::new(0.5, 1.0).unwrap(), Normal::new(0.0, 1.0).unwrap()).unwrap();
    let exponents = exponents::Exponents::of(&normals).unwrap();
    for x in [-3.0, -0.1, 0.0, 0.1] {
        let (of_p, of_q) = ((x - 0.125) * (x - 0.125) / 0.5, (x + 0.125f64).max(0.0) * (x + 0.125f64).max(0.0) / 0.5);
        assert!((exponents.under_source(x).value - of_p).abs() < 1e-12 * (1.0 + of_p));
        assert!((exponents.under_model(x).value - of_q).abs() < 1e-12, "{x}");
    }
    let coins = pair(&[0.5, 0.5], &[0.4, 0.6]);
    let exponents = exponents::Exponents::of(&coins).unwrap();
    let ratios = coins.symbols().unwrap().log_ratios();
    let divergence = |a: f64, b: f64| a * libm::log(a / b) + (1.0 - a) * libm::log((1.0 - a) / (1.0 - b));
    for share in [0.41, 0.45, 0.49] {
        let x = share * ratios[0] + (1.0 - share) * ratios[1];
        let (of_p, of_q) = (divergence(share, 0.5), divergence(share, 0.4));
        assert!((exponents.under_source(x).value / of_p - 1.0).abs() < 1e-11);
        assert!((exponents.under_model(x).value / of_q - 1.0).abs() < 1e-11);
    }
}

/// Bahadur and Rao within 2 % of exact rates from 10,000 symbols on: on lattices and with densities, of both errors.
#[test]
fn bahadur_and_rao_are_near() {
    let pairs = [
        pair(&[0.5, 0.5], &[0.4, 0.6]),
        pair(&[0.5, 0.5], &[0.48, 0.52]),
        pair(&[0.1, 0.9], &[0.12, 0.88]),
        Pair::of(Normal::new(0.1, 1.0).unwrap(), Normal::new(0.0, 1.0).unwrap()).unwrap(),
        Pair::of(Exponential::new(1.0).unwrap(), Exponential::new(1.1).unwrap()).unwrap(),
        Pair::of(Poisson::new(3.0).unwrap(), Poisson::new(3.2).unwrap()).unwrap(),
    ];
    let mut rare = 0;
    for pair in &pairs {
        for threshold in [-1.0, 0.0, 2.0] {
            let test = FixedTest::at(threshold, 10_000).unwrap();
            let setting = Setting::new(pair, &test, None);
            let (alpha, beta) = (rates(pair, Truth::P, &test).unwrap().q, rates(pair, Truth::Q, &test).unwrap().p);
            assert!(alpha > 1e-300 && beta > 1e-300);
            for (rate, exact) in [(ErrorRate::Alpha, alpha), (ErrorRate::Beta, beta)] {
                let near = ln(&setting, "bahadur_rao", rate) - libm::log(exact);
                // Its first correction is 1/(s² N K″), about 1/(−2 ln) of the chance.
                let room = 1.5 / (-2.0 * libm::log(exact));
                assert!(near.abs() < room, "{rate:?} {exact:e}: off by {near}");
                if exact < 1e-20 {
                    assert!(near.abs() < 0.02, "{rate:?} {exact:e}: off by {near}");
                    rare += 1;
                }
                let normal = ln(&setting, "normal", rate) - libm::log(exact);
                assert!(normal.abs() < 0.5 * -libm::log(exact), "{normal} {exact:e}");
            }
        }
    }
    assert!(rare > 5, "{rare}");
}

/// Against every length up to the one from which bounds settle it.
#[test]
fn the_smallest_length_is_that_of_a_search() {
    let pairs = [
        pair(&[0.5, 0.5], &[0.4, 0.6]),
        pair(&[0.9, 0.1], &[0.5, 0.5]),
        pair(&[0.5, 0.5], &[1.0, 0.0]),
        pair(&[1.0, 0.0], &[0.5, 0.5]),
        pair(&[0.2, 0.3, 0.5], &[0.5, 0.25, 0.25]),
        // Rare symbols that speak for P or Q: runs of hundreds of lengths have one cut.
        pair(&[0.002, 0.998], &[0.006, 0.994]),
        pair(&[0.006, 0.994], &[0.002, 0.998]),
        Pair::of(Poisson::new(0.01).unwrap(), Poisson::new(0.03).unwrap()).unwrap(),
        Pair::of(Poisson::new(0.03).unwrap(), Poisson::new(0.01).unwrap()).unwrap(),
        Pair::of(Geometric::new(0.5).unwrap(), Geometric::new(0.375).unwrap()).unwrap(),
        Pair::of(Exponential::new(1.0).unwrap(), Exponential::new(2.0).unwrap()).unwrap(),
    ];
    for pair in &pairs {
        for (alpha, beta) in [(0.05, 0.05), (0.2, 0.01), (0.01, 0.3)] {
            let found = smallest_length(pair, alpha, beta).unwrap();
            assert!(found.exact && found.is_least_always, "{found:?}");
            let holds = |n: u64| NeymanPearson::of(pair, n, alpha).unwrap().beta.unwrap() <= beta;
            let always = found.always_from.unwrap();
            assert!((1..found.n).all(|n| !holds(n)) && holds(found.n), "{found:?}");
            assert!(always == found.n || !holds(always - 1));
            assert!((always..2 * always + 20).all(holds), "{found:?}");
        }
    }
}

#[test]
fn long_and_unknown_lengths_are_approximated() {
    let many = pair(&[0.2, 0.3, 0.1, 0.4], &[0.21, 0.29, 0.11, 0.39]);
    let found = smallest_length(&many, 0.05, 0.05).unwrap();
    assert!(!found.exact && found.always_from.unwrap() > found.n, "{found:?}");
    // The means of Λ are about 2ND apart, 2 z deviations of √(2ND) near equality.
    let expected = 3.29 * 3.29 / (2.0 * Cumulants::of(&many).mean);
    assert!((found.n as f64 / expected - 1.0).abs() < 0.02, "{found:?} {expected}");
    // So many lengths follow each other that they are not gone through.
    let coins = pair(&[0.5, 0.5], &[0.50001, 0.49999]);
    let found = smallest_length(&coins, 0.05, 0.05).unwrap();
    assert!(!found.exact && !found.is_least_always, "{found:?}");
    assert!(found.always_from.unwrap() as f64 / (found.n as f64) < 1.0001, "{found:?}");
    let same = pair(&[0.3, 0.7], &[0.3, 0.7]);
    assert_eq!(smallest_length(&same, 0.05, 0.05), None);
    assert_eq!(smallest_length(&coins, 0.0, 0.05), None);
    // Bits that say nothing of themselves.
    let found = NeymanPearson::of(&same, 5, 0.05).unwrap();
    assert!(found.alpha == 0.0 && found.beta == Some(1.0) && (found.randomised_beta.unwrap() - 0.95).abs() < 1e-15);
}

/// Of P uniform over half of what Q is uniform over Λ is N ln 2 or −∞: Q decides P with chance 2⁻ᴺ.
#[test]
fn uniform_laws_speak_by_where_they_are() {
    let uniform = |high: f64| Uniform::new(0.0, high).unwrap();
    let (inner, outer) = (Pair::of(uniform(1.0), uniform(2.0)).unwrap(), Pair::of(uniform(2.0), uniform(1.0)).unwrap());
    for (threshold, expected) in [(0.0, [1.0, 1.0 / 64.0]), (5.0, [0.0, 0.0])] {
        let found =
            [Truth::P, Truth::Q].map(|truth| rates(&inner, truth, &FixedTest::at(threshold, 6).unwrap()).unwrap());
        assert!(found.iter().zip(expected).all(|(found, expected)| near(found.p, expected)), "{found:?}");
        assert!(found.iter().all(|found| near(found.p + found.q, 1.0)));
    }
    let found = rates(&outer, Truth::P, &FixedTest::at(0.0, 6).unwrap()).unwrap();
    assert!(near(found.p, 1.0 - 1.0 / 64.0) && near(found.q, 1.0 / 64.0), "{found:?}");
    assert_eq!(rates(&outer, Truth::Q, &FixedTest::at(0.0, 6).unwrap()).unwrap().p, 0.0);
    for pair in [&inner, &outer] {
        let found = smallest_length(pair, 0.05, 0.05).unwrap();
        assert_eq!((found.n, found.exact, found.always_from), (5, true, Some(5)));
    }
}

#[test]
fn mistakes_are_refused_and_ties_are_kept() {
    assert_eq!(FixedTest::at(f64::NAN, 1), Err(FixedTestError::Threshold));
    assert_eq!(FixedTest::at(f64::INFINITY, 1), Err(FixedTestError::Threshold));
    assert_eq!(FixedTest::at(0.0, 0), Err(FixedTestError::Length));
    assert_eq!(FixedTest::of_prior(1.0, 1), Err(FixedTestError::Prior));
    assert_eq!(FixedTest::of_prior(f64::NAN, 1), Err(FixedTestError::Prior));
    // The test of 0.6 against 0.4 with equal counts: P is decided, of chance 20 %.
    let coins = pair(&[0.6, 0.4], &[0.4, 0.6]);
    let test = FixedTest::at(0.0, 10).unwrap().for_pair(&coins);
    assert_eq!([-1e-13, -1e-11].map(|sum| test.decide(sum)), [Decision::P, Decision::Q]);
    assert_eq!(test.decide(f64::NAN), Decision::Undecided);
    let below: f64 = rates(&coins, Truth::P, &test).unwrap().q;
    assert!((below - 0.166_238_617_6).abs() < 1e-10, "{below}");
    // N times the estimate rounds.
    let mean = |count: u64| {
        let ratios = coins.symbols().unwrap().log_ratios();
        10.0 * ((count as f64 * ratios[0] + (10 - count) as f64 * ratios[1]) / 10.0)
    };
    assert_eq!([4, 5, 6].map(|count| test.decide(mean(count))), [Decision::Q, Decision::P, Decision::P]);
}
