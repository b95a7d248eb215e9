//! Experiments from Python: read, run, and one trial again.

mod data;
mod kept;
pub(crate) mod one_trial;
mod relay;
mod request;

pub(crate) use kept::KeptEstimates;
pub(crate) use request::Request;
use request::run_error;

use crate::results::SavedRun;
use kl_runner::command::error::Error;
use kl_runner::experiment::{ExperimentResults, RunContext, Sink, carry_out, planned_sampling, run_pilot};
use kl_runner::plan::{Plan, Record, SamplerKind};
use kl_runner::programs::Failure;
use kl_runner::record::{FinishedRun, GroupEstimates, MemoryFile, Recorder, WithEstimates, results_in_memory};
use kl_runner::store::{ResultsFolder, write_results};
use kl_sim::simulation::{Cancel, Engine};
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// What went wrong in an estimator of a condition: the condition, the estimator, how many trials failed and of how many, whether it
/// was stopped, and the first trials that failed with the reason and the traceback.
type FailuresHere = (usize, String, u64, u64, bool, Vec<(u64, String, String)>);

/// Where an estimator differs from the one that it is to equal: the condition, the estimator, the other one, in how many trials of how
/// many, and the first of them with both estimates, in the unit of the experiment.
type DifferencesHere = (usize, String, String, u64, u64, Option<(u64, Option<f64>, Option<f64>)>);

/// The results, if the run was not stopped, the estimates of all trials, if they were kept, and what went wrong.
type Found = (Option<SavedRun>, Option<KeptEstimates>, Vec<FailuresHere>, Vec<DifferencesHere>);

/// Runs an experiment. `ask` is asked by number about the functions of the request; `out` is the folder in which the results get a folder of
/// their own.
#[pyfunction]
#[pyo3(signature = (request, ask, out, replace, threads, false_alarm))]
pub(crate) fn run(
    py: Python<'_>,
    request: &Request,
    ask: Option<Bound<'_, PyAny>>,
    out: Option<PathBuf>,
    replace: bool,
    threads: Option<usize>,
    false_alarm: f64,
) -> PyResult<Found> {
    let (plan, asked) = request.plan(py)?;
    let ask = ask.map(Bound::unbind);
    let done = relay::serve(py, ask.as_ref(), asked, move |cancel| {
        let engine = Engine::new(threads).map_err(Error::Engine)?;
        Work { engine: &engine, cancel, false_alarm, replace }.run(plan, out.as_deref())
    })?;
    let Done { left, estimates, failures, differences } = done.map_err(|error| run_error(&error))?;
    let saved = match left {
        None => None,
        Some(Left::Folder(folder)) => Some(SavedRun::open(py, folder)?),
        Some(Left::Memory(files)) => Some(py.detach(|| SavedRun::of_files(files))?),
    };
    Ok((saved, estimates.map(KeptEstimates::new), failures, differences))
}

/// How a plan is carried out.
struct Work<'a> {
    engine: &'a Engine,
    cancel: &'a Cancel,
    false_alarm: f64,
    replace: bool,
}

/// What a run found.
#[derive(Default)]
struct Done {
    /// Where its results are, if it was not stopped.
    left: Option<Left>,
    estimates: Option<Vec<GroupEstimates>>,
    failures: Vec<FailuresHere>,
    differences: Vec<DifferencesHere>,
}

/// Where the results are, the estimates that were kept, and what was found.
type LeftAndFound = (Option<Left>, Option<Vec<GroupEstimates>>, ExperimentResults);

/// Where results are.
enum Left {
    Folder(PathBuf),
    Memory(BTreeMap<String, Vec<u8>>),
}

