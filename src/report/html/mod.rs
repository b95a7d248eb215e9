//! Pages that open from the disk and load nothing from the network.

mod document;
mod index;
mod link;
mod page;
mod picture;
mod script;
mod sort_key;
mod trials_page;
mod wide_table;

pub use index::{IndexEntry, index};
pub use link::link_to;
pub use page::{Choice, Links, PageParts, page};
pub use trials_page::trials_page;
