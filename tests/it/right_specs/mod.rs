//! Right experiments never end with `disagree`: inputs on which the program was wrong once, their neighbours, and random ones.
//! Right values are from enumeration and from 30-digit arithmetic.

mod random;

use crate::harness::Workspace;
use kl_math::divergence::FiniteCumulants;
use kl_math::law::{Atom, Law};
use kl_math::statistics::SquaredDeviation;
use kl_runner::experiment::{ResultRow, RunContext, carry_out, planned_sampling};
use kl_runner::experiment_file::{self, Diagnostics, Source};
use kl_runner::plan::Plan;
use kl_sim::comparison::{FALSE_ALARM, Verdict, judge};
use kl_sim::estimator::{ESTIMATORS, Settings};
use kl_sim::simulation::{Cancel, Engine};

fn plan(text: &str) -> Result<Plan, Diagnostics> {
    experiment_file::read(&Source { name: "right.toml".into(), text: text.into() }, "right", &[])
}

/// The rows of a spec and their verdicts.
fn run(text: &str) -> Vec<(ResultRow, Verdict)> {
    let plan = plan(text).unwrap_or_else(|mistakes| {
        panic!("{text}\n{}", mistakes.titles().collect::<Vec<_>>().join("\n"));
    });
    let engine = Engine::new(Some(2)).unwrap();
    let run = RunContext { engine: &engine, cancel: &Cancel::default(), meter: &() };
    let Ok(findings) = carry_out(&plan, &planned_sampling, run, &mut ());
    let comparisons: Vec<_> = findings.measured.iter().map(|measured| &measured.comparison).collect();
    let verdicts = judge(&comparisons, FALSE_ALARM);
    findings.measured.into_iter().zip(verdicts).collect()
}

/// All rows agree.
#[track_caller]
fn agrees(text: &str) -> Vec<ResultRow> {
    let rows = run(text);
    for (row, verdict) in &rows {
        assert_eq!(*verdict, Verdict::Agree, "{text}\n{row:?}");
        assert!(row.comparison.z.is_none_or(|z| z.abs() < 7.0), "{text}\n{row:?}");
    }
    rows.into_iter().map(|(row, _)| row).collect()
}

#[track_caller]
fn near(found: Option<f64>, expected: f64, room: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() <= room * expected.abs(), "{found:e} is not {expected:e}");
}

/// Estimates of more than 4,096 atoms were spread onto 256 values, whose variance is larger: p was 1e-38.
#[test]
fn the_variance_of_many_count_vectors_is_not_too_small() {
    let rows = agrees(
        "seed = 1\ntrials = 1e8\nN = 300\nsampler = \"tally\"\nP = [0.2, 0.3, 0.5]\nQ = [0.3, 0.3, 0.4]\nestimators = [\"plug_in\"]",
    );
    let found = &rows[0].comparison;
    near(found.closed_form_variance, 2.006_753_060_159_02e-4, 1e-13);
    // An excess kurtosis of 0.54886543 by enumeration.
    near(found.variance_mcse, 2.006_753_060_159_02e-4 * ((2.0 / (1e8 - 1.0)) + 0.548_865_43e-8f64).sqrt(), 1e-8);
    assert!(found.variance_p_value_bound.unwrap() >= 0.6, "{found:?}");
    for (estimator, n) in [("miller_madow", 250), ("grassberger_schurmann", 300), ("chao_shen", 200)] {
        agrees(&format!(
            "seed = 2\ntrials = 1e6\nN = {n}\nsampler = \"counts\"\nP = [0.2, 0.3, 0.5]\nQ = [0.3, 0.3, 0.4]\nestimators = [\"{estimator}\"]"
        ));
    }
}

/// The law of an estimate with more than 4,096 atoms, its mean and its variance.
fn many_atoms() -> (Vec<Atom>, f64, f64) {
    let plan =
        plan("trials = 2\nN = 300\nP = [0.3, 0.3, 0.4]\nQ = [0.05, 0.15, 0.8]\nestimators = [\"plug_in\"]").unwrap();
    let pair = plan.conditions[0].pair().unwrap();
    let plug_in = ESTIMATORS.iter().find(|kind| kind.name == "plug_in").unwrap();
    let theory = (plug_in.make)(&Settings::new()).theory(pair, 300);
    let Some(Law::Atoms(atoms)) = theory.law else { panic!("not listed") };
    (atoms, theory.mean.unwrap(), theory.variance.unwrap())
}

/// A small generator for draws in tests: SplitMix64.
struct Draws(u64);

