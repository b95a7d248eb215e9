//! Exact moments against all sequences, each estimate written down as training code has it.

use super::*;
use crate::chain::ChainTheory;
use crate::distribution::{Behaviour, Categorical, Distribution, MarkovChain, Pair};
use crate::divergence::{Baseline, Credit, GradientRule, Importance, Side, Term, WeightSpan, Weighting};
use std::sync::Arc;

const TERMS: [Term; 3] = [Term::K1, Term::K2, Term::K3];

/// The probabilities of one law: of the first symbol and after each other one.
#[derive(Clone, Debug)]
struct Plain {
    start: Vec<f64>,
    rows: Vec<Vec<f64>>,
}

impl Plain {
    fn chain(start: &[f64], rows: &[&[f64]]) -> Self {
        Self { start: start.to_vec(), rows: rows.iter().map(|row| row.to_vec()).collect() }
    }

    fn independent(masses: &[f64]) -> Self {
        Self { start: masses.to_vec(), rows: vec![masses.to_vec(); masses.len()] }
    }

    fn row(&self, before: Option<usize>) -> &[f64] {
        before.map_or(&self.start, |before| &self.rows[before])
    }

    fn of(&self) -> Distribution {
        let rows: Vec<crate::distribution::Parameter> = self.rows.iter().map(|row| row.clone().into()).collect();
        MarkovChain::new(self.start.clone(), crate::distribution::Parameter::List(rows)).unwrap().into()
    }
}

/// S, P and Q, and whether their symbols are independent.
struct Case {
    s: Plain,
    p: Plain,
    q: Plain,
    is_tied: bool,
}

impl Case {
    fn laws(&self) -> Arc<PathLaws> {
        let of = |law: &Plain| -> Distribution {
            if self.is_tied { Categorical::new(law.start.clone()).unwrap().into() } else { law.of() }
        };
        let target = Pair::of(of(&self.p), of(&self.q)).unwrap();
        let behaviour = Behaviour::new(target, of(&self.s)).unwrap();
        Arc::new(PathLaws::of_behaviour(&behaviour).unwrap())
    }

    fn components(&self) -> Vec<PathComponent> {
        let states = self.p.start.len();
        if self.is_tied {
            return (0..states).map(PathComponent::Symbol).collect();
        }
        let steps = (0..states).flat_map(|from| (0..states).map(move |to| PathComponent::Transition(from, to)));
        (0..states).map(PathComponent::Initial).chain(steps).collect()
    }

    /// ∇ ln of x after `before`.
    fn score(&self, side: Side, component: PathComponent, before: Option<usize>, x: usize) -> f64 {
        let law = if side == Side::Source { &self.p } else { &self.q };
        let (is_row, c) = match component {
            PathComponent::Symbol(c) => (true, c),
            PathComponent::Initial(c) => (before.is_none(), c),
            PathComponent::Transition(from, c) => (before == Some(from), c),
        };
        if !is_row {
            return 0.0;
        }
        let own = law.row(before)[c];
        if x == c && own > 0.0 { 1.0 - own } else { -own }
    }

    fn is_of(law: &Plain, symbols: &[usize]) -> f64 {
        let before = |place: usize| (place > 0).then(|| symbols[place - 1]);
        symbols.iter().enumerate().map(|(place, &x)| law.row(before(place))[x]).product()
    }
}

fn k(term: Term, l: f64, r: f64) -> f64 {
    match term {
        Term::K1 => l,
        Term::K2 => l * l / 2.0,
        Term::K3 => r - 1.0 + l,
    }
}

fn slope(term: Term, l: f64, r: f64) -> f64 {
    match term {
        Term::K1 => 1.0,
        Term::K2 => l,
        Term::K3 => 1.0 - r,
    }
}

