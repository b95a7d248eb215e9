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
