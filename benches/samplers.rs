//! Each sampler and the whole job, with divan: `cargo bench --bench samplers`. Items are symbols for `sequence`, else trials.

#![allow(missing_docs, clippy::unwrap_used)]

mod cases;

use cases::named;
use divan::counter::{BytesCount, ItemsCount};
use kl_math::chain::ChainLaw;
use kl_math::numeric::DoubleDouble;
use kl_sim::simulation::{ChainBlocks, CountsBlocks, Engine, Role, SequenceBlocks, StreamKey};

fn main() {
    divan::main();
}

const SYMBOLS: u64 = 1 << 22;

#[divan::bench]
fn bytes_of_chacha8(bencher: divan::Bencher<'_, '_>) {
    bencher.counter(BytesCount::new(SYMBOLS)).bench(|| cases::fill(SYMBOLS));
}

#[divan::bench(args = ["coin of one half", "coin of 0.4", "six symbols", "256 symbols"])]
fn sequence(bencher: divan::Bencher<'_, '_>, name: &str) {
    let (source, n) = (named(name), 1_000);
    let blocks = SequenceBlocks::new(1, &source, n);
    bencher.counter(ItemsCount::new(SYMBOLS / n * n)).bench(|| cases::draw(&blocks, n, SYMBOLS / n));
}

/// For `chain` to be held against: as many independent symbols.
#[divan::bench(args = [(2, 10), (2, 1_000), (2, 1_000_000), (10, 10), (10, 1_000), (10, 1_000_000)])]
fn independent(bencher: divan::Bencher<'_, '_>, (states, n): (usize, u64)) {
    let blocks = SequenceBlocks::new(1, &cases::source(&uneven(states, 1)), n);
    bencher.counter(ItemsCount::new(SYMBOLS / n * n)).bench(|| cases::draw(&blocks, n, SYMBOLS / n));
}

#[divan::bench(args = [
    (2, 10), (2, 1_000), (2, 1_000_000), (10, 10), (10, 1_000), (10, 1_000_000), (64, 1_000), (64, 1_000_000)
])]
fn chain(bencher: divan::Bencher<'_, '_>, (states, n): (usize, u64)) {
    let weights = (0..=states).flat_map(|row| uneven(states, row)).map(DoubleDouble::from).collect::<Vec<_>>();
    let (initial, transition) = weights.split_at(states);
    let stand_in = cases::source(&[0.5, 0.5]);
    let key = |role| StreamKey::new(1, role, ChainBlocks::NAME, n, &stand_in);
    let blocks = ChainBlocks::new(ChainLaw { initial, transition }, n, key(Role::Source), key(Role::Refine));
    let trials = SYMBOLS / n;
    bencher.counter(ItemsCount::new(trials * n)).bench(|| cases::draw(&blocks, n, trials));
}

/// A chain that changes its state once in a thousand steps: the worst case but for periodic ones.
#[divan::bench(args = [1_000, 1_000_000])]
fn sticky_chain(bencher: divan::Bencher<'_, '_>, n: u64) {
    let [initial, transition] = [[0.5; 2].to_vec(), vec![0.999, 0.001, 0.001, 0.999]]
        .map(|weights| weights.into_iter().map(DoubleDouble::from).collect::<Vec<_>>());
    let stand_in = cases::source(&[0.5, 0.5]);
    let key = |role| StreamKey::new(1, role, ChainBlocks::NAME, n, &stand_in);
    let law = ChainLaw { initial: &initial, transition: &transition };
    let blocks = ChainBlocks::new(law, n, key(Role::Source), key(Role::Refine));
    let trials = SYMBOLS / n;
    bencher.counter(ItemsCount::new(trials * n)).bench(|| cases::draw(&blocks, n, trials));
}

/// Probabilities that differ from row to row.
fn uneven(states: usize, row: usize) -> Vec<f64> {
    let weights: Vec<f64> = (0..states).map(|place| ((place * 31 + row * 17) % 23 + 3) as f64).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

#[divan::bench(args = [10, 1_000, 100_000, 10_000_000, 1_000_000_000_000])]
fn counts_of_a_coin(bencher: divan::Bencher<'_, '_>, n: u64) {
    let blocks = CountsBlocks::new(1, &named("coin of 0.4"), n);
    bencher.counter(ItemsCount::new(1u64 << 18)).bench(|| cases::draw(&blocks, n, 1 << 18));
}

#[divan::bench(args = [10, 1_000, 100_000, 10_000_000])]
fn counts_of_six_symbols(bencher: divan::Bencher<'_, '_>, n: u64) {
    let blocks = CountsBlocks::new(1, &named("six symbols"), n);
    bencher.counter(ItemsCount::new(1u64 << 14)).bench(|| cases::draw(&blocks, n, 1 << 14));
}

#[divan::bench(args = [1_000_000, 1_000_000_000_000, 1_000_000_000_000_000])]
fn tally_of_a_coin(trials: u64) -> usize {
    cases::tally(&named("coin of 0.4"), 1_000, trials)
}

#[divan::bench(args = ["sequence", "counts", "tally"])]
fn whole_job_of_a_coin(bencher: divan::Bencher<'_, '_>, sampler: &str) {
    let (plan, engine) = (cases::plan("[0.4, 0.6]", "[0.5, 0.5]", sampler, 10_000), Engine::new(Some(1)).unwrap());
    bencher.counter(ItemsCount::new(10_000u64)).bench_local(|| cases::whole_job(&plan, &engine));
}
