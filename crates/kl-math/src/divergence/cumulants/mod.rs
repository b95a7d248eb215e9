//! Cumulant generating functions: of a log ratio that is linear in known statistics, of finitely many values, of a chain.

mod bounded;
mod chain;
mod finite;
mod form;
mod function;
mod lattice;
mod variance_alone;

pub use bounded::Bounded;
pub use chain::ChainCumulants;
pub use finite::FiniteCumulants;
pub use form::FormCumulants;
pub use function::CumulantFunction;
pub use variance_alone::VarianceAlone;
