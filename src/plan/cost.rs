//! What trials cost, from the plan alone.

use super::{Condition, DETAILED_CONDITIONS, Group, Plan, PlannedEstimator, Record};
use kl_math::distribution::Pair;
use kl_math::statistics::{CountTally, MAX_PAIRED_SYMBOLS};
use kl_sim::estimator::Cost;
use kl_sim::simulation::{ModelSamples, Trials, most_tally_places};
use std::collections::HashMap;

/// About how many nanoseconds one thread takes for a trial of a group, drawn as `trials` does: 1 to [`Cost::MOST`].
///
/// It is read from tables of whole numbers, never measured, so it is the same on every machine: a run is cut into parts by it. It is
/// within a factor of about two of what common experiments take on a present machine. Not in it are the theory of a group, which does
/// not grow with its trials, the running estimates of its first trials, and what a user's program really takes.
pub fn trial_cost(plan: &Plan, group: &Group, trials: &Trials) -> u64 {
    match trials {
        Trials::Each(blocks) => {
            let work = Work::of(plan, group);
            let block = blocks.sizes().block;
            (work.cost(plan, group, block) + blocks.cost()).nanoseconds(block)
        }
        Trials::Tallied(_) => {
            let share = group_cost(plan, group, trials).div_ceil(u128::from(group.trials.max(1)));
            u64::try_from(share).unwrap_or(Cost::MOST).clamp(1, Cost::MOST)
        }
    }
}

/// About how many nanoseconds one thread takes for all trials of a group, drawn as `trials` does.
///
/// Those of a tally are drawn at once: what they take does not grow with their number once every vector of counts occurs.
pub fn group_cost(plan: &Plan, group: &Group, trials: &Trials) -> u128 {
    match trials {
        Trials::Each(_) => u128::from(trial_cost(plan, group, trials)) * u128::from(group.trials),
        Trials::Tallied(tally) => {
            let vectors = tally.vectors(group.trials);
            let drawn = Cost::of_trial(tally.cost_of_a_vector());
            let each = Work::of(plan, group).counted(plan, group) + drawn;
            u128::from(each.nanoseconds(vectors)) * u128::from(vectors)
        }
    }
}

/// Whether of the trials of a group, which come in blocks of `block`, only the counts of two symbols are kept until all are done.
pub fn keeps_counts_alone(plan: &Plan, group: &Group, block: u64) -> bool {
    Work::of(plan, group).is_tallied(group, block)
}

/// What is done with each trial of a group, beside drawing it.
#[derive(Default)]
struct Work {
    /// To make the estimates that are needed, with what is kept of each.
    estimates: Cost,
    /// How many of them there are.
    estimations: u128,
    /// How many are recorded.
    recorded: u128,
    /// How many are asked of users' programs.
    asked: u128,
    /// The samples from Q.
    models: Cost,
    /// Whether all estimates are means of one number for each symbol, and none is asked for by itself.
    follows_from_counts: bool,
}

/// To keep an estimate: its moments, and its place in a histogram.
const KEPT: u128 = 12_000;

/// To compare it with the reference's, and to keep it for its quantiles.
const COMPARED: u128 = 45_000;

/// To hold its intervals against the truth.
const INTERVALS: u128 = 45_000;

/// To write it to `trials.csv`.
const RECORDED: u128 = 100_000;

/// To have it from a user's program, of which nothing is known.
const ASKED: u128 = 50_000_000;

/// To merge what is kept of an estimation, once a block.
const MERGED: u128 = 250_000;

/// To merge it, where so many are kept that they do not lie in the nearest memory.
const MERGED_OF_MANY: u128 = 500_000;

/// So many are too many.
const MANY: u128 = 256;

