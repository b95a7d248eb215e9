//! Laws whose tails are right to 1e-10 of themselves, and p-values from them.

mod binomial;
mod counts;
mod gamma;
mod gauss_legendre;
mod negative_binomial;
mod normal;
mod p_value;
mod poisson;

pub use binomial::Binomial;
pub use gamma::Gamma;
pub use negative_binomial::NegativeBinomial;
pub use normal::Normal;
pub use poisson::Poisson;