/// The estimate from one sequence, as it is defined.
fn estimate(case: &Case, quantity: PathQuantity, weighting: Weighting, x: &[usize]) -> f64 {
    let n = x.len();
    let before = |t: usize| (t > 0).then(|| x[t - 1]);
    let of = |law: &Plain, t: usize| law.row(before(t))[x[t]];
    let weighed = weighting.importance != Importance::Unweighted;
    let w: Vec<f64> = (0..n).map(|t| if weighed { of(&case.p, t) / of(&case.s, t) } else { 1.0 }).collect();
    let void: Vec<bool> = (0..n).map(|t| of(&case.p, t) == 0.0).collect();
    let shown = |t: usize, value: f64| if void[t] { 0.0 } else { value };
    let l: Vec<f64> = (0..n).map(|t| shown(t, libm::log(of(&case.p, t) / of(&case.q, t)))).collect();
    let r: Vec<f64> = (0..n).map(|t| shown(t, of(&case.q, t) / of(&case.p, t))).collect();
    let (side, component) = match quantity {
        PathQuantity::Gradient { side, component, .. } | PathQuantity::MeanGradient { side, component, .. } => {
            (side, Some(component))
        }
        _ => (Side::Source, None),
    };
    let s: Vec<f64> = (0..n).map(|t| component.map_or(0.0, |c| case.score(side, c, before(t), x[t]))).collect();
    // The weight of each place and its derivative, before cutting.
    let product = |end: usize| -> f64 { w[..end].iter().product() };
    let scores = |end: usize| -> f64 { s[..end].iter().sum() };
    let parts: Vec<(f64, f64)> = (0..n)
        .map(|t| match weighting.span {
            WeightSpan::Symbol => (w[t], s[t]),
            WeightSpan::Prefix => (product(t + 1), scores(t + 1)),
            WeightSpan::Sequence => (product(n), scores(n)),
            WeightSpan::GeometricMean => (libm::pow(product(n), 1.0 / n as f64), scores(n) / n as f64),
        })
        .collect();
    let mut weights: Vec<f64> = parts.iter().map(|part| part.0).collect();
    let mut growth: Vec<f64> = parts.iter().map(|part| part.1).collect();
    match weighting.importance {
        Importance::Clipped(most) => {
            for t in 0..n {
                if weights[t] > most {
                    (weights[t], growth[t]) = (most, 0.0);
                }
            }
        }
        Importance::SelfNormalised => {
            let mean = weights.iter().sum::<f64>() / n as f64;
            weights.iter_mut().for_each(|weight| *weight = if mean > 0.0 { *weight / mean } else { 0.0 });
        }
        _ => {}
    }
    let differentiated = weighting.is_differentiated;
    let sum: f64 = match quantity {
        PathQuantity::Divergence(term) => (0..n).map(|t| weights[t] * shown(t, k(term, l[t], r[t]))).sum(),
        PathQuantity::MeanDivergence => (0..n).map(|t| weights[t] * shown(t, row_kl(case, before(t)))).sum(),
        PathQuantity::Gradient { side, rule: GradientRule::Loss(term), credit: Credit::Symbol, .. } => (0..n)
            .map(|t| {
                let own = shown(t, slope(term, l[t], r[t])) * s[t];
                let own = if side == Side::Model { -own } else { own };
                let moves = if differentiated && side == Side::Source { growth[t] } else { 0.0 };
                weights[t] * (own + moves * shown(t, k(term, l[t], r[t])))
            })
            .sum(),
        PathQuantity::Gradient { side, rule, credit: Credit::Sequence, .. } => {
            let (ratio, inverse, score): (f64, f64, f64) = (l.iter().sum(), r.iter().product(), s.iter().sum());
            let weight = weights[n - 1];
            if weight == 0.0 {
                return 0.0;
            }
            match rule {
                GradientRule::Loss(term) if side == Side::Model => -weight * slope(term, ratio, inverse) * score,
                GradientRule::Loss(term) => {
                    let whole = if weighting.span == WeightSpan::GeometricMean { score / n as f64 } else { score };
                    let moves = if differentiated { if weight < parts[n - 1].0 { 0.0 } else { whole } } else { 0.0 };
                    weight * (slope(term, ratio, inverse) * score + moves * k(term, ratio, inverse))
                }
                GradientRule::Reward(term, Baseline::Constant(b)) => weight * (k(term, ratio, inverse) - b) * score,
                GradientRule::Reward(..) | GradientRule::Reparameterized => panic!("a constant"),
            }
        }
        PathQuantity::Gradient { rule: GradientRule::Reward(term, baseline), credit, .. } => {
            let rewards: Vec<f64> = (0..n).map(|t| k(term, l[t], r[t])).collect();
            let all: f64 = rewards.iter().sum();
            let b = |t: usize| match baseline {
                Baseline::Constant(b) => b,
                Baseline::Mean => all / n as f64,
                Baseline::LeaveOneOut => (all - rewards[t]) / (n as f64 - 1.0),
            };
            let score = |t: usize| if credit == Credit::RewardToGo { scores(t + 1) } else { s[t] };
            (0..n).map(|t| shown(t, weights[t] * (rewards[t] - b(t)) * score(t))).sum()
        }
        PathQuantity::Gradient { .. } => panic!("no such loss"),
        PathQuantity::MeanGradient { side, credit, component } => (0..n)
            .map(|t| {
                let own = row_slope(case, side, component, before(t));
                let is_past = credit == Credit::RewardToGo && side == Side::Source;
                let past = if is_past { row_kl(case, before(t)) * scores(t) } else { 0.0 };
                weights[t] * shown(t, own + past)
            })
            .sum(),
    };
    sum / n as f64
}

