//! A binomial number of any law.

use super::tail::{Side, Tail};
use crate::simulation::words::Words;
use kl_math::law::Binomial;

/// Draws from one binomial law of up to 2⁵³ tries by rejection: a flat hat over the middle, geometric ones over the
/// tails, which log-concavity makes a bound. Some 1.3 tries a number, whatever the law.
///
/// Chances are taken relative to the mode's and are right to some 1e-15: no hat is wrong by more, and so is the law in
/// total variation.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulation::sampler) struct BinomialDraw {
    masses: Masses,
    /// The middle: its first value and how many there are.
    first: u64,
    width: u64,
    below: Option<(Tail, f64)>,
    above: Option<(Tail, f64)>,
}

/// The middle reaches this many standard deviations: there the three hats together are smallest for a normal law.
const REACH: f64 = 1.1;

/// So near to the mode masses are products of ratios.
const NEAR: u64 = 24;

impl BinomialDraw {
    pub(in crate::simulation::sampler) fn new(law: Binomial) -> Self {
        let masses = Masses { law, mode: law.mode(), odds: law.odds() };
        let (n, mode) = (law.trials(), masses.mode);
        let reach = libm::ceil(REACH * law.std_dev()).max(1.0) as u64;
        let tail = |edge, side| {
            let tail = Tail::new(&law, edge, side, |value| masses.log_relative(value));
            (tail, tail.weight())
        };
        let below = mode.checked_sub(reach).map(|edge| tail(edge, Side::Below));
        let above = Some(mode + reach).filter(|&edge| edge <= n).map(|edge| tail(edge, Side::Above));
        let first = if below.is_some() { mode - reach + 1 } else { 0 };
        let last = if above.is_some() { mode + reach - 1 } else { n };
        Self { masses, first, width: last - first + 1, below, above }
    }

    /// One number.
    pub(in crate::simulation::sampler) fn draw(&self, stream: &mut (impl Words + ?Sized)) -> u64 {
        let weight = |tail: &Option<(Tail, f64)>| tail.map_or(0.0, |(_, weight)| weight);
        let middle = self.width as f64;
        let total = middle + weight(&self.below) + weight(&self.above);
        let log_mass = |value: u64| self.masses.log_relative(value);
        loop {
            let place = stream.unit() * total;
            let drawn = match (&self.below, &self.above) {
                (_, Some((above, weight))) if place > middle && place <= middle + weight => {
                    above.draw(stream, log_mass)
                }
                (Some((below, _)), _) if place > middle => below.draw(stream, log_mass),
                // Beyond the middle by rounding alone, where there are no tails.
                _ => {
                    let value = self.first + ((u128::from(stream.long()) * u128::from(self.width)) >> 64) as u64;
                    (libm::log(stream.unit()) <= log_mass(value)).then_some(value)
                }
            };
            if let Some(value) = drawn {
                return value;
            }
        }
    }
}

/// The masses of a law, relative to the mode's.
#[derive(Clone, Copy, Debug)]
struct Masses {
    law: Binomial,
    mode: u64,
    odds: f64,
}

impl Masses {
    /// ln [P(X = value)/P(X = mode)]; −∞ beyond n.
    fn log_relative(&self, value: u64) -> f64 {
        let n = self.law.trials();
        if value > n {
            return f64::NEG_INFINITY;
        }
        if value.abs_diff(self.mode) > NEAR {
            return self.law.log_mass_from_mode(value);
        }
        let (low, high) = (value.min(self.mode), value.max(self.mode));
        let ratio = |value: u64| (n - value) as f64 / (value + 1) as f64 * self.odds;
        let ratio = libm::log((low..high).map(ratio).product());
        if value >= self.mode { ratio } else { -ratio }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_follows, law, stream};
    use super::*;
    use kl_math::numeric::DoubleDouble;
    use proptest::prelude::*;

    /// From one try to 10¹⁵, with chances from certain to hardly any.
    #[test]
    fn a_hundred_thousand_draws_follow_each_law() {
        let of = 1_000_000_000_000;
        let laws = [
            (1, of / 3),
            (5, of / 2),
            (40, of / 10),
            (1_000, 1),
            (1_000, of - of / 1_000),
            (100_000, 2 * of / 5),
            (1_000_000_000_000, 3),
            (1_000_000_000_000_000, of / 2),
            (1_000_000_000_000_000, 1),
            (1_000_000_000_000_000, of - 40_000_000),
            (30, 0),
            (30, of),
            (0, of / 2),
        ];
        for (seed, (n, success)) in laws.into_iter().enumerate() {
            let law = law(n, success, of);
            let (drawn, mut stream) = (BinomialDraw::new(law), stream(seed as u64));
            let draws: Vec<u64> = (0..100_000).map(|_| drawn.draw(&mut stream)).collect();
            assert_follows(&law, &draws, &format!("{law:?}"));
        }
    }

    #[test]
    fn hats_cover_the_masses() {
        for (n, success) in [(10, 300), (1_000, 1), (1_000, 999), (1_000_000, 400), (1_000_000_000_000, 500)] {
            let law = law(n, success, 1_000);
            let drawn = BinomialDraw::new(law);
            let top = law.log_mass(drawn.masses.mode);
            for (tail, weight) in [drawn.below, drawn.above].into_iter().flatten() {
                // These hats are relative to the mode's mass.
                tail.raised(top).assert_covers(&law);
                assert!(weight > 0.0 && weight < drawn.width as f64 + 1.0);
            }
        }
    }

    #[test]
    fn masses_relative_to_the_mode_are_those_of_the_law() {
        for (n, success) in [(20, 500), (1_000, 3), (1_000_000, 400), (1_000_000_000_000, 500)] {
            let law = law(n, success, 1_000);
            let masses = BinomialDraw::new(law).masses;
            let reach = 9.0 * law.std_dev() + 2.0;
            for step in -30..=30 {
                let value = law.mean() + f64::from(step) / 30.0 * reach;
                if value < 0.0 || value > n as f64 {
                    continue;
                }
                let value = value as u64;
                let (found, expected) = (masses.log_relative(value), law.log_mass(value) - law.log_mass(masses.mode));
                assert!(
                    (found - expected).abs() < 1e-13 * (10.0 + expected.abs()),
                    "{law:?} {value}: {found} {expected}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn any_law_can_be_drawn_from(n in 0u64..1_000_000_000_000_000, small in 0u64..50, success in 0u64..=1 << 40) {
            for n in [n, small] {
                let part = |count| DoubleDouble::ratio(count, 1 << 40);
                let law = Binomial::new(n, part(success), part((1 << 40) - success));
                let (drawn, mut stream) = (BinomialDraw::new(law), stream(n));
                for _ in 0..20 {
                    let value = drawn.draw(&mut stream);
                    prop_assert!(value <= n && law.log_mass(value) > -60.0);
                }
            }
        }
    }
}
