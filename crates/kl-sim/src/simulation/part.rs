//! Some blocks of a group, done.

use super::job::{GroupSummary, Job};
use super::path::{PATH_TRIALS, PathPoint};
use super::sampler::Trials;
use kl_math::statistics::{Node, Restore, TreeMerge};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;

/// The blocks of a group that are done: a run of them, without a gap.
///
/// Any run of blocks can be done anywhere. [`append`](Self::append) puts neighbours together, and the result is the same to the last bit
/// as if one engine had done all of them.
///
/// ```
/// use kl_math::distribution::{Categorical, Pair};
/// use kl_sim::estimator::{EstimatedBy, LogRatio};
/// use kl_sim::simulation::{Cancel, Engine, Estimation, GroupPart, Job, SamplerKind, Simulation, Trials};
/// let (n, count) = (10_000, 100);
/// let pair = Pair::of(Categorical::new([0.5, 0.5])?, Categorical::new([0.4, 0.6])?)?;
/// let job = Job {
///     probabilities: pair.source().mass_function().probabilities(),
///     n,
///     trials: count,
///     estimations: vec![Estimation::new(0, &pair, EstimatedBy::Estimator(&LogRatio), n)],
///     models: Vec::new(),
/// };
/// let trials = Trials::new(57, pair.source(), n, SamplerKind::Sequence);
/// let simulation = Simulation { job: &job, trials: &trials, encode: None, cancel: &Cancel::default(), meter: &() };
/// let engine = Engine::new(Some(1))?;
/// // Blocks 0 to 2 here, the others there.
/// let (mut here, mut there) = (GroupPart::new(0), GroupPart::new(3));
/// engine.extend(&simulation, &mut here, 3, &mut ())?;
/// engine.extend(&simulation, &mut there, trials.blocks(count), &mut ())?;
/// assert!(here.append(there));
/// assert_eq!(engine.outcome(&simulation, here, true).summary, engine.run(&simulation, &mut ())?.summary);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GroupPart {
    start: u64,
    tree: TreeMerge<GroupSummary>,
    paths: Vec<PathPoint>,
}

/// A part as it is saved: the nodes of its tree, and the running estimates of the first trials.
#[derive(Debug, Serialize, Deserialize)]
pub struct SavedPart<'a> {
    nodes: Cow<'a, [Node<GroupSummary>]>,
    paths: Cow<'a, [PathPoint]>,
}

impl GroupPart {
    /// No block yet; the first will be number `start`.
    pub fn new(start: u64) -> Self {
        Self { start, tree: TreeMerge::new(), paths: Vec::new() }
    }

    /// The numbers of the blocks.
    pub fn blocks(&self) -> Range<u64> {
        self.start..self.tree.nodes().last().and_then(Node::end).unwrap_or(self.start)
    }

    /// How many trials of the estimation at `place` of the job have no estimate.
    pub fn failed(&self, place: usize) -> u64 {
        self.tree.nodes().iter().map(|node| node.summary.estimation(place).failed).sum()
    }

    /// Adds the nodes of the next blocks, and their paths.
    pub(super) fn push(&mut self, nodes: Vec<Node<GroupSummary>>, paths: Vec<PathPoint>) {
        nodes.into_iter().for_each(|node| self.tree.push(node));
        self.paths.extend(paths);
    }

    /// Adds the blocks that come next. Returns whether they are the next.
    pub fn append(&mut self, later: Self) -> bool {
        let is_next = later.start == self.blocks().end;
        if is_next {
            self.push(later.tree.into_nodes(), later.paths);
        }
        is_next
    }

    /// What it takes to have it again. Counts move to the first node, where they take the least room: no sum changes.
    pub fn save(&mut self) -> SavedPart<'_> {
        if let [first, others @ ..] = self.tree.nodes_mut() {
            others.iter_mut().for_each(|node| node.summary.move_counts_to(&mut first.summary));
        }
        SavedPart { nodes: self.tree.nodes().into(), paths: self.paths.as_slice().into() }
    }

    /// The summary of the blocks from number 0 on, and the paths.
    pub(super) fn finish(self) -> (Option<GroupSummary>, Vec<PathPoint>) {
        (self.tree.finish(), self.paths)
    }
}

