//! Measures of what was simulated, and bounds on how far it may stray.

mod inference;
mod performance;
mod summaries;

pub use crate::numeric::Unit;
pub use inference::{
    SquaredDeviation, VarianceBound, detectable_bias, goodness_of_fit, holm, homogeneity, student_p_value,
    two_sided_bound,
};
pub use performance::{Assessment, Measure, Spread, Study, precision_gain, precision_gain_mcse_if_normal};
pub use summaries::{
    CentralMoments, CentralSums, CountSums, CountTally, Dispersion, Estimates, Histogram, IntervalCounts, IntervalTest,
    Intervals, JointMoments, MAX_PAIRED_SYMBOLS, Moments, RankedInterval, Sample, Summary, TreeMerge,
};
