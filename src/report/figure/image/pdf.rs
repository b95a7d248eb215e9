//! A picture as PDF.

use super::{ImageError, PIXELS_TO_AN_INCH};
use resvg::usvg::Tree;
use svg2pdf::{ConversionOptions, PageOptions, to_pdf};

/// How often the library is asked. Two fonts are in order at least one time in eight.
const ATTEMPTS: usize = 200;

/// Converts a picture. The library numbers and lists fonts in the order of a hash table, which differs each time: it is asked again until
/// they are in order, so that the same picture is the same bytes. With the two fonts of the program this fails once in 10¹¹ pictures.
pub(super) fn pdf(tree: &Tree) -> Result<Vec<u8>, ImageError> {
    let page = || PageOptions { dpi: PIXELS_TO_AN_INCH };
    let convert =
        || to_pdf(tree, ConversionOptions::default(), page()).map_err(|error| ImageError::Pdf(error.to_string()));
    let mut pdf = convert()?;
    for _ in 1..ATTEMPTS {
        if has_fonts_in_order(&pdf) {
            break;
        }
        pdf = convert()?;
    }
    Ok(pdf)
}

/// Whether the fonts, such as `/fo0 1 0 R`, are listed by rising names and numbers, and written in that order.
fn has_fonts_in_order(pdf: &[u8]) -> bool {
    const NAME: &[u8] = b"/fo";
    let number = |bytes: &[u8]| -> Option<u32> {
        let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
        std::str::from_utf8(bytes.get(..digits)?).ok()?.parse().ok()
    };
    let listed = pdf.windows(NAME.len()).enumerate().filter(|(_, name)| *name == NAME).filter_map(|(place, _)| {
        let rest = pdf.get(place + NAME.len()..)?;
        let name = number(rest)?;
        let space = rest.iter().position(|&byte| byte == b' ')?;
        Some((name, number(rest.get(space + 1..)?)?))
    });
    let listed: Vec<(u32, u32)> = listed.collect();
    let written = listed.iter().map(|(_, reference)| {
        let head = format!("\n{reference} 0 obj");
        pdf.windows(head.len()).position(|part| part == head.as_bytes())
    });
    listed.is_sorted_by(|one, next| one.0 < next.0 && one.1 < next.1) && written.is_sorted()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_are_in_order_if_names_and_numbers_rise() {
        let listed = |text: &str| has_fonts_in_order(text.as_bytes());
        assert!(listed("/Font << /fo0 1 0 R >>") && listed("/fo0 1 0 R\n /fo1 2 0 R") && listed(""));
        assert!(!listed("/fo0 1 0 R\n /fo1 2 0 R\n2 0 obj\n1 0 obj"));
        assert!(!listed("/fo1 2 0 R\n /fo0 1 0 R") && !listed("/fo0 2 0 R /fo1 1 0 R"));
    }
}
