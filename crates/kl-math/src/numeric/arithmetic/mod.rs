//! Sums, logarithms and products with more digits than a double has.

mod compensated;
mod decimal;
mod double_double;
mod precise_exp;
mod precise_log;

pub use compensated::{CompensatedSum, compensated};
pub use decimal::{shortest, shortest_real, write_shortest, write_shortest_real};
pub use double_double::DoubleDouble;
pub use precise_exp::precise_exp;
pub use precise_log::{precise_log, precise_log_or};