impl Work {
    fn of(plan: &Plan, group: &Group) -> Self {
        let conditions = || group.conditions.iter().filter_map(|&index| Some((index, plan.conditions.get(index)?)));
        let mut work = Self { follows_from_counts: true, ..Self::default() };
        for (index, condition) in conditions() {
            let Some(pair) = condition.sampled_pair() else { continue };
            let is_detailed = index < DETAILED_CONDITIONS;
            for (_, estimator) in plan.estimators_of(condition) {
                work.recorded += u128::from(plan.record == Record::Csv);
                let is_mean = estimator.estimator().is_some_and(|estimator| estimator.is_symbol_mean(pair));
                work.follows_from_counts &= is_mean;
                if !is_needed(plan, pair, is_mean && !is_detailed) {
                    continue;
                }
                work.estimations += 1;
                match estimator {
                    PlannedEstimator::Estimator(estimator) => {
                        work.estimates = work.estimates + estimator.cost(pair, group.n);
                    }
                    PlannedEstimator::Program(_) => work.asked += 1,
                }
            }
        }
        work.models = models(plan, group, conditions().map(|(_, condition)| condition));
        work
    }

    /// What it costs with trials that come in blocks of `block`.
    fn cost(&self, plan: &Plan, group: &Group, block: u64) -> Cost {
        let rest = self.models + Cost::of_trial(RECORDED * self.recorded);
        if self.recorded == 0 && self.is_tallied(group, block) {
            rest + tallied()
        } else {
            self.counted(plan, group) + rest
        }
    }

    /// What it costs to make the estimates of each trial.
    fn counted(&self, plan: &Plan, group: &Group) -> Cost {
        let kept =
            KEPT + if plan.has_measures() { COMPARED } else { 0 } + if plan.level.is_some() { INTERVALS } else { 0 };
        let merged = if self.estimations > MANY { MERGED_OF_MANY } else { MERGED };
        let kept = Cost { trial: kept, block: merged } * self.estimations;
        self.estimates + kept + Cost::of_trial(ASKED * self.asked) + counts(group)
    }

    /// Whether only the counts of two symbols are kept, in a table, as the engine does where all estimates follow from them.
    fn is_tallied(&self, group: &Group, block: u64) -> bool {
        let probabilities = group.source.mass_function().probabilities();
        self.follows_from_counts && CountTally::new(probabilities, group.n, most_tally_places(block)).is_some()
    }
}

/// To put down a count in a table.
fn tallied() -> Cost {
    Cost::of_trial(1_200)
}

/// To sum up the counts of the symbols and their products.
fn counts(group: &Group) -> Cost {
    const COUNT: u128 = 2_000;
    /// Of a larger alphabet there are no products.
    const LONE_COUNT: u128 = 500;
    const PRODUCT: u128 = 250;
    let symbols = group.source.mass_function().probabilities().len() as u128;
    if symbols > MAX_PAIRED_SYMBOLS as u128 {
        return Cost::of_trial(LONE_COUNT * symbols);
    }
    Cost::of_trial(COUNT * symbols + PRODUCT * (symbols * symbols.saturating_sub(1) / 2))
}

/// Whether each trial's estimate is needed; of a plain mean the sums of the counts of a small alphabet say all.
fn is_needed(plan: &Plan, pair: &Pair, is_plain_mean: bool) -> bool {
    let follows = pair
        .symbols()
        .is_some_and(|symbols| symbols.symbols().len() <= MAX_PAIRED_SYMBOLS && symbols.uncovered().next().is_none());
    plan.has_measures() || plan.record == Record::Csv || !is_plain_mean || !follows
}