fn row_kl(case: &Case, before: Option<usize>) -> f64 {
    let both = case.p.row(before).iter().zip(case.q.row(before)).filter(|(p, _)| **p > 0.0);
    both.map(|(p, q)| p * libm::log(p / q)).sum()
}

/// The derivative of KL of a row: Σ p s l of P, −Σ p t of Q.
fn row_slope(case: &Case, side: Side, component: PathComponent, before: Option<usize>) -> f64 {
    let both = case.p.row(before).iter().zip(case.q.row(before)).enumerate().filter(|(_, (p, _))| **p > 0.0);
    both.map(|(x, (p, q))| {
        let score = case.score(side, component, before, x);
        p * score * if side == Side::Source { libm::log(p / q) } else { -1.0 }
    })
    .sum()
}

/// Every quantity of the first and last component, with every weight that it may have.
fn all(components: &[PathComponent]) -> Vec<(PathQuantity, Weighting)> {
    let mut quantities: Vec<PathQuantity> = TERMS.map(PathQuantity::Divergence).to_vec();
    quantities.push(PathQuantity::MeanDivergence);
    let baselines = [Baseline::Constant(0.3), Baseline::Mean, Baseline::LeaveOneOut];
    for &component in [components.first(), components.last()].into_iter().flatten() {
        for credit in [Credit::Symbol, Credit::RewardToGo, Credit::Sequence] {
            for side in [Side::Source, Side::Model] {
                quantities.push(PathQuantity::MeanGradient { side, credit, component });
                for term in TERMS {
                    let rules = baselines.map(|baseline| GradientRule::Reward(term, baseline));
                    for rule in std::iter::once(GradientRule::Loss(term)).chain(rules) {
                        quantities.push(PathQuantity::Gradient { side, rule, credit, component });
                    }
                }
            }
        }
    }
    let importances = [Importance::Unweighted, Importance::Ratio, Importance::Clipped(1.1), Importance::SelfNormalised];
    let spans = [WeightSpan::Symbol, WeightSpan::Prefix, WeightSpan::Sequence, WeightSpan::GeometricMean];
    let mut found = Vec::new();
    for quantity in quantities {
        for importance in importances {
            for span in spans {
                for is_differentiated in [false, true] {
                    found.push((quantity, Weighting { importance, span, is_differentiated }));
                }
            }
        }
    }
    found
}

fn sequences(symbols: usize, n: u32) -> impl Iterator<Item = Vec<usize>> {
    (0..symbols.pow(n)).map(move |code| (0..n).map(|place| code / symbols.pow(place) % symbols).collect())
}

