//! What trials cost by the tables, beside what they take: `cargo bench --bench cost`. A ratio of 1 is perfect, from ½ to 2 is right.

#![allow(missing_docs, clippy::unwrap_used)]

mod cases;

use cases::whole_job;
use kl_runner::experiment::planned_sampling;
use kl_runner::experiment_file::{self, Override, Source};
use kl_runner::plan::{Plan, trial_cost};
use kl_sim::simulation::Engine;
use std::time::{Duration, Instant};

fn main() {
    let engine = Engine::new(Some(1)).unwrap();
    println!("{:>14} {:>14} {:>7}  case", "measured, ns", "table, ns", "ratio");
    for (name, text) in all_cases() {
        let cost = |plan: &Plan| {
            plan.groups().iter().map(|group| trial_cost(plan, group, &planned_sampling(plan, group))).sum::<u64>()
        };
        let table = cost(&plan(&name, &text, 64));
        let measured = measured(&engine, &name, &text);
        println!("{measured:>14.1} {table:>14} {:>7.2}  {name}", table as f64 / measured);
    }
}

fn plan(name: &str, text: &str, trials: u64) -> Plan {
    let trials = Override::flag("--trials", "trials", &trials.to_string());
    experiment_file::read(&Source { name: name.into(), text: text.into() }, "cost", &[trials]).unwrap()
}

/// Nanoseconds a trial: by how much a run of more trials takes longer, so that theory does not count.
fn measured(engine: &Engine, name: &str, text: &str) -> f64 {
    /// The longer run takes so much longer than one of few trials.
    const ENOUGH: Duration = Duration::from_millis(120);
    /// More trials than the ones whose path is kept, and a block of them.
    const FEW: u64 = 256;
    let time = |trials| {
        let plan = plan(name, text, trials);
        let once = || {
            let start = Instant::now();
            whole_job(&plan, engine);
            start.elapsed()
        };
        once().min(once())
    };
    let few = time(FEW);
    let mut trials = 4 * FEW;
    loop {
        let all = time(trials);
        if all > few + ENOUGH.max(2 * few) || trials > 1 << 32 {
            let less = time(trials / 4);
            return all.saturating_sub(less).as_nanos() as f64 / (trials - trials / 4) as f64;
        }
        trials *= if all < few + ENOUGH / 16 { 8 } else { 2 };
    }
}

/// Experiments by what they are about.
fn all_cases() -> Vec<(String, String)> {
    let mut cases = Vec::new();
    let mut add = |name: String, head: &str, p: &str, q: &[String]| {
        let models = if let [one] = q { format!("Q = {one}") } else { format!("[grid]\nQ = [{}]", q.join(", ")) };
        cases.push((name, format!("seed = 1\ntrials = 2\n{head}\nP = {p}\n{models}\n")));
    };
    for size in [2, 6, 16, 256, 5_000] {
        for n in [1, 100, 1_000, 100_000] {
            for sampler in ["sequence", "counts"] {
                let head = format!("N = {n}\nsampler = \"{sampler}\"");
                add(format!("{size} symbols, {sampler}, N = {n}"), &head, &weights(size, 0), &[weights(size, 1)]);
            }
        }
    }
    for (family, p, q, samplers) in FAMILIES {
        for sampler in *samplers {
            for n in [1, 1_000] {
                let head = format!("N = {n}\nsampler = \"{sampler}\"");
                add(format!("{family}, {sampler}, N = {n}"), &head, p, &[(*q).to_owned()]);
            }
        }
    }
    for (size, n) in [(2, 100), (6, 100), (6, 100_000), (256, 1_000)] {
        for estimator in ESTIMATORS {
            for others in ["", "\"log_ratio\", "] {
                let head = format!("N = {n}\nsampler = \"counts\"\nestimators = [{others}{estimator}]");
                let name = format!("{size} symbols, N = {n}, {others}{estimator}");
                add(name, &head, &weights(size, 0), &[weights(size, 1)]);
            }
        }
    }
    let means = "estimators = [\"log_ratio\", \"k2\", \"k3\", \"control_variate\"]";
    for (family, p, q, _) in FAMILIES.iter().filter(|(family, ..)| !family.contains("chain")) {
        let head = format!("N = 100\n{means}");
        add(format!("{family}, N = 100, four means"), &head, p, &[(*q).to_owned()]);
    }
    for level in ["", "level = 0.95\n"] {
        let head = format!("{level}N = 100\nsampler = \"counts\"\n{means}");
        add(format!("6 symbols, four means, {level:?}"), &head, &weights(6, 0), &[weights(6, 1)]);
    }
    for count in [20, 100, 1_000] {
        let coins: Vec<String> = (0..count)
            .map(|place| format!("{{ bernoulli = {{ p = {} }} }}", 0.3 + 0.3 * f64::from(place) / f64::from(count)))
            .collect();
        let normals: Vec<String> = (0..count)
            .map(|place| {
                format!("{{ normal = {{ mean = {}, std_dev = 1 }} }}", 0.3 + f64::from(place) / f64::from(count))
            })
            .collect();
        for (n, sampler) in [(1_000, "counts"), (300_000, "sequence")] {
            let head = format!("N = {n}\nsampler = \"{sampler}\"");
            add(format!("coin, {count} models, {sampler}, N = {n}"), &head, "{ bernoulli = { p = 0.4 } }", &coins);
        }
        add(format!("normal, {count} models, N = 10"), "N = 10", FAMILIES[0].1, &normals);
    }
    for (family, p, q, k, n) in [
        (0, "normal", "", 1, 10),
        (0, "normal", "", 5, 100),
        (0, "normal", ", M = 10_000", 1, 100),
        (5, "two normals", "", 1, 100),
        (6, "ten normals", "", 1, 100),
        (6, "ten normals", "", 1, 1_000),
    ] {
        let head = format!("N = {n}\nestimators = [{{ name = \"knn\", k = {k}{q} }}]");
        add(format!("knn of {p}, k = {k}{q}, N = {n}"), &head, FAMILIES[family].1, &[FAMILIES[family].2.to_owned()]);
    }
    for (family, p, q, _) in FAMILIES.iter().filter(|(family, ..)| family.contains("chain")) {
        let head = "N = 1000\nestimators = [\"log_ratio\", \"rao_blackwell\"]";
        add(format!("{family}, N = 1000, with rao_blackwell"), head, p, &[(*q).to_owned()]);
    }
    cases
}

