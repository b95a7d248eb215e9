//! Estimators from the symbol counts nᵢ of N symbols from P, with Q known; p̂ᵢ = nᵢ/N.
//!
//! Each is −Σ p̂ ln q less an estimate of P's entropy. The first part is exact in the mean, so the bias is that of the
//! entropy, with the other sign.

use super::rule::{Logs, Rule, alternating, less_half, log_step};
use super::{BiasOrder, CountEstimator, FirstOrder};
use crate::estimator::{EstimatorKind, Setting, SettingForm, Settings};
use std::sync::Arc;

/// How they are written.
pub(in crate::estimator) const KINDS: [EstimatorKind; 8] = [
    EstimatorKind {
        name: "plug_in",
        meaning: "KL of the observed shares p̂ from Q",
        settings: &[],
        make: |_| Arc::new(CountEstimator::plug_in()),
    },
    EstimatorKind {
        name: "miller_madow",
        meaning: "plug_in less (K̂−1)/(2N), K̂ the symbols seen",
        settings: &[],
        make: |_| Arc::new(CountEstimator::miller_madow()),
    },
    EstimatorKind {
        name: "jackknife",
        meaning: "plug_in with the entropy's bias of 1/N removed by leaving out each symbol once",
        settings: &[],
        make: |_| Arc::new(CountEstimator::jackknife()),
    },
    EstimatorKind {
        name: "grassberger_schurmann",
        meaning: "plug_in with the logarithms of counts replaced by Grassberger's G",
        settings: &[],
        make: |_| Arc::new(CountEstimator::grassberger_schurmann()),
    },
    EstimatorKind {
        name: "zhang",
        meaning: "plug_in with the logarithms of counts replaced by ψ",
        settings: &[],
        make: |_| Arc::new(CountEstimator::zhang()),
    },
    EstimatorKind {
        name: "chao_shen",
        meaning: "plug_in with shares scaled by the sample's coverage and weighted by the chance to be seen",
        settings: &[],
        make: |_| Arc::new(CountEstimator::chao_shen()),
    },
    EstimatorKind {
        name: "dirichlet",
        meaning: "plug_in with a added to each count (a = 1)",
        settings: &[Setting { name: "a", form: SettingForm::Number(1e-6, 1e6), example: "a = 0.5" }],
        make: |settings| {
            Arc::new(CountEstimator::dirichlet(settings.get("a").and_then(|value| value.number()).unwrap_or(1.0)))
        },
    },
    EstimatorKind {
        name: "shrink",
        meaning: "plug_in with shares shrunk towards 1/K, as far as their spread tells (James and Stein)",
        settings: &[],
        make: |_| Arc::new(CountEstimator::shrink()),
    },
];

impl CountEstimator {
    /// Every estimator from the counts of one sample, each as it is without settings.
    ///
    /// ```
    /// use kl_sim::estimator::CountEstimator;
    /// assert!(CountEstimator::of_one_sample().iter().all(|estimator| estimator.estimate(&[3, 1], &[-0.7, -0.7]).is_some()));
    /// ```
    pub fn of_one_sample() -> [Self; 8] {
        [
            Self::plug_in(),
            Self::miller_madow(),
            Self::jackknife(),
            Self::grassberger_schurmann(),
            Self::zhang(),
            Self::chao_shen(),
            Self::dirichlet(1.0),
            Self::shrink(),
        ]
    }

    fn of_source(kind: &'static str, rule: Rule, first_order: FirstOrder) -> Self {
        Self::new(kind, Settings::new(), rule, None, first_order)
    }

    /// Σ p̂ ln(p̂/q), nats: KL of the observed shares from Q, the maximum likelihood estimate. Never negative, and never too
    /// small in the mean (Jensen): its bias is (K−1)/(2N) + O(1/N²) over K symbols with mass.
    ///
    /// ```
    /// use kl_math::distribution::{Distribution, Pair};
    /// use kl_sim::estimator::{CountEstimator, Estimator};
    /// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
    /// let theory = CountEstimator::plug_in().theory(&Pair::new(coin(0.5), coin(0.5))?, 1);
    /// // One toss looks like a coin that cannot fall otherwise: ln 2 for sure, where D is 0.
    /// assert_eq!((theory.closed_form, theory.mean), (0.0, Some(std::f64::consts::LN_2)));
    /// # Ok::<(), kl_math::distribution::PairError>(())
    /// ```
    pub fn plug_in() -> Self {
        Self::of_source("plug_in", Rule::Logs(Logs::PLAIN), FirstOrder::of_shares(BiasOrder::First))
    }

    /// Σ p̂ ln(p̂/q) − (K̂−1)/(2N), nats, K̂ the number of symbols seen (Miller 1955, "Note on the bias of information
    /// estimates"). Its bias is O(1/N²).
    ///
    /// With n ln n − ½ for n ln n it is of the form of the others: a logarithm of ln n − 1/(2n).
    ///
    /// ```
    /// use kl_math::distribution::{Distribution, Pair};
    /// use kl_sim::estimator::{CountEstimator, Estimator};
    /// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
    /// let pair = Pair::new(coin(0.5), coin(0.25))?;
    /// let bias = |n| CountEstimator::miller_madow().theory(&pair, n).mean.expect("few vectors") - 0.143_841_036;
    /// assert!(bias(100).abs() < 1e-4 && bias(200).abs() < 3e-5);
    /// # Ok::<(), kl_math::distribution::PairError>(())
    /// ```
    pub fn miller_madow() -> Self {
        Self::of_source("miller_madow", Rule::Logs(Logs::same(less_half)), FirstOrder::of_shares(BiasOrder::Second))
    }

