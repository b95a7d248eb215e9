//! KL(P‖Q) from given data: estimates with what is known of their errors.

mod counts;
mod estimate;
mod log_ratios;
mod nearest;
mod resampled;
mod tokens;

pub use counts::{CountData, CountStudy, EqualityTest, estimate_counts};
pub use estimate::{DataEstimate, ErrorMethod, Lack, Resampling};
pub use log_ratios::estimate_log_ratios;
pub use nearest::{ModelValues, NearestData, estimate_nearest};
pub use tokens::{Level, TokenData, TokenEstimate, TokenStudy, Weighting, estimate_tokens};
