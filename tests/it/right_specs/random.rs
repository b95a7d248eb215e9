//! Random correct experiments.

use super::*;

/// A random member of a family, and another that it can be held against.
fn sides(draws: &mut Draws) -> (String, String, bool) {
    let family = draws.below(25);
    let one = |draws: &mut Draws| -> String {
        let (shape, scale) = (draws.scale(0.05, 50.0), draws.scale(0.1, 10.0));
        let (place, share) = (4.0 * draws.uniform() - 2.0, 0.02 + 0.96 * draws.uniform());
        match family {
            0 => format!("bernoulli.p = {share}"),
            1 | 2 => {
                let weights: Vec<f64> = (0..3).map(|_| draws.scale(1e-3, 1.0)).collect();
                let sum: f64 = weights.iter().sum();
                let shares: Vec<String> = weights.iter().map(|weight| (weight / sum).to_string()).collect();
                format!("categorical = [{}]", shares.join(", "))
            }
            3 => format!("binomial = {{ n = 7, p = {share} }}"),
            4 => format!("geometric = {{ p = {share} }}"),
            5 => format!("negative_binomial = {{ r = 2.5, p = {share} }}"),
            6 => format!("poisson = {{ rate = {scale} }}"),
            7 => format!("exponential = {{ rate = {scale} }}"),
            8 => format!("gamma = {{ shape = {shape}, rate = {scale} }}"),
            9 => format!("beta = {{ alpha = {shape}, beta = {scale} }}"),
            10 => format!("dirichlet = {{ alpha = [{shape}, {scale}, 1.5] }}"),
            11 => format!("normal = {{ mean = {place}, std_dev = {scale} }}"),
            12 => format!("lognormal = {{ mean = {place}, std_dev = {scale} }}"),
            13 => format!("laplace = {{ location = {place}, scale = {scale} }}"),
            14 => format!("pareto = {{ scale = 1, shape = {scale} }}"),
            15 => format!("weibull = {{ shape = {}, scale = {scale} }}", draws.scale(0.5, 4.0)),
            16 => format!("cauchy = {{ location = {place}, scale = {scale} }}"),
            18 => format!("logistic = {{ location = {place}, scale = {scale} }}"),
            19 => format!("gumbel = {{ location = {place}, scale = {scale} }}"),
            20 => format!("student_t = {{ location = {place}, scale = {scale}, df = {} }}", draws.scale(0.5, 50.0)),
            21 => format!("inverse_gamma = {{ shape = {shape}, scale = {scale} }}"),
            22 => format!("truncated_normal = {{ mean = {place}, std_dev = {scale}, low = -1, high = 2.5 }}"),
            23 => format!(
                "mixture = [{{ weight = {share}, normal = {{ mean = {place}, std_dev = {scale} }} }}, \
                 {{ weight = {}, laplace = {{ location = 1, scale = {shape} }} }}]",
                1.0 - share
            ),
            17 => {
                let r = 1.8 * share - 0.9;
                format!("multivariate_normal = {{ mean = [{place}, 0], covariance = [[1, {r}], [{r}, 1.5]] }}")
            }
            _ => {
                let (a, b) = (share, 0.02 + 0.96 * draws.uniform());
                format!(
                    "markov_chain = {{ initial = [0.5, 0.5], transition = [[{a}, {}], [{b}, {}]] }}",
                    1.0 - a,
                    1.0 - b
                )
            }
        }
    };
    let (p, q) = (one(draws), one(draws));
    (p, q, family < 3)
}

/// A random spec that is right.
fn right_spec(draws: &mut Draws) -> String {
    let (p, q, has_symbols) = sides(draws);
    let is_chain = p.starts_with("markov");
    let sampler = if is_chain { "sequence" } else { draws.pick(&["sequence", "sequence", "counts", "tally"]) };
    let estimator = match (has_symbols, is_chain) {
        (true, _) => draws.pick(&[
            "log_ratio",
            "k2",
            "k3",
            "control_variate",
            "plug_in",
            "miller_madow",
            "jackknife",
            "grassberger_schurmann",
            "zhang",
            "chao_shen",
            "dirichlet",
            "plug_in_two_sample",
            "zhang_grabchak",
            "augmented_plug_in",
            "bu_augmented",
            "jeffreys",
        ]),
        (_, true) => draws.pick(&["log_ratio", "rao_blackwell"]),
        _ => draws.pick(&["log_ratio", "k2", "k3", "control_variate"]),
    };
    let (n, trials) = (draws.scale(1.0, 60.0) as u64, draws.scale(2.0, 2_000.0) as u64);
    let seed = draws.below(1 << 30);
    format!(
        "seed = {seed}\ntrials = {trials}\nN = {n}\nsampler = \"{sampler}\"\nestimators = [\"{estimator}\"]\nP.{p}\nQ.{q}\n"
    )
}

/// Runs `count` random right specs: none disagrees, none has a NaN, and none agrees at |z| > 7. (Each may disagree with chance 1e-6,
/// so that a right program fails with 5,000 of them with chance 0.005, had the seed not been fixed.) How many rows were tested.
fn fuzz(count: usize, seed: u64) -> usize {
    let mut draws = Draws(seed);
    let mut tested = 0;
    for _ in 0..count {
        let text = right_spec(&mut draws);
        let Ok(plan) = plan(&text) else { continue };
        let engine = Engine::new(Some(1)).unwrap();
        let run = RunContext { engine: &engine, cancel: &Cancel::default(), meter: &() };
        let Ok(findings) = carry_out(&plan, &planned_sampling, run, &mut ());
        let comparisons: Vec<_> = findings.measured.iter().map(|measured| &measured.comparison).collect();
        for (found, verdict) in comparisons.iter().zip(judge(&comparisons, FALSE_ALARM)) {
            assert_ne!(verdict, Verdict::Disagree, "{text}\n{found:?}");
            assert!(!format!("{found:?}").contains("NaN"), "{text}\n{found:?}");
            assert_eq!(
                verdict == Verdict::Untested,
                found.tests().next().is_none()
                    && found.exact_match.is_none()
                    && found.closed_form != Some(f64::INFINITY),
                "{text}\n{found:?}"
            );
            assert!(verdict != Verdict::Untested || found.reason.is_some(), "{text}\n{found:?}");
            let is_rare = found.p_value_bound.is_some_and(|p| p > 1e-3);
            assert!(found.z.is_none_or(|z| z.abs() < 7.0) || is_rare, "{text}\n{found:?}");
            tested += usize::from(verdict == Verdict::Agree);
        }
    }
    tested
}

#[test]
fn random_right_specs_never_disagree() {
    let count = std::env::var("RUNNER_FUZZ").ok().and_then(|count| count.parse().ok()).unwrap_or(400);
    let tested = fuzz(count, 16);
    assert!(tested > count / 3, "{tested} of {count}");
}
