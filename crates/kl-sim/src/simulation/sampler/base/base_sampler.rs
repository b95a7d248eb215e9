//! The base variable of any family.

use super::batch::{BATCH, fill_longs};
use super::cauchy::{cauchy, fill_cauchy};
use super::exponential::{exponential, fill_exponential};
use super::gamma::Gamma;
use super::laplace::{fill_laplace, laplace};
use super::log_gamma::LogGammas;
use super::log_odds::LogShares;
use super::negative_binomial::NegativeBinomial;
use super::normal::{fill_normal, normal};
use super::poisson::Poisson;
use super::uniform::{uniform, uniform_of};
use crate::simulation::sampler::binomial::{BinomialDraw, BinomialTable};
use crate::simulation::words::Words;
use kl_math::distribution::BaseVariable;
use kl_math::law::Binomial;
use std::ops::RangeInclusive;

/// How the base variable of a family is drawn.
#[derive(Debug)]
pub(in crate::simulation::sampler) enum BaseSampler {
    Exponential,
    Normal,
    Normals {
        dimensions: usize,
    },
    Gamma(LogGammas),
    /// Of any shape.
    AnyGamma(Gamma),
    Beta(LogShares),
    Dirichlet(Vec<Gamma>),
    Laplace,
    Cauchy,
    Uniform,
    Poisson(Poisson),
    NegativeBinomial(NegativeBinomial),
    Table(Box<BinomialTable>),
    Binomial(BinomialDraw),
}

impl BaseSampler {
    pub(in crate::simulation::sampler) fn of(standard: &BaseVariable) -> Self {
        /// Binomial laws with wider tables are drawn from at once.
        const MOST_TRIES: u64 = 1 << 40;
        /// Shapes whose laws are cut into layers: with others doubles end.
        const LAYERED: RangeInclusive<f64> = 1e-30..=1e30;
        /// log₂ of the bytes of a table.
        const TABLE_BITS: u32 = 13;
        match standard {
            BaseVariable::Exponential => Self::Exponential,
            BaseVariable::Normal => Self::Normal,
            BaseVariable::Normals { dimensions } => Self::Normals { dimensions: *dimensions },
            BaseVariable::Gamma { shape } if LAYERED.contains(shape) => Self::Gamma(LogGammas::new(*shape)),
            BaseVariable::Gamma { shape } => Self::AnyGamma(Gamma::new(*shape)),
            BaseVariable::Dirichlet { alpha } => match alpha.as_slice() {
                &[a, b] if LAYERED.contains(&a) && LAYERED.contains(&b) => Self::Beta(LogShares::new(a, b)),
                alpha => Self::Dirichlet(alpha.iter().map(|&shape| Gamma::new(shape)).collect()),
            },
            BaseVariable::Laplace => Self::Laplace,
            BaseVariable::Cauchy => Self::Cauchy,
            BaseVariable::Uniform => Self::Uniform,
            BaseVariable::Poisson { mean } => Self::Poisson(Poisson::new(*mean)),
            BaseVariable::NegativeBinomial { successes, success } => {
                Self::NegativeBinomial(NegativeBinomial::new(*successes, *success, 1.0 - success))
            }
            BaseVariable::Binomial { tries, success } => {
                let law = Binomial::new(*tries, (*success).into(), (1.0 - success).into());
                if *tries <= MOST_TRIES {
                    Self::Table(Box::new(BinomialTable::new(law, TABLE_BITS)))
                } else {
                    Self::Binomial(BinomialDraw::new(law))
                }
            }
        }
    }

    /// One draw of at most two numbers, and their number; longer draws are not made.
    #[inline]
    pub(in crate::simulation::sampler) fn draw_few(&self, random: &mut (impl Words + ?Sized)) -> ([f64; 2], usize) {
        let number = match self {
            Self::Exponential => exponential(random),
            Self::Normal => normal(random),
            Self::Gamma(law) => return (law.draw(random), 2),
            Self::AnyGamma(law) => return (gamma_draw(law, random), 2),
            Self::Beta(law) => return (law.draw(random), 2),
            Self::Laplace => laplace(random),
            Self::Cauchy => cauchy(random),
            Self::Uniform => uniform(random),
            Self::Poisson(law) => law.draw(random),
            Self::NegativeBinomial(law) => law.draw(random),
            Self::Table(table) => table.draw_from(random) as f64,
            Self::Binomial(law) => law.draw(random) as f64,
            Self::Dirichlet(parts) => {
                let mut logs = [0.0; 2];
                if parts.len() == logs.len() {
                    dirichlet_draw(parts, random, &mut logs);
                }
                return (logs, logs.len());
            }
            Self::Normals { .. } => return ([0.0; 2], 0),
        };
        ([number, 0.0], 1)
    }

