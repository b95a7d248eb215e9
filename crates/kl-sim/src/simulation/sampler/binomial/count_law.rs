//! What a table is made from.

use kl_math::law::Binomial;
use kl_math::numeric::DoubleDouble;

/// A law on the whole numbers from 0 to `last`, log-concave: the ratio of neighbouring probabilities falls.
pub(in crate::simulation::sampler) trait CountLaw {
    /// The largest value there is; `u64::MAX` if there is none.
    fn last(&self) -> u64;

    /// Where the mass is largest.
    fn mode(&self) -> u64;

    /// The standard deviation; a rough one will do.
    fn std_dev(&self) -> f64;

    /// ln P(X = k).
    fn log_mass(&self, k: u64) -> f64;

    /// P(X = k + 1)/P(X = k), as a function of k < last.
    fn ratios(&self) -> impl Fn(u64) -> f64;

    /// The probabilities relative to the mode's, from the first value returned on, as far as they are at least `least`, to
    /// more digits than the products of ratios have; none where there is no such way.
    fn precise_weights(&self, _least: f64) -> Option<(u64, Vec<DoubleDouble>)> {
        None
    }

    /// P(X = k).
    fn mass(&self, k: u64) -> f64 {
        libm::exp(self.log_mass(k))
    }
}

impl CountLaw for Binomial {
    fn last(&self) -> u64 {
        self.trials()
    }

    fn mode(&self) -> u64 {
        self.mode()
    }

    fn std_dev(&self) -> f64 {
        self.std_dev()
    }

    fn log_mass(&self, k: u64) -> f64 {
        self.log_mass(k)
    }

    fn ratios(&self) -> impl Fn(u64) -> f64 {
        let (n, odds) = (self.trials(), self.odds());
        move |k| (n - k) as f64 / (k + 1) as f64 * odds
    }

    fn precise_weights(&self, least: f64) -> Option<(u64, Vec<DoubleDouble>)> {
        Some(self.weights(least))
    }

    fn mass(&self, k: u64) -> f64 {
        self.mass(k)
    }
}
