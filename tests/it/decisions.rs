//! Tests between P and Q, of fixed length and sequential ones.

use crate::harness::Workspace;
use serde_json::Value;
use std::collections::BTreeMap;

type Row = BTreeMap<String, String>;

const STOP: &str = r#"
seed = 11
trials = 4_000
P.bernoulli.p = 0.7
Q.bernoulli.p = 0.5
[stop]
alpha = 0.05
beta = 0.1
max = 60
[grid]
S = ["P", "Q", { bernoulli = { p = 0.6 } }]
"#;

const DECIDE: &str = r#"
seed = 11
trials = 4_000
N = [1, 7, 40]
P.categorical = { a = 0.5, b = 0.3, c = 0.2 }
Q.categorical = { a = 0.2, b = 0.3, c = 0.5 }
[decide]
alpha = 0.1
beta = 0.1
"#;

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

/// A brute-force law of a test of a coin with log ratios `steps` of 1 and 0: the chance of P, Q and no decision, and E τ.
fn brute_force(heads: f64, steps: [f64; 2], limits: (f64, f64), max: usize) -> ([f64; 3], f64) {
    let (mut alive, mut chances, mut length) = (BTreeMap::from([(0_usize, 1.0_f64)]), [0.0; 3], 0.0);
    for n in 1..=max {
        let mut next: BTreeMap<usize, f64> = BTreeMap::new();
        for (ones, mass) in alive {
            for (ones, mass) in [(ones + 1, mass * heads), (ones, mass * (1.0 - heads))] {
                let sum = ones as f64 * steps[0] + (n - ones) as f64 * steps[1];
                let end = if sum >= limits.1 {
                    0
                } else if sum <= limits.0 {
                    1
                } else if n == max {
                    2
                } else {
                    *next.entry(ones).or_default() += mass;
                    continue;
                };
                chances[end] += mass;
                length += n as f64 * mass;
            }
        }
        alive = next;
    }
    (chances, length)
}

/// Each truth has its three ends with exact chances, and the length; all of it agrees. A right program fails with chance 1e-6.
#[test]
fn sequential_tests_have_exact_chances_and_lengths() {
    let here = Workspace::new().file("stop.toml", STOP);
    here.run(["stop.toml", "--quiet"]).succeeds();
    let rows = here.rows("results/stop/decisions.csv");
    assert_eq!(rows.len(), 9);
    let ln = libm::log;
    let (steps, limits) = ([ln(0.7 / 0.5), ln(0.3 / 0.5)], (-ln(0.9 / 0.05), ln(0.95 / 0.1)));
    for (rows, (truth, heads)) in rows.chunks(3).zip([("P", 0.7), ("Q", 0.5), ("S", 0.6)]) {
        let (chances, length) = brute_force(heads, steps, limits, 60);
        for ((row, outcome), chance) in rows.iter().zip(["P", "Q", "undecided"]).zip(chances) {
            assert_eq!((&*row["truth"], &*row["outcome"], &*row["test"]), (truth, outcome, "wald"));
            assert!((number(row, "exact") - chance).abs() < 1e-12, "{row:?} {chance}");
            assert!((number(row, "expected_length") - length).abs() < 1e-10, "{row:?} {length}");
            assert_eq!(number(row, "observed") / 4_000.0, number(row, "rate"));
            assert!((number(row, "lower") - limits.0).abs() < 1e-14 && (number(row, "upper") - limits.1).abs() < 1e-14);
            if !row["error"].is_empty() {
                assert!(number(row, "exact") <= number(row, "bound"), "Wald's inequality: {row:?}");
            }
        }
        let errors: Vec<&str> = rows.iter().map(|row| &*row["error"]).collect();
        let expected = match truth {
            "P" => ["", "alpha", ""],
            "Q" => ["beta", "", ""],
            _ => ["", "", ""],
        };
        assert_eq!(errors, expected);
        let observed: f64 = rows.iter().map(|row| number(row, "observed")).sum();
        assert_eq!(observed, 4_000.0);
    }
    let summary = here.rows("results/stop/summary.csv");
    assert!(summary.iter().all(|row| row["verdict"] == "agree" && row["n"] == "60"), "{summary:?}");
    // The mean of Λ/τ is not D, and known.
    assert!(summary.iter().all(|row| row["expected"] != row["closed_form"] && !row["expected"].is_empty()));
    let lengths = here.rows("results/stop/lengths.csv");
    assert_eq!(lengths.len(), 21);
    for row in &lengths {
        let part = number(row, "at_most") / 4_000.0;
        assert!(part >= number(row, "level") - 0.05 && number(row, "exact") <= 60.0, "{row:?}");
    }
}

