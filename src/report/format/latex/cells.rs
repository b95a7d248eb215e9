//! The cells of a table as siunitx reads them.

use super::letters::escaped;
use super::short_names::ShortNames;
use crate::report::tables::column_rank;
use crate::report::{Align, Column, Table, Value, p_value, significant, significant_padded};

/// A table whose cells are LaTeX.
pub(super) struct TexTable<'a> {
    table: &'a Table,
    columns: Vec<TexColumn>,
}

/// A column.
struct TexColumn {
    /// The texts of its cells, before they are LaTeX.
    texts: Vec<String>,
    /// The format of siunitx, if it can align them.
    format: Option<String>,
    /// Short names in place of the texts.
    names: Option<ShortNames>,
}

impl TexColumn {
    /// The width of its longest text as words, about.
    fn words(&self) -> f64 {
        LETTER * self.texts.iter().map(|text| text.chars().count()).max().unwrap_or(0) as f64
    }
}

/// The width of a digit of 9 points, and of a letter on average.
const DIGIT: f64 = 4.7;
const LETTER: f64 = 4.4;

/// Longer words are broken into lines of this width.
const WORDS: f64 = 108.0;

/// The room on both sides of a column.
const BESIDE: f64 = 8.0;

impl<'a> TexTable<'a> {
    /// Reads the cells.
    pub(super) fn new(table: &'a Table) -> Self {
        let columns = (0..table.columns().len()).map(|place| {
            let cells = table.rows().iter().filter_map(|row| row.get(place));
            let texts: Vec<String> = cells.map(|cell| siunitx_number(&cell.value)).collect();
            let format = is_numeric(table, place).then(|| format(texts.iter()));
            TexColumn { texts, format, names: ShortNames::of(table, place) }
        });
        Self { table, columns: columns.collect() }
    }

    /// The number of columns.
    pub(super) fn columns(&self) -> usize {
        self.columns.len()
    }

    /// The number of rows.
    pub(super) fn rows(&self) -> usize {
        self.table.rows().len()
    }

    /// How many columns at the left name the rows.
    pub(super) fn keys(&self) -> usize {
        let is_key = |column: &&Column| column_rank(&column.key).is_none() && !column.key.contains(", ");
        let count = self.table.columns().iter().take_while(is_key).count();
        if count == self.columns() { count.min(1) } else { count.max(1) }
    }

    /// How many lines the longest of some cells takes.
    pub(super) fn lines(&self, row: usize) -> usize {
        let of =
            |column: &TexColumn| column.texts.get(row).map_or(0, |text| text.chars().count()) as f64 * LETTER / WORDS;
        let wrapped = self.columns.iter().filter(|column| column.format.is_none() && column.names.is_none());
        wrapped.map(|column| of(column).ceil() as usize).max().unwrap_or(1).max(1)
    }

    /// Whether errors are written after ±.
    pub(super) fn has_separate_errors(&self) -> bool {
        self.columns.iter().flat_map(|column| &column.texts).any(|text| text.contains('±'))
    }

    /// What short names stand for.
    pub(super) fn legend(&self) -> String {
        self.columns.iter().filter_map(|column| column.names.as_ref()).map(ShortNames::legend).collect()
    }

    /// The letter of a column in the head of the table.
    pub(super) fn spec(&self, place: usize) -> String {
        let is_left = self.table.columns().get(place).is_some_and(|column| column.align == Align::Left);
        match self.columns.get(place) {
            Some(TexColumn { names: Some(_), .. }) => "l".to_owned(),
            Some(TexColumn { format: Some(format), .. }) => format!("S[table-format={format}]"),
            Some(column) if is_left && column.words() > WORDS => {
                format!(">{{\\raggedright\\arraybackslash}}p{{{WORDS}pt}}")
            }
            _ if is_left => "l".to_owned(),
            _ => "r".to_owned(),
        }
    }

    /// The width of a column in points, about, with the room beside it.
    pub(super) fn width(&self, place: usize) -> f64 {
        let Some(column) = self.columns.get(place) else { return 0.0 };
        let longest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0) as f64;
        let cells = match (&column.names, &column.format) {
            (Some(_), _) => 3.0 * DIGIT,
            (None, Some(format)) => format_width(format),
            (None, None) => column.words().min(WORDS),
        };
        let lines = self.table.columns().get(place).map(head_lines).unwrap_or_default();
        cells.max(LETTER * longest(&mut lines.iter().map(|line| line.chars().count()))) + BESIDE
    }

    /// The name of a column in two lines; the second is its unit or its last word.
    pub(super) fn head(&self, place: usize) -> String {
        let lines = self.table.columns().get(place).map(head_lines).unwrap_or_default();
        match lines.as_slice() {
            [upper, lower] => format!("{{\\shortstack{{{}\\\\{}}}}}", escaped(upper), escaped(lower)),
            lines => format!("{{{}}}", escaped(&lines.concat())),
        }
    }

    /// A cell.
    pub(super) fn cell(&self, row: usize, place: usize) -> String {
        let Some(column) = self.columns.get(place) else { return String::new() };
        if let Some(names) = &column.names {
            return names.name(row);
        }
        let text = column.texts.get(row).map_or("", String::as_str);
        let is_p_value = self
            .table
            .rows()
            .get(row)
            .and_then(|row| row.get(place))
            .is_some_and(|cell| matches!(cell.value, Value::PValue { .. }));
        match (column.format.is_some(), text) {
            (true, "" | "inf" | "-inf") => format!("{{{}}}", infinite(text)),
            (true, text) => text.replace('±', "+-"),
            (false, "inf" | "-inf") => infinite(text).to_owned(),
            (false, text) if is_p_value => match text.strip_prefix("≤ ") {
                Some(bound) => format!(r"$\le$\,\num{{{bound}}}"),
                None => format!(r"\num{{{text}}}"),
            },
            (false, text) => escaped(text),
        }
    }
}

