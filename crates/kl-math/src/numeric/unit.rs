//! Nats or bits.

/// The unit of information that results are written in. Everything is computed in nats.
///
/// ```
/// use kl_math::numeric::Unit;
/// assert_eq!(Unit::Bits.of_nats(std::f64::consts::LN_2), 1.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Natural logarithms.
    #[default]
    Nats,
    /// Logarithms to base 2.
    Bits,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 2] = [Self::Nats, Self::Bits];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nats => "nats",
            Self::Bits => "bits",
        }
    }

    /// The unit of that name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }

    /// An estimate, mean, bias, standard error or RMSE given in nats.
    pub fn of_nats(self, nats: f64) -> f64 {
        match self {
            Self::Nats => nats,
            Self::Bits => nats / std::f64::consts::LN_2,
        }
    }

    /// A variance given in nats².
    pub fn of_square_nats(self, square_nats: f64) -> f64 {
        self.of_nats(self.of_nats(square_nats))
    }
}
