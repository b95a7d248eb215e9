//! Estimators from the counts of two samples: nᵢ of N symbols from P, mᵢ of M from Q; p̂ᵢ = nᵢ/N.

use super::rule::{Logs, Rule};
use super::{BiasOrder, CountEstimator, FirstOrder, Sample};
use crate::estimator::{EstimatorKind, Setting, SettingForm, Settings};
use kl_math::numeric::digamma;
use std::sync::Arc;

/// Of each of them: how many symbols from Q.
const LENGTH: &[Setting] = &[Setting { name: "M", form: SettingForm::Whole(1.0, 1e12), example: "M = 1_000" }];

fn length(settings: &Settings) -> Option<u64> {
    settings.get("M").and_then(|value| value.number()).map(|length| length as u64)
}

/// How they are written.
pub(in crate::estimator) const KINDS: [EstimatorKind; 5] = [
    EstimatorKind {
        name: "plug_in_two_sample",
        meaning: "KL of the shares among N symbols from P from those among M from Q",
        settings: LENGTH,
        make: |settings| Arc::new(CountEstimator::plug_in_two_sample(length(settings))),
    },
    EstimatorKind {
        name: "zhang_grabchak",
        meaning: "plug_in_two_sample with the logarithms of counts replaced by ψ",
        settings: LENGTH,
        make: |settings| Arc::new(CountEstimator::zhang_grabchak(length(settings))),
    },
    EstimatorKind {
        name: "augmented_plug_in",
        meaning: "plug_in_two_sample with q̂ = 1/M for what was not seen from Q",
        settings: LENGTH,
        make: |settings| Arc::new(CountEstimator::augmented_plug_in(length(settings))),
    },
    EstimatorKind {
        name: "bu_augmented",
        meaning: "plug_in_two_sample with q̂ = (m+1)/M",
        settings: LENGTH,
        make: |settings| Arc::new(CountEstimator::bu_augmented(length(settings))),
    },
    EstimatorKind {
        name: "jeffreys",
        meaning: "plug_in_two_sample with ½ added to each count of both",
        settings: LENGTH,
        make: |settings| Arc::new(CountEstimator::jeffreys(length(settings))),
    },
];

impl CountEstimator {
    /// Every estimator from the counts of two samples.
    ///
    /// ```
    /// use kl_sim::estimator::CountEstimator;
    /// assert!(CountEstimator::of_two_samples().iter().all(|estimator| estimator.estimate_two(&[3, 1], &[2, 2]).is_some()));
    /// ```
    pub fn of_two_samples() -> [Self; 5] {
        [
            Self::plug_in_two_sample(None),
            Self::zhang_grabchak(None),
            Self::augmented_plug_in(None),
            Self::bu_augmented(None),
            Self::jeffreys(None),
        ]
    }

    fn of_both(kind: &'static str, source: Logs, model: Logs, length: Option<u64>, first_order: FirstOrder) -> Self {
        let settings = length.map(|length| ("M", (length as f64).into())).into_iter().collect();
        Self::new(kind, settings, Rule::Logs(source), Some(Sample { logs: model, length }), first_order)
    }

    /// Σ p̂ ln(p̂/q̂), nats, with q̂ᵢ = mᵢ/M, from `m` symbols from Q or as many as from P. Infinite where a symbol was seen from
    /// P and not from Q, whose chance is exact; for at most 14 symbols.
    ///
    /// ```
    /// use kl_math::distribution::{Distribution, Pair};
    /// use kl_sim::estimator::{CountEstimator, Estimator};
    /// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
    /// let theory = CountEstimator::plug_in_two_sample(None).theory(&Pair::new(coin(0.5), coin(0.5))?, 1);
    /// assert_eq!(theory.infinite_mass.to_f64(), 0.5);
    /// # Ok::<(), kl_math::distribution::PairError>(())
    /// ```
    pub fn plug_in_two_sample(m: Option<u64>) -> Self {
        let first_order = FirstOrder::of_shares(BiasOrder::First);
        Self::of_both("plug_in_two_sample", Logs::PLAIN, Logs::PLAIN, m, first_order)
    }

