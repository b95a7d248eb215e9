//! p-values that people read, against exact laws (`tests/reference/p_values.py`) and against their own distribution over many
//! seeds.

use kl_math::distribution::{Categorical, Exponential, Normal, Pair};
use kl_math::divergence::{Cumulants, FiniteCumulants, cumulant_function};
use kl_math::law::Law;
use kl_math::statistics::{SquaredDeviation, TailMethod, two_sided_bound, two_sided_p_value};
use kl_sim::comparison::{Comparison, Method};
use kl_sim::prelude::Experiment;
use std::collections::BTreeMap;

/// A row of the reference.
struct Case {
    quantity: String,
    pair: Pair,
    n: u64,
    trials: u64,
    at: f64,
    truth: f64,
}

fn cases() -> Vec<Case> {
    let mut reader = csv::Reader::from_reader(include_str!("../reference/p_values.csv").as_bytes());
    let case = |row: csv::StringRecord| {
        let number = |column: usize| row[column].parse::<f64>().unwrap();
        let weights = |column: usize| -> Vec<f64> { row[column].split(';').map(|text| text.parse().unwrap()).collect() };
        let (p, q) = (weights(2), weights(3));
        let pair = match &row[1] {
            "categorical" => Pair::of(Categorical::new(p).unwrap(), Categorical::new(q).unwrap()),
            _ => Pair::of(Exponential::new(p[0]).unwrap(), Exponential::new(q[0]).unwrap()),
        };
        Case {
            quantity: row[0].to_owned(),
            pair: pair.unwrap(),
            n: number(4) as u64,
            trials: number(5) as u64,
            at: number(6),
            truth: number(7),
        }
    };
    reader.records().map(|row| case(row.unwrap())).collect()
}

impl Case {
    /// The value that is near, and the bound.
    fn found(&self) -> (Option<(f64, TailMethod)>, f64) {
        let known = Cumulants::of(&self.pair);
        let symbol = self.pair.symbols().map(|symbols| FiniteCumulants::new(symbols.centred_log_ratios()));
        let count = (self.n * self.trials) as f64;
        if self.quantity == "mean" {
            let symbol = symbol.unwrap();
            return (two_sided_p_value(&symbol, self.at, count), two_sided_bound(&symbol, self.at, count));
        }
        let spread = known.spread.unwrap();
        let (variance, n) = (spread.variance, self.n as f64);
        let fourth = 3.0 + spread.higher.unwrap().1 / variance / variance / n;
        let atoms = Law::of(&self.pair, self.n, 4096).and_then(|law| law.atoms(4096));
        let law = match (atoms, &symbol) {
            (Some(atoms), _) => SquaredDeviation::exact(&atoms, known.mean, variance / n),
            (None, Some(symbol)) => SquaredDeviation::of_mean(symbol, variance, self.n, fourth),
            (None, None) => {
                let function = cumulant_function(self.pair.values().unwrap()).unwrap();
                SquaredDeviation::of_contributions(function, variance, self.n, fourth)
            }
        };
        (law.near_p_value(self.at, self.trials), law.two_sided_p_value(self.at, self.trials))
    }
}

#[test]
fn p_values_are_those_of_exact_laws() {
    let mut worst: BTreeMap<String, f64> = BTreeMap::new();
    for case in cases() {
        let (near, bound) = case.found();
        let name = format!("{} {} {}", case.quantity, case.n, case.trials);
        let Some((p, method)) = near else { println!("{name}: none at {} ({:e})", case.at, case.truth); continue };
        assert!(bound >= case.truth * (1.0 - 1e-9), "{name}");
        let error = (p / case.truth - 1.0).abs();
        let key = format!("{name} {} {method:?}", case.pair.source());
        let largest = worst.entry(key).or_default();
        if error > 0.01 { println!("{name} {}: {p:e} {:e} {error:.4}", case.at, case.truth); }
        *largest = largest.max(error);
    }
    println!("{worst:#?}");
}
