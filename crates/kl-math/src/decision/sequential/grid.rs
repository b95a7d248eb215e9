//! Steps of any law on a grid: each is split over neighbouring places so that its mean and its variance are kept.

use super::errors::{Approximation, Errors};
use super::evenly_spaced::{EvenlySpaced, parted};
use super::mass::Mass;
use super::step_law::StepLaw;
use super::tally::Tally;
use super::walk::{Edge, Walk};
use crate::decision::StoppingRule;
use crate::law::Normal;
use crate::numeric::DoubleDouble;
use std::collections::BTreeMap;

/// An error of the chances that is small enough.
const ENOUGH: f64 = 1e-7;
/// An error is never said to be less than this part.
const LEAST_ERROR: f64 = 5e-7;
/// How many times the distance of two grids the error may be.
const SAFETY: f64 = 3.0;
/// The grid starts with so many places for a standard deviation, and has so many between the limits at least.
const PLACES: f64 = 0.5;
/// So long may it take.
const SECONDS: u64 = 2;
const LEAST_PLACES: f64 = 64.0;
/// Steps beyond tails of this chance are one.
const TAIL: f64 = 1e-17;
/// No step and no limit is so many places away.
const MOST_PLACES: f64 = 1e9;
const MOST_MOVES: f64 = 20_000.0;

/// The test to its end on finer and finer grids, as long as the time allows; none where it allows less than two.
///
/// What the finest one finds is off by less than three times its distance from the one before, and less than the distance of that one
/// from the one before it: a factor of 2 in the spacing is a factor of 4 in the error where steps have a density, and less regular
/// where they have not.
pub(super) fn followed(steps: &StepLaw, rule: &StoppingRule) -> Option<Approximation> {
    let limits = limits(steps, rule);
    let (_, variance) = finite_moments(steps)?;
    let std_dev = variance.sqrt();
    let first = match limits {
        Some((lower, upper)) => (PLACES * (upper - lower) / std_dev).max(LEAST_PLACES).ceil(),
        None => 2.0 * PLACES,
    };
    let rule = &limits.and_then(|(lower, upper)| StoppingRule::between(lower, upper, rule.max()).ok()).unwrap_or(*rule);
    let mut budget = SECONDS * f64::SPEED;
    let mut run = |places: f64| {
        let spacing = limits.map_or(std_dev, |(lower, upper)| upper - lower) / places;
        let tally = on_grid(steps, rule, limits.map(|(lower, _)| lower), spacing, budget)?;
        budget -= tally.work.min(budget);
        // Twice the places, and twice the moves where steps have no atoms; but for shorter tests.
        let growth = if matches!(steps, StepLaw::Atoms(_)) { 2.2 } else { 4.4 };
        let is_time = growth * (tally.work as f64) < budget as f64;
        Some((tally, is_time))
    };
    let (mut fine, mut is_time) = run(first)?;
    let mut apart: Vec<Errors> = Vec::new();
    let mut places = first;
    while is_time {
        places *= 2.0;
        let Some((finer, is_still_time)) = run(places) else { break };
        apart.push(Errors::between(&fine, &finer));
        (fine, is_time) = (finer, is_still_time);
        if let [.., before, last] = apart.as_slice()
            && before.or(*last).chance < ENOUGH
        {
            break;
        }
    }
    let errors = match apart.as_slice() {
        [.., before, last] => last.times(SAFETY).or(*before),
        [one] => one.times(SAFETY),
        // Half the places are better than none.
        [] => Errors::between(&fine, &run((0.5 * first).ceil())?.0).times(SAFETY),
    };
    // Two grids may agree by chance.
    let least =
        Errors { chance: 1.0, length: fine.lengths()[0], rate: fine.rates().1.max(0.0).sqrt() }.times(LEAST_ERROR);
    Some(Approximation { errors: errors.or(least), tally: fine })
}

/// The limits between which a grid is laid, if they are constant: where Λ only takes multiples of one number, halfway between the last
/// of these within and the first one beyond, so that the grid goes as far beyond a limit on average.
fn limits(steps: &StepLaw, rule: &StoppingRule) -> Option<(f64, f64)> {
    let (lower, upper) = rule.constant_limits()?;
    let StepLaw::Atoms(atoms) = steps else { return Some((lower, upper)) };
    let Some(spacing) = EvenlySpaced::of(atoms).filter(EvenlySpaced::is_lattice).map(|even| even.spacing.to_f64())
    else {
        return Some((lower, upper));
    };
    let (lowest, highest) = rule.reached(1);
    Some((
        (((lowest / spacing).floor() + 0.5) * spacing).min(-0.5 * spacing),
        ((highest / spacing).ceil() - 0.5) * spacing,
    ))
}

/// Mean and variance of a step, times its chance to be finite.
fn finite_moments(steps: &StepLaw) -> Option<(f64, f64)> {
    let StepLaw::Atoms(atoms) = steps else { return steps.moments() };
    let (finite, _) = parted(atoms);
    StepLaw::Atoms(finite).moments().filter(|(_, variance)| *variance > 0.0)
}

