//! A picture on a page.

use crate::report::figure::{Figure, ScreenFigure};
use maud::{Markup, PreEscaped, html};

/// A picture with its caption: the wide drawing on a desk and on paper, the narrow one on a telephone. Only one of them is there for
/// readers of any kind.
pub(super) fn picture(figure: &ScreenFigure) -> Markup {
    let ScreenFigure { wide, narrow } = figure;
    let is_same = wide.caption == narrow.caption;
    html! {
        figure id={ "picture-" (wide.name) } {
            (drawing(wide, "wide"))
            @if !is_same { figcaption.wide { (wide.caption) } }
            (drawing(narrow, "narrow"))
            @if is_same { figcaption { (wide.caption) } } @else { figcaption.narrow { (narrow.caption) } }
        }
    }
}

fn drawing(figure: &Figure, class: &str) -> Markup {
    html! {
        div class={ "picture " (class) } tabindex="0" role="group" aria-label={ "Picture: " (figure.title) } { (PreEscaped(&figure.svg)) }
    }
}
