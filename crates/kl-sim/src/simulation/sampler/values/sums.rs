//! The `counts` sampler of values that are not symbols: the sums of their statistics over a sequence, without the sequence.

use crate::estimator::{Cost, Detail, Rows, View};
use crate::simulation::sampler::base::{Gamma, NegativeBinomial, Poisson, normal};
use crate::simulation::sampler::binomial::{BinomialDraw, BinomialTable};
use crate::simulation::sampler::block_sizes::BlockSizes;
use crate::simulation::sampler::blocks::{Blocks, Sampler, Segment};
use crate::simulation::sampler::counts::CountsBlocks;
use crate::simulation::stream::{Role, Stream, StreamKey};
use crate::simulation::words::Words;
use kl_math::distribution::{BaseVariable, Distribution};
use kl_math::law::Binomial;

/// All blocks of the sums over sequences of `n` values from one source.
///
/// The law of a sum of Poisson, negative binomial, binomial, exponential or gamma numbers is of the same family; of N
/// standard normal numbers Σz is √N z₀ and Σz², given that, z₀² plus an independent χ² number of N − 1 degrees of freedom,
/// in several dimensions a Wishart matrix (Bartlett 1933, "On the theory of statistical regression"). Each trial takes the
/// same time whatever N is.
#[derive(Debug)]
pub struct SumBlocks {
    n: u64,
    sum: Sum,
    statistics: usize,
    source: StreamKey,
}

/// How the sums are drawn.
#[derive(Debug)]
enum Sum {
    /// There is nothing to draw: X is constant, and its statistics are not used. Holds their number.
    Nothing(usize),
    /// The sum of ln G is not drawn: nothing asks for it.
    Gamma {
        total: Gamma,
        has_log: bool,
    },
    Normals(Normals),
    Poisson(Poisson),
    NegativeBinomial(NegativeBinomial),
    Table(Box<BinomialTable>),
    Binomial(BinomialDraw),
}

/// Sums of standard normal vectors and of their products.
#[derive(Debug)]
struct Normals {
    root: f64,
    dimensions: usize,
    /// Half of a χ² number of N − 1, N − 2, … degrees of freedom, as many as there are dimensions; empty if N is smaller.
    squares: Vec<Gamma>,
    /// N − 1.
    others: u64,
}

impl SumBlocks {
    /// The blocks of `seed`, of a source whose values are no symbols; none if the law of its sums is not known.
    pub fn new(seed: u64, source: &Distribution, n: u64) -> Option<Self> {
        let base = source.values()?.base_variable();
        let sum = Sum::of(&base, n)?;
        Some(Self {
            n,
            sum,
            statistics: base.statistics(),
            source: StreamKey::new(seed, Role::Source, CountsBlocks::NAME, n, source),
        })
    }
}

impl Sum {
    fn of(standard: &BaseVariable, n: u64) -> Option<Self> {
        /// Binomial laws of more tries are drawn from without a table.
        const MOST_TRIES: f64 = (1u64 << 40) as f64;
        /// log₂ of the bytes of a table.
        const TABLE_BITS: u32 = 13;
        let count = n as f64;
        Some(match standard {
            BaseVariable::Laplace
            | BaseVariable::Cauchy
            | BaseVariable::Uniform
            | BaseVariable::LogOdds { .. }
            | BaseVariable::TruncatedNormal { .. }
            | BaseVariable::Mixture { .. }
            | BaseVariable::Dirichlet { .. } => Self::Nothing(standard.statistics()),
            BaseVariable::Exponential => Self::Gamma { total: Gamma::new(count), has_log: false },
            BaseVariable::Gamma { shape } => Self::Gamma { total: Gamma::new(count * shape), has_log: true },
            BaseVariable::Normal => Self::Normals(Normals::new(1, n)),
            BaseVariable::Normals { dimensions } => Self::Normals(Normals::new(*dimensions, n)),
            BaseVariable::Poisson { mean } => Self::Poisson(Poisson::new(count * mean)),
            BaseVariable::NegativeBinomial { successes, success } => {
                Self::NegativeBinomial(NegativeBinomial::new(count * successes, *success, 1.0 - success))
            }
            // However many tries there are, all are the same.
            BaseVariable::Binomial { success: 0.0 | 1.0, .. } => Self::Nothing(standard.statistics()),
            BaseVariable::Binomial { tries, success } => {
                let tries = n.checked_mul(*tries).filter(|&tries| tries <= 1 << 53)?;
                let law = Binomial::new(tries, (*success).into(), (1.0 - success).into());
                if tries as f64 <= MOST_TRIES {
                    Self::Table(Box::new(BinomialTable::new(law, TABLE_BITS)))
                } else {
                    Self::Binomial(BinomialDraw::new(law))
                }
            }
        })
    }
}

impl Normals {
    fn new(dimensions: usize, n: u64) -> Self {
        let others = n - 1;
        let squares = (0..dimensions as u64).map(|row| Gamma::new(0.5 * others.saturating_sub(row) as f64));
        let squares = if others >= dimensions as u64 { squares.collect() } else { Vec::new() };
        Self { root: (n as f64).sqrt(), dimensions, squares, others }
    }

