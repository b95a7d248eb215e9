//! A walk on whole numbers, followed step by step until its log ratio leaves the limits.

use super::mass::{Mass, total};
use super::tally::{NO_DIGIT, Part, Tally};
use crate::decision::{Decision, StoppingRule};
use crate::numeric::DoubleDouble;

/// A walk that moves by whole numbers. Λₙ is a rising function of its place.
#[derive(Debug)]
pub(super) struct Walk<'a, F> {
    /// How far a step moves, with its weight: a probability, or a signed one that keeps moments.
    pub(super) moves: &'a [(i64, DoubleDouble)],
    /// The chances of a step to −∞ and to +∞.
    pub(super) infinite: [DoubleDouble; 2],
    /// Where the walk starts, with weights.
    pub(super) start: &'a [(i64, DoubleDouble)],
    /// Λ after n steps at a place.
    pub(super) log_ratio: F,
    /// How much of a place is stopped beyond a limit that is given, and where.
    pub(super) edge: Edge,
}

/// What a place stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Edge {
    /// One value of Λ.
    Point,
    /// An interval of this width about it.
    Cell(f64),
}

/// Masses below this are let go: they keep no digits.
const FADED: f64 = 1e-280;
/// P(τ > n) of more n than this is not kept.
const MOST_STEPS: u64 = 1 << 22;
const LANES: usize = 8;

impl<F: Fn(u64, i64) -> f64> Walk<'_, F> {
    /// The test to its end; none if that takes more products than `budget`.
    pub(super) fn followed<M: Mass>(&self, rule: &StoppingRule, budget: u64) -> Option<Tally> {
        let ends = |moves: &[(i64, DoubleDouble)]| {
            let places = moves.iter().map(|&(place, _)| place);
            places.clone().min().zip(places.max())
        };
        let (lowest, highest) = ends(self.moves).unwrap_or((0, 0));
        let span = usize::try_from(highest - lowest).ok()?;
        let weights: Vec<(usize, M)> = self
            .moves
            .iter()
            .filter_map(|&(by, mass)| Some((usize::try_from(highest - by).ok()?, M::of(mass))))
            .collect();
        let infinite = self.infinite.map(|mass| M::of(mass));
        let (mut first, last) = ends(self.start)?;
        let mut alive = vec![M::default(); usize::try_from(last - first).ok()? + 1];
        for &(place, mass) in self.start {
            if let Some(start) = usize::try_from(place - first).ok().and_then(|place| alive.get_mut(place)) {
                *start += M::of(mass);
            }
        }
        let (mut padded, mut work) = (Vec::new(), 0_u64);
        let mut tally = Tally::start();
        // On a grid chances have a few digits only.
        let negligible = if self.edge == Edge::Point { NO_DIGIT } else { 1e-8 };
        for n in 1..=rule.max() {
            let length = alive.len() + span;
            work += (length * (weights.len() + 1)) as u64 + 64;
            if work > budget || n > MOST_STEPS {
                return None;
            }
            if infinite.iter().any(|mass| mass.to_f64() > 0.0) {
                let before = total(&alive);
                for (mass, value) in infinite.iter().zip([f64::NEG_INFINITY, f64::INFINITY]) {
                    let mass = (before * *mass).to_f64();
                    if let Some(decision) = rule.decide(n, value).filter(|_| mass > 0.0) {
                        tally.stop_at_infinity(decision, value > 0.0, mass);
                    }
                }
            }
            padded.clear();
            padded.resize(span, M::default());
            padded.extend_from_slice(&alive);
            padded.resize(alive.len() + 2 * span + LANES, M::default());
            convolved(&padded, &weights, length, &mut alive);
            first += lowest;
            self.stop_outside(rule, n, &mut first, &mut alive, &mut tally);
            if n == rule.max() {
                for (place, mass) in (first..).zip(&alive) {
                    tally.stop(n, Decision::Undecided, Part::at((self.log_ratio)(n, place), mass.to_f64()));
                }
                tally.survive(0.0);
                break;
            }
            tally.survive(total(&alive).to_f64());
            if tally.is_over(negligible) || alive.is_empty() {
                break;
            }
        }
        tally.work = work;
        tally.lost = tally.alive();
        tally.rounding = M::ROUNDING * tally.survival().len() as f64 + 4.0 * f64::EPSILON;
        Some(tally)
    }

    /// Ends what is at or beyond a limit.
    fn stop_outside<M: Mass>(
        &self,
        rule: &StoppingRule,
        n: u64,
        first: &mut i64,
        alive: &mut Vec<M>,
        tally: &mut Tally,
    ) {
        let (lower, upper) = rule.reached(n);
        let above = if rule.is_two_sided() { Decision::Q } else { Decision::P };
        let (mut low, mut high) = (0, alive.len());
        let value = |place: usize, first: i64| (self.log_ratio)(n, first + place as i64);
        while low < high {
            let (outside, part) = self.beyond(value(high - 1, *first) - upper);
            if outside <= 0.0 {
                break;
            }
            tally.stop(n, above, Part::at(upper + part, alive[high - 1].to_f64() * outside));
            if outside < 1.0 {
                keep_inside(alive, high - 1, low..high - 1, outside);
                break;
            }
            high -= 1;
        }
        while low < high {
            let (outside, part) = self.beyond(lower - value(low, *first));
            if outside <= 0.0 {
                break;
            }
            tally.stop(n, Decision::Q, Part::at(lower - part, alive[low].to_f64() * outside));
            if outside < 1.0 {
                keep_inside(alive, low, low + 1..high, outside);
                break;
            }
            low += 1;
        }
        // What has faded away.
        while low < high && alive[high - 1].to_f64().abs() < FADED {
            high -= 1;
        }
        while low < high && alive[low].to_f64().abs() < FADED {
            low += 1;
        }
        alive.truncate(high);
        alive.drain(..low);
        *first += low as i64;
    }

    /// How much of a place at this distance beyond a limit is beyond it, and how far that is on average.
    fn beyond(&self, distance: f64) -> (f64, f64) {
        match self.edge {
            Edge::Point if distance >= 0.0 => (1.0, distance),
            Edge::Point => (0.0, 0.0),
            Edge::Cell(width) => {
                // An edge at a limit but for rounding is there.
                let part = match (0.5 + distance / width).clamp(0.0, 1.0) {
                    part if part < 1e-9 => 0.0,
                    part if part > 1.0 - 1e-9 => 1.0,
                    part => part,
                };
                (part, if part < 1.0 { 0.5 * part * width } else { distance })
            }
        }
    }
}