/// Whatever law a simulator draws from in place of P's, decisions tell: 4 in 5 draws of a 0.7 coin that is 0.66.
#[test]
fn a_wrong_sampler_disagrees_by_its_decisions() {
    use kl_runner::experiment::{RunContext, carry_out};
    use kl_runner::experiment_file::{Source, read};
    use kl_sim::comparison::{FALSE_ALARM, Verdict};
    use kl_sim::simulation::{Cancel, Engine, SamplerKind, Trials};
    let text =
        "trials = 20_000\nP.bernoulli.p = 0.7\nQ.bernoulli.p = 0.5\n[stop]\nalpha = 0.05\nbeta = 0.1\nmax = 60\n";
    let plan = read(&Source { name: "w.toml".into(), text: text.into() }, "w", &[]).unwrap();
    let engine = Engine::new(Some(2)).unwrap();
    let run = RunContext { engine: &engine, cancel: &Cancel::default(), meter: &() };
    let verdict = |heads: f64| {
        let source = kl_math::distribution::Bernoulli::new(heads).unwrap().into();
        let sampling = |_: &_, group: &kl_runner::plan::Group| Trials::new(0, &source, group.n, SamplerKind::Sequence);
        let Ok(found) = carry_out(&plan, &sampling, run, &mut ());
        let decisions = found.measured[0].comparison.decision_p_values.clone();
        (found.verdicts(FALSE_ALARM)[0], decisions.into_iter().fold(1.0, f64::min))
    };
    assert_eq!(verdict(0.7).0, Verdict::Agree);
    let (found, smallest) = verdict(0.66);
    assert!(found == Verdict::Disagree && smallest < 1e-9, "{found:?} {smallest}");
}

/// Of fixed length: what the law says, for P and, by theory alone, for Q; alpha is at most what is wanted.
#[test]
fn tests_of_fixed_length_have_exact_errors_under_both() {
    let here = Workspace::new().file("d.toml", DECIDE);
    here.run(["d.toml", "--quiet"]).succeeds();
    let rows = here.rows("results/d/decisions.csv");
    assert_eq!(rows.len(), 12);
    let ln = libm::log;
    let values = [ln(0.5 / 0.2), 0.0, ln(0.2 / 0.5)];
    for (rows, n) in rows.chunks(4).zip([1_usize, 7, 40]) {
        let threshold = number(&rows[0], "lower");
        let chance = |masses: [f64; 3]| {
            // Of counts: the chance that Λ reaches the threshold.
            let choose = |n: usize, k: usize| {
                libm::exp(
                    libm::lgamma(n as f64 + 1.0) - libm::lgamma(k as f64 + 1.0) - libm::lgamma((n - k) as f64 + 1.0),
                )
            };
            let mut sum = 0.0;
            for a in 0..=n {
                for b in 0..=n - a {
                    let c = n - a - b;
                    let value = a as f64 * values[0] + c as f64 * values[2];
                    if value >= threshold - 1e-9 {
                        let mass = choose(n, a) * choose(n - a, b);
                        let power = |p: f64, k: usize| libm::pow(p, k as f64);
                        sum += mass * power(masses[0], a) * power(masses[1], b) * power(masses[2], c);
                    }
                }
            }
            sum
        };
        let (under_p, under_q) = (chance([0.5, 0.3, 0.2]), chance([0.2, 0.3, 0.5]));
        assert!((number(&rows[0], "exact") - under_p).abs() < 1e-11, "{under_p} {rows:?}");
        assert!((number(&rows[2], "exact") - under_q).abs() < 1e-11, "{under_q} {rows:?}");
        assert_eq!((&*rows[1]["error"], &*rows[2]["error"], &*rows[2]["trials"]), ("alpha", "beta", "0"));
        assert!(number(&rows[1], "exact") <= 0.1 && (0.0..1.0).contains(&number(&rows[1], "randomisation")));
        assert!(rows.iter().all(|row| row["smallest_n"] == rows[0]["smallest_n"]));
        // The atom at the threshold, decided for Q with this chance, makes alpha 0.1.
        assert_eq!(rows[0]["observed"].parse::<u64>().unwrap() + rows[1]["observed"].parse::<u64>().unwrap(), 4_000);
    }
    let summary = here.rows("results/d/summary.csv");
    assert!(summary.iter().all(|row| row["verdict"] == "agree"));
    let near = here.rows("results/d/approximations.csv");
    for row in near.iter().filter(|row| row["bound"] == "1") {
        assert!(number(row, "value") >= number(row, "exact") * (1.0 - 1e-9), "{row:?}");
    }
    assert!(near.iter().any(|row| row["approximation"] == "strassen" && row["quantity"] == "beta"));
}

