//! The seed of an experiment.

use kl_sim::simulation::StreamKey;

/// A seed: 0 to 2⁶³ − 1, what a TOML integer holds.
///
/// ```
/// use kl_runner::plan::Seed;
/// assert_eq!(Seed::new(57).map(Seed::get), Some(57));
/// assert_eq!(Seed::new(1 << 63), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seed(u64);

impl Seed {
    /// The largest seed.
    pub const MAX: Self = Self(i64::MAX as u64);

    /// Checks the bound.
    pub fn new(seed: u64) -> Option<Self> {
        (seed <= Self::MAX.0).then_some(Self(seed))
    }

    /// The seed of the pilot of an experiment with this seed: above [`MAX`](Self::MAX), so that no experiment has it.
    ///
    /// ```
    /// use kl_runner::plan::Seed;
    /// assert!(Seed::MAX < Seed::default().of_pilot());
    /// ```
    pub fn of_pilot(self) -> Self {
        Self(StreamKey::pilot_seed(self.0))
    }

    /// The number itself.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl std::fmt::Display for Seed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(out)
    }
}
