//! Exact arithmetic on decimals and fractions: 0.05 is 5/100, not the nearest double.

/// `numerator / denominator · 10^exponent` in a normal form: the denominator is positive and has no factor in common with 10
/// or the numerator, and the numerator does not end in 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exact {
    numerator: i128,
    denominator: i128,
    exponent: i32,
}

impl Exact {
    /// Makes a number; `None` if it does not fit.
    pub(crate) fn new(numerator: i128, denominator: i128, exponent: i32) -> Option<Self> {
        let common = greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs());
        let common = i128::try_from(common).ok().filter(|&common| common > 0)?;
        let mut reduced = Self { numerator: numerator / common, denominator: denominator / common, exponent };
        if reduced.numerator == 0 {
            return (denominator != 0).then_some(Self { numerator: 0, denominator: 1, exponent: 0 });
        }
        for (factor, partner) in [(2, 5), (5, 2)] {
            while reduced.denominator % factor == 0 {
                reduced.denominator /= factor;
                reduced.numerator = reduced.numerator.checked_mul(partner)?;
                reduced.exponent = reduced.exponent.checked_sub(1)?;
            }
        }
        while reduced.numerator % 10 == 0 {
            reduced.numerator /= 10;
            reduced.exponent = reduced.exponent.checked_add(1)?;
        }
        Some(reduced)
    }

    /// Parses a TOML number without underscores (`1.5e3`, `0xff`) or a fraction (`1/6`).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
            if let Some(digits) = text.strip_prefix(prefix) {
                return Self::new(i128::from_str_radix(digits, radix).ok()?, 1, 0);
            }
        }
        if let Some((numerator, denominator)) = text.split_once('/') {
            let denominator = denominator.trim().parse().ok().filter(|&denominator| denominator > 0)?;
            return Self::new(numerator.trim().parse().ok()?, denominator, 0);
        }
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        // Zeros at the end have no value but would use up digits.
        let fraction = fraction.trim_end_matches('0');
        let exponent: i32 = exponent.parse().ok()?;
        let digits = format!("{whole}{fraction}");
        Self::new(digits.parse().ok()?, 1, exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?)
    }

    /// The number as an integer, if it is one and fits.
    pub(crate) fn whole(self) -> Option<i128> {
        let power = 10i128.checked_pow(u32::try_from(self.exponent).ok()?)?;
        (self.denominator == 1).then(|| self.numerator.checked_mul(power))?
    }

    /// The nearest double.
    pub(crate) fn to_f64(self) -> Option<f64> {
        if self.denominator == 1 {
            return format!("{}e{}", self.numerator, self.exponent).parse().ok();
        }
        // Eighty digits after the point and one for the remainder are enough to round correctly: a quotient of integers of
        // this size is never so close to the midpoint of two doubles.
        let (mut digits, mut rest) = ((self.numerator / self.denominator).to_string(), self.numerator.unsigned_abs());
        let denominator = self.denominator.unsigned_abs();
        digits.insert_str(0, if self.numerator < 0 && !digits.starts_with('-') { "-" } else { "" });
        digits.push('.');
        for _ in 0..80 {
            rest = (rest % denominator).checked_mul(10)?;
            digits.push(char::from_digit(u32::try_from(rest / denominator).ok()?, 10)?);
        }
        digits.push(if rest % denominator == 0 { '0' } else { '1' });
        format!("{digits}e{}", self.exponent).parse().ok()
    }

    pub(crate) fn is_positive(self) -> bool {
        self.numerator > 0
    }

    /// The number times a power of ten.
    pub(crate) fn shifted(self, places: i32) -> Option<Self> {
        Some(Self { exponent: self.exponent.checked_add(places)?, ..self })
    }

    /// The m with `self · 10^m = other`, if there is one.
    pub(crate) fn decades_to(self, other: Self) -> Option<i32> {
        (self.numerator == other.numerator && self.denominator == other.denominator)
            .then(|| other.exponent.checked_sub(self.exponent))?
    }
}

/// Equal steps from one number to another, with a common denominator so that each step is cheap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExactSteps {
    from: i128,
    to: i128,
    denominator: i128,
    exponent: i32,
    last: u32,
}

