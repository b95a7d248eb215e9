//! Tables in LaTeX, with booktabs and siunitx.

use crate::outside::printable;
use crate::report::{Align, Column, Table, Value, significant};

/// The largest number of rows that fit on a page.
const PAGE: usize = 40;

/// The start of a file that compiles on its own and that another document can `\input`.
const HEAD: &str = r"% As it stands: pdflatex. In a paper: \usepackage{booktabs,longtable,siunitx} and \input this file.
\expandafter\ifx\csname @classoptionslist\endcsname\relax
  \documentclass{article}
  \usepackage[utf8]{inputenc}
  \usepackage[T1]{fontenc}
  \usepackage[a4paper,landscape,margin=15mm]{geometry}
  \usepackage{booktabs,longtable,siunitx}
  \begin{document}
  \let\klend=\enddocument
\else
  \let\klend=\relax
\fi
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

/// Returns tables for a paper: a file that pdflatex compiles on its own and that another document can `\input`.
pub fn latex(tables: &[Captioned]) -> String {
    let tables: Vec<String> = tables.iter().map(one).collect();
    format!("{HEAD}\n{}\n\\klend\n", tables.join("\n"))
}

fn one(captioned: &Captioned) -> String {
    let table = &captioned.table;
    let cells: Vec<Vec<String>> =
        table.rows().iter().map(|row| row.iter().map(|cell| siunitx_number(&cell.value)).collect()).collect();
    let formats: Vec<Option<String>> = (0..table.columns().len())
        .map(|place| is_numeric(table, place).then(|| format(cells.iter().filter_map(|row| row.get(place)))))
        .collect();
    let separate = cells.iter().flatten().any(|text| text.contains('±'));
    let columns: String = formats
        .iter()
        .zip(table.columns())
        .map(|(format, column)| match (format, column.align) {
            (Some(format), _) => format!("S[table-format={format}]"),
            (None, Align::Left) => "l".to_owned(),
            (None, Align::Right) => "r".to_owned(),
        })
        .collect();
    let line = |cells: Vec<String>| format!("{} \\\\\n", cells.join(" & "));
    let heads = line(table.columns().iter().map(head).collect());
    let rows: String = cells
        .into_iter()
        .zip(table.rows())
        .map(|(texts, row)| {
            let values = row.iter().map(|cell| &cell.value);
            line(
                texts
                    .into_iter()
                    .zip(values)
                    .zip(&formats)
                    .map(|((text, value), format)| cell(text, value, format.is_some()))
                    .collect(),
            )
        })
        .collect();
    let caption = format!("\\caption{{{}}}\n\\label{{tab:{}}}", escaped(&captioned.caption), name(&captioned.label));
    let settings = format!("\\small\\sisetup{{separate-uncertainty={separate}}}\\setlength{{\\tabcolsep}}{{4pt}}");
    if table.rows().len() > PAGE {
        return format!(
            "\\begingroup{settings}\n\\begin{{longtable}}{{{columns}}}\n{caption} \\\\\n\\toprule\n{heads}\\midrule\n\\endfirsthead\n\
             \\toprule\n{heads}\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n{rows}\\end{{longtable}}\n\\endgroup\n"
        );
    }
    format!(
        "\\begin{{table}}\n\\centering{settings}\n{caption}\n\\begin{{tabular}}{{{columns}}}\n\\toprule\n{heads}\\midrule\n{rows}\
         \\bottomrule\n\\end{{tabular}}\n\\end{{table}}\n"
    )
}

/// The name of a column in two lines; the second is its unit or its last word.
fn head(column: &Column) -> String {
    let unit = column.unit.as_ref().map(|unit| (column.name.as_str(), format!("({unit})")));
    let words = || column.name.rsplit_once(' ').map(|(start, end)| (start, end.to_owned()));
    match unit.or_else(words) {
        Some((upper, lower)) => format!("{{\\shortstack{{{}\\\\{}}}}}", escaped(upper), escaped(&lower)),
        None => format!("{{{}}}", escaped(&column.name)),
    }
}

/// Whether siunitx can align a column: it has at least one number, and nothing but numbers that are not bounds.
fn is_numeric(table: &Table, column: usize) -> bool {
    let mut values = table.rows().iter().filter_map(|row| row.get(column)).map(|cell| &cell.value);
    table.columns().get(column).is_some_and(|column| column.align == Align::Right)
        && values.clone().any(|value| *value != Value::None)
        && values.all(|value| value.is_number() && !matches!(value, Value::PValue { is_bound: true, .. }))
}

/// A cell as siunitx reads it: without grouped digits, and with the power of ten after the error.
fn siunitx_number(value: &Value) -> String {
    let text = match *value {
        Value::Whole(number) => number.to_string(),
        Value::Count(count) => significant(count, 6),
        ref other => other.to_string(),
    };
    match text.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((inner, power)) => format!("{inner} {power}"),
        None => text,
    }
}

