//! What a file claims of estimators of one's own, put to the test.
use crate::harness::{Ended, Workspace};
use kl_math::distribution::{Categorical, Pair};
use kl_sim::comparison::{Comparison, Method, Verdict, judge};
use kl_sim::estimator::{Batch, ClaimedMean, Claims, Detail, EstimatedBy, External, SameAs, ScoredTrial, Scorer};
use kl_sim::simulation::{Cancel, Engine, Estimation, Job, SamplerKind, Trials};
use std::convert::Infallible;

/// k3 from symbol counts in Python; the argument plants a fault.
const K3: &str = r#"
import json, math, sys
fault = sys.argv[1] if len(sys.argv) > 1 else ""
given = json.loads(sys.stdin.readline())
n, p, q = given["n"], given["p"]["probabilities"], given["q"]["probabilities"]
ratios = [a / b for a, b in zip(p, q)] if fault == "inverted" else [b / a for a, b in zip(p, q)]
values = [r - 1 - math.log(r) for r in ratios]
for line in sys.stdin:
    trial = json.loads(line)
    total = 1.0 if fault == "start" else 0.0
    for count, value in zip(trial["counts"], values):
        total += count * value
    if fault == "fmean":
        total = math.fsum(count * value for count, value in zip(trial["counts"], values))
    estimate = total / (n - 1 if fault == "length" else n)
    if fault == "late" and trial["trial"] in (17, 1_805):
        estimate *= 1 + 1e-6
    print(json.dumps({"trial": trial["trial"], "estimate": estimate}), flush=True)
"#;

const SPEC: &str = r#"
seed = 57
trials = 2_000
N = [20, 50]
estimators = ["k3", { name = "mine", command = ["python3", "k3.py", "FAULT"], input = "counts", CLAIMS }]
P = [0.5, 0.3, 0.2]
Q = [0.4, 0.4, 0.2]
"#;

/// A workspace with the program; none where there is no Python.
fn with_python(fault: &str, claims: &str) -> Option<Workspace> {
    let has_python = std::process::Command::new("python3").arg("--version").output().is_ok();
    assert!(has_python || std::env::var_os("RUNNER_NEEDS_PYTHON").is_none(), "python3 is missing");
    let spec = SPEC.replace("FAULT", fault).replace("CLAIMS", claims);
    has_python.then(|| Workspace::with_spec(&spec).file("k3.py", K3))
}

fn run(here: &Workspace) -> Ended {
    here.run(["coin.toml", "--allow-commands"])
}

/// The cells of the rows of `mine` in a column.
fn cells(here: &Workspace, column: &str) -> Vec<String> {
    let rows = here.rows("results/coin/summary.csv");
    rows.into_iter().filter(|row| row["estimator"] == "mine").map(|row| row[column].clone()).collect()
}

/// The whole of what is shown, after the table.
fn finding(ended: &Ended) -> String {
    ended.out.lines().filter(|line| line.starts_with("KL(P")).collect()
}

