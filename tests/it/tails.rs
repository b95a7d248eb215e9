//! Tails of continuous and count laws against reference values: `tests/reference/tails.py` says how they were made.

use std::collections::BTreeMap;
use std::time::Instant;

use kl_math::law::{Gamma, NegativeBinomial, Normal, Poisson};

#[derive(Clone, Copy, Debug)]
enum Law {
    Gamma(Gamma),
    Poisson(Poisson),
    NegativeBinomial(NegativeBinomial),
    Normal(Normal),
}

impl Law {
    /// P(X ≤ x), P(X ≥ x) and the p-value.
    fn answers(self, x: f64) -> [f64; 3] {
        match self {
            Self::Gamma(law) => [law.lower_tail(x), law.upper_tail(x), law.two_sided_p_value(x)],
            Self::Poisson(law) => [law.lower_tail(x), law.upper_tail(x), law.two_sided_p_value(x)],
            Self::NegativeBinomial(law) => [law.lower_tail(x), law.upper_tail(x), law.two_sided_p_value(x)],
            Self::Normal(law) => [law.lower_tail(x), law.upper_tail(x), law.two_sided_p_value(x)],
        }
    }

    fn mass_between(self, low: f64, high: f64) -> f64 {
        match self {
            Self::Gamma(law) => law.mass_between(low, high),
            Self::Poisson(law) => law.mass_between(low, high),
            Self::NegativeBinomial(law) => law.mass_between(low, high),
            Self::Normal(law) => law.mass_between(low, high),
        }
    }
}

/// A row of parameters.
type Parameters = (String, f64, Option<f64>, Option<f64>);

fn law((kind, a, b, c): &Parameters) -> Law {
    match kind.as_str() {
        "gamma" => Law::Gamma(Gamma::new(*a, b.unwrap())),
        "poisson" => Law::Poisson(Poisson::new(*a)),
        "negative_binomial" => Law::NegativeBinomial(NegativeBinomial::new(*a, b.unwrap(), c.unwrap())),
        _ => Law::Normal(Normal::new(*a, b.unwrap())),
    }
}

/// The rows of a table: a law, its name and three numbers.
fn rows(table: &str) -> Vec<(String, Law, [f64; 3])> {
    let path = format!("{}/tests/reference/{table}", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.deserialize::<(Parameters, [f64; 3])>();
    rows.map(|row| {
        let (parameters, numbers) = row.unwrap();
        (parameters.0.clone(), law(&parameters), numbers)
    })
    .collect()
}

#[test]
fn tails_have_eleven_right_digits() {
    let rows = rows("tails.csv");
    assert!(rows.len() >= 600);
    // The worst error and the slowest three answers of each law.
    let mut worst = BTreeMap::new();
    for (kind, law, [x, lower, upper]) in rows {
        // The least of three times, for other programs run too.
        let timed = || {
            let start = Instant::now();
            (law.answers(x), start.elapsed())
        };
        let [found_lower, found_upper, _] = timed().0;
        let time = timed().1.min(timed().1).min(timed().1);
        let (error, slowest) = worst.entry(kind).or_insert((0.0, time));
        *slowest = time.max(*slowest);
        for (found, truth) in [(found_lower, lower), (found_upper, upper)] {
            let here = (found / truth - 1.0).abs();
            *error = here.max(*error);
            assert!(here < 1e-11, "{law:?} at {x}: {found:e} is not {truth:e}, by {here:e}");
        }
    }
    println!("{worst:?}");
    assert_eq!(worst.len(), 4);
}

#[test]
fn the_p_value_is_never_below_the_truth() {
    for (_, law, [x, lower, upper]) in rows("tails.csv") {
        let truth = (2.0 * lower.min(upper)).min(1.0);
        let [_, _, p_value] = law.answers(x);
        assert!(p_value >= truth && p_value <= truth * (1.0 + 3e-10), "{law:?} at {x}: {p_value:e} {truth:e}");
    }
}

/// `tests/reference/intervals.py` says how these were made.
#[test]
fn narrow_intervals_have_eleven_right_digits() {
    for (_, law, [low, high, truth]) in rows("intervals.csv") {
        let found = law.mass_between(low, high);
        let error = (found / truth - 1.0).abs();
        assert!(error < 1e-11, "{law:?} {low} {high}: {found:e} is not {truth:e}, by {error:e}");
    }
}
