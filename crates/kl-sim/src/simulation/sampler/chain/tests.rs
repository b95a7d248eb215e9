//! The draws of chains against their law, and against each other.

use super::tables::event;
use super::*;
use kl_math::numeric::DoubleDouble;

/// Initial probabilities and transitions, normalised.
struct Law {
    initial: Vec<DoubleDouble>,
    transition: Vec<DoubleDouble>,
}

impl Law {
    fn of(initial: &[f64], transition: &[f64]) -> Self {
        let normalised = |row: &[f64]| {
            let sum: DoubleDouble = row.iter().copied().map(DoubleDouble::from).sum();
            row.iter().map(|&weight| DoubleDouble::from(weight) / sum).collect::<Vec<_>>()
        };
        let transition = transition.chunks(initial.len()).flat_map(normalised).collect();
        Self { initial: normalised(initial), transition }
    }

    fn blocks(&self, n: u64) -> ChainBlocks {
        let stand_in = Distribution::of_weights(&[0.5, 0.5]).unwrap();
        let key = |role| StreamKey::new(57, role, ChainBlocks::NAME, n, &stand_in);
        let law = ChainLaw { initial: &self.initial, transition: &self.transition };
        ChainBlocks::new(law, n, key(Role::Source), key(Role::Refine))
    }
}

fn two() -> Law {
    Law::of(&[0.3, 0.7], &[0.9, 0.1, 0.4, 0.6])
}

/// Cycles of three, with no way to meet.
fn cycle() -> Law {
    Law::of(&[0.2, 0.3, 0.5], &[0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0])
}

fn sticky() -> Law {
    Law::of(&[0.5, 0.5], &[0.999, 0.001, 0.002, 0.998])
}

fn many(states: usize) -> Law {
    let weights = |salt: usize, count: usize| -> Vec<f64> {
        (0..count).map(|place| ((place * 31 + salt) % 97) as f64 + 0.5).collect()
    };
    Law::of(&weights(3, states), &weights(11, states * states))
}

fn laws() -> Vec<Law> {
    let half = Law::of(&[0.5, 0.5], &[0.5; 4]);
    let swapped = Law::of(&[0.25, 0.75], &[0.0, 1.0, 1.0, 0.0]);
    let closed = Law::of(&[1.0, 0.0], &[0.99, 0.01, 0.0, 1.0]);
    vec![two(), half, swapped, closed, cycle(), sticky(), many(4), many(8), many(10), many(64)]
}

/// Counts and symbols of the first trials of block 1, in batches of `together` and segments of `step`.
fn drawn(law: &Law, n: u64, trials: usize, together: usize, step: u64, detail: Detail) -> (Vec<Vec<u64>>, Vec<u32>) {
    let blocks = law.blocks(n);
    let mut sampler = blocks.sampler(1);
    let (mut counts, mut symbols) = (Vec::new(), Vec::new());
    while counts.len() < trials {
        let trials = if step < n { 1 } else { together.min(trials - counts.len()) };
        let first = counts.len();
        counts.resize(first + trials, vec![0; blocks.events()]);
        let mut start = 0;
        while start < n {
            let end = n.min(start + step);
            let drawn = sampler.draw(Segment { trials, start, end }, detail);
            for (total, more) in counts[first..].iter_mut().zip(drawn.counts()) {
                total.iter_mut().zip(more).for_each(|(total, more)| *total += more);
            }
            symbols.extend_from_slice(drawn.symbols());
            start = end;
        }
    }
    (counts, symbols)
}

/// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
#[test]
fn the_first_states_are_frozen() {
    let shown = |law: &Law, n: u64, trials: usize| {
        let (counts, symbols) = drawn(law, n, trials, trials, n, Detail::Sequence);
        let last = &symbols[symbols.len().saturating_sub(24)..];
        format!("{last:?} {:?}", &counts[0][..counts[0].len().min(12)])
    };
    let drawn = [shown(&two(), 8, 3), shown(&two(), 20_000, 1), shown(&many(10), 24, 1), shown(&many(64), 5_000, 1)];
    insta::assert_snapshot!(drawn.join("\n"), @"
    [0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0] [1, 0, 2, 2, 2, 1]
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0] [0, 1, 14307, 1605, 1606, 2481]
    [3, 2, 3, 7, 5, 9, 9, 5, 2, 4, 3, 4, 9, 5, 8, 7, 6, 8, 4, 9, 6, 8, 4, 0] [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    [19, 0, 49, 10, 38, 55, 56, 29, 36, 53, 2, 18, 14, 47, 54, 8, 18, 33, 12, 51, 48, 47, 20, 58] [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    ");
}

#[test]
fn counts_are_those_of_the_symbols() {
    for law in laws() {
        for n in [1, 2, 10, 4_096, 4_097, 4_111, 16_384, 16_385, 40_000] {
            let states = law.initial.len();
            let (counts, symbols) = drawn(&law, n, 3, 3, n, Detail::Sequence);
            for (counts, symbols) in counts.iter().zip(symbols.chunks_exact(n as usize)) {
                let mut expected = vec![0; counts.len()];
                let mut from = states;
                for &next in symbols {
                    expected[event(from, next as usize, states)] += 1;
                    from = next as usize;
                }
                assert_eq!(counts, &expected, "{states} {n}");
            }
            assert_eq!(symbols.len() as u64, 3 * n);
            assert_eq!(drawn(&law, n, 3, 3, n, Detail::Totals).0, counts);
        }
    }
}

#[test]
fn segments_and_batches_do_not_change_the_states() {
    for law in laws() {
        for n in [10, 300, 5_000, 20_001] {
            let whole = drawn(&law, n, 20, 20, n, Detail::Sequence);
            for (together, step) in [(1, n), (7, n), (1, 7), (1, 1_024), (1, 16_384)] {
                assert_eq!(drawn(&law, n, 20, together, step, Detail::Sequence), whole, "{n} {together} {step}");
            }
        }
    }
}

#[test]
fn what_has_no_mass_never_occurs() {
    for n in [10, 10_000] {
        let law = cycle();
        for counts in drawn(&law, n, 40, 40, n, Detail::Totals).0 {
            assert_eq!(counts.iter().sum::<u64>(), n);
            let steps = counts[3..].iter().zip(&law.transition);
            assert!(steps.into_iter().all(|(&count, &mass)| count == 0 || mass > DoubleDouble::ZERO));
        }
    }
}

/// χ² of the transitions out of each state against their law, and of the first states, fixed seed. A right sampler
/// exceeds a bound with chance 1e-9 (the rows are multinomial given how often each state is left, for long runs
/// nearly; Laurent & Massart 2000: χ²_k ≥ k + 2√(kx) + 2x with chance ≤ e^−x), and there are some 300 of them.
#[test]
fn a_million_states_follow_their_law() {
    for law in [two(), Law::of(&[0.5, 0.5], &[0.5; 4]), sticky(), many(3), many(10), many(64)] {
        for (n, trials) in [(10, 100_000), (1_000, 1_000), (20_000, 50)] {
            let states = law.initial.len();
            if states * trials > 1_000_000 {
                continue;
            }
            let mut totals = vec![0u64; states + states * states];
            for counts in drawn(&law, n, trials, 100, n, Detail::Totals).0 {
                totals.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
            }
            let rows = std::iter::once(&law.initial[..]).chain(law.transition.chunks(states));
            for (row, counts) in rows.zip(totals.chunks(states)) {
                let whole = counts.iter().sum::<u64>() as f64;
                let expected = row.iter().map(|mass| whole * mass.to_f64());
                let terms = counts.iter().zip(expected).map(|(&count, expected)| {
                    let distance = count as f64 - expected;
                    if expected > 0.0 { distance * distance / expected } else { 0.0 }
                });
                let chi_square: f64 = terms.sum();
                let (k, x) = ((states - 1) as f64, 20.7);
                assert!(chi_square < k + 2.0 * (k * x).sqrt() + 2.0 * x, "{states} {n}: {chi_square}");
            }
        }
    }
}

/// Pairs of transitions, too: what a path does after lanes have met must not depend on what it did before.
#[test]
fn three_states_in_a_row_follow_their_law() {
    let law = two();
    let (_, symbols) = drawn(&law, 1_000_000, 1, 1, 1_000_000, Detail::Sequence);
    let mut counts = [0.0f64; 8];
    symbols.windows(3).for_each(|w| counts[(4 * w[0] + 2 * w[1] + w[2]) as usize] += 1.0);
    for pair in 0..4 {
        let [first, second] = [counts[2 * pair], counts[2 * pair + 1]];
        let p = law.transition[2 * (pair % 2) + 1].to_f64();
        let whole = first + second;
        // Six standard deviations: 2e-9 each.
        assert!((second - whole * p).abs() < 6.0 * (whole * p * (1.0 - p)).sqrt(), "{pair}: {counts:?}");
    }
}
