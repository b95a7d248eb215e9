//! How long trials take.

use super::model::ModelSamples;
use super::sampler::Trials;
use crate::estimator::{Batch, Scorer, View};
use std::time::{Duration, Instant};

/// About how long it takes one thread to draw `trials` trials of sequences of `n` symbols over `alphabet` symbols, with the
/// samples from Q that go with them, and to score them, from a few of them. No result depends on it.
pub fn trial_time(
    sampling: &Trials,
    n: u64,
    alphabet: usize,
    trials: u64,
    models: &[ModelSamples],
    scorers: &mut [Box<dyn Scorer + '_>],
) -> Duration {
    /// Enough to tell milliseconds from hours.
    const TRIED: Duration = Duration::from_millis(5);
    let Trials::Each(blocks) = sampling else {
        // A tally takes no time that grows with the trials.
        return Duration::from_millis(1);
    };
    let view = scorers.iter().map(|scorer| scorer.view()).max().unwrap_or(View::Counts);
    let portions = blocks.portions();
    let (mut drawn, mut block, mut ended, start) = (0.0, 0, Vec::new(), Instant::now());
    while start.elapsed() < TRIED {
        let mut sampler = blocks.sampler(block);
        let (together, end) = (portions.batch.min(portions.block).max(1), n.min(portions.stretch));
        let mut batch = Batch { trials: together as usize, end, alphabet, ..Batch::default() };
        sampler.fill(&mut batch, view);
        // Of a stretch, the part of a sample that its time is of.
        let share = (together as f64 * end as f64 / n as f64).ceil() as usize;
        for model in models {
            let mut samples = model.sampler(block);
            samples.fill(share);
            std::mem::swap(&mut batch.model, samples.sample());
        }
        scorers.iter_mut().for_each(|scorer| scorer.score(&batch, &mut ended));
        ended.clear();
        drawn += together as f64 * end as f64 / n as f64;
        block += 1;
    }
    start.elapsed().mul_f64((trials as f64 / drawn).min(1e12))
}