impl Draws {
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn uniform(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, count: usize) -> usize {
        (self.uniform() * count as f64) as usize
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    /// Between low and high, evenly in the logarithm.
    fn scale(&mut self, low: f64, high: f64) -> f64 {
        low * libm::pow(high / low, self.uniform())
    }
}

/// How often p is at most each level, with the ratio above and below 1, of 4,000 studies of 50 trials. A right program fails here
/// with chance below 1e-5: 5 standard deviations of a binomial number at each of 8 levels.
#[track_caller]
fn is_super_uniform(values: &[(f64, f64)], variance: f64, law: &SquaredDeviation) {
    const STUDIES: usize = 4_000;
    const TRIALS: usize = 50;
    let mut draws = Draws(7);
    let mut cumulated: Vec<(f64, f64)> = Vec::new();
    let mut sum = 0.0;
    for &(mass, value) in values {
        sum += mass;
        cumulated.push((sum, value * value / variance));
    }
    let mut seen = [[0u32; 4]; 2];
    let levels = [0.3, 0.1, 0.03, 0.01];
    for _ in 0..STUDIES {
        let square = |draws: &mut Draws| {
            let place = draws.uniform() * sum;
            cumulated[cumulated.partition_point(|(upto, _)| *upto < place).min(cumulated.len() - 1)].1
        };
        let ratio = (0..TRIALS).map(|_| square(&mut draws)).sum::<f64>() / TRIALS as f64;
        let p = law.two_sided_p_value(ratio, TRIALS as u64);
        for (place, level) in levels.iter().enumerate() {
            seen[usize::from(ratio > 1.0)][place] += u32::from(p <= *level);
        }
    }
    for (side, counts) in seen.iter().enumerate() {
        for (count, level) in counts.iter().zip(levels) {
            let (mean, part) = (STUDIES as f64 * level / 2.0, level / 2.0);
            let most = mean + 5.0 * (mean * (1.0 - part)).sqrt();
            assert!(f64::from(*count) <= most, "side {side}, level {level}: {count} of {STUDIES}");
        }
    }
    // The test is not idle: the bound says something on either side.
    assert!(seen[0][0] > 0 && seen[1][0] > 0, "{seen:?}");
}

#[test]
fn p_values_of_the_variance_are_super_uniform_on_both_sides() {
    let (atoms, mean, variance) = many_atoms();
    assert!(atoms.len() > 4096, "{}", atoms.len());
    let values: Vec<(f64, f64)> = atoms.iter().map(|atom| (atom.mass, atom.value - mean)).collect();
    is_super_uniform(&values, variance, &SquaredDeviation::exact(&atoms, mean, variance));
    // A mean of two of 700 symbols: listed as they are for the lower tail, gathered for the upper.
    let symbol = |k: usize| libm::sin(k as f64 * 1.7) + if k.is_multiple_of(97) { 2.0 } else { 0.0 };
    let count = 700;
    let mean: f64 = (0..count).map(symbol).sum::<f64>() / count as f64;
    let terms: Vec<(f64, f64)> = (0..count).map(|k| (1.0 / count as f64, symbol(k) - mean)).collect();
    let variance: f64 = terms.iter().map(|(mass, value)| mass * value * value).sum();
    let fourth: f64 = terms.iter().map(|(mass, value)| mass * value * value * value * value).sum();
    let law = SquaredDeviation::of_mean(
        &FiniteCumulants::new(terms.clone()),
        variance,
        2,
        3.0 + (fourth / variance / variance - 3.0) / 2.0,
    );
    let pairs = terms.iter().flat_map(|&(p, x)| terms.iter().map(move |&(q, y)| (p * q, 0.5 * (x + y))));
    is_super_uniform(&pairs.collect::<Vec<_>>(), 0.5 * variance, &law);
}

#[test]
fn a_variance_a_tenth_off_is_seen_in_ten_thousand_trials() {
    let (atoms, mean, variance) = many_atoms();
    let law = SquaredDeviation::exact(&atoms, mean, variance);
    for ratio in [0.9, 1.1] {
        let p = law.two_sided_p_value(ratio, 10_000);
        assert!(p < 1e-9, "{ratio}: {p:e}");
    }
}

/// A variance of 1e-32 is one of 0: what varies is rounding.
#[test]
fn what_is_constant_in_mathematics_has_no_variance() {
    let half = "[[\"1/2\", \"1/2\"], [\"1/2\", \"1/2\"]]";
    let cycle = "[[0, 1, 0], [0, 0, 1], [1, 0, 0]]";
    let near_cycle = "[[0.1, 0.7, 0.2], [0.2, 0.2, 0.6], [0.5, 0.25, 0.25]]";
    for (p, q, n) in [
        // N = 1 leaves the start, whose mean is a constant.
        (
            format!("markov_chain = {{ initial = [\"5/100\", \"95/100\"], transition = {half} }}"),
            format!("markov_chain = {{ initial = [\"15/100\", \"85/100\"], transition = {half} }}"),
            1,
        ),
        // Circulant rows have one divergence.
        (
            "markov_chain = { initial = [0.2, 0.3, 0.5], transition = [[0.1, 0.2, 0.7], [0.7, 0.1, 0.2], [0.2, 0.7, 0.1]] }".into(),
            "markov_chain = { initial = [0.3, 0.3, 0.4], transition = [[0.3, 0.3, 0.4], [0.4, 0.3, 0.3], [0.3, 0.4, 0.3]] }".into(),
            50,
        ),
        // A fixed start.
        (
            "markov_chain = { initial = [1, 0], transition = [[0.3, 0.7], [0.7, 0.3]] }".into(),
            "markov_chain = { initial = [0.6, 0.4], transition = [[0.45, 0.55], [0.55, 0.45]] }".into(),
            7,
        ),
        // A cycle: every sequence of four symbols has the same steps, in another order.
        (
            format!("markov_chain = {{ initial = [\"1/3\", \"1/3\", \"1/3\"], transition = {cycle} }}"),
            format!("markov_chain = {{ initial = [\"1/3\", \"1/3\", \"1/3\"], transition = {near_cycle} }}"),
            4,
        ),
    ] {
        let rows = agrees(&format!(
            "trials = 1000\nN = {n}\nestimators = [\"log_ratio\", \"rao_blackwell\"]\nP.{p}\nQ.{q}"
        ));
        assert_eq!(rows[1].comparison.closed_form_variance, Some(0.0), "{p}");
    }
    for (p, q) in [
        ("binomial = { n = 1, p = 0.3 }", "binomial = { n = 1, p = 0.5 }"),
        ("binomial = { n = 1, p = 1e-4 }", "binomial = { n = 1, p = 0.7 }"),
        ("bernoulli.p = 0.3", "bernoulli.p = 0.5"),
    ] {
        let rows = agrees(&format!("trials = 1000\nN = 10\nestimators = [\"control_variate\"]\nP.{p}\nQ.{q}"));
        assert_eq!(rows[0].comparison.closed_form_variance, Some(0.0), "{p}");
    }
}

/// Rows of a chain whose divergences differ by 1e-10 of themselves keep the digits of the variance.
#[test]
fn nearly_equal_rows_keep_the_digits_of_their_variance() {
    let d = 1e-9;
    let text = format!(
        "trials = 10\nN = 2\nestimators = [\"rao_blackwell\"]\n\
         P.markov_chain = {{ initial = [0.5, 0.5], transition = [[0.5, 0.5], [0.5, 0.5]] }}\n\
         Q.markov_chain = {{ initial = [0.5, 0.5], transition = [[0.25, 0.75], [{}, {}]] }}",
        0.25 + d,
        0.75 - d
    );
    let rows = run(&text);
    // Half of the gap of the two rows, squared, over N²; the gap is d/2 (1/¼ − 1/¾) to first order.
    let q = 0.25 + d;
    let gap = 0.5 * (libm::log1p((q - 0.25) / 0.25) + libm::log1p((0.25 - q) / 0.75));
    near(rows[0].0.comparison.closed_form_variance, gap * gap / 16.0, 1e-7);
}

/// Sums of 100,000 values drifted past 1e-12 of themselves.
#[test]
fn long_sums_do_not_drift() {
    let rows = agrees(
        "trials = 1\nN = 100_000\nestimators = [\"k2\"]\nP.uniform = { low = 0, high = 1 }\nQ.uniform = { low = 0, high = 3 }",
    );
    let k2 = 0.5 * libm::log(3.0) * libm::log(3.0);
    near(rows[0].comparison.mean, k2, 1e-15);
    agrees(
        "trials = 100\nN = 100_000\nestimators = [\"k2\"]\nP.pareto = { scale = 1, shape = 2.5 }\nQ.pareto = { scale = 1, shape = 2.500000000025 }",
    );
    agrees(
        "trials = 3\nN = 1_000_000\nestimators = [\"k2\", \"k3\"]\nP.uniform = { low = 0, high = 0.1 }\nQ.uniform = { low = 0, high = 0.7 }",
    );
}

/// P is narrow and Q is far: the nodes of the quadrature missed it.
#[test]
fn a_narrow_source_is_found() {
    // ¼ (κ₄ + 4 κ₃ D + 2 V² + 4 D² V)/N by 30-digit arithmetic.
    for (mean, p, trials, n, variance) in [
        (0.0, "mean = 30, std_dev = 1", 300, 10, 12_164.114_9),
        (0.0, "mean = -30, std_dev = 1", 300, 10, 12_164.114_9),
    ] {
        let rows = run(&format!(
            "trials = {trials}\nN = {n}\nestimators = [\"k2\", \"control_variate\"]\nP.normal = {{ mean = {mean}, std_dev = 0.01 }}\nQ.normal = {{ {p} }}"
        ));
        assert!(rows.iter().all(|(_, verdict)| *verdict == Verdict::Agree), "{rows:?}");
        let (d, v) = (454.105_220_185_988_1, 0.589_900_005_000_000_1);
        let (x, b) = (1e-4 - 1.0, 0.09);
        let (third, fourth) = (x * (x * x + 3.0 * b), 3.0 * x * x * (x * x + 4.0 * b));
        let exact = 0.25 * (fourth + 4.0 * third * d + 2.0 * v * v + 4.0 * d * d * v) / f64::from(n);
        near(rows[0].0.comparison.closed_form_variance, exact, 1e-12);
        near(rows[0].0.comparison.closed_form_variance, variance, 0.01);
        near(rows[1].0.comparison.closed_form_variance, v / f64::from(n), 1e-12);
    }
    agrees(
        "trials = 300\nN = 10\nestimators = [\"k2\"]\nP.normal = { mean = 0, std_dev = 0.001 }\nQ.normal = { mean = 10, std_dev = 1 }",
    );
    agrees(
        "trials = 200\nN = 1\nestimators = [\"k2\", \"control_variate\"]\nP.gamma = { shape = 1e8, rate = 1 }\nQ.gamma = { shape = 1e8, rate = 3 }",
    );
    for mean in [1e4, 1e5, 1e6] {
        let rows = agrees(&format!(
            "trials = 20\nN = 1\nestimators = [\"k2\"]\nP.normal = {{ mean = 0, std_dev = 1 }}\nQ.normal = {{ mean = {mean}, std_dev = 1 }}"
        ));
        // D² δ² + ½ δ⁴ with D = ½ δ².
        let square: f64 = mean * mean;
        near(rows[0].comparison.closed_form_variance, square * square * (0.25 * square + 0.5), 1e-12);
    }
}

/// Where the standard error is below what rounding does, there is no z, and the row says why.
#[test]
fn a_standard_error_below_rounding_tests_nothing() {
    for text in [
        "trials = 1e4\nN = 1e12\nsampler = \"counts\"\nP.poisson.rate = 3\nQ.poisson.rate = 1e10",
        "trials = 1e4\nN = 1e12\nsampler = \"counts\"\nP.poisson.rate = 3\nQ.poisson.rate = 1e12",
        "trials = 1e4\nN = 100\nP.gamma = { shape = 1e12, rate = 1 }\nQ.gamma = { shape = 1, rate = 1e-12 }",
    ] {
        for (row, verdict) in run(text) {
            assert_eq!((verdict, row.comparison.z, row.comparison.p_value), (Verdict::Untested, None, None), "{text}");
            assert!(row.comparison.reason.is_some_and(|reason| reason.contains("rounding")), "{text}");
        }
    }
}

#[test]
fn values_that_doubles_do_not_resolve_are_refused_by_every_command() {
    for (p, q) in [
        ("poisson(rate=1e34)", "poisson(rate=2e34)"),
        ("normal(mean=1e300, std_dev=1)", "normal(mean=1e300, std_dev=2)"),
        ("uniform(low=1e20, high=1.0000000000000001e20)", "uniform(low=0, high=1e21)"),
        ("gamma(shape=1e300, rate=1)", "gamma(shape=1.0000001e300, rate=1)"),
    ] {
        let here = Workspace::new();
        here.run(["kl", "--p", p, "--q", q]).refuses();
        here.run(["score", "--p", p, "--q", q, "1"]).refuses();
        let written = |text: &str| {
            let (family, parameters) = text.split_once('(').unwrap();
            format!("{{ {family} = {{ {} }} }}", parameters.trim_end_matches(')'))
        };
        let here = here.file("far.toml", format!("trials = 10\nN = 1\nP = {}\nQ = {}\n", written(p), written(q)));
        for verb in ["run", "plan", "check"] {
            here.run([verb, "far.toml"]).refuses();
        }
    }
}

/// One condition that cannot be had is a row with its reason.
#[test]
fn one_condition_never_stops_the_others() {
    let here = Workspace::new().file(
        "grid.toml",
        "trials = 100\nN = [1, 4]\nestimators = [\"log_ratio\", \"knn\"]\nP.normal = { mean = 0, std_dev = 1 }\n\
         Q.normal = { mean = 0, std_dev = 1 }\n[grid]\n\"Q.normal.mean\" = [0.5, 1e200]\n",
    );
    here.run(["grid.toml"]).succeeds().shows("could be tested");
    let rows = here.rows("results/grid/summary.csv");
    let told: Vec<_> =
        rows.iter().map(|row| (&*row["n"], &*row["estimator"], &*row["verdict"], row["mean"].is_empty())).collect();
    assert_eq!(
        told,
        [
            ("1", "log_ratio", "agree", false),
            ("1", "knn", "untested", true),
            ("4", "log_ratio", "agree", false),
            ("4", "knn", "untested", false),
            ("1", "log_ratio", "untested", true),
            ("1", "knn", "untested", true),
            ("4", "log_ratio", "untested", true),
            ("4", "knn", "untested", true),
        ]
    );
    assert!(rows[1]["reason"].contains("N is 1") && rows[4]["reason"].contains("beyond"), "{rows:?}");
    assert!(rows[0]["reason"].is_empty());
    // Reports, checks and plans take such results as they are.
    here.run(["report", "results/grid"]).succeeds();
    here.run(["report", "results/grid", "--format", "html"]).succeeds();
    here.run(["report", "results/grid", "--format", "json"]).succeeds();
    here.run(["check", "grid.toml"]).succeeds();
    here.run(["plan", "grid.toml"]).succeeds().shows("condition 1, knn: not possible: the estimator needs k = 1");
    here.run(["replay", "grid.toml", "--condition", "3", "--trial", "1"]).refuses().says("condition 3 has no trials");
    // Where no condition can be had, it is a mistake of the file.
    let all = here.file(
        "none.toml",
        "trials = 100\nN = 1\nP.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 1e200, std_dev = 1 }\n",
    );
    all.run(["none.toml"]).refuses();
}

/// A rare symbol has a variance of 2.5e159, which was refused.
#[test]
fn a_variance_that_a_double_holds_is_had() {
    let rows = agrees(
        "seed = 1\ntrials = 2000\nN = 1\nestimators = [\"log_ratio\", \"k3\"]\nP.categorical = { a = 1e-160, b = 1 }\nQ.categorical = { a = 0.5, b = 0.5 }",
    );
    near(rows[1].comparison.closed_form_variance, 2.5e159, 1e-14);
}

/// The smallest double in a chain made NaN of the stationary distribution.
#[test]
fn the_smallest_double_makes_no_nan() {
    let here = Workspace::new().file(
        "chain.toml",
        "trials = 1000\nN = [1, 5, 50]\nestimators = [\"log_ratio\", \"rao_blackwell\"]\n\
         P.markov_chain = { initial = [0.5, 0.5], transition = [[0.5, 0.5], [5e-324, 1]] }\n\
         Q.markov_chain = { initial = [0.5, 0.5], transition = [[5e-324, 1], [0.5, 0.5]] }\n",
    );
    here.run(["chain.toml"]).succeeds();
    for file in ["summary.csv", "paths.csv", "law.csv", "measures.csv"] {
        assert!(!here.read(&format!("results/chain/{file}")).to_lowercase().contains("nan"), "{file}");
    }
    let chain = |rows: &str| format!("markov_chain(initial=[0.5, 0.5], transition={rows})");
    let (p, q) = (chain("[[0.5, 0.5], [5e-324, 1]]"), chain("[[5e-324, 1], [0.5, 0.5]]"));
    let ended = here.run(["kl", "--p", &p, "--q", &q]).succeeds();
    assert!(!ended.out.contains("NaN"), "{}", ended.out);
    let weibull = ["score", "--p", "weibull(shape=5, scale=1)", "--q", "weibull(shape=3, scale=2)", "1e-300"];
    // 5 ln x − 3 ln x + ln(5/3) + 3 ln 2 but for powers below 1e-800.
    here.run(weibull).succeeds().shows("-1378.96 nats");
}
