//! `runner replay`: the trial of a run, alone.

use crate::harness::{COIN, Workspace};

/// Whatever is drawn, in one stretch or many, in any block: the row of trials.csv again, to the last digit.
#[test]
fn a_replayed_trial_has_the_row_of_its_run() {
    let chain =
        "P.markov_chain = { initial = \"stationary\", transition = [[0.9, 0.1], [0.3, 0.7]] }\nQ = [0.75, 0.25]\n";
    let normal = "P.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 0.5, std_dev = 1.2 }\n";
    let laplace = "P.laplace = { location = 0, scale = 1 }\nQ.normal = { mean = 0, std_dev = 1 }\n";
    let die = "P = [0.1, 0.2, 0.3, 0.4]\nQ = [0.25, 0.25, 0.25, 0.25]\n";
    let shares = "P.dirichlet = { alpha = [1, 2, 3] }\nQ.dirichlet = { alpha = [2, 2, 2] }\n";
    for (pair, sampler, n, trials) in [
        (die, "sequence", 10, 6_000),
        (die, "sequence", 200_000, 4),
        (die, "counts", 1_000_000, 3_000),
        (chain, "sequence", 10, 6_000),
        (chain, "sequence", 100_000, 4),
        (normal, "sequence", 10, 6_000),
        (normal, "sequence", 200_000, 4),
        (normal, "counts", 1_000, 3_000),
        (laplace, "sequence", 70_000, 4),
        (shares, "sequence", 10, 5_000),
    ] {
        let spec = format!("seed = 5\nunit = \"bits\"\nsampler = \"{sampler}\"\ntrials = {trials}\nN = {n}\n{pair}");
        let workspace = Workspace::with_spec(&spec);
        workspace.run(["coin.toml", "--record", "--quiet"]).succeeds();
        let text = workspace.read("results/coin/trials.csv");
        for trial in [1, 2, trials / 3, trials] {
            let row = text.lines().nth(trial).unwrap();
            workspace
                .run(["replay", "coin.toml", "--trial", &trial.to_string()])
                .succeeds()
                .shows(&format!("  {row}\n"));
        }
    }
}

#[test]
fn a_trial_is_shown_step_by_step() {
    let workspace = Workspace::with_spec(COIN);
    let shown = workspace.run(["replay", "coin.toml", "--trial", "7"]).succeeds().out;
    insta::assert_snapshot!(shown, @"
    coin, condition 1, trial 7 of 1,000: seed 57, sampler sequence, trial 7 of block 0
    P = categorical(H=0.5, T=0.5)
    Q = categorical(H=0.4, T=0.6)

    HTTHHHTTHH

    sequence            HTTHHHTTHH   (N = 10)
    counts              H 6, T 4
    ln P(seq)           -6.93147 = 6·ln 0.5 + 4·ln 0.5
    ln Q(seq)           -7.54105 = 6·ln 0.4 + 4·ln 0.6
    P(seq)/Q(seq)       1.83965
    its logarithm       +0.609575 nats
    divided by N        +0.0609575 nats (+0.0879431 bits) per symbol
    if P is true        L has mean KL(P‖Q) = 0.020411: L is 0.632 standard errors above
    if Q is true        L has mean −KL(Q‖P) = -0.0201355: L is 1.29 standard errors above
    the sequence favours P

    its row in trials.csv, in nats:
      condition,trial,n,estimator,estimate
      1,7,10,log_ratio,0.06095750807094399
    ");
    let json = workspace.run(["replay", "coin.toml", "--condition", "2", "--trial", "1000", "--json"]).succeeds().out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["sequence"].as_array().unwrap().len(), 100);
    assert_eq!((&json["n"], &json["score"]["n"]), (&100.into(), &100.into()));
}

#[test]
fn what_cannot_be_replayed_is_refused() {
    let workspace = Workspace::with_spec(COIN);
    let run = |arguments: &[&str]| workspace.run(["replay", "coin.toml"].into_iter().chain(arguments.iter().copied()));
    run(&["--trial", "0"]).refuses().says("there is no trial 0: the condition has 1000");
    run(&["--trial", "1001"]).refuses().says("there is no trial 1001");
    run(&["--condition", "3", "--trial", "1"]).refuses().says("there is no condition 3: the experiment has 2");
    run(&["--trial", "1", "--sampler", "tally"]).refuses().says("so no single trial can be replayed");
}