/// Mean and variance of each estimate by all sequences; how many there were.
fn compare(case: &Case, lengths: &[u32]) -> usize {
    let (laws, components, mut count) = (case.laws(), case.components(), 0);
    for (quantity, weighting) in all(&components) {
        let Ok(found) = PathEstimate::new(Arc::clone(&laws), quantity, weighting) else { continue };
        for &n in lengths {
            let Some(moments) = found.moments(n.into()) else {
                assert!(n == 1 && found.has_mean_baseline(), "{quantity:?} {weighting:?} {n}");
                continue;
            };
            let mut walk = PathWalk::new(&found);
            let mut atoms = Vec::new();
            for x in sequences(case.p.start.len(), n) {
                let mass = Case::is_of(&case.s, &x);
                if mass > 0.0 {
                    let value = estimate(case, quantity, weighting, &x);
                    walk.restart();
                    x.iter().for_each(|&symbol| walk.push(symbol));
                    let error = (walk.estimate() - value).abs();
                    assert!(error <= 2e-14 * (1.0 + value.abs()), "{quantity:?} {weighting:?} {x:?} {value} {walk:?}");
                    atoms.push((mass, value));
                }
            }
            let mean: f64 = atoms.iter().map(|(mass, value)| mass * value).sum();
            let variance: f64 = atoms.iter().map(|(mass, value)| mass * (value - mean) * (value - mean)).sum();
            let what = format!("{quantity:?} {weighting:?} {n}: {moments:?} {mean} {variance}");
            assert!((moments.mean - mean).abs() <= 3e-14 * (1.0 + moments.size), "{what}");
            assert!((moments.variance - variance).abs() <= 1e-13 * (variance + mean * mean) + 1e-28, "{what}");
            let largest = atoms.iter().fold(0.0, |largest, (_, value)| f64::max(largest, value.abs()));
            let reach = found.reach(n.into());
            assert_eq!(reach.is_some(), found.is_linear());
            assert!(reach.is_none_or(|reach| largest <= reach * (1.0 + 1e-12)), "{what}: {largest} {reach:?}");
            let law = found.law(n.into(), 1 << 16).unwrap();
            assert!((law.variance() - variance).abs() <= 1e-13 * (variance + mean * mean) + 1e-28, "{what}");
            count += 1;
        }
    }
    count
}

fn two_states() -> Case {
    Case {
        s: Plain::chain(&[0.5, 0.5], &[&[0.6, 0.4], &[0.3, 0.7]]),
        p: Plain::chain(&[0.3, 0.7], &[&[0.8, 0.2], &[0.4, 0.6]]),
        q: Plain::chain(&[0.6, 0.4], &[&[0.5, 0.5], &[0.1, 0.9]]),
        is_tied: false,
    }
}

#[test]
fn two_states_have_the_moments_of_all_sequences() {
    assert!(compare(&two_states(), &[1, 2, 3, 8]) > 800);
}

/// P cannot make all that S can, nor S all that P can.
#[test]
fn three_states_have_the_moments_of_all_sequences() {
    let p = Plain::chain(&[0.2, 0.3, 0.5], &[&[0.6, 0.4, 0.0], &[0.1, 0.2, 0.7], &[0.3, 0.3, 0.4]]);
    let q = Plain::chain(&[0.3, 0.3, 0.4], &[&[0.3, 0.3, 0.4], &[0.5, 0.25, 0.25], &[0.2, 0.1, 0.7]]);
    let s = Plain::chain(&[0.4, 0.4, 0.2], &[&[0.5, 0.3, 0.2], &[0.2, 0.0, 0.8], &[0.4, 0.2, 0.4]]);
    assert!(compare(&Case { s, p: p.clone(), q: q.clone(), is_tied: false }, &[1, 2, 5]) > 500);
    // And from P itself.
    assert!(compare(&Case { s: p.clone(), p, q, is_tied: false }, &[2, 5]) > 500);
}

#[test]
fn independent_symbols_have_the_moments_of_all_sequences() {
    let of = Plain::independent;
    let case = Case { s: of(&[0.3, 0.4, 0.3]), p: of(&[0.2, 0.3, 0.5]), q: of(&[0.5, 0.25, 0.25]), is_tied: true };
    assert!(compare(&case, &[1, 2, 6]) > 700);
}

