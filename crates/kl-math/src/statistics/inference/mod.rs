//! How far a simulated value may be from what is expected.

mod detectable;
mod divergence_interval;
mod evidence;
mod goodness;
mod holm;
mod homogeneity;
mod interpolated;
mod saddlepoint;
mod squared_deviation;
mod student;
mod tail_bound;
mod variance_bound;

pub use detectable::detectable_bias;
pub use divergence_interval::{DivergenceSpread, chi_square_p_value};
pub use evidence::{Evidence, EvidenceError, check_priors, compare_models};
pub use goodness::goodness_of_fit;
pub use holm::holm;
pub use homogeneity::homogeneity;
pub use saddlepoint::{FEWEST_TERMS, TailMethod, saddlepoint_masses, two_sided_p_value};
pub use squared_deviation::SquaredDeviation;
pub use student::{student_p_value, student_quantile};
pub use tail_bound::two_sided_bound;
pub use variance_bound::VarianceBound;
