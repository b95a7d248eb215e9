//! What a sequence says of several models.

use crate::numeric::compensated;

/// What the same data say of one of several models.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// 1 for the model with the largest likelihood; models that are as likely have the same rank.
    pub rank: usize,
    /// ln of the Bayes factor of the best model over this one, ln(L_best/L), nats: 0 for the best, +∞ for a model that cannot produce
    /// the data.
    pub log_bayes_factor: f64,
    /// The posterior probability, π L/Σ πⱼ Lⱼ; all of them sum to one.
    pub posterior: f64,
}

/// Why models cannot be compared. Models count from 1.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum EvidenceError {
    /// There is no prior for each model.
    #[error("there are {models} models and {priors} priors")]
    Lengths {
        /// The number of models.
        models: usize,
        /// The number of priors.
        priors: usize,
    },
    /// A prior is no probability.
    #[error("prior {place} is {found}, but must be from 0 to 1")]
    Prior {
        /// Which.
        place: usize,
        /// What it is.
        found: f64,
    },
    /// Priors do not sum to one.
    #[error("the priors sum to {sum}, but must sum to 1")]
    Sum {
        /// Their sum.
        sum: f64,
    },
    /// A density is infinite, or a likelihood is no number.
    #[error("model {place} has no finite likelihood")]
    Unbounded {
        /// Which.
        place: usize,
    },
    /// No model gives the data mass.
    #[error("no model can produce the data")]
    Impossible,
    /// Only models that have the prior 0 give the data mass.
    #[error("no model that has a prior above 0 can produce the data")]
    Excluded,
}

/// Priors may be off by this in all, for rounding.
const ROUNDING: f64 = 1e-9;

/// Checks that priors are probabilities, one for each of so many models, and sum to one.
pub fn check_priors(models: usize, priors: &[f64]) -> Result<(), EvidenceError> {
    if models != priors.len() {
        return Err(EvidenceError::Lengths { models, priors: priors.len() });
    }
    if let Some((place, &found)) = priors.iter().enumerate().find(|(_, prior)| !(0.0..=1.0).contains(*prior)) {
        return Err(EvidenceError::Prior { place: place + 1, found });
    }
    let sum = compensated(priors.iter().copied());
    if (sum - 1.0).abs() > ROUNDING { Err(EvidenceError::Sum { sum }) } else { Ok(()) }
}

