//! A picture as PDF.

use super::{ImageError, PIXELS_TO_AN_INCH};
use resvg::usvg::Tree;
use svg2pdf::{ConversionOptions, PageOptions, to_pdf};

pub(super) fn pdf(tree: &Tree) -> Result<Vec<u8>, ImageError> {
    let page = PageOptions { dpi: PIXELS_TO_AN_INCH };
    to_pdf(tree, ConversionOptions::default(), page).map_err(|error| ImageError::Pdf(error.to_string()))
}
