//! How fast −ln of a density grows toward an end of its support, and which of its moments a source has.

use super::{TailDecay, Values};

/// How −ln of a density grows toward one end of its support, up to a factor. t is |x| where the end is infinite, and 1 over the
/// distance from the end where it is finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Growth {
    /// Like tᵇ; like a logarithm, or not at all, where b is 0.
    Power(f64),
    /// Like e^(rt).
    Exponential(f64),
}

impl Growth {
    /// No faster than a logarithm.
    pub const SLOW: Self = Self::Power(0.0);

    /// Whether it is slower than another.
    pub(in crate::distribution) fn is_slower(self, other: Self) -> bool {
        match (self, other) {
            (Self::Power(one), Self::Power(two)) | (Self::Exponential(one), Self::Exponential(two)) => one < two,
            (Self::Power(_), Self::Exponential(_)) => true,
            (Self::Exponential(_), Self::Power(_)) => false,
        }
    }
}

/// Whether E[|ln(p/q)|^`power`] under P is finite: Q has mass wherever P has, and P's tails are light enough for those of Q.
pub(in crate::distribution) fn has_log_moment(p: &dyn Values, q: &dyn Values, power: f64) -> bool {
    let (ends, other_ends) = (p.support(), q.support());
    let ([low, high], [other_low, other_high]) = (ends, other_ends);
    if other_low > low || other_high < high {
        return false;
    }
    // The r up to which e^(rt) has a mean.
    let rates = p.tail_decay().map_or([0.0; 2], |decays| decays.each_ref().map(TailDecay::exponential_rate));
    let tails = p.tail_power().into_iter().zip(rates);
    let mut sides = ends.into_iter().zip(other_ends).zip(q.growth().into_iter().zip(tails));
    sides.all(|((end, other_end), (growth, (most, rate)))| {
        // Within Q's support its density is neither 0 nor infinite.
        end != other_end
            || match growth {
                Growth::Power(b) => power * b < most,
                Growth::Exponential(r) => power * r < rate,
            }
    })
}
