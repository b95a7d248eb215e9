//! What most programs need: the families, pairs of them, divergences, and the exact law of an estimate.
//!
//! ```
//! use kl_math::prelude::*;
//! let found = kl(&Categorical::new([0.5, 0.25, 0.25])?, &Categorical::new([0.25, 0.25, 0.5])?)?;
//! assert_eq!(found.mean, 0.25 * std::f64::consts::LN_2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use crate::distribution::families::*;
pub use crate::distribution::{Number, Pair, PairError, ParameterErrors};
pub use crate::divergence::{Divergence, jeffreys, kl, kl_bits, reverse_kl};
pub use crate::law::Law;
pub use crate::numeric::Unit;
