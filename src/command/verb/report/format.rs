//! What a report is written as.

use crate::report::figure::PictureFormat;
use clap::ValueEnum;
use std::path::Path;

/// The format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A table for people.
    Terminal,
    /// A table for a pull request or a README.
    Markdown,
    /// A table for a paper, with booktabs and siunitx.
    Latex,
    /// Every digit, for programs.
    Csv,
    /// Every digit, for programs (see docs/json.md).
    Json,
    /// A page for a browser: report.html in the results folder, and an index if there are several.
    Html,
    /// Pictures for papers: lines and letters, with their fonts; a file each.
    Pdf,
    /// Pictures of pixels, 300 to an inch; a file each.
    Png,
    /// Pictures for the web and for editing; a file each.
    Svg,
}

/// What kind of document a format is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A table, on standard output unless --out says otherwise.
    Table,
    /// The same, for programs.
    Data,
    /// A page.
    Page,
    /// A picture.
    Picture(PictureFormat),
}

impl Format {
    /// The kind of its documents.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Terminal | Self::Markdown | Self::Latex => Kind::Table,
            Self::Csv | Self::Json => Kind::Data,
            Self::Html => Kind::Page,
            Self::Pdf => Kind::Picture(PictureFormat::Pdf),
            Self::Png => Kind::Picture(PictureFormat::Png),
            Self::Svg => Kind::Picture(PictureFormat::Svg),
        }
    }

    /// Its name on the command line.
    pub(super) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// How names of its files end, without the dot.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Terminal => "txt",
            Self::Markdown => "md",
            Self::Latex => "tex",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }

    /// The format that a file of this name has, by its ending.
    pub(super) fn of_file(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        Self::value_variants().iter().copied().find(|format| format.extension().eq_ignore_ascii_case(ending))
    }
}
