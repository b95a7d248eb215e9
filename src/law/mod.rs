//! Floor 0: the exact law of the estimate.

mod binomial;
mod bins;
mod count_vectors;
mod cumulant_function;
mod finite;
mod wrong_sign;

pub use binomial::Binomial;
pub use bins::{Bin, Bins, MAX_BINS};
pub use count_vectors::count_vectors;
pub use cumulant_function::CumulantFunction;
pub use finite::{Atom, Law, TwoValues, infinite_mass};
pub use wrong_sign::{Length, WrongSign, length_for};
