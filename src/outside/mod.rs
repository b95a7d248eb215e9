//! Untrusted input: files and texts from outside the program.

mod file;
mod name;
mod text;

pub use file::{MOST_AT_ONCE, Unfit, WithinLines, open_file, open_input, read_file, read_input, read_whole};
pub use name::{NameError, check_name};
pub use text::{for_terminal, json_text, pictured, printable, printable_lines, xml_text};
