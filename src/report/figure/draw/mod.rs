//! The tools that pictures are drawn with. They do not know results.

mod canvas;
mod labels;
mod legend;
mod paint;
mod panel;
mod scale;
mod text;
mod tick;
mod width;

pub(crate) use canvas::{Canvas, Point, without_head};
pub(crate) use labels::{Label, label_line_ends};
pub(crate) use legend::{Sign, legend};
pub(crate) use paint::{Anchor, Colour, Dash, Font, Mark};
pub(crate) use panel::{LEFT, Panel, range};
pub(crate) use scale::{Kind, Scale};
pub(crate) use text::{shortened, widest, width, wrapped};
pub use width::{Width, WidthError};
