//! Each sampler and the whole job, with divan: `cargo bench --bench samplers`. Items are symbols for `sequence`, else trials.

#![allow(missing_docs, clippy::unwrap_used)]

mod cases;

use cases::named;
use divan::counter::{BytesCount, ItemsCount};
use kl_runner::simulation::{CountsBlocks, Engine, SequenceBlocks};

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
    let size = source.masses().alphabet().size();
    bencher.counter(ItemsCount::new(SYMBOLS / n * n)).bench(|| cases::draw(&blocks, size, n, SYMBOLS / n));
}

#[divan::bench(args = [10, 1_000, 100_000, 10_000_000, 1_000_000_000_000])]
fn counts_of_a_coin(bencher: divan::Bencher<'_, '_>, n: u64) {
    let blocks = CountsBlocks::new(1, &named("coin of 0.4"), n);
    bencher.counter(ItemsCount::new(1u64 << 18)).bench(|| cases::draw(&blocks, 2, n, 1 << 18));
}

#[divan::bench(args = [10, 1_000, 100_000, 10_000_000])]
fn counts_of_six_symbols(bencher: divan::Bencher<'_, '_>, n: u64) {
    let blocks = CountsBlocks::new(1, &named("six symbols"), n);
    bencher.counter(ItemsCount::new(1u64 << 14)).bench(|| cases::draw(&blocks, 6, n, 1 << 14));
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
