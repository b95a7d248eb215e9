//! A picture for every screen: one for desks, and one for telephones.

use super::draw::Width;
use super::frame::Figure;

/// The same picture in two widths, of which a page shows the one that fits.
#[derive(Clone, Debug, PartialEq)]
pub struct ScreenFigure {
    /// The picture for desks.
    pub wide: Figure,
    /// The picture for telephones.
    pub narrow: Figure,
}

/// Draws pictures in both widths.
pub fn for_screens(draw: impl Fn(Width) -> Vec<Figure>) -> Vec<ScreenFigure> {
    let pairs = draw(Width::WIDE).into_iter().zip(draw(Width::NARROW));
    pairs.map(|(wide, narrow)| ScreenFigure { wide, narrow }).collect()
}
