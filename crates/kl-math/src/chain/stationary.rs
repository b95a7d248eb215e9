//! Markov chains: which states stay together, and how often each is visited in the long run.

use crate::numeric::DoubleDouble;

/// The most states a chain has: a set of them is the bits of one `u64`.
pub const MAX_STATES: usize = 64;

/// The members of a set of states, in order.
pub(super) fn members(set: u64) -> impl Iterator<Item = usize> {
    (0..MAX_STATES).filter(move |state| set >> state & 1 == 1)
}

/// For each state, the set of states that can be reached from it in any number of steps, 0 included (bit j for state
/// j).
///
/// `transition` holds the K×K matrix row by row, K ≤ [`MAX_STATES`]; only whether an entry is above 0 matters.
pub(super) fn reachable(transition: &[DoubleDouble]) -> Vec<u64> {
    let states = transition.len().isqrt();
    let mut reach: Vec<u64> = transition
        .chunks_exact(states.max(1))
        .enumerate()
        .map(|(from, row)| row.iter().enumerate().fold(1 << from, |set, (to, &mass)| set | bit(mass) << to))
        .collect();
    for through in 0..reach.len() {
        let beyond = reach[through];
        reach.iter_mut().filter(|set| **set >> through & 1 == 1).for_each(|set| *set |= beyond);
    }
    reach
}

fn bit(mass: DoubleDouble) -> u64 {
    u64::from(mass > DoubleDouble::ZERO)
}

/// The closed classes among the states of `from`: sets of states that lead to each other and to no others.
///
/// `reach` is what [`reachable`] says. A chain ends up in one of them and stays; all other states are transient.
pub(super) fn closed_classes(reach: &[u64], from: u64) -> Vec<u64> {
    let mut classes = Vec::new();
    for (state, &class) in reach.iter().enumerate() {
        let is_closed = members(class).all(|other| reach.get(other) == Some(&class));
        if from >> state & 1 == 1 && is_closed && !classes.contains(&class) {
            classes.push(class);
        }
    }
    classes
}

/// The stationary distribution π = πP of a chain, by GTH elimination (Grassmann, Taksar & Heyman 1985,
/// "Regenerative analysis and steady state distributions for Markov chains"): no subtractions, so every entry is right
/// to some 1e-30 of itself, for nearly decomposable chains too.
///
/// `transition` holds the K×K matrix of probabilities row by row, K ≤ [`MAX_STATES`]. Periodic chains have one too;
/// transient states get 0. None if it is not unique (several closed classes), or if there are no states or too many.
///
/// ```
/// use kl_math::chain::stationary;
/// use kl_math::numeric::DoubleDouble;
/// let rows = [0.5, 0.5, 0.25, 0.75].map(DoubleDouble::from);
/// let found = stationary(&rows).expect("one closed class");
/// assert!((found[0].to_f64() - 1.0 / 3.0).abs() < 1e-16);
/// assert_eq!(stationary(&[1.0, 0.0, 0.0, 1.0].map(DoubleDouble::from)), None);
/// ```
pub fn stationary(transition: &[DoubleDouble]) -> Option<Vec<DoubleDouble>> {
    let states = transition.len().isqrt();
    if states == 0 || states > MAX_STATES || states * states != transition.len() {
        return None;
    }
    let classes = closed_classes(&reachable(transition), u64::MAX);
    let &[class] = classes.as_slice() else { return None };
    Some(stationary_within(transition, class))
}

