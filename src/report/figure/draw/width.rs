//! The width that a picture is laid out for.

use crate::report::significant;
use std::str::FromStr;

/// The width of a picture in pixels. Letters have the same size at every width: a narrow picture has fewer panels in a row, not smaller
/// words.
///
/// ```
/// use kl_runner::report::figure::Width;
/// assert_eq!(Width::of_pixels(100.0), None);
/// assert_eq!(Width::of_points(7.0 * 72.0).map(Width::pixels), Some(756.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Width(f64);

impl Width {
    /// The width of a page on a desk.
    pub const WIDE: Self = Self(720.0);

    /// The width of a telephone.
    pub const NARROW: Self = Self(360.0);

    /// The narrowest width that axes and their names fit in.
    pub const LEAST: Self = Self(240.0);

    /// The widest.
    pub const MOST: Self = Self(2000.0);

    /// Pixels of a picture to a point of print (1/72 inch): ordinary words, of 12 pixels, are printed in 8 points.
    pub const TO_A_POINT: f64 = 1.5;

    /// Returns the width of so many pixels; none outside of the range from [`LEAST`](Self::LEAST) to [`MOST`](Self::MOST).
    pub fn of_pixels(pixels: f64) -> Option<Self> {
        (Self::LEAST.0..=Self::MOST.0).contains(&pixels).then_some(Self(pixels))
    }

    /// Returns the width of a picture that is printed so many points wide, where a point is 1/72 inch.
    pub fn of_points(points: f64) -> Option<Self> {
        Self::of_pixels(points * Self::TO_A_POINT)
    }

    /// The width in pixels.
    pub fn pixels(self) -> f64 {
        self.0
    }

    /// The width in points of print.
    pub fn points(self) -> f64 {
        self.0 / Self::TO_A_POINT
    }
}

/// Reads a number with its unit, such as `3.4in`, `8.6cm`, `86mm`, `229.5pt`, `245bp` or `720px`. A `pt` is a point of TeX, 1/72.27 inch, as
/// `\the\columnwidth` shows it; a `bp` is 1/72 inch.
///
/// ```
/// use kl_runner::report::figure::Width;
/// assert_eq!("245bp".parse::<Width>().unwrap().pixels(), 367.5);
/// assert_eq!("72.27pt".parse::<Width>(), "1in".parse::<Width>());
/// assert!("3.4".parse::<Width>().unwrap_err().to_string().contains("such as 3.4in"));
/// ```
impl FromStr for Width {
    type Err = WidthError;

    fn from_str(text: &str) -> Result<Self, WidthError> {
        const UNITS: [(&str, f64); 6] = [
            ("in", 72.0),
            ("cm", 72.0 / 2.54),
            ("mm", 72.0 / 25.4),
            ("pt", 72.0 / 72.27),
            ("bp", 1.0),
            ("px", 1.0 / Width::TO_A_POINT),
        ];
        let read = |(unit, points): (&str, f64)| {
            let number = text.trim().strip_suffix(unit)?.trim_end();
            Some(number.parse::<f64>().ok()? * points)
        };
        let points = UNITS.into_iter().find_map(read).ok_or(WidthError::Unreadable)?;
        Self::of_points(points).ok_or(WidthError::Size)
    }
}

/// Why a text is not a width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WidthError {
    /// It is not a number with a unit.
    #[error("a width is a number and a unit, such as 3.4in, 8.6cm, 86mm, 229.5pt or 720px")]
    Unreadable,
    /// It is too small or too large.
    #[error("a width is from {}in to {}in", inches(Width::LEAST), inches(Width::MOST))]
    Size,
}

fn inches(width: Width) -> String {
    significant(width.points() / 72.0, 3)
}

impl Default for Width {
    fn default() -> Self {
        Self::WIDE
    }
}
