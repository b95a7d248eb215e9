//! A group of conditions at work.

use super::preparation::{ProgramsOfGroup, prepare, programs};
use super::sink::Encoding;
use super::{Failures, RunContext, Sampling};
use crate::plan::{Group, Plan};
use crate::programs::FailedTrials;
use kl_sim::estimator::{External, ScoredTrial};
use kl_sim::simulation::{Encode, Engine, Estimation, GroupPart, GroupSummary, Job, SavedPart, Simulation, Trials};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;

/// A group of conditions, ready to be simulated: its estimators, its samplers and the users' programs.
pub struct AtWork<'a> {
    index: usize,
    run: RunContext<'a>,
    job: &'a Job<'a>,
    trials: &'a Trials,
    programs: &'a ProgramsOfGroup<'a>,
    encode: Option<&'a Encode<'a>>,
}

/// Some blocks of a group as they are saved, with the trials that failed in them.
#[derive(Debug, Serialize, Deserialize)]
pub struct SavedGroup<'a> {
    #[serde(borrow)]
    part: SavedPart<'a>,
    failures: Cow<'a, [FailedTrials]>,
}

impl AtWork<'_> {
    /// Prepares a group for `work`. Returns what it returns; none if the run is cancelled while it is prepared.
    pub(super) fn with<T>(
        plan: &Plan,
        (index, group): (usize, &Group),
        sampling: &Sampling<'_>,
        run: RunContext<'_>,
        encoding: Option<Encoding>,
        work: impl FnOnce(&AtWork<'_>) -> T,
    ) -> Option<T> {
        let programs = programs(plan, group, run.cancel);
        let job = run.engine.install(|| prepare(plan, group, &programs, run.cancel))?;
        let trials = sampling(plan, group);
        let encode = encoding.map(|encoding| {
            let (unit, job) = (plan.unit, &job);
            move |first: u64, scored: &[ScoredTrial], text: &mut Vec<u8>| encoding(unit, job, first, scored, text)
        });
        let encode = encode.as_ref().map(|encode| encode as &Encode<'_>);
        Some(work(&AtWork { index, run, job: &job, trials: &trials, programs: &programs, encode }))
    }

    /// Its place in the groups of the plan.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The engine that simulates it.
    pub fn engine(&self) -> &Engine {
        self.run.engine
    }

    /// What the engine is to do.
    pub fn simulation(&self) -> Simulation<'_> {
        let RunContext { cancel, meter, .. } = self.run;
        Simulation { job: self.job, trials: self.trials, encode: self.encode, cancel, meter }
    }

    /// The context of the run.
    pub fn run(&self) -> RunContext<'_> {
        self.run
    }

    /// How many blocks the group has.
    pub fn blocks(&self) -> u64 {
        self.trials.blocks(self.job.trials)
    }

    /// How many trials are in some of its blocks.
    pub fn trials_in(&self, blocks: &Range<u64>) -> u64 {
        self.trials.within(blocks, self.job.trials)
    }

    /// Some of its blocks, to be saved.
    pub fn save<'p>(&self, part: &'p mut GroupPart) -> SavedGroup<'p> {
        let end = self.trials_in(&(0..part.blocks().end));
        // Other threads are ahead: what failed there will fail again.
        let failures = self.programs.iter().map(|(condition, _, programs)| {
            let is_own = |of: &Estimation<'_>| (of.condition, of.by.name()) == (*condition, programs.name());
            let count = self.job.estimations.iter().position(is_own).map_or(0, |place| part.failed(place));
            programs.failed().before(end, count)
        });
        let failures = failures.collect();
        SavedGroup { part: part.save(), failures: Cow::Owned(failures) }
    }

    /// The blocks that were saved; none if what was saved cannot be what became of these. What failed in them is noted.
    pub fn restore(&self, saved: SavedGroup<'_>, blocks: Range<u64>) -> Option<GroupPart> {
        let trials = self.trials_in(&(0..blocks.start))..self.trials_in(&(0..blocks.end));
        let SavedGroup { part, failures } = saved;
        let part = part.restore(self.job, self.trials, blocks)?;
        if failures.len() != self.programs.len() || !failures.iter().all(|failed| failed.are_within(&trials)) {
            return None;
        }
        let noted = self.programs.iter().zip(failures.into_owned());
        noted.for_each(|((_, _, programs), failures)| programs.take_in(failures));
        Some(part)
    }

    /// Ends the programs, since no more will be asked of them.
    pub fn close(&self) {
        self.programs.iter().for_each(|(_, _, programs)| programs.close());
    }

    /// Whether a program failed too often.
    pub fn is_stopped(&self) -> bool {
        self.programs.iter().any(|(_, _, programs)| programs.is_stopped())
    }

    /// The trials without an estimate.
    pub(super) fn failures(&self, summary: &GroupSummary) -> Vec<Failures> {
        Failures::of(self.job, summary, self.programs).collect()
    }
}
