//! The page of several experiments.

use super::document::document;
use super::page::badge;
use crate::record::{Rows, SavedResults};
use crate::report::figure::Figure;
use crate::report::finding::sentence;
use crate::report::grouped;
use maud::{PreEscaped, html};

/// Returns a page of several experiments, each with a link to its own page and its first picture.
pub fn index(experiments: &[(SavedResults, String, Option<Figure>)]) -> String {
    let body = html! {
        header { h1 { "Experiments" } }
        main id="main" {
            p { (grouped(experiments.len() as u64)) " experiments: estimates of KL(P‖Q) beside exact theory." }
            @for (results, link, figure) in experiments {
                article {
                    h2 { a href=(link) { (results.overview.experiment) } }
                    @if let Some(question) = &results.overview.question { p.question { (question) } }
                    p { (badge(&results.rows)) " " (sentence(&results.overview, Rows::Saved(&results.rows))) }
                    @if let Some(figure) = figure { figure {
                        div.picture tabindex="0" role="group" aria-label={ "Picture: " (figure.title) } { (PreEscaped(&figure.svg)) }
                        figcaption { (figure.caption) }
                    } }
                }
            }
        }
    };
    document("Experiments", &body)
}