fn cell(text: String, value: &Value, is_numeric: bool) -> String {
    match (is_numeric, text.as_str()) {
        (true, "" | "inf" | "-inf") => format!("{{{}}}", infinite(&text)),
        (true, text) => text.replace('±', "+-"),
        (false, "inf" | "-inf") => infinite(&text).to_owned(),
        (false, text) if matches!(value, Value::PValue { .. }) => match text.strip_prefix("≤ ") {
            Some(bound) => format!(r"$\le$\,\num{{{bound}}}"),
            None => format!(r"\num{{{text}}}"),
        },
        (false, text) => escaped(text),
    }
}

fn infinite(text: &str) -> &'static str {
    match text {
        "inf" => r"$\infty$",
        "-inf" => r"$-\infty$",
        _ => "",
    }
}

/// The column format of siunitx: the largest number of digits before and after the point, of the error and of the exponent.
fn format<'a>(texts: impl Iterator<Item = &'a String>) -> String {
    let (mut sign, mut whole, mut decimals, mut error, mut power) = ("", 1, 0, 0, 0);
    for text in texts.filter(|text| text.parse::<f64>().map_or(!text.is_empty(), f64::is_finite)) {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, ""));
        let (value, uncertainty) = mantissa.split_once(['±', '(']).unwrap_or((mantissa, ""));
        let value = value.trim();
        if value.starts_with('-') {
            sign = "-";
        }
        let (before, behind) =
            value.trim_start_matches('-').split_once('.').unwrap_or((value.trim_start_matches('-'), ""));
        whole = whole.max(before.len());
        decimals = decimals.max(behind.len());
        // The error in units of the last digit: 0.00064 with five decimals is 64.
        let digits: String = uncertainty.chars().filter(char::is_ascii_digit).collect();
        error = error.max(digits.trim_start_matches('0').len());
        power = power.max(exponent.len());
    }
    let part = |digits: usize, before: &str, behind: &str| match digits {
        0 => String::new(),
        digits => format!("{before}{digits}{behind}"),
    };
    format!("{sign}{whole}{}{}{}", part(decimals, ".", ""), part(error, "(", ")"), part(power, "e", ""))
}

/// A label without characters that LaTeX does not allow in labels.
fn name(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// Text without markup and without characters that pdflatex does not have.
fn escaped(text: &str) -> String {
    printable(text).chars().map(letter).collect()
}

fn letter(c: char) -> String {
    let encoded = match c {
        '\\' => r"\textbackslash{}",
        '{' => r"\{",
        '}' => r"\}",
        '$' => r"\$",
        '&' => r"\&",
        '#' => r"\#",
        '%' => r"\%",
        '_' => r"\_",
        '^' => r"\textasciicircum{}",
        '~' => r"\textasciitilde{}",
        '"' => r"\textquotedbl{}",
        '<' => r"\textless{}",
        '>' => r"\textgreater{}",
        '|' => r"\textbar{}",
        '‖' => r"$\Vert$",
        '²' => r"$^2$",
        '√' => r"$\surd$",
        '≤' => r"$\le$",
        '≥' => r"$\ge$",
        '−' => r"$-$",
        '±' => r"$\pm$",
        '∞' => r"$\infty$",
        '…' => r"\dots{}",
        '·' => r"$\cdot$",
        'α'..='ω' | 'Γ' | 'Δ' | 'Θ' | 'Λ' | 'Ξ' | 'Π' | 'Σ' | 'Φ' | 'Ψ' | 'Ω' => return greek(c),
        // The characters of the T1 encoding.
        ' '..='~' | '¡'..='¬' | '®'..='ÿ' | 'Ā'..='ž' => return c.to_string(),
        _ => return format!(r"\texttt{{U+{:04X}}}", u32::from(c)),
    };
    encoded.to_owned()
}

fn greek(c: char) -> String {
    const NAMES: [(char, &str); 34] = [
        ('α', "alpha"),
        ('β', "beta"),
        ('γ', "gamma"),
        ('δ', "delta"),
        ('ε', "varepsilon"),
        ('ζ', "zeta"),
        ('η', "eta"),
        ('θ', "theta"),
        ('ι', "iota"),
        ('κ', "kappa"),
        ('λ', "lambda"),
        ('μ', "mu"),
        ('ν', "nu"),
        ('ξ', "xi"),
        ('ο', "mathrm{o}"),
        ('π', "pi"),
        ('ρ', "rho"),
        ('ς', "varsigma"),
        ('σ', "sigma"),
        ('τ', "tau"),
        ('υ', "upsilon"),
        ('φ', "varphi"),
        ('χ', "chi"),
        ('ψ', "psi"),
        ('ω', "omega"),
        ('Γ', "Gamma"),
        ('Δ', "Delta"),
        ('Θ', "Theta"),
        ('Λ', "Lambda"),
        ('Ξ', "Xi"),
        ('Π', "Pi"),
        ('Σ', "Sigma"),
        ('Φ', "Phi"),
        ('Ψ', "Psi"),
    ];
    NAMES
        .iter()
        .find(|(letter, _)| *letter == c)
        .map_or_else(|| r"$\Omega$".to_owned(), |(_, name)| format!(r"$\{name}$"))
}
