//! Fits against searches that know nothing of their formulas. `tests/it/fit.rs` holds them against an independent source.

use super::*;
use crate::distribution::{
    Categorical, Cauchy, Distribution, Exponential, Laplace, Mixture, Normal, Pair, Poisson, StudentT, Uniform,
};
use crate::divergence::kl;

fn two(weight: f64, [m, s]: [f64; 2], [other_m, other_s]: [f64; 2]) -> Distribution {
    let normal = |m: f64, s: f64| Normal::new(m, s).unwrap();
    Mixture::new([(weight, normal(m, s)), (1.0 - weight, normal(other_m, other_s))]).unwrap().into()
}

fn divergence(p: &Distribution, q: &Distribution) -> f64 {
    crate::divergence::Divergence::of(&Pair::of(p.clone(), q.clone()).unwrap()).mean
}

/// The least value on a grid about a place, which is moved to it and made finer, and where it is.
fn grid_search(mut at: [f64; 2], mut width: f64, loss: impl Fn(f64, f64) -> f64) -> [f64; 2] {
    for _ in 0..18 {
        let steps = [-2.0, -1.0, 0.0, 1.0, 2.0];
        let places = steps.iter().flat_map(|x| steps.iter().map(move |y| [at[0] + width * x, at[1] + width * y]));
        let values: Vec<(f64, [f64; 2])> = places.map(|[m, log]| (loss(m, log), [m, log])).collect();
        let least = values.into_iter().min_by(|one, other| one.0.total_cmp(&other.0)).unwrap();
        at = least.1;
        width *= 0.5;
    }
    at
}

#[test]
fn no_normal_is_nearer_than_the_forward_fit() {
    for p in [
        two(0.6, [-1.0, 1.0], [1.0, 1.0]),
        two(0.1, [-3.0, 0.5], [2.0, 1.0]),
        Laplace::new(1.0, 2.0).unwrap().into(),
        Exponential::new(0.5).unwrap().into(),
        StudentT::new(0.0, 1.0, 5.0).unwrap().into(),
        Uniform::new(-1.0, 3.0).unwrap().into(),
    ] {
        let fit = forward_normal(&p).unwrap();
        let q = |m: f64, log: f64| Normal::new(m, libm::exp(log)).unwrap().into();
        let [m, log] = grid_search([0.3, 0.2], 1.0, |m, log| divergence(&p, &q(m, log)));
        // A grid sees the value, whose digits end where its argument is off by the root of an ulp.
        assert!((m - fit.mean).abs() < 1e-5 && (libm::exp(log) - fit.std_dev).abs() < 1e-5, "{p}: {fit:?}, {m}, {log}");
        assert!(divergence(&p, &q(fit.mean, libm::log(fit.std_dev))) <= divergence(&p, &q(m, log)) + 1e-13);
        assert!(fit.mean_error.unwrap() < 1e-12 && fit.std_dev_error.unwrap() < 1e-12, "{fit:?}");
    }
}

#[test]
fn moments_are_those_of_the_textbook() {
    let near = |p: Distribution, mean: f64, variance: f64| {
        let fit = forward_normal(&p).unwrap();
        let (mean_error, std_dev_error) = (fit.mean_error.unwrap(), fit.std_dev_error.unwrap());
        assert!((fit.mean - mean).abs() <= mean_error + 1e-16 * mean.abs(), "{p}: {fit:?} is not {mean}");
        assert!((fit.std_dev - variance.sqrt()).abs() <= std_dev_error, "{p}: {fit:?} is not {}", variance.sqrt());
        assert!(mean_error + std_dev_error < 1e-11 * (mean.abs() + variance.sqrt()), "{fit:?}");
    };
    near(Exponential::new(2.0).unwrap().into(), 0.5, 0.25);
    near(Laplace::new(-3.0, 0.5).unwrap().into(), -3.0, 0.5);
    near(Uniform::new(0.0, 6.0).unwrap().into(), 3.0, 3.0);
    near(StudentT::new(1.0, 1.0, 2.01).unwrap().into(), 1.0, 2.01 / (2.01 - 2.0));
    near(two(0.25, [-2.0, 1.0], [2.0, 3.0]), 1.0, 0.25 * (1.0 + 9.0) + 0.75 * (9.0 + 1.0));
    // e^½ and (e − 1) e.
    let e = std::f64::consts::E;
    let lognormal = crate::distribution::Lognormal::new(0.0, 1.0).unwrap();
    near(lognormal.into(), e.sqrt(), (e - 1.0) * e);
}

