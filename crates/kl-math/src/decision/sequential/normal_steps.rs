//! Normal steps: the density of Λₙ between the limits at Gauss–Legendre nodes, from n to n + 1 by the normal kernel.

use super::duration;
use super::errors::{Approximation, Errors};
use super::legendre::gauss_legendre;
use super::tally::{NO_DIGIT, Part, Tally};
use crate::decision::{Decision, StoppingRule};
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Further away, in standard deviations, a normal density is below 1e-37 of its peak.
const REACH: f64 = 13.0;
/// More nodes than this take too long.
const MOST_NODES: f64 = 3_000.0;
/// An exponential function takes as long as so many products.
const EXPONENTIAL: u64 = 25;
/// How many products are made in a second of one core, about.
const SPEED: u64 = 1_000_000_000;

/// The test to its end by two rules of quadrature; what the finer one finds, which is off by less than both are apart. None where
/// that takes too long.
pub(super) fn followed(mean: f64, std_dev: f64, rule: &StoppingRule) -> Option<Approximation> {
    let run = |scale, budget| Followed { mean, std_dev, rule, scale, budget }.to_the_end();
    let coarse = run(1.0, SPEED / 2)?;
    let tally = run(1.3, SPEED)?;
    Some(Approximation { errors: Errors::between(&coarse, &tally), tally })
}

struct Followed<'a> {
    mean: f64,
    std_dev: f64,
    rule: &'a StoppingRule,
    /// How many times the usual number of nodes.
    scale: f64,
    budget: u64,
}

/// The nodes between the limits, and the density of Λₙ times their weights.
#[derive(Clone, Debug, Default)]
struct Density {
    nodes: Vec<(f64, f64)>,
    masses: Vec<f64>,
}

/// One step from some nodes to others, and beyond the limits.
struct Step {
    limits: (f64, f64),
    nodes: Vec<(f64, f64)>,
    /// For each new node the first old one that counts, and the factors from there on.
    rows: Vec<(usize, Vec<f64>)>,
    /// For each old node, what ends below and above.
    ends: Vec<[Part; 2]>,
}

