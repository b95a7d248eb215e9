//! How the trials of a group are divided.

/// A block has about this many symbols, or takes as long.
const BLOCK_SYMBOLS: u64 = 1 << 18;

/// A batch has at most this many symbols, or takes as long: between two batches a run can be interrupted.
const BATCH_SYMBOLS: u64 = 1 << 16;

/// The sizes of blocks and batches: a matter of the sampler, N and P, never of how many trials are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockSizes {
    /// Trials a block: a power of two. Block b reads the streams number b.
    pub block: u64,
    /// Trials a batch.
    pub batch: u64,
    /// The symbols of a segment: a longer sequence comes in several.
    pub segment: u64,
}

impl BlockSizes {
    /// About how long a block usually takes, in picoseconds.
    pub(super) const USUAL_COST: u128 = BLOCK_SYMBOLS as u128 * 500;

    /// For sequences of `n` symbols, each drawn.
    ///
    /// ```
    /// use kl_sim::simulation::BlockSizes;
    /// assert_eq!([10, 10_000, 1_000_000_000_000].map(|n| BlockSizes::of_sequences(n).block), [4096, 16, 1]);
    /// ```
    pub fn of_sequences(n: u64) -> Self {
        /// Short sequences, too, cost a little.
        const LEAST: u64 = 64;
        let block = 1 << (BLOCK_SYMBOLS / n.max(LEAST)).max(1).ilog2();
        Self { block, batch: (BATCH_SYMBOLS / n.max(1)).max(1), segment: BATCH_SYMBOLS }
    }

    /// For sequences of `n` values of `width` numbers, each drawn.
    pub(super) fn of_values(n: u64, width: usize) -> Self {
        /// Numbers that a batch holds.
        const NUMBERS: u64 = 1 << 17;
        let most = (NUMBERS / width.max(1) as u64).clamp(1, BATCH_SYMBOLS);
        Self { batch: (most / n.max(1)).max(1), segment: most, ..Self::of_sequences(n) }
    }

    /// For trials that are drawn whole, each in the time of `cost` symbols, over an alphabet of `size` symbols.
    pub(super) fn of_trials(n: u64, cost: u64, size: usize) -> Self {
        /// Counts that a batch holds.
        const COUNTS: u64 = 1 << 11;
        let block = 1 << (BLOCK_SYMBOLS / cost.max(1)).max(1).ilog2();
        let batch = (BATCH_SYMBOLS / cost.max(1)).min(COUNTS / size.max(1) as u64).max(1);
        Self { block, batch, segment: n }
    }
}
