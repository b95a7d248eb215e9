//! What is known of any estimator: the number that it estimates.

use super::Theory;
use super::chain::chain_theory;
use kl_math::distribution::Pair;
use kl_math::divergence::Cumulants;
use kl_math::numeric::DoubleDouble;

impl Theory {
    /// The theory of an estimator of which nothing is known but its estimand, from `n` symbols.
    pub fn of_estimand(pair: &Pair, n: u64) -> Self {
        let (closed_form, source, closed_form_error, rate) = match pair {
            Pair::Chains(chain) => {
                let known = chain_theory(chain.chains(), n);
                (known.closed_form, known.source, known.closed_form_error, known.rate)
            }
            Pair::Symbols(_) | Pair::Values(_) => {
                let known = Cumulants::of(pair);
                (known.mean, known.source, known.error, None)
            }
        };
        Self {
            closed_form,
            source,
            closed_form_error,
            rate,
            mean: None,
            mean_error: None,
            scale: closed_form.abs(),
            variance: None,
            excess_kurtosis: None,
            contributions: None,
            law: None,
            infinite_mass: DoubleDouble::ZERO,
        }
    }
}