    /// Σzᵢ, then Σzᵢzⱼ for j ≤ i, row by row.
    fn draw(&self, stream: &mut Stream, sums: &mut Vec<f64>) {
        let size = self.dimensions;
        if let (1, Some(square)) = (size, self.squares.first()) {
            // The same without a matrix.
            let first = normal(stream);
            sums.extend([self.root * first, first * first + 2.0 * square.draw(stream)]);
            return;
        }
        let first: Vec<f64> = (0..size).map(|_| normal(stream)).collect();
        sums.extend(first.iter().map(|z| self.root * z));
        let mut products: Vec<Vec<f64>> = first.iter().map(|a| first.iter().map(|b| a * b).collect()).collect();
        let mut add = |column: &[f64]| {
            for (row, a) in products.iter_mut().zip(column) {
                row.iter_mut().zip(column).for_each(|(product, b)| *product += a * b);
            }
        };
        if self.squares.is_empty() {
            for _ in 0..self.others {
                add(&(0..size).map(|_| normal(stream)).collect::<Vec<f64>>());
            }
        } else {
            // W = Σ of the products of the columns of a triangular matrix.
            for (place, square) in self.squares.iter().enumerate() {
                let mut column = vec![0.0; size];
                for (row, entry) in column.iter_mut().enumerate().skip(place) {
                    *entry = if row == place { (2.0 * square.draw(stream)).sqrt() } else { normal(stream) };
                }
                add(&column);
            }
        }
        sums.extend(products.iter().enumerate().flat_map(|(i, row)| row.iter().take(i + 1).copied()));
    }
}

impl Blocks for SumBlocks {
    fn sizes(&self) -> BlockSizes {
        /// The number of symbols that take as long as a number.
        const SYMBOLS_A_DRAW: u64 = 128;
        let (cost, size) = match &self.sum {
            Sum::Normals(normals) => (normals.dimensions * normals.dimensions, 1 + normals.dimensions * 2),
            _ => (1, 2),
        };
        BlockSizes::of_trials(self.n, SYMBOLS_A_DRAW * cost as u64, size)
    }

    fn cost(&self) -> Cost {
        /// Streams and buffers.
        const BLOCK: u128 = 500_000;
        let trial = match &self.sum {
            Sum::Nothing(_) => 1_000,
            Sum::Gamma { .. } => 8_000,
            Sum::Normals(normals) if normals.dimensions == 1 && !normals.squares.is_empty() => 12_000,
            Sum::Normals(normals) => {
                let size = normals.dimensions as u128;
                // Fewer values than dimensions are drawn one by one.
                let columns = if normals.squares.is_empty() { u128::from(normals.others) } else { size };
                20_000 * size + (48_000 + 6_000 * size) * columns
            }
            Sum::Poisson(_) | Sum::NegativeBinomial(_) | Sum::Table(_) => 4_000,
            Sum::Binomial(_) => 200_000,
        };
        Cost { trial, block: BLOCK }
    }

    fn sampler(&self, block: u64) -> Box<dyn Sampler + '_> {
        Box::new(Sums { blocks: self, stream: self.source.stream(block), sums: Vec::new() })
    }
}

/// The sampler of one block.
struct Sums<'a> {
    blocks: &'a SumBlocks,
    stream: Stream,
    /// Those drawn last.
    sums: Vec<f64>,
}

impl Sampler for Sums<'_> {
    fn draw(&mut self, segment: Segment, _: Detail) -> View<'_> {
        let (stream, sums) = (&mut self.stream, &mut self.sums);
        sums.clear();
        for _ in 0..segment.trials {
            match &self.blocks.sum {
                Sum::Nothing(statistics) => sums.extend(std::iter::repeat_n(0.0, *statistics)),
                Sum::Gamma { total, has_log } => {
                    if *has_log {
                        // Never used: laws of one shape differ in the sum of G alone.
                        sums.push(0.0);
                    }
                    sums.push(total.draw(stream));
                }
                Sum::Normals(normals) => normals.draw(stream, sums),
                Sum::Poisson(law) => sums.push(law.draw(stream)),
                Sum::NegativeBinomial(law) => sums.push(law.draw(stream)),
                Sum::Table(table) => {
                    let word = stream.word();
                    sums.push(table.draw(word, stream) as f64);
                }
                Sum::Binomial(law) => sums.push(law.draw(stream) as f64),
            }
        }
        View::Sums(Rows::new(self.blocks.statistics, sums))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kl_math::distribution::{Number, Parameter};

    fn source(family: &str, parameters: &[(&str, Parameter)]) -> Distribution {
        let parameters = parameters.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        Distribution::read(&Parameter::Table(vec![(family.into(), Parameter::Table(parameters))])).unwrap()
    }

    /// Such trials were once drawn value by value, for ever.
    #[test]
    fn trials_whose_log_ratio_is_constant_take_no_time_however_long_they_are() {
        let number = |value| Parameter::Number(Number::new(value));
        for source in [
            source("dirichlet", &[("alpha", Parameter::List(vec![number(1.0), number(2.0), number(3.0)]))]),
            source("beta", &[("alpha", number(1.0)), ("beta", number(2.0))]),
            source("binomial", &[("n", number(1e12)), ("p", number(0.0))]),
            source("binomial", &[("n", number(1e12)), ("p", number(1.0))]),
        ] {
            let blocks = SumBlocks::new(0, &source, 1_000_000_000_000).unwrap();
            let statistics = source.values().unwrap().base_variable().statistics();
            let mut sampler = blocks.sampler(0);
            let View::Sums(sums) = sampler.draw(Segment::whole(3, blocks.n), Detail::Totals) else {
                panic!("{source}")
            };
            assert_eq!(sums.numbers(), vec![0.0; 3 * statistics], "{source}");
        }
    }
}
