//! How strict regression checks are.

/// A chance above 0 and below 1.
///
/// ```
/// use kl_runner::plan::Chance;
/// assert_eq!(Chance::new(1e-6).map(Chance::get), Some(1e-6));
/// assert_eq!((Chance::new(0.0), Chance::new(1.0), Chance::new(f64::NAN)), (None, None, None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Chance(f64);

impl Chance {
    /// Checks the bounds.
    pub fn new(chance: f64) -> Option<Self> {
        (chance > 0.0 && chance < 1.0).then_some(Self(chance))
    }

    /// The number itself.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// What `runner check` is to promise for one experiment. It has no part in what a run leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CheckSettings {
    /// How often a right program may fail, all tests of all experiments of one check together.
    pub false_alarm: Chance,
    /// A bias that must be seen, as a part of D; a check that could miss it is inconclusive.
    pub detect: Option<Chance>,
}

impl Default for CheckSettings {
    fn default() -> Self {
        Self { false_alarm: Chance(1e-6), detect: None }
    }
}
