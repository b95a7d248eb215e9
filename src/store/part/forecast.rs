//! What a part of a run takes, worked out before it is begun.

use super::checkpoint::SPOOLED;
use super::segments::{SEGMENT, WAITING};
use crate::experiment::MOST_KEPT;
use crate::plan::{
    BlockRow, DETAILED_CONDITIONS, Group, PartForecast, PartNumber, Place, Plan, Record, group_cost,
    keeps_counts_alone, trial_cost,
};
use crate::record::predicted_size;
use kl_math::distribution::Pair;
use kl_math::law::MAX_BINS;
use kl_math::statistics::MAX_PAIRED_SYMBOLS;
use kl_sim::simulation::{BlockSizes, Estimation, EstimationSummary, ModelSamples, Trials, most_tally_places};
use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::Arc;

impl PartForecast {
    /// Of the blocks in `row`, whose samplers `sampling` makes, on so many threads.
    pub fn new(
        plan: &Plan,
        row: &BlockRow,
        of: NonZeroU32,
        threads: usize,
        sampling: impl Fn(&Plan, &Group) -> Trials,
    ) -> Self {
        let costs = || PartNumber::all(of).map(|number| row.cost(&row.part(number)));
        let total = row.cost(&(Place::default()..row.end())).max(1);
        let longest = costs().max().unwrap_or(total);
        let part = longest as f64 / total as f64;
        let is_empty = |number: &PartNumber| row.part(*number).is_empty();
        let empty = PartNumber::all(of).filter(is_empty).count();
        let groups = plan.groups();
        let (mut largest, mut saved) = (0, 0.0);
        for group in &groups {
            let drawn = sampling(plan, group);
            let (sizes, tables) = match &drawn {
                Trials::Each(blocks) => (blocks.sizes(), blocks.table_bytes()),
                Trials::Tallied(_) => (BlockSizes { block: group.trials, batch: 1 << 16, segment: group.n }, 0),
            };
            // No part has more of a group than this.
            let most =
                longest.div_ceil(u128::from(trial_cost(plan, group, &drawn))).saturating_add(u128::from(sizes.block));
            let most = u64::try_from(most).unwrap_or(u64::MAX).min(group.trials);
            let need = Need::of(plan, group, (sizes, tables), most, threads as u64);
            largest = need.memory.max(largest);
            let parts = group_cost(plan, group, &drawn) as f64 / total as f64 * f64::from(of.get());
            saved += need.saved as f64 * (parts + 1.0).min(f64::from(of.get())) / f64::from(of.get());
        }
        let rows = if plan.record == Record::Csv { predicted_size(plan) as f64 * part } else { 0.0 };
        let waiting = (rows as u64).min((WAITING + SEGMENT) as u64);
        let memory = [program(plan), largest, (saved as u64).min(SPOOLED as u64), waiting];
        Self {
            of,
            longest: part * f64::from(of.get()),
            empty: u32::try_from(empty).unwrap_or(u32::MAX),
            memory: memory.into_iter().fold(0, u64::saturating_add),
            files: (saved + rows) as u64,
        }
    }
}

/// The program itself with its plan: what each P and Q takes, and each condition.
fn program(plan: &Plan) -> u64 {
    const PROGRAM: u64 = 22 << 20;
    const CONDITION: u64 = 1 << 10;
    /// Probabilities, names and logarithms of a symbol.
    const SYMBOL: u64 = 256;
    let mut seen = HashSet::new();
    let pairs = plan.conditions.iter().filter_map(|condition| condition.pair());
    let symbols: u64 = pairs
        .filter(|pair| seen.insert(Arc::as_ptr(pair)))
        .map(|pair| pair.symbols().map_or(0, |symbols| symbols.symbols().len() as u64))
        .sum();
    PROGRAM + CONDITION * plan.conditions.len() as u64 + SYMBOL * symbols
}

/// What a group needs in a part.
#[derive(Clone, Copy, Debug, Default)]
struct Need {
    memory: u64,
    /// What a part file has of it.
    saved: u64,
}

