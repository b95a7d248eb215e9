//! Floor 0: measures of what was simulated, and bounds on how far it may stray.

mod unit;

pub use unit::Unit;
