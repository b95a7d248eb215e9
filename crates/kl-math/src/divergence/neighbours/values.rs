//! Pairs of counts, numbers or vectors: by formulas where there are any, else by sums and integrals.

use super::forms::FormNeighbours;
use super::order::least;
use super::terms::{change_of_power, distance, jensen_shannon, power_less_line, slope_in_order};
use super::{Absent, Chernoff, Found, Measure, Neighbours};
use crate::distribution::{NoRegions, RegionSum, Regions, ValuePair};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::f64::consts::LN_2;

pub(super) struct ValueNeighbours<'a> {
    pair: &'a ValuePair,
    form: Option<FormNeighbours>,
    /// The orders above 1 that are asked for.
    orders: [f64; 2],
    /// With the largest order whose power they hold.
    regions: OnceCell<Result<(Regions, f64), Absent>>,
}

impl<'a> ValueNeighbours<'a> {
    pub(super) fn of(pair: &'a ValuePair, order: Option<f64>) -> Self {
        let orders = [2.0, order.unwrap_or(2.0).max(1.0)];
        Self { pair, form: FormNeighbours::of(pair), orders, regions: OnceCell::new() }
    }

    pub(super) fn all(&self, order: Option<f64>) -> Neighbours {
        let entropies = [0, 1].map(|side| settled(self.regions()?.entropy(side), None));
        Neighbours {
            entropies,
            cross_entropy: self.cross_entropy(entropies[0]),
            jensen_shannon: self.sum(jensen_shannon, 1.0, LN_2),
            total_variation: self.sum(distance, 0.5, 1.0),
            hellinger_squared: self.hellinger_squared(),
            chi_squared: self.chi_squared(),
            bhattacharyya: self.log_power(0.5).map(|log| Measure { value: 0.0 - log.value, ..log }),
            renyi_half: self.renyi(0.5),
            renyi_two: self.renyi(2.0),
            renyi_other: order.map(|order| (order, self.renyi(order))),
            chernoff: self.chernoff(),
        }
    }

    pub(super) fn renyi(&self, order: f64) -> Found {
        let known = self.pair.closed_form();
        if order == 1.0 {
            return Ok(Measure { value: known.mean, error: known.error });
        }
        let (log, away) = (self.log_power(order)?, order - 1.0);
        Ok(Measure { value: 0.0 + log.value / away, error: log.error.map(|error| error / away.abs()) })
    }

    /// The values where p ≥ q and where q > p; made when they are first asked for.
    fn regions(&self) -> Result<&Regions, Absent> {
        self.regions_and_order().map(|(regions, _)| regions)
    }

    fn regions_and_order(&self) -> Result<&(Regions, f64), Absent> {
        let made = self.regions.get_or_init(|| {
            // Without a formula powers above 1 are summed, and reach further than P and Q.
            let has_sum = |order: &f64| self.form.is_none() && self.is_finite(*order) == Ok(true);
            let largest = self.orders.into_iter().filter(has_sum).fold(1.0, f64::max);
            let of = |largest: f64| {
                let regions = Regions::of(self.pair, largest, |regions| {
                    is_settled(regions)
                        && (self.form.is_some() || [0.5, largest].iter().all(|&order| has_power(regions, order)))
                })?;
                Ok((regions, largest))
            };
            of(largest).or_else(|reason| if largest > 1.0 { of(1.0) } else { Err(reason) }).map_err(absent)
        });
        made.as_ref().map_err(|&reason| reason)
    }

