//! From a group of conditions that share their sequences to summaries of the estimates.
//!
//! A [`Sampler`] fills batches, scorers turn them into estimates, summaries are merged along a fixed tree.

mod block;
mod control;
mod engine;
mod field_hash;
mod job;
mod kernel;
mod model;
mod part;
mod path;
mod replay;
mod same_as;
mod sampler;
mod stream;
mod timing;
mod words;

pub use control::{Cancel, Meter};
pub use engine::{Encode, Engine, EngineError, GroupOutcome, Keeper, Simulation};
pub use field_hash::FieldHash;
pub use job::{Compared, Decides, Estimation, EstimationSummary, GroupSummary, Job, most_tally_places};
pub use model::{ModelSampler, ModelSamples};
pub use part::{GroupPart, SavedPart};
pub use path::{PATH_TRIALS, PathPoint, path_lengths};
pub use replay::{TrialPlace, replay};
pub use same_as::{DifferingTrial, Reference, TrialDifferences};
pub use sampler::{
    BlockSizes, Blocks, ChainBlocks, CountsBlocks, CountsTally, FamilySampler, Sampled, Sampler, SamplerKind, Segment,
    SequenceBlocks, SumBlocks, SymbolSampler, Take, Tally, Trials, ValueBlocks,
};
pub use sampler::{exponential, normal};
pub use stream::{Role, STREAM_VERSION, Stream, StreamKey};
pub use timing::{Load, trial_time};
