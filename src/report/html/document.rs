//! The frame of every page.

use super::script::{SCRIPT, policy};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The style of every page: light and dark, in print and on small screens.
const STYLE: &str = concat!(include_str!("page.css"), include_str!("tables.css"));

/// Returns a whole page around `body`.
pub(super) fn document(title: &str, body: &Markup) -> String {
    let whole = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="generator" content=(concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")));
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the results" }
                (body)
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    whole.into_string() + "\n"
}
