//! What both benches measure.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, missing_docs)]

use kl_math::distribution::Distribution;
use kl_runner::experiment::{RunContext, carry_out, planned_sampling};
use kl_runner::experiment_file::{self, Source};
use kl_runner::plan::Plan;
use kl_sim::estimator::Detail;
use kl_sim::simulation::{Blocks, Cancel, CountsTally, Engine, Role, Segment, StreamKey, Tally};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::hint::black_box;
use std::ops::ControlFlow;

pub fn source(weights: &[f64]) -> Distribution {
    Distribution::of_weights(weights).unwrap()
}

/// A source by its name.
pub fn named(name: &str) -> Distribution {
    match name {
        "coin of one half" => source(&[0.5, 0.5]),
        "coin of 0.4" => source(&[0.4, 0.6]),
        "coin of 0.3" => source(&[0.3, 0.7]),
        "four symbols" => source(&[0.1, 0.2, 0.3, 0.4]),
        "six symbols" => source(&[0.1, 0.2, 0.3, 0.15, 0.05, 0.2]),
        "eight symbols" => uneven(8),
        "16 symbols" => uneven(16),
        "100 symbols" => uneven(100),
        "256 symbols" => uneven(256),
        "50,000 symbols" => uneven(50_000),
        _ => panic!("no source has the name {name}"),
    }
}

/// The k-th of `size` symbols has a probability that grows with k.
fn uneven(size: u32) -> Distribution {
    let sum = f64::from(size) * f64::from(size + 1) / 2.0;
    source(&(1..=size).map(|k| f64::from(k) / sum).collect::<Vec<_>>())
}

/// Fills `bytes` random bytes by the generator that our streams are like.
pub fn fill_plainly(bytes: u64) {
    let (mut generator, mut buffer) = (ChaCha8Rng::from_seed([1; 32]), [0; 8192]);
    for _ in 0..bytes / buffer.len() as u64 {
        generator.fill_bytes(black_box(&mut buffer));
    }
}

/// Fills `bytes` random bytes.
pub fn fill(bytes: u64) {
    let mut stream = StreamKey::new(1, Role::Source, "bench", 1, &source(&[0.5, 0.5])).stream(0);
    let mut left = bytes;
    while left > 0 {
        left -= black_box(stream.bytes(left)).len() as u64;
    }
}

/// Draws the totals of `trials` trials of `n` symbols, block after block.
pub fn draw(blocks: &dyn Blocks, n: u64, trials: u64) {
    draw_in(blocks, n, trials, Detail::Totals);
}

/// The same in every detail.
pub fn draw_in(blocks: &dyn Blocks, n: u64, trials: u64, detail: Detail) {
    let sizes = blocks.sizes();
    let mut left = trials;
    for block in 0.. {
        let mut sampler = blocks.sampler(block);
        let mut in_block = sizes.block.min(left);
        left -= in_block;
        while in_block > 0 {
            let together = sizes.batch.min(in_block);
            in_block -= together;
            black_box(sampler.draw(Segment::whole(together as usize, n), detail));
        }
        if left == 0 {
            return;
        }
    }
}

/// Draws a tally; how many count vectors occur.
pub fn tally(source: &Distribution, n: u64, trials: u64) -> usize {
    let mut vectors = 0;
    let _ = CountsTally::new(1, source, n).draw(trials, &mut |counts, _| {
        black_box(counts);
        vectors += 1;
        ControlFlow::Continue(())
    });
    vectors
}

/// A plan of N = 1,000 with one Q, or with two.
pub fn plan(weights: &str, models: &str, sampler: &str, trials: u64) -> Plan {
    let text = format!(
        "seed = 1\ntrials = {trials}\nN = 1_000\nsampler = \"{sampler}\"\nP = {weights}\n[grid]\nQ = [{models}]\n"
    );
    experiment_file::read(&Source { name: "bench.toml".into(), text }, "bench", &[]).unwrap()
}

/// Theory, simulation, histograms and comparison: all of a run but its files.
pub fn whole_job(plan: &Plan, engine: &Engine) {
    let run = RunContext { engine, cancel: &Cancel::default(), meter: &() };
    black_box(carry_out(plan, &planned_sampling, run, &mut ()).unwrap());
}