    /// Appends one draw: as many numbers as [`BaseVariable::width`] says.
    pub(in crate::simulation::sampler) fn draw(&self, random: &mut (impl Words + ?Sized), numbers: &mut Vec<f64>) {
        match self {
            Self::Normals { dimensions } => numbers.extend((0..*dimensions).map(|_| normal(random))),
            Self::Dirichlet(parts) => {
                let start = numbers.len();
                numbers.resize(start + parts.len(), 0.0);
                dirichlet_draw(parts, random, &mut numbers[start..]);
            }
            single => {
                let (draw, width) = single.draw_few(random);
                numbers.extend(draw.into_iter().take(width));
            }
        }
    }

    /// Replaces `numbers` by those of the next draws. How many there are depends on nothing but the law.
    pub(in crate::simulation::sampler) fn refill(&self, random: &mut (impl Words + ?Sized), numbers: &mut Vec<f64>) {
        /// Longer draws come one by one.
        const WIDEST: usize = 32;
        match self {
            Self::Normals { dimensions } if *dimensions <= WIDEST => refill(numbers, *dimensions, |numbers| {
                fill_normal(&fill_longs(random), random, numbers);
            }),
            Self::Normals { .. } | Self::Dirichlet(_) => {
                numbers.clear();
                self.draw(random, numbers);
            }
            Self::AnyGamma(law) => refill_pairs(numbers, |pairs| pairs.fill_with(|| gamma_draw(law, random))),
            Self::Gamma(law) => refill_pairs(numbers, |pairs| law.fill(&fill_longs(random), random, pairs)),
            Self::Beta(law) => refill_pairs(numbers, |pairs| law.fill(&fill_longs(random), random, pairs)),
            single => refill(numbers, 1, |numbers| single.fill(random, numbers)),
        }
    }

    /// Draws of one number.
    fn fill(&self, random: &mut (impl Words + ?Sized), numbers: &mut [f64; BATCH]) {
        match self {
            Self::Exponential => fill_exponential(&fill_longs(random), random, numbers),
            Self::Normal => fill_normal(&fill_longs(random), random, numbers),
            Self::Laplace => fill_laplace(&fill_longs(random), random, numbers),
            Self::Cauchy => fill_cauchy([&fill_longs(random), &fill_longs(random)], random, numbers),
            Self::Uniform => numbers.iter_mut().zip(fill_longs(random)).for_each(|(u, long)| *u = uniform_of(long)),
            Self::Poisson(law) => law.fill(random, numbers),
            Self::NegativeBinomial(law) => law.fill(random, numbers),
            Self::Table(table) => table.fill(random, numbers),
            other => numbers.fill_with(|| other.draw_few(random).0[0]),
        }
    }
}

/// Draws of `width` numbers, a batch of them.
fn refill(numbers: &mut Vec<f64>, width: usize, fill: impl FnMut(&mut [f64; BATCH])) {
    numbers.resize(width * BATCH, 0.0);
    numbers.as_chunks_mut::<BATCH>().0.iter_mut().for_each(fill);
}

fn refill_pairs(numbers: &mut Vec<f64>, fill: impl FnMut(&mut [[f64; 2]; BATCH])) {
    numbers.resize(2 * BATCH, 0.0);
    numbers.as_chunks_mut::<2>().0.as_chunks_mut::<BATCH>().0.iter_mut().for_each(fill);
}

/// ln G and G.
#[inline]
fn gamma_draw(gamma: &Gamma, random: &mut (impl Words + ?Sized)) -> [f64; 2] {
    let log = gamma.draw_log(random);
    [log, libm::exp(log)]
}

/// The logarithms of shares that sum to one.
#[inline]
fn dirichlet_draw(parts: &[Gamma], random: &mut (impl Words + ?Sized), logs: &mut [f64]) {
    for (log, part) in logs.iter_mut().zip(parts) {
        *log = part.draw_log(random);
    }
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let whole = top + libm::log(logs.iter().map(|log| libm::exp(log - top)).sum());
    logs.iter_mut().for_each(|log| *log -= whole);
}

#[cfg(test)]
mod tests {
    use super::super::testing::stream;
    use super::*;

