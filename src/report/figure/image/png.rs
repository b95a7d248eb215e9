//! A picture as PNG.

use super::{ImageError, PIXELS_TO_AN_INCH};
use png::{BitDepth, ColorType, Compression, Encoder, PixelDimensions, Unit};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::Tree;

/// What journals ask for, in pixels to an inch.
const RESOLUTION: f32 = 300.0;

/// The same in pixels to a metre.
const TO_A_METRE: u32 = 11_811;

pub(super) fn png(tree: &Tree) -> Result<Vec<u8>, ImageError> {
    let scale = RESOLUTION / PIXELS_TO_AN_INCH;
    let [width, height] = [tree.size().width(), tree.size().height()].map(|side| (side * scale).ceil() as u32);
    let mut pixels = Pixmap::new(width, height).ok_or(ImageError::Size { width, height })?;
    // The last row and column are painted whole.
    pixels.fill(Color::WHITE);
    resvg::render(tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    // Without transparency a picture takes less room, and every program shows it on white.
    let opaque: Vec<u8> = pixels.data().chunks_exact(4).flat_map(|pixel| pixel.iter().take(3)).copied().collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Default);
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: TO_A_METRE, yppu: TO_A_METRE, unit: Unit::Meter }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&opaque)?;
    writer.finish()?;
    Ok(file)
}
