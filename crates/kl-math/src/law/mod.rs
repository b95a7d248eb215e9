//! The exact law of the estimate.

mod bins;
mod count_vectors;
mod finite;
mod listed;
mod multinomial;
mod sign_error;
mod sum;
mod tails;
mod unseen;

pub use bins::{Bin, Bins, MAX_BINS};
pub use count_vectors::count_vectors;
pub use finite::{Atom, Law, TwoValues, at_least_once, infinite_mass, infinite_mass_of_symbols};
pub use listed::ListedLaw;
pub use multinomial::Multinomial;
pub use sign_error::{Length, SignError, length_for};
pub use sum::SumLaw;
pub use tails::{Binomial, Gamma, NegativeBinomial, Normal, Poisson};
pub use unseen::unseen_mass;