#[test]
fn no_normal_around_is_nearer_than_the_reverse_fit() {
    for p in [
        two(0.6, [-1.0, 1.0], [1.0, 1.0]),
        two(0.7, [-3.0, 1.0], [3.0, 0.5]),
        Laplace::new(1.0, 2.0).unwrap().into(),
        StudentT::new(0.0, 1.0, 3.0).unwrap().into(),
        Cauchy::new(2.0, 0.5).unwrap().into(),
    ] {
        let found = reverse_normal(&p).unwrap();
        let fit = found.fit;
        let q = |m: f64, log: f64| Normal::new(m, libm::exp(log)).unwrap().into();
        let start = [fit.mean + 0.05, libm::log(fit.std_dev) - 0.05];
        let [m, log] = grid_search(start, 0.2, |m, log| divergence(&q(m, log), &p));
        assert!((m - fit.mean).abs() < 1e-5 && (libm::exp(log) - fit.std_dev).abs() < 1e-5, "{p}: {fit:?}, {m}, {log}");
        // What starts are compared by is the divergence of the library.
        let at_end = divergence(&q(fit.mean, libm::log(fit.std_dev)), &p);
        assert!((found.starts[found.best].divergence.unwrap() - at_end).abs() < 1e-12, "{p}");
        assert!(fit.mean_error.unwrap() < 1e-11 && fit.std_dev_error.unwrap() < 1e-11, "{fit:?}");
    }
}

#[test]
fn of_two_far_modes_reverse_takes_one_and_forward_covers_both() {
    let p = two(0.4, [-15.0, 1.0], [20.0, 3.0]);
    let (forward, reverse) = (forward_normal(&p).unwrap(), reverse_normal(&p).unwrap());
    assert!((forward.mean - 6.0).abs() < 1e-13 && forward.std_dev > 17.0);
    assert!((reverse.fit.mean - 20.0).abs() < 1e-4 && (reverse.fit.std_dev - 3.0).abs() < 1e-4, "{reverse:?}");
    // Each component leads to its own mode, whose price is the logarithm of its weight.
    let ends: Vec<f64> = reverse.starts.iter().map(|start| start.divergence.unwrap()).collect();
    assert!((ends[0] + libm::log(0.4)).abs() < 1e-4 && (ends[1] + libm::log(0.6)).abs() < 1e-4, "{ends:?}");
    assert_eq!((reverse.best, reverse.starts.len(), reverse.left_out), (1, 3, 0));
    assert_eq!(reverse.starts[2].point, StartPoint::Forward);
}

#[test]
fn between_two_equal_modes_is_a_third_minimum_that_is_not_the_best() {
    let p = two(0.5, [-4.0, 1.0], [4.0, 1.0]);
    let found = reverse_normal(&p).unwrap();
    assert_eq!((found.best, found.starts[2].point), (0, StartPoint::Forward));
    let ends: Vec<NormalFit> = found.starts.iter().map(|start| start.end.unwrap()).collect();
    assert!((ends[0].mean + ends[1].mean).abs() < 1e-12 && ends[1].mean > 3.9, "{ends:?}");
    assert!(ends[2].mean.abs() < 1e-12 && ends[2].std_dev > 2.0, "{ends:?}");
    assert!(found.starts[2].divergence > found.starts[0].divergence);
    // Where the modes have merged it is the one minimum.
    let merged = reverse_normal(&two(0.5, [-0.5, 1.0], [0.5, 1.0])).unwrap();
    assert!(merged.starts.iter().all(|start| start.end.unwrap().mean.abs() < 1e-9), "{merged:?}");
}

