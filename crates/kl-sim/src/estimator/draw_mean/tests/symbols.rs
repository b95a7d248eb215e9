//! Means over draws of symbols.

use super::super::*;
use crate::comparison::Verdict;
use crate::experiment::Experiment;
use kl_math::distribution::{Categorical, Exponential};
use kl_math::divergence::{Baseline, GradientRule, Importance, Side, Term};

const RULES: [(&str, GradientRule); 6] = [
    ("k1_as_loss", GradientRule::Loss(Term::K1)),
    ("k2_as_loss", GradientRule::Loss(Term::K2)),
    ("k3_as_loss", GradientRule::Loss(Term::K3)),
    ("k1_as_reward", GradientRule::Reward(Term::K1, Baseline::Constant(0.25))),
    ("k2_as_reward", GradientRule::Reward(Term::K2, Baseline::Constant(0.0))),
    ("k3_as_reward", GradientRule::Reward(Term::K3, Baseline::Constant(0.0))),
];

/// Every rule for each component of `symbols` logits.
fn all(symbols: usize, weighting: Weighting) -> Vec<DrawMean> {
    let rules = RULES.into_iter().flat_map(|rule| [(Side::Source, rule), (Side::Model, rule)]);
    let suited = rules.filter(|(side, (_, rule))| rule.suits(*side));
    suited
        .flat_map(|(side, (name, rule))| {
            let of = move |component| Quantity::Gradient { side, rule, component };
            (0..symbols).map(move |place| DrawMean::new(name, of(place), weighting))
        })
        .collect()
}

fn pair(p: &[f64], q: &[f64]) -> Pair {
    Pair::of(Categorical::new(p.to_vec()).unwrap(), Categorical::new(q.to_vec()).unwrap()).unwrap()
}

/// Every estimator of five symbols, a rare one among them, fixed seed: one false alarm in 10⁶ such runs at most.
#[test]
fn simulated_gradients_agree_with_theory() {
    for (p, q) in [
        ([0.4, 0.3, 0.2, 0.0995, 0.0005], [0.1, 0.2, 0.3, 0.3, 0.1]),
        ([0.5, 0.25, 0.25, 0.0, 0.0], [0.2, 0.2, 0.2, 0.2, 0.2]),
        ([0.2, 0.2, 0.2, 0.2, 0.2], [0.2, 0.2, 0.2, 0.2, 0.2]),
    ] {
        let experiment = Experiment::new(pair(&p, &q)).length(20).trials(20_000).seed(24);
        let results = all(5, Weighting::default()).into_iter().fold(experiment, Experiment::estimator).run().unwrap();
        assert_eq!(results.len(), 45);
        for result in results {
            assert_ne!(result.verdict, Verdict::Disagree, "{p:?} {q:?} {result:?}");
            let tested = result.theory.variance.is_some_and(|variance| variance > 0.0);
            assert!(!tested || result.verdict == Verdict::Agree, "{p:?} {q:?} {result:?}");
        }
    }
}

/// Mean and variance over all sequences of three symbols, N = 4.
#[test]
fn enumeration_of_short_sequences_gives_the_same_moments() {
    let (p, pair) = ([0.2, 0.3, 0.5], pair(&[0.2, 0.3, 0.5], &[0.5, 0.25, 0.25]));
    for estimator in all(3, Weighting::default()) {
        let values = estimator.symbol_values(&pair).unwrap();
        let (mut mean, mut square) = (0.0, 0.0);
        for code in 0..81usize {
            let symbols = [code / 27, code / 9 % 3, code / 3 % 3, code % 3];
            let mass: f64 = symbols.iter().map(|&symbol| p[symbol]).product();
            let estimate: f64 = symbols.iter().map(|&symbol| values[symbol]).sum::<f64>() / 4.0;
            mean += mass * estimate;
            square += mass * estimate * estimate;
        }
        let theory = estimator.theory(&pair, 4);
        assert!((theory.mean.unwrap() - mean).abs() < 1e-15, "{}", estimator.name());
        assert!((theory.variance.unwrap() - (square - mean * mean)).abs() < 1e-15, "{}", estimator.name());
        let (moment, deviation) = estimator.moments(&pair, 4);
        assert_eq!((moment, deviation.map(|deviation| deviation * deviation > 0.0)), (theory.mean, Some(true)));
    }
}

/// All weights of all quantities, where S has less, more and no mass, over all sequences of three symbols, N = 3; and the known means.
#[test]
fn weighed_draws_have_the_moments_of_enumeration() {
    let (p, q) = ([0.2, 0.3, 0.5], [0.5, 0.25, 0.25]);
    for s in [[0.3, 0.3, 0.4], [0.6, 0.3, 0.1], [0.5, 0.0, 0.5]] {
        let target = pair(&p, &q);
        let behaviour = Arc::new(Behaviour::new(target, Categorical::new(s).unwrap().into()).unwrap());
        for importance in [Importance::Unweighted, Importance::Ratio, Importance::Clipped(1.2)] {
            for is_differentiated in [false, true] {
                let weighting = Weighting { importance, is_differentiated, ..Weighting::default() };
                for estimator in all(3, weighting) {
                    let estimator = estimator.of_behaviour(Arc::clone(&behaviour));
                    check(&estimator, &behaviour, (&p, &q, &s));
                }
            }
        }
    }
}

