//! The running estimate along a sequence.

use serde::{Deserialize, Serialize};

/// The number of trials whose path is kept.
pub const PATH_TRIALS: u64 = 8;

/// The largest number of points of a path.
const PATH_POINTS: u32 = 200;

/// The estimate from the first `length` symbols of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathPoint {
    /// Which of the group's estimations it belongs to.
    pub estimation: usize,
    /// The trial, counted from 0.
    pub trial: u64,
    /// How many symbols were seen.
    pub length: u64,
    /// The estimate, nats per symbol.
    pub estimate: f64,
}

/// The lengths at which the running estimate of `n` symbols is kept: 1 … `n`, evenly spaced in their logarithm.
///
/// ```
/// use kl_sim::simulation::path_lengths;
/// assert_eq!(path_lengths(3), [1, 2, 3]);
/// let lengths = path_lengths(1_000_000_000_000);
/// assert!(lengths.len() <= 200 && lengths.last() == Some(&1_000_000_000_000));
/// ```
pub fn path_lengths(n: u64) -> Vec<u64> {
    let last = PATH_POINTS - 1;
    let at = |step: u32| libm::pow(n as f64, f64::from(step) / f64::from(last)).round() as u64;
    let mut lengths: Vec<u64> = (0..last).map(at).filter(|&length| length < n).collect();
    lengths.push(n);
    lengths.dedup();
    lengths
}
