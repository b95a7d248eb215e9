//! Gradients of KL(P‖Q) as estimands, and sequences from another distribution than P.

use crate::harness::Workspace;
use serde_json::Value;
use std::collections::BTreeMap;

const SPEC: &str = r#"
seed = 3
trials = 4_000
N = [4, 16]
P.categorical = { a = 0.5, b = 0.3, c = 0.15, d = 0.04, e = 0.01 }
Q.categorical = { a = 0.2, b = 0.3, c = 0.2, d = 0.2, e = 0.1 }
gradient = "P"
estimators = ["k1_as_reward", "k1_as_loss", "k2_as_loss", "k3_as_loss", "k3_as_reward", { name = "k1_as_reward", baseline = 0.1 }]
"#;

const P: [f64; 5] = [0.5, 0.3, 0.15, 0.04, 0.01];
const Q: [f64; 5] = [0.2, 0.3, 0.2, 0.2, 0.1];

/// The true gradient: p (l − D).
fn truth() -> Vec<f64> {
    let log_ratio = |place: usize| libm::log(P[place] / Q[place]);
    let divergence: f64 = (0..5).map(|place| P[place] * log_ratio(place)).sum();
    (0..5).map(|place| P[place] * (log_ratio(place) - divergence)).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap()
}

/// A row for each estimator and component, each with the mean that is known.
#[test]
fn each_component_is_a_row_with_its_exact_mean() {
    let here = Workspace::new().file("g.toml", SPEC);
    here.run(["g.toml", "--quiet"]).succeeds();
    let rows = here.rows("results/g/summary.csv");
    assert_eq!(rows.len(), 2 * 6 * 5);
    let truth = truth();
    for (place, row) in rows.iter().enumerate() {
        let component = place % 5;
        assert_eq!(row["component"], ["a", "b", "c", "d", "e"][component]);
        assert_eq!(row["verdict"], "agree");
        assert!((number(row, "closed_form") - truth[component]).abs() < 1e-15, "{row:?}");
        let expected = match row["estimator"].as_str() {
            "k1_as_reward" | "k1_as_reward(baseline=0.1)" | "k2_as_loss" => truth[component],
            "k1_as_loss" => 0.0,
            "k3_as_loss" => P[component] - Q[component],
            "k3_as_reward" => truth[component] + Q[component] - P[component],
            other => panic!("{other}"),
        };
        assert!((number(row, "expected") - expected).abs() < 1e-15, "{row:?}");
    }
}

/// All files name the estimator and the component in columns of their own, and every verb finds its way.
#[test]
fn every_verb_knows_components() {
    let here = Workspace::new().file("g.toml", SPEC);
    here.run(["g.toml", "--quiet", "--record"]).succeeds();
    for file in ["summary", "law", "paths", "measures", "trials"] {
        let row = &here.rows(&format!("results/g/{file}.csv"))[0];
        assert_eq!((row["estimator"].as_str(), row["component"].as_str()), ("k1_as_reward", "a"), "{file}");
    }
    here.run(["check", "g.toml"]).succeeds();
    let shown = here.run(["report", "results/g", "--columns", "n,estimator,mean"]).succeeds().out;
    assert!(shown.contains("k3_as_loss[e]"), "{shown}");
    here.run(["report", "results/g", "--format", "html"]).succeeds();
    let trials = here.rows("results/g/trials.csv");
    let replayed = here.run(["replay", "g.toml", "--condition", "1", "--trial", "3"]).succeeds().out;
    let third =
        trials.iter().find(|row| row["trial"] == "3" && row["estimator"] == "k3_as_loss" && row["component"] == "b");
    assert!(replayed.contains(&format!("1,3,4,k3_as_loss,b,{}", third.unwrap()["estimate"])), "{replayed}");
    assert!(replayed.contains("condition,trial,n,estimator,component,estimate"));
}

/// Parts put together are the bytes of one run.
#[test]
fn parts_of_a_gradient_are_one_run() {
    let here = Workspace::new().file("g.toml", SPEC);
    here.run(["g.toml", "--quiet", "--record"]).succeeds();
    for part in 1..=3 {
        here.run(["shard", "g.toml", "--part", &format!("{part}/3"), "--out", "parts", "--record", "--quiet"])
            .succeeds();
    }
    here.run(["merge", "g.toml", "--parts", "parts", "--out", "merged", "--record", "--quiet"]).succeeds();
    for file in ["summary.csv", "law.csv", "paths.csv", "measures.csv", "trials.csv", "manifest.json"] {
        let read = |folder: &str| std::fs::read(here.path(&format!("{folder}/g/{file}"))).unwrap();
        assert!(read("results") == read("merged"), "{file}");
    }
}

