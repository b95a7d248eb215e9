use super::*;
use crate::comparison::Verdict;
use crate::experiment::Experiment;
use kl_math::distribution::{Categorical, Distribution, Exponential, MarkovChain};
use kl_math::divergence::{Baseline, Credit, GradientRule, Importance, Side, Term, WeightSpan};
use kl_math::path::{PathComponent, path_components};

fn chains() -> [Distribution; 3] {
    let p = MarkovChain::new([0.2, 0.3, 0.5], [[0.6, 0.4, 0.0], [0.1, 0.2, 0.7], [0.3, 0.3, 0.4]]).unwrap();
    let q = MarkovChain::new([0.3, 0.3, 0.4], [[0.3, 0.3, 0.4], [0.5, 0.25, 0.25], [0.2, 0.1, 0.7]]).unwrap();
    let s = MarkovChain::new([0.4, 0.4, 0.2], [[0.5, 0.3, 0.2], [0.2, 0.1, 0.7], [0.4, 0.2, 0.4]]).unwrap();
    [p.into(), q.into(), s.into()]
}

fn symbols() -> [Distribution; 3] {
    let of = |masses: [f64; 3]| Categorical::new(masses).unwrap().into();
    [of([0.2, 0.3, 0.5]), of([0.5, 0.25, 0.25]), of([0.3, 0.4, 0.3])]
}

/// Estimators of all kinds for a few components.
fn all(pair: &Pair, weighting: Weighting) -> Vec<PathMean> {
    let mut quantities = [Term::K1, Term::K2, Term::K3].map(PathQuantity::Divergence).to_vec();
    quantities.push(PathQuantity::MeanDivergence);
    for side in [Side::Source, Side::Model] {
        for (component, _) in path_components(pair, side).unwrap().into_iter().step_by(4) {
            for credit in [Credit::Symbol, Credit::RewardToGo, Credit::Sequence] {
                quantities.push(PathQuantity::MeanGradient { side, credit, component });
                for term in [Term::K1, Term::K2, Term::K3] {
                    let baselines = [Baseline::Constant(0.1), Baseline::Mean, Baseline::LeaveOneOut];
                    let rewards = baselines.map(|baseline| GradientRule::Reward(term, baseline));
                    for rule in [GradientRule::Loss(term)].into_iter().chain(rewards) {
                        quantities.push(PathQuantity::Gradient { side, rule, credit, component });
                    }
                }
            }
        }
    }
    quantities.into_iter().map(|quantity| PathMean::new("path", quantity, weighting)).collect()
}

fn agree(pair: &Pair, estimators: impl Iterator<Item = PathMean>, n: u64, least: usize) {
    let suited = estimators.filter(|estimator| estimator.suits(pair, n).is_ok());
    let experiment = Experiment::new(pair.clone()).length(n).trials(4_000).seed(29);
    let results = suited.fold(experiment, Experiment::estimator).run().unwrap();
    assert!(results.len() >= least, "{}", results.len());
    for result in results {
        let is_known = result.theory.variance.is_some_and(|variance| variance > 0.0);
        assert_ne!(result.verdict, Verdict::Disagree, "{result:?}");
        assert!(!is_known || result.verdict == Verdict::Agree, "{result:?}");
    }
}

/// Chains and symbols from P, short sequences with their laws and longer ones: fixed seed, one false alarm in 10⁶ such runs at most.
#[test]
fn simulated_paths_agree_with_theory() {
    for [p, q, _] in [chains(), symbols()] {
        let pair = Pair::of(p, q).unwrap();
        for n in [5, 300] {
            agree(&pair, all(&pair, Weighting::default()).into_iter(), n, 30);
        }
    }
}

/// The same from S, with every weight.
#[test]
fn simulated_weights_agree_with_theory() {
    for [p, q, s] in [chains(), symbols()] {
        let target = Pair::of(p, q).unwrap();
        let behaviour = Arc::new(Behaviour::new(target.clone(), s).unwrap());
        for importance in [Importance::Ratio, Importance::Clipped(1.2), Importance::SelfNormalised] {
            for span in [WeightSpan::Symbol, WeightSpan::Prefix, WeightSpan::Sequence, WeightSpan::GeometricMean] {
                let is_whole = matches!(span, WeightSpan::Sequence | WeightSpan::GeometricMean);
                if importance == Importance::SelfNormalised && is_whole {
                    continue;
                }
                let weighting = Weighting { importance, span, is_differentiated: span != WeightSpan::Symbol };
                let is_differentiated = weighting.is_differentiated && importance != Importance::SelfNormalised;
                let estimators = all(&target, Weighting { is_differentiated, ..weighting });
                let drawn = estimators.iter().map(|estimator| estimator.of_behaviour(Arc::clone(&behaviour)));
                agree(behaviour.drawn(), drawn, 6, 20);
            }
        }
    }
}

/// D_N/N is the mean of k1, weighed by prefixes as well; and the estimand of all of them.
#[test]
fn the_estimand_is_of_n_symbols_of_p_and_q() {
    let [p, q, s] = chains();
    let target = Pair::of(p, q).unwrap();
    let behaviour = Arc::new(Behaviour::new(target.clone(), s).unwrap());
    let weighting = Weighting { importance: Importance::Ratio, span: WeightSpan::Prefix, is_differentiated: false };
    let prefix =
        PathMean::new("k1", PathQuantity::Divergence(Term::K1), weighting).of_behaviour(Arc::clone(&behaviour));
    let plain = crate::estimator::LogRatio.theory(&target, 9);
    let theory = prefix.theory(behaviour.drawn(), 9);
    assert_eq!((theory.closed_form, theory.rate), (plain.closed_form, plain.rate));
    assert!((theory.mean.unwrap() / plain.closed_form - 1.0).abs() < 1e-14);
    let by_symbol = Weighting { span: WeightSpan::Symbol, ..weighting };
    let biased =
        PathMean::new("k1", PathQuantity::Divergence(Term::K1), by_symbol).of_behaviour(Arc::clone(&behaviour));
    let theory = biased.theory(behaviour.drawn(), 9);
    assert!((theory.mean.unwrap() / plain.closed_form - 1.0).abs() > 1e-3);
    let (mean, deviation) = biased.running_moments(behaviour.drawn())(9);
    assert_eq!((mean, deviation), (theory.mean, theory.variance.map(f64::sqrt)));
    assert!(prefix.bins(behaviour.drawn(), 9).bins().len() > 3);
}

