//! The base variable of any family.

use super::cauchy::cauchy;
use super::exponential::exponential;
use super::gamma::Gamma;
use super::laplace::laplace;
use super::negative_binomial::NegativeBinomial;
use super::normal::normal;
use super::poisson::Poisson;
use super::uniform::uniform;
use crate::simulation::sampler::binomial::{BinomialDraw, BinomialTable};
use crate::simulation::words::Words;
use kl_math::distribution::BaseVariable;
use kl_math::law::Binomial;

/// How the base variable of a family is drawn.
#[derive(Debug)]
pub(in crate::simulation::sampler) enum BaseSampler {
    Exponential,
    Normal,
    Normals { dimensions: usize },
    Gamma(Gamma),
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
        /// log₂ of the bytes of a table.
        const TABLE_BITS: u32 = 13;
        match standard {
            BaseVariable::Exponential => Self::Exponential,
            BaseVariable::Normal => Self::Normal,
            BaseVariable::Normals { dimensions } => Self::Normals { dimensions: *dimensions },
            BaseVariable::Gamma { shape } => Self::Gamma(Gamma::new(*shape)),
            BaseVariable::Dirichlet { alpha } => {
                Self::Dirichlet(alpha.iter().map(|&shape| Gamma::new(shape)).collect())
            }
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
        match self {
            Self::Exponential => ([exponential(random), 0.0], 1),
            Self::Normal => ([normal(random), 0.0], 1),
            Self::Gamma(gamma) => (gamma_draw(gamma, random), 2),
            Self::Laplace => ([laplace(random), 0.0], 1),
            Self::Cauchy => ([cauchy(random), 0.0], 1),
            Self::Uniform => ([uniform(random), 0.0], 1),
            Self::Poisson(law) => ([law.draw(random), 0.0], 1),
            Self::NegativeBinomial(law) => ([law.draw(random), 0.0], 1),
            Self::Table(table) => ([binomial_draw(table, random), 0.0], 1),
            Self::Binomial(law) => ([law.draw(random) as f64, 0.0], 1),
            Self::Dirichlet(parts) => {
                let mut logs = [0.0; 2];
                if parts.len() == logs.len() {
                    dirichlet_draw(parts, random, &mut logs);
                }
                (logs, logs.len())
            }
            Self::Normals { .. } => ([0.0; 2], 0),
        }
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
}

/// ln G and G.
#[inline]
pub(in crate::simulation::sampler) fn gamma_draw(gamma: &Gamma, random: &mut (impl Words + ?Sized)) -> [f64; 2] {
    let log = gamma.draw_log(random);
    [log, libm::exp(log)]
}

/// The logarithms of shares that sum to one.
#[inline]
pub(in crate::simulation::sampler) fn dirichlet_draw(
    parts: &[Gamma],
    random: &mut (impl Words + ?Sized),
    logs: &mut [f64],
) {
    for (log, part) in logs.iter_mut().zip(parts) {
        *log = part.draw_log(random);
    }
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let whole = top + libm::log(logs.iter().map(|log| libm::exp(log - top)).sum());
    logs.iter_mut().for_each(|log| *log -= whole);
}

/// A binomial number, from a table of its law.
#[inline]
pub(in crate::simulation::sampler) fn binomial_draw(table: &BinomialTable, random: &mut (impl Words + ?Sized)) -> f64 {
    let word = random.word();
    table.draw(word, random) as f64
}
