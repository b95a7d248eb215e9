//! How long trials take.

use super::model::ModelSamples;
use super::sampler::{Segment, Trials};
use crate::estimator::{Batch, Scorer, View};
use std::time::{Duration, Instant};

/// What is done with the trials of a group, or a part of it that stands for all.
pub struct Load<'a, 's> {
    /// Samples from Q that go with the trials.
    pub models: &'a [ModelSamples],
    /// How many there are in all.
    pub all_models: usize,
    /// What scores the trials.
    pub scorers: &'a mut [Box<dyn Scorer + 's>],
    /// How many there are in all.
    pub all_scorers: usize,
}

/// About how long it takes one thread to draw `trials` trials of sequences of `n` symbols, with the
/// samples from Q that go with them, and to score them, from a few of them. No result depends on it.
pub fn trial_time(sampling: &Trials, n: u64, trials: u64, load: Load<'_, '_>) -> Duration {
    /// Enough to tell milliseconds from hours.
    const TRIED: Duration = Duration::from_millis(5);
    let Trials::Each(blocks) = sampling else {
        // A tally takes no time that grows with the trials.
        return Duration::from_millis(1);
    };
    let detail = load.scorers.iter().map(|scorer| scorer.detail()).max().unwrap_or_default();
    let sizes = blocks.sizes();
    let (mut drawn, mut block, mut ended, start) = (0.0, 0, Vec::new(), Instant::now());
    let (mut of_models, mut of_scorers) = (Duration::ZERO, Duration::ZERO);
    while start.elapsed() < TRIED {
        let mut sampler = blocks.sampler(block);
        let most = sizes.batch.min(sizes.block).min(trials).max(1);
        let (together, end) = (most, n.min(sizes.segment));
        let segment = Segment { trials: together as usize, start: 0, end };
        let view = sampler.draw(segment, detail);
        // The part of the samples whose time belongs to the segment.
        let share = (together as f64 * end as f64 / n as f64).ceil() as usize;
        let before_models = Instant::now();
        let mut samplers: Vec<_> = load.models.iter().map(|model| model.sampler(block)).collect();
        let models: Vec<View<'_>> = samplers.iter_mut().map(|model| model.draw(share)).collect();
        let batch = Batch { trials: segment.trials, first: 0, start: 0, end, view, model: models.last().copied() };
        let before_scorers = Instant::now();
        for scorer in load.scorers.iter_mut() {
            scorer.score(&batch, &mut ended);
            // What many estimators say of a batch is more than should be kept.
            ended.clear();
        }
        of_models += before_scorers - before_models;
        of_scorers += before_scorers.elapsed();
        drawn += together as f64 * end as f64 / n as f64;
        block += 1;
    }
    let share = |all: usize, tried: usize| (all as f64 / tried.max(1) as f64).max(1.0);
    let rest = start.elapsed().saturating_sub(of_models + of_scorers);
    let whole = rest
        + of_models.mul_f64(share(load.all_models, load.models.len()))
        + of_scorers.mul_f64(share(load.all_scorers, load.scorers.len()));
    whole.mul_f64((trials as f64 / drawn).min(1e12))
}
