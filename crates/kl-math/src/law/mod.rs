//! Floor 0: the exact law of the estimate.

mod binomial;
mod bins;
mod count_vectors;
mod counts;
mod finite;
mod gamma;
mod listed;
mod multinomial;
mod negative_binomial;
mod normal;
mod p_value;
mod panels;
mod poisson;
mod sum;
mod unseen;
mod wrong_sign;

pub use binomial::Binomial;
pub use bins::{Bin, Bins, MAX_BINS};
pub use count_vectors::count_vectors;
pub use finite::{Atom, Law, TwoValues, infinite_mass, infinite_mass_of_symbols};
pub use gamma::Gamma;
pub use listed::ListedLaw;
pub use multinomial::Multinomial;
pub use negative_binomial::NegativeBinomial;
pub use normal::Normal;
pub use poisson::Poisson;
pub use sum::SumLaw;
pub use unseen::unseen_mass;
pub use wrong_sign::{Length, WrongSign, length_for};
