//! One of several base variables, drawn anew each time.

use super::base_sampler::BaseSampler;
use crate::simulation::sampler::symbols::cumulative;
use crate::simulation::words::Words;
use kl_math::distribution::BaseVariable;
use kl_math::numeric::DoubleDouble;

/// Draws the number of a part, whose chance is right to 2⁻⁶⁴, then the numbers of that part, and zeros up to the width of the
/// widest.
#[derive(Debug)]
pub(in crate::simulation::sampler) struct Mixture {
    /// ⌊2⁶⁴ · P(a part up to this one)⌋.
    ends: Vec<u128>,
    parts: Vec<BaseSampler>,
    width: usize,
}

impl Mixture {
    pub(super) fn new(parts: &[(DoubleDouble, BaseVariable)]) -> Self {
        let weights: Vec<DoubleDouble> = parts.iter().map(|(weight, _)| *weight).collect();
        let width = 1 + parts.iter().map(|(_, part)| part.width()).max().unwrap_or(0);
        Self { ends: cumulative(&weights), parts: parts.iter().map(|(_, part)| BaseSampler::of(part)).collect(), width }
    }

    /// That of the slowest part.
    pub(super) fn cost(&self) -> u128 {
        const CHOICE: u128 = 8_000;
        CHOICE + self.parts.iter().map(BaseSampler::cost).max().unwrap_or(0)
    }

    pub(super) fn draw(&self, random: &mut (impl Words + ?Sized), numbers: &mut Vec<f64>) {
        let (uniform, start) = (u128::from(random.long()), numbers.len());
        let place = self.ends.partition_point(|&end| end <= uniform);
        numbers.push(place as f64);
        if let Some(part) = self.parts.get(place) {
            part.draw(random, numbers);
        }
        numbers.resize(start + self.width, 0.0);
    }
}