#[test]
fn of_very_many_components_the_heaviest_are_starts() {
    let count = MOST_STARTS + 3;
    let weight = |place: usize| if place < 3 { 0.01 } else { 0.97 / (count - 3) as f64 };
    let part = |place: usize| (weight(place), Normal::new(place as f64, 1.0).unwrap());
    let p: Distribution = Mixture::new((0..count).map(part)).unwrap().into();
    let found = reverse_normal(&p).unwrap();
    assert_eq!((found.left_out, found.starts.len()), (3, MOST_STARTS + 1));
    assert_eq!(found.starts[0].point, StartPoint::Component(3));
}

#[test]
fn a_normal_is_its_own_fit() {
    let p: Distribution = Normal::new(3.0, 0.1).unwrap().into();
    let forward = forward_normal(&p).unwrap();
    let reverse = reverse_normal(&p).unwrap().fit;
    assert_eq!((forward.mean, forward.std_dev), (3.0, 0.1));
    assert!((reverse.mean - 3.0).abs() < 1e-15 && (reverse.std_dev - 0.1).abs() < 1e-15, "{reverse:?}");
}

#[test]
fn what_does_not_exist_is_refused() {
    let cauchy: Distribution = Cauchy::new(0.0, 1.0).unwrap().into();
    assert_eq!(forward_normal(&cauchy), Err(FitError::NoVariance));
    assert_eq!(forward_normal(&StudentT::new(0.0, 1.0, 2.0).unwrap().into()), Err(FitError::NoVariance));
    let exponential = reverse_normal(&Exponential::new(1.0).unwrap().into()).unwrap_err();
    assert_eq!(exponential, FitError::NotCovered { where_not: "below 0".to_owned() });
    let uniform = reverse_normal(&Uniform::new(-1.0, 2.0).unwrap().into()).unwrap_err();
    assert_eq!(uniform.to_string().split(',').next(), Some("P has no density below -1 and above 2"));
    let counts = forward_normal(&Poisson::new(1.0).unwrap().into()).unwrap_err();
    assert_eq!(counts, FitError::NotReal { taken: "counts 0, 1, 2, …".to_owned() });
    let symbols = Categorical::new([0.5, 0.5]).unwrap().into();
    assert_eq!(reverse_normal(&symbols).unwrap_err(), FitError::NotReal { taken: "symbols".to_owned() });
    assert!(TiedFit::of(&cauchy, &[]).is_err());
    assert_eq!(TiedFit::of(&symbols, &[vec![0, 2]]).unwrap_err(), FitError::NoSymbol { place: 2, size: 2 });
    assert_eq!(TiedFit::of(&symbols, &[vec![0], vec![0]]).unwrap_err(), FitError::TiedTwice { symbol: "H".to_owned() });
}