fn head_lines(column: &Column) -> Vec<String> {
    let unit = column.unit.as_ref().map(|unit| (column.name.as_str(), format!("({unit})")));
    let words = || column.name.rsplit_once(' ').map(|(start, end)| (start, end.to_owned()));
    match unit.or_else(words) {
        Some((upper, lower)) => vec![upper.to_owned(), lower],
        None => vec![column.name.clone()],
    }
}

/// Whether siunitx can align a column: it has at least one number, and nothing but numbers that are not bounds.
fn is_numeric(table: &Table, column: usize) -> bool {
    let mut values = table.rows().iter().filter_map(|row| row.get(column)).map(|cell| &cell.value);
    table.columns().get(column).is_some_and(|column| column.align == Align::Right)
        && values.clone().any(|value| *value != Value::None)
        && values.all(|value| value.is_number() && !matches!(value, Value::PValue { is_bound: true, .. }))
}

/// A cell as siunitx reads it: without grouped digits, with every digit that counts, and with the power of ten after the error.
fn siunitx_number(value: &Value) -> String {
    let text = match *value {
        Value::Whole(number) => number.to_string(),
        Value::Count(count) => significant(count, 6),
        Value::Exact(number, digits) => significant_padded(number, digits),
        Value::PValue { value, is_bound } => {
            let bound = if is_bound { "≤ " } else { "" };
            let number = if value < 1e-3 { p_value(value) } else { significant_padded(value, 2) };
            format!("{bound}{number}")
        }
        ref other => other.to_string(),
    };
    match text.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((inner, power)) => format!("{inner} {power}"),
        None => text,
    }
}

fn infinite(text: &str) -> &'static str {
    match text {
        "inf" => r"$\infty$",
        "-inf" => r"$-\infty$",
        _ => "",
    }
}

/// The digits and signs of a number.
#[derive(Default)]
struct Digits {
    sign: &'static str,
    whole: usize,
    decimals: usize,
    error: usize,
    power: usize,
}

/// The column format of siunitx: the largest number of digits before and after the point, of the error and of the exponent.
fn format<'a>(texts: impl Iterator<Item = &'a String>) -> String {
    let mut digits = Digits { whole: 1, ..Digits::default() };
    for text in texts.filter(|text| text.parse::<f64>().map_or(!text.is_empty(), f64::is_finite)) {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, ""));
        let (value, uncertainty) = mantissa.split_once(['±', '(']).unwrap_or((mantissa, ""));
        let value = value.trim();
        if value.starts_with('-') {
            digits.sign = "-";
        }
        let (before, behind) =
            value.trim_start_matches('-').split_once('.').unwrap_or((value.trim_start_matches('-'), ""));
        digits.whole = digits.whole.max(before.len());
        digits.decimals = digits.decimals.max(behind.len());
        // The error in units of the last digit: 0.00064 with five decimals is 64.
        let error: String = uncertainty.chars().filter(char::is_ascii_digit).collect();
        digits.error = digits.error.max(error.trim_start_matches('0').len());
        digits.power = digits.power.max(exponent.len());
    }
    let part = |count: usize, before: &str, behind: &str| match count {
        0 => String::new(),
        count => format!("{before}{count}{behind}"),
    };
    let Digits { sign, whole, decimals, error, power } = digits;
    format!("{sign}{whole}{}{}{}", part(decimals, ".", ""), part(error, "(", ")"), part(power, "e", ""))
}

/// The width of a column of such a format: the digits that it has room for.
fn format_width(format: &str) -> f64 {
    let numbers = format.split(|c: char| !c.is_ascii_digit()).filter_map(|count| count.parse::<f64>().ok());
    let digits: f64 = numbers.sum();
    let power = if format.contains('e') { 3.0 } else { 0.0 };
    let error = if format.contains('(') { 1.6 } else { 0.0 };
    let sign = if format.starts_with('-') { 1.7 } else { 0.0 };
    DIGIT * (digits + 0.6 + power + error + sign)
}
