//! Simulated studies: the laws that estimates follow, and their trials.

use kl_math::statistics::Study;
use kl_sim::simulation::{Stream, exponential, normal};

/// The law of an estimate, its standard error, and possibly another estimate from the same trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Law {
    /// The mean of four normal numbers of mean ½ and standard deviation 1; its standard error is s/√4, with s their sample
    /// standard deviation.
    Normal,
    /// An exponential number of mean 1; its standard error is the number itself.
    Exponential,
    /// The log ratio of 20 tosses of a coin of 0.9 against a fair one, with the standard error estimated from those
    /// tosses: skewed, discrete, and correlated with its standard error.
    Coin,
    /// A normal number, and another with correlation 0.8 and 1.2 times the standard deviation.
    NormalPairs,
    /// An exponential number E, and 0.8 E + 0.6 E′ with another one E′.
    ExponentialPairs,
}

impl Law {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Exponential => "exponential",
            Self::Coin => "coin of 0.9, 20 tosses",
            Self::NormalPairs => "normal pairs",
            Self::ExponentialPairs => "exponential pairs",
        }
    }

    /// The estimand.
    pub fn truth(self) -> f64 {
        match self {
            Self::Normal => 0.5,
            Self::Exponential | Self::ExponentialPairs => 1.0,
            Self::Coin => CHANCE * heads() + (1.0 - CHANCE) * tails(),
            Self::NormalPairs => 0.0,
        }
    }

    /// Draws the trials of a study.
    pub(super) fn draw(self, stream: &mut Stream, trials: usize, study: &mut TrialBuffer) {
        study.estimates.clear();
        study.std_errors.clear();
        study.others.clear();
        for _ in 0..trials {
            match self {
                Self::Normal => {
                    let values = [(); 4].map(|()| 0.5 + normal(stream));
                    let mean = values.iter().sum::<f64>() / 4.0;
                    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
                    study.estimates.push(mean);
                    study.std_errors.push((squares / 12.0).sqrt());
                }
                Self::Exponential => {
                    let value = exponential(stream);
                    study.estimates.push(value);
                    study.std_errors.push(value);
                }
                Self::Coin => {
                    let part = (0..TOSSES).filter(|_| stream.unit() <= CHANCE).count() as f64 / TOSSES as f64;
                    let width = heads() - tails();
                    study.estimates.push(tails() + part * width);
                    study.std_errors.push(width * (part * (1.0 - part) / (TOSSES as f64 - 1.0)).sqrt());
                }
                Self::NormalPairs => {
                    let value = normal(stream);
                    study.estimates.push(value);
                    study.others.push(1.2 * (0.8 * value + 0.6 * normal(stream)));
                }
                Self::ExponentialPairs => {
                    let value = exponential(stream);
                    study.estimates.push(value);
                    study.others.push(0.8 * value + 0.6 * exponential(stream));
                }
            }
        }
    }
}

/// The probability of heads.
const CHANCE: f64 = 0.9;

const TOSSES: usize = 20;

/// The share of the estimates that trimmed means leave out at either end.
const TRIM: f64 = 0.1;

/// The log ratio of heads, ln(0.9/0.5).
fn heads() -> f64 {
    libm::log(CHANCE / 0.5)
}

/// The log ratio of tails, ln(0.1/0.5).
fn tails() -> f64 {
    libm::log((1.0 - CHANCE) / 0.5)
}

/// Buffers for the trials of a study.
#[derive(Default)]
pub(super) struct TrialBuffer {
    estimates: Vec<f64>,
    std_errors: Vec<f64>,
    others: Vec<f64>,
}

impl TrialBuffer {
    /// The trials as a study of this law.
    pub(super) fn study(&self, law: Law) -> StudyTrials<'_> {
        let study = Study::of(&self.estimates).with_truth(law.truth()).with_trim(TRIM);
        let study = if self.std_errors.is_empty() { study } else { study.with_std_errors(&self.std_errors, 0.95) };
        StudyTrials {
            estimates: &self.estimates,
            std_errors: &self.std_errors,
            others: &self.others,
            truth: law.truth(),
            study,
        }
    }
}

/// The trials of a study, as a formula sees them.
#[derive(Clone, Copy, Debug)]
pub struct StudyTrials<'a> {
    /// The estimates.
    pub estimates: &'a [f64],
    /// The standard error of each; empty for pairs.
    pub std_errors: &'a [f64],
    /// The other estimate of each pair; empty for other laws.
    pub others: &'a [f64],
    /// The estimand.
    pub truth: f64,
    /// The same as a study, at level 0.95.
    pub study: Study<'a, f64>,
}