impl SavedPart<'_> {
    /// The part that was saved; none if it cannot be what became of these blocks. A file may hold anything.
    pub fn restore(self, job: &Job<'_>, trials: &Trials, blocks: Range<u64>) -> Option<GroupPart> {
        let empty = job.empty(trials);
        let expected = trials.within(&blocks, job.trials);
        let mut part = GroupPart::new(blocks.start);
        let mut found = 0u64;
        for Node { first, level, summary } in self.nodes.into_owned() {
            let summary = summary.restore(&empty, expected)?;
            found = found.checked_add(summary.trials())?;
            let node = Node { first, level, summary };
            if node.first != part.blocks().end || node.end()? > blocks.end {
                return None;
            }
            part.tree.push(node);
        }
        let is_point = |point: &PathPoint| {
            point.estimation < job.estimations.len() && point.trial < PATH_TRIALS && (1..=job.n).contains(&point.length)
        };
        part.paths = self.paths.into_owned();
        (part.blocks() == blocks && found == expected && part.paths.iter().all(is_point)).then_some(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::{CountEstimator, EstimatedBy, Estimator, LogRatio};
    use crate::simulation::{Cancel, Engine, Estimation, SamplerKind, Simulation};
    use kl_math::distribution::{Categorical, Pair};

    fn pair() -> Pair {
        Pair::of(Categorical::new([0.5, 0.3, 0.2]).unwrap(), Categorical::new([0.4, 0.4, 0.2]).unwrap()).unwrap()
    }

    /// Hands the parts of a job with two estimators to `take`, cut at the given blocks.
    fn with_parts(cuts: &[u64], take: impl FnOnce(&Simulation<'_>, &Engine, Vec<GroupPart>)) {
        let (pair, n) = (pair(), 3_000);
        let estimators: [&dyn Estimator; 2] = [&LogRatio, &CountEstimator::plug_in()];
        let estimations = estimators.map(|by| {
            let by = EstimatedBy::Estimator(by);
            let bins = Some(Box::new(by.bins(&pair, n)));
            Estimation { bins, wants_path: true, ..Estimation::new(0, &pair, by, n) }
        });
        let probabilities = pair.source().mass_function().probabilities();
        let job = Job { probabilities, n, trials: 1_000, estimations: estimations.into(), models: Vec::new() };
        let trials = Trials::new(57, pair.source(), n, SamplerKind::Sequence);
        let cancel = Cancel::default();
        let simulation = Simulation { job: &job, trials: &trials, encode: None, cancel: &cancel, meter: &() };
        let engine = Engine::new(Some(2)).unwrap();
        let all = trials.blocks(job.trials);
        let cuts: Vec<u64> = [0].into_iter().chain(cuts.iter().copied()).chain([all]).collect();
        let part = |cut: &[u64]| {
            let mut part = GroupPart::new(cut[0]);
            let Ok(true) = engine.extend(&simulation, &mut part, cut[1], &mut ()) else { panic!("it was not done") };
            part
        };
        let parts = cuts.windows(2).map(part).collect();
        take(&simulation, &engine, parts);
    }

    /// Cut anywhere, saved with their counts in one node, restored and put together: the same to the last bit.
    #[test]
    fn saved_parts_make_the_whole() {
        let mut whole = None;
        with_parts(&[], |simulation, engine, mut parts| {
            let part = parts.pop().unwrap();
            whole = Some(engine.outcome(simulation, part, true));
        });
        let whole = whole.unwrap();
        for cuts in [vec![1], vec![3, 4, 9], (1..16).collect(), vec![0, 5, 5]] {
            with_parts(&cuts, |simulation, engine, parts| {
                let mut all = GroupPart::new(0);
                for mut part in parts {
                    let (saved, blocks) = (read_back(part.save()), part.blocks());
                    let restored = saved.restore(simulation.job, simulation.trials, blocks).unwrap();
                    assert_eq!(restored, part);
                    assert!(all.append(restored));
                }
                let outcome = engine.outcome(simulation, all, true);
                assert_eq!((&outcome.summary, &outcome.paths), (&whole.summary, &whole.paths), "{cuts:?}");
            });
        }
    }

    /// A copy of what is saved, as reading it back makes it: what all summaries have in common is not there.
    fn read_back(saved: SavedPart<'_>) -> SavedPart<'static> {
        let bytes = postcard::to_stdvec(&saved).unwrap();
        postcard::from_bytes(&bytes).unwrap()
    }

    /// Notes how many blocks are done each time that it is told.
    struct Notes(Vec<u64>);

    impl crate::simulation::Keeper for Notes {
        type Error = std::convert::Infallible;

        fn rows(&mut self, _: &[u8]) -> Result<(), Self::Error> {
            Ok(())
        }

        fn reached(&mut self, part: &mut GroupPart) -> Result<(), Self::Error> {
            self.0.push(part.blocks().end);
            Ok(())
        }
    }

    /// It is not known how long a block takes: the first round is a block for each thread.
    #[test]
    fn the_first_blocks_are_told_at_once() {
        with_parts(&[], |simulation, engine, _| {
            let mut notes = Notes(Vec::new());
            let Ok(true) = engine.extend(simulation, &mut GroupPart::new(0), 16, &mut notes) else {
                panic!("not done")
            };
            assert_eq!((&notes.0[..2], notes.0.last()), (&[1, 2][..], Some(&16)));
        });
    }

    #[test]
    fn what_cannot_be_is_not_restored() {
        with_parts(&[3], |simulation, _, mut parts| {
            let (job, trials) = (simulation.job, simulation.trials);
            let blocks = parts[0].blocks();
            let saved = |part: &mut GroupPart| read_back(part.save());
            assert!(saved(&mut parts[0]).restore(job, trials, blocks.clone()).is_some());
            // Other blocks, fewer, more.
            for other in [0..2, 1..4, 0..4, 3..6] {
                assert!(saved(&mut parts[0]).restore(job, trials, other).is_none());
            }
            assert!(!parts[0].clone().append(parts[0].clone()));
            // A node that is none, a trial too many, another estimator, a path of no trial.
            let spoilt = |spoil: &dyn Fn(&mut SavedPart<'static>)| {
                let mut saved = read_back(parts[0].clone().save());
                spoil(&mut saved);
                saved.restore(job, trials, blocks.clone()).is_none()
            };
            assert!(spoilt(&|saved| saved.nodes.to_mut()[0].level = 70));
            assert!(spoilt(&|saved| saved.nodes.to_mut()[1].first += 1));
            assert!(spoilt(&|saved| saved.nodes.to_mut()[0].summary.sums.push(&[3_000, 0, 0], 1)));
            assert!(spoilt(&|saved| saved.nodes.to_mut()[0].summary.estimations[0].0 = 7));
            assert!(spoilt(&|saved| saved.nodes.to_mut()[0].summary.estimations[0].1.failed = u64::MAX));
            assert!(spoilt(&|saved| saved.nodes.to_mut()[0].summary.estimations[0].1.histogram = None));
            assert!(spoilt(&|saved| saved.paths.to_mut()[0].trial = 8));
            assert!(!spoilt(&|_| {}));
        });
    }
}
