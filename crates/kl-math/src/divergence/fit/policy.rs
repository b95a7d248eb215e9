//! Where training with a KL penalty ends: k1 as a reward, and k3 as a loss.

/// Why there is no policy.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PolicyError {
    /// A reward for each symbol.
    #[error("{rewards} rewards for {symbols} symbols: each symbol has one")]
    Lengths {
        /// How many rewards there are.
        rewards: usize,
        /// How many symbols.
        symbols: usize,
    },
    /// The weight of the penalty.
    #[error("the weight {beta} of the penalty is not a number above 0")]
    Weight {
        /// The weight.
        beta: f64,
    },
    /// A reward that is not finite.
    #[error("the reward {reward} of symbol {place} is not a finite number")]
    Reward {
        /// The reward.
        reward: f64,
        /// The symbol's place, from 1.
        place: usize,
    },
    /// Probabilities of the reference.
    #[error("the probabilities of the reference are not numbers from 0 that sum to 1")]
    Reference,
}

/// The policy that maximises E_p\[ρ\] − β KL(p‖q): where k1 as a reward ends.
///
/// # Formula
///
/// pᵢ = qᵢ e^(ρᵢ/β)/Z, Z = Σ qᵢ e^(ρᵢ/β), over symbols with the rewards ρᵢ, a reference q, and β > 0 in units of reward per nat. The
/// mean gradient of the sampled objective, E\[(ρ − β ln(p/q)) s\] with the score s, is that of the objective, and 0 here. What q rules
/// out stays ruled out.
///
/// # Errors
///
/// A reward for each symbol is not there or not finite, β is not above 0, or q is not a distribution (sum 1 within 1e-9).
///
/// # Source
///
/// Ziebart et al. 2008; Rafailov et al. 2023, "Direct Preference Optimization", equation (4).
///
/// # Example
///
/// ```
/// use kl_math::divergence::fit::k1_reward_policy;
/// // Twice as likely for each ln 2 · β of reward more.
/// let p = k1_reward_policy(&[0.5, 0.5], &[std::f64::consts::LN_2, 0.0], 1.0)?;
/// assert!((p[0] - 2.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), kl_math::divergence::fit::PolicyError>(())
/// ```
pub fn k1_reward_policy(q: &[f64], rewards: &[f64], beta: f64) -> Result<Vec<f64>, PolicyError> {
    check(q, rewards, beta)?;
    let top = top(q, rewards, |q| q > 0.0);
    let weights: Vec<f64> = q
        .iter()
        .zip(rewards)
        .map(|(&q, &reward)| if q > 0.0 { q * libm::exp((reward - top) / beta) } else { 0.0 })
        .collect();
    let whole: f64 = weights.iter().sum();
    Ok(weights.into_iter().map(|weight| weight / whole).collect())
}

