//! What sampling costs beside the random bytes themselves, as ratios within one run.
//!
//! `cargo bench --bench samplers` prints the table; with `-- --readme` it also takes its place in the README.

#![allow(clippy::unwrap_used, missing_docs)]

use kl_runner::distribution::Distribution;
use kl_runner::estimator::{Batch, View};
use kl_runner::simulation::{Blocks, Role, SequenceBlocks, StreamKey};
use std::hint::black_box;
use std::time::Instant;

/// Symbols a measurement.
const SYMBOLS: u64 = 1 << 24;

/// Measurements of each kind, taken in turn: the quickest counts.
const ROUNDS: usize = 9;

fn source(weights: &[f64]) -> Distribution {
    Distribution::of_weights(weights).unwrap()
}

/// Seconds to fill as many bytes as there are symbols.
fn fill() -> f64 {
    let mut stream = StreamKey::new(1, Role::Source, "bench", 1, &source(&[0.5, 0.5])).stream(0);
    let start = Instant::now();
    let mut left = SYMBOLS;
    while left > 0 {
        left -= black_box(stream.bytes(left)).len() as u64;
    }
    start.elapsed().as_secs_f64()
}

/// Seconds to draw the counts of sequences of `n` symbols.
fn draw(source: &Distribution, n: u64) -> f64 {
    let blocks = SequenceBlocks::new(1, source, n);
    let mut sampler = blocks.sampler(0);
    let trials = ((1 << 16) / n).max(1);
    let alphabet = source.masses().alphabet().size();
    let mut batch = Batch { trials: trials as usize, start: 0, end: n, alphabet, ..Batch::default() };
    let start = Instant::now();
    for _ in 0..SYMBOLS / (trials * n) {
        sampler.fill(&mut batch, View::Counts);
        black_box(&batch.counts);
    }
    start.elapsed().as_secs_f64()
}

fn main() {
    let loaded = source(&[0.1, 0.2, 0.3, 0.15, 0.05, 0.2]);
    let many: Vec<f64> = (1..=256).map(|k| f64::from(k) / (128.0 * 257.0)).collect();
    let kinds = [
        ("coin of one half, N = 1,000", source(&[0.5, 0.5]), 1_000, 1.3),
        ("coin of 0.4, N = 1,000", source(&[0.4, 0.6]), 1_000, 1.3),
        ("coin of 0.4, N = 100,000", source(&[0.4, 0.6]), 100_000, 1.3),
        ("six symbols, N = 1,000", loaded, 1_000, 1.6),
        ("256 symbols, N = 1,000", source(&many), 1_000, 8.0),
    ];
    let mut best = vec![f64::INFINITY; kinds.len()];
    let mut bytes = f64::INFINITY;
    for _ in 0..ROUNDS {
        bytes = bytes.min(fill());
        for (best, (_, source, n, _)) in best.iter_mut().zip(&kinds) {
            *best = best.min(draw(source, *n));
        }
    }
    let nanoseconds = |seconds: f64| 1e9 * seconds / SYMBOLS as f64;
    let mut table = String::from("| one core | ns a symbol | of a byte of ChaCha8 | target |\n|---|---|---|---|\n");
    table.push_str(&format!("| a byte of ChaCha8 | {:.2} | 1.00 | |\n", nanoseconds(bytes)));
    for (best, (name, _, _, target)) in best.iter().zip(&kinds) {
        let row = format!("| {name} | {:.2} | {:.2} | {target} |\n", nanoseconds(*best), best / bytes);
        table.push_str(&row);
    }
    print!("{table}");
    if std::env::args().any(|argument| argument == "--readme") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
        let text = std::fs::read_to_string(path).unwrap();
        let (before, rest) = text.split_once("<!-- bench -->\n").unwrap();
        let (_, after) = rest.split_once("<!-- end of bench -->").unwrap();
        std::fs::write(path, format!("{before}<!-- bench -->\n{table}<!-- end of bench -->{after}")).unwrap();
    }
}