/// Ranks models by ln L of the same data, nats, and gives each its posterior probability (Jeffreys 1961; Kass and Raftery 1995, §3).
///
/// With a_j = ln π_j + ln L_j and their maximum a, the posterior is e^(a_j − a)/Σ e^(a_k − a): no exponential overflows, and what is
/// too small for a double is 0. A model whose ln L is −∞ has the posterior 0.
///
/// ```
/// use kl_math::statistics::compare_models;
/// let [ln_half, ln_eighth] = [0.5_f64, 0.125].map(libm::log);
/// let found = compare_models(&[ln_half, ln_eighth, f64::NEG_INFINITY], &[0.2, 0.8, 0.0])?;
/// assert_eq!(found.iter().map(|model| model.rank).collect::<Vec<_>>(), [1, 2, 3]);
/// // Four times as likely, and a quarter of the prior.
/// assert!((found[0].posterior - 0.5).abs() < 1e-15 && (found[1].log_bayes_factor - libm::log(4.0)).abs() < 1e-15);
/// assert_eq!(found[2].posterior, 0.0);
/// # Ok::<(), kl_math::statistics::EvidenceError>(())
/// ```
///
/// # Errors
///
/// [`EvidenceError`]: priors that are no probabilities, and data that no model can produce.
pub fn compare_models(log_likelihoods: &[f64], priors: &[f64]) -> Result<Vec<Evidence>, EvidenceError> {
    check_priors(log_likelihoods.len(), priors)?;
    let is_unbounded = |log: &f64| log.is_nan() || *log == f64::INFINITY;
    if let Some(place) = log_likelihoods.iter().position(is_unbounded) {
        return Err(EvidenceError::Unbounded { place: place + 1 });
    }
    let best = log_likelihoods.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if best == f64::NEG_INFINITY {
        return Err(EvidenceError::Impossible);
    }
    let joint: Vec<f64> = log_likelihoods.iter().zip(priors).map(|(log, &prior)| log + libm::log(prior)).collect();
    let largest = joint.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return Err(EvidenceError::Excluded);
    }
    let weights: Vec<f64> = joint.iter().map(|log| libm::exp(log - largest)).collect();
    let sum = compensated(weights.iter().copied());
    let evidence = log_likelihoods.iter().zip(weights).map(|(&log, weight)| Evidence {
        rank: 1 + log_likelihoods.iter().filter(|&&other| other > log).count(),
        log_bayes_factor: best - log,
        posterior: weight / sum,
    });
    Ok(evidence.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::DoubleDouble;
    use proptest::prelude::*;

    fn posteriors(logs: &[f64], priors: &[f64]) -> Vec<f64> {
        compare_models(logs, priors).unwrap().iter().map(|model| model.posterior).collect()
    }

    /// Bayes' theorem in exact fractions: likelihoods 3^a/4^n of counts, priors of whole percents.
    #[test]
    fn posteriors_are_bayes() {
        for (counts, percents) in [([1u32, 2, 5], [50u64, 30, 20]), ([0, 0, 9], [1, 98, 1]), ([4, 4, 4], [20, 20, 60])]
        {
            let joint =
                counts.iter().zip(percents).map(|(&count, percent)| 3u64.pow(count) * percent).collect::<Vec<_>>();
            let logs: Vec<f64> = counts.iter().map(|&count| f64::from(count) * libm::log(3.0) - 8.0).collect();
            let priors = percents.map(|percent| percent as f64 / 100.0);
            for (found, &joint_mass) in posteriors(&logs, &priors).iter().zip(&joint) {
                let exact = DoubleDouble::ratio(joint_mass, joint.iter().sum()).to_f64();
                assert!((found - exact).abs() < 1e-13 * exact, "{found} {exact}");
            }
        }
    }

    #[test]
    fn ties_share_a_rank() {
        let found = compare_models(&[-5.0, -3.0, -3.0, f64::NEG_INFINITY], &[0.25; 4]).unwrap();
        assert_eq!(found.iter().map(|model| model.rank).collect::<Vec<_>>(), [3, 1, 1, 4]);
        assert_eq!(found[1].posterior, found[2].posterior);
        assert_eq!((found[3].posterior, found[3].log_bayes_factor), (0.0, f64::INFINITY));
    }

    #[test]
    fn far_models_do_not_overflow() {
        assert_eq!(posteriors(&[-1e9, -2e9], &[0.5, 0.5]), [1.0, 0.0]);
        assert_eq!(posteriors(&[1e9, 0.0], &[0.0, 1.0]), [0.0, 1.0]);
    }

    #[test]
    fn what_cannot_be_compared_is_refused() {
        let refused = |logs: &[f64], priors: &[f64]| compare_models(logs, priors).unwrap_err();
        let none = f64::NEG_INFINITY;
        assert_eq!(refused(&[0.0, 0.0], &[1.0]), EvidenceError::Lengths { models: 2, priors: 1 });
        assert_eq!(refused(&[0.0, 0.0], &[1.5, -0.5]), EvidenceError::Prior { place: 1, found: 1.5 });
        assert!(matches!(refused(&[0.0], &[f64::NAN]), EvidenceError::Prior { place: 1, .. }));
        assert_eq!(refused(&[0.0, 0.0], &[0.5, 0.25]), EvidenceError::Sum { sum: 0.75 });
        assert_eq!(refused(&[0.0, f64::INFINITY], &[0.5; 2]), EvidenceError::Unbounded { place: 2 });
        assert_eq!(refused(&[none, none], &[0.5; 2]), EvidenceError::Impossible);
        assert_eq!(refused(&[none, 0.0], &[1.0, 0.0]), EvidenceError::Excluded);
    }

    proptest! {
        /// Posteriors sum to one, and follow neither the order of the models nor the size of all likelihoods.
        #[test]
        fn posteriors_sum_to_one(logs in prop::collection::vec(-1e3f64..0.0, 1..20), shift in -1e3f64..1e3) {
            let priors = vec![1.0 / logs.len() as f64; logs.len()];
            let found = posteriors(&logs, &priors);
            prop_assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-14);
            let shifted: Vec<f64> = logs.iter().rev().map(|log| log + shift).collect();
            for (one, other) in found.iter().zip(posteriors(&shifted, &priors).iter().rev()) {
                prop_assert!((one - other).abs() < 1e-10);
            }
        }
    }
}
