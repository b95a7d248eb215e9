//! Sequences read under several models.

use super::reader::SequenceReader;
use super::script::Script;
use super::task::{SequenceTask, Unreadable, with_sequences};
use crate::experiment_file::argument::{Argument, read_one, read_pair};
use crate::experiment_file::diagnostics::Diagnostics;
use kl_math::distribution::{Distribution, Pair, Space};
use kl_sim::estimator::{SequenceScore, Sequences};
use std::sync::Arc;

/// Two models or more over the same values, each beside the first one.
///
/// ```
/// use kl_runner::experiment_file::{Argument, Models};
/// let argument = |text| Argument { name: "--q", text };
/// let models = Models::read(&["H=0.5,T=0.5", "H=0.25,T=0.75"].map(argument)).expect("two coins");
/// let lines = models.read_sequences(b"HT\n")?;
/// let found = lines[0].likelihoods.as_ref().expect("symbols of both");
/// assert_eq!((found.length, found.logs[0]), (2, -2.0 * std::f64::consts::LN_2));
/// # Ok::<(), kl_runner::experiment_file::Unreadable>(())
/// ```
#[derive(Clone, Debug)]
pub struct Models {
    /// The first model and each other one.
    pairs: Vec<Pair>,
}

/// A line that was read under all models.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelLine {
    /// Its number, from 1.
    pub number: u64,
    /// How it begins.
    pub start: String,
    /// What the models say of it; or what is wrong, and what to write.
    pub likelihoods: Result<Likelihoods, (String, String)>,
}

/// The logarithms of a sequence's likelihoods.
#[derive(Clone, Debug, PartialEq)]
pub struct Likelihoods {
    /// N.
    pub length: u64,
    /// ln of the probability of the sequence under each model, or of its density; nats.
    pub logs: Vec<f64>,
}

impl Models {
    /// Reads the models, and reports all mistakes in them. There are at least two.
    pub fn read(arguments: &[Argument<'_>]) -> Result<Self, Vec<Diagnostics>> {
        let mistakes: Vec<Diagnostics> = arguments.iter().filter_map(|&argument| read_one(argument).err()).collect();
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let (mut pairs, mut mistakes) = (Vec::new(), Vec::new());
        if let Some((&first, others)) = arguments.split_first() {
            for &other in others {
                match read_pair(first, other) {
                    Ok(pair) => pairs.push(pair),
                    Err(mistake) => mistakes.push(mistake),
                }
            }
        }
        if mistakes.is_empty() { Ok(Self { pairs }) } else { Err(mistakes) }
    }

    /// The models.
    pub fn distributions(&self) -> impl Iterator<Item = &Arc<Distribution>> {
        self.pairs.first().map(Pair::source).into_iter().chain(self.pairs.iter().map(Pair::model))
    }

    /// Whether sequences have probabilities, and not densities: only then has a code a length.
    pub fn has_probabilities(&self) -> bool {
        self.pairs.iter().all(|pair| pair.values().is_none_or(|values| values.space() == Space::Counts))
    }

    /// Whether values are symbols.
    pub fn has_symbols(&self) -> bool {
        self.pairs.iter().all(|pair| pair.values().is_none())
    }

    /// Reads sequences, one on each line. Lines without an item are skipped.
    ///
    /// # Errors
    ///
    /// The names of symbols cannot be read from text.
    pub fn read_sequences(&self, text: &[u8]) -> Result<Vec<ModelLine>, Unreadable> {
        let mut lines: Vec<ModelLine> = Vec::new();
        for (place, pair) in self.pairs.iter().enumerate() {
            let found = with_sequences(pair, Reading { text })?;
            if place == 0 {
                lines = found.into_iter().map(|line| line.first()).collect();
            } else {
                lines.iter_mut().zip(found).for_each(|(line, found)| line.add(found));
            }
        }
        Ok(lines)
    }
}

/// A line that was read under one pair.
struct PairLine {
    number: u64,
    start: String,
    score: Result<SequenceScore, (String, String)>,
}

impl PairLine {
    fn first(self) -> ModelLine {
        let likelihoods = self.score.map(|score| Likelihoods {
            length: score.length,
            logs: vec![score.log_source, beside(score.log_source, &score)],
        });
        ModelLine { number: self.number, start: self.start, likelihoods }
    }
}

impl ModelLine {
    fn add(&mut self, found: PairLine) {
        match (&mut self.likelihoods, found.score) {
            (Ok(known), Ok(score)) => {
                let first = known.logs.first().copied().unwrap_or(score.log_source);
                known.logs.push(beside(first, &score));
            }
            (Ok(_), Err(misread)) => self.likelihoods = Err(misread),
            (Err(_), _) => {}
        }
    }
}

/// ln Q(seq) by way of the log ratio: models that are the same have the same to the last bit.
fn beside(first: f64, score: &SequenceScore) -> f64 {
    score.log_ratio.filter(|ratio| ratio.is_finite()).map_or(score.log_model, |ratio| first - ratio)
}

/// Reads all lines of a text.
struct Reading<'a> {
    text: &'a [u8],
}

impl SequenceTask for Reading<'_> {
    type Output = Vec<PairLine>;

    fn run<W: Script, S: Sequences<Item = W::Item>>(self, script: &W, sequences: &S) -> Vec<PairLine> {
        // Text in memory is read without errors.
        let lines = SequenceReader::new(script, sequences, self.text).map_while(Result::ok);
        let read = lines.map(|line| {
            let empty = || ("there is no sequence".to_owned(), script.help());
            let tally = line.tally.map_err(|misread| (misread.to_string(), script.help()));
            let score = tally.and_then(|tally| sequences.score(&tally).ok_or_else(empty));
            PairLine { number: line.number, start: line.start, score }
        });
        read.collect()
    }
}
