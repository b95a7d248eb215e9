//! The log ratio of one value: by a formula, as a linear form, or as a sum over many values.

mod closed_form;
mod discretised;
mod form;
mod points;

pub use closed_form::{ClosedForm, ClosedFormSource};
pub use discretised::Discretised;
pub(super) use discretised::mean_of_counts;
pub use form::{CountLaw, LogRatioForm};
pub use points::{Moment, Points, WeighedPoint};
