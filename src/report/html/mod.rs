//! Pages that open from the disk and ask the network for nothing.

mod index;
mod page;

pub use index::index;
pub use page::page;

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// What a page leads to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Links<'a> {
    /// The index of several experiments, if there is one.
    pub index: Option<&'a str>,
    /// Whether the results' files lie beside the page.
    pub has_files: bool,
}

/// The look of every page, light and dark, on paper and on a telephone.
const STYLE: &str = include_str!("page.css");

/// A whole page around `body`.
fn document(title: &str, body: &Markup) -> String {
    let whole = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                // Nothing may be fetched, by whatever a question or a symbol says.
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:";
                meta name="generator" content=(concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")));
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the results" }
                (body)
            }
        }
    };
    whole.into_string() + "\n"
}

/// A path as a link spells it.
///
/// ```
/// use kl_runner::report::link_to;
/// assert_eq!(link_to("50 % (new)#2/größe.html"), "50%20%25%20%28new%29%232/größe.html");
/// ```
pub fn link_to(path: &str) -> String {
    let spelt = |c: char| match c {
        '.' | '-' | '_' | '/' | '~' => c.to_string(),
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => format!("%{:02X}", u32::from(c)),
        c => c.to_string(),
    };
    path.chars().map(spelt).collect()
}
