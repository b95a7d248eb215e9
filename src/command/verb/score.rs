//! `runner score`: the log ratio of given sequences, and which of several models they speak for.

use crate::command::error::Error;
use crate::command::flags::{DISTRIBUTIONS, Json};
use crate::command::outcome::Outcome;
use crate::command::output::{say, show, show_json};
use crate::command::score_models::{Format, Written};
use crate::experiment_file::{
    Argument, Line, Misread, Script, SequenceReader, SequenceTask, read_pair, with_sequences,
};
use crate::outside::{open_input, printable};
use crate::report::{Derivation, SCORE_HEADER, ScoreRow, score_json};
use clap::Args;
use kl_math::distribution::Pair;
use kl_sim::estimator::{SequenceScore, Sequences};
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::PathBuf;

/// Compute the log ratio of given sequences, step by step, or rank several models by them
#[derive(Args, Clone, Debug)]
#[command(after_help = DISTRIBUTIONS)]
pub(crate) struct Arguments {
    /// The source P, such as H=0.5,T=0.5 or 'normal(mean=0, std_dev=1)'
    #[arg(long, value_name = "DISTRIBUTION", allow_hyphen_values = true)]
    p: Option<String>,

    /// The model Q, such as H=0.4,T=0.6 or 'normal(mean=1, std_dev=1)'; given several times, the models are ranked, and P is one of
    /// them if it is given
    #[arg(long, value_name = "DISTRIBUTION", required = true, allow_hyphen_values = true)]
    q: Vec<String>,

    /// Rank the models with these prior probabilities, P's first: equal ones unless they are given
    #[arg(long, value_name = "PROBABILITIES", allow_hyphen_values = true)]
    prior: Option<String>,

    /// Rank the models, and print a row of CSV for each sequence and model
    #[arg(long, conflicts_with = "json")]
    csv: bool,

    /// Sequences, such as HHTHHT or '0.5 -1.2' (after `--` if one starts with a minus); without any, one per line is
    /// read from standard input
    #[arg(value_name = "SEQUENCE", allow_negative_numbers = true)]
    sequences: Vec<String>,

    /// A file of sequences, one per line
    #[arg(long, value_name = "FILE", conflicts_with = "sequences")]
    file: Option<PathBuf>,

    #[command(flatten)]
    json: Json,
}

/// The name of standard input in messages.
const STDIN: &str = "<stdin>";

/// Bytes read at a time.
const BUFFER: usize = 1 << 18;

impl Arguments {
    /// Scores the sequences by the kind of pair that P and Q are.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let (p, q) = match (&self.p, self.q.as_slice()) {
            (Some(p), [q]) if self.prior.is_none() && !self.csv => (p, q),
            (None, [_]) => return Err(Error::OneModel),
            _ => return self.rank(),
        };
        let p = Argument { name: "--p", text: p };
        let q = Argument { name: "--q", text: q };
        let pair = read_pair(p, q).map_err(|mistakes| Error::Specs(vec![mistakes]))?;
        with_sequences(&pair, Showing { arguments: self, pair: &pair })?
    }

    /// Ranks the models by all sequences. Each is read under every model, so they are kept until the last is read.
    fn rank(&self) -> Result<Outcome, Error> {
        let (name, mut input) = input(self)?;
        let mut text = Vec::new();
        input.read_to_end(&mut text).map_err(|source| Error::Input { name: name.clone(), source })?;
        let written = Written { p: self.p.as_deref(), q: &self.q, prior: self.prior.as_deref() };
        let format = match (self.json.json, self.csv) {
            (true, _) => Format::Json,
            (false, true) => Format::Csv,
            (false, false) => Format::Text,
        };
        written.compare(&name, &text, format)
    }
}

/// The arguments and the pair, before the kind of sequences is known.
struct Showing<'a> {
    arguments: &'a Arguments,
    pair: &'a Pair,
}

impl SequenceTask for Showing<'_> {
    type Output = Result<Outcome, Error>;

    fn run<W: Script, S: Sequences<Item = W::Item>>(self, script: &W, sequences: &S) -> Self::Output {
        Sheet { arguments: self.arguments, pair: self.pair, script, sequences }.show()
    }
}

