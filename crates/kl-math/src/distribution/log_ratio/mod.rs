//! The log ratio of one value: by a formula, and as a linear form.

mod closed_form;
mod form;

pub use closed_form::{ClosedForm, ClosedFormSource};
pub use form::{CountLaw, LogRatioForm};
