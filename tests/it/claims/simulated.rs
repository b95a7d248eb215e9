//! The tests themselves, over many seeds.

use kl_math::distribution::{Categorical, Pair};
use kl_sim::comparison::{Comparison, Method, Verdict, judge};
use kl_sim::estimator::{Batch, ClaimedMean, Claims, Detail, EstimatedBy, External, SameAs, ScoredTrial, Scorer};
use kl_sim::simulation::{Cancel, Engine, Estimation, Job, SamplerKind, Simulation, Trials};

/// A mean over symbols that something outside of the library makes: `values` of the symbols over `length`, from `start` on.
#[derive(Debug)]
struct Outside<'a> {
    values: Vec<f64>,
    length: f64,
    start: f64,
    n: u64,
    mean: f64,
    same_as: Option<SameAs<'a>>,
}

impl External for Outside<'_> {
    fn name(&self) -> &str {
        "mine"
    }

    fn model_draws(&self) -> Option<u64> {
        None
    }

    fn scorer(&self) -> Box<dyn Scorer + '_> {
        Box::new(OutsideScorer(self))
    }

    fn claims(&self) -> Claims<'_> {
        let mean = Ok(ClaimedMean { value: self.mean, error: None });
        Claims { mean: Some(mean), same_as: self.same_as.map(Ok) }
    }

    fn is_stopped(&self) -> bool {
        false
    }
}

struct OutsideScorer<'a>(&'a Outside<'a>);

impl Scorer for OutsideScorer<'_> {
    fn detail(&self) -> Detail {
        Detail::Totals
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        let Outside { values, length, start, n, .. } = self.0;
        assert_eq!((batch.start, batch.end), (0, *n), "short sequences come whole");
        for counts in batch.counts() {
            let sum: f64 = counts.iter().zip(values).map(|(&count, value)| count as f64 * value).sum();
            scored.push(ScoredTrial::of((start + sum) / length, *n));
        }
    }

    fn running(&self, _: u64) -> f64 {
        f64::NAN
    }
}

/// Three symbols, k3 of each, and D.
fn three_symbols() -> (Pair, Vec<f64>, f64) {
    let (p, q) = ([0.5, 0.3, 0.2], [0.4, 0.4, 0.2]);
    let pair = Pair::of(Categorical::new(p).unwrap(), Categorical::new(q).unwrap()).unwrap();
    let k3 = |(p, q): (&f64, &f64)| q / p - 1.0 - libm::log(q / p);
    let divergence = p.iter().zip(&q).map(|(p, q): (&f64, &f64)| p * libm::log(p / q)).sum();
    (pair, p.iter().zip(&q).map(k3).collect(), divergence)
}

fn compared(pair: &Pair, mine: &Outside<'_>, trials: u64, seed: u64, engine: &Engine) -> Comparison {
    let by = EstimatedBy::External(mine);
    let estimation = Estimation::new(0, pair, by, mine.n);
    let probabilities = pair.symbols().map_or(&[][..], |pair| pair.source_probabilities());
    let job = Job { probabilities, n: mine.n, trials, estimations: vec![estimation], models: Vec::new() };
    let drawn = Trials::new(seed, pair.source(), mine.n, SamplerKind::Counts);
    let cancel = Cancel::default();
    let simulation = Simulation { job: &job, trials: &drawn, encode: None, cancel: &cancel, meter: &() };
    let Ok(outcome) = engine.run(&simulation, &mut ());
    let theory = by.theory(pair, mine.n);
    Comparison::new(pair, by, &theory, &outcome.summary, outcome.summary.estimation(0)).unwrap()
}

/// A right one is rejected once in a million seeds; each planted fault is found nearly always.
#[test]
fn the_right_estimator_agrees_for_a_thousand_seeds() {
    let (pair, values, mean) = three_symbols();
    let engine = Engine::new(Some(1)).unwrap();
    let k3 = kl_sim::estimator::ESTIMATORS.iter().find(|kind| kind.name == "k3").unwrap();
    let k3 = (k3.make)(&Default::default());
    let same_as = Some(SameAs { reference: k3.as_ref(), tolerance: 1e-9, within: 0.0 });
    let right = Outside { values, length: 20.0, start: 0.0, n: 20, mean, same_as };
    for seed in 0..1_000 {
        let found = compared(&pair, &right, 1_000, seed, &engine);
        assert_eq!(judge(&[&found], 1e-6), [Verdict::Agree], "{seed}: {found:?}");
        assert_eq!((found.exact_match, found.p_value_method), (Some(true), Some(Method::Student)));
        let differences = found.same_as.unwrap();
        assert_eq!((differences.compared, differences.differing), (1_000, 0));
    }
    let inverted = [0.4, 0.4, 0.2].iter().zip(&[0.5, 0.3, 0.2]);
    let inverted = inverted.map(|(q, p): (&f64, &f64)| p / q - 1.0 - libm::log(p / q)).collect();
    let faults = [
        Outside { values: inverted, same_as: None, ..right_again(&right) },
        Outside { start: 1.0, same_as: None, ..right_again(&right) },
        Outside { length: 19.0, same_as: None, ..right_again(&right) },
    ];
    for fault in &faults {
        let found = (0..100).filter(|&seed| {
            let found = compared(&pair, fault, 4_000, seed, &engine);
            judge(&[&found], 1e-6) == [Verdict::Disagree]
        });
        assert_eq!(found.count(), 100, "{fault:?}");
    }
}

fn right_again<'a>(right: &Outside<'a>) -> Outside<'a> {
    Outside { values: right.values.clone(), ..*right }
}

/// At a level of 1e-2 the test fires about as often as it says, however skewed the estimates may be where it applies.
/// Over 20,000 seeds the rate of a right test is beyond 1.25 % once in 2,000 runs.
#[test]
fn the_nominal_level_is_nearly_the_true_one() {
    let seeds: u64 = std::env::var("RUNNER_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(20_000);
    let (pair, values, mean) = three_symbols();
    let engine = Engine::new(Some(1)).unwrap();
    // As skewed as is allowed: the rare symbol is expected 100 times, and |skewness|/√R is 0.084.
    let rare = Pair::of(Categorical::new([0.1, 0.9]).unwrap(), Categorical::new([0.5, 0.5]).unwrap()).unwrap();
    for (name, pair, values, mean, n) in
        [("k3 of three symbols", &pair, values, mean, 20), ("a rare symbol", &rare, vec![1.0, 0.0], 0.1, 1)]
    {
        let mine = Outside { values, length: n as f64, start: 0.0, n, mean, same_as: None };
        let (mut fired, mut tested) = (0u64, 0u64);
        for seed in 0..seeds {
            let found = compared(pair, &mine, 1_000, seed, &engine);
            tested += u64::from(found.nominal_test().is_some());
            fired += u64::from(found.nominal_test().is_some_and(|p_value| p_value <= 1e-2));
        }
        let rate = fired as f64 / seeds as f64;
        println!("{name}: {fired} of {tested} of {seeds}");
        // Where few rare symbols occur, the skewness is sometimes beyond what is allowed.
        assert!(tested as f64 > 0.99 * seeds as f64 && (0.004..0.0125).contains(&rate), "{name}: {tested}, {rate}");
    }
}
