//! The `sequence` sampler: every symbol of every sequence.

use super::thresholds::{Decision, Lead, Thresholds};
use super::{Blocks, Sampler};
use crate::distribution::Distribution;
use crate::estimator::{Batch, View};
use crate::simulation::stream::{Role, Stream, StreamKey};

/// All blocks of sequences of `n` symbols from one source.
#[derive(Debug)]
pub struct SequenceBlocks {
    thresholds: Thresholds,
    source: StreamKey,
    refine: StreamKey,
}

impl SequenceBlocks {
    /// The sampler's name in files and in the keys of its streams.
    pub const NAME: &'static str = "sequence";

    /// The blocks of `seed`.
    pub fn new(seed: u64, source: &Distribution, n: u64) -> Self {
        Self {
            thresholds: Thresholds::new(source.masses().probabilities()),
            source: StreamKey::new(seed, Role::Source, Self::NAME, n, source),
            refine: StreamKey::new(seed, Role::Refine, Self::NAME, n, source),
        }
    }
}

impl Blocks for SequenceBlocks {
    fn sampler(&self, block: u64) -> Box<dyn Sampler + '_> {
        Box::new(Sequence {
            thresholds: &self.thresholds,
            source: self.source.stream(block),
            refine: self.refine.stream(block),
            spare: Spare::default(),
        })
    }
}

/// The sampler of one block.
#[derive(Debug)]
struct Sequence<'a> {
    thresholds: &'a Thresholds,
    source: Stream,
    refine: Stream,
    spare: Spare,
}

/// Bits of a byte that the last stretch left over; a new trial starts on a new byte.
#[derive(Debug, Default)]
struct Spare {
    bits: u8,
    count: u32,
}

impl Sampler for Sequence<'_> {
    fn fill(&mut self, batch: &mut Batch, view: View) {
        let length = batch.end - batch.start;
        batch.counts.clear();
        batch.counts.resize(batch.trials * batch.alphabet, 0);
        batch.symbols.clear();
        for counts in batch.counts.chunks_exact_mut(batch.alphabet).take(batch.trials) {
            if batch.start == 0 {
                self.spare = Spare::default();
            }
            match view {
                View::Counts => self.draw(length, |symbol| counts[usize::from(symbol)] += 1),
                View::Symbols => self.draw(length, |symbol| {
                    counts[usize::from(symbol)] += 1;
                    batch.symbols.push(symbol);
                }),
            }
        }
    }
}

impl Sequence<'_> {
    /// The next `length` symbols of the trial.
    fn draw(&mut self, length: u64, mut take: impl FnMut(u16)) {
        match self.thresholds.lead() {
            Lead::Bit => self.draw_bits(length, take),
            Lead::Byte(decisions) => {
                let mut left = length;
                while left > 0 {
                    let bytes = self.source.bytes(left);
                    left -= bytes.len() as u64;
                    for &byte in bytes {
                        take(match decisions[usize::from(byte)] {
                            Some(symbol) => symbol,
                            None => settle(self.thresholds, &mut self.refine, u64::from(byte), 8),
                        });
                    }
                }
            }
            Lead::TwoBytes(decisions) => {
                for _ in 0..length {
                    let value = u16::from_le_bytes(self.source.array());
                    let decision = decisions[usize::from(value)];
                    take(self.decided(decision, u64::from(value), 16));
                }
            }
            Lead::FourBytes => {
                for _ in 0..length {
                    let value = u64::from(u32::from_le_bytes(self.source.array()));
                    let decision = self.thresholds.decide(value, 32);
                    take(self.decided(decision, value, 32));
                }
            }
        }
    }

    fn decided(&mut self, decision: Decision, value: u64, bits: u32) -> u16 {
        decision.unwrap_or_else(|| settle(self.thresholds, &mut self.refine, value, bits))
    }

    /// A fair coin, lowest bit first.
    fn draw_bits(&mut self, length: u64, mut take: impl FnMut(u16)) {
        for _ in 0..length {
            if self.spare.count == 0 {
                let [bits] = self.source.array();
                self.spare = Spare { bits, count: 8 };
            }
            take(u16::from(self.spare.bits & 1));
            self.spare.bits >>= 1;
            self.spare.count -= 1;
        }
    }
}