impl Followed<'_> {
    fn to_the_end(&self) -> Option<Tally> {
        if self.work() > 2.0 * self.budget as f64 {
            return None;
        }
        let max = self.rule.max();
        let mut tally = Tally::start();
        let mut work = 0_u64;
        let mut first = 1;
        while first < max && is_open(self.rule.limits(first)) {
            tally.survive(1.0);
            first += 1;
            work += 64;
            if work > self.budget {
                return None;
            }
        }
        if is_open(self.rule.limits(first)) {
            let symbols = max as f64;
            let (mean, variance) = (symbols * self.mean, symbols * self.std_dev * self.std_dev);
            tally.stop(max, Decision::Undecided, Part { mass: 1.0, first: mean, second: variance + mean * mean });
            tally.survive(0.0);
            return Some(tally);
        }
        // All of it starts at 0 and makes `first` steps at once.
        let mut density = Density { nodes: vec![(0.0, 1.0)], masses: vec![1.0] };
        let (mut step, mut rule): (Option<Step>, _) = (None, Vec::new());
        let above = if self.rule.is_two_sided() { Decision::Q } else { Decision::P };
        for n in first..=max {
            let limits = self.rule.limits(n);
            // Twice from the same nodes to the same nodes.
            let is_same = n > first + 1 && step.as_ref().is_some_and(|step| step.limits == limits);
            if !is_same {
                let steps = if n == first { first as f64 } else { 1.0 };
                let next = self.step(&density, limits, steps, &mut rule)?;
                work += EXPONENTIAL * next.size();
                step = Some(next);
            }
            let step = step.as_ref()?;
            work += step.size() + 64;
            if work > self.budget || n >> 22 > 0 {
                return None;
            }
            for (side, decision) in [Decision::Q, above].into_iter().enumerate() {
                let mut part = Part::default();
                for (ends, &mass) in step.ends.iter().zip(&density.masses) {
                    part.mass += mass * ends[side].mass;
                    part.first += mass * ends[side].first;
                    part.second += mass * ends[side].second;
                }
                tally.stop(n, decision, part);
            }
            density = step.taken(&density);
            let alive: f64 = density.masses.iter().sum();
            if n == max {
                let values = density.nodes.iter().zip(&density.masses);
                values.for_each(|(node, &mass)| tally.stop(n, Decision::Undecided, Part::at(node.0, mass)));
                tally.survive(0.0);
                break;
            }
            tally.survive(alive);
            if tally.is_over(NO_DIGIT) {
                break;
            }
        }
        tally.lost = tally.alive();
        tally.rounding = 4e-16 * tally.survival().len() as f64 + 1e-14;
        Some(tally)
    }

    /// How many products it takes, about.
    fn work(&self) -> f64 {
        let (variance, max) = (self.std_dev * self.std_dev, self.rule.max());
        let steps = duration::about(self.mean, variance, self.rule, 30.0);
        let (lower, upper) = self.rule.limits(max);
        if is_open((lower, upper)) {
            return 0.0;
        }
        let nodes = self.nodes((lower, upper));
        let row = (2.0 * REACH * self.std_dev / (upper - lower) * nodes).min(nodes);
        // Limits that move apart as √n are two thirds of the last ones apart on average.
        let each = if self.rule.constant_limits().is_some() { 1.0 } else { EXPONENTIAL as f64 * 2.0 / 3.0 };
        steps * nodes * row * each
    }

    /// How many nodes are needed between some limits.
    fn nodes(&self, (lower, upper): (f64, f64)) -> f64 {
        self.scale * (2.6 * (upper - lower) / self.std_dev + 24.0)
    }

    /// From a density to the nodes between some limits, by a rule that is renewed where it is too short; `steps` of them at once.
    fn step(&self, from: &Density, limits: (f64, f64), steps: f64, rule: &mut Vec<(f64, f64)>) -> Option<Step> {
        let (lower, upper) = limits;
        let (mean, std_dev) = (steps * self.mean, steps.sqrt() * self.std_dev);
        let order = self.nodes(limits);
        if order > MOST_NODES {
            return None;
        }
        let (half, middle) = (0.5 * (upper - lower), 0.5 * (upper + lower));
        // A rule serves until limits that move apart need an eighth more.
        if (rule.len() as f64) < order {
            *rule = gauss_legendre((1.125 * order) as u32);
        }
        let nodes: Vec<(f64, f64)> = rule.iter().map(|&(x, weight)| (middle + half * x, half * weight)).collect();
        let rows = nodes.iter().map(|&(y, weight)| {
            let start = from.nodes.partition_point(|node| y - node.0 - mean > REACH * std_dev);
            let end = from.nodes.partition_point(|node| y - node.0 - mean >= -REACH * std_dev);
            let factors = from.nodes.get(start..end).unwrap_or_default().iter();
            let factors = factors.map(|node| weight * normal_density((y - node.0 - mean) / std_dev) / std_dev);
            (start, factors.collect())
        });
        let ends = from.nodes.iter().map(|node| {
            let mean = node.0 + mean;
            // Below is above of what is mirrored.
            let below = beyond(-mean, std_dev, -lower);
            [Part { first: -below.first, ..below }, beyond(mean, std_dev, upper)]
        });
        Some(Step { limits, rows: rows.collect(), ends: ends.collect(), nodes })
    }
}

impl Step {
    fn size(&self) -> u64 {
        self.rows.iter().map(|(_, factors)| factors.len() as u64).sum::<u64>() + 4 * self.ends.len() as u64
    }

    fn taken(&self, from: &Density) -> Density {
        let masses = self
            .rows
            .iter()
            .map(|(start, factors)| from.masses.get(*start..).map_or(0.0, |masses| product(factors, masses)));
        Density { masses: masses.collect(), nodes: self.nodes.clone() }
    }
}

/// Whether neither limit can be reached.
fn is_open((lower, upper): (f64, f64)) -> bool {
    lower == f64::NEG_INFINITY && upper == f64::INFINITY
}

/// The part of a normal law above a limit: mass E[1; X > u], E[X; X > u] and E[X²; X > u].
fn beyond(mean: f64, std_dev: f64, limit: f64) -> Part {
    let z = (limit - mean) / std_dev;
    let mass = 0.5 * libm::erfc(z * FRAC_1_SQRT_2);
    let edge = std_dev * normal_density(z);
    Part { mass, first: mean * mass + edge, second: (mean * mean + std_dev * std_dev) * mass + edge * (limit + mean) }
}

fn normal_density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / (2.0 * PI).sqrt()
}

/// Σ ab in eight sums side by side.
fn product(a: &[f64], b: &[f64]) -> f64 {
    let (a_chunks, a_rest) = a.as_chunks::<8>();
    let (b_chunks, _) = b.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    let rest = a_rest.iter().zip(b.get(8 * a_chunks.len()..).unwrap_or_default());
    sums.iter().sum::<f64>() + rest.map(|(a, b)| a * b).sum::<f64>()
}