/// As many symbols, the k-th of which has a weight that grows with k, moved on by `shift`.
fn weights(size: u32, shift: u32) -> String {
    let sum = size * (size + 1) / 2;
    let weights: Vec<String> = (0..size).map(|place| format!("\"{}/{sum}\"", (place + shift) % size + 1)).collect();
    format!("[{}]", weights.join(", "))
}

const ESTIMATORS: &[&str] = &[
    "\"k2\"",
    "\"control_variate\"",
    "\"plug_in\"",
    "\"zhang\"",
    "\"chao_shen\"",
    "{ name = \"dirichlet\", a = 1 }",
    "\"zhang_grabchak\"",
    "{ name = \"jeffreys\", M = 10_000 }",
];

/// A family, P, Q, and its samplers.
type Family = (&'static str, &'static str, &'static str, &'static [&'static str]);

const BOTH: &[&str] = &["sequence", "counts"];
const SEQUENCE: &[&str] = &["sequence"];

const FAMILIES: &[Family] = &[
    ("normal", "{ normal = { mean = 0, std_dev = 1 } }", "{ normal = { mean = 0.5, std_dev = 1 } }", BOTH),
    ("exponential", "{ exponential = { rate = 1 } }", "{ exponential = { rate = 2 } }", BOTH),
    ("gamma", "{ gamma = { shape = 2, rate = 1 } }", "{ gamma = { shape = 3, rate = 1 } }", SEQUENCE),
    ("beta", "{ beta = { alpha = 2, beta = 3 } }", "{ beta = { alpha = 3, beta = 3 } }", SEQUENCE),
    ("dirichlet", "{ dirichlet = { alpha = [1, 2, 3] } }", "{ dirichlet = { alpha = [2, 2, 2] } }", SEQUENCE),
    (
        "two normals",
        "{ multivariate_normal = { mean = [0, 0], covariance = [[1, 0.5], [0.5, 2]] } }",
        "{ multivariate_normal = { mean = [0.5, 0], covariance = [[1, 0], [0, 2]] } }",
        BOTH,
    ),
    (
        "ten normals",
        "{ multivariate_normal = { mean = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], covariance = [[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], \
         [0, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0], \
         [0, 0, 0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0], \
         [0, 0, 0, 0, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]] } }",
        "{ multivariate_normal = { mean = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0], covariance = [[2, 0, 0, 0, 0, 0, 0, 0, 0, 0], \
         [0, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0], \
         [0, 0, 0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0], \
         [0, 0, 0, 0, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]] } }",
        BOTH,
    ),
    ("laplace", "{ laplace = { location = 0, scale = 1 } }", "{ laplace = { location = 0.5, scale = 1 } }", SEQUENCE),
    ("cauchy", "{ cauchy = { location = 0, scale = 1 } }", "{ cauchy = { location = 0.5, scale = 1 } }", SEQUENCE),
    ("uniform", "{ uniform = { low = 0, high = 1 } }", "{ uniform = { low = 0, high = 2 } }", SEQUENCE),
    ("poisson", "{ poisson = { rate = 3 } }", "{ poisson = { rate = 4 } }", BOTH),
    (
        "negative_binomial",
        "{ negative_binomial = { r = 3, p = 0.2 } }",
        "{ negative_binomial = { r = 3, p = 0.3 } }",
        BOTH,
    ),
    ("binomial", "{ binomial = { n = 10, p = 0.3 } }", "{ binomial = { n = 10, p = 0.4 } }", BOTH),
    ("weibull", "{ weibull = { shape = 1.5, scale = 1 } }", "{ weibull = { shape = 1.5, scale = 2 } }", SEQUENCE),
    (
        "chain of two",
        "{ markov_chain = { initial = \"stationary\", transition = [[\"9/10\", \"1/10\"], [\"3/10\", \"7/10\"]] } }",
        "{ markov_chain = { initial = \"stationary\", transition = [[\"4/5\", \"1/5\"], [\"3/5\", \"2/5\"]] } }",
        SEQUENCE,
    ),
    (
        "chain of five",
        "{ markov_chain = { initial = \"stationary\", transition = [[0.5, 0.2, 0.1, 0.1, 0.1], [0.1, 0.5, 0.2, 0.1, 0.1], \
         [0.1, 0.1, 0.5, 0.2, 0.1], [0.1, 0.1, 0.1, 0.5, 0.2], [0.2, 0.1, 0.1, 0.1, 0.5]] } }",
        "{ markov_chain = { initial = \"stationary\", transition = [[0.6, 0.1, 0.1, 0.1, 0.1], [0.1, 0.6, 0.1, 0.1, 0.1], \
         [0.1, 0.1, 0.6, 0.1, 0.1], [0.1, 0.1, 0.1, 0.6, 0.1], [0.1, 0.1, 0.1, 0.1, 0.6]] } }",
        SEQUENCE,
    ),
];