/// The masses of classes that lower a divergence are sought by moving mass from class to class.
#[test]
fn no_tied_law_is_nearer_than_the_fits() {
    let p = Categorical::new([0.4, 1e-9, 0.25, 0.2, 0.15 - 1e-9]).unwrap();
    let fit = TiedFit::of(&p.clone().into(), &[vec![4, 1], vec![2, 3]]).unwrap();
    assert_eq!(fit.classes, [0, 1, 2, 2, 1]);
    let law =
        |[one, two, three]: [f64; 3]| Categorical::new([one, two / 2.0, three / 2.0, three / 2.0, two / 2.0]).unwrap();
    let search = |loss: &dyn Fn(&Categorical) -> f64| {
        let (mut at, mut step) = ([1.0 / 3.0; 3], 0.1);
        let mut least = loss(&law(at));
        while step > 1e-9 {
            let moves = [[1.0, -1.0, 0.0], [0.0, 1.0, -1.0], [-1.0, 0.0, 1.0]];
            let places =
                moves.iter().flat_map(|way| [step, -step].map(|step| [0, 1, 2].map(|i| at[i] + step * way[i])));
            let allowed = places.filter(|place| place.iter().all(|mass| *mass > 0.0));
            let next = allowed.map(|place| (loss(&law(place)), place)).min_by(|a, b| a.0.total_cmp(&b.0));
            match next {
                Some((value, place)) if value < least => (least, at) = (value, place),
                _ => step *= 0.5,
            }
        }
        (least, at)
    };
    let (least, [one, two, _]) = search(&|q| kl(&p, q).unwrap().mean);
    assert!((one - fit.forward[0]).abs() < 1e-6 && (two / 2.0 - fit.forward[1]).abs() < 1e-6, "{:?}", fit.forward);
    let forward = TiedFit::over_symbols_of(&p.clone().into(), &fit.forward).unwrap();
    assert!(kl(&p, &forward).unwrap().mean <= least + 1e-15);
    let (least, [one, two, _]) = search(&|q| kl(q, &p).unwrap().mean);
    let found = fit.reverse.unwrap();
    assert!((one - found[0]).abs() < 1e-6 && (two / 2.0 - found[1]).abs() < 1e-6, "{found:?}, {one}, {two}");
    let reverse = TiedFit::over_symbols_of(&p.clone().into(), &found).unwrap();
    let at_end = kl(&reverse, &p).unwrap().mean;
    assert!(at_end <= least + 1e-15 && (at_end - fit.least_reverse).abs() < 1e-15, "{at_end}, {}", fit.least_reverse);
}

#[test]
fn ties_at_the_boundary() {
    let p: Distribution = Categorical::new([0.5, 0.0, 0.5]).unwrap().into();
    let fit = TiedFit::of(&p, &[vec![0, 1]]).unwrap();
    assert_eq!((fit.forward, fit.reverse), (vec![0.25, 0.25, 0.5], Ok(vec![0.0, 0.0, 1.0])));
    assert_eq!(fit.least_reverse, std::f64::consts::LN_2);
    let nothing = TiedFit::of(&p, &[vec![0, 1, 2]]).unwrap();
    assert_eq!((nothing.reverse, nothing.least_reverse), (Err(FitError::AllImpossible), f64::INFINITY));
    // Nearly equal probabilities are tied at a price of second order, whose digits are kept.
    let near: Distribution = Categorical::new([0.5 + 1e-9, 0.5 - 1e-9]).unwrap().into();
    let fit = TiedFit::of(&near, &[vec![0, 1]]).unwrap();
    assert!((fit.least_reverse / 2e-18 - 1.0).abs() < 1e-7, "{}", fit.least_reverse);
    // Untied, P is its own fit.
    let free = TiedFit::of(&p, &[]).unwrap();
    assert_eq!((free.forward.clone(), free.reverse), (free.forward, Ok(vec![0.5, 0.0, 0.5])));
    assert_eq!(free.least_reverse, 0.0);
}

/// Gradient ascent on logits, with differences for derivatives.
fn ascent(start: &[f64], objective: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let policy = |logits: &[f64]| -> Vec<f64> {
        let weights: Vec<f64> = logits.iter().map(|logit| libm::exp(*logit)).collect();
        let whole: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| weight / whole).collect()
    };
    let mut logits: Vec<f64> = start.iter().map(|p| libm::log(*p)).collect();
    for _ in 0..20_000 {
        let slope = |place: usize| {
            let at = |step: f64| {
                let mut moved = logits.clone();
                moved[place] += step;
                objective(&policy(&moved))
            };
            (at(1e-5) - at(-1e-5)) / 2e-5
        };
        let slopes: Vec<f64> = (0..logits.len()).map(slope).collect();
        logits.iter_mut().zip(slopes).for_each(|(logit, slope)| *logit += 0.5 * slope);
    }
    policy(&logits)
}

