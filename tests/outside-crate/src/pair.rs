//! A pair of distributions, and draws from one.

use kl_math::divergence::Cumulants;
use kl_sim::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use std::error::Error;

pub fn show() -> Result<(), Box<dyn Error>> {
    let (p, q) = (Normal::new(0.0, 1.0)?, Normal::new(1.0, 2.0)?);
    let known = Cumulants::of(&Pair::of(p.clone(), q)?);
    println!("KL(P‖Q) = {} nats, variance {}", known.mean, known.spread.ok_or("infinite")?.variance);
    let sum: f64 = p.sampler().sample_iter(StdRng::seed_from_u64(57)).take(1_000).sum();
    println!("mean of 1,000 draws: {}", sum / 1_000.0);
    Ok(())
}