/// Leaves what is inside of a place, and moves it inward so that its mean is right: half of what is `outside` is the distance in
/// places.
fn keep_inside<M: Mass>(alive: &mut [M], place: usize, inner: std::ops::Range<usize>, outside: f64) {
    let part = |part: f64| M::of(DoubleDouble::from(part));
    let inside = alive[place] * part(1.0 - outside);
    let next = if inner.start > place { Some(inner.start) } else { inner.end.checked_sub(1) };
    match next.filter(|_| !inner.is_empty()) {
        Some(next) => {
            alive[place] = inside * part(1.0 - 0.5 * outside);
            alive[next] += inside * part(0.5 * outside);
        }
        None => alive[place] = inside,
    }
}

/// The masses after a step. `padded` has as many zeros before and after as the moves span; `weights` counts moves from the highest
/// one downward.
fn convolved<M: Mass>(padded: &[M], weights: &[(usize, M)], length: usize, next: &mut Vec<M>) {
    next.clear();
    for begin in (0..length).step_by(LANES) {
        let mut sums = [M::default(); LANES];
        for &(shift, weight) in weights {
            let Some(part) = padded.get(begin + shift..).and_then(|rest| rest.first_chunk::<LANES>()) else { continue };
            sums.iter_mut().zip(part).for_each(|(sum, &mass)| *sum += weight * mass);
        }
        next.extend_from_slice(&sums);
    }
    next.truncate(length);
}
