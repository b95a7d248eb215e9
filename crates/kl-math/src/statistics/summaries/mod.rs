//! What is kept of simulated values: each summary can be merged with another of its kind.

mod central_sums;
mod count_sums;
mod count_tally;
mod decisions;
mod doubles;
mod histogram;
mod intervals;
mod joint_moments;
mod moments;
mod occurring;
mod sample;
mod sparse;
mod summary;

pub use central_sums::CentralSums;
pub use count_sums::{CountSums, MAX_PAIRED_SYMBOLS};
pub use count_tally::CountTally;
pub use decisions::Decisions;
pub use histogram::Histogram;
pub use intervals::{IntervalCounts, IntervalTest, Intervals};
pub use joint_moments::{CentralMoments, JointMoments};
pub use moments::{Dispersion, Moments};
pub use occurring::each_occurring;
pub use sample::{Estimates, RankedInterval, Sample};
pub use summary::{Node, Restore, Summary, TreeMerge, restore_option};

#[cfg(test)]
mod tests;
