//! Lists of doubles, saved as their bytes: there may be millions.

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserializer, Serializer};

const SIZE: usize = size_of::<f64>();

/// Saves a list.
pub(super) fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    let bytes: Vec<[u8; SIZE]> = values.iter().map(|value| value.to_le_bytes()).collect();
    serializer.serialize_bytes(bytes.as_flattened())
}

/// Reads a list.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    deserializer.deserialize_bytes(Doubles)
}

struct Doubles;

impl<'de> Visitor<'de> for Doubles {
    type Value = Vec<f64>;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("the bytes of doubles")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<f64>, E> {
        let (doubles, rest) = bytes.as_chunks::<SIZE>();
        if !rest.is_empty() {
            return Err(E::invalid_length(bytes.len(), &self));
        }
        let mut values = Vec::new();
        values.try_reserve_exact(doubles.len()).map_err(E::custom)?;
        values.extend(doubles.iter().map(|bytes| f64::from_le_bytes(*bytes)));
        Ok(values)
    }

    /// Formats that have no bytes have a list of numbers.
    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<Vec<f64>, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = numbers.next_element::<u8>()? {
            bytes.push(byte);
        }
        self.visit_bytes(&bytes)
    }
}