/// The policy that maximises E_p\[ρ\] − β KL(q‖p): where k3 as a loss ends.
///
/// # Formula
///
/// pᵢ = β qᵢ/(β − ρᵢ + c), where c, which makes them sum to 1, is the mean reward E_p\[ρ\] at the end. The mean gradient of the
/// sampled loss, E\[(ρ − β (1 − r)) s\] with r = q/p and the score s, is that of this objective, not of KL(p‖q): its penalty is on the
/// other divergence. A symbol is pᵢ/qᵢ = 1/(1 − (ρᵢ − c)/β) times as likely as in q, where k1 as a reward would make it e^(ρᵢ/β)/Z times.
///
/// What q rules out is free: where the best reward ρ₀ there is above c + β, it gets what is left of the mass, c is ρ₀ − β, and symbols
/// that share ρ₀ share that mass equally.
///
/// # Errors
///
/// As [`k1_reward_policy`].
///
/// # Source
///
/// Tang & Munos 2025, "On a few pitfalls in KL divergence gradient estimation for RL", arXiv 2506.09477, for the gradient; its zero is
/// p (ρ − c) = β (p − q), solved for p.
///
/// # Example
///
/// ```
/// use kl_math::divergence::fit::k3_loss_policy;
/// let p = k3_loss_policy(&[0.5, 0.5], &[1.0, 0.0], 1.0)?;
/// // c solves ½/c + ½/(1 + c) = 1: c² = ½.
/// let c = 0.5_f64.sqrt();
/// assert!((p[0] - 0.5 / c).abs() < 1e-15 && (p[0] - c).abs() < 1e-15);
/// # Ok::<(), kl_math::divergence::fit::PolicyError>(())
/// ```
pub fn k3_loss_policy(q: &[f64], rewards: &[f64], beta: f64) -> Result<Vec<f64>, PolicyError> {
    check(q, rewards, beta)?;
    let best = top(q, rewards, |q| q > 0.0);
    // With t = β − best + c the denominators are (best − ρ) + t. Σ is convex and falls in t, from at least 1 at the mass of the best
    // symbols times β to at most 1 at β: Newton's method from the left never passes the root.
    let sums = |t: f64| {
        let terms = q.iter().zip(rewards).filter(|(q, _)| **q > 0.0);
        terms.fold((0.0, 0.0), |(sum, slope), (q, reward)| {
            let below = best - reward + t;
            (sum + q * beta / below, slope + q * beta / below / below)
        })
    };
    let of_best: f64 = q.iter().zip(rewards).filter(|(q, reward)| **q > 0.0 && **reward == best).map(|(q, _)| q).sum();
    let mut t = of_best * beta;
    for _ in 0..MOST_STEPS {
        let (sum, slope) = sums(t);
        let next = t + (sum - 1.0) / slope;
        if next <= t || !next.is_finite() {
            break;
        }
        t = next;
    }
    let free = top(q, rewards, |q| q <= 0.0);
    // c = ρ₀ − β for the best reward that q rules out.
    let least = free - best;
    let is_taken = least > t;
    let t = if is_taken { least } else { t };
    let mut p: Vec<f64> =
        q.iter().zip(rewards).map(|(&q, &reward)| if q > 0.0 { q * beta / (best - reward + t) } else { 0.0 }).collect();
    if is_taken {
        let left = 1.0 - p.iter().sum::<f64>();
        let takes = |(q, reward): (&f64, &f64)| *q <= 0.0 && *reward == free;
        let sharers = q.iter().zip(rewards).filter(|&pair| takes(pair)).count() as f64;
        let free_symbols = p.iter_mut().zip(q.iter().zip(rewards)).filter(|(_, pair)| takes(*pair));
        free_symbols.for_each(|(p, _)| *p = left / sharers);
    }
    Ok(p)
}

/// Newton's method doubles the digits of each step once it is near; far away t doubles.
const MOST_STEPS: usize = 2_000;

/// The largest reward of the symbols that are meant; −∞ without any.
fn top(q: &[f64], rewards: &[f64], is_meant: impl Fn(f64) -> bool) -> f64 {
    let meant = q.iter().zip(rewards).filter(|(q, _)| is_meant(**q));
    meant.map(|(_, reward)| *reward).fold(f64::NEG_INFINITY, f64::max)
}

fn check(q: &[f64], rewards: &[f64], beta: f64) -> Result<(), PolicyError> {
    /// The room of a sum of probabilities, as of those of a distribution.
    const ROOM: f64 = 1e-9;
    if q.len() != rewards.len() {
        return Err(PolicyError::Lengths { rewards: rewards.len(), symbols: q.len() });
    }
    if !(beta > 0.0 && beta.is_finite()) {
        return Err(PolicyError::Weight { beta });
    }
    if let Some(place) = rewards.iter().position(|reward| !reward.is_finite()) {
        return Err(PolicyError::Reward { reward: rewards.get(place).copied().unwrap_or_default(), place: place + 1 });
    }
    let sum: f64 = q.iter().sum();
    let is_law = q.iter().all(|&q| q >= 0.0) && (sum - 1.0).abs() <= ROOM;
    if is_law { Ok(()) } else { Err(PolicyError::Reference) }
}
