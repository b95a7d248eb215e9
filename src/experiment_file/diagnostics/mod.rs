//! What is wrong with an experiment file, where, and how it is shown.

mod diagnostic;
mod located;
mod render;
mod report;
mod source;

pub use diagnostic::Diagnostics;
pub(crate) use diagnostic::{Diagnostic, Place};
pub use located::Located;
pub(crate) use report::Report;
pub use source::Source;
