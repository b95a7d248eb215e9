//! Tables in LaTeX, with booktabs and siunitx.

mod cells;
mod layout;
mod letters;
mod short_names;

use crate::report::Table;
use crate::report::figure::Width;
use cells::TexTable;
use layout::{Part, parts};
use letters::{escaped, label};

/// The largest width of a table in points, unless another is asked for: what all common classes have room for.
const WIDEST: f64 = 400.0;

/// The start of a file that compiles on its own and that another document can `\input`. A table that is wider than a column of the
/// document becomes one over all columns; if it is wider than the page, it is set smaller.
const HEAD: &str = r"% As it stands: pdflatex. In a paper: \usepackage{booktabs,graphicx,siunitx} and \input this file.
\expandafter\ifx\csname @classoptionslist\endcsname\relax
  \documentclass{article}
  \usepackage[utf8]{inputenc}
  \usepackage[T1]{fontenc}
  \IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
  \usepackage[a4paper,margin=20mm]{geometry}
  \usepackage{booktabs,graphicx,siunitx}
  \begin{document}
  \let\klend=\enddocument
\else
  \let\klend=\relax
\fi
\ifx\klbox\undefined\newsavebox\klbox\fi
\def\klfloat#1#2{% caption and label; the table is in \klbox
  \ifdim\wd\klbox>\columnwidth\def\klname{table*}\else\def\klname{table}\fi
  \begin{\klname}\centering\sloppy\caption{#1}\label{#2}
  \ifdim\wd\klbox>\textwidth\resizebox{\textwidth}{!}{\usebox\klbox}\else\usebox\klbox\fi
  \end{\klname}}
";

/// A table with its caption and label.
#[derive(Clone, Debug)]
pub struct Captioned {
    /// The table.
    pub table: Table,
    /// The caption.
    pub caption: String,
    /// The label, without `tab:`.
    pub label: String,
}

/// Returns tables for a paper: a file that pdflatex compiles on its own and that another document can `\input`. A table that is wider than
/// `widest` is divided: its columns are set below each other, each time after those that name the rows.
pub fn latex(tables: &[Captioned], widest: Option<Width>) -> String {
    let widest = widest.map_or(WIDEST, Width::points);
    let tables: Vec<String> = tables.iter().flat_map(|table| floats(table, widest)).collect();
    format!("{HEAD}\n{}\n\\klend\n", tables.join("\n"))
}

/// The floats of a table: more than one if it has more rows than a page.
fn floats(captioned: &Captioned, widest: f64) -> Vec<String> {
    let table = TexTable::new(&captioned.table);
    let caption = escaped(&captioned.caption) + &table.legend();
    let parts = parts(&table, widest, caption.len());
    let count = parts.len();
    let float = |(place, part): (usize, Part)| {
        let name = label(&captioned.label);
        let (caption, name) = match (place, count) {
            (0, 1) => (caption.clone(), name),
            (0, count) => (format!("{caption} Part 1 of {count}."), name),
            (place, count) => (
                format!("{}, part {} of {count}.", escaped(&captioned.label), place + 1),
                format!("{name}-{}", place + 1),
            ),
        };
        let tabulars: Vec<String> = part.stacks.iter().map(|columns| tabular(&table, columns, &part.rows)).collect();
        let whole = match tabulars.as_slice() {
            [one] => one.clone(),
            several => {
                format!("\\begin{{tabular}}{{@{{}}c@{{}}}}\n{}\\end{{tabular}}\n", several.join("\\\\[1.5ex]\n"))
            }
        };
        let uncertainty = table.has_separate_errors();
        format!(
            "\\begin{{lrbox}}{{\\klbox}}\\small\\sisetup{{separate-uncertainty={uncertainty}}}\\setlength{{\\tabcolsep}}{{4pt}}%\n\
             {whole}\\end{{lrbox}}\n\\klfloat{{{caption}}}{{tab:{name}}}\n"
        )
    };
    parts.into_iter().enumerate().map(float).collect()
}

fn tabular(table: &TexTable<'_>, columns: &[usize], rows: &std::ops::Range<usize>) -> String {
    let line = |cells: Vec<String>| format!("{} \\\\\n", cells.join(" & "));
    let specs: String = columns.iter().map(|&column| table.spec(column)).collect();
    let heads = line(columns.iter().map(|&column| table.head(column)).collect());
    let rows: String =
        rows.clone().map(|row| line(columns.iter().map(|&column| table.cell(row, column)).collect())).collect();
    format!("\\begin{{tabular}}{{{specs}}}\n\\toprule\n{heads}\\midrule\n{rows}\\bottomrule\n\\end{{tabular}}\n")
}
