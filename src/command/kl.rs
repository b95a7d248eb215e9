//! `runner kl`: the divergence of two distributions, both ways.

use super::{Outcome, say, show};
use crate::cli::KlArguments;
use crate::distribution::Pair;
use crate::divergence::Direction;
use crate::error::Error;
use crate::numeric::shortest;
use crate::report::PairReport;
use crate::spec::{Argument, Diagnostics, read_pair};
use crate::statistics::Unit;
use rayon::prelude::*;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Rows that are worked on together.
const CHUNK: usize = 4096;

/// The columns of the table that `--csv` prints.
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

pub(super) fn kl(arguments: &KlArguments) -> Result<Outcome, Error> {
    match (&arguments.csv, &arguments.p, &arguments.q) {
        (Some(path), _, _) => many(path),
        (None, Some(p), Some(q)) => one(p, q, arguments.json),
        _ => Err(Error::NoPair),
    }
}

fn one(p: &str, q: &str, json: bool) -> Result<Outcome, Error> {
    let pair = read_pair(Argument { name: "--p", text: p }, Argument { name: "--q", text: q }).map_err(one_file)?;
    let report = PairReport::new(&pair)?;
    show(&if json { format!("{:#}\n", report.json()) } else { report.to_string() })?;
    Ok(Outcome::Agreed)
}

fn one_file(mistakes: Diagnostics) -> Error {
    Error::Specs(vec![mistakes])
}

/// A table of pairs in, a table of divergences out, row by row in order.
fn many(path: &Path) -> Result<Outcome, Error> {
    let (name, input): (String, Box<dyn Read>) = match path.to_str() {
        Some("-") => ("<stdin>".to_owned(), Box::new(io::stdin())),
        _ => {
            let name = path.display().to_string();
            let file = File::open(path).map_err(|source| Error::Input { name: name.clone(), source })?;
            (name, Box::new(file))
        }
    };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(input);
    let mut out = csv::Writer::from_writer(anstream::stdout().lock());
    let mut records = reader.records().peekable();
    let [p_column, q_column] = header(records.peek()).unwrap_or([0, 1]);
    if header(records.peek()).is_some() {
        records.next();
    }
    let mut bad = 0;
    let mut written = out.write_record(COLUMNS);
    loop {
        let chunk: Vec<_> = records.by_ref().take(CHUNK).collect();
        if chunk.is_empty() || written.is_err() {
            break;
        }
        let rows: Vec<(Vec<String>, Option<String>)> =
            chunk.into_par_iter().map(|record| row(record, [p_column, q_column], &name)).collect();
        for (row, mistake) in rows {
            if let Some(mistake) = mistake {
                bad += 1;
                say(&mistake);
            }
            written = written.and_then(|()| out.write_record(row));
        }
        written = written.and_then(|()| Ok(out.flush()?));
    }
    match written.map_err(csv::Error::into_kind) {
        Err(csv::ErrorKind::Io(error)) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Output(error)),
        _ if bad > 0 => Err(Error::BadLines { name, bad }),
        _ => Ok(Outcome::Agreed),
    }
}

/// Where P and Q stand, if the first row names its columns.
fn header(first: Option<&csv::Result<csv::StringRecord>>) -> Option<[usize; 2]> {
    let Some(Ok(first)) = first else {
        return None;
    };
    let column = |name: &str| first.iter().position(|field| field.eq_ignore_ascii_case(name));
    Some([column("p")?, column("q")?])
}

/// The row of one pair, and what is wrong with it; a bad row keeps its place.
fn row(record: csv::Result<csv::StringRecord>, columns: [usize; 2], name: &str) -> (Vec<String>, Option<String>) {
    let empty = |p: &str, q: &str| {
        let mut cells = vec![p.to_owned(), q.to_owned()];
        cells.resize(COLUMNS.len(), String::new());
        cells
    };
    let record = match record {
        Ok(record) => record,
        Err(error) => return (empty("", ""), Some(format!("error: {name}: {error}\n"))),
    };
    let line = record.position().map_or(0, csv::Position::line);
    let [p, q] = columns.map(|column| record.get(column).unwrap_or_default());
    let found = read_pair(Argument { name: "p =", text: p }, Argument { name: "q =", text: q })
        .map_err(|mistakes| mistakes.titles().collect::<Vec<_>>().join("; "))
        .and_then(|pair| cells(&pair).map_err(|error| error.to_string()));
    match found {
        Ok(numbers) => ([p, q].into_iter().map(str::to_owned).chain(numbers).collect(), None),
        Err(mistake) => (empty(p, q), Some(format!("error: {name}:{line}: {mistake}\n"))),
    }
}

fn cells(pair: &Pair) -> Result<Vec<String>, crate::distribution::PairError> {
    let (there, back) = (Direction::of(pair), Direction::of(&pair.reversed()?));
    let jeffreys = there.divergence + back.divergence;
    let both = |nats: f64| [shortest(nats), shortest(Unit::Bits.of_nats(nats))];
    let variance = |direction: Direction| direction.variance.map(shortest).unwrap_or_default();
    let divergences = [there.divergence, back.divergence, jeffreys].into_iter().flat_map(both);
    Ok(divergences.chain([variance(there), variance(back)]).collect())
}
