//! Parameters: as written, as declared by a family, and what can be wrong with them.

mod declaration;
mod domain;
mod fault;
mod given;
mod number;
mod probability;
mod written;

pub use declaration::{Declaration, Example, Form, Need, Sample};
pub use domain::Domain;
pub use fault::{CovarianceFault, Expected, Fault, Length, ParameterError, ParameterErrors};
pub use given::Given;
pub use number::{FractionError, Number};
pub use probability::Probability;
pub(super) use probability::normalised;
pub use written::{Kind, Parameter, Step};
