//! What a grid cannot see of steps with atoms: at which distances from a limit Λ can be at all.

use super::errors::Errors;
use super::tally::Tally;
use crate::decision::Decision;

/// How far a law on a grid may be off because the places that Λ can take are not spread evenly about the limits, which are `width`
/// apart.
///
/// A grid blurs these places. The part of the true law that oscillates with the frequency t in Λ moves the mean distance beyond a limit
/// by π/t at most, times |E φ(t)^τ|, which is about 1/(E τ |1 − φ(t)|): φ is the characteristic function of a step, whose modulus stays
/// 1 where steps are evenly spaced and whose phase then turns with n. Moving a limit by 1 nat moves a chance c by some c(1 − c) times the
/// larger of 1 and 4/width, and E τ by some 4/width of it. A heuristic, taken three times; tests hold it against exact laws.
///
/// `atoms` are few finite values with their chances.
pub(super) fn error(atoms: &[(f64, f64)], tally: &Tally, width: f64) -> Errors {
    let length = tally.lengths()[0].max(1.0);
    let moved = SAFETY * moved(atoms, length);
    let part = (4.0 / width).max(1.0);
    let spread = |decision| tally.chance(decision) * (1.0 - tally.chance(decision));
    let chance = Decision::ALL.into_iter().map(spread).fold(0.0, f64::max);
    let relative = moved * part;
    let (rate, square) = tally.rates();
    Errors {
        chance: relative * chance,
        length: relative * length,
        rate: relative * rate.abs().max(square.max(0.0).sqrt()),
    }
}

const SAFETY: f64 = 3.0;
/// Oscillations from one standard deviation of a step on, to so many times finer ones.
const FINEST: f64 = 60.0;
/// Samples of a turn of the largest step.
const SAMPLES: f64 = 100.0;
/// More values than this are not looked at: they are dense, or the time is too short.
const MOST_ATOMS: usize = 64;
const MOST_SAMPLES: f64 = 200_000.0;

/// How far the mean distance beyond a limit may be moved, nats.
fn moved(atoms: &[(f64, f64)], length: f64) -> f64 {
    let mean: f64 = atoms.iter().map(|(value, mass)| mass * value).sum();
    let variance: f64 = atoms.iter().map(|(value, mass)| mass * (value - mean) * (value - mean)).sum();
    let largest = atoms.iter().map(|(value, _)| value.abs()).fold(0.0, f64::max);
    if atoms.len() > MOST_ATOMS || variance <= 0.0 {
        return 0.0;
    }
    let (first, last) = (1.0 / variance.sqrt(), FINEST / variance.sqrt());
    let step = (std::f64::consts::TAU / (SAMPLES * largest)).max((last - first) / MOST_SAMPLES);
    let by = |t: f64| std::f64::consts::PI / t / (length * distance(atoms, t)).max(1.0);
    let samples = ((last - first) / step) as u32;
    let at = |sample: u32| first + f64::from(sample) * step;
    let mut most = 0.0_f64;
    let (mut before, mut here) = (by(at(0)), by(at(1)));
    for sample in 1..samples {
        let after = by(at(sample + 1));
        if here >= before && here >= after {
            most = most.max(peak(by, at(sample - 1), at(sample + 1)));
        }
        (before, here) = (here, after);
    }
    most
}

/// The largest value near a local one, by thirds.
fn peak(by: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..40 {
        let (left, right) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if by(left) < by(right) { low = left } else { high = right }
    }
    by(0.5 * (low + high))
}

/// |1 − φ(t)|.
fn distance(atoms: &[(f64, f64)], t: f64) -> f64 {
    let (mut real, mut imaginary) = (0.0, 0.0);
    for &(value, mass) in atoms {
        let half = libm::sin(0.5 * t * value);
        real += 2.0 * mass * half * half;
        imaginary += mass * libm::sin(t * value);
    }
    (real * real + imaginary * imaginary).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lattice_moves_by_half_its_spacing() {
        // Steps ±d: at t = 2π/d the characteristic function is 1.
        let found = moved(&[(-0.25, 0.5), (0.25, 0.5)], 1e9);
        assert!((found / 0.125 - 1.0).abs() < 1e-4, "{found}");
        // Of a short test any oscillation counts, of a long one of uneven steps hardly any.
        let uneven = [(-0.25, 0.3), (0.1, 0.3), (0.237, 0.4)];
        assert!(moved(&uneven, 1e6) < 1e-3 * moved(&uneven, 10.0));
    }
}