impl Work<'_> {
    fn run(&self, mut plan: Plan, out: Option<&Path>) -> Result<Done, Error> {
        let context = RunContext { engine: self.engine, cancel: self.cancel, meter: &() };
        if let Some(Err(errors)) = run_pilot(&mut plan, context) {
            return Err(Error::Pilots(errors));
        }
        if self.cancel.reason().is_some() {
            return Ok(Done::default());
        }
        let (left, estimates, found) = match out {
            Some(out) => self.run_into(&mut plan, out)?,
            None => self.run_in_memory(&plan)?,
        };
        Ok(Done { left, estimates, failures: failures(&plan, &found), differences: differences(&plan, &found) })
    }

    fn run_into(&self, plan: &mut Plan, out: &Path) -> Result<LeftAndFound, Error> {
        let missing: Vec<PathBuf> = out.ancestors().take_while(|part| !part.exists()).map(Path::to_owned).collect();
        let mut folder = ResultsFolder::open(out.join(&plan.experiment), &missing)?;
        if !self.replace {
            let earlier = folder.earlier(plan);
            if !earlier.losses.is_empty() {
                return Err(Error::Losses(earlier.losses));
            }
            if earlier.is_recorded {
                plan.record_trials();
            }
        }
        let path = folder.path().to_owned();
        let write = |source: io::Error| Error::Write { name: path.display().to_string(), source };
        let recorder = Recorder::start(plan, |name| folder.stage(name))?;
        let mut sink = WithEstimates::new(recorder, keeps_estimates(plan));
        let found = self.carry_out(plan, &mut sink).map_err(write)?;
        let (recorder, estimates) = sink.into_parts();
        if !found.complete {
            return Ok((None, estimates, found));
        }
        let verdicts = found.verdicts(self.false_alarm);
        let run = FinishedRun { plan, measured: &found.measured, verdicts: &verdicts, failures: &found.failures };
        write_results(&run, recorder, &mut folder)?;
        Ok((Some(Left::Folder(path)), estimates, found))
    }

    fn run_in_memory(&self, plan: &Plan) -> Result<LeftAndFound, Error> {
        let write = |source: io::Error| Error::Write { name: "the results".to_owned(), source };
        // Recorded trials are kept as numbers.
        let is_recorded = plan.record == Record::Csv;
        let unrecorded = Plan { record: Record::None, ..plan.clone() };
        let recorder = Recorder::start(&unrecorded, |name| Ok::<_, Error>(MemoryFile::new(name)))?;
        let mut sink = WithEstimates::new(recorder, is_recorded || keeps_estimates(plan));
        let found = self.carry_out(&unrecorded, &mut sink).map_err(write)?;
        let (recorder, estimates) = sink.into_parts();
        if !found.complete {
            return Ok((None, estimates, found));
        }
        let verdicts = found.verdicts(self.false_alarm);
        let run = FinishedRun {
            plan: &unrecorded,
            measured: &found.measured,
            verdicts: &verdicts,
            failures: &found.failures,
        };
        let files = results_in_memory(&run, recorder).map_err(write)?;
        Ok((Some(Left::Memory(files)), estimates, found))
    }

    fn carry_out<S: Sink + Send>(&self, plan: &Plan, sink: &mut S) -> Result<ExperimentResults, S::Error> {
        let context = RunContext { engine: self.engine, cancel: self.cancel, meter: &() };
        carry_out(plan, &planned_sampling, context, sink)
    }
}

/// Whether the estimates of all trials are kept though nobody asked for that: they are few.
fn keeps_estimates(plan: &Plan) -> bool {
    /// 80 MB.
    const MOST: u128 = 10_000_000;
    let trials: u128 = plan.conditions.iter().map(|condition| u128::from(condition.trials)).sum();
    plan.sampler != SamplerKind::Tally && trials * plan.estimators.len() as u128 <= MOST
}

fn failures(plan: &Plan, found: &ExperimentResults) -> Vec<FailuresHere> {
    const SHOWN: usize = 3;
    let here = found.failures.iter().map(|failures| {
        let first = failures.failed.iter().take(SHOWN).map(|(trial, failure)| {
            let traceback =
                if let Failure::Raised { traceback, .. } = failure { traceback.clone() } else { String::new() };
            (trial + 1, failure.to_string(), traceback)
        });
        let trials = plan.conditions.get(failures.condition).map_or(0, |condition| condition.trials);
        let name = failures.estimator.clone();
        (failures.condition + 1, name, failures.count, trials, failures.is_stopped, first.collect())
    });
    here.collect()
}

fn differences(plan: &Plan, found: &ExperimentResults) -> Vec<DifferencesHere> {
    let shown = |nats: Option<f64>| nats.map(|nats| plan.unit.of_nats(nats));
    let differing = found.measured.iter().filter_map(|row| {
        let same = row.comparison.same_as.as_ref().filter(|same| same.differing > 0)?;
        let first = same.first.map(|first| (first.trial + 1, shown(first.estimate), shown(first.expected)));
        let (name, reference) = (row.estimator.to_string(), same.reference.to_string());
        Some((row.condition + 1, name, reference, same.differing, same.compared, first))
    });
    differing.collect()
}
