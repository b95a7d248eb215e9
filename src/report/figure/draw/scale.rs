//! Scales: where on an axis a value lies, and which round values are marked.

use super::tick::{Tick, decade_ticks, end_tick, linear_ticks, symmetric_ticks};

/// Ranges narrower than this fraction of their values are widened, since rounding would show in them.
const NARROWEST: f64 = 1e-9;

/// The largest value on an axis: twice that is still finite.
const LARGEST: f64 = 1e300;

/// The smallest range of an axis.
const SMALLEST: f64 = 1e-290;

/// How values are placed on an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Linearly.
    Linear,
    /// By their logarithm.
    Log,
    /// Linearly up to this size, and by the logarithm of their size beyond.
    Symmetric(f64),
}

/// An axis.
#[derive(Clone, Debug)]
pub(crate) struct Scale {
    kind: Kind,
    low: f64,
    high: f64,
    /// The smallest and the largest value, without the room beside them.
    ends: (f64, f64),
    /// The size in pixels.
    from: f64,
    to: f64,
}

impl Scale {
    /// A scale from values to pixels. Whatever the range, the scale is finite and not empty.
    pub(crate) fn new(kind: Kind, (low, high): (f64, f64), (from, to): (f64, f64)) -> Self {
        let kind = match kind {
            Kind::Symmetric(core) => Kind::Symmetric(core.clamp(SMALLEST, 1.0 / SMALLEST)),
            kind => kind,
        };
        let (low, high) = (finite(low.min(high)), finite(high.max(low)));
        let (low, high) = match kind {
            Kind::Log => {
                let low = if low > 0.0 { low.max(SMALLEST) } else { 1.0 };
                let high = high.max(low);
                if high / low < 1.0 + NARROWEST { (low / 2.0, high * 2.0) } else { (low, high) }
            }
            _ if high - low <= NARROWEST * low.abs().max(high.abs()) || high - low < SMALLEST => {
                let size = low.abs().max(high.abs());
                let half = if size < SMALLEST { 1.0 } else { size / 5.0 };
                (low - half, high + half)
            }
            _ => (low, high),
        };
        Self { kind, low, high, ends: (low, high), from, to }
    }

    /// A logarithmic scale of counts such as N, with some room beside the first and the last.
    pub(crate) fn of_counts(values: impl Iterator<Item = u64> + Clone, pixels: (f64, f64)) -> Self {
        let low = values.clone().min().unwrap_or(1) as f64;
        let high = values.max().unwrap_or(1) as f64;
        Self::new(Kind::Log, (low, high), pixels).padded(0.03)
    }

    /// Adds room at both ends, as a fraction of the length in pixels.
    pub(crate) fn padded(mut self, part: f64) -> Self {
        let room = (self.to - self.from) * part;
        (self.from, self.to) = (self.from + room, self.to - room);
        let (low, high) = (self.value_at(self.from - room), self.value_at(self.to + room));
        (self.from, self.to) = (self.from - room, self.to + room);
        (self.low, self.high) = (finite(low), finite(high));
        if self.kind == Kind::Log {
            self.low = self.low.max(1.0 / LARGEST);
        }
        self
    }

