//! Lists of numbers that are mostly 0, saved without the zeros.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The length, and for each number that is not 0 how many zeros come before it.
#[derive(Serialize, Deserialize)]
struct Sparse<T>(u64, Vec<(u64, T)>);

/// Saves a list.
pub(super) fn serialize<T, S>(values: &[T], serializer: S) -> Result<S::Ok, S::Error>
where
    T: Copy + Default + PartialEq + Serialize,
    S: Serializer,
{
    let mut zeros = 0;
    let mut others = Vec::new();
    for &value in values {
        if value == T::default() {
            zeros += 1;
        } else {
            others.push((std::mem::take(&mut zeros), value));
        }
    }
    Sparse(values.len() as u64, others).serialize(serializer)
}

/// Reads a list. One that is too long for the memory is an error.
pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Copy + Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    let Sparse(length, others) = Sparse::<T>::deserialize(deserializer)?;
    let mut values = Vec::new();
    let length = usize::try_from(length).map_err(|_| D::Error::custom("a list that is too long"))?;
    values.try_reserve_exact(length).map_err(D::Error::custom)?;
    values.resize(length, T::default());
    let mut place = 0usize;
    for (zeros, value) in others {
        let zeros = usize::try_from(zeros).map_err(D::Error::custom)?;
        place = place.saturating_add(zeros);
        *values.get_mut(place).ok_or_else(|| D::Error::custom("a number beyond the end of its list"))? = value;
        place += 1;
    }
    Ok(values)
}
