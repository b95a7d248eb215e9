//! Floor 0: measures of what was simulated, and bounds on how far it may stray.

mod count_sums;
mod count_tally;
mod detectable;
mod goodness;
mod histogram;
mod holm;
mod homogeneity;
mod interpolated;
mod intervals;
mod joint_moments;
mod moments;
mod performance;
mod sample;
mod squared_deviation;
mod summary;
mod tail_bound;

pub use crate::numeric::Unit;
pub use count_sums::{CountSums, MAX_PAIRED_SYMBOLS};
pub use count_tally::CountTally;
pub use detectable::detectable_bias;
pub use goodness::goodness_of_fit;
pub use histogram::Histogram;
pub use holm::holm;
pub use homogeneity::homogeneity;
pub use intervals::{IntervalCounts, IntervalTest, Intervals};
pub use joint_moments::{CentralMoments, JointMoments};
pub use moments::{Dispersion, Moments};
pub use performance::{Assessment, Measure, Spread, Study, precision_gain, precision_gain_mcse_if_normal};
pub use sample::{Estimates, RankedInterval, Sample};
pub use squared_deviation::SquaredDeviation;
pub use summary::{Summary, TreeMerge};
pub use tail_bound::two_sided_bound;
