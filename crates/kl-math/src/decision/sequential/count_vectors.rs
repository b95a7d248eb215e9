//! Any few values: how often each has come says where Λ is, exactly.

use super::evenly_spaced::parted;
use super::tally::{NO_DIGIT, Part, Tally};
use crate::decision::{Decision, StoppingRule};
use crate::numeric::DoubleDouble;

/// Sequences with the same counts.
#[derive(Clone, Copy, Debug)]
struct State {
    /// The counts of all values but the first, side by side.
    counts: u128,
    log_ratio: DoubleDouble,
    mass: DoubleDouble,
}

/// So many states are merged in a quarter of a second of one core, about.
const BUDGET: u64 = 4_000_000;

/// The test to its end; none where it takes too long.
pub(super) fn followed(atoms: &[(f64, DoubleDouble)], rule: &StoppingRule) -> Option<Tally> {
    let (finite, infinite) = parted(atoms);
    let fields = u32::try_from(finite.len().checked_sub(1)?).ok()?;
    let bits = 128_u32.checked_div(fields).unwrap_or(64).min(64);
    let one = |place: usize| if place == 0 { 0 } else { 1_u128 << (bits * (place as u32 - 1)) };
    if bits < 4 {
        return None;
    }
    let mut tally = Tally::start();
    let mut alive = vec![State { counts: 0, log_ratio: DoubleDouble::ZERO, mass: DoubleDouble::ONE }];
    let mut work = 0;
    let above = if rule.is_two_sided() { Decision::Q } else { Decision::P };
    for n in 1..=rule.max() {
        work += (alive.len() * finite.len()) as u64 + 8;
        if work > BUDGET || (bits < 64 && n >> bits > 0) {
            return None;
        }
        let before: DoubleDouble = alive.iter().map(|state| state.mass).sum();
        for (&mass, value) in infinite.iter().zip([f64::NEG_INFINITY, f64::INFINITY]) {
            let mass = (before * mass).to_f64();
            if let Some(decision) = rule.decide(n, value).filter(|_| mass > 0.0) {
                tally.stop_at_infinity(decision, value > 0.0, mass);
            }
        }
        let mut next = merged(&alive, &finite, one);
        let (lower, upper) = rule.reached(n);
        next.retain(|state| {
            let value = state.log_ratio.to_f64();
            let decision = match value {
                value if value >= upper => above,
                value if value <= lower => Decision::Q,
                _ if n == rule.max() => Decision::Undecided,
                _ => return true,
            };
            tally.stop(n, decision, Part::at(value, state.mass.to_f64()));
            false
        });
        alive = next;
        tally.survive(alive.iter().map(|state| state.mass).sum::<DoubleDouble>().to_f64());
        if tally.is_over(NO_DIGIT) {
            break;
        }
    }
    tally.lost = tally.alive();
    tally.rounding = 4.0 * f64::EPSILON;
    Some(tally)
}

/// The states after one more symbol, those of the same counts added. States ascend by their counts, and so do those that come from them
/// by one value.
fn merged(alive: &[State], finite: &[(f64, DoubleDouble)], one: impl Fn(usize) -> u128) -> Vec<State> {
    let mut places = vec![0_usize; finite.len()];
    let mut next: Vec<State> = Vec::with_capacity(alive.len() + alive.len() / 4);
    loop {
        let heads = places.iter().enumerate().filter_map(|(value, &place)| {
            let state = alive.get(place)?;
            Some((state.counts + one(value), value, *state))
        });
        let Some((counts, value, state)) = heads.min_by_key(|head| head.0) else { return next };
        places[value] += 1;
        let (step, chance) = finite[value];
        let mass = state.mass * chance;
        match next.last_mut() {
            Some(last) if last.counts == counts => last.mass += mass,
            _ => next.push(State { counts, log_ratio: state.log_ratio + DoubleDouble::from(step), mass }),
        }
    }
}
