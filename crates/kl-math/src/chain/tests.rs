//! Enumeration of all short sequences, and long ones by other means.

use super::steps::{Cumulants, Cumulated, Way, cumulants_of};
use super::*;
use crate::numeric::DoubleDouble;

fn numbers(values: &[f64]) -> Vec<DoubleDouble> {
    values.iter().copied().map(DoubleDouble::from).collect()
}

fn pair([p_initial, p, q_initial, q]: [&[f64]; 4]) -> ChainPair {
    let [p_initial, p, q_initial, q] = [p_initial, p, q_initial, q].map(numbers);
    let source = ChainLaw { initial: &p_initial, transition: &p };
    ChainPair::new(source, ChainLaw { initial: &q_initial, transition: &q }).unwrap()
}

/// Probability and log ratio of all sequences that P can make.
fn sequences(pair: &ChainPair, n: u64) -> Vec<(f64, f64)> {
    let mut ends: Vec<(usize, f64, f64)> = pair.first().collect();
    for _ in 1..n {
        let longer = |&(from, mass, sum): &(usize, f64, f64)| {
            pair.row(from).map(move |(to, step, ratio)| (to, mass * step, sum + ratio)).collect::<Vec<_>>()
        };
        ends = ends.iter().flat_map(longer).collect();
    }
    ends.into_iter().map(|(_, mass, sum)| (mass, sum)).collect()
}

fn cumulants(sequences: &[(f64, f64)]) -> [f64; 4] {
    let whole: f64 = sequences.iter().map(|(mass, _)| mass).sum();
    let mean = sequences.iter().map(|(mass, sum)| mass * sum).sum::<f64>() / whole;
    let central = |power: i32| -> f64 {
        let terms = sequences.iter().map(|(mass, sum)| mass * (0..power).fold(1.0, |x, _| x * (sum - mean)));
        terms.sum::<f64>() / whole
    };
    [mean, central(2), central(3), central(4) - 3.0 * central(2) * central(2)]
}

