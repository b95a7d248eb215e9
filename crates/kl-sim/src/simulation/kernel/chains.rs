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
        Self { ends, next }
    }

    /// The last bytes of the states, if each of them may have one: ends of 0 have none.
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

/// Goes one step after the other from the states `is`, at most [`MOST_STEPS`]. `settle` has the state before each
/// byte that is left over, step by step and lane by lane, and gives the next state.
#[inline]
pub(in crate::simulation) fn step_lanes<const K: usize>(
    ends: &Ends<K>,
    bytes: &[Row],
    is: &mut Row,
    drawn: &mut [Row],
    tally: &mut Tally<K>,
    settle: &mut dyn FnMut(usize) -> u8,
) {
    #[cfg(target_arch = "x86_64")]
    if super::x86::step_lanes(ends, bytes, is, drawn, tally, settle) {
        return;
    }
    step_lanes_plainly(ends, bytes, is, drawn, tally, settle);
}

pub(super) fn step_lanes_plainly<const K: usize>(
    ends: &Ends<K>,
    bytes: &[Row],
    is: &mut Row,
    drawn: &mut [Row],
    tally: &mut Tally<K>,
    settle: &mut dyn FnMut(usize) -> u8,
) {
    let mut events = [[[0u8; LANES]; K]; K];
    for (bytes, drawn) in bytes.iter().zip(drawn) {
        for lane in 0..LANES {
            let from = usize::from(is[lane]) % K;
            let mut next = ends.next[from][usize::from(bytes[lane])];
            if next == NO_STATE {
                next = settle(from);
            }
            events[from][usize::from(next) % K][lane] += 1;
            is[lane] = next;
        }
        *drawn = *is;
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

    type Steps<'a> = dyn Fn(&mut Row, &mut [Row], &mut Tally<3>, &mut dyn FnMut(usize) -> u8) + 'a;

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
            let run = |step: &Steps<'_>| {
                let (mut is, mut drawn, mut tally) = (first, vec![[0; LANES]; bytes.len()], [[[0; LANES]; 3]; 3]);
                let mut calls = 0u8;
                step(&mut is, &mut drawn, &mut tally, &mut |from| {
                    calls = calls.wrapping_add(1);
                    (calls.wrapping_mul(7).wrapping_add(from as u8)) % 3
                });
                (is, drawn, tally)
            };
            let fast = run(&|is, drawn, tally, settle| step_lanes(&ends, &bytes, is, drawn, tally, settle));
            let plain = run(&|is, drawn, tally, settle| step_lanes_plainly(&ends, &bytes, is, drawn, tally, settle));
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
