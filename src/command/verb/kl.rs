//! `runner kl`: the divergence of two distributions, in both directions.

use crate::command::error::Error;
use crate::command::flags::{DISTRIBUTIONS, Json};
use crate::command::outcome::Outcome;
use crate::command::output::{say, show_data};
use crate::experiment_file::{Argument, Diagnostics, read_pair};
use crate::outside::{WithinLines, open_input, printable};
use crate::report::{PairReport, neighbour_cells, neighbour_columns};
use clap::Args;
use kl_math::distribution::Pair;
use kl_math::divergence::{Directions, Neighbours};
use kl_math::numeric::shortest;
use kl_math::statistics::Unit;
use rayon::prelude::*;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Compute the divergence of two distributions, in both directions
#[derive(Args, Clone, Debug)]
#[command(after_help = DISTRIBUTIONS)]
pub(crate) struct Arguments {
    /// The source P, such as 0.5,0.5
    #[arg(long, value_name = "DISTRIBUTION", required_unless_present = "csv", allow_hyphen_values = true)]
    p: Option<String>,

    /// The model Q, such as 0.4,0.6
    #[arg(long, value_name = "DISTRIBUTION", required_unless_present = "csv", allow_hyphen_values = true)]
    q: Option<String>,

    /// Read many pairs, one per row, from the columns p and q of a CSV file (`-` for standard input), and print CSV
    #[arg(long, value_name = "FILE", conflicts_with_all = ["p", "q", "json"])]
    csv: Option<PathBuf>,

    /// With --csv: also print the other measures (entropies, total variation, …), each in a column, and their errors
    #[arg(long, conflicts_with_all = ["p", "q", "json"])]
    neighbours: bool,

    /// Also compute the Rényi divergence of this order, a number above 0; with --csv: as --neighbours
    #[arg(long, value_name = "ORDER", value_parser = order, allow_negative_numbers = true)]
    alpha: Option<f64>,

    #[command(flatten)]
    json: Json,
}

fn order(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.parse().ok();
    let order = number.filter(|&order| order > 0.0 && order.is_finite());
    order.ok_or_else(|| format!("{text} is not a number above 0"))
}

impl Arguments {
    /// Prints the divergences of one pair, or of a table of pairs.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        match (&self.csv, &self.p, &self.q) {
            (Some(path), _, _) => many(path, self.beside()),
            (None, Some(p), Some(q)) => one(p, q, self.alpha, &self.json),
            _ => Err(Error::NoPair),
        }
    }

    /// What a table has beside the divergences.
    fn beside(&self) -> Beside {
        match self.alpha {
            Some(order) => Beside::AllAndOrder(order),
            None if self.neighbours => Beside::All,
            None => Beside::Nothing,
        }
    }
}

/// Which of the other measures a table has.
#[derive(Clone, Copy)]
enum Beside {
    Nothing,
    All,
    /// All, and the Rényi divergence of an order.
    AllAndOrder(f64),
}

impl Beside {
    fn columns(self) -> Vec<String> {
        match self {
            Self::Nothing => Vec::new(),
            Self::All => neighbour_columns(false),
            Self::AllAndOrder(_) => neighbour_columns(true),
        }
    }

    fn cells(self, pair: &Pair) -> Vec<String> {
        match self {
            Self::Nothing => Vec::new(),
            Self::All => neighbour_cells(&Neighbours::of(pair)),
            Self::AllAndOrder(order) => neighbour_cells(&Neighbours::with_order(pair, order)),
        }
    }
}

/// Rows that are computed together.
const CHUNK: usize = 4096;

/// The columns of the table that `--csv` prints; those of other measures follow if they are asked for.
const COLUMNS: [&str; 10] = [
    "p",
    "q",
    "kl_nats",
    "kl_bits",
    "reverse_nats",
    "reverse_bits",
    "jeffreys_nats",
    "jeffreys_bits",
    "variance_nats2",
    "reverse_variance_nats2",
];

fn headers(beside: Beside) -> Vec<String> {
    COLUMNS.into_iter().map(str::to_owned).chain(beside.columns()).collect()
}

fn one(p: &str, q: &str, alpha: Option<f64>, json: &Json) -> Result<Outcome, Error> {
    let pair = read_pair(Argument { name: "--p", text: p }, Argument { name: "--q", text: q }).map_err(one_file)?;
    let report = PairReport::new(&pair, alpha)?;
    json.print(|| report.json(), &report)?;
    Ok(Outcome::Agreed)
}

fn one_file(mistakes: Diagnostics) -> Error {
    Error::Specs(vec![mistakes])
}