impl ExactSteps {
    /// Makes the steps 0 to `last`, which is at least 1; `None` if they do not fit.
    pub(crate) fn new(from: Exact, to: Exact, last: u32) -> Option<Self> {
        let exponent = from.exponent.min(to.exponent);
        let scaled = |number: Exact, other: Exact| {
            let shift = u32::try_from(number.exponent.checked_sub(exponent)?).ok()?;
            number.numerator.checked_mul(10i128.checked_pow(shift)?)?.checked_mul(other.denominator)
        };
        let denominator = from.denominator.checked_mul(to.denominator)?.checked_mul(i128::from(last))?;
        let (from, to) = (scaled(from, to)?, scaled(to, from)?);
        // If both ends fit, so do all values between them.
        from.unsigned_abs().max(to.unsigned_abs()).checked_mul(2 * u128::from(last)).filter(|&most| most < 1 << 126)?;
        Some(Self { from, to, denominator, exponent, last })
    }

    /// The exact value of a step.
    pub(crate) fn step(self, step: u32) -> Option<Exact> {
        Exact::new(self.numerator(step), self.denominator, self.exponent)
    }

    /// The double nearest to a step.
    pub(crate) fn rounded(self, step: u32) -> Option<f64> {
        // The quotient of two integers that are exact as doubles is rounded once, correctly.
        const HELD: i128 = 1 << 53;
        let numerator = self.numerator(step);
        let power = u32::try_from(-self.exponent).ok().and_then(|places| 10i128.checked_pow(places));
        match power.and_then(|power| self.denominator.checked_mul(power)) {
            Some(denominator) if denominator <= HELD && numerator.abs() <= HELD => {
                Some(numerator as f64 / denominator as f64)
            }
            _ => self.step(step)?.to_f64(),
        }
    }

    fn numerator(self, step: u32) -> i128 {
        self.from * i128::from(self.last - step.min(self.last)) + self.to * i128::from(step.min(self.last))
    }
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Option<i128> {
        Exact::parse(text).and_then(Exact::whole)
    }

    #[test]
    fn whole_numbers_are_recognised_exactly() {
        for (text, value) in [("1000", 1000), ("1e12", 1_000_000_000_000), ("1.5e3", 1500), ("-0", 0), ("0xff", 255)] {
            assert_eq!(whole(text), Some(value), "{text}");
        }
        assert_eq!(whole("+12.50e1"), Some(125));
        assert_eq!(whole(&format!("1.{}", "0".repeat(400))), Some(1));
        for text in ["1e-1", "0.5", "nan", "inf", "1e400", "1e99999999999", "", "10000000000000000.5", "0x"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    #[test]
    fn steps_are_the_doubles_nearest_to_the_decimals() {
        let end = |text| Exact::parse(text).expect("a number");
        let ladder = ExactSteps::new(end("0.05"), end("0.95"), 18).expect("a ladder");
        for step in 0..=18 {
            let decimal: f64 = format!("{}e-2", 5 * (step + 1)).parse().expect("a number");
            assert_eq!(ladder.rounded(step), Some(decimal));
            assert_eq!(ladder.step(step).and_then(Exact::to_f64), Some(decimal));
        }
        let thirds = ExactSteps::new(end("-1/3"), end("1/3"), 2).expect("a ladder");
        assert_eq!([0, 1, 2].map(|step| thirds.rounded(step)), [Some(-1.0 / 3.0), Some(0.0), Some(1.0 / 3.0)]);
        assert_eq!(end("-1/3").to_f64(), Some(-1.0 / 3.0));
        assert_eq!(end("1/70000000000000001").to_f64(), Some(1.0 / 70_000_000_000_000_001.0));
    }

    #[test]
    fn decades_are_exact() {
        let end = |text| Exact::parse(text).expect("a number");
        assert_eq!(end("1/2").decades_to(end("500")), Some(3));
        assert_eq!(end("1e-300").decades_to(end("1")), Some(300));
        assert_eq!(end("1").decades_to(end("2")), None);
        assert_eq!(end("1e-300").shifted(7).and_then(Exact::to_f64), Some(1e-293));
    }
}
