//! Sequences coded under P and under Q, and decoded again.

use super::coder::Encoder;
use super::law::CodedLaw;
use crate::estimator::{Batch, Detail, ScoredTrial, Scorer};
use std::f64::consts::LN_2;

/// Codes each sequence of `n` symbols twice.
#[derive(Debug)]
pub(super) struct CodeScorer {
    /// P and Q.
    laws: [CodedLaw; 2],
    encoders: [Encoder; 2],
    n: u64,
    /// The symbols of the current trial so far.
    symbols: Vec<u32>,
    /// Whether one of them has no code.
    has_failed: bool,
}

impl CodeScorer {
    pub(super) fn new(laws: [CodedLaw; 2], n: u64) -> Self {
        Self { laws, encoders: Default::default(), n, symbols: Vec::new(), has_failed: false }
    }

    pub(super) fn restart(&mut self) {
        self.encoders.iter_mut().for_each(Encoder::restart);
        self.symbols.clear();
        self.has_failed = false;
    }

    pub(super) fn push(&mut self, symbol: u32) {
        let place = |symbol: u32| usize::try_from(symbol).unwrap_or(usize::MAX);
        let before = self.symbols.last().copied().map(place);
        for (law, encoder) in self.laws.iter().zip(&mut self.encoders) {
            self.has_failed |= law.encode(encoder, before, place(symbol)).is_none();
        }
        self.symbols.push(symbol);
    }

    /// The lengths of the two codes if they end here.
    pub(super) fn lengths(&self) -> [u64; 2] {
        self.encoders.each_ref().map(Encoder::length)
    }

    /// Ends both codes and decodes them; none if that does not give the sequence again.
    pub(super) fn finish(&mut self) -> Option<[u64; 2]> {
        let lengths = self.lengths();
        let coded = self.laws.iter().zip(&mut self.encoders).zip(lengths);
        let are_right = coded
            .map(|((law, encoder), length)| {
                let bits = encoder.finish();
                bits.len() == length && law.decodes(bits, &self.symbols)
            })
            .filter(|is_right| !is_right)
            .count()
            == 0;
        (are_right && !self.has_failed).then_some(lengths)
    }
}

/// (bits_Q − bits_P) ln 2/N.
fn estimate([source, model]: [u64; 2], n: u64) -> f64 {
    let excess = model.abs_diff(source) as f64 * LN_2 / n as f64;
    if model < source { -excess } else { excess }
}

impl Scorer for CodeScorer {
    fn detail(&self) -> Detail {
        Detail::Sequence
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        let length = usize::try_from(batch.length()).unwrap_or(usize::MAX).max(1);
        for symbols in batch.view.symbols().chunks_exact(length) {
            if batch.start == 0 {
                self.restart();
            }
            symbols.iter().for_each(|&symbol| self.push(symbol));
            if batch.end == self.n {
                let failed = ScoredTrial::failed(self.n);
                scored.push(match self.finish() {
                    Some(lengths) => ScoredTrial { estimate: estimate(lengths, self.n), ..failed },
                    None => failed,
                });
            }
        }
    }

    fn running(&self, length: u64) -> f64 {
        if self.has_failed { f64::NAN } else { estimate(self.lengths(), length) }
    }
}