    /// The pixel of a value, which may lie beyond the ends.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let (low, high) = (self.warped(self.low), self.warped(self.high));
        let part = (self.warped(value) - low) / (high - low);
        self.from + part.clamp(-1e3, 1e3) * (self.to - self.from)
    }

    /// Whether a value is between the ends.
    pub(crate) fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// The pixels of the ends.
    pub(crate) fn ends(&self) -> (f64, f64) {
        (self.from, self.to)
    }

    /// Whether values are placed by their logarithm.
    pub(crate) fn is_log(&self) -> bool {
        self.kind == Kind::Log
    }

    /// The smallest and the largest value of a scale that is logarithmic there, unless a round value is within `room` pixels.
    pub(crate) fn end_ticks(&self, ticks: &[Tick], room: f64) -> Vec<Tick> {
        let is_log = |value: f64| match self.kind {
            Kind::Linear => false,
            Kind::Log => true,
            Kind::Symmetric(core) => value.abs() > core,
        };
        let is_free = |value: f64| ticks.iter().all(|tick| (self.at(tick.value) - self.at(value)).abs() > room);
        let ends = [self.ends.0, self.ends.1].into_iter().filter(|&end| is_log(end) && is_free(end));
        ends.map(end_tick).collect()
    }

    /// About `count` round values between the ends.
    pub(crate) fn ticks(&self, count: usize) -> Vec<Tick> {
        let range = (self.low, self.high);
        let ticks = match self.kind {
            Kind::Linear => linear_ticks(range, count),
            Kind::Log => decade_ticks(range, count),
            Kind::Symmetric(core) => symmetric_ticks(range, core, count),
        };
        ticks.into_iter().filter(|tick| self.holds(tick.value)).collect()
    }

    fn warped(&self, value: f64) -> f64 {
        match self.kind {
            Kind::Linear => value,
            Kind::Log if value > 0.0 => libm::log10(value),
            Kind::Log => -400.0,
            Kind::Symmetric(core) if value.abs() <= core => value / core,
            Kind::Symmetric(core) => (1.0 + libm::log2(value.abs()) - libm::log2(core)).copysign(value),
        }
    }

    fn value_at(&self, pixel: f64) -> f64 {
        let (low, high) = (self.warped(self.low), self.warped(self.high));
        let warped = low + (pixel - self.from) / (self.to - self.from) * (high - low);
        match self.kind {
            Kind::Linear => warped,
            Kind::Log => libm::pow(10.0, warped),
            Kind::Symmetric(core) if warped.abs() <= 1.0 => warped * core,
            Kind::Symmetric(core) => (core * libm::exp2(warped.abs() - 1.0)).copysign(warped),
        }
    }
}

fn finite(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value.clamp(-LARGEST, LARGEST) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_range_gives_finite_places_and_ticks(low in any::<f64>(), high in any::<f64>(), kind in 0..3, count in 2usize..9) {
            let kind = [Kind::Linear, Kind::Log, Kind::Symmetric(0.01)][kind as usize];
            let scale = Scale::new(kind, (low, high), (60.0, 360.0)).padded(0.05);
            let ticks = scale.ticks(count);
            prop_assert!(ticks.len() <= 3 * count + 3, "{ticks:?}");
            for tick in &ticks {
                let place = scale.at(tick.value);
                prop_assert!((59.9..=360.1).contains(&place), "{tick:?} at {place}");
            }
            prop_assert!(ticks.windows(2).all(|pair| pair[0].value < pair[1].value), "{ticks:?}");
            for value in [low, high, 0.0, f64::INFINITY, f64::NEG_INFINITY] {
                prop_assert!(!scale.at(value).is_infinite());
            }
        }
    }

    #[test]
    fn logarithmic_axes_say_where_they_end() {
        let ends = |kind, values| {
            let scale = Scale::new(kind, values, (200.0, 0.0)).padded(0.05);
            scale.end_ticks(&scale.ticks(6), 13.0).into_iter().map(|tick| tick.label).collect::<Vec<_>>()
        };
        assert_eq!(ends(Kind::Log, (0.000271, 0.556)), ["2.7×10⁻⁴", "0.556"]);
        assert_eq!(ends(Kind::Log, (0.0011, 0.95)), [""; 0]);
        assert_eq!(ends(Kind::Symmetric(1e-4), (-0.036, 4.2)), ["−0.036"]);
        assert_eq!(ends(Kind::Linear, (0.2, 4.2)), [""; 0]);
    }

    #[test]
    fn an_empty_range_is_widened() {
        for value in [0.0, 1.0, -3.0, 1e-300, 1e300, 5e-324] {
            let scale = Scale::new(Kind::Linear, (value, value), (0.0, 100.0));
            assert!((scale.at(value) - 50.0).abs() < 1.0, "{value} at {}", scale.at(value));
            assert!(scale.ticks(4).len() > 1);
        }
    }
}
