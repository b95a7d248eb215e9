//! The types of fields: how each is written in a file, and read back to the same value.

use super::{Dimension, FieldKind, FieldType};
use kl_math::distribution::ClosedFormSource;
use kl_math::numeric::shortest_real;
use kl_math::statistics::{Measure, Unit};
use kl_sim::comparison::{Method, Verdict};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// The value of one field of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue<'a> {
    /// None: the field is empty.
    Missing,
    /// A whole number.
    Integer(u64),
    /// A real number, which is written as `1.0` if it is whole, so that readers infer one type for a column.
    Number(f64),
    /// Text.
    Text(Cow<'a, str>),
}

impl FieldValue<'_> {
    /// A number that may not exist.
    pub fn of(number: Option<f64>) -> Self {
        number.map_or(Self::Missing, Self::Number)
    }
}

/// The text in a file, without quotes.
impl fmt::Display for FieldValue<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => Ok(()),
            Self::Integer(number) => number.fmt(out),
            Self::Number(number) => out.write_str(&shortest_real(*number)),
            Self::Text(text) => out.write_str(text),
        }
    }
}

/// A type that fields of a result file may have. [`read`](Field::read) of the text of [`value`](Field::value) gives the same value.
pub trait Field: Sized {
    /// The type of a column of such fields.
    const TYPE: FieldType;

    /// The value as it is written.
    fn value(&self) -> FieldValue<'_>;

    /// Reads a field; the error is the rule that the text breaks.
    fn read(text: &str) -> Result<Self, &'static str>;

    /// Converts from nats to `unit`, if it is a number with a unit.
    fn convert(&mut self, _dimension: Dimension, _unit: Unit) {}
}

const INTEGER: &str = "a whole number goes there";
const NUMBER: &str = "a number goes there";

impl Field for u64 {
    const TYPE: FieldType = FieldType::required(FieldKind::Integer);

    fn value(&self) -> FieldValue<'_> {
        FieldValue::Integer(*self)
    }

    fn read(text: &str) -> Result<Self, &'static str> {
        text.parse().map_err(|_| INTEGER)
    }
}

impl Field for usize {
    const TYPE: FieldType = FieldType::required(FieldKind::Integer);

    fn value(&self) -> FieldValue<'_> {
        FieldValue::Integer(*self as u64)
    }

    fn read(text: &str) -> Result<Self, &'static str> {
        text.parse().map_err(|_| INTEGER)
    }
}

/// 1 or 0.
impl Field for bool {
    const TYPE: FieldType = FieldType::required(FieldKind::Flag);

    fn value(&self) -> FieldValue<'_> {
        FieldValue::Integer(u64::from(*self))
    }

    fn read(text: &str) -> Result<Self, &'static str> {
        match text {
            "1" => Ok(true),
            "0" => Ok(false),
            _ => Err("1 or 0 goes there"),
        }
    }
}

/// A number that always exists.
impl Field for f64 {
    const TYPE: FieldType = FieldType::required(FieldKind::Real);

    fn value(&self) -> FieldValue<'_> {
        FieldValue::Number(*self)
    }

    fn read(text: &str) -> Result<Self, &'static str> {
        text.parse().ok().filter(|number: &f64| !number.is_nan()).ok_or(NUMBER)
    }

    fn convert(&mut self, dimension: Dimension, unit: Unit) {
        *self = dimension.of_nats(*self, unit);
    }
}

/// A number that may not exist: then the field is empty.
impl Field for Option<f64> {
    const TYPE: FieldType = FieldType::optional(FieldKind::Real);

    fn value(&self) -> FieldValue<'_> {
        FieldValue::of(*self)
    }

    fn read(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() { Ok(None) } else { f64::read(text).map(Some) }
    }

    fn convert(&mut self, dimension: Dimension, unit: Unit) {
        *self = self.map(|number| dimension.of_nats(number, unit));
    }
}

impl Field for Option<u64> {
    const TYPE: FieldType = FieldType::optional(FieldKind::Integer);

    fn value(&self) -> FieldValue<'_> {
        self.map_or(FieldValue::Missing, FieldValue::Integer)
    }

    fn read(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() { Ok(None) } else { u64::read(text).map(Some) }
    }
}

impl Field for Cow<'_, str> {
    const TYPE: FieldType = FieldType::required(FieldKind::Text);

    fn value(&self) -> FieldValue<'_> {
        FieldValue::Text(Cow::Borrowed(self))
    }

    fn read(text: &str) -> Result<Self, &'static str> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// Text that may not exist.
impl Field for Option<Arc<str>> {
    const TYPE: FieldType = FieldType::optional(FieldKind::Text);

    fn value(&self) -> FieldValue<'_> {
        self.as_deref().map_or(FieldValue::Missing, |text| FieldValue::Text(text.into()))
    }

    fn read(text: &str) -> Result<Self, &'static str> {
        Ok(Some(text).filter(|text| !text.is_empty()).map(Into::into))
    }
}

impl Field for Option<Method> {
    const TYPE: FieldType = FieldType::optional(FieldKind::Text);

    fn value(&self) -> FieldValue<'_> {
        self.map_or(FieldValue::Missing, |method| FieldValue::Text(method.name().into()))
    }

    fn read(text: &str) -> Result<Self, &'static str> {
        match text {
            "" => Ok(None),
            _ => named(text, Method::ALL, Method::name)
                .map(Some)
                .ok_or("exact, saddlepoint, bound or student goes there"),
        }
    }
}

/// A type whose values have names.
macro_rules! named {
    ($($kind:ty: $rule:literal;)*) => {
        $(impl Field for $kind {
            const TYPE: FieldType = FieldType::required(FieldKind::Text);

            fn value(&self) -> FieldValue<'_> {
                FieldValue::Text(self.name().into())
            }

            fn read(text: &str) -> Result<Self, &'static str> {
                named(text, Self::ALL, Self::name).ok_or($rule)
            }
        })*
    };
}

named! {
    Unit: "nats or bits goes there";
    Verdict: "a verdict goes there";
    ClosedFormSource: "closed form, finite sum or quadrature goes there";
    Measure: "a measure goes there";
}

/// The value of that name.
fn named<T: Copy>(text: &str, all: impl IntoIterator<Item = T>, name: impl Fn(T) -> &'static str) -> Option<T> {
    all.into_iter().find(|&value| name(value) == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_no_value_is_refused_with_the_rule() {
        assert_eq!(u64::read("ten"), Err("a whole number goes there"));
        assert_eq!(usize::read("-1"), Err("a whole number goes there"));
        assert_eq!(bool::read("2"), Err("1 or 0 goes there"));
        assert_eq!(f64::read(""), Err("a number goes there"));
        assert_eq!(Option::<f64>::read("NaN"), Err("a number goes there"));
        assert_eq!(Verdict::read("maybe"), Err("a verdict goes there"));
        assert_eq!(Option::<Method>::read("guess"), Err("exact, saddlepoint, bound or student goes there"));
        assert_eq!(Unit::read("hartleys"), Err("nats or bits goes there"));
    }

    #[test]
    fn numbers_are_converted_by_their_dimension() {
        let bits = |dimension: Dimension| {
            let mut number = Some(std::f64::consts::LN_2);
            number.convert(dimension, Unit::Bits);
            number
        };
        assert_eq!(bits(Dimension::Information), Some(1.0));
        assert_eq!(bits(Dimension::Variance), Some(1.0 / std::f64::consts::LN_2));
        assert_eq!(bits(Dimension::None), Some(std::f64::consts::LN_2));
    }
}
