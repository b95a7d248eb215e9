//! The base variable of any family.

use super::batch::{BATCH, fill_longs};
use super::cauchy::{cauchy, fill_cauchy};
use super::exponential::{exponential, fill_exponential};
use super::gamma::Gamma;
use super::laplace::{fill_laplace, laplace};
use super::log_gamma::LogGammas;
use super::log_odds::LogShares;
use super::mixture::Mixture;
use super::negative_binomial::NegativeBinomial;
use super::normal::{fill_normal, normal};
use super::poisson::Poisson;
use super::truncated_normal::TruncatedNormal;
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
    LogOdds(LogShares),
    TruncatedNormal(TruncatedNormal),
    Mixture(Mixture),
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
            BaseVariable::LogOdds { shape } => Self::LogOdds(LogShares::new(*shape, *shape)),
            &BaseVariable::TruncatedNormal { steepness, low, high } => {
                Self::TruncatedNormal(TruncatedNormal::new(steepness, low, high))
            }
            BaseVariable::Mixture { parts } => Self::Mixture(Mixture::new(parts)),
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

    /// About how long a draw takes and the sums of its statistics, in picoseconds.
    pub(in crate::simulation::sampler) fn cost(&self) -> u128 {
        match self {
            Self::Uniform => 1_000,
            Self::Exponential | Self::Normal => 1_700,
            // Sums of products, too.
            Self::Normals { dimensions } => {
                let size = *dimensions as u128;
                2_200 * size + 300 * (size * (size + 1) / 2)
            }
            Self::Gamma(_) => 5_600,
            Self::AnyGamma(_) => 40_000,
            Self::Beta(_) => 10_000,
            Self::Dirichlet(parts) => 33_000 * parts.len() as u128,
            Self::Laplace | Self::Poisson(_) | Self::NegativeBinomial(_) | Self::Table(_) => 2_000,
            Self::Cauchy | Self::LogOdds(_) => 4_000,
            Self::TruncatedNormal(_) => 12_000,
            Self::Mixture(law) => law.cost(),
            Self::Binomial(_) => 200_000,
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
            Self::LogOdds(law) => law.log_odds(random),
            Self::TruncatedNormal(law) => law.draw(random),
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
            Self::Normals { .. } | Self::Mixture(_) => return ([0.0; 2], 0),
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
            Self::Mixture(law) => law.draw(random, numbers),
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
            Self::Mixture(law) => {
                numbers.clear();
                (0..BATCH).for_each(|_| law.draw(random, numbers));
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
            Self::LogOdds(law) => law.fill_log_odds(&fill_longs(random), random, numbers),
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
            BaseVariable::LogOdds { shape: 1.0 },
            BaseVariable::LogOdds { shape: 1e20 },
            BaseVariable::Mixture {
                parts: vec![(0.25.into(), BaseVariable::Normal), (0.75.into(), BaseVariable::Gamma { shape: 2.5 })],
            },
            BaseVariable::TruncatedNormal { steepness: 0.0, low: -1.0, high: 2.0 },
            BaseVariable::TruncatedNormal { steepness: 2.0, low: 0.0, high: f64::INFINITY },
            BaseVariable::TruncatedNormal { steepness: -0.5, low: 0.0, high: 0.6 },
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
        Exponential: [1.859030084268545, 0.12877384788296953, 0.3156706202622725, 0.10148969183545589]
        Normal: [-1.5298521630126458, 0.32229326182251655, -0.44452531617055235, 0.37632659076355635]
        Normals { dimensions: 3 }: [-1.5298521630126458, 0.32229326182251655, -0.44452531617055235, 0.37632659076355635]
        Normals { dimensions: 40 }: [-1.5298521630126458, 0.32229326182251655, -0.44452531617055235, 0.37632659076355635]
        Laplace: [-2.102772259602817, 0.257547695765939, -0.29422851769406555, 0.2029793836709118]
        Cauchy: [34.623541804990374, -2.9182962185979453, -0.3411287001326653, -0.8490208114505239]
        Uniform: [0.7848034673765317, 0.17594604342999542, 0.0778145614466016, 0.02772077818091756]
        LogOdds { shape: 1.0 }: [1.0463290212124545, -0.9795564923043145, 0.38455446788151804, -0.17159416566564178]
        LogOdds { shape: 1e20 }: [8.334174634017421e-11, -9.03047615263116e-11, 3.613526552233584e-11, -1.6292882677054148e-11]
        Mixture { parts: [(DoubleDouble { hi: 0.25, lo: 0.0 }, Normal), (DoubleDouble { hi: 0.75, lo: 0.0 }, Gamma { shape: 2.5 })] }: [1.0, 0.43977028594509476, 1.5523505808040063, 0.0]
        TruncatedNormal { steepness: 0.0, low: -1.0, high: 2.0 }: [0.32229326182251655, -0.44452531617055235, 0.37632659076355635, 0.6405565157325765]
        TruncatedNormal { steepness: 2.0, low: 0.0, high: inf }: [0.7700354737636291, 0.13075505215536043, 0.20657770970993045, 0.0654464491348482]
        TruncatedNormal { steepness: -0.5, low: 0.0, high: 0.6 }: [0.470882080425919, 0.5379658698643597, 0.14775298633028383, 0.07009824201385835]
        Dirichlet { alpha: [2.0, 3.0] }: [-0.6703285676787845, -0.7164986655994702, -1.33968638338772, -0.3037136280152717]
        Dirichlet { alpha: [0.1, 40.0] }: [-13.91514703827853, -9.05166813705993e-7, -11.569581562162343, -9.449234381713174e-6]
        Dirichlet { alpha: [1e-40, 1e-40] }: [0.0, -2.0735779817980205e39]
        Dirichlet { alpha: [2.0, 0.5, 1.0] }: [-0.9774655575132097, -1.2666347496519226, -1.0730667485809482]
        Poisson { mean: 3.0 }: [2.0, 1.0, 5.0, 4.0]
        Poisson { mean: 300.0 }: [293.0, 284.0, 321.0, 314.0]
        Poisson { mean: 10000000.0 }: [9997121.0, 10002586.0, 9999212.0, 9997112.0]
        Poisson { mean: 100000000000000.0 }: [99999990570099.0, 100000008234374.0, 99999997560350.0, 99999991058690.0]
        NegativeBinomial { successes: 1.0, success: 0.2 }: [8.0, 0.0, 1.0, 0.0]
        NegativeBinomial { successes: 1.0, success: 1e-17 }: [1.859030084268545e17, 1.2877384788296952e16, 3.156706202622725e16, 1.0148969183545588e16]
        NegativeBinomial { successes: 0.4, success: 0.2 }: [0.0, 5.0, 0.0, 0.0]
        NegativeBinomial { successes: 3.5, success: 0.2 }: [10.0, 6.0, 24.0, 20.0]
        Binomial { tries: 40, success: 0.3 }: [11.0, 9.0, 15.0, 14.0]
        Binomial { tries: 274877906944, success: 0.3 }: [82463150783.0, 82463574244.0, 82463317350.0, 82463158418.0]
        Binomial { tries: 35184372088832, success: 0.3 }: [10555318910434.0, 10555313998408.0, 10555311913057.0, 10555309310037.0]
        Gamma { shape: 1e-40 }: [-3.156706202622725e39, 0.0, -5.2302841844207455e39, 0.0]
        Gamma { shape: 0.2 }: [-4.877697345188587, 0.0076145274844650725, -4.483303938980603, 0.011296030038935262]
        Gamma { shape: 2.5 }: [0.9931509134990764, 2.6997276930523446, 0.43977028594509476, 1.5523505808040063]
        Gamma { shape: 10000.0 }: [9.216158447819117, 10058.350337176405, 9.203939343321322, 9936.194142871813]
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
