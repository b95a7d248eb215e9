//! What a function is asked about one trial.

use super::{Answer, Function, FunctionError, Maker, Program, ProgramContext, Programs, TrialBatch};
use kl_math::distribution::Pair;
use kl_sim::estimator::{Batch, External};
use kl_sim::simulation::{Blocks, ModelSamples, TrialPlace, replay};
use std::sync::{Arc, Mutex, PoisonError};

/// Draws trial number `trial`, counted from 0, of a condition again, and returns what a function is asked about it: of the program
/// only the input and the number of symbols from Q matter.
///
/// `condition` counts from 1; `blocks` are the sampler's for sequences of `n` symbols from P.
pub fn one_trial(
    program: &Program,
    (condition, pair, n): (usize, &Pair, u64),
    blocks: &dyn Blocks,
    trial: u64,
    context: ProgramContext<'_>,
) -> Option<TrialBatch> {
    let listener = Arc::new(Listener::default());
    let program = Program { maker: Maker::Function(Arc::clone(&listener) as Arc<dyn Function>), ..program.clone() };
    let programs = Programs::new(&program, condition, pair, n, context);
    let mut scorer = programs.scorer();
    let (mut scored, detail) = (Vec::new(), program.detail());
    let models = program.model_draws.map(|m| ModelSamples::new(context.seed, pair, m));
    let place = TrialPlace::of(blocks, trial);
    replay(blocks, n, trial, detail, |batch| {
        let mut sampler = models.as_ref().filter(|_| batch.end == n).map(|models| models.from(place));
        let model = sampler.as_mut().map(|sampler| sampler.draw(1));
        scorer.score(&Batch { model, ..*batch }, &mut scored);
    });
    scorer.settle(&mut scored);
    let heard = listener.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    heard.map(|batch| (*batch).clone())
}

/// Keeps the batch that it is asked about.
#[derive(Debug, Default)]
struct Listener(Mutex<Option<Arc<TrialBatch>>>);

impl Function for Listener {
    fn name(&self) -> &str {
        "listener"
    }

    fn takes_seeds(&self) -> bool {
        true
    }

    fn estimates(&self, batch: &Arc<TrialBatch>) -> Result<Vec<Answer>, FunctionError> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(batch));
        Ok(vec![Answer { estimate: 0.0, std_error: None }; batch.trials])
    }
}
