//! Estimates that look along a sequence against automatic differentiation of every sequence's loss (tests/reference/path_gradients.py).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

use kl_math::distribution::{Behaviour, Categorical, Distribution, MarkovChain, Pair, Parameter};
use kl_math::divergence::{Baseline, Credit, GradientRule, Importance, Side, Term, WeightSpan, Weighting};
use kl_math::path::{PathEstimate, PathLaws, PathQuantity, path_components};
use std::sync::Arc;

fn numbers(text: &str) -> Vec<f64> {
    text.split(' ').map(|word| word.parse().unwrap()).collect()
}

fn law(text: &str) -> Distribution {
    let rows: Vec<Vec<f64>> = text.split('|').map(numbers).collect();
    match rows.as_slice() {
        [row] => Categorical::new(row.clone()).unwrap().into(),
        [first, steps @ ..] => {
            let steps = Parameter::List(steps.iter().map(|row| row.clone().into()).collect());
            MarkovChain::new(first.clone(), steps).unwrap().into()
        }
        [] => panic!("no law"),
    }
}

fn laws(cells: [&str; 3]) -> (Pair, Arc<PathLaws>) {
    let [s, p, q] = cells.map(law);
    let pair = Pair::of(p, q).unwrap();
    let laws = if cells[0] == cells[1] {
        PathLaws::of(&pair)
    } else {
        PathLaws::of_behaviour(&Behaviour::new(pair.clone(), s).unwrap())
    };
    (pair, Arc::new(laws.unwrap()))
}

fn rule(name: &str) -> Option<GradientRule> {
    let term = match name.get(..2)? {
        "k1" => Term::K1,
        "k2" => Term::K2,
        "k3" => Term::K3,
        _ => return None,
    };
    Some(match name.get(3..)? {
        "as_loss" => GradientRule::Loss(term),
        "as_reward" => GradientRule::Reward(term, Baseline::Constant(0.3)),
        "as_reward_mean" => GradientRule::Reward(term, Baseline::Mean),
        "as_reward_leave_one_out" => GradientRule::Reward(term, Baseline::LeaveOneOut),
        other => panic!("unknown rule {other}"),
    })
}

fn weighting(importance: &str, span: &str, differentiated: &str) -> Weighting {
    let importance = match importance {
        "none" => Importance::Unweighted,
        "ratio" => Importance::Ratio,
        "clipped" => Importance::Clipped(1.1),
        "self_normalised" => Importance::SelfNormalised,
        other => panic!("unknown weight {other}"),
    };
    let span = match span {
        "symbol" => WeightSpan::Symbol,
        "prefix" => WeightSpan::Prefix,
        "sequence" => WeightSpan::Sequence,
        "geometric_mean" => WeightSpan::GeometricMean,
        other => panic!("unknown span {other}"),
    };
    Weighting { importance, span, is_differentiated: differentiated == "True" }
}

/// The doubles of the script are right to some 1e-15 of the largest term.
#[test]
fn means_and_variances_are_those_of_automatic_differentiation() {
    let text = include_str!("../../../tests/reference/path_gradients.csv");
    let (mut rows, mut far, mut known, mut truths) = (0, 0.0f64, None, [Vec::new(), Vec::new()]);
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let n: u64 = cells[0].parse().unwrap();
        if !cells[1].is_empty() {
            known = Some(laws([cells[1], cells[2], cells[3]]));
        }
        let (pair, laws) = known.as_ref().unwrap();
        let (side, truth) = if cells[4] == "P" { (Side::Source, 0) } else { (Side::Model, 1) };
        let credit = match cells[6] {
            "symbol" => Credit::Symbol,
            "to_go" => Credit::RewardToGo,
            "sequence" => Credit::Sequence,
            other => panic!("unknown credit {other}"),
        };
        if !cells[10].is_empty() {
            truths[truth] = numbers(cells[10]);
        }
        let (means, variances) = (numbers(cells[11]), numbers(cells[12]));
        let components = path_components(pair, side).unwrap();
        for (place, (component, _)) in components.into_iter().step_by(3).enumerate() {
            let quantity = match rule(cells[5]) {
                Some(rule) => PathQuantity::Gradient { side, rule, credit, component },
                None => PathQuantity::MeanGradient { side, credit, component },
            };
            let weighting = weighting(cells[7], cells[8], cells[9]);
            let found = PathEstimate::new(Arc::clone(laws), quantity, weighting).unwrap();
            let moments = found.moments(n).unwrap();
            let size = 1.0 + moments.size;
            for (found, expected, size) in [
                (found.gradient(n).unwrap(), truths[truth][place], size),
                (moments.mean, means[place], size),
                (moments.variance, variances[place], size * size),
            ] {
                far = far.max((found - expected).abs() / size);
                assert!((found - expected).abs() < 1e-13 * size, "{line}: {found} {expected} {component:?}");
            }
        }
        rows += 1;
    }
    assert!(rows > 1_700, "{rows}");
    assert!(far > 0.0 && far < 1e-13, "{far:e}");
    println!("{rows} rows, {far:e}");
}