fn check(estimator: &DrawMean, behaviour: &Behaviour, (p, q, s): (&[f64; 3], &[f64; 3], &[f64; 3])) {
    let Quantity::Gradient { side, rule, component } = estimator.quantity else { panic!("a gradient") };
    let value = |x: usize| {
        let (l, w) = (libm::log(p[x] / q[x]), p[x] / s[x]);
        let (w, is_free) = match estimator.weighting.importance {
            Importance::Clipped(most) if w > most => (most, false),
            Importance::Unweighted => (1.0, true),
            _ => (w, true),
        };
        let k = |term| match term {
            Term::K1 => l,
            Term::K2 => l * l / 2.0,
            Term::K3 => q[x] / p[x] - 1.0 + l,
        };
        let slope = |term| match term {
            Term::K1 => 1.0,
            Term::K2 => l,
            Term::K3 => 1.0 - q[x] / p[x],
        };
        let own = if side == Side::Source { p } else { q };
        let score = f64::from(u8::from(x == component)) - own[component];
        let moves = estimator.weighting.is_differentiated && is_free;
        w * score
            * match rule {
                GradientRule::Loss(term) if side == Side::Model => -slope(term),
                GradientRule::Loss(term) => slope(term) + if moves { k(term) } else { 0.0 },
                GradientRule::Reward(term, Baseline::Constant(baseline)) => k(term) - baseline,
                GradientRule::Reward(..) | GradientRule::Reparameterized => panic!("a constant"),
            }
    };
    let (mut mean, mut square) = (0.0, 0.0);
    for code in 0..27usize {
        let symbols = [code / 9, code / 3 % 3, code % 3];
        let mass: f64 = symbols.iter().map(|&symbol| s[symbol]).product();
        if mass > 0.0 {
            let estimate: f64 = symbols.iter().map(|&symbol| value(symbol)).sum::<f64>() / 3.0;
            mean += mass * estimate;
            square += mass * estimate * estimate;
        }
    }
    let theory = estimator.theory(behaviour.drawn(), 3);
    let what = format!("{} {:?} {side:?} {s:?}", estimator.name(), estimator.weighting);
    assert!((theory.mean.unwrap() - mean).abs() < 2e-15, "{what}: {:?} {mean}", theory.mean);
    assert!((theory.variance.unwrap() - (square - mean * mean)).abs() < 3e-15, "{what}");
    if s.iter().all(|&s| s > 0.0) && estimator.weighting.importance == Importance::Ratio && side == Side::Source {
        let back = p[component] - q[component];
        let known = match (rule, estimator.weighting.is_differentiated) {
            (GradientRule::Loss(Term::K1), false) => 0.0,
            (GradientRule::Loss(Term::K3), false) => back,
            (GradientRule::Loss(Term::K2), false) => theory.closed_form,
            (GradientRule::Loss(Term::K1 | Term::K3), true) => theory.closed_form,
            (GradientRule::Reward(Term::K1, _), _) => theory.closed_form,
            (GradientRule::Reward(Term::K3, _), _) => theory.closed_form - back,
            _ => return,
        };
        assert!((mean - known).abs() < 2e-15, "{what}: {mean} {known}");
    }
}

/// Draws from S, weighed and not, of five symbols, fixed seed: one false alarm in 10⁶ such runs at most.
#[test]
fn simulated_draws_of_another_distribution_agree_with_theory() {
    let target = pair(&[0.4, 0.3, 0.2, 0.0995, 0.0005], &[0.1, 0.2, 0.3, 0.3, 0.1]);
    let s = Categorical::new([0.2, 0.2, 0.3, 0.2, 0.1]).unwrap();
    let behaviour = Arc::new(Behaviour::new(target, s.into()).unwrap());
    for importance in [Importance::Unweighted, Importance::Ratio, Importance::Clipped(1.5)] {
        let weighting = Weighting { importance, ..Weighting::default() };
        let terms = [("k1", Term::K1), ("k2", Term::K2), ("k3", Term::K3)];
        let values = terms.map(|(name, term)| DrawMean::new(name, Quantity::Divergence(term), weighting));
        let estimators = values.into_iter().chain(all(5, weighting));
        let experiment = Experiment::new(Pair::clone(behaviour.drawn())).length(20).trials(20_000).seed(24);
        let drawn = estimators.map(|estimator| estimator.of_behaviour(Arc::clone(&behaviour)));
        for result in drawn.fold(experiment, Experiment::estimator).run().unwrap() {
            let tested = result.theory.variance.is_some_and(|variance| variance > 0.0);
            assert!(!tested || result.verdict == Verdict::Agree, "{importance:?} {result:?}");
        }
    }
}

#[test]
fn what_has_no_gradient_is_refused() {
    let of = |component| {
        let rule = GradientRule::Loss(Term::K2);
        DrawMean::new("k2_as_loss", Quantity::Gradient { side: Side::Source, rule, component }, Weighting::default())
    };
    let refusal = |pair: &Pair, place| of(place).suits(pair, 1).unwrap_err();
    assert!(refusal(&pair(&[0.5, 0.5], &[1.0, 0.0]), 0).contains("infinite"));
    assert!(refusal(&pair(&[0.5, 0.5], &[0.25, 0.75]), 2).contains("no component 3"));
    let numbers = Pair::of(Exponential::new(1.0).unwrap(), Exponential::new(2.0).unwrap()).unwrap();
    assert_eq!(
        refusal(&numbers, 0),
        "is for independent symbols and for normal distributions, whose gradients are known, and exponential(rate=1) is neither"
    );
    let reparameterised = Quantity::Gradient { side: Side::Source, rule: GradientRule::Reparameterized, component: 0 };
    let refusal = DrawMean::new("reparameterised", reparameterised, Weighting::default())
        .suits(&pair(&[0.5, 0.5], &[0.25, 0.75]), 1)
        .unwrap_err();
    assert_eq!(refusal, "is reparameterised, and a categorical distribution has no reparameterised estimator");
}