/// The samples from Q: each Q's of each length once.
fn models<'a>(plan: &Plan, group: &Group, conditions: impl Iterator<Item = &'a Condition>) -> Cost {
    /// At most this many are looked at; the others are taken to cost the same on average.
    const SEEN: usize = 32;
    let seed = plan.seed.get();
    let mut samples = HashMap::new();
    let mut all = Vec::new();
    for condition in conditions {
        let Some(pair) = condition.sampled_pair() else { continue };
        for m in plan.estimators_of(condition).filter_map(|(_, estimator)| estimator.model_draws(group.n)) {
            samples.entry(ModelSamples::key(seed, pair, m)).or_insert_with(|| all.push((pair, m)));
        }
    }
    let step = all.len().div_ceil(SEEN).max(1);
    let seen: Vec<Cost> = all.iter().step_by(step).map(|(pair, m)| ModelSamples::new(seed, pair, *m).cost()).collect();
    let sum: Cost = seen.iter().copied().sum();
    let (of, all) = (seen.len().max(1) as u128, all.len() as u128);
    Cost { trial: (sum.trial * all).div_ceil(of), block: (sum.block * all).div_ceil(of) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment_file::{self, Source};

    fn plan(text: &str) -> Plan {
        let text = format!("trials = 1000\n{text}");
        experiment_file::read(&Source { name: "cost.toml".into(), text }, "cost", &[]).unwrap()
    }

    fn trials(plan: &Plan, group: &Group) -> Trials {
        Trials::new(plan.seed.get(), &group.source, group.n, plan.sampler)
    }

    /// The cost of a trial of each group.
    fn costs(text: &str) -> Vec<u64> {
        let plan = plan(text);
        plan.groups().iter().map(|group| trial_cost(&plan, group, &trials(&plan, group))).collect()
    }

    const LENGTHS: &str =
        "N = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 1_000_000_000, 1_000_000_000_000]";

    const PAIRS: &[&str] = &[
        "P = [0.5, 0.5]\nQ = [0.4, 0.6]",
        "P = [0.1, 0.2, 0.3, 0.2, 0.1, 0.1]\nQ = [0.2, 0.1, 0.3, 0.2, 0.1, 0.1]",
        "P.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 1, std_dev = 1 }",
        "P.gamma = { shape = 2, rate = 1 }\nQ.gamma = { shape = 3, rate = 1 }",
        "P.dirichlet = { alpha = [1, 2, 3] }\nQ.dirichlet = { alpha = [2, 2, 2] }",
        "P.poisson = { rate = 3 }\nQ.poisson = { rate = 4 }",
        "P.cauchy = { location = 0, scale = 1 }\nQ.laplace = { location = 0, scale = 1 }",
        "P.markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.3, 0.7]] }\nQ = [0.5, 0.5]",
    ];

    #[test]
    fn longer_sequences_cost_more() {
        for pair in PAIRS {
            let costs = costs(&format!("{LENGTHS}\n{pair}"));
            assert!(costs.len() == 10 && costs.is_sorted(), "{pair}: {costs:?}");
            // However short it is, a trial takes some time, and a long one is all symbols.
            assert!(costs[0] >= 1 && (500..=2_000).contains(&(costs[9] / costs[8])), "{pair}: {costs:?}");
        }
    }

    #[test]
    fn more_work_costs_more() {
        let base = "N = 100\nP = [0.5, 0.25, 0.25]\n";
        let of = |rest: &str| costs(&format!("{base}{rest}"))[0];
        let one = of("Q = [0.25, 0.5, 0.25]");
        let chain = [
            one,
            of("Q = [0.25, 0.5, 0.25]\nlevel = 0.95"),
            of("Q = [0.25, 0.5, 0.25]\nlevel = 0.95\nestimators = [\"log_ratio\", \"k2\"]"),
            of("Q = [0.25, 0.5, 0.25]\nlevel = 0.95\nestimators = [\"log_ratio\", \"k2\", \"jeffreys\"]"),
            of(
                "Q = [0.25, 0.5, 0.25]\nlevel = 0.95\nestimators = [\"log_ratio\", \"k2\", { name = \"jeffreys\", M = 1e6 }]",
            ),
            of(
                "Q = [0.25, 0.5, 0.25]\nlevel = 0.95\nestimators = [\"log_ratio\", \"k2\", { name = \"jeffreys\", M = 1e6 }]\nrecord = \"csv\"",
            ),
        ];
        assert!(chain.is_sorted_by(|less, more| less < more), "{chain:?}");
        let many: Vec<String> =
            (1..=100).map(|q| format!("[0.25, {}, {}]", 0.005 * f64::from(q), 0.75 - 0.005 * f64::from(q))).collect();
        let many = of(&format!("[grid]\nQ = [{}]", many.join(", ")));
        assert!(many > 10 * one, "{many} {one}");
    }

    /// The engine keeps only the counts: another model costs nothing a trial.
    #[test]
    fn models_of_a_tallied_coin_cost_nothing() {
        let of =
            |models: &str| costs(&format!("N = 100\nsampler = \"counts\"\nP = [0.5, 0.5]\n[grid]\nQ = [{models}]"))[0];
        assert_eq!(of("[0.4, 0.6]"), of("[0.4, 0.6], [0.3, 0.7], [0.2, 0.8]"));
        let recorded = costs("record = \"csv\"\nN = 100\nsampler = \"counts\"\nP = [0.5, 0.5]\nQ = [0.4, 0.6]")[0];
        assert!(recorded > 10 * of("[0.4, 0.6]"));
    }

    #[test]
    fn a_program_is_what_a_trial_costs() {
        let program = "N = 10\nestimators = [\"log_ratio\", { name = \"mine\", command = [\"true\"] }]\n";
        let cost = costs(&format!("{program}P = [0.5, 0.5]\nQ = [0.4, 0.6]"))[0];
        assert!((50_000..60_000).contains(&cost), "{cost}");
    }

    #[test]
    fn costs_end_at_two_to_the_56() {
        let most = 1_000_000_000_000u64;
        let text = format!(
            "N = {most}\nestimators = [{{ name = \"control_variate\", c = 1 }}, \"k3\"]\n\
             P.dirichlet = {{ alpha = [{0}] }}\nQ.dirichlet = {{ alpha = [{0}] }}",
            vec!["1"; 3_000].join(", ")
        );
        assert_eq!(costs(&text), [Cost::MOST]);
        let plan = plan(&text);
        let group = &plan.groups()[0];
        assert_eq!(group_cost(&plan, group, &trials(&plan, group)), u128::from(Cost::MOST) * 1000);
    }

    /// The whole of a tally does not grow with its trials once every vector of counts occurs, and each has its share.
    #[test]
    fn a_tally_costs_what_its_vectors_do() {
        let of = |trials: u64| {
            let text = "sampler = \"tally\"\nN = 10\nP = [0.5, 0.25, 0.25]\nQ = [0.25, 0.5, 0.25]";
            let plan = Plan { trials, ..plan(text) };
            let group = Group { trials, ..plan.groups()[0].clone() };
            let trials = &super::tests::trials(&plan, &group);
            (group_cost(&plan, &group, trials), trial_cost(&plan, &group, trials))
        };
        // 66 vectors.
        assert_eq!((of(66).0, of(1 << 40)), (of(1 << 40).0, (of(66).0, 1)));
        assert!(10 * of(1).0 < of(66).0 && of(66).1 <= of(1).1, "{:?} {:?}", of(1), of(66));
    }

    /// Frozen: another cost is another cut, and parts of two cuts do not fit together.
    #[test]
    fn costs_are_frozen() {
        let found: Vec<String> =
            PAIRS.iter().map(|pair| format!("{:?}", costs(&format!("{LENGTHS}\n{pair}")))).collect();
        insta::assert_snapshot!(found.join("\n"), @"
        [6, 7, 18, 52, 405, 4005, 36780, 360780, 36000780, 36000000780]
        [44, 49, 76, 143, 835, 7643, 72818, 720818, 72000818, 72000000818]
        [27, 42, 195, 1729, 17103, 170649, 1701274, 17001274, 1700001274, 1700000001274]
        [30, 81, 585, 5629, 56103, 560649, 5601274, 56001274, 5600001274, 5600000001274]
        [127, 1018, 9928, 99032, 990106, 9900652, 99001277, 990001277, 99000001277, 99000000001277]
        [24, 42, 222, 2026, 20100, 200646, 2001271, 20001271, 2000001271, 2000000001271]
        [128, 1109, 10919, 109023, 1090097, 10900643, 109001268, 1090001268, 109000001268, 109000000001268]
        [20, 21, 40, 224, 2097, 20644, 201269, 2001269, 200001269, 200000001269]
        ");
    }
}