    fn all() -> Vec<BaseVariable> {
        let (shapes, mean) = ([1e-40, 0.2, 2.5, 1e4], 3.0);
        let gammas = shapes.map(|shape| BaseVariable::Gamma { shape });
        let binomial = |tries, success| BaseVariable::Binomial { tries, success };
        let failures = |successes, success| BaseVariable::NegativeBinomial { successes, success };
        let shares = |alpha: &[f64]| BaseVariable::Dirichlet { alpha: alpha.to_vec() };
        let mut all = vec![
            BaseVariable::Exponential,
            BaseVariable::Normal,
            BaseVariable::Normals { dimensions: 3 },
            BaseVariable::Normals { dimensions: 40 },
            BaseVariable::Laplace,
            BaseVariable::Cauchy,
            BaseVariable::Uniform,
            shares(&[2.0, 3.0]),
            shares(&[0.1, 40.0]),
            shares(&[1e-40, 1e-40]),
            shares(&[2.0, 0.5, 1.0]),
            BaseVariable::Poisson { mean },
            BaseVariable::Poisson { mean: 300.0 },
            BaseVariable::Poisson { mean: 1e7 },
            BaseVariable::Poisson { mean: 1e14 },
            failures(1.0, 0.2),
            failures(1.0, 1e-17),
            failures(0.4, 0.2),
            failures(3.5, 0.2),
            binomial(40, 0.3),
            binomial(1 << 38, 0.3),
            binomial(1 << 45, 0.3),
        ];
        all.extend(gammas);
        all
    }

    /// χ² of two samples over 200 stretches with the same number of the one, for each coordinate of a draw: exceeded with
    /// chance 1e-9 by right samplers (Laurent & Massart 2000: χ²_k ≥ k + 2√(kx) + 2x with chance ≤ e^−x).
    #[test]
    fn a_batch_has_the_law_of_single_draws() {
        const DRAWS: usize = 200_000;
        for base in all() {
            let (sampler, width, mut stream) = (BaseSampler::of(&base), base.width(), stream());
            let (mut single, mut batch, mut part) = (Vec::new(), Vec::new(), Vec::new());
            while single.len() < DRAWS * width {
                sampler.draw(&mut stream, &mut single);
            }
            while batch.len() < DRAWS * width {
                sampler.refill(&mut stream, &mut part);
                assert!(!part.is_empty() && part.len().is_multiple_of(width), "{base:?}");
                batch.append(&mut part);
            }
            for coordinate in 0..width {
                let column = |numbers: &[f64]| -> Vec<f64> {
                    numbers.iter().skip(coordinate).step_by(width).take(DRAWS).copied().collect()
                };
                let (mut single, batch) = (column(&single), column(&batch));
                single.sort_by(f64::total_cmp);
                let mut edges: Vec<f64> = single.iter().skip(DRAWS / 200).step_by(DRAWS / 200).copied().collect();
                edges.dedup();
                let count = |numbers: &[f64]| {
                    let mut counts = vec![0u32; edges.len() + 1];
                    numbers.iter().for_each(|&x| counts[edges.partition_point(|&edge| edge < x)] += 1);
                    counts
                };
                let pairs = count(&single).into_iter().zip(count(&batch)).map(|(a, b)| (f64::from(a), f64::from(b)));
                let chi_square: f64 =
                    pairs.filter(|(a, b)| a + b > 0.0).map(|(a, b)| (a - b) * (a - b) / (a + b)).sum();
                let (freedom, x) = (edges.len() as f64, 20.7);
                let bound = freedom + 2.0 * (freedom * x).sqrt() + 2.0 * x;
                assert!(chi_square < bound, "{base:?} {coordinate}: χ² = {chi_square} of {freedom} degrees of freedom");
            }
        }
    }