    /// Σ p̂ᵢ [ψ(M+1) − ψ(mᵢ+1) − ψ(N) + ψ(nᵢ)], nats: the sum of the unbiased estimates of Σ p (1−q)ᵛ/v less those of
    /// Σ p (1−p)ᵛ/v (Zhang and Grabchak 2014, "Nonparametric estimation of Kullback–Leibler divergence"), in closed form. Its
    /// bias falls exponentially in N and M.
    ///
    /// ```
    /// use kl_math::distribution::{Distribution, Pair};
    /// use kl_sim::estimator::{CountEstimator, Estimator};
    /// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
    /// let theory = CountEstimator::zhang_grabchak(Some(80)).theory(&Pair::new(coin(0.5), coin(0.5))?, 60);
    /// assert!((theory.mean.expect("few vectors") - theory.closed_form).abs() < 1e-14);
    /// # Ok::<(), kl_math::distribution::PairError>(())
    /// ```
    pub fn zhang_grabchak(m: Option<u64>) -> Self {
        let first_order = FirstOrder::of_shares(BiasOrder::Exponential).with_unseen_as_one();
        let model = Logs::same(|count| digamma(count + 1.0));
        Self::of_both("zhang_grabchak", Logs::DIGAMMA, model, m, first_order)
    }

    /// Σ p̂ ln(p̂/q̂), nats, with q̂ᵢ = mᵢ/M, and 1/M where mᵢ = 0 (the augmented plug-in of Zhang and Grabchak 2014).
    ///
    /// ```
    /// use kl_sim::estimator::{CountEstimator, Estimator};
    /// assert_eq!(CountEstimator::augmented_plug_in(Some(50)).name(), "augmented_plug_in(M=50)");
    /// ```
    pub fn augmented_plug_in(m: Option<u64>) -> Self {
        let model = Logs { of_count: |count| libm::log(count.max(1.0)), ..Logs::PLAIN };
        let first_order = FirstOrder::of_shares(BiasOrder::First).with_unseen_as_one();
        Self::of_both("augmented_plug_in", Logs::PLAIN, model, m, first_order)
    }

    /// Σ p̂ ln(p̂/q̂), nats, with q̂ᵢ = (mᵢ+1)/M, which does not sum to 1 (Bu, Zou, Liang and Veeravalli 2018, "Estimation of KL
    /// divergence: optimal minimax rate").
    ///
    /// ```
    /// use kl_sim::estimator::{CountEstimator, Estimator};
    /// assert_eq!(CountEstimator::bu_augmented(None).name(), "bu_augmented");
    /// ```
    pub fn bu_augmented(m: Option<u64>) -> Self {
        let model = Logs { of_count: |count| libm::log(count + 1.0), ..Logs::PLAIN };
        let first_order = FirstOrder::of_shares(BiasOrder::First).with_model_pseudo(1.0, false);
        Self::of_both("bu_augmented", Logs::PLAIN, model, m, first_order)
    }

    /// Σ p̂ ln(p̂/q̂), nats, with p̂ᵢ = (nᵢ+½)/(N+K/2) and q̂ᵢ = (mᵢ+½)/(M+K/2) over all K symbols, those without mass too:
    /// both are means under Jeffreys' prior (Krichevsky and Trofimov 1981, "The performance of universal encoding").
    ///
    /// ```
    /// use kl_sim::estimator::{CountEstimator, Estimator};
    /// assert_eq!(CountEstimator::jeffreys(None).model_draws(10), Some(10));
    /// ```
    pub fn jeffreys(m: Option<u64>) -> Self {
        let half = Logs { pseudo: 0.5, ..Logs::PLAIN };
        let first_order = FirstOrder::of_shares(BiasOrder::First).with_source_pseudo(0.5).with_model_pseudo(0.5, true);
        Self::of_both("jeffreys", half, half, m, first_order)
    }
}