/// Norm of the bias, trace of the covariance, cosine and noise, from the rows.
#[test]
fn measures_of_all_components_follow_from_the_rows() {
    let here = Workspace::new().file("g.toml", SPEC);
    here.run(["g.toml", "--quiet"]).succeeds();
    let (rows, measures) = (here.rows("results/g/summary.csv"), here.rows("results/g/measures.csv"));
    let mut examined = 0;
    for chunk in rows.chunks(5) {
        let of = |column: &str| chunk.iter().map(|row| number(row, column)).collect::<Vec<f64>>();
        let (truth, mean, expected) = (of("closed_form"), of("mean"), of("expected"));
        let norm = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>().sqrt();
        let off =
            |values: &[f64]| norm(&values.iter().zip(&truth).map(|(value, truth)| value - truth).collect::<Vec<_>>());
        let cosine = |values: &[f64]| {
            values.iter().zip(&truth).map(|(value, truth)| value * truth).sum::<f64>() / norm(values) / norm(&truth)
        };
        let (trace, exact) = (of("variance").iter().sum::<f64>(), of("closed_form_variance").iter().sum::<f64>());
        let signal = norm(&truth);
        let whole = measures.iter().filter(|row| {
            row["component"].is_empty() && ["condition", "estimator"].iter().all(|key| row[*key] == chunk[0][*key])
        });
        for row in whole {
            let (found, theory) = match row["measure"].as_str() {
                "bias_norm" => (off(&mean), Some(off(&expected))),
                "covariance_trace" => (trace, Some(exact)),
                "cosine" => (cosine(&mean), (norm(&expected) > 0.0).then(|| cosine(&expected))),
                "noise_to_signal" => (trace.sqrt() / signal, Some(exact.sqrt() / signal)),
                other => panic!("{other}"),
            };
            assert!((number(row, "estimate") - found).abs() < 1e-12 * found.abs().max(1e-3), "{row:?} {found}");
            match theory {
                Some(theory) => {
                    assert!((number(row, "expected") - theory).abs() < 1e-12 * theory.abs().max(1e-3), "{row:?}")
                }
                None => assert_eq!(row["expected"], ""),
            }
            assert!(number(row, "mcse") > 0.0);
            examined += 1;
        }
    }
    assert_eq!(examined, 12 * 4);
}

/// One component alone, of Q's logits; a bernoulli has two.
#[test]
fn a_component_can_be_named() {
    let spec = "trials = 100\nN = 3\nP.bernoulli.p = 0.5\nQ.bernoulli.p = 0.25\ngradient = \"Q.bernoulli.1\"\n";
    let here = Workspace::new().file("q.toml", spec);
    here.run(["q.toml", "--quiet"]).succeeds();
    let rows = here.rows("results/q/summary.csv");
    let [row] = rows.as_slice() else { panic!("one row") };
    assert_eq!((row["estimator"].as_str(), row["component"].as_str()), ("k1_as_loss", "1"));
    assert_eq!((row["closed_form"].as_str(), row["expected"].as_str()), ("-0.25", "-0.25"));
}

