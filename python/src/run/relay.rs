//! Calls of Python functions from the threads of the engine.
//!
//! The thread that called `run` makes all calls: a function need not be safe to call from several threads, it sees the state of its own
//! thread, a debugger and a coverage tool see it, and Ctrl-C reaches it as in any loop.

use super::data::{context_json, data};
use kl_runner::programs::{Answer, Function, FunctionError, TrialBatch};
use kl_sim::simulation::Cancel;
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, sync_channel};
use std::time::Duration;

/// The time between two looks whether Ctrl-C was pressed.
const SIGNAL_CHECK: Duration = Duration::from_millis(50);

/// The reason with which a run is cancelled: as for the signal of Ctrl-C.
const INTERRUPTED: usize = 2;

type Reply = Result<Vec<Answer>, FunctionError>;

/// A function is to be called.
pub(super) struct Call {
    function: usize,
    batch: Arc<TrialBatch>,
    reply: SyncSender<Reply>,
}

/// A Python function, known by its number.
#[derive(Debug)]
pub(super) struct Relayed {
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) takes_seeds: bool,
    pub(super) calls: Sender<Call>,
}

impl Function for Relayed {
    fn name(&self) -> &str {
        &self.name
    }

    fn takes_seeds(&self) -> bool {
        self.takes_seeds
    }

    fn estimates(&self, batch: &Arc<TrialBatch>) -> Reply {
        let (reply, answer) = sync_channel(1);
        let call = Call { function: self.index, batch: Arc::clone(batch), reply };
        self.calls.send(call).map_err(|_| FunctionError::Interrupted)?;
        answer.recv().unwrap_or(Err(FunctionError::Interrupted))
    }
}

/// Does `work` on another thread and makes the calls that arrive meanwhile, until `work` has ended and dropped all functions.
pub(super) fn serve<T: Send>(
    py: Python<'_>,
    ask: Option<&Py<PyAny>>,
    asked: Receiver<Call>,
    work: impl FnOnce(&Cancel) -> T + Send,
) -> PyResult<T> {
    let cancel = Cancel::default();
    let mut functions = Functions { ask, contexts: HashMap::new() };
    let (done, failure) = py.detach(|| {
        let asked = asked;
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| work(&cancel));
            let mut failure = None;
            loop {
                let step = match asked.recv_timeout(SIGNAL_CHECK) {
                    Ok(call) if failure.is_some() => {
                        let _ = call.reply.send(Err(FunctionError::Interrupted));
                        continue;
                    }
                    Ok(call) => Python::attach(|py| {
                        let answers = functions.call(py, &call)?;
                        // If nobody waits, the run is over.
                        let _ = call.reply.send(answers);
                        Ok(())
                    }),
                    Err(RecvTimeoutError::Timeout) if failure.is_some() => continue,
                    Err(RecvTimeoutError::Timeout) => Python::attach(|py| py.check_signals()),
                    Err(RecvTimeoutError::Disconnected) => break,
                };
                if let Err(error) = step {
                    cancel.cancel(INTERRUPTED);
                    failure = Some(error);
                }
            }
            // Without functions there are no calls to wait for.
            while !worker.is_finished() && failure.is_none() {
                std::thread::park_timeout(SIGNAL_CHECK / 10);
                if let Err(error) = Python::attach(|py| py.check_signals()) {
                    cancel.cancel(INTERRUPTED);
                    failure = Some(error);
                }
            }
            (worker.join(), failure)
        })
    });
    match (done, failure) {
        (_, Some(error)) => Err(error),
        (Ok(done), None) => Ok(done),
        (Err(panic), None) => resume_unwind(panic),
    }
}

/// The functions of a run, and what all trials of a condition have in common, as Python has it.
struct Functions<'a> {
    ask: Option<&'a Py<PyAny>>,
    contexts: HashMap<(usize, usize), Py<PyAny>>,
}

impl Functions<'_> {
    /// Calls a function. An error is none of its own: Python is being interrupted.
    fn call(&mut self, py: Python<'_>, call: &Call) -> PyResult<Reply> {
        let batch = &call.batch;
        let ask = self.ask.ok_or_else(|| PyRuntimeError::new_err("there are no functions"))?.bind(py);
        let key = (call.function, batch.context.condition);
        let context = match self.contexts.get(&key) {
            Some(context) => context.bind(py).clone(),
            None => {
                let context = ask.call_method1("context", (call.function, context_json(&batch.context)))?;
                self.contexts.insert(key, context.clone().unbind());
                context
            }
        };
        let model = batch.model.as_ref().map(|model| data(py, model, batch.trials)).transpose()?;
        let seeds = batch.seeds.as_ref().map(|seeds| super::data::seeds(py, seeds)).transpose()?;
        let sample = data(py, &batch.sample, batch.trials)?;
        let found = ask.call_method1("estimates", (context, batch.trials, seeds, sample, model))?;
        reply(&found)
    }
}

/// Reads `("estimates", bytes, bytes or None)`, `("raised", error, traceback)` or `("unfit", reason)`.
fn reply(found: &Bound<'_, PyAny>) -> PyResult<Reply> {
    let kind: String = found.get_item(0)?.extract()?;
    match kind.as_str() {
        "estimates" => {
            let estimates = numbers(&found.get_item(1)?)?;
            let std_errors = found.get_item(2)?;
            let std_errors = if std_errors.is_none() { None } else { Some(numbers(&std_errors)?) };
            let std_error = |place: usize| {
                let found = std_errors.as_ref().and_then(|all| all.get(place)).copied();
                // A standard error that does not exist is NaN.
                found.filter(|error| !error.is_nan())
            };
            let answers = estimates.iter().enumerate();
            let answers = answers.map(|(place, &estimate)| Answer { estimate, std_error: std_error(place) }).collect();
            Ok(Ok(answers))
        }
        "raised" => Ok(Err(FunctionError::Raised {
            error: found.get_item(1)?.extract()?,
            traceback: found.get_item(2)?.extract()?,
        })),
        "unfit" => Ok(Err(FunctionError::Unfit { reason: found.get_item(1)?.extract()? })),
        other => Err(PyTypeError::new_err(format!("there is no answer {other:?}"))),
    }
}

/// Doubles from their bytes.
fn numbers(bytes: &Bound<'_, PyAny>) -> PyResult<Vec<f64>> {
    let bytes = bytes.cast::<PyBytes>()?.as_bytes();
    Ok(bytes.as_chunks().0.iter().map(|&bytes| f64::from_ne_bytes(bytes)).collect())
}
