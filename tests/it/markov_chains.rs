//! Mean and variance of the log ratio of Markov chains against values from an independent source
//! (`tests/reference/markov_chains.py`).

use kl_math::chain::{ChainLaw, ChainPair, ChainTheory};
use kl_math::numeric::DoubleDouble;

/// Numbers of a list, or of a list of lists.
fn numbers(json: &str) -> Vec<DoubleDouble> {
    let parts = json.split(['[', ']', ',', ' ']).filter(|part| !part.is_empty());
    parts.map(|part| DoubleDouble::from(part.parse::<f64>().unwrap())).collect()
}

#[test]
fn every_reference_value_is_met() {
    let mut reader = csv::Reader::from_path("tests/reference/markov_chains.csv").unwrap();
    let (mut worst, mut rows) = ([0.0f64; 4], [0; 2]);
    for row in reader.records() {
        let row = row.unwrap();
        let is_rate = row[0].is_empty();
        let [p, q] = [2, 4].map(|column| numbers(&row[column]));
        let any = vec![DoubleDouble::ONE; p.len().isqrt()];
        let [p_initial, q_initial] = [1, 3].map(|column| if is_rate { any.clone() } else { numbers(&row[column]) });
        let source = ChainLaw { initial: &p_initial, transition: &p };
        let pair = ChainPair::new(source, ChainLaw { initial: &q_initial, transition: &q }).unwrap();
        let theory = ChainTheory::of(&pair, row[0].parse().unwrap_or(1));
        let found = if is_rate {
            [theory.rate.unwrap(), theory.asymptotic_variance.unwrap()]
        } else {
            [theory.mean, theory.spread.unwrap().variance]
        };
        for (place, found) in found.into_iter().enumerate() {
            let error = (found / row[5 + place].parse::<f64>().unwrap() - 1.0).abs();
            let worst = &mut worst[2 * usize::from(is_rate) + place];
            *worst = worst.max(error);
        }
        rows[usize::from(is_rate)] += 1;
    }
    let [mean, variance, rate, asymptotic] = worst;
    println!("mean {mean:.1e}  variance {variance:.1e}  rate {rate:.1e}  asymptotic variance {asymptotic:.1e}");
    assert!(worst.iter().all(|&error| error <= 5e-15), "{worst:?}");
    assert_eq!(rows, [24, 24]);
}

/// Each step's mean in place of the step (`tests/reference/averaged_steps.py`).
#[test]
fn averaged_steps_have_the_moments_of_the_reference() {
    let mut reader = csv::Reader::from_path("tests/reference/averaged_steps.csv").unwrap();
    let (mut worst, mut rows) = ([0.0f64; 2], 0);
    for row in reader.records() {
        let row = row.unwrap();
        let [p_initial, p, q_initial, q] = [1, 2, 3, 4].map(|column| numbers(&row[column]));
        let source = ChainLaw { initial: &p_initial, transition: &p };
        let pair = ChainPair::new(source, ChainLaw { initial: &q_initial, transition: &q }).unwrap().averaged();
        let theory = ChainTheory::of(&pair, row[0].parse().unwrap());
        let found = [theory.mean, theory.spread.unwrap().variance];
        for (place, found) in found.into_iter().enumerate() {
            worst[place] = worst[place].max((found / row[5 + place].parse::<f64>().unwrap() - 1.0).abs());
        }
        rows += 1;
    }
    println!("mean {:.1e}  variance {:.1e}", worst[0], worst[1]);
    assert!(rows > 10 && worst[0] <= 5e-15 && worst[1] <= 1e-13, "{worst:?}");
}
