//! The fonts: one in two weights that is part of the program, so that pictures are the same everywhere, and those of the machine for
//! letters that it lacks.

use resvg::usvg::fontdb::{Database, ID};
use resvg::usvg::{FontResolver, Options};
use std::sync::Arc;

const REGULAR: &[u8] = include_bytes!("fonts/DejaVuSansCondensed.ttf");
const BOLD: &[u8] = include_bytes!("fonts/DejaVuSansCondensed-Bold.ttf");

/// From this weight on letters are bold.
const IS_BOLD: u16 = 550;

/// The options that pictures are read with.
pub(super) fn options() -> Options<'static> {
    let mut fonts = Database::new();
    fonts.load_font_data(REGULAR.to_vec());
    fonts.load_font_data(BOLD.to_vec());
    let select_font = |font: &resvg::usvg::Font, fonts: &mut Arc<Database>| own(fonts, font.weight() >= IS_BOLD);
    let others = FontResolver::default_fallback_selector();
    let select_fallback = move |letter: char, used: &[ID], fonts: &mut Arc<Database>| {
        // The two of the program are there from the start.
        if fonts.len() <= 2 {
            Arc::make_mut(fonts).load_system_fonts();
        }
        others(letter, used, fonts)
    };
    let font_resolver = FontResolver { select_font: Box::new(select_font), select_fallback: Box::new(select_fallback) };
    Options { fontdb: Arc::new(fonts), font_resolver, ..Options::default() }
}

/// The program's own font.
fn own(fonts: &Database, is_bold: bool) -> Option<ID> {
    let mut faces = fonts.faces();
    let regular = faces.next()?;
    let bold = faces.next()?;
    Some(if is_bold { bold.id } else { regular.id })
}