/// D_N/N of chains and symbols, and its slopes by differences; and what leads there.
#[test]
fn rewards_to_go_lead_to_the_whole_gradient() {
    const STEP: f64 = 1e-4;
    let case = two_states();
    let target = |case: &Case| Pair::of(case.p.of(), case.q.of()).unwrap();
    for n in [1, 2, 7, 40] {
        let divergence = |case: &Case| ChainTheory::of(target(case).chains().unwrap(), n).mean / n as f64;
        let laws = Arc::new(PathLaws::of(&target(&case)).unwrap());
        let of = |quantity| PathEstimate::new(Arc::clone(&laws), quantity, Weighting::default()).unwrap();
        let value = of(PathQuantity::Divergence(Term::K1)).moments(n).unwrap();
        assert!((value.mean / divergence(&case) - 1.0).abs() < 1e-14);
        let mut variances = [0.0; 2];
        for component in case.components() {
            let moved = |side: Side, by: f64| {
                let mut other = Case { s: case.s.clone(), p: case.p.clone(), q: case.q.clone(), is_tied: false };
                let law = if side == Side::Source { &mut other.p } else { &mut other.q };
                let (row, c) = match component {
                    PathComponent::Initial(c) => (&mut law.start, c),
                    PathComponent::Transition(from, c) => (&mut law.rows[from], c),
                    PathComponent::Symbol(_) => panic!("a chain"),
                };
                row[c] *= libm::exp(by);
                let sum: f64 = row.iter().sum();
                row.iter_mut().for_each(|mass| *mass /= sum);
                divergence(&other)
            };
            for side in [Side::Source, Side::Model] {
                let slope = (moved(side, STEP) - moved(side, -STEP)) / (2.0 * STEP);
                let averaged = |credit| of(PathQuantity::MeanGradient { side, credit, component });
                let whole = averaged(Credit::RewardToGo).moments(n).unwrap();
                assert!((whole.mean - slope).abs() < 1e-8, "{n} {side:?} {component:?}: {whole:?} {slope}");
                assert_eq!(averaged(Credit::Symbol).gradient(n), Some(whole.mean));
                if side == Side::Model {
                    continue;
                }
                let rule = GradientRule::Reward(Term::K1, Baseline::Constant(0.0));
                let reward = |credit| of(PathQuantity::Gradient { side, rule, credit, component }).moments(n).unwrap();
                assert!((reward(Credit::RewardToGo).mean - whole.mean).abs() < 1e-15);
                assert!((reward(Credit::Sequence).mean - whole.mean).abs() < 1e-15);
                let part = reward(Credit::Symbol).mean;
                assert!((part - averaged(Credit::Symbol).moments(n).unwrap().mean).abs() < 1e-15);
                if n > 1 && component == PathComponent::Initial(0) || n > 2 {
                    assert!((part - whole.mean).abs() > 1e-5, "{n} {component:?}");
                }
                variances[0] += whole.variance;
                variances[1] += reward(Credit::RewardToGo).variance;
            }
        }
        // With each step in place of its mean less varies, all components together.
        assert!(variances[0] < variances[1], "{n}: {variances:?}");
    }
}

/// Of long sequences of independent symbols variances follow from N = 2: by squares of the map, to 1e-12.
#[test]
fn long_sequences_of_symbols_have_known_variances() {
    let of = Plain::independent;
    let case = Case { s: of(&[0.3, 0.4, 0.3]), p: of(&[0.2, 0.3, 0.5]), q: of(&[0.5, 0.25, 0.25]), is_tied: true };
    let laws = case.laws();
    let component = PathComponent::Symbol(1);
    let rule = GradientRule::Loss(Term::K2);
    let quantity = PathQuantity::Gradient { side: Side::Source, rule, credit: Credit::Symbol, component };
    let weighting = Weighting { importance: Importance::Ratio, ..Weighting::default() };
    let estimate = PathEstimate::new(Arc::clone(&laws), quantity, weighting).unwrap();
    let one = estimate.moments(1).unwrap();
    for n in [1_000_u64, 1_000_000, 1_000_000_007] {
        let moments = estimate.moments(n).unwrap();
        assert!((moments.mean / one.mean - 1.0).abs() < 1e-14);
        assert!((moments.variance * n as f64 / one.variance - 1.0).abs() < 1e-12, "{n}: {moments:?} {one:?}");
    }
    // FORMULAS: [N B A₀^{N−1} + N(N−1) A₁² A₀^{N−2}]/N² − D².
    let weighting = Weighting { span: WeightSpan::Sequence, ..weighting };
    let estimate = PathEstimate::new(laws, PathQuantity::Divergence(Term::K1), weighting).unwrap();
    let rows =
        || case.s.start.iter().zip(&case.p.start).zip(&case.q.start).map(|((s, p), q)| (s, p / s, libm::log(p / q)));
    let a0: f64 = rows().map(|(s, w, _)| s * w * w).sum();
    let a1: f64 = rows().map(|(s, w, l)| s * w * w * l).sum();
    let b: f64 = rows().map(|(s, w, l)| s * w * w * l * l).sum();
    let d: f64 = rows().map(|(s, w, l)| s * w * l).sum();
    for n in [2_u32, 10, 100] {
        let length = f64::from(n);
        let power = |times: f64| libm::pow(a0, times);
        let square = length * b * power(length - 1.0) + length * (length - 1.0) * a1 * a1 * power(length - 2.0);
        let moments = estimate.moments(n.into()).unwrap();
        let known = square / length / length - d * d;
        assert!((moments.variance / known - 1.0).abs() < 1e-12, "{n}: {moments:?} {known}");
        assert!((moments.mean / d - 1.0).abs() < 1e-14);
    }
}

