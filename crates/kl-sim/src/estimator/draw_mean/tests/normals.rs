//! Means over draws of normal distributions.

use super::super::*;
use crate::comparison::Verdict;
use crate::experiment::Experiment;
use kl_math::distribution::{Lognormal, Normal};
use kl_math::divergence::{Importance, Side, Term};

fn normal([mean, std_dev]: [f64; 2]) -> Normal {
    Normal::new(mean, std_dev).unwrap()
}

fn pair(p: [f64; 2], q: [f64; 2]) -> Pair {
    Pair::of(normal(p), normal(q)).unwrap()
}

/// Every quantity with these weights, of draws from P or from another distribution.
fn all(weighting: Weighting, behaviour: Option<&Arc<Behaviour>>) -> Vec<DrawMean> {
    let terms = [("k1", Term::K1), ("k2", Term::K2), ("k3", Term::K3)];
    let reward = |term| GradientRule::Reward(term, Baseline::Constant(0.25));
    let rules = terms.into_iter().flat_map(|(name, term)| [(name, GradientRule::Loss(term)), (name, reward(term))]);
    let rules = rules.chain([("reparameterised", GradientRule::Reparameterized)]);
    let gradients = rules.flat_map(|(name, rule)| {
        [Side::Source, Side::Model]
            .into_iter()
            .flat_map(move |side| [0, 1].map(|component| (name, Quantity::Gradient { side, rule, component })))
    });
    let values = terms.map(|(name, term)| (name, Quantity::Divergence(term)));
    let of = |(name, quantity)| {
        let mean = DrawMean::new(name, quantity, weighting);
        behaviour.map_or(mean.clone(), |behaviour| mean.of_behaviour(Arc::clone(behaviour)))
    };
    let drawn = behaviour.map_or_else(|| pair([0.0, 1.0], [0.0, 1.0]), |behaviour| Pair::clone(behaviour.drawn()));
    values.into_iter().chain(gradients).map(of).filter(|mean| mean.suits(&drawn, 1).is_ok()).collect()
}

/// Runs all and returns how many agree; none may disagree. Fixed seed: one false alarm in 10⁶ such runs at most.
fn agreeing(pair: Pair, estimators: Vec<DrawMean>) -> usize {
    let experiment = Experiment::new(pair).length(10).trials(10_000).seed(24);
    let results = estimators.into_iter().fold(experiment, Experiment::estimator).run().unwrap();
    for result in &results {
        assert_ne!(result.verdict, Verdict::Disagree, "{result:?}");
        assert!(result.verdict != Verdict::Untested || result.comparison.reason.is_some(), "{result:?}");
    }
    results.iter().filter(|result| result.verdict == Verdict::Agree).count()
}

#[test]
fn simulated_gradients_agree_with_theory() {
    // All but one are tested: with Q as narrow as here, r has a variance, and the fourth moments of k3 do not matter.
    for (p, q) in [([0.0, 1.0], [0.5, 1.2]), ([3.0, 0.5], [2.5, 0.4]), ([-1.0, 2.0], [-1.0, 2.0])] {
        let estimators = all(Weighting::default(), None);
        assert_eq!(estimators.len(), 23);
        let agreeing = agreeing(pair(p, q), estimators);
        assert!(agreeing >= 20, "{p:?} {q:?}: {agreeing}");
    }
}

/// Q so wide that E[r²] is infinite: what has no variance is not tested, and says why.
#[test]
fn what_has_no_variance_is_untested() {
    let agreeing = agreeing(pair([0.0, 1.0], [0.0, 2.0]), all(Weighting::default(), None));
    assert!((10..20).contains(&agreeing), "{agreeing}");
}

#[test]
fn simulated_draws_of_another_distribution_agree_with_theory() {
    for s in [[0.3, 1.1], [-0.5, 0.9], [0.0, 0.7]] {
        let behaviour = Arc::new(Behaviour::new(pair([0.0, 1.0], [0.5, 0.8]), normal(s).into()).unwrap());
        for importance in [Importance::Unweighted, Importance::Ratio, Importance::Clipped(1.5)] {
            for is_differentiated in [false, true] {
                let weighting = Weighting { importance, is_differentiated, ..Weighting::default() };
                let estimators = all(weighting, Some(&behaviour));
                assert_eq!(estimators.len(), 21, "{weighting:?}");
                let agreeing = agreeing(Pair::clone(behaviour.drawn()), estimators);
                // Weights with σ₁² ≥ 2σ_S² have no variance.
                let least = if importance == Importance::Ratio && s[1] < 0.8 { 0 } else { 18 };
                assert!(agreeing >= least, "{s:?} {weighting:?}: {agreeing}");
            }
        }
    }
}

