//! One examiner for every family: whatever is in the list is held against brute force, and its sampler against its law.

mod simulated;
mod special_pairs;

use crate::harness::{Workspace, contents};
use kl_math::chain::ChainTheory;
use kl_math::distribution::{Distribution, FAMILIES, FamilyEntry, Pair, Space, Value, Values};
use kl_math::divergence::{ChainCumulants, CumulantFunction, Cumulants, FiniteCumulants, Spread, cumulant_function};
use kl_math::numeric::nodes;
use kl_runner::experiment_file::{Argument, read_pair, written};
use kl_sim::estimator::{Detail, Estimator, SymbolMean};
use kl_sim::simulation::{Blocks, ChainBlocks, Segment, ValueBlocks};
use std::sync::Arc;

fn pair(p: &str, q: &str) -> Pair {
    let text = |member: &str| format!("{{ {member} }}");
    let (p, q) = (text(p), text(q));
    read_pair(Argument { name: "P =", text: &p }, Argument { name: "Q =", text: &q })
        .unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// The two examples of a family as they are written, both ways.
pub(crate) fn both_ways(family: &FamilyEntry) -> [(String, String); 2] {
    let [one, other] = family.examples.map(|member| written(family, member));
    [(one.clone(), other.clone()), (other, one)]
}

/// The two examples of a family, both ways.
fn pairs(family: &FamilyEntry) -> [Pair; 2] {
    both_ways(family).map(|(p, q)| pair(&p, &q))
}

/// Σ or ∫ over everything that `values` can take, or over those whose first coordinate lies between two values of the
/// integration variable; `f` gets the density, or the mass, times what it spreads over.
fn integral(values: &dyn Values, cuts: &[f64], between: Option<[f64; 2]>, f: &mut dyn FnMut(f64, Value<'_>)) {
    const LEVEL: u32 = 6;
    let whole = [f64::NEG_INFINITY, f64::INFINITY];
    let mut sum = |weight: f64, stretch: f64, point: Value<'_>| {
        let mass = weight * libm::exp(values.ln_prob(point) + stretch);
        if mass > 0.0 {
            f(mass, point);
        }
    };
    match values.space() {
        Space::Counts => {
            let [low, high] = values.support();
            for k in 0..20_000 {
                let k = f64::from(k);
                if (low..=high).contains(&k) && between.is_none_or(|[above, up_to]| above < k && k <= up_to) {
                    sum(1.0, 0.0, Value::Real(k));
                }
            }
        }
        Space::Line => {
            let chart = values.change_of_variable();
            let [low, high] = between.unwrap_or(values.support().map(|end| chart.place(end)));
            let cuts = values.kinks().into_iter().chain(cuts.iter().copied()).map(|x| chart.place(x)).chain([0.0]);
            let mut ends: Vec<f64> = cuts.filter(|cut| low < *cut && *cut < high).chain([low, high]).collect();
            ends.sort_by(f64::total_cmp);
            ends.dedup();
            for node in nodes(&ends, LEVEL + 1) {
                let (point, stretch) = chart.at(node.x);
                sum(node.weight, stretch, point);
            }
        }
        Space::Vectors(size) => {
            assert_eq!(size, 2, "the examples of vectors have two coordinates");
            let inner = nodes(&[whole[0], 0.0, whole[1]], LEVEL);
            let outer = between.map_or_else(|| inner.clone(), |between| nodes(&between, LEVEL));
            for x in outer {
                for y in &inner {
                    sum(x.weight * y.weight, 0.0, Value::Vector(&[x.x, y.x]));
                }
            }
        }
        Space::Simplex(size) => {
            assert_eq!(size, 3, "the examples of shares have three");
            // x₁ = s, x₂ = (1−s) t, both by their logits.
            let inner = nodes(&[whole[0], 0.0, whole[1]], LEVEL - 1);
            let outer = between.map_or_else(|| inner.clone(), |between| nodes(&between, LEVEL - 1));
            let log = |logit: f64| -(if logit < 0.0 { -logit } else { 0.0 } + libm::log1p(libm::exp(-logit.abs())));
            for s in outer {
                for t in &inner {
                    let (first, rest, share, other) = (log(s.x), log(-s.x), log(t.x), log(-t.x));
                    let stretch = first + 2.0 * rest + share + other;
                    sum(s.weight * t.weight, stretch, Value::LogShares(&[first, rest + share, rest + other]));
                }
            }
        }
    }
}

/// Of chains whole sequences of so many symbols are looked at.
const LENGTH: usize = 6;

/// Probability and log ratio of all sequences of a chain, and the sequences themselves.
fn sequences(pair: &Pair, length: usize) -> Vec<(f64, f64, Vec<usize>)> {
    let law = |side: &Distribution, sequence: &[usize]| {
        let law = side.chain().unwrap().law();
        let first = law.initial[sequence[0]].to_f64();
        let steps = sequence.windows(2).map(|step| law.transition[step[0] * law.initial.len() + step[1]].to_f64());
        steps.fold(first, |product, mass| product * mass)
    };
    let states = pair.chains().unwrap().states();
    let sequence = |code: usize| (0..length).map(|place| code / states.pow(place as u32) % states).collect::<Vec<_>>();
    let all = (0..states.pow(length as u32)).map(sequence);
    all.map(|sequence| {
        let (p, q) = (law(pair.source(), &sequence), law(pair.model(), &sequence));
        (p, libm::log(p / q), sequence)
    })
    .collect()
}

/// Mean, variance, κ₃ and κ₄ of what `terms` lists, by theory.
fn known(pair: &Pair) -> (f64, Option<Spread>) {
    let Some(chain) = pair.chains() else {
        let found = Cumulants::of(pair);
        return (found.mean, found.spread);
    };
    let theory = ChainTheory::of(chain, LENGTH as u64);
    let spread =
        theory.spread.map(|spread| Spread { variance: spread.variance, higher: Some((spread.third, spread.fourth)) });
    (theory.mean, spread)
}

/// Mass and log ratio of everything that P can take, from the two densities alone.
fn terms(pair: &Pair) -> Vec<(f64, f64)> {
    if pair.chains().is_some() {
        return sequences(pair, LENGTH).into_iter().map(|(mass, ratio, _)| (mass, ratio)).collect();
    }
    let Some((p, q)) = pair.source().values().zip(pair.model().values()) else {
        let symbols = pair.symbols().unwrap();
        let probabilities = symbols.source_probabilities().iter().zip(symbols.model_probabilities());
        let probabilities = probabilities.map(|(p, q)| (p.to_f64(), q.to_f64())).filter(|(p, _)| *p > 0.0);
        return probabilities.map(|(p, q)| (p, libm::log(p / q))).collect();
    };
    let ([low, high], mut terms) = (q.support(), Vec::new());
    let cuts: Vec<f64> = q.kinks().into_iter().chain([low, high]).filter(|cut| cut.is_finite()).collect();
    integral(p, &cuts, None, &mut |mass, point| terms.push((mass, p.ln_prob(point) - q.ln_prob(point))));
    terms
}

fn mean(terms: &[(f64, f64)], f: impl Fn(f64) -> f64) -> f64 {
    terms.iter().map(|&(mass, ratio)| mass * f(ratio)).sum()
}

fn assert_near(found: f64, expected: f64, room: f64, what: &str) {
    assert!((found - expected).abs() <= room * expected.abs().max(1e-300), "{what}: {found:e} is not {expected:e}");
}

#[test]
fn every_law_has_the_mass_one() {
    for family in FAMILIES {
        for pair in pairs(family) {
            assert_near(mean(&terms(&pair), |_| 1.0), 1.0, 1e-11, &pair.source().to_string());
        }
    }
}

#[test]
fn nothing_is_far_from_itself_or_nearer_than_nothing() {
    for family in FAMILIES {
        let example = written(family, family.examples[0]);
        let itself = Cumulants::of(&pair(&example, &example));
        assert_eq!((itself.mean, itself.spread.unwrap().variance), (0.0, 0.0), "{}", family.name);
        for pair in pairs(family) {
            assert!(Cumulants::of(&pair).mean > 0.0, "{}", family.name);
        }
    }
}

/// D, V, κ₃ and κ₄ against sums over both densities, which know nothing of closed forms.
#[test]
fn closed_forms_are_what_brute_force_finds() {
    for family in FAMILIES {
        for pair in pairs(family) {
            let what = format!("{} against {}", pair.source(), pair.model());
            let (known, terms) = (known(&pair), terms(&pair));
            let divergence = mean(&terms, |ratio| ratio);
            if terms.iter().any(|(_, ratio)| ratio.is_infinite()) {
                assert_eq!(known, (f64::INFINITY, None), "{what}");
                continue;
            }
            assert_near(known.0, divergence, 1e-10, &what);
            let central = |power: i32| mean(&terms, |ratio| (0..power).fold(1.0, |x, _| x * (ratio - divergence)));
            let spread = known.1.unwrap();
            let size = central(2);
            assert!((spread.variance - size).abs() <= 1e-9 * size.max(1e-20), "{what}: {spread:?}, {size:e}");
            let (third, fourth) = spread.higher.unwrap();
            let room = 1e-8 * size.max(1e-9) * size.max(1.0);
            assert!((third - central(3)).abs() <= room + 1e-8 * third.abs(), "{what}: κ₃ {third:e}");
            let expected = central(4) - 3.0 * size * size;
            assert!((fourth - expected).abs() <= room + 1e-8 * central(4), "{what}: κ₄ {fourth:e} {expected:e}");
        }
    }
}

/// Mean and variance of k2, k3 and control variates against sums over both densities.
#[test]
fn means_of_functions_of_the_ratio_are_what_brute_force_finds() {
    for pair in FAMILIES.iter().flat_map(pairs).filter(|pair| pair.chains().is_none()) {
        let terms = terms(&pair);
        if terms.iter().any(|(_, ratio)| ratio.is_infinite()) {
            continue;
        }
        for (estimator, c) in [
            (SymbolMean::k2(), None),
            (SymbolMean::k3(), Some(1.0)),
            (SymbolMean::control_variate(Some(-1.0)), Some(-1.0)),
        ] {
            let what = format!("{} of {} against {}", estimator.name(), pair.source(), pair.model());
            let theory = estimator.theory(&pair, 1);
            let f = |x: f64| c.map_or(0.5 * x * x, |c| x + c * libm::expm1(-x));
            let expected = mean(&terms, f);
            assert!(
                (theory.mean.unwrap() - expected).abs() <= 1e-9 * mean(&terms, |x| f(x).abs()),
                "{what}: {theory:?}"
            );
            let variance = theory.variance.unwrap_or_else(|| panic!("{what}: {theory:?}"));
            if variance.is_finite() {
                let square = mean(&terms, |x| (f(x) - expected) * (f(x) - expected));
                assert!((variance - square).abs() <= 1e-6 * square.max(1e-20), "{what}: {variance:e} {square:e}");
            }
        }
    }
}

/// K(s) = ln E[e^{s(X−D)}]: against brute force, its derivatives at 0, and at −1, where E[q/p] = 1 if P covers Q.
#[test]
fn cumulant_functions_are_those_of_the_log_ratio() {
    let mut examined = 0;
    for family in FAMILIES {
        for pair in pairs(family) {
            let function = match &pair {
                Pair::Symbols(pair) => {
                    Some(Arc::new(FiniteCumulants::new(pair.centred_log_ratios())) as Arc<dyn CumulantFunction>)
                }
                Pair::Values(pair) => cumulant_function(pair),
                Pair::Chains(pair) => ChainCumulants::new(Arc::clone(pair.chains()), LENGTH as u64)
                    .map(|function| Arc::new(PerSequence(function)) as Arc<dyn CumulantFunction>),
            };
            let Some(function) = function else { continue };
            let (divergence, spread) = known(&pair);
            examined += 1;
            let what = format!("{} against {}", pair.source(), pair.model());
            let (terms, variance) = (terms(&pair), spread.unwrap().variance);
            let std_dev = variance.sqrt();
            assert!(function.slope(0.0).abs() <= 1e-12 * std_dev, "{what}: {:e}", function.slope(0.0));
            assert_near(function.variance(), variance, 1e-3, &what);
            let step = 1e-3 / std_dev;
            let curvature = (function.value(step) + function.value(-step)) / (step * step);
            assert_near(curvature, variance, 1e-3, &what);
            let is_exact = pair.values().is_none_or(|values| values.form().is_some());
            for s in [-1.0, -0.5, -0.1, 0.1, 0.2] {
                let s = if s == -1.0 { s } else { s / std_dev };
                let expected = libm::log(mean(&terms, |ratio| libm::exp(s * (ratio - divergence))));
                // A discretised law's is a little too large, on purpose.
                let (below, above) = if is_exact { (1e-9, 1e-9) } else { (1e-9, 1e-3) };
                let excess = function.value(s) - expected;
                let size = expected.abs().max(1e-3);
                assert!(
                    (-below * size..=above * size).contains(&excess),
                    "{what}, s = {s}: {excess:e} of {expected:e}"
                );
            }
            let [p, q] = [pair.source(), pair.model()].map(|side| side.values().map(|values| values.support()));
            if p == q && is_exact {
                assert_near(function.value(-1.0), divergence, 1e-9, &what);
            }
        }
    }
    // The uniform's log ratio is a constant, where it is finite.
    assert!(examined >= 2 * FAMILIES.len() - 4, "{examined}");
}

/// K of a whole sequence's log ratio, from that of its estimate.
#[derive(Debug)]
struct PerSequence(ChainCumulants);

impl CumulantFunction for PerSequence {
    fn value(&self, s: f64) -> f64 {
        self.0.value(s * LENGTH as f64)
    }
    fn slope(&self, s: f64) -> f64 {
        self.0.slope(s * LENGTH as f64) * LENGTH as f64
    }
    fn variance(&self) -> f64 {
        self.0.variance() * (LENGTH * LENGTH) as f64
    }
    fn end_of_domain(&self, upper: bool) -> f64 {
        self.0.end_of_domain(upper) / LENGTH as f64
    }
    fn scale(&self) -> f64 {
        self.0.scale() * LENGTH as f64
    }
}

/// So many draws of one source, as points.
fn draw(source: &Distribution, mut take: impl FnMut(Value<'_>)) {
    let values = source.values().unwrap();
    let blocks = ValueBlocks::new(57, source, 1_000).unwrap();
    let mut sampler = blocks.sampler(0);
    let mut scratch = Vec::new();
    for _ in 0..200 {
        let drawn = sampler.draw(Segment::whole(1, 1_000), Detail::Sequence);
        for draw in drawn.draws().chunks_exact(values.base_variable().width()) {
            take(values.value(draw, &mut scratch));
        }
    }
}

/// The first coordinate of a value as the variable that `integral` runs along.
fn coordinate(values: &dyn Values, point: Value<'_>) -> f64 {
    match (values.space(), point) {
        (Space::Counts, point) => point.value(),
        (Space::Line, point) => values.change_of_variable().place(point.value()),
        (Space::Vectors(_), Value::Vector(vector)) => vector[0],
        (Space::Simplex(_), Value::LogShares(logs)) => logs[0] - libm::log1p(-libm::exp(logs[0])),
        _ => f64::NAN,
    }
}

/// χ² of 200,000 draws' first coordinates over some sixty stretches. A right sampler exceeds the bound with chance 1e-9
/// (Laurent & Massart 2000: χ²_k ≥ k + 2√(kx) + 2x with chance ≤ e^−x).
#[test]
fn every_sampler_follows_its_law() {
    for family in FAMILIES {
        let both = pairs(family);
        for source in both.iter().map(Pair::source).filter(|source| source.values().is_some()) {
            let values = source.values().unwrap();
            let mut found: Vec<f64> = Vec::new();
            draw(source, |point| {
                assert!(values.ln_prob(point) > f64::NEG_INFINITY, "{source}: {point:?}");
                found.push(coordinate(values, point));
            });
            found.sort_by(f64::total_cmp);
            let total = found.len() as f64;
            // Edges between the draws themselves: about equal shares, whatever the law.
            let mut edges: Vec<f64> = (1..60).map(|step| found[step * found.len() / 60]).collect();
            edges.dedup();
            edges.insert(0, f64::NEG_INFINITY);
            edges.push(f64::INFINITY);
            let (mut chi_square, mut whole) = (0.0, 0.0);
            for stretch in edges.windows(2) {
                let mut mass = 0.0;
                let clipped = clipped(values, [stretch[0], stretch[1]]);
                integral(values, &[], Some(clipped), &mut |part, _| mass += part);
                whole += mass;
                let count = found.partition_point(|x| *x <= stretch[1]) - found.partition_point(|x| *x <= stretch[0]);
                chi_square += (count as f64 - total * mass) * (count as f64 - total * mass) / (total * mass).max(1.0);
            }
            assert_near(whole, 1.0, 1e-9, &format!("{source}: all stretches"));
            let (k, x) = (edges.len() as f64 - 2.0, 20.7);
            let bound = k + 2.0 * (k * x).sqrt() + 2.0 * x;
            assert!(chi_square < bound, "{source}: χ² = {chi_square} of {k}");
        }
    }
}

/// χ² of 100,000 sequences of four symbols against the chances of all of them: a right sampler fails with chance 1e-9.
#[test]
fn sequences_with_memory_follow_their_law() {
    let mut examined = 0;
    for pair in FAMILIES.iter().flat_map(pairs).filter(|pair| pair.chains().is_some()) {
        let source = pair.source();
        let blocks = ChainBlocks::of(57, source, source.chain().unwrap().law(), 4);
        let mut sampler = blocks.sampler(0);
        let mut found = std::collections::BTreeMap::<Vec<usize>, f64>::new();
        for _ in 0..100 {
            let drawn = sampler.draw(Segment::whole(1_000, 4), Detail::Sequence);
            for sequence in drawn.symbols().chunks_exact(4) {
                *found.entry(sequence.iter().map(|&state| state as usize).collect()).or_default() += 1.0;
            }
        }
        let all = sequences(&pair, 4);
        let chi_square: f64 = all
            .iter()
            .map(|(mass, _, sequence)| {
                let (expected, found) = (1e5 * mass, found.get(sequence).copied().unwrap_or(0.0));
                (found - expected) * (found - expected) / expected
            })
            .sum();
        let (k, x) = (all.len() as f64 - 1.0, 20.7);
        assert!(chi_square < k + 2.0 * (k * x).sqrt() + 2.0 * x, "{source}: χ² = {chi_square} of {k}");
        examined += 1;
    }
    assert_eq!(examined, 2);
}

/// A stretch of the integration variable, within what the law can take.
fn clipped(values: &dyn Values, [low, high]: [f64; 2]) -> [f64; 2] {
    if values.space() != Space::Line {
        return [low, high];
    }
    let [first, last] = values.support().map(|end| values.change_of_variable().place(end));
    [low.max(first), high.min(last)]
}
