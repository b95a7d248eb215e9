//! The few loops that are worth a machine's own vectors. What they make is the same without.

#[cfg(target_arch = "x86_64")]
mod x86;

mod chacha;
mod chains;
mod tosses;

pub(super) use chacha::ChaCha8;
pub(super) use chains::{Ends, LANES, MOST_STEPS, Row, Walk, step_lanes};
pub(super) use tosses::{Reading, SLACK, ones_each, widen, widen_each};