/// Estimates of one pair beside the theory of another: a difference shows, in short and in long sequences.
#[test]
fn theory_of_another_pair_disagrees() {
    let [p, q, s] = chains();
    let behaviour = Arc::new(Behaviour::new(Pair::of(p.clone(), q.clone()).unwrap(), s).unwrap());
    let pair = Pair::of(p, q).unwrap();
    let rule = GradientRule::Reward(Term::K1, Baseline::Constant(0.0));
    let component = PathComponent::Transition(0, 1);
    for n in [5, 300] {
        for credit in [Credit::Symbol, Credit::RewardToGo] {
            let quantity = PathQuantity::Gradient { side: Side::Source, rule, credit, component };
            // Unweighted sequences from S that are said to be from P.
            let estimator = PathMean::new("path", quantity, Weighting::default());
            let drawn = estimator.of_behaviour(Arc::clone(&behaviour));
            assert!(drawn.suits(behaviour.drawn(), n).is_err());
            let weighting = Weighting { importance: Importance::Ratio, ..Weighting::default() };
            let weighed = PathMean::new("path", quantity, weighting).of_behaviour(Arc::clone(&behaviour));
            let experiment = Experiment::new(Pair::clone(behaviour.drawn())).length(n).trials(20_000).seed(1);
            let found = experiment.estimator(weighed).run().unwrap().remove(0);
            let said = estimator.theory(&pair, n);
            let function = said.contributions.as_ref().unwrap().cumulants.function();
            let deviation = found.comparison.mean.unwrap() - said.mean.unwrap();
            let bound = kl_math::statistics::two_sided_bound(function, deviation, 20_000.0);
            assert!(bound < 1e-9, "{n} {credit:?}: {bound:e} {deviation}");
        }
    }
}

/// A long sequence comes in segments.
#[test]
fn segments_do_not_change_estimates() {
    let [p, q, _] = chains();
    let pair = Pair::of(p, q).unwrap();
    let n = 200_000;
    let rule = GradientRule::Reward(Term::K1, Baseline::Constant(0.0));
    let component = PathComponent::Transition(1, 2);
    let quantity = PathQuantity::Gradient { side: Side::Source, rule, credit: Credit::Symbol, component };
    let estimator = PathMean::new("own", quantity, Weighting::default());
    let results = Experiment::new(pair).estimator(estimator).length(n).trials(20).seed(3).run().unwrap();
    let theory = &results[0].theory;
    let distance = (results[0].comparison.mean.unwrap() - theory.mean.unwrap()) / theory.variance.unwrap().sqrt();
    assert!(distance.abs() < 1.2, "{distance}");
}

#[test]
fn what_has_no_such_estimate_is_refused() {
    let [p, q, s] = symbols();
    let pair = Pair::of(p.clone(), q).unwrap();
    let gradient =
        |rule, credit, side| PathQuantity::Gradient { side, rule, credit, component: PathComponent::Symbol(0) };
    let refusal =
        |quantity, weighting, pair: &Pair, n| PathMean::new("path", quantity, weighting).suits(pair, n).unwrap_err();
    let none = Weighting::default();
    let reward = |baseline| GradientRule::Reward(Term::K1, baseline);
    let alone = gradient(reward(Baseline::LeaveOneOut), Credit::Symbol, Side::Source);
    assert!(refusal(alone, none, &pair, 1).contains("two symbols"));
    let of_model = gradient(reward(Baseline::Constant(0.0)), Credit::Symbol, Side::Model);
    assert!(refusal(of_model, none, &pair, 5).contains("P's parameters alone"));
    let loss = gradient(GradientRule::Loss(Term::K2), Credit::RewardToGo, Side::Source);
    assert!(refusal(loss, none, &pair, 5).contains("no rewards to go"));
    let numbers = Pair::of(Exponential::new(1.0).unwrap(), Exponential::new(2.0).unwrap()).unwrap();
    assert!(refusal(PathQuantity::MeanDivergence, none, &numbers, 5).contains("for symbols"));
    let uncovered = Pair::of(s, Categorical::new([0.5, 0.5, 0.0]).unwrap()).unwrap();
    assert!(refusal(PathQuantity::MeanDivergence, none, &uncovered, 5).contains("infinite"));
    // S draws what P cannot.
    let short = Pair::of(Categorical::new([0.5, 0.5, 0.0]).unwrap(), p.clone()).unwrap();
    let behaviour = Arc::new(Behaviour::new(short, p).unwrap());
    let values = |importance| {
        let weighting = Weighting { importance, ..Weighting::default() };
        let estimator = PathMean::new("k1", PathQuantity::Divergence(Term::K1), weighting);
        estimator.of_behaviour(Arc::clone(&behaviour)).suits(behaviour.drawn(), 5)
    };
    assert!(values(Importance::Unweighted).unwrap_err().contains("what P cannot"));
    assert_eq!(values(Importance::Ratio), Ok(()));
}