fn on_grid(steps: &StepLaw, rule: &StoppingRule, lower: Option<f64>, spacing: f64, budget: u64) -> Option<Tally> {
    let (moves, infinite) = match steps {
        StepLaw::Atoms(atoms) => {
            let (finite, infinite) = parted(atoms);
            if finite.iter().any(|(value, _)| (value / spacing).abs() > MOST_PLACES) {
                return None;
            }
            let mut moves = BTreeMap::new();
            finite.iter().for_each(|&(value, mass)| split(value / spacing, mass, &mut moves));
            (moves, infinite)
        }
        StepLaw::Normal { mean, std_dev } => {
            let law = Normal::new(*mean, *std_dev);
            let between = |low, high| law.mass_between(low, high);
            (smooth(between, steps, spacing, [mean - 9.0 * std_dev, mean + 9.0 * std_dev])?, [DoubleDouble::ZERO; 2])
        }
        StepLaw::Other(law) => {
            let (mean, variance) = law.moments();
            let edge = |sign: f64| {
                let mut reach = variance.sqrt();
                let left = |x: f64| if sign > 0.0 { 1.0 - law.below(x) } else { law.below(x) };
                while left(mean + sign * reach) > TAIL && reach < 1e3 * variance.sqrt() {
                    reach *= 1.1;
                }
                mean + sign * reach
            };
            let between = |low, high| law.below(high) - law.below(low);
            (smooth(between, steps, spacing, [edge(-1.0), edge(1.0)])?, [DoubleDouble::ZERO; 2])
        }
    };
    // Limits that are constant lie between two places.
    let origin = lower.map_or(0.0, |lower| lower + 0.5 * spacing);
    if (origin / spacing).abs() > MOST_PLACES {
        return None;
    }
    let mut start = BTreeMap::new();
    split(-origin / spacing, DoubleDouble::ONE, &mut start);
    let walk = Walk {
        moves: &moves.into_iter().filter(|(_, mass)| mass.to_f64() != 0.0).collect::<Vec<_>>(),
        infinite,
        start: &start.into_iter().collect::<Vec<_>>(),
        log_ratio: |_: u64, place: i64| origin + place as f64 * spacing,
        edge: Edge::Cell(spacing),
    };
    walk.followed::<f64>(rule, budget)
}

/// Splits a mass over the three places that are nearest, so that mean and variance are those of one value (Lagrange's weights).
fn split(place: f64, mass: DoubleDouble, moves: &mut BTreeMap<i64, DoubleDouble>) {
    let near = place.round();
    let part = place - near;
    let sides = [0.5 * (part * part - part), 0.5 * (part * part + part)].map(DoubleDouble::from);
    let parts = [(-1, sides[0]), (0, DoubleDouble::ONE - sides[0] - sides[1]), (1, sides[1])];
    for (by, weight) in parts {
        *moves.entry(near as i64 + by).or_default() += weight * mass;
    }
}

/// The masses of cells, whose mean and variance are made those of the law.
fn smooth(
    between: impl Fn(f64, f64) -> f64,
    steps: &StepLaw,
    spacing: f64,
    [low, high]: [f64; 2],
) -> Option<BTreeMap<i64, DoubleDouble>> {
    let (mean, variance) = steps.moments()?;
    let (first, last) = ((low / spacing).floor(), (high / spacing).ceil());
    if last - first > MOST_MOVES {
        return None;
    }
    let mut cells: BTreeMap<i64, DoubleDouble> = BTreeMap::new();
    for place in first as i64..=last as i64 {
        let middle = place as f64 * spacing;
        cells.insert(place, DoubleDouble::from(between(middle - 0.5 * spacing, middle + 0.5 * spacing)));
    }
    let sum: DoubleDouble = cells.values().copied().sum();
    let places = |power: u32| -> f64 {
        let terms = cells.iter().map(|(&place, &mass)| {
            let centred = DoubleDouble::from(place as f64 - mean / spacing);
            mass * if power == 1 { centred } else { centred * centred }
        });
        (terms.sum::<DoubleDouble>() / sum).to_f64()
    };
    // A move by −1, 0 or 1 with this mean and second moment is added.
    let off = places(1);
    let by = -off;
    let square = variance / (spacing * spacing) - (places(2) - off * off) + by * by;
    let sides = [0.5 * (square - by), 0.5 * (square + by)].map(DoubleDouble::from);
    let mut moves = BTreeMap::new();
    for (place, mass) in cells {
        let mass = mass / sum;
        for (by, weight) in [(-1, sides[0]), (0, DoubleDouble::ONE - sides[0] - sides[1]), (1, sides[1])] {
            *moves.entry(place + by).or_insert(DoubleDouble::ZERO) += weight * mass;
        }
    }
    Some(moves)
}
