//! Entropies, distances and divergences against their definitions in 35 to 60 digits (tests/reference/neighbours.py and
//! neighbours_values.py).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

use kl_math::distribution::{
    Beta, Binomial, Categorical, Cauchy, Distribution, Exponential, Gamma, Geometric, Gumbel, InverseGamma, Laplace,
    Logistic, Lognormal, Mixture, NegativeBinomial, Normal, Pair, ParameterErrors, Pareto, Poisson, StudentT,
    TruncatedNormal, Uniform, Weibull,
};
use kl_math::divergence::{Absent, Found, Neighbours};

/// A member of a family from its name and its numbers, which are taken from `words`.
fn component(family: &str, words: &mut dyn Iterator<Item = &str>) -> Distribution {
    let mut next = || words.next().unwrap().parse::<f64>().unwrap();
    let read: Result<Distribution, ParameterErrors> = match family {
        "normal" => Normal::new(next(), next()).map(Into::into),
        "student_t" => StudentT::new(next(), next(), next()).map(Into::into),
        "cauchy" => Cauchy::new(next(), next()).map(Into::into),
        "laplace" => Laplace::new(next(), next()).map(Into::into),
        "logistic" => Logistic::new(next(), next()).map(Into::into),
        "gumbel" => Gumbel::new(next(), next()).map(Into::into),
        "exponential" => Exponential::new(next()).map(Into::into),
        "gamma" => Gamma::new(next(), next()).map(Into::into),
        "inverse_gamma" => InverseGamma::new(next(), next()).map(Into::into),
        "lognormal" => Lognormal::new(next(), next()).map(Into::into),
        "weibull" => Weibull::new(next(), next()).map(Into::into),
        "pareto" => Pareto::new(next(), next()).map(Into::into),
        "beta" => Beta::new(next(), next()).map(Into::into),
        "uniform" => Uniform::new(next(), next()).map(Into::into),
        "truncated_normal" => TruncatedNormal::new(next(), next(), next(), next()).map(Into::into),
        "poisson" => Poisson::new(next()).map(Into::into),
        "geometric" => Geometric::new(next()).map(Into::into),
        "negative_binomial" => NegativeBinomial::new(next(), next()).map(Into::into),
        "binomial" => Binomial::new(next(), next()).map(Into::into),
        _ => panic!("unknown family {family}"),
    };
    read.unwrap()
}

fn distribution(text: &str) -> Distribution {
    let mut words = text.split(' ');
    match words.next().unwrap() {
        "categorical" => {
            Categorical::new(words.map(|word| word.parse().unwrap()).collect::<Vec<f64>>()).unwrap().into()
        }
        "mixture" => {
            let mut parts: Vec<(f64, Distribution)> = Vec::new();
            while let Some(weight) = words.next() {
                let family = words.next().unwrap();
                parts.push((weight.parse().unwrap(), component(family, &mut words)));
            }
            Mixture::new(parts).unwrap().into()
        }
        family => component(family, &mut words),
    }
}

