//! What probabilities are summed in: doubles, or pairs of them where the work is small.

use crate::numeric::DoubleDouble;
use std::ops::{Add, AddAssign, Mul};

/// A probability, or a signed weight.
pub(super) trait Mass: Copy + Default + Add<Output = Self> + AddAssign + Mul<Output = Self> {
    /// How far one step of a walk may move a probability, as a part of it.
    const ROUNDING: f64;
    /// How many products a second of one core has, about.
    const SPEED: u64;

    fn of(mass: DoubleDouble) -> Self;
    fn to_f64(self) -> f64;
}

impl Mass for f64 {
    const ROUNDING: f64 = 4e-16;
    const SPEED: u64 = 3_500_000_000;

    fn of(mass: DoubleDouble) -> Self {
        mass.to_f64()
    }

    fn to_f64(self) -> f64 {
        self
    }
}

impl Mass for DoubleDouble {
    const ROUNDING: f64 = 1e-30;
    const SPEED: u64 = 100_000_000;

    fn of(mass: DoubleDouble) -> Self {
        mass
    }

    fn to_f64(self) -> f64 {
        DoubleDouble::to_f64(self)
    }
}

/// The sum, in eight sums side by side.
pub(super) fn total<M: Mass>(masses: &[M]) -> M {
    let (chunks, rest) = masses.as_chunks::<8>();
    let mut sums = [M::default(); 8];
    for chunk in chunks {
        sums.iter_mut().zip(chunk).for_each(|(sum, &mass)| *sum += mass);
    }
    sums.iter().chain(rest).fold(M::default(), |sum, &mass| sum + mass)
}
