//! Floor 2: from a group of conditions that share their sequences to summaries of the estimates.
//!
//! A [`Sampler`] fills batches, scorers turn them into estimates, summaries are merged along a fixed tree.

mod block;
mod control;
mod engine;
mod external;
mod field_hash;
mod job;
mod model;
mod path;
mod replay;
mod sampler;
mod stream;
mod timing;

pub use control::{Cancel, Meter};
pub use engine::{Engine, EngineError, GroupOutcome, Recording, Spell};
pub use external::{Answer, FailedTrial, Failure, Programs, Workshop};
pub use field_hash::FieldHash;
pub use job::{Cell, CellSummary, Compared, GroupSummary, Job};
pub use model::ModelSamples;
pub use path::{PATH_TRIALS, PathPoint, path_lengths};
pub use replay::{TrialPlace, replay};
pub use sampler::{
    Blocks, ChainBlocks, CountsBlocks, CountsTally, Portions, Sampler, SequenceBlocks, SumBlocks, Take, Tally, Trials,
    ValueBlocks,
};
pub use sampler::{exponential, normal};
pub use stream::{Role, STREAM_VERSION, Stream, StreamKey};
pub use timing::{Load, trial_time};