/// The sequences: from the command line, a file, or standard input.
fn input(arguments: &Arguments) -> Result<(String, Box<dyn BufRead>), Error> {
    match (&arguments.file, arguments.sequences.as_slice()) {
        (Some(path), _) if path.as_os_str() != "-" => {
            let name = path.display().to_string();
            let file = open_input(path).map_err(|source| Error::Input { name: name.clone(), source })?;
            Ok((name, Box::new(BufReader::with_capacity(BUFFER, file))))
        }
        (None, sequences) if !sequences.is_empty() && sequences != ["-"] => {
            Ok(("<command line>".to_owned(), Box::new(io::Cursor::new(sequences.join("\n")))))
        }
        _ => Ok((STDIN.to_owned(), Box::new(BufReader::with_capacity(BUFFER, io::stdin())))),
    }
}

/// Sequences that are scored, and how.
struct Sheet<'a, W, S> {
    arguments: &'a Arguments,
    pair: &'a Pair,
    script: &'a W,
    sequences: &'a S,
}

impl<W: Script, S: Sequences<Item = W::Item>> Sheet<'_, W, S> {
    /// Scores all sequences.
    fn show(&self) -> Result<Outcome, Error> {
        let (name, input) = input(self.arguments)?;
        let mut lines = SequenceReader::new(self.script, self.sequences, input);
        let mut next = || lines.next().transpose().map_err(|source| Error::Input { name: name.clone(), source });
        let Some(first) = next()? else {
            return Err(Error::NoSequence { name });
        };
        if name == STDIN && io::stdin().is_terminal() {
            // A user who types expects an answer to each line.
            return self.many(&name, std::iter::once(Ok(first)).chain(std::iter::from_fn(|| next().transpose())));
        }
        // The second sequence decides between a derivation and a table.
        match next()? {
            None => self.one(&name, &first),
            Some(second) => {
                let rest = std::iter::from_fn(|| next().transpose());
                self.many(&name, [first, second].into_iter().map(Ok).chain(rest))
            }
        }
    }

    /// Prints the derivation of one sequence.
    fn one(&self, name: &str, line: &Line<S::Tally>) -> Result<Outcome, Error> {
        let Some(score) = self.read(name, line).and_then(|tally| self.sequences.score(tally)) else {
            return Err(Error::BadLines { name: name.to_owned(), bad: 1 });
        };
        if self.arguments.json.json {
            show_json(&format!("{:#}\n", score_json(Some(line.number), self.pair, &score)))?;
        } else {
            show(&Derivation { start: &line.start, pair: self.pair, score: &score }.to_string())?;
        }
        Ok(Outcome::Agreed)
    }

    /// Prints a row for each of many sequences, and their total.
    fn many(&self, name: &str, lines: impl Iterator<Item = Result<Line<S::Tally>, Error>>) -> Result<Outcome, Error> {
        if !self.arguments.json.json {
            show(SCORE_HEADER)?;
        }
        let mut total = self.sequences.tally();
        let mut bad = 0;
        for line in lines {
            let line = line?;
            let tally = self.read(name, &line);
            match tally {
                Some(tally) => self.sequences.add(&mut total, tally),
                None => bad += 1,
            }
            let score = tally.and_then(|tally| self.sequences.score(tally));
            if !self.show_row(&line.number.to_string(), Some(line.number), score.as_ref())? {
                return Ok(Outcome::Agreed);
            }
        }
        let total = self.sequences.score(&total);
        self.show_row("total", None, total.as_ref())?;
        if bad > 0 { Err(Error::BadLines { name: name.to_owned(), bad }) } else { Ok(Outcome::Agreed) }
    }

    /// The tally of a line; a line that cannot be read gets a message.
    fn read<'l>(&self, name: &str, line: &'l Line<S::Tally>) -> Option<&'l S::Tally> {
        let report = |misread: &Misread| {
            let (help, misread) = (printable(&self.script.help()), printable(&misread.to_string()));
            say(&format!("error: {}:{}: {misread}\n  help: {help}\n", printable(name), line.number));
        };
        line.tally.as_ref().inspect_err(|misread| report(misread)).ok()
    }

    /// Prints a row. Returns whether the reader still reads.
    fn show_row(&self, name: &str, line: Option<u64>, score: Option<&SequenceScore>) -> Result<bool, Error> {
        match (self.arguments.json.json, score) {
            (true, Some(score)) => show_json(&format!("{}\n", score_json(line, self.pair, score))),
            (true, None) => Ok(true),
            (false, score) => show(&ScoreRow { name: name.to_owned(), score }.to_string()),
        }
    }
}
