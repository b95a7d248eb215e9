//! How noisy a step by an estimated gradient is, before anything runs.

use super::PowerAnalysis;
use kl_sim::comparison::sequences_for_cosine;
use kl_sim::estimator::split_component;

/// What a step of training by an estimator of the gradient would be, over all components that are estimated.
#[derive(Clone, Debug, PartialEq)]
pub struct StepNoise {
    /// The index of the condition in the plan.
    pub condition: usize,
    /// The name of the estimator, without a component.
    pub estimator: String,
    /// √(trace of the covariance) of one sequence's estimate over the length of the true gradient.
    pub noise_to_signal: Option<f64>,
    /// How many sequences a step must average for the wanted cosine to the true gradient; none where no number is enough.
    pub sequences: Option<u64>,
}

impl StepNoise {
    /// That of each estimator in each condition, for a cosine of `wanted`; none where an exact moment is not known.
    pub fn of(analyses: &[PowerAnalysis], wanted: f64) -> Vec<Self> {
        let of_one = |row: &PowerAnalysis| (row.condition, split_component(&row.estimator).0.to_owned());
        let all = analyses.chunk_by(|one, next| of_one(one) == of_one(next));
        all.filter_map(|rows| {
            let first = rows.first().filter(|row| split_component(&row.estimator).1.is_some())?;
            let moments = |row: &PowerAnalysis| {
                Some((row.closed_form, row.expected.filter(|mean| mean.is_finite())?, row.exact_variance?))
            };
            let moments: Vec<(f64, f64, f64)> = rows.iter().map(moments).collect::<Option<_>>()?;
            let signal = moments.iter().map(|(truth, ..)| truth * truth).sum::<f64>().sqrt();
            let noise = moments.iter().map(|(.., variance)| variance).sum::<f64>().sqrt();
            let (condition, estimator) = of_one(first);
            Some(Self {
                condition,
                estimator,
                noise_to_signal: Some(noise / signal).filter(|ratio| ratio.is_finite()),
                sequences: sequences_for_cosine(&moments, wanted),
            })
        })
        .collect()
    }
}
