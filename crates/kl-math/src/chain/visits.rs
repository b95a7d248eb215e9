//! How often a chain makes each of its events.

use super::ChainPair;

impl ChainPair {
    /// Returns how often each event of P is expected in a sequence of `n` symbols: the K first symbols, then the K² transitions,
    /// row by row, as [`source_events`](Self::source_events) lists them.
    ///
    /// Visits of n states are s(n) = a + s(n − 1) P, a the initial probabilities, and s(2m) = s(m) + s(m) Pᵐ.
    pub fn expected_events(&self, n: u64) -> Vec<f64> {
        let (initial, transitions) = self.source_events().split_at(self.states());
        let visits = self.expected_visits(n.saturating_sub(1));
        let made = visits.iter().zip(transitions.chunks_exact(self.states()));
        let made = made.flat_map(|(&visits, row)| row.iter().map(move |mass| visits * mass));
        initial.iter().copied().chain(made).collect()
    }

    /// How often P is expected in each state within the first `steps` symbols.
    fn expected_visits(&self, steps: u64) -> Vec<f64> {
        let states = self.states();
        let (initial, transition) = self.source_events().split_at(states);
        let product = |row: &[f64], matrix: &[f64]| -> Vec<f64> {
            let mut sums = vec![0.0; states];
            for (from, to) in row.iter().zip(matrix.chunks_exact(states)) {
                sums.iter_mut().zip(to).for_each(|(sum, mass)| *sum += from * mass);
            }
            sums
        };
        let multiplied = |left: &[f64], right: &[f64]| -> Vec<f64> {
            left.chunks_exact(states).flat_map(|row| product(row, right)).collect()
        };
        let Some(top) = steps.checked_ilog2() else { return vec![0.0; states] };
        let (mut visits, mut power) = (initial.to_vec(), transition.to_vec());
        for bit in (0..top).rev() {
            let later = product(&visits, &power);
            visits.iter_mut().zip(later).for_each(|(sum, more)| *sum += more);
            power = multiplied(&power, &power);
            if steps >> bit & 1 == 1 {
                let later = product(&visits, transition);
                visits = initial.iter().zip(later).map(|(first, more)| first + more).collect();
                power = multiplied(&power, transition);
            }
        }
        visits
    }
}

#[cfg(test)]
mod tests {
    use crate::chain::{ChainLaw, ChainPair};
    use crate::numeric::DoubleDouble;

    /// Step by step for short sequences, and by the stationary distribution for long ones.
    #[test]
    fn events_are_as_frequent_as_step_by_step() {
        let [initial, transition] = [&[0.9, 0.1, 0.0][..], &[0.5, 0.25, 0.25, 0.0, 0.75, 0.25, 0.5, 0.0, 0.5]]
            .map(|values| values.iter().copied().map(DoubleDouble::from).collect::<Vec<_>>());
        let law = ChainLaw { initial: &initial, transition: &transition };
        let pair = ChainPair::new(law, law).unwrap();
        for n in 1..40 {
            let (mut state, mut expected) = (pair.source_events()[..3].to_vec(), pair.source_events()[..3].to_vec());
            expected.extend([0.0; 9]);
            for _ in 1..n {
                let made: Vec<f64> = (0..9).map(|event| state[event / 3] * pair.source_events()[3 + event]).collect();
                expected[3..].iter_mut().zip(&made).for_each(|(sum, mass)| *sum += mass);
                state = (0..3).map(|to| (0..3).map(|from| made[3 * from + to]).sum()).collect();
            }
            let found = pair.expected_events(n);
            assert!(
                found.iter().zip(&expected).all(|(a, b)| (a - b).abs() <= 1e-13 * b),
                "{n}: {found:?} {expected:?}"
            );
        }
        let n = 1_000_000_007;
        let found = pair.expected_events(n);
        for (event, found) in found.iter().enumerate().skip(3) {
            let share = pair.stationary[(event - 3) / 3] * pair.source_events()[event] * n as f64;
            assert!((found - share).abs() <= 1e-7 * share + 5.0, "{event}: {found} {share}");
        }
    }
}
