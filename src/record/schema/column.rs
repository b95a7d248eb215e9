//! A column of a result file.

use super::FieldType;
use kl_math::statistics::Unit;

/// How the numbers of a column depend on the unit of the experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// Not at all: plain numbers, or text.
    None,
    /// Nats or bits.
    Information,
    /// Nats² or bits².
    Variance,
    /// As the measure of the row does: see [`Measure::dimension`](kl_math::statistics::Measure::dimension).
    OfMeasure,
}

impl Dimension {
    /// Converts a number from nats to `unit`. Measures are converted before they become rows.
    pub fn of_nats(self, number: f64, unit: Unit) -> f64 {
        match self {
            Self::None | Self::OfMeasure => number,
            Self::Information => unit.of_nats(number),
            Self::Variance => unit.of_square_nats(number),
        }
    }

    /// The unit of the numbers, if they have one.
    pub fn unit(self, unit: Unit) -> Option<String> {
        match self {
            Self::None | Self::OfMeasure => None,
            Self::Information => Some(unit.name().to_owned()),
            Self::Variance => Some(format!("{}²", unit.name())),
        }
    }

    /// The unit where that of the experiment is not known, for documents.
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Information => "nats or bits",
            Self::Variance => "nats² or bits²",
            Self::OfMeasure => "the measure's",
        }
    }
}

/// The name of a column, the type and the unit of its fields, and what they mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name in the file.
    pub name: &'static str,
    /// The type of its fields.
    pub field_type: FieldType,
    /// How its numbers depend on the unit of the experiment.
    pub dimension: Dimension,
    /// What it means, by which formula: for pages and documents.
    pub meaning: &'static str,
}
