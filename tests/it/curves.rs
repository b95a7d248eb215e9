//! `curve.csv`: both divergences between the values of a grid, held against formulas of their own.

use crate::harness::Workspace;

fn curve(spec: &str) -> Vec<[f64; 3]> {
    let here = Workspace::with_spec(spec);
    here.run(["coin.toml", "--quiet"]).succeeds();
    let number = |text: &String| text.parse().unwrap();
    let rows = here.rows("results/coin/curve.csv");
    rows.iter().map(|row| ["value", "closed_form", "reverse_closed_form"].map(|name| number(&row[name]))).collect()
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1e-3), "{found} {expected}");
}

/// Of a coin of 0.3 from one of q, in bits, by equal steps: P ln(P/Q) forward, Q ln(Q/P) in reverse.
#[test]
fn coins_are_as_far_as_their_two_sums_say() {
    let spec =
        "trials = 10\nN = 5\nunit = \"bits\"\nP.bernoulli.p = 0.3\n[grid]\n\"Q.bernoulli.p\" = [0.1, 0.5, 0.9]\n";
    let found = curve(spec);
    assert_eq!(found.len(), 200);
    let kl = |p: f64, q: f64| p * libm::log2(p / q) + (1.0 - p) * libm::log2((1.0 - p) / (1.0 - q));
    for (place, &[value, forward, reverse]) in found.iter().enumerate() {
        near(value, 0.1 + 0.8 * place as f64 / 199.0);
        near(forward, kl(0.3, value));
        near(reverse, kl(value, 0.3));
    }
}

/// Of a Poisson rate that runs in P, by equal factors: λ ln(λ/μ) − λ + μ.
#[test]
fn rates_run_by_factors_on_a_logarithmic_grid() {
    let grid = "\"P.poisson.rate\" = { from = 0.5, to = 8, steps = 3, scale = \"log\" }";
    let found = curve(&format!("trials = 10\nN = 5\nQ.poisson.rate = 2\n[grid]\n{grid}\n"));
    assert_eq!(found.len(), 200);
    let kl = |from: f64, to: f64| from * libm::log(from / to) - from + to;
    for (place, &[value, forward, reverse]) in found.iter().enumerate() {
        near(value, 0.5 * libm::pow(16.0, place as f64 / 199.0));
        near(forward, kl(value, 2.0));
        near(reverse, kl(2.0, value));
    }
}