    /// Frozen draws, some of them as `tests/reference/streams.py` makes them from the definition: a change
    /// here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_batches_are_frozen() {
        let first = |base: BaseVariable| {
            let mut numbers = Vec::new();
            BaseSampler::of(&base).refill(&mut stream(), &mut numbers);
            numbers.truncate(4);
            format!("{base:?}: {numbers:?}")
        };
        insta::assert_snapshot!(all().into_iter().map(first).collect::<Vec<_>>().join("\n"), @"
        Exponential: [0.15717381385556067, 0.9207105827701596, 1.0371874625947561, 0.4881310792430982]
        Normal: [0.5349494377172856, -0.5807078784743088, 1.732484612377901, -0.7350453320021403]
        Normals { dimensions: 3 }: [0.5349494377172856, -0.5807078784743088, 1.732484612377901, -0.7350453320021403]
        Normals { dimensions: 40 }: [-0.5807079220683297, -0.7350450729049092, 0.7812999767566285, 0.29839142796737395]
        Laplace: [0.31434762771112135, -0.5534006237387408, 2.0743749251895127, -0.5938129508988976]
        Cauchy: [0.25041135415771176, 2.9232622633322762, 13.266389349362631, 3.890988584140307]
        Uniform: [0.043428231288319075, 0.33473527131513425, 0.617670244049546, 0.1842009700039654]
        Dirichlet { alpha: [2.0, 3.0] }: [-0.9417289107180336, -0.49421937098873503, -0.6001110699466364, -0.7957352829095616]
        Dirichlet { alpha: [0.1, 40.0] }: [-6.990603069036904, -0.0009209151567035385, -6.556641166263752, -0.0014216595099929192]
        Dirichlet { alpha: [1e-40, 1e-40] }: [0.0, -1.0901805932270047e40]
        Dirichlet { alpha: [2.0, 0.5, 1.0] }: [-0.01911846986080115, -4.4583287246818575, -4.912352121948665]
        Poisson { mean: 3.0 }: [1.0, 0.0, 2.0, 2.0]
        Poisson { mean: 300.0 }: [279.0, 271.0, 286.0, 293.0]
        Poisson { mean: 10000000.0 }: [9994733.0, 9998751.0, 10001158.0, 9997320.0]
        Poisson { mean: 100000000000000.0 }: [99999983411469.0, 99999995673135.0, 100000003434325.0, 99999991386034.0]
        NegativeBinomial { successes: 1.0, success: 0.2 }: [0.0, 4.0, 4.0, 2.0]
        NegativeBinomial { successes: 1.0, success: 1e-17 }: [1.5717381385556066e16, 9.207105827701595e16, 1.037187462594756e17, 4.8813107924309816e16]
        NegativeBinomial { successes: 0.4, success: 0.2 }: [0.0, 3.0, 0.0, 0.0]
        NegativeBinomial { successes: 3.5, success: 0.2 }: [5.0, 3.0, 7.0, 9.0]
        Binomial { tries: 40, success: 0.3 }: [9.0, 7.0, 10.0, 11.0]
        Binomial { tries: 274877906944, success: 0.3 }: [82462973394.0, 82463271478.0, 82463458283.0, 82463171724.0]
        Binomial { tries: 35184372088832, success: 0.3 }: [10555309738145.0, 10555313243870.0, 10555312777494.0, 10555309906205.0]
        Gamma { shape: 1e-40 }: [-3.8057220122310814e39, 0.0, -1.470752794450113e40, 0.0]
        Gamma { shape: 0.2 }: [-2.0654134937404436, 0.1267658628386874, -1.360840747454479, 0.2564450807443925]
        Gamma { shape: 2.5 }: [0.8709073469490546, 2.3890775926483014, 1.247934699596872, 3.4831417895918877]
        Gamma { shape: 10000.0 }: [9.209990484072454, 9996.501732999055, 9.217095876130097, 10067.783740423041]
        ");
    }

    /// A gamma number with its logarithm, and shares with theirs.
    #[test]
    fn numbers_of_a_pair_belong_together() {
        for shape in [1e-40, 1e-3, 0.3, 1.0, 2.5, 1e6, 1e18, 1e40] {
            let mut pairs = Vec::new();
            BaseSampler::of(&BaseVariable::Gamma { shape }).refill(&mut stream(), &mut pairs);
            for &[log, number] in pairs.as_chunks::<2>().0 {
                assert!(log.is_finite());
                if number > f64::MIN_POSITIVE {
                    assert!((libm::log(number) - log).abs() < 4e-16 * (4.0 + log.abs()), "{shape}: {number} {log}");
                } else {
                    assert!(log < -708.0);
                }
            }
        }
        for (a, b) in [(1e-40, 1e-40), (1e-3, 1.0), (0.05, 0.06), (2.0, 3.0), (1e12, 1e12)] {
            let mut pairs = Vec::new();
            BaseSampler::of(&BaseVariable::Dirichlet { alpha: vec![a, b] }).refill(&mut stream(), &mut pairs);
            for &[log, log_rest] in pairs.as_chunks::<2>().0 {
                assert!(log.is_finite() && log <= 0.0 && log_rest.is_finite() && log_rest <= 0.0, "{log} {log_rest}");
                let whole = libm::exp(log) + libm::exp(log_rest);
                assert!((whole - 1.0).abs() < 4e-16, "{a} {b}: {log} {log_rest} {whole}");
            }
        }
    }
}
