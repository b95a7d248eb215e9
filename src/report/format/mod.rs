//! Formats of documents: Markdown, LaTeX, and reports between markers.

mod gallery;
mod latex;
mod markdown;
mod splice;

pub use gallery::{file_name as picture_file, gallery};
pub use latex::{Captioned, latex};
pub(super) use markdown::escaped;
pub use markdown::markdown;
pub use splice::{SpliceError, splice};
