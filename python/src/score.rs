//! The log ratio of one sequence.

use crate::pair::{read, refusal};
use kl_math::distribution::Pair;
use kl_runner::experiment_file::{Script, SequenceReader, SequenceTask, with_sequences};
use kl_runner::report::score_json;
use kl_sim::estimator::Sequences;
use pyo3::prelude::*;

/// What a sequence was before it became text.
#[derive(Clone, Copy, PartialEq)]
enum Written {
    Text,
    /// Items that are names of symbols or numbers, and how many.
    Items(u64),
    /// Items that are numbers, and how many: no names of symbols.
    Numbers(u64),
}

/// The score as JSON (`docs/json.md`). `items` is the number of items of a list and `is_numbers` says that they are numbers; a
/// text has neither.
#[pyfunction]
#[pyo3(signature = (p, q, sequence, items=None, is_numbers=false))]
pub(crate) fn score(
    py: Python<'_>,
    p: &str,
    q: &str,
    sequence: &str,
    items: Option<u64>,
    is_numbers: bool,
) -> PyResult<String> {
    let written = match items {
        None => Written::Text,
        Some(items) if is_numbers => Written::Numbers(items),
        Some(items) => Written::Items(items),
    };
    py.detach(|| {
        let pair = read("score(p, q, sequence)", p, q)?;
        with_sequences(&pair, Scoring { pair: &pair, sequence, written })
            .map_err(|unreadable| refusal(&unreadable.to_string(), unreadable.help()))?
    })
}

struct Scoring<'a> {
    pair: &'a Pair,
    sequence: &'a str,
    written: Written,
}

impl SequenceTask for Scoring<'_> {
    type Output = PyResult<String>;

    fn run<W: Script, S: Sequences<Item = W::Item>>(self, script: &W, sequences: &S) -> PyResult<String> {
        if matches!(self.written, Written::Numbers(_)) && self.pair.values().is_none() {
            let mistake = "the sequence has numbers, but P and Q are over symbols";
            let help = format!("{}; name them 0, 1, … with p = {{0: …, 1: …}}", script.help());
            return Err(refusal(mistake, &help));
        }
        let mut lines = SequenceReader::new(script, sequences, self.sequence.as_bytes());
        let none = || refusal("there is no sequence", &script.help());
        let line = lines.next().ok_or_else(none)??;
        if lines.next().is_some() {
            return Err(refusal("there are several sequences, one on each line", "score each of them"));
        }
        let tally = line.tally.map_err(|misread| refusal(&misread.to_string(), &script.help()))?;
        let score = sequences.score(&tally).ok_or_else(none)?;
        match self.written {
            Written::Items(items) | Written::Numbers(items) if items != score.length => {
                let mistake = format!("the {items} items of the sequence are {} when written as text", score.length);
                Err(refusal(&mistake, &script.help()))
            }
            _ => Ok(score_json(Some(line.number), self.pair, &score).to_string()),
        }
    }
}
