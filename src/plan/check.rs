//! The settings of regression checks.

/// A probability above 0 and below 1.
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

/// What `runner check` guarantees for one experiment. It does not affect the results of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CheckSettings {
    /// The probability that a correct program fails any test of any experiment of one check.
    pub false_alarm: Chance,
    /// The same for the nominal tests of users' own estimators, which have a rate of their own.
    pub nominal_false_alarm: Chance,
    /// A bias relative to D that must be detected; a check that could miss it is inconclusive.
    pub detect: Option<Chance>,
    /// How far committed numbers of users' own estimators may be from those of a rerun.
    pub tolerance: Option<Tolerance>,
}

/// How far two numbers of one row may be apart and still count as the same.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerance {
    /// In standard errors of the number.
    pub standard_errors: f64,
    /// As a part of the number's size.
    pub relative: f64,
}

impl Default for CheckSettings {
    fn default() -> Self {
        Self { false_alarm: Chance(1e-6), nominal_false_alarm: Chance(1e-6), detect: None, tolerance: None }
    }
}