/// The three samplers decide by the same rule, and both truths can be drawn.
#[test]
fn every_sampler_decides() {
    for sampler in ["sequence", "counts", "tally"] {
        let spec = format!(
            "trials = 3_000\nN = 30\nsampler = {sampler:?}\nP = [0.5, 0.5]\nQ = [0.35, 0.65]\n[decide]\nthreshold = 0\n[grid]\nS = [\"P\", \"Q\"]\n"
        );
        let here = Workspace::new().file("d.toml", &spec);
        here.run(["d.toml", "--quiet"]).succeeds();
        let rows = here.rows("results/d/decisions.csv");
        let told: Vec<(&str, &str)> = rows.iter().map(|row| (&*row["truth"], &*row["error"])).collect();
        assert_eq!(told, [("P", ""), ("P", "alpha"), ("Q", "beta"), ("Q", "")]);
        assert!(rows.iter().all(|row| number(row, "p_value") > 1e-6 && row["trials"] == "3000"), "{sampler}: {rows:?}");
    }
}

/// A test of one trial is the start of the sequence that an experiment of fixed length draws.
#[test]
fn a_stopped_sequence_is_the_start_of_the_fixed_one() {
    let fixed = "seed = 11\ntrials = 4_000\nN = 60\nP.bernoulli.p = 0.7\nQ.bernoulli.p = 0.5\n";
    let here = Workspace::new().file("stop.toml", STOP).file("fixed.toml", fixed);
    here.run(["stop.toml", "--quiet", "--record"]).succeeds();
    let trials = here.rows("results/stop/trials.csv");
    for trial in ["1", "2", "17", "3999"] {
        let json = |spec: &str| -> Value {
            serde_json::from_str(&here.run(["replay", spec, "--trial", trial, "--json"]).succeeds().out).unwrap()
        };
        let (stopped, whole) = (json("stop.toml"), json("fixed.toml"));
        let items = |document: &Value| -> Vec<String> {
            document["sequence"].as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
        };
        let (start, all) = (items(&stopped), items(&whole));
        let length = stopped["decision"]["length"].as_u64().unwrap();
        assert_eq!(start.len() as u64, length);
        assert_eq!(start, all[..start.len()]);
        let row = trials.iter().find(|row| row["condition"] == "1" && row["trial"] == trial).unwrap();
        assert_eq!(row["n"], length.to_string());
        let sum = number(row, "estimate") * length as f64;
        let decision = stopped["decision"]["decision"].as_str().unwrap();
        let expected = if sum > 0.0 { "P" } else { "Q" };
        assert!(decision == expected || decision == "undecided", "{decision} {sum}");
    }
    let text = here.run(["replay", "stop.toml", "--trial", "2"]).succeeds().out;
    assert!(text.contains("the test decides ") && text.contains(" nats after "), "{text}");
}

/// Parts put together are the bytes of one run, with any number of threads; a run with more trials keeps the first ones.
#[test]
fn parts_of_tests_are_one_run() {
    let spec = STOP.replace("trials = 4_000", "trials = 30_000");
    let here = Workspace::new().file("stop.toml", &spec);
    here.run(["stop.toml", "--quiet", "--record", "--threads", "1"]).succeeds();
    for part in 1..=3 {
        let part = format!("{part}/3");
        here.run(["shard", "stop.toml", "--part", &part, "--out", "parts", "--record", "--quiet"]).succeeds();
    }
    here.run(["merge", "stop.toml", "--parts", "parts", "--out", "merged", "--record", "--quiet"]).succeeds();
    let files = ["summary", "law", "paths", "decisions", "lengths", "approximations", "trials"];
    for file in files.map(|name| format!("{name}.csv")).into_iter().chain(["manifest.json".to_owned()]) {
        let read = |folder: &str| std::fs::read(here.path(&format!("{folder}/stop/{file}"))).unwrap();
        assert!(read("results") == read("merged"), "{file}");
    }
}

