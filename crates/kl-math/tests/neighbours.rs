//! Entropies, distances and divergences against definitions in 60-digit arithmetic (tests/reference/neighbours.py).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

use kl_math::distribution::{Categorical, Distribution, Exponential, Normal, Pair, Poisson};
use kl_math::divergence::Neighbours;

fn distribution(family: &str, text: &str) -> Distribution {
    let numbers: Vec<f64> = text.split(' ').map(|number| number.parse().unwrap()).collect();
    match family {
        "categorical" => Categorical::new(numbers).unwrap().into(),
        "normal" => Normal::new(numbers[0], numbers[1]).unwrap().into(),
        "exponential" => Exponential::new(numbers[0]).unwrap().into(),
        "poisson" => Poisson::new(numbers[0]).unwrap().into(),
        _ => panic!("unknown family {family}"),
    }
}

#[test]
fn every_measure_has_the_digits_of_its_definition() {
    let text = std::fs::read_to_string("../../tests/reference/neighbours.csv").unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let headers = lines.next().unwrap();
    let mut rows = 0;
    for row in lines {
        let pair = Pair::of(distribution(row[0], row[1]), distribution(row[0], row[2])).unwrap();
        let found = Neighbours::of(&pair);
        let values = [
            found.entropies[0],
            found.entropies[1],
            found.cross_entropy,
            found.jensen_shannon,
            found.total_variation,
            found.hellinger_squared,
            found.chi_squared,
            found.bhattacharyya,
            found.renyi_half,
            found.renyi_two,
            found.chernoff.map(|chernoff| chernoff.information),
            found.chernoff.and_then(|chernoff| chernoff.order),
        ];
        for (place, value) in values.into_iter().enumerate() {
            let expected: Option<f64> =
                Some(row[place + 3]).filter(|cell| !cell.is_empty()).map(|cell| cell.parse().unwrap());
            let is_near = match (value, expected) {
                (Some(value), Some(expected)) => {
                    value == expected || (value - expected).abs() <= 1e-13 * expected.abs().max(1e-300)
                }
                // The order of what is constant is any.
                (value, expected) => value == expected,
            };
            let order_room = headers[place + 3] == "chernoff_order"
                && value.zip(expected).is_some_and(|(value, expected)| (value - expected).abs() < 1e-8);
            assert!(is_near || order_room, "{} of {row:?}: {value:?}, not {expected:?}", headers[place + 3]);
        }
        rows += 1;
    }
    assert!(rows >= 25, "{rows} rows");
}