/// Digits where Q is within 1e-9 of P: of a chain that changes nothing but the last digits, all is known to the first order.
#[test]
fn near_q_digits_are_kept() {
    let near = libm::exp2(-30.0);
    let p = Plain::chain(&[0.5, 0.5], &[&[0.5, 0.5], &[0.5, 0.5]]);
    let q = Plain::chain(&[0.5, 0.5], &[&[0.5 + near, 0.5 - near], &[0.5 + near, 0.5 - near]]);
    let pair = Pair::of(p.of(), q.of()).unwrap();
    let laws = Arc::new(PathLaws::of(&pair).unwrap());
    let value = PathEstimate::new(laws, PathQuantity::Divergence(Term::K3), Weighting::default()).unwrap();
    let theory = ChainTheory::of(pair.chains().unwrap(), 20);
    let moments = value.moments(20).unwrap();
    assert!((moments.mean * 20.0 / theory.mean - 1.0).abs() < 1e-12, "{moments:?} {theory:?}");
    let log_ratio =
        PathEstimate::new(Arc::clone(value.laws()), PathQuantity::Divergence(Term::K1), Weighting::default());
    let variance = log_ratio.unwrap().moments(20).unwrap().variance;
    assert!((variance * 400.0 / theory.spread.unwrap().variance - 1.0).abs() < 1e-12);
}

/// What takes too long has no moments, and nothing is NaN.
#[test]
fn what_is_too_large_is_unknown() {
    let states = 64;
    let row: Vec<f64> = vec![1.0 / 64.0; states];
    let law = Plain { start: row.clone(), rows: vec![row.clone(); states] };
    let other: Vec<f64> = (0..states).map(|state| if state < 32 { 1.0 / 128.0 } else { 3.0 / 128.0 }).collect();
    let model = Plain { start: row, rows: vec![other; states] };
    let laws = Arc::new(PathLaws::of(&Pair::of(law.of(), model.of()).unwrap()).unwrap());
    let rule = GradientRule::Reward(Term::K1, Baseline::Constant(0.0));
    let component = PathComponent::Transition(3, 4);
    let quantity = PathQuantity::Gradient { side: Side::Source, rule, credit: Credit::RewardToGo, component };
    let estimate = PathEstimate::new(laws, quantity, Weighting::default()).unwrap();
    assert_eq!(estimate.moments(1_000_000), None);
    assert!(estimate.has_gradient(100) && !estimate.has_gradient(1_000_000));
    assert!(estimate.law(10, 1 << 16).is_none());
    let case = two_states();
    let quantity = PathQuantity::Divergence(Term::K1);
    let weighting = Weighting { importance: Importance::Ratio, span: WeightSpan::Prefix, is_differentiated: false };
    let weighed = PathEstimate::new(case.laws(), quantity, weighting).unwrap();
    assert!(weighed.moments(1_000).is_some_and(|moments| moments.variance > 1e10));
    assert_eq!(weighed.moments(1_000_000), None);
    let cut = PathEstimate::new(case.laws(), quantity, Weighting { importance: Importance::Clipped(1.5), ..weighting });
    assert_eq!(cut.unwrap().moments(100), None);
}
