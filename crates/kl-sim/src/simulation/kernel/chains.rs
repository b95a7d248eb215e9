//! Steps of a few states, many lanes side by side.

/// Lanes that step together.
pub(in crate::simulation) const LANES: usize = 64;

/// A byte a lane.
pub(in crate::simulation) type Row = [u8; LANES];

/// More steps would overflow the counts of a byte.
pub(in crate::simulation) const MOST_STEPS: usize = 255;

/// A byte that leads to no state.
pub(super) const NO_STATE: u8 = u8::MAX;

/// Where the bytes of each state end, by the state before: the next state is the number of ends that are not above a byte.
#[derive(Clone, Debug)]
pub(in crate::simulation) struct Ends<const K: usize> {
    /// Of each state before, in order, those of all next states; beyond the last is no state. Ends are at most 256.
    #[cfg(target_arch = "x86_64")]
    ends: [[u16; K]; K],
    /// The next state of each byte, or [`NO_STATE`].
    next: Box<[[u8; 256]; K]>,
}

impl<const K: usize> Ends<K> {
    pub(in crate::simulation) fn new(ends: [[u16; K]; K]) -> Self {
        let mut next = Box::new([[NO_STATE; 256]; K]);
        for (next, ends) in next.iter_mut().zip(&ends) {
            for (byte, next) in (0..).zip(next) {
                let state = ends.iter().filter(|&&end| end <= byte).count();
                *next = if state < K { state as u8 } else { NO_STATE };
            }
        }
        Self {
            #[cfg(target_arch = "x86_64")]
            ends,
            next,
        }
    }

    /// The last bytes of the states, if each of them may have one: ends of 0 have none.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn last_bytes(&self) -> Option<[[u8; K]; K]> {
        let mut last = [[0; K]; K];
        for (last, &end) in last.iter_mut().flatten().zip(self.ends.iter().flatten()) {
            *last = u8::try_from(end.checked_sub(1)?).ok()?;
        }
        Some(last)
    }
}

/// What steps are counted by: how many came to each state, and how many of them had bytes at or above the end of each next
/// state.
pub(in crate::simulation) type Tally<const K: usize> = [[Row; K]; K];

/// Lanes on their way.
pub(in crate::simulation) struct Walk<'a, const K: usize> {
    /// The states before the first step, and at last those after the last.
    pub(in crate::simulation) is: &'a mut Row,
    /// The states after each step.
    pub(in crate::simulation) drawn: &'a mut [Row],
    pub(in crate::simulation) tally: &'a mut Tally<K>,
    /// Gives the next state from the one before where a byte is left over: step by step and lane by lane.
    pub(in crate::simulation) settle: &'a mut dyn FnMut(usize) -> u8,
}

/// Goes a step for each row of `bytes`, of which there are at most [`MOST_STEPS`].
#[inline]
pub(in crate::simulation) fn step_lanes<const K: usize>(ends: &Ends<K>, bytes: &[Row], walk: &mut Walk<'_, K>) {
    #[cfg(target_arch = "x86_64")]
    if super::x86::step_lanes(ends, bytes, walk) {
        return;
    }
    step_lanes_plainly(ends, bytes, walk);
}

fn step_lanes_plainly<const K: usize>(ends: &Ends<K>, bytes: &[Row], walk: &mut Walk<'_, K>) {
    let Walk { is, drawn, tally, settle } = walk;
    let mut events = [[[0u8; LANES]; K]; K];
    for (bytes, drawn) in bytes.iter().zip(drawn.iter_mut()) {
        for lane in 0..LANES {
            let from = usize::from(is[lane]) % K;
            let mut next = ends.next[from][usize::from(bytes[lane])];
            if next == NO_STATE {
                next = settle(from);
            }
            events[from][usize::from(next) % K][lane] += 1;
            is[lane] = next;
        }
        *drawn = **is;
    }
    for (tally, events) in tally.iter_mut().zip(&events) {
        let mut beyond = [0u8; LANES];
        for (tally, events) in tally.iter_mut().zip(events).rev() {
            for lane in 0..LANES {
                beyond[lane] += events[lane];
                tally[lane] += beyond[lane];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Each lane for itself, with the machine's own vectors and without.
        #[test]
        fn lanes_step_as_one_would(
            cuts in proptest::collection::vec(proptest::collection::vec(prop_oneof![4 => 1u16..=256, 1 => Just(256), 1 => 0u16..3], 3), 3),
            bytes in proptest::collection::vec(any::<[u64; 8]>(), 1..MOST_STEPS),
            start in any::<u64>(),
        ) {
            let mut sorted = [[0; 3]; 3];
            for (row, mut cuts) in sorted.iter_mut().zip(cuts) {
                cuts.sort_unstable();
                row.copy_from_slice(&cuts);
            }
            let ends = Ends::new(sorted);
            let bytes: Vec<Row> = bytes
                .into_iter()
                .map(|words| std::array::from_fn(|lane| words[lane / 8].to_le_bytes()[lane % 8]))
                .collect();
            let first: Row = std::array::from_fn(|lane| ((start >> lane) % 3) as u8);
            let run = |step: fn(&Ends<3>, &[Row], &mut Walk<'_, 3>)| {
                let (mut is, mut drawn, mut tally) = (first, vec![[0; LANES]; bytes.len()], [[[0; LANES]; 3]; 3]);
                let mut calls = 0u8;
                let mut settle = |from: usize| {
                    calls = calls.wrapping_add(1);
                    (calls.wrapping_mul(7).wrapping_add(from as u8)) % 3
                };
                let settle = &mut settle;
                step(&ends, &bytes, &mut Walk { is: &mut is, drawn: &mut drawn, tally: &mut tally, settle });
                (is, drawn, tally)
            };
            let (fast, plain) = (run(step_lanes), run(step_lanes_plainly));
            prop_assert_eq!(&fast, &plain);
            // By the definition, step by step and lane by lane.
            let (mut was, mut calls) = (first, 0u8);
            let mut tally = [[[0u8; LANES]; 3]; 3];
            for (bytes, drawn) in bytes.iter().zip(&fast.1) {
                let mut next = [0; LANES];
                for lane in 0..LANES {
                    let from = usize::from(was[lane]);
                    let below = |to: usize| u16::from(bytes[lane]) < sorted[from][to];
                    next[lane] = (0..3).find(|&to| below(to)).map_or_else(
                        || {
                            calls = calls.wrapping_add(1);
                            (calls.wrapping_mul(7).wrapping_add(from as u8)) % 3
                        },
                        |to| to as u8,
                    );
                    (0..=usize::from(next[lane])).for_each(|to| tally[from][to][lane] += 1);
                }
                prop_assert_eq!(&next, drawn);
                was = next;
            }
            prop_assert_eq!(tally, fast.2);
        }
    }
}