    /// The same, refined until ∫ pᵃ q¹⁻ᵃ has settled.
    fn regions_for(&self, order: f64) -> Result<Cow<'_, Regions>, Absent> {
        let (regions, largest) = self.regions_and_order()?;
        if order > *largest {
            return Err(Absent::TooWide);
        }
        if has_power(regions, order) {
            return Ok(Cow::Borrowed(regions));
        }
        let refined = Regions::of(self.pair, *largest, |regions| regions.is_whole() && has_power(regions, order));
        refined.map(Cow::Owned).map_err(absent)
    }

    /// `factor` times a sum of terms that are never negative, and is no more than `most`.
    fn sum(&self, term: impl Fn(f64) -> [f64; 2], factor: f64, most: f64) -> Found {
        let found = settled(self.regions()?.sum(term), Some(0.0))?;
        let value = (factor * found.value).clamp(0.0, most);
        Ok(Measure { value, error: found.error.map(|error| factor * error) })
    }

    /// H(P) + D.
    fn cross_entropy(&self, entropy: Found) -> Found {
        let known = self.pair.closed_form();
        if known.mean == f64::INFINITY {
            return Ok(Measure::INFINITE);
        }
        let entropy = entropy?;
        let errors = entropy.error.unwrap_or(0.0) + known.error.unwrap_or(0.0);
        let rounding = 4.0 * f64::EPSILON * (entropy.value.abs() + known.mean);
        Ok(Measure { value: entropy.value + known.mean, error: Some(errors + rounding) })
    }

    /// Whether ∫ pᵃ q¹⁻ᵃ is finite.
    fn is_finite(&self, order: f64) -> Result<bool, Absent> {
        if order > 1.0 && self.pair.uncovered().is_some() {
            return Ok(false);
        }
        self.pair.has_power(order).ok_or(Absent::Tails)
    }

    /// ln ∫ pᵃ q¹⁻ᵃ by the formula if that has its digits.
    fn log_power(&self, order: f64) -> Found {
        let by_form = self.form.as_ref().map(|form| form.log_power(order));
        if let Some(Ok(log @ Measure { error: None, .. })) = by_form {
            return Ok(log);
        }
        let by_sum = self.summed_log_power(order);
        match (by_form, by_sum) {
            (Some(Ok(log)), Ok(sum)) => Ok(if sum.error <= log.error { sum } else { log }),
            (Some(Ok(log)), Err(_)) => Ok(log),
            (_, sum) => sum,
        }
    }

    fn summed_log_power(&self, order: f64) -> Found {
        /// Beyond it the sum itself has more digits, or is all that a double can hold.
        const FAR: f64 = 0.5;
        if !self.is_finite(order)? {
            return Ok(Measure::INFINITE);
        }
        let regions = self.regions_for(order)?;
        let less_one = power_less_one(&regions, order);
        if less_one.value.abs() <= FAR {
            let less_one = settled(less_one, Some(0.0))?;
            let log = libm::log1p(less_one.value);
            return Ok(Measure { value: log, error: less_one.error.map(|error| error / (1.0 + less_one.value)) });
        }
        let log = regions.log_power(order);
        if log.value == f64::NEG_INFINITY {
            // No value is of both.
            return if regions.may_lack(log.value) { Err(Absent::TooWide) } else { Ok(Measure::exact(log.value)) };
        }
        if order < 1.0 && regions.may_lack(log.value) {
            return Err(Absent::TooWide);
        }
        let log = settled(log, Some(1.0))?;
        Ok(Measure { value: if order <= 1.0 { log.value.min(0.0) } else { log.value.max(0.0) }, ..log })
    }

    fn hellinger_squared(&self) -> Found {
        if let Some(Ok(log @ Measure { error: None, .. })) = self.form.as_ref().map(|form| form.log_power(0.5)) {
            return Ok(Measure::exact((0.0 - libm::expm1(log.value)).clamp(0.0, 1.0)));
        }
        let found = settled(power_less_one(self.regions_for(0.5)?.as_ref(), 0.5), Some(0.0))?;
        Ok(Measure { value: (0.0 - found.value).clamp(0.0, 1.0), ..found })
    }

    /// e^Λ(2) − 1.
    fn chi_squared(&self) -> Found {
        let log = self.log_power(2.0)?;
        let value = libm::expm1(log.value);
        if value.is_infinite() && log.value.is_finite() {
            return Err(Absent::TooLarge);
        }
        // What an error of the logarithm does, and rounding of the exponential.
        let error = log.error.unwrap_or(0.0) + 2.0 * f64::EPSILON * log.value;
        let error = (value + 1.0) * libm::expm1(error);
        Ok(if log.error.is_some() && value.is_finite() {
            Measure { value, error: Some(error) }
        } else {
            Measure::rounded(value, error)
        })
    }

    fn chernoff(&self) -> Result<Chernoff, Absent> {
        /// An order at which this part of the information, or more, may be left is not the best one.
        const LARGEST_LEFT: f64 = 1e-9;
        let by_form = self.form.as_ref().and_then(FormNeighbours::chernoff);
        match by_form {
            Some(Ok(found)) if found.information.error.is_none() => return Ok(found),
            Some(found) if self.regions().is_err() => return found,
            _ => {}
        }
        let regions = self.regions()?;
        let common = regions.log_power(0.5);
        if regions.may_lack(common.value) {
            return Err(Absent::TooWide);
        }
        if common.value == f64::NEG_INFINITY {
            return Ok(Chernoff { information: Measure::INFINITE, order: None });
        }
        let varies = |ratio: f64| f64::from(ratio != 0.0 && ratio.is_finite());
        let is_same = regions.sum(|ratio| [varies(ratio), 0.0]).value == 0.0;
        // Far apart the powers are small beside p and q; near each other they cancel, and p − q is taken from them.
        let is_far = common.value < -std::f64::consts::LN_2;
        let slope = |order: f64| match is_far {
            true => regions.tilted_mean(order),
            false => regions.sum(|ratio| [slope_in_order(order, ratio), 0.0]).value,
        };
        let order = (!is_same).then(|| least(slope));
        let log = self.summed_log_power(order.unwrap_or(0.5))?;
        // A convex function falls no further than its slope takes it.
        let left = order.map_or(0.0, |order| {
            let slope = slope(order);
            let slope = if is_far { slope } else { slope * libm::exp(-log.value) };
            if slope > 0.0 { slope * order } else { slope * (order - 1.0) }
        });
        let information = 0.0 - log.value;
        let error = log.error.map_or(left, |error| error + left);
        // No order has more than the best.
        let is_least = information + error >= (0.0 - common.value) - common.error();
        if !left.is_finite() || !is_least || left > LARGEST_LEFT * information.max(1.0) {
            return Err(Absent::Unsettled);
        }
        let error = (log.error.is_some() || left > 0.0).then_some(error);
        Ok(Chernoff { information: Measure { value: information, error }, order })
    }
}