const TWO: [&[f64]; 4] = [&[0.3, 0.7], &[0.9, 0.1, 0.4, 0.6], &[0.5, 0.5], &[0.7, 0.3, 0.2, 0.8]];
const THREE: [&[f64]; 4] = [
    &[0.2, 0.3, 0.5],
    &[0.5, 0.25, 0.25, 0.1, 0.8, 0.1, 0.3, 0.3, 0.4],
    &[0.3, 0.3, 0.4],
    &[0.25, 0.5, 0.25, 0.2, 0.5, 0.3, 0.4, 0.5, 0.1],
];
const PERIODIC: [&[f64]; 4] = [
    &[1.0, 0.0, 0.0],
    &[0.0, 0.6, 0.4, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
    &[0.5, 0.25, 0.25],
    &[0.1, 0.5, 0.4, 0.8, 0.1, 0.1, 0.5, 0.25, 0.25],
];
/// States 1 and 2 are closed, each alone; 0 is transient.
const PARTED: [&[f64]; 4] = [
    &[1.0, 0.0, 0.0],
    &[0.5, 0.3, 0.2, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
    &[0.8, 0.1, 0.1],
    &[0.4, 0.3, 0.3, 0.0, 0.9, 0.1, 0.3, 0.0, 0.7],
];
const ABSORBED: [&[f64]; 4] = [&[0.9, 0.1], &[0.7, 0.3, 0.0, 1.0], &[0.5, 0.5], &[0.6, 0.4, 0.2, 0.8]];
/// Q lacks the step from 1 to 0.
const UNCOVERED: [&[f64]; 4] = [&[0.5, 0.5], &[0.9, 0.1, 0.01, 0.99], &[0.5, 0.5], &[0.8, 0.2, 0.0, 1.0]];
const UNCOVERED_FIRST: [&[f64]; 4] = [&[0.5, 0.5], &[0.9, 0.1, 0.2, 0.8], &[1.0, 0.0], &[0.8, 0.2, 0.1, 0.9]];
const NOTHING_COVERED: [&[f64]; 4] = [&[1.0, 0.0], &[0.9, 0.1, 0.2, 0.8], &[0.0, 1.0], &[0.8, 0.2, 0.1, 0.9]];
/// What Q lacks takes two steps to get to.
const UNCOVERED_LATE: [&[f64]; 4] = [
    &[1.0, 0.0, 0.0],
    &[0.5, 0.5, 0.0, 0.0, 0.5, 0.5, 0.25, 0.25, 0.5],
    &[1.0, 0.0, 0.0],
    &[0.6, 0.4, 0.0, 0.1, 0.4, 0.5, 0.0, 0.5, 0.5],
];

fn assert_near(found: f64, expected: f64, room: f64, what: &str) {
    assert!((found - expected).abs() <= room, "{what}: {found:e} against {expected:e}");
}

#[test]
fn enumeration_gives_the_same_cumulants() {
    for (name, chains) in
        [("two", TWO), ("three", THREE), ("periodic", PERIODIC), ("parted", PARTED), ("absorbed", ABSORBED)]
    {
        let pair = pair(chains);
        for n in 1..=8 {
            let sequences = sequences(&pair, n);
            let expected = cumulants(&sequences);
            let theory = ChainTheory::of(&pair, n);
            let spread = theory.spread.unwrap();
            let found = [theory.mean, spread.variance, spread.third, spread.fourth];
            for (found, expected) in found.into_iter().zip(expected) {
                assert_near(found, expected, 2e-13 * (1.0 + expected.abs()), name);
            }
            assert_eq!(theory.infinite_mass, 0.0);
            for s in [-3.0, -1.0, -0.5, -0.01, 1e-6, 0.02, 0.3, 1.0, 2.5] {
                let powers = || sequences.iter().map(|(mass, sum)| (mass * libm::exp(s * sum), sum));
                let whole: f64 = powers().map(|(power, _)| power).sum();
                let slope = powers().map(|(power, sum)| power * sum).sum::<f64>() / whole;
                let cumulant = pair.cumulant(n, s);
                assert_near(cumulant.value, libm::log(whole), 2e-14 * n as f64, name);
                assert_near(cumulant.slope, slope, 2e-14 * n as f64, name);
                if s.abs() <= 0.3 {
                    // Both ways, wherever both hold.
                    let [near, tilted] = [pair.near(n, s), pair.tilted(n, s)];
                    assert_near(near.value, tilted.value, 1e-13, name);
                    assert_near(near.slope, tilted.slope, 1e-13, name);
                }
            }
        }
    }
}

#[test]
fn enumeration_gives_the_same_infinite_mass() {
    for chains in [UNCOVERED, UNCOVERED_FIRST, NOTHING_COVERED, UNCOVERED_LATE] {
        let pair = pair(chains);
        for n in 1..=8 {
            let sequences = sequences(&pair, n);
            let infinite: f64 = sequences.iter().filter(|(_, sum)| sum.is_infinite()).map(|(mass, _)| mass).sum();
            let theory = ChainTheory::of(&pair, n);
            assert_near(theory.infinite_mass, infinite, 1e-15, "infinite mass");
            assert_eq!(theory.mean.is_infinite(), infinite > 0.0);
            assert_eq!(theory.spread.is_none(), infinite > 0.0);
            assert_eq!(theory.rate, Some(f64::INFINITY));
            assert_eq!(pair.cumulant(n, 0.0), ChainCumulant { value: 0.0, slope: theory.mean });
            if infinite > 0.0 {
                assert_eq!(pair.cumulant(n, 0.5).value, f64::INFINITY);
            }
            for s in [-2.0, -1.0, -0.1] {
                let whole: f64 = sequences.iter().map(|(mass, sum)| mass * libm::exp(s * sum)).sum();
                let found = pair.cumulant(n, s).value;
                if whole > 0.0 {
                    assert_near(found, libm::log(whole), 1e-13, "cumulant");
                } else {
                    assert_eq!(found, f64::NEG_INFINITY);
                }
            }
        }
    }
}

/// Squared and step by step: the same, for every length up to some hundreds, and once for many.
#[test]
fn squares_agree_with_steps() {
    for chains in [TWO, THREE, PERIODIC, PARTED, ABSORBED] {
        let pair = pair(chains);
        for n in (2..300).chain([100_001]) {
            let centre = pair.centre();
            let mut ends = vec![cumulants_of(0.0); pair.states];
            let mut mean = vec![0.0; pair.states];
            for _ in 1..n {
                ends = (0..pair.states)
                    .map(|from| {
                        let ways = pair.row(from).map(|(to, mass, ratio)| {
                            (mass, Cumulated.joined(&cumulants_of(ratio - centre), &ends[to]))
                        });
                        Cumulated.mixed(ways)
                    })
                    .collect();
                let rest = |from| pair.row(from).map(|(to, mass, _): (usize, f64, f64)| mass * mean[to]).sum::<f64>();
                mean = (0..pair.states).map(|from| pair.divergences[from + 1] + rest(from)).collect();
            }
            let first = pair.first().map(|(to, mass, ratio)| (mass, Cumulated.joined(&cumulants_of(ratio), &ends[to])));
            let Cumulants { variance, third, fourth, .. } = Cumulated.mixed(first);
            let mean = pair.divergences[0] + pair.first().map(|(to, mass, _)| mass * mean[to]).sum::<f64>();
            let theory = ChainTheory::of(&pair, n);
            let spread = theory.spread.unwrap();
            // Step by step, rounding adds up with the steps.
            let room = 1e-14 + 2e-16 * n as f64;
            assert_near(theory.mean, mean, room * mean, "mean");
            assert_near(spread.variance, variance, room * variance, "variance");
            assert_near(spread.third, third, 10.0 * room * (third.abs() + variance), "third");
            assert_near(spread.fourth, fourth, 10.0 * room * (fourth.abs() + variance), "fourth");
        }
    }
}

/// κ(N) of an irreducible aperiodic chain is a line in N but for what dies out exponentially.
#[test]
fn long_sequences_keep_their_digits() {
    for chains in [TWO, THREE] {
        let pair = pair(chains);
        let of = |n| {
            let theory = ChainTheory::of(&pair, n);
            let spread = theory.spread.unwrap();
            [theory.mean, spread.variance, spread.third, spread.fourth]
        };
        let slopes: Vec<f64> = of(2_000).into_iter().zip(of(1_000)).map(|(b, a)| (b - a) / 1e3).collect();
        for n in [1_000_000_000u64, 1_000_000_000_000_000] {
            for ((found, start), slope) in of(n).into_iter().zip(of(1_000)).zip(&slopes) {
                let slope_found = (found - start) / (n - 1_000) as f64;
                assert_near(slope_found / slope, 1.0, 1e-11, "cumulant a symbol");
            }
            let found = of(n).map(|cumulant| cumulant / n as f64);
            let theory = ChainTheory::of(&pair, n);
            let room = if n > 1 << 40 { 5e-14 } else { 1e-8 };
            assert_near(found[0] / theory.rate.unwrap(), 1.0, room, "rate");
            assert_near(found[1] / theory.asymptotic_variance.unwrap(), 1.0, room, "asymptotic variance");
            // E[Q(x)/P(x)] = 1: K(−1) = 0, where both laws have the same support.
            assert_near(pair.cumulant(n, -1.0).value / n as f64, 0.0, 1e-15, "martingale");
        }
    }
}

/// All four cumulants of long sequences, among them of a chain that changes its state once in 1e9 steps, against
/// jets squared in 150-digit arithmetic.
#[test]
fn long_sequences_match_many_digits() {
    type Case = ([&'static [f64]; 4], u64, [f64; 4]);
    let cases: [Case; 5] = [
        (
            [
                &[0.5, 0.5],
                &[0.999_999_999, 1e-09, 2e-09, 0.999_999_998],
                &[0.25, 0.75],
                &[0.999_999_998, 2e-09, 1e-09, 0.999_999_999],
            ],
            1_000_000_000_000,
            [333.481_588_288_208_23, 592.920_499_457_052_3, -395.029_531_627_133_2, -351.552_888_018_345_47],
        ),
        (
            [
                &[1.0, 0.0, 0.0],
                &[0.0, 0.6, 0.4, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
                &[0.5, 0.25, 0.25],
                &[0.1, 0.5, 0.4, 0.8, 0.1, 0.1, 0.5, 0.25, 0.25],
            ],
            1_000_000_000_000_000,
            [260_268_968_544_438.66, 9_931_316_977_218.2, 571_412_370_036.336_8, -361_647_208_640.602_5],
        ),
        (
            [
                &[0.2, 0.3, 0.5],
                &[0.5, 0.25, 0.25, 0.1, 0.8, 0.1, 0.3, 0.3, 0.4],
                &[0.2, 0.3, 0.5],
                &[
                    0.500_000_001,
                    0.25,
                    0.249_999_999,
                    0.1,
                    0.799_999_998,
                    0.100_000_002,
                    0.3,
                    0.3,
                    0.400_000_001_000_000_05,
                ],
            ],
            1_000_000_000_000_000,
            [
                0.013_817_307_602_166_568,
                0.027_634_615_159_043_197,
                -1.358_698_178_324_432_5e-10,
                -3.035_180_660_336_409_4e-18,
            ],
        ),
        (
            [
                &[1.0, 0.0, 0.0],
                &[0.5, 0.3, 0.2, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
                &[0.8, 0.1, 0.1],
                &[0.4, 0.3, 0.3, 0.0, 0.9, 0.1, 0.3, 0.0, 0.7],
            ],
            1_000_000,
            [205_885.953_412_387_23, 15_158_006_186.764_051, 761_881_616_876_968.8, -4.212_361_111_877_629_4e20],
        ),
        (
            [
                &[0.2, 0.3, 0.5],
                &[0.5, 0.25, 0.25, 0.1, 0.8, 0.1, 0.3, 0.3, 0.4],
                &[0.3, 0.3, 0.4],
                &[0.25, 0.5, 0.25, 0.2, 0.5, 0.3, 0.4, 0.5, 0.1],
            ],
            1_000_000_000_000_000,
            [214_113_549_840_760.88, 404_817_368_338_607.4, -57_304_825_989_797.19, 563_999_845_886_681.6],
        ),
    ];
    for (chains, n, expected) in cases {
        let theory = ChainTheory::of(&pair(chains), n);
        let spread = theory.spread.unwrap();
        let found = [theory.mean, spread.variance, spread.third, spread.fourth];
        for ((found, expected), room) in found.into_iter().zip(expected).zip([2e-15, 2e-15, 2e-14, 2e-14]) {
            assert_near(found / expected, 1.0, room, "cumulant");
        }
    }
}

/// Q at 1e-12 from P: K(s) = ½ s (1 + s) Var[S] + …, and in the mean K′(0) = ½ Var[S].
#[test]
fn near_pairs_keep_their_digits() {
    let d = 1.0 / (1u64 << 40) as f64;
    for n in [1, 2, 50, 1_000_000] {
        let pair = pair([&[0.5, 0.5], &[0.25, 0.75, 0.5, 0.5], &[0.5 + d, 0.5 - d], &[0.25 - d, 0.75 + d, 0.5, 0.5]]);
        let theory = ChainTheory::of(&pair, n);
        let variance = theory.spread.unwrap().variance;
        assert_near(2.0 * theory.mean / variance, 1.0, 1e-11, "mean");
        for s in [-2.0, 0.5, 1.0, 3.0] {
            let found = pair.cumulant(n, s);
            assert_near(found.value / (0.5 * s * (1.0 + s) * variance), 1.0, 1e-10, "cumulant");
            assert_near(found.slope / ((0.5 + s) * variance), 1.0, 1e-10, "slope");
        }
    }
}

#[test]
fn the_same_chain_twice_has_no_log_ratio() {
    let pair = pair([THREE[0], THREE[1], THREE[0], THREE[1]]);
    assert!(pair.event_log_ratios().iter().all(|&ratio| ratio == 0.0));
    let theory = ChainTheory::of(&pair, 1_000);
    let spread = Some(ChainSpread { variance: 0.0, third: 0.0, fourth: 0.0 });
    assert_eq!((theory.mean, theory.spread, theory.rate), (0.0, spread, Some(0.0)));
    assert_eq!(pair.cumulant(1_000, 5.0), ChainCumulant { value: 0.0, slope: 0.0 });
}

/// Circulant rows have one divergence, in whatever order its terms are summed.
#[test]
fn rows_that_differ_by_rounding_alone_leave_no_variance() {
    let pair = pair([
        &[0.2, 0.3, 0.5],
        &[0.1, 0.2, 0.7, 0.7, 0.1, 0.2, 0.2, 0.7, 0.1],
        &[0.3, 0.3, 0.4],
        &[0.31, 0.32, 0.37, 0.37, 0.31, 0.32, 0.32, 0.37, 0.31],
    ]);
    for n in [1, 2, 50] {
        assert_eq!(ChainTheory::of(&pair.averaged(), n).spread.unwrap().variance, 0.0, "{n}");
    }
}

#[test]
fn the_rate_is_told_where_there_is_one() {
    assert_eq!(ChainTheory::of(&pair(PARTED), 5).rate, None);
    let absorbed = ChainTheory::of(&pair(ABSORBED), 5);
    assert_near(absorbed.rate.unwrap(), -libm::log(0.8), 1e-15, "rate");
    assert_near(absorbed.asymptotic_variance.unwrap(), 0.0, 1e-15, "asymptotic variance");
    let stationary = stationary(&numbers(THREE[1])).unwrap();
    let rate: f64 = (0..3).map(|i| stationary[i].to_f64() * pair(THREE).divergences[i + 1]).sum();
    assert_eq!(ChainTheory::of(&pair(THREE), 5).rate, Some(rate));
}

#[test]
fn independent_symbols_are_a_chain() {
    let (p, q) = ([0.2, 0.3, 0.5], [0.5, 0.25, 0.25]);
    let cumulants = crate::divergence::Cumulants::of(&crate::distribution::testing::pair(&p, &q));
    let spread = cumulants.spread.unwrap();
    let pair = pair([&p, &[p, p, p].concat(), &q, &[q, q, q].concat()]);
    for n in [1, 10, 1_000_000_000_000_000u64] {
        let (times, theory) = (n as f64, ChainTheory::of(&pair, n));
        let found = theory.spread.unwrap();
        assert_near(theory.mean / times / cumulants.mean, 1.0, 1e-14, "mean");
        assert_near(found.variance / times / spread.variance, 1.0, 1e-14, "variance");
        assert_near(found.third / times / spread.higher.unwrap().0, 1.0, 1e-12, "third");
        assert_near(found.fourth / times / spread.higher.unwrap().1, 1.0, 1e-12, "fourth");
    }
}

#[test]
fn the_largest_chain_is_quick() {
    let weights = |salt: usize| -> Vec<f64> {
        (0..MAX_STATES * MAX_STATES).map(|place| ((place * 31 + salt) % 97 + 1) as f64).collect()
    };
    let even = vec![1.0; MAX_STATES];
    let pair = pair([&even, &weights(5), &even, &weights(40)]);
    let started = std::time::Instant::now();
    let theory = ChainTheory::of(&pair, 1_000_000_000_000_000);
    println!("64 states, 1e15 symbols: theory {:?}", started.elapsed());
    assert_near(theory.mean / 1e15 / theory.rate.unwrap(), 1.0, 1e-13, "mean");
    assert_near(theory.spread.unwrap().variance / 1e15 / theory.asymptotic_variance.unwrap(), 1.0, 1e-13, "variance");
    let started = std::time::Instant::now();
    assert_near(pair.cumulant(1_000_000_000_000_000, -1.0).value / 1e15, 0.0, 1e-14, "martingale");
    println!("cumulant {:?}", started.elapsed());
}

#[test]
fn chains_that_do_not_match_are_refused() {
    let one = numbers(&[1.0]);
    let half = numbers(&[0.5; 4]);
    let of = |initial, transition| ChainLaw { initial, transition };
    let two = of(&half[..2], &half[..]);
    let found = |source, model| ChainPair::new(source, model).err().unwrap();
    assert_eq!(found(two, of(&one, &one)), ChainError::Sizes { source_states: 2, model_states: 1 });
    assert_eq!(found(two, of(&half[..2], &one)), ChainError::Shape { states: 2, found: 1 });
    assert_eq!(found(of(&[], &[]), two), ChainError::States { found: 0 });
}

/// The equations of its asymptotic variance are singular in doubles; the summary once had NaN there.
#[test]
fn states_that_hardly_leave_each_other_give_no_nan() {
    let rare = 1e-18;
    let theory = ChainTheory::of(&pair([&[0.5; 2], &[1.0, rare, rare, 1.0], &[0.5; 2], &[0.5; 4]]), 10);
    assert_eq!(theory.asymptotic_variance, None);
    assert!(theory.spread.unwrap().variance.is_finite());
}