/// Rows of cells by the names of their columns.
fn rows(file: &str) -> Vec<Vec<(String, String)>> {
    let text = std::fs::read_to_string(format!("../../tests/reference/{file}")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let headers = lines.next().unwrap();
    lines.map(|line| headers.iter().cloned().zip(line).collect()).collect()
}

fn measure(pair: &Pair, found: &Neighbours, name: &str) -> Found {
    match name {
        "entropy_p" => found.entropies[0],
        "entropy_q" => found.entropies[1],
        "cross_entropy" => found.cross_entropy,
        "jensen_shannon" => found.jensen_shannon,
        "total_variation" => found.total_variation,
        "hellinger_squared" => found.hellinger_squared,
        "chi_squared" => found.chi_squared,
        "bhattacharyya" => found.bhattacharyya,
        "renyi_half" => found.renyi_half,
        "renyi_two" => found.renyi_two,
        "renyi_quarter" => Neighbours::renyi(pair, 0.25),
        "renyi_three" => Neighbours::renyi(pair, 3.0),
        "chernoff" => found.chernoff.map(|chernoff| chernoff.information),
        _ => panic!("unknown measure {name}"),
    }
}

/// The mistakes of a row: measures that have neither the digits of the reference nor lie within their own error.
fn mistakes(row: &[(String, String)], pair: &Pair) -> Vec<String> {
    /// Errors that are stated are no larger than this part of a measure, or than this.
    const LARGEST: f64 = 1e-9;
    let found = Neighbours::of(pair);
    let mut wrong = Vec::new();
    let name = || row.iter().take(2).map(|(_, cell)| cell.as_str()).collect::<Vec<_>>().join(" against ");
    for (column, cell) in row.iter().skip(2).filter(|(_, cell)| !cell.is_empty()) {
        let expected: f64 = cell.parse().unwrap();
        if column == "chernoff_order" {
            // The information is flat about its order.
            let Some(order) = found.chernoff.ok().and_then(|chernoff| chernoff.order) else {
                wrong.push(format!("{}: no order", name()));
                continue;
            };
            if (order - expected).abs() > 1e-8 {
                wrong.push(format!("{}: order {order}, not {expected}", name()));
            }
            continue;
        }
        let is_good = match measure(pair, &found, column) {
            Ok(measure) => {
                let off = (measure.value - expected).abs();
                let error = measure.error.unwrap_or(0.0);
                let is_near = off <= 1e-13 * expected.abs().max(1e-300) || off <= error;
                measure.value == expected || is_near && error <= LARGEST * expected.abs().max(1.0)
            }
            Err(Absent::TooLarge) => cell != "inf" && expected == f64::INFINITY,
            Err(_) => false,
        };
        if !is_good {
            wrong.push(format!("{}: {column} is {:?}, not {expected:e}", name(), measure(pair, &found, column)));
        }
    }
    wrong
}

#[test]
fn every_measure_of_symbols_and_of_closed_forms_has_the_digits_of_its_definition() {
    let mut examined = 0;
    let mut wrong = Vec::new();
    for mut row in rows("neighbours.csv") {
        let (_, family) = row.remove(0);
        for (_, side) in row.iter_mut().take(2) {
            *side = format!("{family} {side}");
        }
        let pair = Pair::of(distribution(&row[0].1), distribution(&row[1].1)).unwrap();
        wrong.extend(mistakes(&row, &pair));
        examined += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(examined >= 25, "{examined} rows");
}

#[test]
fn sums_over_counts_and_integrals_lie_within_their_errors() {
    let (mut counts, mut numbers) = (0, 0);
    let mut wrong = Vec::new();
    for row in rows("neighbours_values.csv") {
        let pair = Pair::of(distribution(&row[0].1), distribution(&row[1].1)).unwrap();
        wrong.extend(mistakes(&row, &pair));
        let is_count = pair.values().unwrap().space() == kl_math::distribution::Space::Counts;
        *(if is_count { &mut counts } else { &mut numbers }) += 1;
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(counts >= 25 && numbers >= 35, "{counts} pairs of counts, {numbers} of numbers");
}

#[test]
fn what_is_not_computed_says_why() {
    let wide = Pair::of(Poisson::new(1e13).unwrap(), Poisson::new(1.1e13).unwrap()).unwrap();
    let found = Neighbours::of(&wide);
    assert_eq!(found.total_variation, Err(Absent::TooWide));
    assert!(found.bhattacharyya.is_ok());
}

/// Where rounding of 1 − a would be a part of the measure itself.
#[test]
fn renyi_divergences_of_tiny_orders_lie_within_their_errors() {
    let near = Pair::of(Normal::new(0.0, 1.0).unwrap(), Logistic::new(0.3, 1.0).unwrap()).unwrap();
    let wide = Pair::of(Normal::new(0.0, 1.0).unwrap(), Cauchy::new(0.0, 1.0).unwrap()).unwrap();
    for (pair, digits, expected) in [(&near, 1e-10, 6.088_725_818_6e-9), (&wide, 1e-11, 7.977_053_333_08e-5)] {
        let found = Neighbours::renyi(pair, 1e-8).unwrap();
        assert!((found.value - expected).abs() <= digits * expected + found.error.unwrap(), "{found:?}");
    }
}

/// The distance, the Rényi divergence of order 1/4, the information and its order: exact sums over all counts.
#[test]
fn counts_between_p_and_q_are_no_less_than_those_of_both() {
    let rows = [
        (
            30.0,
            0.999,
            0.001,
            [98.386_620_863_764_89, 68.979_930_569_708_81, 102.670_935_703_729_94, 0.563_886_741_615_278],
        ),
        (
            40.0,
            0.95,
            0.5,
            [42.869_527_947_768_81, 36.321_733_067_281_82, 42.973_849_462_669_996, 0.519_371_962_731_837],
        ),
        (
            200.0,
            0.9,
            1.0,
            [190.505_491_840_016_8, 145.856_451_278_584_61, 198.133_286_232_308_34, 0.581_561_554_563_532],
        ),
        (
            200.0,
            0.99,
            0.05,
            [430.284_382_228_711_37, 305.390_289_253_258_8, 456.259_983_287_339_6, 0.585_426_462_478_808],
        ),
        (
            100.0,
            0.99,
            0.01,
            [220.557_653_514_662_46, 153.095_260_415_217_1, 241.094_128_407_404_27, 0.606_840_223_260_956],
        ),
    ];
    for (tries, success, rate, expected) in rows {
        let pair = Pair::of(Binomial::new(tries, success).unwrap(), Poisson::new(rate).unwrap()).unwrap();
        far_apart(&pair, expected);
    }
    // Between the parts of P, too.
    let parts = [1.0, 10_000.0].map(|rate| (0.5, Poisson::new(rate).unwrap()));
    let pair = Pair::of(Mixture::new(parts).unwrap(), Poisson::new(3000.0).unwrap()).unwrap();
    far_apart(
        &pair,
        [1_023.120_998_538_618_9, 928.763_763_165_382_4, 1_033.308_052_272_500_6, 0.549_655_370_346_074_4],
    );
}

/// The same, by Gauss and Legendre on segments of length 1.
#[test]
fn densities_far_apart_have_their_digits() {
    let laplace = |mean, width| Distribution::from(Laplace::new(mean, width).unwrap());
    let logistic = |mean, width| Distribution::from(Logistic::new(mean, width).unwrap());
    let normal = |mean| Distribution::from(Normal::new(mean, 1.0).unwrap());
    let student = Distribution::from(StudentT::new(0.0, 1.0, 3.0).unwrap());
    let gumbel = Distribution::from(Gumbel::new(0.0, 1.0).unwrap());
    let rows = [
        (
            laplace(0.0, 1.0),
            normal(100.0),
            [49.290_530_733_397_67, 33.010_725_945_261_68, 85.296_258_717_458_83, 0.926_848_907_513_62],
        ),
        (
            normal(0.0),
            logistic(60.0, 1.0),
            [28.943_957_143_117_69, 56.656_865_226_048_74, 47.981_248_685_893_11, 0.095_899_478_211_151],
        ),
        (
            normal(0.0),
            logistic(1000.0, 1.0),
            [498.943_957_143_117_7, 996.656_865_226_048_7, 953.471_745_431_719_6, 0.022_616_868_278_382],
        ),
        (
            normal(0.0),
            laplace(300.0, 0.5),
            [298.193_957_143_117_7, 592.156_865_226_048_7, 532.312_049_073_209_1, 0.058_100_501_227_783],
        ),
        (
            gumbel,
            normal(200.0),
            [98.943_957_143_117_69, 66.113_010_218_408_36, 178.610_933_689_657_88, 0.948_679_254_637_63],
        ),
        (
            student,
            normal(1000.0),
            [12.411_296_837_221_11, 8.313_461_125_595_83, 23.049_038_909_799_343, 0.980_384_278_029_91],
        ),
        (
            logistic(0.0, 1.0),
            laplace(2000.0, 1.3),
            [767.527_043_963_842_4, 665.687_278_350_289_1, 862.529_275_682_922_5, 0.435_005_616_273_51],
        ),
    ];
    for (p, q, expected) in rows {
        far_apart(&Pair::of(p, q).unwrap(), expected);
    }
    // p = q where neither is a double.
    let gamma = Distribution::from(Gamma::new(2.5, 1.0).unwrap());
    let found = Neighbours::of(&Pair::of(gamma, laplace(3000.0, 1.0)).unwrap()).bhattacharyya.unwrap();
    assert!((found.value - 1_487.036_804_261_067).abs() <= found.error.unwrap() + 1e-12, "{found:?}");
    // To the digits of the analytic values.
    for (mean, expected) in
        [(40.0, 30.716_041_193_4), (45.0, 35.145_18), (60.0, 48.608), (500.0, 467.42), (2000.0, 1935.45)]
    {
        let found = Neighbours::of(&Pair::of(laplace(0.0, 1.0), normal(mean)).unwrap()).chernoff.unwrap();
        assert!((found.information.value - expected).abs() < 1e-4 * expected, "{found:?}, not {expected}");
    }
}

#[track_caller]
fn far_apart(pair: &Pair, [distance, quarter, information, order]: [f64; 4]) {
    let found = Neighbours::of(pair);
    let chernoff = found.chernoff.unwrap();
    assert!((chernoff.order.unwrap() - order).abs() < 1e-8, "{chernoff:?}, not at {order}");
    let pairs = [
        (found.bhattacharyya, distance),
        (found.renyi_half, 2.0 * distance),
        (Neighbours::renyi(pair, 0.25), quarter),
        (Ok(chernoff.information), information),
    ];
    for (measure, expected) in pairs {
        let measure = measure.unwrap();
        let error = measure.error.unwrap();
        assert!((measure.value - expected).abs() <= error + 1e-15 * expected, "{measure:?}, not {expected}");
        assert!(error <= 1e-12 * expected, "{measure:?}");
    }
    assert!(chernoff.information.value >= found.bhattacharyya.unwrap().value);
}

/// More counts lie between P and Q than are summed, and what they have of Σ √(pq) is not known.
#[test]
fn what_is_left_out_between_counts_is_said() {
    let pair = Pair::of(Poisson::new(1.0).unwrap(), Binomial::new(1e9, 0.4).unwrap()).unwrap();
    let found = Neighbours::of(&pair);
    assert_eq!([found.bhattacharyya, found.renyi_half], [Err(Absent::TooWide); 2]);
    assert_eq!(found.chernoff, Err(Absent::TooWide));
    assert_eq!([found.total_variation, found.hellinger_squared].map(|found| found.unwrap().value), [1.0, 1.0]);
}

/// Where one symbol has nearly all of the mass, and where two have.
#[test]
fn measures_of_symbols_that_hardly_differ_have_their_digits_or_say_so() {
    let step = f64::EPSILON;
    let [half, more] = [0.5, 0.5 + step];
    let rows = [
        // TV, and χ² = TV² (1/q + 1/(1 − q)).
        ([1.0, 1e-21], [1.0, 2e-21], 1e-21, 5e-22),
        ([half, half], [more, 0.5 - step], step, 4.0 * step * step),
    ];
    for (p, q, total_variation, chi_squared) in rows {
        let found = Neighbours::of(&Pair::of(Categorical::new(p).unwrap(), Categorical::new(q).unwrap()).unwrap());
        for (measure, expected) in [(found.total_variation, total_variation), (found.chi_squared, chi_squared)] {
            let measure = measure.unwrap();
            let error = measure.error.unwrap_or(0.0);
            assert!((measure.value - expected).abs() <= error + 1e-15 * expected, "{measure:?}, not {expected:e}");
            assert!(error <= 1e-9 * expected, "{measure:?}");
        }
    }
}