impl Need {
    fn of(plan: &Plan, group: &Group, (sizes, tables): (BlockSizes, u64), trials: u64, threads: u64) -> Self {
        /// Bins with their masses, cuts and guide.
        const BINS: u64 = MAX_BINS as u64 * 48 + 4_096;
        /// Buffers of a thread, whatever it draws.
        const THREAD: u64 = 3 << 20;
        /// At most this many samples from Q are looked at; the others are taken to be like them.
        const SEEN: usize = 32;
        /// What is written of an estimation: numbers as varints, of which those of a histogram are short.
        const WRITTEN: u64 = 160;
        const WRITTEN_BIN: u64 = 3;
        let symbols = group.source.mass_function().probabilities().len() as u64;
        let (mut estimations, mut detailed, mut models) = (0, 0, HashSet::new());
        let (mut values, mut model_tables) = (0, 0);
        for &index in &group.conditions {
            let Some(condition) = plan.conditions.get(index) else { continue };
            let Some(pair) = condition.sampled_pair() else { continue };
            for (_, estimator) in plan.estimators_of(condition) {
                estimations += 1;
                detailed += u64::from(index < DETAILED_CONDITIONS);
                if let Some(m) = estimator.model_draws(group.n) {
                    if models.insert((Arc::as_ptr(pair), m)) && models.len() <= SEEN {
                        model_tables += ModelSamples::new(plan.seed.get(), pair, m).table_bytes();
                    }
                    values += width(pair) * (m + group.n);
                }
            }
        }
        let counts = counts(group, symbols, sizes.block);
        // In the nodes of the tree, and in those that are written.
        let (in_nodes, with_bins) =
            if keeps_counts_alone(plan, group, sizes.block) { (0, 0) } else { (estimations, detailed) };
        let bins = with_bins * MAX_BINS as u64;
        let node = counts + in_nodes * size_of::<EstimationSummary>() as u64 + 8 * bins;
        let blocks = trials.div_ceil(sizes.block.max(1));
        let levels = u64::from(u64::BITS - blocks.leading_zeros());
        // Two rounds of tasks, what is under way, and the tree.
        let nodes = (threads * 22 + 2 * levels).min(2 * blocks + threads + 1);
        let kept = kept(plan, group, estimations, trials);
        let job = estimations * (size_of::<Estimation<'_>>() as u64 + 512) + detailed * BINS;
        let batch = sizes.batch.min(trials).max(1);
        let thread = THREAD
            + batch.saturating_mul(8 * symbols)
            + estimations * (batch * 32).min(1 << 20).max(symbols * 24)
            + models.len() as u64 * ((64 << 10) + batch * symbols * 8)
            + values.saturating_mul(32).saturating_mul(batch.min(8));
        // What is kept is put down beside itself when it is saved.
        let saved = kept + counts / 3 + levels * (in_nodes * WRITTEN + WRITTEN_BIN * bins);
        let tables = tables + model_tables * (models.len().max(1).div_ceil(SEEN)) as u64;
        let memory = [nodes.saturating_mul(node), kept, saved, job, threads.saturating_mul(thread), tables];
        Self { memory: memory.into_iter().fold(0, u64::saturating_add), saved }
    }
}

/// The numbers of a value; none of a symbol.
fn width(pair: &Pair) -> u64 {
    pair.values().map_or(0, |values| values.width() as u64)
}

/// Sums of the counts of symbols and of their products, and the table of a coin's counts.
fn counts(group: &Group, symbols: u64, block: u64) -> u64 {
    let products = if symbols <= MAX_PAIRED_SYMBOLS as u64 { symbols * symbols.saturating_sub(1) / 2 } else { 0 };
    let places = if symbols == 2 { most_tally_places(block).min(group.n.saturating_add(1)) } else { 0 };
    24 * symbols + 16 * products + 8 * places
}

/// The estimates that are kept for their quantiles, and their standard errors if there are any.
fn kept(plan: &Plan, group: &Group, estimations: u64, trials: u64) -> u64 {
    if !plan.has_measures() || group.trials > MOST_KEPT as u64 / estimations.max(1) {
        return 0;
    }
    let has_errors = plan.level.is_some() && !group.source.mass_function().probabilities().is_empty();
    trials.saturating_mul(estimations * if has_errors { 16 } else { 8 })
}