const REFERENCE: [f64; 4] = [0.4, 0.3, 0.2, 0.1];
const REWARDS: [f64; 4] = [0.0, 1.0, 0.5, 2.0];

#[test]
fn policies_are_where_ascent_ends() {
    let reward = |p: &[f64]| -> f64 { p.iter().zip(REWARDS).map(|(p, reward)| p * reward).sum() };
    let divergence = |p: &[f64], q: &[f64]| -> f64 { p.iter().zip(q).map(|(p, q)| p * libm::log(p / q)).sum() };
    for beta in [0.7, 2.0] {
        let near = |found: &[f64], expected: &[f64]| {
            assert!(found.iter().zip(expected).all(|(x, y)| (x - y).abs() < 1e-8), "{found:?} is not {expected:?}");
        };
        let k1 = k1_reward_policy(&REFERENCE, &REWARDS, beta).unwrap();
        near(&ascent(&REFERENCE, |p| reward(p) - beta * divergence(p, &REFERENCE)), &k1);
        let k3 = k3_loss_policy(&REFERENCE, &REWARDS, beta).unwrap();
        near(&ascent(&REFERENCE, |p| reward(p) - beta * divergence(&REFERENCE, p)), &k3);
        assert!(k1.iter().zip(&k3).any(|(one, other)| (one - other).abs() > 0.01), "two losses, two ends");
    }
}

/// E[ρ s_c] − β E[(1 − r) s_c] for each logit c, summed over the symbols that are drawn.
#[test]
fn the_mean_gradient_of_k3_as_a_loss_is_zero_where_it_ends() {
    for beta in [0.01, 0.7, 5.0, 1e6] {
        let p = k3_loss_policy(&REFERENCE, &REWARDS, beta).unwrap();
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-14, "{p:?}");
        for logit in 0..4 {
            let terms = (0..4).map(|x| {
                let score = f64::from(u8::from(x == logit)) - p[logit];
                p[x] * (REWARDS[x] - beta * (1.0 - REFERENCE[x] / p[x])) * score
            });
            let gradient: f64 = terms.sum();
            assert!(gradient.abs() < 1e-14 * (2.0 + beta), "{beta}: {gradient:e}");
        }
    }
}

#[test]
fn k3_as_a_loss_may_leave_what_the_reference_allows() {
    // The reference rules the best symbol out: k1 never takes it, k3 does.
    let (q, rewards) = ([0.5, 0.5, 0.0], [0.0, 0.0, 3.0]);
    assert_eq!(k1_reward_policy(&q, &rewards, 1.0).unwrap(), [0.5, 0.5, 0.0]);
    let p = k3_loss_policy(&q, &rewards, 1.0).unwrap();
    // c = 3 − β = 2: p = ½/(1 + 2), and the rest is free.
    assert_eq!(p[..2], [0.5 / 3.0; 2]);
    assert!((p[2] - 2.0 / 3.0).abs() < 1e-15);
    // Below c + β it is left alone.
    assert_eq!(k3_loss_policy(&q, &[0.0, 0.0, 0.9], 1.0).unwrap(), [0.5, 0.5, 0.0]);
}

#[test]
fn policies_need_rewards_a_weight_and_a_reference() {
    let of = |q: &[f64], rewards: &[f64], beta: f64| k3_loss_policy(q, rewards, beta).unwrap_err();
    assert_eq!(of(&[1.0], &[1.0, 2.0], 1.0), PolicyError::Lengths { rewards: 2, symbols: 1 });
    assert_eq!(of(&[1.0], &[1.0], 0.0), PolicyError::Weight { beta: 0.0 });
    assert_eq!(of(&[0.5, 0.5], &[1.0, f64::INFINITY], 1.0), PolicyError::Reward { reward: f64::INFINITY, place: 2 });
    assert_eq!(of(&[0.5, 0.4], &[1.0, 1.0], 1.0), PolicyError::Reference);
    assert!(k1_reward_policy(&[0.5, 0.5], &[1.0, f64::NAN], 1.0).is_err());
}
