//! One point of the grid.

use crate::distribution::Pair;
use std::sync::Arc;

/// A pair, a length, and how often to try.
#[derive(Clone, Debug)]
pub struct Condition {
    /// P and Q; conditions with the same two share them.
    pub pair: Arc<Pair>,
    /// N, the symbols of a sequence: 1 to [`MAX_LENGTH`](super::MAX_LENGTH).
    pub n: u64,
    /// How many sequences: 1 to [`MAX_TRIALS`](super::MAX_TRIALS).
    pub trials: u64,
    /// What this condition sets each of [`Plan::setting_names`](super::Plan::setting_names) to.
    pub settings: Vec<String>,
}