/// Reports and checks know the rows, and what a check finds is named.
#[test]
fn reports_and_checks_know_decisions() {
    let here = Workspace::new().file("stop.toml", STOP);
    here.run(["stop.toml", "--quiet"]).succeeds();
    let run = here.run(["stop.toml", "--replace"]).succeeds().out;
    let report = here.run(["report", "results/stop"]).succeeds().out;
    assert_eq!(run.trim_end(), report.trim_end());
    assert!(run.contains("decides P") && run.contains("symbols"), "{run}");
    here.run(["report", "results/stop", "--format", "html"]).succeeds();
    let checked = here.run(["check", "stop.toml"]).succeeds().out;
    assert!(checked.contains("the same as results/stop: 6 files"), "{checked}");
    here.run(["check", "stop.toml", "--anytime"]).succeeds();
    let json = here.run(["check", "stop.toml", "--json"]).succeeds().out;
    assert!(json.contains("\"decisions\"") && json.contains("\"lengths of tests\""), "{json}");
    let file = here.path("results/stop/decisions.csv");
    let edited = std::fs::read_to_string(&file).unwrap().replacen(",P,undecided", ",P,never", 1);
    std::fs::write(&file, edited).unwrap();
    here.run(["report", "results/stop"]).exits_with(2);
}

/// What a plan says beforehand.
#[test]
fn a_plan_tells_chances_lengths_and_trials() {
    let here = Workspace::new().file("stop.toml", STOP);
    let json = here.run(["plan", "stop.toml", "--json", "--rate-error", "0.002"]).succeeds().out;
    let plan: Value = serde_json::from_str(&json).unwrap();
    let first = &plan["decisions"][0];
    let alpha = first["decides_q"].as_f64().unwrap();
    assert!(first["truth"] == "P" && alpha > 0.0 && alpha < 0.06, "{first}");
    let widest = ["decides_p", "decides_q", "undecided"].map(|key| first[key].as_f64().unwrap());
    let wanted = widest.map(|chance| chance * (1.0 - chance)).into_iter().fold(0.0, f64::max) / 4e-6;
    assert_eq!(first["trials"].as_f64().unwrap(), wanted.ceil());
    assert!(first["expected_length"].as_f64().unwrap() < first["smallest_n"].as_f64().unwrap());
    let text = here.run(["plan", "stop.toml"]).succeeds().out;
    assert!(text.contains("expected length") && text.contains("trials for rates ± 0.001"), "{text}");
    here.run(["plan", "stop.toml", "--rate-error", "2"]).exits_with(2);
}

/// In bits the limits are in bits, and chances stay.
#[test]
fn limits_are_in_the_unit_of_the_experiment() {
    let here = Workspace::new().file("nats.toml", STOP).file("bits.toml", format!("unit = \"bits\"\n{STOP}"));
    here.run(["nats.toml", "bits.toml", "--quiet"]).succeeds();
    let (nats, bits) = (here.rows("results/nats/decisions.csv"), here.rows("results/bits/decisions.csv"));
    for (nats, bits) in nats.iter().zip(&bits) {
        assert!((number(nats, "upper") / std::f64::consts::LN_2 - number(bits, "upper")).abs() < 1e-12);
        for column in ["exact", "observed", "p_value", "expected_length", "bound"] {
            assert_eq!(nats[column], bits[column], "{column}");
        }
    }
}

