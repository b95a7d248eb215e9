//! Pages that open from the disk and load nothing from the network.

mod document;
mod index;
mod link;
mod page;
mod picture;
mod trials_page;

pub use index::index;
pub use link::link_to;
pub use page::{Choice, Links, PageParts, page};
pub use trials_page::trials_page;