/// The stationary distribution on one closed class, 0 on all other states.
pub(super) fn stationary_within(transition: &[DoubleDouble], class: u64) -> Vec<DoubleDouble> {
    let states = transition.len().isqrt();
    let places: Vec<usize> = members(class).collect();
    let mut rows: Vec<Vec<DoubleDouble>> =
        places.iter().map(|&i| places.iter().map(|&j| transition[i * states + j]).collect()).collect();
    // Censor the last state: the chain is watched only while it is in those before it.
    let mut sums = vec![DoubleDouble::ONE; rows.len()];
    for last in (1..rows.len()).rev() {
        let (before, rest) = rows.split_at_mut(last);
        let leaving = &rest[0][..last];
        let sum: DoubleDouble = leaving.iter().copied().sum();
        for row in before.iter_mut() {
            let share = row[last] / sum;
            // A state that is hardly ever left may be visited more often than a double can say.
            let part = |leave: DoubleDouble| {
                if share.to_f64().is_finite() { share * leave } else { row[last] * (leave / sum) }
            };
            let parts: Vec<DoubleDouble> = leaving.iter().map(|&leave| part(leave)).collect();
            row.iter_mut().zip(parts).for_each(|(entry, part)| *entry += part);
        }
        let is_large = before.iter().any(|row| !(row[last] / sum).to_f64().is_finite());
        if is_large {
            sums[last] = sum;
        } else {
            before.iter_mut().for_each(|row| row[last] = row[last] / sum);
        }
    }
    let mut visits = vec![DoubleDouble::ONE];
    for last in 1..rows.len() {
        let next = |visits: &[DoubleDouble]| {
            let sum: DoubleDouble = visits.iter().zip(&rows).map(|(&visit, row)| visit * row[last]).sum();
            if sums[last] == DoubleDouble::ONE { sum } else { sum / sums[last] }
        };
        while !next(&visits).to_f64().is_finite() && visits.iter().any(|visit| *visit > DoubleDouble::ZERO) {
            let smaller = DoubleDouble::from(1.0 / (1u128 << 100) as f64);
            visits.iter_mut().for_each(|visit| *visit = *visit * smaller);
        }
        visits.push(next(&visits));
    }
    let sum: DoubleDouble = visits.iter().copied().sum();
    let mut shares = vec![DoubleDouble::ZERO; states];
    places.iter().zip(visits).for_each(|(&place, visit)| shares[place] = visit / sum);
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_that_cannot_be_left_is_a_class_of_its_own() {
        let reach = reachable(&[0.5, 0.5, 0.0, 1.0].map(DoubleDouble::from));
        assert_eq!(reach, [0b11, 0b10]);
        assert_eq!(closed_classes(&reach, 0b11), [0b10]);
    }

    fn of(rows: &[f64]) -> Option<Vec<f64>> {
        let rows: Vec<DoubleDouble> = rows.iter().copied().map(DoubleDouble::from).collect();
        Some(stationary(&rows)?.iter().map(|share| share.to_f64()).collect())
    }

    #[test]
    fn a_nearly_decomposable_chain_keeps_its_digits() {
        // π ∝ (b, a) for P = [[1−a, a], [b, 1−b]].
        let found = of(&[1.0, 1e-300, 3e-300, 1.0]).unwrap();
        assert!((found[0] - 0.75).abs() < 1e-15 && (found[1] - 0.25).abs() < 1e-15, "{found:?}");
    }

    #[test]
    fn a_state_left_once_in_the_smallest_double_takes_all() {
        assert_eq!(of(&[0.5, 0.5, 5e-324, 1.0]), Some(vec![1e-323, 1.0]));
        assert_eq!(of(&[1.0, 5e-324, 0.5, 0.5]), Some(vec![1.0, 1e-323]));
    }

    #[test]
    fn periodic_chains_have_one_and_transient_states_none() {
        assert_eq!(of(&[0.0, 1.0, 1.0, 0.0]), Some(vec![0.5, 0.5]));
        assert_eq!(of(&[0.5, 0.25, 0.25, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0]), Some(vec![0.0, 0.5, 0.5]));
        assert_eq!(of(&[0.5, 0.5, 0.0, 1.0]), Some(vec![0.0, 1.0]));
    }

    #[test]
    fn two_closed_classes_have_none() {
        assert_eq!(of(&[0.5, 0.25, 0.25, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]), None);
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[1.0, 0.0, 0.0]), None);
    }

    #[test]
    fn it_is_a_fixed_point_of_the_largest_chain() {
        let size = MAX_STATES;
        let weight = |i: usize, j: usize| ((i * 37 + j * 101) % 64 + 1) as f64;
        let rows: Vec<DoubleDouble> = (0..size)
            .flat_map(|i| {
                let sum: f64 = (0..size).map(|j| weight(i, j)).sum();
                (0..size).map(move |j| DoubleDouble::from(weight(i, j)) / DoubleDouble::from(sum))
            })
            .collect();
        let found = stationary(&rows).unwrap();
        for j in 0..size {
            let next: DoubleDouble = (0..size).map(|i| found[i] * rows[i * size + j]).sum();
            assert!(((next - found[j]) / found[j]).to_f64().abs() < 1e-28);
        }
    }
}
