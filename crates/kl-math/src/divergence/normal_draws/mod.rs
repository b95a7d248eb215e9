//! What training code averages over draws of normal laws.

mod function;
mod laws;
mod moments;
mod panels;
mod pieces;
mod polynomial;
mod rule;
mod terms;

#[cfg(test)]
mod tests;

pub use function::NormalValues;
pub use laws::NormalLaws;