/// `plan` says how many sequences a step needs; the mean of so many has about the wanted cosine.
#[test]
fn a_plan_says_how_many_sequences_a_step_needs() {
    let here = Workspace::new().file("g.toml", SPEC);
    let plan = here.run(["plan", "g.toml", "--json", "--cosine", "0.8"]).succeeds().out;
    let plan: Value = serde_json::from_str(&plan).unwrap();
    let steps = plan["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 12);
    assert_eq!(steps[1]["estimator"], "k1_as_loss");
    assert!(steps[1]["sequences"].is_null(), "its mean is 0");
    let (noise, needed) =
        (steps[0]["noise_to_signal"].as_f64().unwrap(), steps[0]["sequences"].as_u64().unwrap() as f64);
    // Unbiased: cos = 1/√(1 + noise²/n).
    let cosine = |n: f64| 1.0 / (1.0 + noise * noise / n).sqrt();
    assert!(cosine(needed) >= 0.8 && cosine(needed - 1.0) < 0.8, "{noise} {needed}");
    here.run(["plan", "g.toml", "--cosine", "1"]).exits_with(2).says("above 0 and below 1");
}

const DRAWN: &str = r#"
seed = 3
trials = 4_000
N = 10
P.categorical = { a = 0.5, b = 0.3, c = 0.2 }
Q.categorical = { a = 0.4, b = 0.4, c = 0.2 }
estimators = ["log_ratio", "k2", "k3", { name = "k3", importance = "ratio" }, { name = "k2", importance = "clipped", clip = 1.2 }]
"#;

/// S = P leaves the numbers as they are, in whatever way it is written.
#[test]
fn sequences_from_p_itself_are_the_same_sequences() {
    let here = Workspace::new()
        .file("plain.toml", DRAWN)
        .file("same.toml", format!("{DRAWN}S.categorical = {{ a = 0.5, b = 0.3, c = 0.2 }}\n"));
    here.run(["plain.toml", "same.toml", "--quiet"]).succeeds();
    let (plain, same) = (here.rows("results/plain/summary.csv"), here.rows("results/same/summary.csv"));
    assert_eq!(plain.len(), same.len());
    for (plain, same) in plain.iter().zip(&same) {
        assert_eq!(same["s"], "categorical(a=0.5, b=0.3, c=0.2)");
        for (column, value) in plain.iter().filter(|(column, _)| *column != "experiment") {
            assert_eq!(value, &same[column], "{column}");
        }
    }
}

/// Exact means under S, whose symbols stand in another order and one of which is missing; and the effective sample size.
#[test]
fn means_of_weighed_sequences_are_exact() {
    let grid = "[grid]\n\"S.categorical\" = [{ c = 0.4, b = 0.2, a = 0.4 }, { a = 0.6, b = 0.4, c = 0 }]\n";
    let here = Workspace::new().file("s.toml", format!("{DRAWN}{grid}"));
    here.run(["s.toml", "--quiet"]).succeeds();
    let (p, q) = ([0.5f64, 0.3, 0.2], [0.4f64, 0.4, 0.2]);
    let divergence: f64 = p.iter().zip(q).map(|(p, q)| p * libm::log(p / q)).sum();
    let rows = here.rows("results/s/summary.csv");
    assert_eq!(rows.len(), 10);
    for (place, row) in rows.iter().enumerate() {
        let s = [[0.4, 0.2, 0.4], [0.6, 0.4, 0.0]][place / 5];
        let weight = |x: usize| match row["estimator"].as_str() {
            "k3(importance=ratio)" => p[x] / s[x],
            "k2(clip=1.2; importance=clipped)" => (p[x] / s[x]).min(1.2),
            _ => 1.0,
        };
        let value = |x: usize| {
            let l = libm::log(p[x] / q[x]);
            let term = match &row["estimator"][..2] {
                "lo" => l,
                "k2" => l * l / 2.0,
                _ => q[x] / p[x] - 1.0 + l,
            };
            weight(x) * term
        };
        let symbols = || (0..3).filter(|&x| s[x] > 0.0);
        let mean: f64 = symbols().map(|x| s[x] * value(x)).sum();
        let variance: f64 = symbols().map(|x| s[x] * (value(x) - mean) * (value(x) - mean)).sum::<f64>() / 10.0;
        assert!((number(row, "expected") - mean).abs() < 1e-15, "{row:?} {mean}");
        assert!((number(row, "closed_form_variance") - variance).abs() < 1e-15, "{row:?}");
        assert!((number(row, "closed_form") - divergence).abs() < 1e-15);
        assert_eq!(row["verdict"], "agree");
    }
    let noted = here.run(["plan", "s.toml"]).succeeds().out;
    assert!(noted.contains("condition 2: S cannot draw the symbol `c`, of probability 0.2 under P"), "{noted}");
    here.run(["s.toml", "--quiet"]).succeeds().says("note: s: condition 2: S cannot draw the symbol `c`");
    let measures = here.rows("results/s/measures.csv");
    let sizes: Vec<f64> = measures
        .iter()
        .filter(|row| row["measure"] == "effective_sample_size")
        .map(|row| number(row, "expected"))
        .collect();
    // 10 (Σ s w)²/Σ s w².
    let chi = |s: [f64; 3]| {
        let kept = || (0..3).filter(|&x| s[x] > 0.0);
        10.0 * libm::pow(kept().map(|x| p[x]).sum::<f64>(), 2.0) / kept().map(|x| p[x] * p[x] / s[x]).sum::<f64>()
    };
    assert_eq!(sizes.len(), 4);
    assert!(
        (sizes[0] - chi([0.4, 0.2, 0.4])).abs() < 1e-12 && (sizes[2] - chi([0.6, 0.4, 0.0])).abs() < 1e-12,
        "{sizes:?}"
    );
    here.run(["check", "s.toml"]).succeeds();
}

/// Symbols that P cannot make: weighed ones count 0, unweighted ones are infinite as often as theory says.
#[test]
fn what_p_cannot_make_is_infinite_or_nothing() {
    let spec = "trials = 4_000\nN = 5\nP.categorical = { a = 0.5, b = 0.5, c = 0 }\nQ.categorical = { a = 0.4, b = 0.4, c = 0.2 }\n\
                S.categorical = { a = 0.4, b = 0.5, c = 0.1 }\nestimators = [\"log_ratio\", \"k2\", { name = \"k3\", importance = \"ratio\" }]\n";
    let here = Workspace::new().file("s.toml", spec);
    here.run(["s.toml", "--quiet"]).succeeds();
    let rows = here.rows("results/s/summary.csv");
    let infinite = 4_000.0 * (1.0 - libm::pow(0.9, 5.0));
    for row in &rows[..2] {
        assert!((number(row, "infinite_expected") - infinite).abs() < 1e-9, "{row:?}");
        assert!((number(row, "infinite_trials") - infinite).abs() < 5.0 * infinite.sqrt());
        assert_eq!(row["verdict"], "agree");
    }
    assert_eq!(rows[2]["infinite_trials"], "0");
    assert_eq!(rows[2]["verdict"], "agree");
}

/// Each mistake has its place and says what to write.
#[test]
fn mistakes_of_gradients_and_weights_are_told() {
    let base = "trials = 10\nN = 3\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n";
    let told = |lines: &str| {
        let here = Workspace::new().file("m.toml", format!("{lines}\n{base}"));
        here.run(["plan", "m.toml"]).exits_with(2).err
    };
    for (lines, title) in [
        ("gradient = 3", "`gradient` is 3, but must be \"P\" or \"Q\", or one parameter of it"),
        ("gradient = \"P.categorical\"", "but must be \"P\" or \"Q\", or one parameter of it"),
        ("gradient = \"P.categorical.x\"", "`gradient` names no parameter: \"P.categorical.x\""),
        ("estimators = [\"k1_as_loss\"]", "the estimator `k1_as_loss` is of the gradient of KL(P‖Q)"),
        (
            "gradient = \"P\"\nestimators = [\"k3\"]",
            "the estimator `k3` estimates KL(P‖Q), and the key `gradient` asks for its gradient",
        ),
        ("gradient = \"Q\"\nestimators = [\"k1_as_reward\"]", "has no gradient with respect to Q"),
        ("estimators = [{ name = \"k3\", importance = \"clipped\" }]", "`importance` of `k3` needs the largest weight"),
        ("estimators = [{ name = \"k3\", clip = 2 }]", "`clip` of `k3` is for importance = \"clipped\""),
        (
            "estimators = [{ name = \"k3\", importance = \"half\" }]",
            "must be one of \"none\", \"ratio\", \"clipped\", \"self_normalised\"",
        ),
        ("S = [0.2, 0.3, 0.5]", "S has 3 symbols and P has 2: they need one alphabet"),
        ("S.poisson.rate = 3", "S takes counts"),
        ("S = [0.3, 0.7]\nestimators = [\"plug_in\"]", "needs sequences from P, and these are from S"),
    ] {
        let found = told(lines);
        assert!(found.contains(title), "{lines}: {found}");
        assert!(found.contains("help: ") || found.contains(" = help") || found.contains("clip"), "{found}");
    }
}

/// Normals: the parameters as they are written, the reparameterised gradient among the estimators, and sequences from a third one.
#[test]
fn gradients_of_normals_are_of_what_is_written() {
    let laws = "seed = 3\ntrials = 4_000\nN = 8\nP.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 0.5, std_dev = 1.5 }\ngradient = \"P\"\n";
    let here = Workspace::new()
        .file("n.toml", format!("{laws}estimators = [\"reparameterized\", \"k1_as_reward\", \"k1_as_loss\", \"k2_as_loss\", \"k3_as_loss\"]\n"))
        .file(
            "s.toml",
            format!("{laws}S.normal = {{ mean = 0.2, std_dev = 1.1 }}\nestimators = [\"k2_as_loss\", {{ name = \"k2_as_loss\", importance = \"ratio\" }}]\n"),
        );
    here.run(["n.toml", "s.toml", "--quiet"]).succeeds();
    // ∂/∂m₁ (m₁ − m₂)/σ₂², ∂/∂σ₁ σ₁/σ₂² − 1/σ₁.
    let truth = [-0.5 / 2.25, 1.0 / 2.25 - 1.0];
    for (file, count) in [("n", 10), ("s", 4)] {
        let rows = here.rows(&format!("results/{file}/summary.csv"));
        assert_eq!(rows.len(), count);
        for (place, row) in rows.iter().enumerate() {
            assert_eq!(row["component"], ["mean", "std_dev"][place % 2]);
            assert!((number(row, "closed_form") - truth[place % 2]).abs() < 1e-15, "{row:?}");
            // q²/p has no integral where σ₂² ≥ 2 σ₁².
            let is_heavy = row["estimator"] == "k3_as_loss";
            assert_eq!(row["verdict"], if is_heavy { "untested" } else { "agree" }, "{row:?}");
            assert_eq!(row["closed_form_variance"] == "inf", is_heavy);
            let is_right =
                ["reparameterized", "k1_as_reward", "k2_as_loss(importance=ratio)"].contains(&&*row["estimator"]);
            assert!(!is_right || (number(row, "expected") - truth[place % 2]).abs() < 1e-14, "{row:?}");
        }
    }
    here.run(["check", "n.toml", "s.toml"]).succeeds();
    let symbols =
        "trials = 10\nN = 3\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\ngradient = \"P\"\nestimators = [\"reparameterized\"]\n";
    let here = Workspace::new().file("p.toml", symbols).file(
        "g.toml",
        "trials = 1\nN = 1\ngradient = \"P\"\nP.gamma = { shape = 1, rate = 1 }\nQ.gamma = { shape = 2, rate = 1 }\n",
    );
    here.run(["plan", "p.toml"]).exits_with(2).says("reparameter");
    here.run(["plan", "g.toml"]).exits_with(2).says("take P and Q of one of these");
}

/// The laws of a chain: what it begins with, and its steps.
type Chain = ([f64; 2], [[f64; 2]; 2]);

/// The mean over all sequences of `n` symbols of S of what is made of each.
fn enumerated((initial, steps): Chain, n: u32, value: impl Fn(&[usize]) -> f64) -> f64 {
    (0..1usize << n)
        .map(|code| {
            let symbols: Vec<usize> = (0..n).map(|place| code >> place & 1).collect();
            let mass = symbols.windows(2).fold(initial[symbols[0]], |mass, pair| mass * steps[pair[0]][pair[1]]);
            mass * value(&symbols)
        })
        .sum()
}

fn log_probability((initial, steps): Chain, symbols: &[usize]) -> f64 {
    symbols.windows(2).fold(libm::log(initial[symbols[0]]), |sum, pair| sum + libm::log(steps[pair[0]][pair[1]]))
}

const OF_P: Chain = ([0.5, 0.5], [[0.8, 0.2], [0.4, 0.6]]);
const OF_Q: Chain = ([0.5, 0.5], [[0.5, 0.5], [0.3, 0.7]]);
const OF_S: Chain = ([0.4, 0.6], [[0.6, 0.4], [0.4, 0.6]]);

const CHAINS: &str = "seed = 3\ntrials = 4_000\nN = 5\n\
    P.markov_chain = { initial = [0.5, 0.5], transition = [[0.8, 0.2], [0.4, 0.6]] }\n\
    Q.markov_chain = { initial = [0.5, 0.5], transition = [[0.5, 0.5], [0.3, 0.7]] }\n";

/// Rewards to go lead to the slope of the divergence of whole sequences, and rewards of single symbols do not.
#[test]
fn on_chains_rewards_to_go_are_the_whole_gradient() {
    let spec = format!(
        "{CHAINS}gradient = \"P\"\nestimators = [\"k1_as_reward\", {{ name = \"k1_as_reward\", credit = \"symbol\" }}, \"rao_blackwell_gradient\"]\n"
    );
    let here = Workspace::new().file("c.toml", spec);
    here.run(["c.toml", "--quiet"]).succeeds();
    let rows = here.rows("results/c/summary.csv");
    assert_eq!(rows.len(), 18);
    let divergence = |by: f64| {
        // The logit of the step from the first state to the second is raised.
        let weight = 0.2 * libm::exp(by);
        let moved = (OF_P.0, [[0.8 / (0.8 + weight), weight / (0.8 + weight)], OF_P.1[1]]);
        enumerated(moved, 5, |symbols| log_probability(moved, symbols) - log_probability(OF_Q, symbols)) / 5.0
    };
    let slope = (divergence(1e-4) - divergence(-1e-4)) / 2e-4;
    let of = |estimator: &str| {
        let found = rows.iter().find(|row| row["estimator"] == estimator && row["component"] == "H → T");
        found.unwrap()
    };
    for estimator in ["k1_as_reward", "k1_as_reward(credit=symbol)", "rao_blackwell_gradient"] {
        assert!((number(of(estimator), "closed_form") - slope).abs() < 1e-8, "{estimator}");
        assert!(rows.iter().all(|row| row["verdict"] == "agree"));
    }
    for estimator in ["k1_as_reward", "rao_blackwell_gradient"] {
        assert!((number(of(estimator), "expected") - slope).abs() < 1e-8, "{estimator}");
    }
    assert!((number(of("k1_as_reward(credit=symbol)"), "expected") - slope).abs() > 0.01);
    assert!(
        number(of("rao_blackwell_gradient"), "closed_form_variance")
            < number(of("k1_as_reward"), "closed_form_variance")
    );
    here.run(["check", "c.toml"]).succeeds();
    here.run(["plan", "c.toml", "--sampler", "counts"]).exits_with(2).says("the order of symbols matters");
}

/// Weights by symbol are biased on chains, those of prefixes and of sequences are not.
#[test]
fn on_chains_weights_of_prefixes_are_unbiased() {
    let estimators = "estimators = [{ name = \"log_ratio\", importance = \"ratio\" }, { name = \"log_ratio\", importance = \"ratio\", over = \"prefix\" }, \
                      { name = \"log_ratio\", importance = \"ratio\", over = \"sequence\" }, { name = \"k3\", importance = \"self_normalised\" }]\n";
    let spec = format!(
        "{CHAINS}S.markov_chain = {{ initial = [0.4, 0.6], transition = [[0.6, 0.4], [0.4, 0.6]] }}\n{estimators}"
    );
    let here = Workspace::new().file("c.toml", spec);
    here.run(["c.toml", "--quiet"]).succeeds();
    let rows = here.rows("results/c/summary.csv");
    let divergence =
        enumerated(OF_P, 5, |symbols| log_probability(OF_P, symbols) - log_probability(OF_Q, symbols)) / 5.0;
    for (place, row) in rows.iter().enumerate() {
        assert_eq!(row["verdict"], "agree", "{row:?}");
        assert!((number(row, "closed_form") - divergence).abs() < 1e-14);
        let is_exact = place == 1 || place == 2;
        assert_eq!((number(row, "expected") - divergence).abs() < 1e-14, is_exact, "{row:?}");
    }
    let step = |chain: Chain, symbols: &[usize], place: usize| match place.checked_sub(1) {
        None => chain.0[symbols[0]],
        Some(before) => chain.1[symbols[before]][symbols[place]],
    };
    let by_symbol = |symbols: &[usize]| {
        let term = |place: usize| {
            let [p, q, s] = [OF_P, OF_Q, OF_S].map(|chain| step(chain, symbols, place));
            p / s * libm::log(p / q)
        };
        (0..5).map(term).sum::<f64>() / 5.0
    };
    assert!((number(&rows[0], "expected") - enumerated(OF_S, 5, by_symbol)).abs() < 1e-14);
    // 2⁵ sequences: the law of a ratio is listed.
    let normalised = |symbols: &[usize]| {
        let (mut sum, mut weights) = (0.0, 0.0);
        for place in 0..5 {
            let [p, q, s] = [OF_P, OF_Q, OF_S].map(|chain| step(chain, symbols, place));
            sum += p / s * (q / p - 1.0 + libm::log(p / q));
            weights += p / s;
        }
        sum / weights
    };
    assert!((number(&rows[3], "expected") - enumerated(OF_S, 5, normalised)).abs() < 1e-14);
}

/// A baseline from the sequence's own rewards shrinks the gradient by 1/N, one from the others does not.
#[test]
fn baselines_of_the_sequence_have_their_known_means() {
    let spec = "seed = 3\ntrials = 4_000\nN = 4\nP = [0.5, 0.3, 0.2]\nQ = [0.4, 0.4, 0.2]\ngradient = \"P\"\n\
                estimators = [{ name = \"k1_as_reward\", baseline = \"mean\" }, { name = \"k1_as_reward\", baseline = \"leave_one_out\" }]\n";
    let here = Workspace::new().file("b.toml", spec);
    here.run(["b.toml", "--quiet"]).succeeds();
    for (place, row) in here.rows("results/b/summary.csv").iter().enumerate() {
        assert_eq!(row["verdict"], "agree");
        let factor = if place < 3 { 0.75 } else { 1.0 };
        assert!((number(row, "expected") - factor * number(row, "closed_form")).abs() < 1e-16, "{row:?}");
    }
    let one = spec.replace("N = 4", "N = 1");
    here.file("one.toml", one).run(["plan", "one.toml"]).exits_with(2).says("it needs two symbols or more");
}

/// A baseline that leaves nothing but rounding: 0 in theory, and no row disagrees.
#[test]
fn what_a_baseline_cancels_is_no_disagreement() {
    let laws = "seed = 7\ntrials = 2_000\nP.categorical = { a = 0.168845, b = 0.194741, c = 0.636414 }\n\
                Q.categorical = { a = 0.169845, b = 0.193741, c = 0.636414 }\ngradient = \"P\"\n\
                estimators = [{ name = \"k1_as_reward\", baseline = \"mean\" }, { name = \"k3_as_reward\", baseline = \"mean\" }]\n";
    let here = Workspace::new()
        .file("one.toml", format!("{laws}N = 1\n"))
        .file("unseen.toml", format!("{laws}N = 3\nS.categorical = {{ a = 0.3, b = 0.7, c = 0 }}\n"));
    here.run(["one.toml", "unseen.toml", "--quiet"]).succeeds();
    for row in here.rows("results/one/summary.csv") {
        assert_eq!((row["verdict"].as_str(), row["closed_form_variance"].as_str()), ("agree", "0.0"), "{row:?}");
    }
    // The symbol that S cannot draw has the same score at every symbol that it can.
    for row in here.rows("results/unseen/summary.csv").iter().filter(|row| row["component"] == "c") {
        assert!(row["verdict"] != "disagree" && number(row, "expected").abs() < 1e-20, "{row:?}");
    }
}

/// A running estimate that needs two symbols begins with the second.
#[test]
fn a_running_estimate_begins_where_there_is_one() {
    let spec = "seed = 7\ntrials = 20\nN = 5\nP = [0.5, 0.3, 0.2]\nQ = [0.4, 0.4, 0.2]\ngradient = \"P\"\n\
                estimators = [{ name = \"k1_as_reward\", baseline = \"leave_one_out\" }]\n";
    let here = Workspace::new().file("p.toml", spec);
    here.run(["p.toml", "--quiet"]).succeeds();
    let rows = here.rows("results/p/paths.csv");
    assert!(!rows.is_empty() && rows.iter().all(|row| row["length"] != "1" && row["estimate"] != "NaN"));
}

/// What looks along sequences of symbols is refused of numbers, never left out.
#[test]
fn normals_refuse_what_is_of_symbols() {
    for estimator in [
        "{ name = \"k1_as_reward\", baseline = \"mean\" }",
        "{ name = \"k2_as_loss\", credit = \"sequence\" }",
        "{ name = \"k2_as_loss\", importance = \"ratio\", over = \"prefix\" }",
        "\"rao_blackwell_gradient\"",
    ] {
        let spec = format!(
            "trials = 10\nN = 3\nP.normal = {{ mean = 0, std_dev = 1 }}\nQ.normal = {{ mean = 1, std_dev = 1 }}\ngradient = \"P\"\n\
             estimators = [\"k1_as_reward\", {estimator}]\n"
        );
        let here = Workspace::new().file("n.toml", spec);
        here.run(["plan", "n.toml"]).exits_with(2).says("looks along sequences of symbols, and these are numbers");
    }
}
