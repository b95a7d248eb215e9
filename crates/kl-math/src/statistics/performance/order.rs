//! Estimates in order of size, to 32 digits.

use super::Spread;
use crate::numeric::DoubleDouble;
use std::cmp::Ordering;

/// Numbers by rising size. What [`Sample`](crate::statistics::Sample) is of doubles: quantiles are of type 7, their standard
/// errors Woodruff's. Far from 0 the distance of two decimals is more than their nearest doubles tell.
#[derive(Clone, Debug)]
pub(super) struct Order(Vec<DoubleDouble>);

impl Order {
    /// Of these finite numbers, times `factor`, a power of two.
    pub(super) fn scaled<T: Copy + Into<DoubleDouble>>(values: &[T], factor: f64) -> Self {
        let mut values: Vec<DoubleDouble> = values.iter().map(|&value| value.into().scaled(factor)).collect();
        values.sort_unstable_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
        Self(values)
    }

    /// The quantile of a level in percent; none of no numbers.
    pub(super) fn percentile(&self, percent: u32) -> Option<DoubleDouble> {
        let place = self.0.len().checked_sub(1)? as u64 * u64::from(percent.min(100));
        self.between(place / 100, DoubleDouble::ratio(place % 100, 100))
    }

    /// Half the distance of the quantiles whose levels are √(p(1−p)/n) off to either side; none where those levels are none.
    pub(super) fn percentile_error(&self, percent: u32) -> Option<DoubleDouble> {
        let level = f64::from(percent) / 100.0;
        let reach = (level * (1.0 - level) / self.0.len() as f64).sqrt();
        if level <= reach || 1.0 - level <= reach {
            return None;
        }
        let last = self.0.len().checked_sub(1)? as f64;
        let at = |place: f64| self.between(place as u64, DoubleDouble::from(place - place.floor()));
        let distance = at((level + reach) * last)? - at((level - reach) * last)?;
        Some(distance.scaled(0.5))
    }

    /// The mean without the share `trim` of the numbers at either end, and its standard error; none where no number is left.
    pub(super) fn trimmed_mean(&self, trim: f64) -> Option<(DoubleDouble, Option<f64>)> {
        let count = self.0.len();
        let cut = (trim * count as f64) as usize;
        let kept = self.0.get(cut..count.checked_sub(cut)?).filter(|kept| !kept.is_empty())?;
        let mean = Spread::of_squares(kept, 1.0).exact_mean();
        // What is cut is moved to the nearest number that stays.
        let moved = |end: Option<&DoubleDouble>| std::iter::repeat_n(end.copied(), cut).flatten();
        let winsorized: Vec<DoubleDouble> =
            moved(kept.first()).chain(kept.iter().copied()).chain(moved(kept.last())).collect();
        let std_dev = Spread::of_squares(&winsorized, 1.0).std_dev().filter(|_| kept.len() > 1);
        Some((mean, std_dev.map(|std_dev| std_dev * (count as f64).sqrt() / kept.len() as f64)))
    }

    /// The number at a place, from 0, and a part of the way to the next.
    fn between(&self, place: u64, part: DoubleDouble) -> Option<DoubleDouble> {
        let place = usize::try_from(place).ok()?;
        let below = *self.0.get(place)?;
        if part == DoubleDouble::ZERO {
            return Some(below);
        }
        Some(below + part * (*self.0.get(place + 1)? - below))
    }
}