#[test]
fn wrong_means_disagree_in_the_first_run_and_the_first_check() {
    for fault in ["inverted", "start", "length"] {
        let Some(here) = with_python(fault, r#"expected = "closed_form""#) else { return };
        run(&here).exits_with(1).shows("2 of 4 DISAGREE");
        assert_eq!(cells(&here, "verdict"), ["disagree", "disagree"], "{fault}");
        assert_eq!(cells(&here, "p_value_method"), ["student", "student"]);
        // Without committed results, and with those of the wrong program.
        for arguments in [["--out", "elsewhere"], ["--out", "results"]] {
            let check = here.run(["check", "coin.toml", "--allow-commands"].into_iter().chain(arguments));
            check.exits_with(1).shows("mine: mean has p-value").shows("REGRESSED");
        }
    }
    let Some(here) = with_python("", r#"expected = "closed_form", same_as = "k3""#) else { return };
    let ended = run(&here).succeeds();
    insta::assert_snapshot!(finding(&ended), @"");
    assert_eq!(cells(&here, "verdict"), ["agree", "agree"]);
    let check = here.run(["check", "coin.toml", "--allow-commands"]).succeeds();
    insta::assert_snapshot!(check.out, @"");
}

#[test]
fn the_first_trial_that_differs_is_named_on_any_number_of_threads() {
    let claims = r#"same_as = "k3""#;
    let Some(here) = with_python("late", claims) else { return };
    let run_on = |threads: &str| {
        let arguments = ["coin.toml", "--allow-commands", "--trials", "9_000", "--threads", threads, "--out", threads];
        here.run(arguments).exits_with(1)
    };
    let [one, two, seven] = ["1", "2", "7"].map(run_on);
    assert!(one.err == two.err.replace("2/coin", "1/coin") && one.err == seven.err.replace("7/coin", "1/coin"));
    assert_eq!((here.contents("1"), here.contents("1")), (here.contents("2"), here.contents("7")));
    insta::assert_snapshot!(one.err, @"");
    insta::assert_snapshot!(finding(&one), @"");
    let replayed = here.run(["replay", "coin.toml", "--condition", "1", "--trial", "17", "--allow-commands"]);
    insta::assert_snapshot!(replayed.succeeds().out.lines().skip_while(|line| !line.contains("trials.csv")).collect::<Vec<_>>().join("\n"), @"");
    let check = here.run(["check", "coin.toml", "--allow-commands", "--only", "law"]).exits_with(1);
    insta::assert_snapshot!(check.out, @"");
    // A millionth is within a hundred-thousandth.
    let Some(here) = with_python("late", r#"same_as = "k3", tolerance = 1e-5"#) else { return };
    run(&here).succeeds();
    assert_eq!(cells(&here, "verdict"), ["agree", "agree"]);
}

/// Whatever a program does instead of answering is compared, too.
#[test]
fn failures_and_infinite_estimates_are_no_estimates_of_k3() {
    for (answer, told) in [("Infinity", "inf where k3 gives"), ("null", "none where k3 gives")] {
        let script = format!(
            "read -r line\nwhile read -r line; do\n  t=${{line#*\\\"trial\\\":}}; t=${{t%%,*}}\n  \
             if [ $t = 5 ]; then echo {answer}; else echo 0; fi\ndone"
        );
        let mine = r#"{ name = "mine", command = ["sh", "mine.sh"], input = "counts", same_as = "k3" }"#;
        let spec = format!("trials = 9\nN = 3\nestimators = [{mine}]\nP = [0.5, 0.5]\nQ = [0.5, 0.5]\nseed = 1");
        let here = Workspace::with_spec(&spec).file("mine.sh", script);
        let ended = run(&here).exits_with(1).says("1 of 9 estimates of condition 1 differ").says("--trial 5");
        ended.shows(told);
    }
}

/// What keeps a claim from being tested is said in the row.
#[test]
fn why_claims_are_untested() {
    let answer = |value: &str| format!("read -r line\nwhile read -r line; do echo {value}; done");
    let mut reasons = String::new();
    let coin = ("N = 10\nP = [0.5, 0.5]", "Q = [0.4, 0.6]");
    for (claims, trials, (source, model), script) in [
        ("", "100", coin, answer("0")),
        (r#", expected = "closed_form""#, "999", coin, answer("0")),
        (r#", expected = 0.02"#, "1_000", ("N = 10\nP = [0.995, 0.005]", coin.1), answer("0")),
        (
            r#", expected = 0"#,
            "1_000",
            coin,
            "read -r line; n=0; while read -r line; do n=$((n + 1)); if [ $n = 9 ]; then echo 1; else echo 0; fi; done"
                .to_owned(),
        ),
        (
            r#", expected = { name = "dirichlet", a = 1 }"#,
            "1_000",
            ("N = 1_000\nP = [0.2, 0.2, 0.2, 0.4]", "Q = [0.4, 0.4, 0.1, 0.1]"),
            answer("0"),
        ),
        (r#", expected = "closed_form""#, "1_000", ("N = 1\nP = [0.5, 0.5]", "Q = [1, 0]"), answer("0")),
        (r#", expected = 0.02"#, "1_000", coin, answer("0.03")),
        (r#", expected = 0.02"#, "1_000", coin, answer("inf")),
        (r#", expected = 0.02"#, "1_000", coin, answer("0.02")),
    ] {
        let mine = format!(r#"{{ name = "mine", command = ["sh", "mine.sh"], input = "counts"{claims} }}"#);
        let spec = format!("seed = 57\ntrials = {trials}\nestimators = [{mine}]\n{source}\n{model}\n");
        let here = Workspace::with_spec(&spec).file("mine.sh", script);
        here.run(["coin.toml", "--allow-commands", "--threads", "1", "--quiet"]);
        let [verdict, reason] = ["verdict", "reason"].map(|column| cells(&here, column).remove(0));
        reasons.push_str(&format!("{verdict}: {reason}\n"));
    }
    insta::assert_snapshot!(reasons, @"");
}

#[test]
fn claims_are_part_of_the_plan() {
    let mine = |claims: &str| format!(r#"{{ name = "mine", command = ["sh"], input = "counts"{claims} }}"#);
    let spec = |claims: &str| {
        format!(
            "unit = \"bits\"\nseed = 57\ntrials = 10\nN = 10\nestimators = [{}]\nP = [0.5, 0.5]\nQ = [0.4, 0.6]",
            mine(claims)
        )
    };
    let mut shown = String::new();
    for claims in [
        "",
        r#", expected = "closed_form", same_as = "k3""#,
        r#", expected = 0.0294, tolerance = 0, same_as = { name = "dirichlet", a = 0.5 }"#,
        r#", expected = "plug_in""#,
    ] {
        let ended = Workspace::with_spec(&spec(claims)).run(["plan", "coin.toml"]).succeeds();
        shown.push_str(ended.out.lines().find(|line| line.starts_with("  mine: ")).unwrap_or("nothing"));
        shown.push('\n');
    }
    insta::assert_snapshot!(shown, @"");
}

#[test]
fn mistakes_in_claims_are_told() {
    let mine = |claims: &str| format!(r#"{{ name = "mine", command = ["sh"], {claims} }}"#);
    let mut told = String::new();
    for estimator in [
        mine(r#"expected = "closed form""#),
        mine(r#"expected = "unbiased""#),
        mine(r#"expected = "mine""#),
        mine("expected = true"),
        mine("expected = inf"),
        mine(r#"same_as = "k4""#),
        mine("same_as = 3"),
        mine(r#"same_as = { name = "knn", a = 5 }"#),
        mine(r#"same_as = "knn""#),
        mine(r#"expected = "rao_blackwell""#),
        mine("tolerance = 1e-9"),
        mine(r#"same_as = "k3", tolerance = 1"#),
        r#"{ name = "k3", expected = "closed_form" }"#.to_owned(),
        r#"{ name = "dirichlet", a = 1, same_as = "k3" }"#.to_owned(),
    ] {
        let spec = format!("trials = 10\nN = 10\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\nestimators = [{estimator}]\n");
        let ended = Workspace::with_spec(&spec).run(["plan", "coin.toml"]).refuses();
        told.push_str(&ended.err);
    }
    for check in ["tolerance = 1e-9", "tolerance = { errors = 1 }", "tolerance = { relative = -1 }", "nominal = 0.1"] {
        let spec = format!("trials = 10\nN = 10\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n[check]\n{check}\n");
        told.push_str(&Workspace::with_spec(&spec).run(["plan", "coin.toml"]).refuses().err);
    }
    insta::assert_snapshot!(told, @"");
}

/// A sum that is rounded otherwise is no regression of one's own estimator; a change by more is, and so is any of another row.
#[test]
fn a_tolerance_is_for_digits_of_programs() {
    let check = "[check]\ntolerance = { standard_errors = 0.01, relative = 1e-9 }\n";
    let claims = r#"expected = "closed_form""#;
    let Some(here) = with_python("", claims) else { return };
    let here = here.file("fmean.py", K3);
    run_recorded(&here);
    let spec = here.read("coin.toml");
    let with = |fault: &str, check: &str| {
        let changed = K3.replace("sys.argv[1] if len(sys.argv) > 1 else \"\"", &format!("{fault:?}"));
        std::fs::write(here.path("k3.py"), changed).unwrap();
        std::fs::write(here.path("coin.toml"), format!("{spec}{check}")).unwrap();
        here.run(["check", "coin.toml", "--allow-commands", "--record"])
    };
    with("fmean", "").exits_with(1).shows("mine");
    let ended = with("fmean", check).succeeds().shows("within the tolerance of [check]");
    assert!(ended.out.contains("PASS"));
    with("late", "[check]\ntolerance = { relative = 1e-9 }\n").exits_with(1).shows("trials.csv");
    // A row that is not of a program stays exact.
    let summary = here.read("results/coin/summary.csv");
    let edited = summary.replacen("0.02526", "0.02527", 1);
    assert_ne!(summary, edited);
    std::fs::write(here.path("results/coin/summary.csv"), edited).unwrap();
    with("fmean", check).exits_with(1).shows("summary.csv line 2");
}

fn run_recorded(here: &Workspace) {
    here.run(["coin.toml", "--allow-commands", "--record"]).succeeds();
}

/// A mean over symbols that something outside of the library makes: `values` of the symbols over `length`, from `start` on.
#[derive(Debug)]
struct Outside<'a> {
    values: Vec<f64>,
    length: f64,
    start: f64,
    n: u64,
    mean: f64,
    same_as: Option<SameAs<'a>>,
}

impl External for Outside<'_> {
    fn name(&self) -> &str {
        "mine"
    }

    fn model_draws(&self) -> Option<u64> {
        None
    }

    fn scorer(&self) -> Box<dyn Scorer + '_> {
        Box::new(OutsideScorer(self))
    }

    fn claims(&self) -> Claims<'_> {
        let mean = Ok(ClaimedMean { value: self.mean, error: None });
        Claims { mean: Some(mean), same_as: self.same_as.map(Ok) }
    }

    fn is_stopped(&self) -> bool {
        false
    }
}

struct OutsideScorer<'a>(&'a Outside<'a>);

impl Scorer for OutsideScorer<'_> {
    fn detail(&self) -> Detail {
        Detail::Totals
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        let Outside { values, length, start, n, .. } = self.0;
        assert_eq!((batch.start, batch.end), (0, *n), "short sequences come whole");
        for counts in batch.counts() {
            let sum: f64 = counts.iter().zip(values).map(|(&count, value)| count as f64 * value).sum();
            scored.push(ScoredTrial { estimate: (start + sum) / length, std_error: None, length: *n });
        }
    }

    fn running(&self, _: u64) -> f64 {
        f64::NAN
    }
}

/// Three symbols, k3 of each, and D.
fn three_symbols() -> (Pair, Vec<f64>, f64) {
    let (p, q) = ([0.5, 0.3, 0.2], [0.4, 0.4, 0.2]);
    let pair = Pair::of(Categorical::new(&p).unwrap(), Categorical::new(&q).unwrap()).unwrap();
    let k3 = |(p, q): (&f64, &f64)| q / p - 1.0 - libm::log(q / p);
    let divergence = p.iter().zip(&q).map(|(p, q): (&f64, &f64)| p * libm::log(p / q)).sum();
    (pair, p.iter().zip(&q).map(k3).collect(), divergence)
}

fn compared(pair: &Pair, mine: &Outside<'_>, trials: u64, seed: u64, engine: &Engine) -> Comparison {
    let by = EstimatedBy::External(mine);
    let estimation = Estimation::new(0, pair, by, mine.n);
    let probabilities = pair.symbols().map_or(&[][..], |pair| pair.source_probabilities());
    let job = Job { probabilities, n: mine.n, trials: 0..trials, estimations: vec![estimation], models: Vec::new() };
    let drawn = Trials::new(seed, pair.source(), mine.n, SamplerKind::Counts);
    let Ok(outcome) = engine.run::<Infallible>(&job, &drawn, None, &Cancel::default(), &());
    let theory = by.theory(pair, mine.n);
    Comparison::new(pair, by, &theory, &outcome.summary, outcome.summary.estimation(0)).unwrap()
}

/// A right one is rejected once in a million seeds; each planted fault is found nearly always.
#[test]
fn the_right_estimator_agrees_for_a_thousand_seeds() {
    let (pair, values, mean) = three_symbols();
    let engine = Engine::new(Some(1)).unwrap();
    let k3 = kl_sim::estimator::ESTIMATORS.iter().find(|kind| kind.name == "k3").unwrap();
    let k3 = (k3.make)(&Default::default());
    let same_as = Some(SameAs { reference: k3.as_ref(), tolerance: 1e-9 });
    let right = Outside { values, length: 20.0, start: 0.0, n: 20, mean, same_as };
    for seed in 0..1_000 {
        let found = compared(&pair, &right, 1_000, seed, &engine);
        assert_eq!(judge(&[&found], 1e-6), [Verdict::Agree], "{seed}: {found:?}");
        assert_eq!((found.exact_match, found.p_value_method), (Some(true), Some(Method::Student)));
        let differences = found.same_as.unwrap();
        assert_eq!((differences.compared, differences.differing), (1_000, 0));
    }
    let inverted = [0.4, 0.4, 0.2].iter().zip(&[0.5, 0.3, 0.2]);
    let inverted = inverted.map(|(q, p): (&f64, &f64)| p / q - 1.0 - libm::log(p / q)).collect();
    let faults = [
        Outside { values: inverted, same_as: None, ..right_again(&right) },
        Outside { start: 1.0, same_as: None, ..right_again(&right) },
        Outside { length: 19.0, same_as: None, ..right_again(&right) },
    ];
    for fault in &faults {
        let found = (0..100).filter(|&seed| {
            let found = compared(&pair, fault, 4_000, seed, &engine);
            judge(&[&found], 1e-6) == [Verdict::Disagree]
        });
        assert_eq!(found.count(), 100, "{fault:?}");
    }
}

fn right_again<'a>(right: &Outside<'a>) -> Outside<'a> {
    Outside { values: right.values.clone(), ..*right }
}

/// At a level of 1e-2 the test fires about as often as it says, however skewed the estimates may be where it applies.
/// Over 20,000 seeds the rate of a right test is beyond 1.25 % once in 2,000 runs.
#[test]
fn the_nominal_level_is_nearly_the_true_one() {
    let seeds: u64 = std::env::var("RUNNER_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(20_000);
    let (pair, values, mean) = three_symbols();
    let engine = Engine::new(Some(1)).unwrap();
    // Skewness up to what is allowed: the rarest symbol of 1,000 is expected 100 times, and |skewness|/√R is 0.09.
    let rare = Pair::of(Categorical::new(&[0.1, 0.9]).unwrap(), Categorical::new(&[0.5, 0.5]).unwrap()).unwrap();
    for (name, pair, values, mean, n) in
        [("k3 of three symbols", &pair, values, mean, 20), ("a rare symbol", &rare, vec![1.0, 0.0], 0.1, 1)]
    {
        let mine = Outside { values, length: n as f64, start: 0.0, n, mean, same_as: None };
        let (mut fired, mut tested) = (0u64, 0u64);
        for seed in 0..seeds {
            let found = compared(pair, &mine, 1_000, seed, &engine);
            tested += u64::from(found.nominal_test().is_some());
            fired += u64::from(found.nominal_test().is_some_and(|p_value| p_value <= 1e-2));
        }
        let rate = fired as f64 / seeds as f64;
        println!("{name}: {fired} of {tested} of {seeds}");
        assert_eq!(tested, seeds);
        assert!((0.0075..0.0125).contains(&rate), "{name}: {rate}");
    }
}