fn settle(thresholds: &Thresholds, refine: &mut Stream, value: u64, bits: u32) -> u16 {
    thresholds.settle(value, bits, u64::from_le_bytes(refine.array()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{Number, Parameter};

    fn source(weights: &[&str]) -> Distribution {
        let weights = weights.iter().map(|weight| Parameter::Number(Number::fraction(weight).unwrap())).collect();
        Distribution::read(&Parameter::List(weights)).unwrap()
    }

    /// The first `length` symbols of block 0, drawn in stretches of `step`.
    fn symbols(source: &Distribution, length: u64, step: u64) -> Vec<u16> {
        let blocks = SequenceBlocks::new(57, source, length);
        let mut sampler = blocks.sampler(0);
        let alphabet = source.masses().alphabet().size();
        let mut batch = Batch { trials: 1, alphabet, ..Batch::default() };
        let mut symbols = Vec::new();
        while batch.end < length {
            batch.start = batch.end;
            batch.end = length.min(batch.start + step);
            sampler.fill(&mut batch, View::Symbols);
            symbols.extend_from_slice(&batch.symbols);
        }
        symbols
    }

    /// Frozen draws, as `tests/reference/streams.py` makes them from the definition: a change here is
    /// value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_symbols_are_frozen() {
        let twenty = vec!["1/20"; 20];
        let many = vec!["1/300"; 300];
        let drawn = [vec!["1/2", "1/2"], vec!["2/5", "3/5"], vec!["1/6"; 6], twenty, many]
            .map(|weights| format!("{:?}", symbols(&source(&weights), 24, 24)));
        insta::assert_snapshot!(drawn.join("\n"), @r"
        [0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1]
        [0, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0]
        [1, 4, 2, 5, 1, 5, 0, 3, 1, 3, 1, 1, 5, 5, 0, 5, 2, 5, 5, 1, 5, 3, 4, 4]
        [17, 13, 19, 16, 3, 10, 5, 9, 9, 16, 17, 8, 17, 4, 7, 4, 8, 5, 7, 6, 13, 0, 12, 16]
        [171, 19, 224, 115, 277, 154, 298, 143, 8, 46, 289, 64, 203, 17, 194, 131, 274, 179, 89, 104, 10, 270, 208, 36]
        ");
    }

    #[test]
    fn stretches_do_not_change_the_symbols() {
        for weights in [vec!["1/2", "1/2"], vec!["2/5", "3/5"], vec!["1/20"; 20], vec!["1/300"; 300]] {
            let source = source(&weights);
            let whole = symbols(&source, 3_000, 3_000);
            assert_eq!(symbols(&source, 3_000, 7), whole);
            assert_eq!(symbols(&source, 3_000, 1_024), whole);
        }
    }

    /// χ² of a million symbols against P, fixed seed. A right sampler exceeds the bound with chance 1e-9
    /// (Laurent & Massart 2000: χ²_k ≥ k + 2√(kx) + 2x with chance ≤ e^−x); a probability of a coin wrong by 0.005
    /// is seen with chance above 0.99.
    #[test]
    fn a_million_symbols_follow_their_law() {
        let loaded = vec!["1/10", "1/5", "3/10", "3/20", "1/20", "1/5"];
        for weights in [vec!["1/2", "1/2"], vec!["2/5", "3/5"], loaded, vec!["1/20"; 20], vec!["1/300"; 300]] {
            let source = source(&weights);
            let mut counts = vec![0.0; weights.len()];
            symbols(&source, 1_000_000, 1 << 16).iter().for_each(|&symbol| counts[usize::from(symbol)] += 1.0);
            let chi_square: f64 = (counts.iter().zip(source.masses().probabilities()))
                .map(|(count, p)| {
                    let expected = 1e6 * p.to_f64();
                    (count - expected) * (count - expected) / expected
                })
                .sum();
            let (k, x) = ((weights.len() - 1) as f64, 20.7);
            assert!(chi_square < k + 2.0 * (k * x).sqrt() + 2.0 * x, "{weights:?}: {chi_square}");
        }
    }
}
