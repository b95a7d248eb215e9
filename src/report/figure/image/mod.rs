//! Pictures as PDF and PNG, with fonts embedded, if the feature `images` is there.

#[cfg(feature = "images")]
mod fonts;
#[cfg(feature = "images")]
mod pdf;
#[cfg(feature = "images")]
mod png;

use super::frame::Figure;
#[cfg(feature = "images")]
use {super::draw::Width, resvg::usvg::Tree};

/// Why a picture could not be converted.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The program was built without the libraries for it.
    #[cfg(not(feature = "images"))]
    #[error("this program was built without pictures as {}", .0.extension())]
    Absent(PictureFormat),
    /// The SVG was not understood.
    #[cfg(feature = "images")]
    #[error("the picture could not be read as SVG")]
    Svg(#[from] resvg::usvg::Error),
    /// The PDF was not written.
    #[cfg(feature = "images")]
    #[error("the picture could not be written as PDF: {0}")]
    Pdf(String),
    /// There is no room for the pixels.
    #[cfg(feature = "images")]
    #[error("a picture of {width} × {height} pixels needs more memory than there is")]
    Size {
        /// The number of pixels in a row.
        width: u32,
        /// The number of rows.
        height: u32,
    },
    /// The PNG was not written.
    #[cfg(feature = "images")]
    #[error("the picture could not be written as PNG")]
    Png(#[from] ::png::EncodingError),
}

impl ImageError {
    /// The next step for the user.
    pub fn help(&self) -> &'static str {
        match self {
            #[cfg(not(feature = "images"))]
            Self::Absent(_) => {
                "build it with the feature `images`, as `cargo install` does by default, or take --format svg"
            }
            #[cfg(feature = "images")]
            _ => "--format svg needs no conversion",
        }
    }
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
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Pdf, Self::Png, Self::Svg];

    /// The format whose names end so.
    pub fn of_extension(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension() == ending)
    }

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
/// If there is no memory for the pixels, if a library fails on SVG that is not this program's, or if the feature `images` is not there.
pub fn converted(svg: &str, format: PictureFormat) -> Result<Vec<u8>, ImageError> {
    #[cfg(feature = "images")]
    let tree = || Tree::from_str(svg, &fonts::options());
    match format {
        PictureFormat::Svg => Ok(svg.as_bytes().to_vec()),
        #[cfg(feature = "images")]
        PictureFormat::Pdf => pdf::pdf(&tree()?),
        #[cfg(feature = "images")]
        PictureFormat::Png => png::png(&tree()?),
        #[cfg(not(feature = "images"))]
        PictureFormat::Pdf | PictureFormat::Png => Err(ImageError::Absent(format)),
    }
}

/// Pixels of a picture to an inch of print.
#[cfg(feature = "images")]
const PIXELS_TO_AN_INCH: f32 = 72.0 * Width::TO_A_POINT as f32;