/// Reads a table of pairs and prints a table of divergences, row by row in order.
fn many(path: &Path, beside: Beside) -> Result<Outcome, Error> {
    let (name, input): (String, Box<dyn Read>) = match path.to_str() {
        Some("-") => ("<stdin>".to_owned(), Box::new(io::stdin())),
        _ => {
            let name = path.display().to_string();
            let file = open_input(path).map_err(|source| Error::Input { name: name.clone(), source })?;
            (name, Box::new(file))
        }
    };
    let unreadable = |source| Error::Input { name: name.clone(), source };
    let mut lines = lines(BufReader::with_capacity(1 << 18, WithinLines::new(input))).peekable();
    let first = lines.next_if(|line| line.as_ref().is_ok_and(|(_, line)| header(line).is_some()));
    let columns = first.and_then(Result::ok).and_then(|(_, line)| header(&line)).unwrap_or([0, 1]);
    let mut bad = 0;
    let mut is_read = show_data(&table([headers(beside)])?)?;
    while is_read {
        let chunk = lines.by_ref().take(CHUNK).collect::<io::Result<Vec<_>>>().map_err(unreadable)?;
        if chunk.is_empty() {
            break;
        }
        let rows: Vec<(Vec<String>, Option<String>)> = chunk
            .into_par_iter()
            .map(|(number, line)| row(&line, columns, beside, &format!("{name}:{number}")))
            .collect();
        for mistake in rows.iter().filter_map(|(_, mistake)| mistake.as_ref()) {
            bad += 1;
            say(mistake);
        }
        is_read = show_data(&table(rows.into_iter().map(|(row, _)| row))?)?;
    }
    if bad > 0 { Err(Error::BadLines { name, bad }) } else { Ok(Outcome::Agreed) }
}

/// Rows of a CSV file.
fn table(rows: impl IntoIterator<Item = Vec<String>>) -> Result<String, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.into_iter().try_for_each(|row| writer.write_record(row)).map_err(|error| Error::Output(error.into()))?;
    let bytes = writer.into_inner().map_err(|error| Error::Output(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The lines that are not blank, with their numbers from 1. No cell of a pair spans lines.
fn lines(mut input: impl BufRead) -> impl Iterator<Item = io::Result<(u64, Vec<u8>)>> {
    let mut number = 0;
    std::iter::from_fn(move || {
        loop {
            let mut line = Vec::new();
            number += 1;
            match input.read_until(b'\n', &mut line) {
                Err(error) => return Some(Err(error)),
                Ok(0) => return None,
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => return Some(Ok((number, line))),
            }
        }
    })
}

/// The cells of a line.
fn fields(line: &[u8]) -> Result<Vec<String>, String> {
    let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
    let text = std::str::from_utf8(line).map_err(|_| "the line is not UTF-8".to_owned())?;
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).trim(csv::Trim::All).buffer_capacity(text.len().max(1));
    let mut record = csv::StringRecord::new();
    builder.from_reader(text.as_bytes()).read_record(&mut record).map_err(|error| error.to_string())?;
    Ok(record.iter().map(str::to_owned).collect())
}

/// The columns of P and Q, if the line names its columns.
fn header(line: &[u8]) -> Option<[usize; 2]> {
    let names = fields(line).ok()?;
    let column = |name: &str| names.iter().position(|field| field.eq_ignore_ascii_case(name));
    Some([column("p")?, column("q")?])
}

/// The row of one pair, and what is wrong with it. A bad row keeps its place, with empty cells.
fn row(line: &[u8], columns: [usize; 2], beside: Beside, place: &str) -> (Vec<String>, Option<String>) {
    let (cells_found, mistake) = match fields(line) {
        Ok(fields) => (fields, None),
        Err(mistake) => (Vec::new(), Some(mistake)),
    };
    let [p, q] = columns.map(|column| cells_found.get(column).map(String::as_str).unwrap_or_default());
    let pair = || {
        read_pair(Argument { name: "p =", text: p }, Argument { name: "q =", text: q })
            .map_err(|mistakes| mistakes.titles().collect::<Vec<_>>().join("; "))
    };
    let found = mistake.map_or_else(pair, Err).and_then(|pair| cells(&pair, beside).map_err(|error| error.to_string()));
    let mut row = vec![p.to_owned(), q.to_owned()];
    match found {
        Ok(numbers) => {
            row.extend(numbers);
            (row, None)
        }
        Err(mistake) => {
            row.resize(headers(beside).len(), String::new());
            (row, Some(format!("error: {}: {}\n", printable(place), printable(&mistake))))
        }
    }
}

fn cells(pair: &Pair, beside: Beside) -> Result<Vec<String>, kl_math::distribution::PairError> {
    let both = Directions::of(pair)?;
    let there = &both.there;
    // A direction that cannot be computed leaves its cells empty.
    let back = both.back.as_ref().ok();
    let number = |nats: Option<f64>| nats.map(shortest).unwrap_or_default();
    let units = |nats: Option<f64>| [number(nats), number(nats.map(|nats| Unit::Bits.of_nats(nats)))];
    let backward = back.map(|back| back.divergence);
    let divergences = [Some(there.divergence), backward, both.jeffreys()].into_iter().flat_map(units);
    let variances = [there.variance, back.and_then(|back| back.variance)].map(number);
    Ok(divergences.chain(variances).chain(beside.cells(pair)).collect())
}