/// A look after every toss rejects a fair coin far too often, and the mixture test does not.
#[test]
fn peeking_rejects_too_often_and_the_mixture_does_not() {
    let peek = "trials = 20_000\nP = [0.5, 0.5]\nQ = [0.6, 0.4]\n[stop]\nz = 1.96\nfirst = 10\nmax = 100\n";
    let mixture = "trials = 5_000\nP.normal = { mean = 1, std_dev = 2 }\nQ.normal = { mean = 2, std_dev = 2 }\n[stop]\nalpha = 0.05\ntau = 0.5\nmax = 200\n[grid]\nS = [\"P\", \"Q\"]\n";
    let here = Workspace::new().file("peek.toml", peek).file("mixture.toml", mixture);
    here.run(["peek.toml", "mixture.toml", "--quiet"]).succeeds();
    let rejected = |name: &str| -> Vec<Row> {
        let rows = here.rows(&format!("results/{name}/decisions.csv"));
        rows.into_iter().filter(|row| row["outcome"] == "Q").collect()
    };
    let peek = &rejected("peek")[0];
    // 28.54 %: FORMULAS of the exact recursion.
    assert!((number(peek, "exact") - 0.2854).abs() < 5e-5 && peek["lower"].is_empty(), "{peek:?}");
    let mixture = rejected("mixture");
    assert!(number(&mixture[0], "rate") < 0.05 && number(&mixture[1], "rate") > 0.5, "{mixture:?}");
    assert_eq!((&*mixture[0]["test"], &*mixture[0]["bound"]), ("mixture_sprt", "0.05"));
}

/// Mistakes in the tables of tests: each is told, at its place, with what to write instead, and nothing is written.
#[test]
fn mistakes_in_tests_are_told_all_at_once() {
    let coins = "trials = 10\nP = [0.5, 0.5]\nQ = [0.6, 0.4]\n";
    let told = |rest: &str| -> String {
        let here = Workspace::new().file("w.toml", format!("{coins}{rest}"));
        let said = here.run(["w.toml"]).exits_with(2).err;
        assert!(!here.path("results").exists(), "{rest}");
        said
    };
    for (rest, words) in [
        ("[stop]\nalpha = 0.05\nbeta = 0.05\n", "`stop` needs `max`"),
        ("[stop]\nalpha = 0.05\nmax = 10\n", "`beta` is missing"),
        ("[stop]\nalpha = 0\nbeta = 2\nmax = 1.5\n", "`stop.max` is 1.5"),
        ("[stop]\nalpha = 0\nbeta = 2\nmax = 1.5\n", "`stop.beta` is 2"),
        ("[stop]\nalpha = 0.6\nbeta = 0.6\nmax = 10\n", "together must be below 1"),
        ("[stop]\nupper = 1\nmax = 10\n", "`lower` is missing"),
        ("[stop]\nupper = -1\nlower = 1\nmax = 10\n", "`stop.upper` is -1"),
        ("[stop]\nz = 1.96\nfirst = 20\nmax = 10\n", "there is no look"),
        ("[stop]\nz = 1.96\nalpha = 0.05\nmax = 10\n", "`stop.alpha` has no effect beside `z`"),
        ("[stop]\ntau = 1\nalpha = 0.05\nmax = 10\n", "normals of one width"),
        ("[stop]\nalhpa = 0.05\nbeta = 0.05\nmax = 10\n", "did you mean `alpha`?"),
        ("N = 5\n[stop]\nalpha = 0.05\nbeta = 0.05\nmax = 10\n", "`N` has no place beside `stop`"),
        ("[decide]\nalpha = 0.05\n", "the key `N` is missing"),
        ("N = 5\n[decide]\nbeta = 0.05\n", "`decide` needs `alpha`, `threshold` or `prior`"),
        ("N = 5\ndecide = [0.05]\n", "`decide` is a list, but must be a table"),
        ("N = 5\n[decide]\nalpha = 0.05\n[stop]\nmax = \"x\"\n", "`stop.max` is the string"),
        ("N = 5\n[decide]\nalpha = 0.05\n[stop]\nmax = \"x\"\n", "exclude each other"),
        ("N = 5\nS = \"R\"\n[decide]\nalpha = 0.05\n", "but must be \"P\", \"Q\" or a distribution"),
        ("N = 5\nestimators = [\"k3\"]\n[decide]\nalpha = 0.05\n", "which is not listed"),
        (
            "estimators = [\"log_ratio\", \"k3\"]\n[stop]\nalpha = 0.05\nbeta = 0.05\nmax = 10\n",
            "needs whole sequences",
        ),
        ("sampler = \"counts\"\n[stop]\nalpha = 0.05\nbeta = 0.05\nmax = 10\n", "looks after every symbol"),
        ("N = 5\n[decide]\nalpha = 0.05\n[grid]\n\"decide.alhpa\" = [0.1, 0.2]\n", "did you mean `decide.alpha`?"),
        ("[stop]\nalpha = 0.05\nbeta = 0.05\nmax = 10\n[grid]\n\"stop.max\" = [1, 0]\n", "`stop.max` is 0"),
    ] {
        let said = told(rest);
        assert!(said.contains(words), "{rest}\n{said}");
        assert!(said.contains("help: ") && said.contains("--> w.toml:") || words.contains("missing"), "{said}");
    }
    let impossible = "trials = 10\nP = [0.5, 0.5, 0]\nQ = [0.6, 0, 0.4]\n[stop]\nalpha = 0.05\nbeta = 0.05\nmax = 10\n";
    let said = Workspace::new().file("w.toml", impossible).run(["w.toml"]).exits_with(2).err;
    assert!(said.contains("--> w.toml:4") && said.contains("[decide] in place of [stop]"), "{said}");
}

