//! Pages that open from the disk and load nothing from the network.

mod document;
mod index;
mod link;
mod page;
mod script;
mod sort_key;
mod trials_page;
mod wide_table;

pub use index::{IndexEntry, index};
pub use link::link_to;
pub use page::{Links, page};
pub use trials_page::trials_page;
