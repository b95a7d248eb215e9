//! Measures of what was simulated, and bounds on how far it may stray.

mod inference;
mod performance;
mod summaries;

pub use crate::numeric::Unit;
pub use inference::{
    DivergenceSpread, Evidence, EvidenceError, FEWEST_TERMS, SquaredDeviation, TailMethod, VarianceBound, check_priors,
    chi_square_p_value, compare_models, detectable_bias, goodness_of_fit, holm, homogeneity, saddlepoint_masses,
    student_p_value, student_quantile, two_sided_bound, two_sided_p_value,
};
pub use performance::{Assessment, Measure, Spread, Study, precision_gain, precision_gain_mcse_if_normal};
pub use summaries::{
    CentralMoments, CentralSums, CountSums, CountTally, Decisions, Dispersion, Estimates, Histogram, IntervalCounts,
    IntervalTest, Intervals, JointMoments, MAX_PAIRED_SYMBOLS, Moments, Node, RankedInterval, Restore, Sample, Summary,
    TreeMerge, each_occurring, restore_option,
};