    /// −Σ p̂ ln q − Ĥ, nats, with the jackknifed entropy Ĥ = N T − ((N−1)/N) Σ nᵢ T(n − eᵢ), T = −Σ p̂ ln p̂ (Zahl 1977,
    /// "Jackknifing an index of diversity"; Efron and Stein 1981). The bias is O(1/N²). Of one symbol (N − 1) T(0) is taken
    /// for 0, and Ĥ is 0.
    ///
    /// It is d(N) − Σ p̂ d(nᵢ) with d(n) = n ln n − (n−1) ln(n−1) and d(1) = 0: no sequence is looked at twice.
    ///
    /// ```
    /// use kl_sim::estimator::{CountEstimator, Estimator};
    /// assert_eq!(CountEstimator::jackknife().name(), "jackknife");
    /// ```
    pub fn jackknife() -> Self {
        Self::of_source("jackknife", Rule::Logs(Logs::same(log_step)), FirstOrder::of_jackknife())
    }

    /// −Σ p̂ ln q − Ĥ, nats, with Ĥ = ψ(N) − Σ p̂ G(nᵢ), G(n) = ψ(n) + (−1)ⁿ ½ [ψ((n+1)/2) − ψ(n/2)] (Grassberger 2003,
    /// "Entropy estimates from insufficient samplings", and Schürmann 2004, "Bias analysis in entropy estimation").
    ///
    /// ```
    /// use kl_sim::estimator::{CountEstimator, Estimator};
    /// assert_eq!(CountEstimator::grassberger_schurmann().name(), "grassberger_schurmann");
    /// ```
    pub fn grassberger_schurmann() -> Self {
        let logs = Logs { of_count: alternating, ..Logs::DIGAMMA };
        Self::of_source(
            "grassberger_schurmann",
            Rule::Logs(logs),
            FirstOrder::of_shares(BiasOrder::Small).alternating(),
        )
    }

    /// −Σ p̂ ln q − Ĥ, nats, with Ĥ = ψ(N) − Σ p̂ ψ(nᵢ), which is Σ_{v=1}^{N−1} (1/v) of the unbiased estimate of
    /// Σ p (1−p)ᵛ (Zhang 2012, "Entropy estimation in Turing's perspective", as a product sum). Its bias falls exponentially
    /// in N: Σ_{v≥N} (1/v) Σ p (1−p)ᵛ.
    ///
    /// ```
    /// use kl_math::distribution::{Distribution, Pair};
    /// use kl_sim::estimator::{CountEstimator, Estimator};
    /// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
    /// let theory = CountEstimator::zhang().theory(&Pair::new(coin(0.5), coin(0.25))?, 60);
    /// assert!((theory.mean.expect("few vectors") - theory.closed_form).abs() < 1e-15);
    /// # Ok::<(), kl_math::distribution::PairError>(())
    /// ```
    pub fn zhang() -> Self {
        Self::of_source("zhang", Rule::Logs(Logs::DIGAMMA), FirstOrder::of_shares(BiasOrder::Exponential))
    }

    /// −Σ p̂ ln q − Ĥ, nats, with Ĥ = −Σ C p̂ ln(C p̂)/(1 − (1 − C p̂)ᴺ) and the coverage C = 1 − f₁/N, f₁ the symbols seen
    /// exactly once (Chao and Shen 2003, "Nonparametric estimation of Shannon's index of diversity when there are unseen
    /// species in sample"). Where every symbol is seen once only, f₁ = N is taken as N − 1: then C = 1/N, not 0, and a symbol
    /// stands for a share of 1/N². Of a sequence of one symbol that leaves C = 1, and the estimate is −ln q.
    ///
    /// ```
    /// use kl_sim::estimator::{CountEstimator, Estimator};
    /// assert_eq!(CountEstimator::chao_shen().name(), "chao_shen");
    /// ```
    pub fn chao_shen() -> Self {
        Self::of_source("chao_shen", Rule::Coverage, FirstOrder::UNKNOWN)
    }

    /// Σ p̂ ln(p̂/q), nats, with p̂ᵢ = (nᵢ + a)/(N + aK) over all K symbols, those without mass too: the mean of P's law under
    /// a symmetric Dirichlet prior, a > 0. Infinite, whatever is drawn, if Q rules out any symbol.
    ///
    /// ```
    /// use kl_sim::estimator::{CountEstimator, Estimator};
    /// assert_eq!(CountEstimator::dirichlet(0.5).name(), "dirichlet(a=0.5)");
    /// ```
    pub fn dirichlet(a: f64) -> Self {
        let rule = Rule::Logs(Logs { pseudo: a, ..Logs::PLAIN });
        let first_order = FirstOrder::of_shares(BiasOrder::First).with_source_pseudo(a);
        Self::new("dirichlet", Settings::from([("a", a.into())]), rule, None, first_order)
    }

    /// Σ p̃ ln(p̃/q), nats, with p̃ᵢ = λ/K + (1−λ) p̂ᵢ over all K symbols, those without mass too, and
    /// λ = Σ p̂ᵢ(1−p̂ᵢ)/[(N−1) Σ (1/K − p̂ᵢ)²], at most 1 (Hausser and Strimmer 2009, "Entropy inference and the James–Stein
    /// estimator", equations 4 and 6; λ = 1 of one symbol). Its mean square error is small where N is below K. Infinite if Q rules out
    /// any symbol, unless all that is drawn is one symbol that it does not rule out.
    ///
    /// ```
    /// use kl_sim::estimator::{CountEstimator, Estimator};
    /// assert_eq!(CountEstimator::shrink().name(), "shrink");
    /// ```
    pub fn shrink() -> Self {
        Self::of_source("shrink", Rule::Shrinkage, FirstOrder::UNKNOWN)
    }
}
