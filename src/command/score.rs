//! `runner score`: the log ratio of given sequences.

use super::{Outcome, say, show};
use crate::cli::ScoreArguments;
use crate::distribution::Pair;
use crate::error::Error;
use crate::estimator::{SequenceScore, SequenceScorer};
use crate::report::{Derivation, SCORE_HEADER, ScoreRow, score_json};
use crate::spec::{Argument, Line, SequenceReader, read_pair};
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal};

/// What standard input is called in messages.
const STDIN: &str = "<stdin>";

/// Bytes read at a time.
const BUFFER: usize = 1 << 18;

pub(super) fn score(arguments: &ScoreArguments) -> Result<Outcome, Error> {
    let p = Argument { name: "--p", text: &arguments.p };
    let q = Argument { name: "--q", text: &arguments.q };
    let pair = read_pair(p, q).map_err(|mistakes| Error::Specs(vec![mistakes]))?;
    if let Some(symbol) = SequenceReader::<&[u8]>::unreadable(pair.symbols()) {
        return Err(Error::UnreadableSymbol { symbol: symbol.clone() });
    }
    let (name, input) = input(arguments)?;
    let mut lines = SequenceReader::new(pair.symbols(), input);
    let mut next = || lines.next().transpose().map_err(|source| Error::Input { name: name.clone(), source });
    let scorer = SequenceScorer::new(&pair)?;
    let sheet = Sheet { pair: &pair, scorer: &scorer, json: arguments.json, name: &name };
    let Some(first) = next()? else {
        return Err(Error::NoSequence { name });
    };
    if name == STDIN && io::stdin().is_terminal() {
        // Whoever types wants an answer to each line.
        return sheet.many(std::iter::once(Ok(first)).chain(std::iter::from_fn(|| next().transpose())));
    }
    // Whether there is one sequence or many shows at the second.
    match next()? {
        None => sheet.one(&first),
        Some(second) => {
            sheet.many([first, second].into_iter().map(Ok).chain(std::iter::from_fn(|| next().transpose())))
        }
    }
}

/// The sequences of the command line, of a file, or of standard input.
fn input(arguments: &ScoreArguments) -> Result<(String, Box<dyn BufRead>), Error> {
    match (&arguments.file, arguments.sequences.as_slice()) {
        (Some(path), _) if path.as_os_str() != "-" => {
            let name = path.display().to_string();
            let file = File::open(path).map_err(|source| Error::Input { name: name.clone(), source })?;
            Ok((name, Box::new(BufReader::with_capacity(BUFFER, file))))
        }
        (None, sequences) if !sequences.is_empty() && sequences != ["-"] => {
            Ok(("<command line>".to_owned(), Box::new(io::Cursor::new(sequences.join("\n")))))
        }
        _ => Ok((STDIN.to_owned(), Box::new(BufReader::with_capacity(BUFFER, io::stdin())))),
    }
}

/// What scores are shown of.
struct Sheet<'a> {
    pair: &'a Pair,
    scorer: &'a SequenceScorer<'a>,
    json: bool,
    name: &'a str,
}

impl Sheet<'_> {
    /// The derivation of one sequence.
    fn one(&self, line: &Line) -> Result<Outcome, Error> {
        let Some(score) = self.read(line) else {
            return Err(Error::BadLines { name: self.name.to_owned(), bad: 1 });
        };
        let text = if self.json {
            format!("{:#}\n", score_json(Some(line.number), self.pair.symbols(), &score))
        } else {
            let masses = [self.pair.source_masses(), self.pair.model_masses()];
            let (symbols, scorer) = (self.pair.symbols(), self.scorer);
            Derivation { start: &line.start, symbols, masses, scorer, score: &score }.to_string()
        };
        show(&text)?;
        Ok(Outcome::Agreed)
    }

    /// A row for each of many, and their total.
    fn many(&self, lines: impl Iterator<Item = Result<Line, Error>>) -> Result<Outcome, Error> {
        if !self.json {
            show(SCORE_HEADER)?;
        }
        let mut total = vec![0; self.pair.symbols().len()];
        let mut bad = 0;
        for line in lines {
            let line = line?;
            let score = self.read(&line);
            match &score {
                Some(score) => total.iter_mut().zip(&score.counts).for_each(|(total, count)| *total += count),
                None => bad += 1,
            }
            if !self.show_row(&line.number.to_string(), Some(line.number), score.as_ref())? {
                return Ok(Outcome::Agreed);
            }
        }
        let total = self.scorer.score(total);
        self.show_row("total", None, total.as_ref())?;
        if bad > 0 { Err(Error::BadLines { name: self.name.to_owned(), bad }) } else { Ok(Outcome::Agreed) }
    }

    /// The score of a line; a line that cannot be read is complained of.
    fn read(&self, line: &Line) -> Option<SequenceScore> {
        match &line.counts {
            Ok(counts) => self.scorer.score(counts.clone()),
            Err(misread) => {
                let symbols: Vec<&str> = self.pair.symbols().iter().map(String::as_str).take(12).collect();
                let alphabet = crate::distribution::listed(&symbols);
                say(&format!("error: {}:{}: {misread}\n  help: the symbols are {alphabet}\n", self.name, line.number));
                None
            }
        }
    }

    /// Whether anybody still listens.
    fn show_row(&self, name: &str, line: Option<u64>, score: Option<&SequenceScore>) -> Result<bool, Error> {
        match (self.json, score) {
            (true, Some(score)) => show(&format!("{}\n", score_json(line, self.pair.symbols(), score))),
            (true, None) => Ok(true),
            (false, score) => show(&ScoreRow { name: name.to_owned(), score }.to_string()),
        }
    }
}
