//! Pictures as PDF and PNG, with fonts embedded.

mod fonts;
mod pdf;
mod png;

use super::draw::Width;
use super::frame::Figure;
use resvg::usvg::Tree;

/// Why a picture could not be converted.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The SVG was not understood.
    #[error("the picture could not be read as SVG")]
    Svg(#[from] resvg::usvg::Error),
    /// The PDF was not written.
    #[error("the picture could not be written as PDF: {0}")]
    Pdf(String),
    /// There is no room for the pixels.
    #[error("a picture of {width} × {height} pixels needs more memory than there is")]
    Size {
        /// The number of pixels in a row.
        width: u32,
        /// The number of rows.
        height: u32,
    },
    /// The PNG was not written.
    #[error("the picture could not be written as PNG")]
    Png(#[from] ::png::EncodingError),
}

/// What a picture is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// For papers.
    Pdf,
    /// For programs that know pixels only.
    Png,
    /// For the web and for editing.
    Svg,
}

impl PictureFormat {
    /// How names of its files end, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }
}

impl Figure {
    /// Returns the file of this format.
    ///
    /// # Errors
    ///
    /// Those of [`converted`].
    pub fn file(&self, format: PictureFormat) -> Result<Vec<u8>, ImageError> {
        converted(&self.svg, format)
    }
}

/// Returns the file of this format of a picture that is given as SVG. A PDF has lines and letters, no pixels, with the letters' fonts
/// embedded; it is as wide as the [`Width`] of the picture, so that words are printed in 8 points. A PNG has 300 pixels to an inch.
///
/// # Errors
///
/// If there is no memory for the pixels, or if a library fails on SVG that is not this program's.
pub fn converted(svg: &str, format: PictureFormat) -> Result<Vec<u8>, ImageError> {
    let tree = || Tree::from_str(svg, &fonts::options());
    match format {
        PictureFormat::Pdf => pdf::pdf(&tree()?),
        PictureFormat::Png => png::png(&tree()?),
        PictureFormat::Svg => Ok(svg.as_bytes().to_vec()),
    }
}

/// Pixels of a picture to an inch of print.
const PIXELS_TO_AN_INCH: f32 = 72.0 * Width::TO_A_POINT as f32;
