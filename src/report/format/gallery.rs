//! A page of pictures in Markdown.

use super::markdown::escaped;
use crate::record::{Rows, SavedResults};
use crate::report::figure::Figure;
use crate::report::finding::sentence;
use crate::report::link_to;

/// Returns a page of the pictures of several experiments; each picture is a file such as `EXPERIMENT-FIGURE.svg` beside it.
pub fn gallery(experiments: &[(SavedResults, Vec<Figure>)], extension: &str) -> String {
    let mut text = String::from("# Gallery\n\nPictures of committed results, made by `runner report --format ");
    text.push_str(&format!("{extension}`.\n"));
    for (results, figures) in experiments {
        let overview = &results.overview;
        text.push_str(&format!("\n## {}\n\n", escaped(&overview.experiment)));
        if let Some(question) = &overview.question {
            text.push_str(&format!("{}\n\n", escaped(question)));
        }
        text.push_str(&format!("{}\n", escaped(&sentence(overview, Rows::Saved(&results.rows)))));
        for figure in figures {
            let caption = escaped(&figure.caption);
            let alt = escaped(&figure.description.replace('\n', " "));
            let file = link_to(&file_name(&overview.experiment, figure, extension));
            text.push_str(&format!("\n![{alt}]({file})\n\n{caption}\n"));
        }
    }
    text
}

/// The file name of a picture beside those of other experiments.
pub fn file_name(experiment: &str, figure: &Figure, extension: &str) -> String {
    format!("{experiment}-{}.{extension}", figure.name)
}
