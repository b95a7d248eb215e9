//! The exact law of the estimate.

mod bins;
mod count_vectors;
mod finite;
mod listed;
mod multinomial;
mod sum;
mod tails;
mod unseen;
mod wrong_sign;

pub use bins::{Bin, Bins, MAX_BINS};
pub use count_vectors::count_vectors;
pub use finite::{Atom, Law, TwoValues, infinite_mass, infinite_mass_of_symbols};
pub use listed::ListedLaw;
pub use multinomial::Multinomial;
pub use sum::SumLaw;
pub use tails::{Binomial, Gamma, NegativeBinomial, Normal, Poisson};
pub use unseen::unseen_mass;
pub use wrong_sign::{Length, WrongSign, length_for};
