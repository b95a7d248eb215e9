//! Does `runner check` keep its promise? Checks of a right program at a loose rate, and of wrong ones.
//!
//! `cargo bench --bench power` takes some minutes and prints a table; it fails if a promise is broken. Rates are stated for
//! the law layer of one check; a count is out of bounds with chance below 1e-4 if the promise holds.

#![allow(clippy::unwrap_used, missing_docs)]

use kl_runner::check::{Check, CheckVerdict, MISS, Prospect, fresh_trials};
use kl_runner::distribution::Distribution;
use kl_runner::estimator::{Batch, View};
use kl_runner::experiment::{Sampling, planned_sampling};
use kl_runner::plan::{Plan, Seed};
use kl_runner::simulation::{Blocks, Cancel, Engine, Meter, Portions, Sampler, SequenceBlocks, Trials};
use kl_runner::spec::{self, Source};
use rayon::prelude::*;

struct Deaf;
impl Meter for Deaf {
    fn advanced(&self, _: u64) {}
}

fn plan(text: &str) -> Plan {
    let text = format!("{text}\n[check]\nfalse_alarm = 1e-2\n");
    spec::read(&Source { name: "planted.toml".into(), text }, "planted", &[]).unwrap()
}

/// How many of so many checks, each with a seed of its own, fail.
fn failures(plan: &Plan, sampling: &(dyn Fn(&Plan, &kl_runner::plan::Group) -> Trials + Sync), checks: u64) -> u64 {
    let fails = |engine: &Engine, seed: u64| {
        let plan = Plan { seed: Seed::new(seed).unwrap(), ..plan.clone() };
        let sampling: &Sampling<'_> = &|plan, group| sampling(plan, group);
        let (_, tests) = fresh_trials(&plan, sampling, engine, &Cancel::default(), &Deaf).unwrap();
        let seed = plan.seed;
        Check::judge(vec![plan], vec![None], vec![Some((seed, tests))]).verdict() == CheckVerdict::Regressed
    };
    let lanes: u64 = 2;
    let lane = |lane: u64| {
        let engine = Engine::new(Some(1)).unwrap();
        (0..checks).filter(|check| check % lanes == lane).filter(|&check| fails(&engine, check)).count() as u64
    };
    (0..lanes).into_par_iter().map(lane).sum()
}

/// A sampler that is wrong in one way.
struct Faulty {
    inner: SequenceBlocks,
    fault: Fault,
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// The last symbol is never drawn.
    ShortSequences,
    /// Every block reads the streams of the first.
    SameStreams,
}

impl Blocks for Faulty {
    fn portions(&self) -> Portions {
        self.inner.portions()
    }

    fn sampler(&self, block: u64) -> Box<dyn Sampler + '_> {
        let block = if self.fault == Fault::SameStreams { 0 } else { block };
        Box::new(FaultySampler { inner: self.inner.sampler(block), is_short: self.fault == Fault::ShortSequences })
    }
}

struct FaultySampler<'a> {
    inner: Box<dyn Sampler + 'a>,
    is_short: bool,
}

impl Sampler for FaultySampler<'_> {
    fn fill(&mut self, batch: &mut Batch, view: View) {
        let end = batch.end;
        batch.end -= u64::from(self.is_short);
        self.inner.fill(batch, view);
        batch.end = end;
    }
}

fn each(blocks: impl Blocks + 'static) -> Trials {
    Trials::Each(Box::new(blocks))
}

fn coin(p: f64) -> Distribution {
    Distribution::of_weights(&[p, 1.0 - p]).unwrap()
}

fn main() {
    // `cargo test` only sees whether it can be built.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let mut is_kept = true;
    println!("| a right program | checks | failed | at most |\n|---|---|---|---|");
    for (name, text, checks) in [
        ("coin", "trials = 40\nN = [3, 30]\nP = [0.5, 0.5]\nQ = [0.4, 0.6]", 40_000u64),
        ("rare symbol", "trials = 40\nN = 5\nP = [0.98, 0.02]\nQ = [0.5, 0.5]", 20_000),
        ("three symbols", "trials = 30\nN = 4\nP = [0.2, 0.3, 0.5]\nQ = [0.5, 0.25, 0.25]", 20_000),
        ("exponential", "trials = 30\nN = 2\nP.exponential.rate = 1\nQ.exponential.rate = 2", 10_000),
        (
            "chain",
            "trials = 20\nN = 8\nP.markov_chain = { initial = [1, 0], transition = [[0.9, 0.1], [0.3, 0.7]] }\nQ = [0.5, 0.5]",
            10_000,
        ),
        ("infinite", "trials = 50\nN = 3\nP = [0.5, 0.3, 0.2]\nQ = [0.5, 0.5, 0]", 10_000),
    ] {
        let failed = failures(&plan(text), &planned_sampling, checks);
        let most = 1e-2 * checks as f64;
        // Four standard deviations above.
        is_kept &= failed as f64 <= most + 4.0 * most.sqrt();
        println!("| {name} | {checks} | {failed} | {most} |");
    }
    println!("\n| a wrong program | checks | failed | stated |\n|---|---|---|---|");
    let text = "trials = 1_000\nN = 100\nP = [0.5, 0.5]\nQ = [0.4, 0.6]";
    let right = plan(text);
    let prospect = &Prospect::of(&right)[0];
    let ratios = right.conditions[0].pair.log_ratios().to_vec();
    // A bias of the stated size: D + δ (x₁ − x₂).
    let shift = prospect.bias.unwrap().detectable * prospect.closed_form / (ratios[0] - ratios[1]);
    let checks = 2_000;
    let mut table = |name: &str, failed: u64, stated: Option<f64>| {
        let told = stated.map_or("none".to_owned(), |stated| format!("≥ {stated}"));
        println!("| {name} | {checks} | {failed} | {told} |");
        let missed = (checks - failed) as f64;
        is_kept &= stated.is_none_or(|stated| missed <= (1.0 - stated) * checks as f64 + 10.0);
    };
    for (name, part, stated) in [
        ("P off by the stated detectable bias", 1.0, Some(1.0 - MISS)),
        ("… by half of it", 0.5, None),
        ("… by a quarter of it", 0.25, None),
    ] {
        let wrong = coin(0.5 + part * shift);
        let sampling =
            |plan: &Plan, group: &kl_runner::plan::Group| each(SequenceBlocks::new(plan.seed.get(), &wrong, group.n));
        table(name, failures(&right, &sampling, checks), stated);
    }
    let swapped = coin(0.4);
    let sampling =
        |plan: &Plan, group: &kl_runner::plan::Group| each(SequenceBlocks::new(plan.seed.get(), &swapped, group.n));
    table("sequences from Q", failures(&right, &sampling, checks), Some(1.0 - MISS));
    let faulty = |fault: Fault| {
        move |plan: &Plan, group: &kl_runner::plan::Group| {
            each(Faulty { inner: SequenceBlocks::new(plan.seed.get(), &group.source, group.n), fault })
        }
    };
    table("one symbol too few", failures(&right, &faulty(Fault::ShortSequences), checks), None);
    let many = plan("trials = 40_000\nN = 10\nP = [0.5, 0.5]\nQ = [0.4, 0.6]");
    table("every block reads the same streams", failures(&many, &faulty(Fault::SameStreams), checks), None);
    assert!(is_kept, "a promise is broken");
}