/// Values of any family are drawn from P, Q or a third law, and decided.
#[test]
fn values_that_are_not_normal_decide_under_every_truth() {
    let spec = "trials = 4_000\nN = 12\nP.exponential.rate = 1\nQ.exponential.rate = 2\n[decide]\nthreshold = 0\n[grid]\nS = [\"P\", \"Q\", { exponential = { rate = 1.4 } }]\n";
    let here = Workspace::new().file("e.toml", spec);
    here.run(["e.toml", "--quiet"]).succeeds();
    let rows = here.rows("results/e/decisions.csv");
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|row| number(row, "p_value") > 1e-6 && row["trials"] == "4000"), "{rows:?}");
    // Under Q the mean of ln(p/q) is −KL(Q‖P) = −(ln 2 − 1 + 1/2).
    let summary = here.rows("results/e/summary.csv");
    assert!((number(&summary[1], "expected") + libm::log(2.0) - 0.5).abs() < 1e-12, "{summary:?}");
}

/// The published simulation of chess tests (BayesElo −1 … 5, draw Elo 250, 20,000 runs each; github.com/lucasart/sprt): the chance to pass
/// within 0.01, the mean length within 1 %, and the quantiles of 25, 50, 75 and 90 % within 2 %.
#[test]
fn chess_tests_are_those_of_a_published_simulation() {
    const PUBLISHED: [(f64, f64, [f64; 4]); 7] = [
        (0.0128, 28_982.0, [15_842.0, 24_199.0, 36_892.0, 53_050.0]),
        (0.0515, 40_145.0, [19_796.0, 31_951.0, 51_911.0, 77_467.0]),
        (0.1888, 55_858.0, [24_872.0, 43_094.0, 73_794.0, 113_389.0]),
        (0.5031, 65_163.0, [27_763.0, 48_987.0, 85_860.0, 134_934.0]),
        (0.8149, 55_612.0, [24_676.0, 42_561.0, 73_334.0, 112_514.0]),
        (0.9506, 39_821.0, [19_647.0, 31_877.0, 51_575.0, 76_254.0]),
        (0.9875, 28_835.0, [15_796.0, 24_049.0, 36_825.0, 52_675.0]),
    ];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("results/chess");
    let decisions = crate::harness::rows(&folder.join("decisions.csv"));
    let lengths = crate::harness::rows(&folder.join("lengths.csv"));
    for (place, (passes, mean, quantiles)) in PUBLISHED.into_iter().enumerate() {
        let condition = (place + 1).to_string();
        let row = decisions.iter().find(|row| row["condition"] == condition && row["outcome"] == "P").unwrap();
        assert!((number(row, "exact") - passes).abs() < 0.01, "{row:?} {passes}");
        assert!((number(row, "expected_length") / mean - 1.0).abs() < 0.01, "{row:?} {mean}");
        for (level, published) in ["0.25", "0.5", "0.75", "0.9"].into_iter().zip(quantiles) {
            let row = lengths.iter().find(|row| row["condition"] == condition && row["level"] == level).unwrap();
            assert!((number(row, "exact") / published - 1.0).abs() < 0.02, "{row:?} {published}");
        }
    }
}
