//! All values of the log ratio of a sequence, listed.

use crate::law::{Atom, Law, Multinomial};
use crate::numeric::{DoubleDouble, compensated};

/// Laws of more atoms are not listed.
const MOST_ATOMS: u64 = 1 << 20;

/// Values closer than this part of the largest are one but for rounding.
const SAME: f64 = 4e-12;

/// The sums of `n` of these values with their chances, by rising value; those that are one but for rounding as one. None where they
/// are more than a million.
pub(super) fn listed(masses: &[DoubleDouble], values: &[f64], n: u64) -> Option<Vec<Atom>> {
    let symbols = n as f64;
    let mut atoms: Vec<Atom> = match Multinomial::new(masses, n, MOST_ATOMS) {
        Some(vectors) => vectors
            .iter()
            .map(|(counts, chance)| {
                let terms = counts.iter().zip(values).map(|(&count, value)| count as f64 * value);
                Atom { value: compensated(terms), mass: chance.to_f64() }
            })
            .collect(),
        None => {
            let atoms = Law::of_symbols(masses, values, n, MOST_ATOMS)?.atoms(MOST_ATOMS as usize)?;
            atoms.into_iter().map(|atom| Atom { value: symbols * atom.value, mass: atom.mass }).collect()
        }
    };
    atoms.sort_by(|a, b| a.value.total_cmp(&b.value));
    let room = SAME * symbols * values.iter().map(|value| value.abs()).fold(0.0, f64::max);
    atoms.dedup_by(|atom, kept| {
        let is_same = atom.value - kept.value <= room;
        if is_same {
            kept.mass += atom.mass;
        }
        is_same
    });
    Some(atoms)
}
