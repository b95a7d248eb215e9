//! Numbers and exact fractions, with the text they were written as.

use crate::numeric::{DoubleDouble, shortest};

/// A number with the text it was written as: `0.4`, or the exact fraction `1/6`.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    value: DoubleDouble,
    text: Box<str>,
}

/// Why a text is no exact fraction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FractionError {
    /// Not two whole numbers with a slash between them.
    #[error("a fraction is two whole numbers with a slash between them, such as \"1/6\"")]
    Form,
    /// The denominator is zero.
    #[error("a fraction cannot have the denominator 0")]
    ZeroDenominator,
    /// A part does not fit 64 bits.
    #[error("a fraction's parts go up to 2^63")]
    TooLarge,
}

impl Number {
    /// A double, labelled with its shortest decimal form.
    pub fn new(value: f64) -> Self {
        Self { value: value.into(), text: shortest(value).into() }
    }

    /// A number of 106 bits, labelled with the shortest decimal form of the nearest double.
    pub fn precise(value: DoubleDouble) -> Self {
        Self { value, text: shortest(value.to_f64()).into() }
    }

    /// An exact fraction such as `1/6` or `-3/4`, kept to 106 bits.
    ///
    /// ```
    /// use kl_math::distribution::Number;
    /// let sixth = Number::fraction("1/6")?;
    /// assert_eq!(sixth.value().to_f64(), 1.0 / 6.0);
    /// assert_eq!(sixth.to_string(), "1/6");
    /// # Ok::<(), kl_math::distribution::FractionError>(())
    /// ```
    pub fn fraction(text: &str) -> Result<Self, FractionError> {
        let (numerator, denominator) = text.split_once('/').ok_or(FractionError::Form)?;
        let (numerator, denominator) = (numerator.trim(), denominator.trim());
        let (negative, numerator) = match numerator.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, numerator),
        };
        let (numerator, denominator) = (whole(numerator)?, whole(denominator)?);
        if denominator == 0 {
            return Err(FractionError::ZeroDenominator);
        }
        let size = DoubleDouble::ratio(numerator, denominator);
        let sign = if negative { "-" } else { "" };
        Ok(Self { value: if negative { -size } else { size }, text: format!("{sign}{numerator}/{denominator}").into() })
    }

    /// The value, to 106 bits.
    pub fn value(&self) -> DoubleDouble {
        self.value
    }
}

fn whole(text: &str) -> Result<u64, FractionError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FractionError::Form);
    }
    text.parse().ok().filter(|&part| part <= 1 << 63).ok_or(FractionError::TooLarge)
}

impl std::fmt::Display for Number {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.text)
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self::new(value)
    }
}
