//! Tests of fixed length against their definitions in 60 digits (tests/reference/fixed_tests.py and fixed_approximations.py).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

use kl_math::decision::fixed::{
    APPROXIMATIONS, ErrorRate, FixedTest, NeymanPearson, Setting, Truth, rates, smallest_length,
};
use kl_math::distribution::{
    Behaviour, Categorical, Distribution, Exponential, Gamma, Geometric, Normal, Pair, Poisson,
};
use std::collections::HashMap;

/// What is promised of chances.
const ROOM: f64 = 1e-12;

fn distribution(family: &str, text: &str) -> Distribution {
    let numbers: Vec<f64> = text.split(' ').map(|word| word.parse().unwrap()).collect();
    match family {
        "categorical" => {
            let sum: f64 = numbers.iter().sum();
            assert!((sum - 1.0).abs() < 1e-9);
            Categorical::new(numbers).unwrap().into()
        }
        "normal" | "normal_spread" => Normal::new(numbers[0], numbers[1]).unwrap().into(),
        "exponential" => Exponential::new(numbers[0]).unwrap().into(),
        "gamma" => Gamma::new(numbers[0], numbers[1]).unwrap().into(),
        "poisson" => Poisson::new(numbers[0]).unwrap().into(),
        "geometric" => Geometric::new(numbers[0]).unwrap().into(),
        _ => panic!("unknown family {family}"),
    }
}

#[test]
fn chances_are_those_of_the_reference() {
    let text = include_str!("../../../tests/reference/fixed_tests.csv");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let (mut compared, mut worst) = (0, 0.0f64);
    for line in lines {
        let row: HashMap<&str, &str> = header.iter().copied().zip(line.split(',')).collect();
        let number = |name: &str| row[name].parse::<f64>().unwrap();
        let family = row["family"];
        let side = |name: &str| distribution(family, row[name]);
        let pair = Pair::of(side("p"), side("q")).unwrap();
        let n: u64 = row["n"].parse().unwrap();
        let mut is = |name: &str, found: f64| {
            let expected = number(name);
            let error = if found == expected { 0.0 } else { (found / expected - 1.0).abs() };
            // A chance to decide at an atom is a difference of chances that share digits.
            let room = if name == "randomisation" { 1e-10 / expected.min(1.0) } else { ROOM };
            assert!(error <= room, "{name}: {found:e}, not {expected:e}: {line}");
            worst = worst.max(if name == "randomisation" { 0.0 } else { error });
            compared += 1;
        };
        let test = FixedTest::at(number("threshold"), n).unwrap();
        let [of_p, of_q] = [Truth::P, Truth::Q].map(|truth| rates(&pair, truth, &test).unwrap());
        is("p_decides_q", of_p.q);
        is("q_decides_p", of_q.p);
        if !row["s_decides_q"].is_empty() {
            let behaviour = Behaviour::new(pair.clone(), side("s")).unwrap();
            is("s_decides_q", rates(&pair, Truth::S(&behaviour), &test).unwrap().q);
        }
        let level = number("level");
        let found = NeymanPearson::of(&pair, n, level).unwrap();
        assert!(found.alpha <= level, "{line}");
        if row["atom_value"].is_empty() {
            // The threshold is a double: the level lies between its alpha and that of the next one, and so does the exact beta.
            let threshold = found.test.threshold();
            let next = FixedTest::at(threshold.next_up(), n).unwrap();
            let [of_p, of_q] = [Truth::P, Truth::Q].map(|truth| rates(&pair, truth, &next).unwrap());
            assert!(of_p.q > level, "{line}");
            let (beta, exact) = (found.beta.unwrap(), number("beta"));
            assert!(of_q.p <= exact * (1.0 + ROOM) && exact * (1.0 - ROOM) <= beta, "{beta:e}: {line}");
            assert!((beta - of_q.p).abs() < 1e-11 * beta, "{line}");
            assert!((found.randomisation, found.randomised_beta) == (0.0, found.beta));
        } else {
            is("alpha", found.alpha);
            is("beta", found.beta.unwrap());
            is("randomised_beta", found.randomised_beta.unwrap());
            is("randomisation", found.randomisation);
        }
        assert_eq!(found.atom.is_none(), row["atom_value"].is_empty());
        if let Some(atom) = found.atom {
            is("atom_mass", atom.mass);
            let expected = number("atom_value");
            assert!(atom.value == expected || (atom.value - expected).abs() < 1e-12 * (1.0 + expected.abs()), "{line}");
        }
    }
    println!("{compared} compared, the worst {worst:e} of itself");
    assert!(compared > 800, "{compared}");
}

#[test]
fn approximations_and_lengths_are_those_of_the_reference() {
    let text = include_str!("../../../tests/reference/fixed_approximations.csv");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let (mut compared, mut lengths) = (0, 0);
    for line in lines {
        let row: HashMap<&str, &str> = header.iter().copied().zip(line.split(',')).collect();
        let number = |name: &str| row[name].parse::<f64>().unwrap();
        let is_of_lengths = row["family"] == "lengths";
        let family = if is_of_lengths { "categorical" } else { row["family"] };
        let pair = Pair::of(distribution(family, row["p"]), distribution(family, row["q"])).unwrap();
        let level = number("level");
        if is_of_lengths {
            let found = smallest_length(&pair, level, number("threshold")).unwrap();
            let [smallest, always] = ["length_smallest", "length_always"].map(|name| row[name].parse::<u64>().unwrap());
            assert!((found.n, found.exact, found.is_least_always) == (smallest, true, true), "{found:?}: {line}");
            assert_eq!(found.always_from, Some(always), "{line}");
            lengths += 1;
            continue;
        }
        let test = FixedTest::at(number("threshold"), row["n"].parse().unwrap()).unwrap();
        let setting = Setting::new(&pair, &test, Some(level));
        for entry in &APPROXIMATIONS {
            let name = match (entry.name, entry.rate) {
                (_, ErrorRate::Mean) => continue,
                (name @ ("stein" | "strassen" | "hoeffding"), _) => name.to_owned(),
                (name, ErrorRate::Alpha) => format!("{name}_alpha"),
                (name, ErrorRate::Beta) => format!("{name}_beta"),
            };
            let expected = row[name.as_str()].parse::<f64>().ok();
            let found = entry.ln_of(&setting);
            assert_eq!(found.is_some(), expected.is_some(), "{name}: {found:?}: {line}");
            if let (Some(found), Some(expected)) = (found, expected) {
                // The tolerance of the threshold of a test, 1e-12 of what is summed, is part of the bounds.
                let room = 1e-10 * (1.0 + expected.abs());
                assert!((found - expected).abs() <= room, "{name}: {found}, not {expected}: {line}");
                compared += 1;
            }
        }
    }
    assert!(compared > 250 && lengths == 4, "{compared} {lengths}");
}