/// What theory says of the rules by name.
#[test]
fn known_means_are_exact() {
    let pair = pair([1.0, 2.0], [0.0, 4.0]);
    let mean = |rule, component| {
        let quantity = Quantity::Gradient { side: Side::Source, rule, component };
        let theory = DrawMean::new("rule", quantity, Weighting::default()).theory(&pair, 4);
        (theory.mean.unwrap(), theory.closed_form, theory.variance.unwrap())
    };
    for component in [0, 1] {
        let (zero, truth, _) = mean(GradientRule::Loss(Term::K1), component);
        assert_eq!((zero, truth), (0.0, [1.0 / 16.0, -0.375][component]));
        assert_eq!(mean(GradientRule::Loss(Term::K2), component).0, truth);
        assert_eq!(mean(GradientRule::Reward(Term::K1, Baseline::Constant(7.0)), component).0, truth);
    }
    // σ₁²/σ₂⁴ and ((m₁ − m₂)² + 2σ₁²)/σ₂⁴ a draw.
    assert_eq!(mean(GradientRule::Reparameterized, 0), (1.0 / 16.0, 1.0 / 16.0, 4.0 / 256.0 / 4.0));
    assert_eq!(mean(GradientRule::Reparameterized, 1), (-0.375, -0.375, 9.0 / 256.0 / 4.0));
}

/// The estimate as it grows along a sequence is the mean of what it has seen.
#[test]
fn a_sequence_in_segments_has_the_same_estimate() {
    use crate::estimator::{Batch, Rows, View};
    let pair = pair([0.0, 1.0], [0.5, 1.2]);
    let mean = DrawMean::new("k3", Quantity::Divergence(Term::K3), Weighting::default());
    let draws = [0.3, -1.2, 2.0, 0.7];
    let scored = |segments: &[(usize, usize)]| {
        let (mut scorer, mut found) = (mean.scorer(&pair, 4), Vec::new());
        for &(start, end) in segments {
            let view = View::Values { sums: Rows::new(0, &[]), draws: &draws[start..end] };
            let batch = Batch { trials: 1, first: 0, start: start as u64, end: end as u64, view, model: None };
            scorer.score(&batch, &mut found);
        }
        assert_eq!(scorer.running(4), found[0].estimate);
        found[0].estimate
    };
    let whole = scored(&[(0, 4)]);
    assert_eq!(whole, scored(&[(0, 1), (1, 3), (3, 4)]));
    let values = draws.map(|x: f64| {
        let l = libm::log(1.2) + 0.5 * ((x - 0.5) / 1.2) * ((x - 0.5) / 1.2) - 0.5 * x * x;
        libm::exp(-l) - 1.0 + l
    });
    assert!((whole - values.iter().sum::<f64>() / 4.0).abs() < 1e-15);
}

#[test]
fn what_has_no_gradient_is_refused() {
    let of = |side, rule, component| {
        DrawMean::new("rule", Quantity::Gradient { side, rule, component }, Weighting::default())
    };
    let refusal = |mean: DrawMean, pair: &Pair| mean.suits(pair, 1).unwrap_err();
    let normals = pair([0.0, 1.0], [1.0, 1.0]);
    let k2 = GradientRule::Loss(Term::K2);
    assert_eq!(refusal(of(Side::Source, k2, 2), &normals), "has no component 3: there are 2");
    let reparameterised = || of(Side::Source, GradientRule::Reparameterized, 0);
    assert!(refusal(of(Side::Model, GradientRule::Reparameterized, 0), &normals).contains("parameters of P alone"));
    let behaviour = Arc::new(Behaviour::new(normals.clone(), normal([0.0, 2.0]).into()).unwrap());
    assert!(refusal(reparameterised().of_behaviour(Arc::clone(&behaviour)), behaviour.drawn()).contains("no weights"));
    let leave_one_out = of(Side::Source, GradientRule::Reward(Term::K1, Baseline::LeaveOneOut), 0);
    assert!(refusal(leave_one_out, &normals).contains("baseline depends on the other ones"));
    let lognormal = || Lognormal::new(0.0, 1.0).unwrap();
    let other = Pair::of(lognormal(), lognormal()).unwrap();
    assert!(refusal(of(Side::Source, k2, 0), &other).ends_with("lognormal(mean=0, std_dev=1) is neither"));
    // r at one standard deviation of S is e^5000.
    let wide = Arc::new(Behaviour::new(pair([0.0, 0.01], [0.0, 1.0]), normal([0.0, 1.0]).into()).unwrap());
    let k3 = DrawMean::new("k3", Quantity::Divergence(Term::K3), Weighting::default()).of_behaviour(Arc::clone(&wide));
    assert_eq!(refusal(k3, wide.drawn()), "has a value beyond the largest double");
}
