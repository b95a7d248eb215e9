//! The arguments of `runner report`.

use super::format::Format;
use crate::report::ErrorStyle;
use crate::report::figure::Width;
use clap::Args;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  runner report results/coin
      the table, on the terminal
  runner report results/coin --format html
      a page with pictures, tables, and how to reproduce them
  runner report results/coin --picture law --width 3.4in --out law.pdf
      a picture for a column of a paper; --no-title leaves its title to the caption
  runner report results --open
      a page for each of them, and an index, which is opened in the browser
  runner report results/* --format svg --out gallery
      every picture, and a Markdown page of them
  runner report results/how-soon --rows Q.bernoulli.p --columns N --cell bias --out bias.tex
      a two-way table for a paper
  runner report results/coin --where 'N>=1000' --columns N,mean,p_value --format markdown
      some rows and columns, for a pull request
  runner report --splice README.md
      updates the tables between <!-- runner report ARGUMENTS --> and <!-- end of runner report -->";

/// Make tables and pictures of saved results: for the terminal, papers, pull requests, the browser
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Results folders, or folders that contain them [default: results]
    #[arg(value_name = "RESULTS")]
    pub(super) results: Vec<PathBuf>,

    /// Output format: text on standard output, or files whose paths are printed [default: by the ending of --out, else terminal]
    #[arg(long, value_name = "FORMAT")]
    pub(super) format: Option<Format>,

    /// Columns of summary.csv, separated by commas, or all; with --cell, the key whose values become the columns
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub(super) columns: Vec<String>,

    /// Only rows that meet this condition, such as N=1000, 'mcse<0.001' or verdict!=agree; if repeated, all must hold
    #[arg(long = "where", value_name = "CONDITION")]
    pub(super) filters: Vec<String>,

    /// Make a two-way table: the keys whose values become the rows
    #[arg(long, value_name = "KEYS", value_delimiter = ',', requires = "cell")]
    pub(super) rows: Vec<String>,

    /// Make a two-way table: the column whose numbers are in the cells
    #[arg(long, value_name = "COLUMN", requires = "rows", requires = "columns")]
    pub(super) cell: Option<String>,

    /// How an estimate and its standard error are written: 0.511 ± 0.004, 0.511(4), or in separate columns
    #[arg(long, value_name = "STYLE", value_enum)]
    pub(super) errors: Option<ErrorStyle>,

    /// Pictures by their names, separated by commas, such as law,mean [default: all that the results have]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(super) picture: Vec<String>,

    /// Width of a picture in print, such as 3.4in or 86mm, with letters of 8 points at every width; the largest of tables in LaTeX
    #[arg(long, value_name = "WIDTH")]
    pub(super) width: Option<Width>,

    /// Pictures without their titles, for papers that have them in captions
    #[arg(long)]
    pub(super) no_title: bool,

    /// File for one document, or folder for several [default: standard output, or the results folders]
    #[arg(long, value_name = "PATH")]
    pub(super) out: Option<PathBuf>,

    /// Make pages and open them in the browser: the page, or the index of several
    #[arg(long)]
    pub(super) open: bool,

    /// Update the reports between the markers of a Markdown file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["results", "format", "columns", "filters", "rows", "cell", "errors", "picture", "width", "no_title", "out", "open"])]
    pub(super) splice: Vec<PathBuf>,

    /// With --splice: write nothing, and exit with 1 if a file is outdated
    #[arg(long, requires = "splice")]
    pub(super) check: bool,
}
