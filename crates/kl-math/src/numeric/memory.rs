//! Memory that is asked for before it is needed, so that a lack of it is an error that can be reported.

/// There is not enough memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("about {} of memory are needed and cannot be had", in_words(*.bytes))]
pub struct NoMemory {
    /// How many bytes are needed.
    pub bytes: u64,
}

/// Whether this many bytes can be allocated now. They are freed at once; the caller allocates them bit by bit.
///
/// ```
/// use kl_math::numeric::ask_for;
/// assert!(ask_for(1_000).is_ok());
/// let refused = ask_for(u64::MAX).map_err(|error| error.to_string());
/// assert_eq!(refused, Err("about 18446744074 GB of memory are needed and cannot be had".to_owned()));
/// ```
pub fn ask_for(bytes: u64) -> Result<(), NoMemory> {
    let mut room: Vec<u8> = Vec::new();
    let is_there = usize::try_from(bytes).is_ok_and(|bytes| room.try_reserve_exact(bytes).is_ok());
    // A compiler may otherwise find that nobody uses it.
    std::hint::black_box(&mut room);
    if is_there { Ok(()) } else { Err(NoMemory { bytes }) }
}

impl From<NoMemory> for std::io::Error {
    fn from(error: NoMemory) -> Self {
        Self::new(std::io::ErrorKind::OutOfMemory, error)
    }
}

/// Two digits and a unit.
fn in_words(bytes: u64) -> String {
    let mega = bytes as f64 / 1e6;
    if mega < 1_000.0 { format!("{:.0} MB", mega.ceil()) } else { format!("{:.0} GB", (mega / 1e3).ceil()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_rounded_upward() {
        assert_eq!([1, 1_000_000, 1_500_000, 2_000_000_001].map(in_words), ["1 MB", "1 MB", "2 MB", "3 GB"]);
        assert_eq!(std::io::Error::from(NoMemory { bytes: 7 }).kind(), std::io::ErrorKind::OutOfMemory);
    }
}