/// Σ (pᵃ q¹⁻ᵃ − a p − (1−a) q).
fn power_less_one(regions: &Regions, order: f64) -> RegionSum {
    regions.sum(|ratio| [power_less_line(order, ratio), change_of_power(order, ratio)])
}

/// A change from one quadrature to the next of this part of a sum is nothing.
const CHANGE: f64 = 1e-12;

/// Whether a finer quadrature would change nothing.
fn is_settled(regions: &Regions) -> bool {
    let is_small = |sum: RegionSum| sum.change <= CHANGE * sum.size + sum.rounding;
    let sums = [regions.sum(distance), regions.sum(jensen_shannon), regions.entropy(0), regions.entropy(1)];
    regions.is_whole() && sums.into_iter().all(is_small)
}

/// Whether ∫ pᵃ q¹⁻ᵃ is what a finer quadrature would find.
fn has_power(regions: &Regions, order: f64) -> bool {
    let log = regions.log_power(order);
    log.change <= CHANGE * log.size.max(1.0) + log.rounding
}

fn absent(reason: NoRegions) -> Absent {
    match reason {
        NoRegions::Vectors => Absent::Vectors,
        NoRegions::TooWide => Absent::TooWide,
        NoRegions::Missed => Absent::Unsettled,
    }
}

/// A sum with a bound of its error; none of a quadrature that has not settled. Of sums that are about as large as `least`, or have a
/// sign of their own, that is judged by their terms.
fn settled(sum: RegionSum, least: Option<f64>) -> Found {
    /// A change from one quadrature to the next of this part of the terms is squared by the next.
    const SETTLED: f64 = 1e-7;
    let is_settled =
        sum.value.is_finite() && sum.error().is_finite() && sum.change <= SETTLED * sum.size.max(least.unwrap_or(0.0));
    // Where every term is 0 nothing is off.
    let error = if sum.size == 0.0 && sum.error() == 0.0 { None } else { Some(sum.error()) };
    if is_settled { Ok(Measure { value: sum.value, error }) } else { Err(Absent::Unsettled) }
}
