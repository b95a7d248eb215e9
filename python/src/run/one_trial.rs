//! One trial of an experiment again.

use super::data::{Data, context_json, data};
use super::request::{Request, run_error};
use kl_runner::command::error::Error;
use kl_runner::experiment::planned_sampling;
use kl_runner::plan::{Group, Pilot, Plan};
use kl_runner::programs::{Program, ProgramContext, ProgramInput, one_trial};
use kl_sim::estimator::Detail;
use kl_sim::simulation::{Cancel, SamplerKind, Trials};
use pyo3::prelude::*;
use std::sync::Arc;

/// The facts of the condition as JSON, the seed, the counts, the sequence, and the sample from Q.
type Drawn<'py> = (String, u64, Option<Data<'py>>, Option<Data<'py>>, Option<Data<'py>>);

/// Draws a trial again. Conditions and trials count from 1; `m` symbols from Q are drawn beside it, if they are wanted.
#[pyfunction]
#[pyo3(signature = (request, condition, trial, m))]
pub(crate) fn trial<'py>(
    py: Python<'py>,
    request: &Request,
    condition: u64,
    trial: u64,
    m: Option<u64>,
) -> PyResult<Drawn<'py>> {
    let (plan, _) = request.plan(py)?;
    let drawn = |input| py.detach(|| draw(&plan, condition, trial, input, m)).map_err(|error| run_error(&error));
    let counts = drawn(ProgramInput::Counts)?;
    let sequence = drawn(ProgramInput::Sequence)?;
    let batch = counts
        .as_ref()
        .or(sequence.as_ref())
        .ok_or_else(|| run_error(&Error::Refused { condition, reason: "nothing is drawn for it".to_owned() }))?;
    let seed = batch.seeds.as_ref().and_then(|seeds| seeds.first()).copied().unwrap_or_default();
    let of = |batch: &Option<kl_runner::programs::TrialBatch>| {
        batch.as_ref().map(|batch| data(py, &batch.sample, 1)).transpose()
    };
    let model = batch.model.as_ref().map(|model| data(py, model, 1)).transpose()?;
    Ok((context_json(&batch.context), seed, of(&counts)?, of(&sequence)?, model))
}

/// The trial as a function with this input sees it; none if it cannot.
fn draw(
    plan: &Plan,
    number: u64,
    trial: u64,
    input: ProgramInput,
    m: Option<u64>,
) -> Result<Option<kl_runner::programs::TrialBatch>, Error> {
    let count = plan.conditions.len() as u64;
    let place = usize::try_from(number.wrapping_sub(1)).ok();
    let Some((place, condition)) = place.and_then(|place| Some((place, plan.conditions.get(place)?))) else {
        return Err(Error::NoCondition { found: number, count });
    };
    let Some(pair) = condition.sampled_pair() else {
        return Err(Error::Refused { condition: number, reason: "it cannot be drawn".to_owned() });
    };
    // The number of trials may depend on a pilot, and no trial depends on it.
    let is_known = !matches!(plan.pilot, Pilot::Pending { .. });
    if trial == 0 || (is_known && trial > condition.trials) {
        return Err(Error::NoTrial { found: trial, count: condition.trials });
    }
    let program = Program { input, model_draws: m, ..Program::new("trial", []) };
    let is_unordered = plan.sampler != SamplerKind::Sequence && program.detail() == Detail::Sequence;
    if is_unordered || program.suits(pair, condition.n).is_err() {
        return Ok(None);
    }
    let group = Group {
        source: Arc::clone(condition.source()),
        n: condition.n,
        trials: condition.trials.max(trial),
        conditions: vec![place],
    };
    let Trials::Each(blocks) = planned_sampling(plan, &group) else { return Err(Error::Tallied) };
    let cancel = Cancel::default();
    let context = ProgramContext {
        folder: &plan.folder,
        unit: plan.unit,
        seed: plan.seed.get(),
        trials: condition.trials,
        cancel: &cancel,
    };
    Ok(one_trial(&program, (place + 1, pair, condition.n), blocks.as_ref(), trial - 1, context))
}
