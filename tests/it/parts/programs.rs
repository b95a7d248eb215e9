//! Users' programs work in parts, too.

use super::interrupted::killed_and_restarted;
use super::{leftovers, shard};
use crate::harness::Workspace;

/// Four blocks of 128 trials; a program that gives no estimate of every sixtieth trial.
fn with_program(keys: &str) -> Workspace {
    failing_in(60, 500, keys)
}

/// Blocks of 128 trials; a program that gives no estimate of each trial whose number can be divided by `often`.
fn failing_in(often: u64, trials: u64, keys: &str) -> Workspace {
    let spec = format!(
        "seed = 57\ntrials = {trials}\nN = 2_000\nrecord = \"csv\"\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\nestimators = [\"log_ratio\", \
         {{ name = \"mine\", command = [\"sh\", \"mine.sh\"], input = \"counts\", expected = \"closed_form\"{keys} }}]\n"
    );
    let program = r#"read -r introduction
while read -r line; do
  t=${line#*\"trial\":}; t=${t%%,*}
  if [ $((t % OFTEN)) = 0 ]; then echo '{"error": "no luck with '$t'"}'; else echo "${t}e-6"; fi
done"#;
    Workspace::with_spec(&spec).file("mine.sh", program.replace("OFTEN", &often.to_string()))
}

#[test]
fn programs_work_in_parts() {
    let here = with_program(", max_failures = 8");
    let refused = shard(&here, "coin.toml", "1/3", &[]).refuses();
    refused.says("add --allow-commands");
    for part in ["3/3", "1/3", "2/3"] {
        shard(&here, "coin.toml", part, &["--allow-commands", "--quiet"]).succeeds();
    }
    let one = here.run(["coin.toml", "--allow-commands", "--quiet", "--out", "one"]);
    // No program is started to merge.
    let merged = here.run(["merge", "coin.toml", "--quiet"]);
    assert_eq!((one.code, merged.code), (Some(0), Some(0)), "{}", merged.err);
    assert_eq!(merged.err, one.err.replace("one/", "results/"));
    assert!(merged.err.contains("no estimate in 8 of 500 trials of condition 1"), "{}", merged.err);
    assert_eq!(here.contents("results"), here.contents("one"));
    assert_eq!(here.rows("results/coin/failures.csv").len(), 8);
    assert_eq!(leftovers(&here, "parts"), Vec::<String>::new());
}

/// No part has so many failures that it stops, and together they have.
#[test]
fn failures_of_all_parts_are_counted_together() {
    let here = with_program(", max_failures = 7");
    for part in ["1/3", "2/3", "3/3"] {
        shard(&here, "coin.toml", part, &["--allow-commands", "--quiet"]).succeeds();
    }
    let merged = here.run(["merge", "coin.toml"]).refuses();
    assert!(merged.err.contains("no estimate in 8 of 500 trials of condition 1, and was stopped"), "{}", merged.err);
    assert!(merged.err.contains("nothing was written"), "{}", merged.err);
    assert!(!here.path("results").exists());
}

#[test]
fn a_part_whose_program_fails_too_often_leaves_nothing() {
    let here = with_program(", max_failures = 1");
    let stopped = shard(&here, "coin.toml", "1/2", &["--allow-commands"]).refuses();
    assert!(stopped.err.contains("and was stopped"), "{}", stopped.err);
    assert_eq!(here.contents("parts").len(), 0);
}

/// Other threads are ahead of a checkpoint: what failed there fails again, and is counted once.
#[test]
fn failures_ahead_of_a_checkpoint_are_counted_once() {
    let here = failing_in(3, 1_500, ", max_failures = 600");
    let one = here.run(["coin.toml", "--allow-commands", "--quiet", "--out", "one"]).exits_with(1);
    let arguments =
        ["shard", "coin.toml", "--part", "1/1", "--allow-commands", "--threads", "2", "--checkpoint", "1ms", "--quiet"];
    killed_and_restarted(&here, &arguments, &here.path("parts/coin/1-of-1.unfinished"), 5).succeeds();
    let merged = here.run(["merge", "coin.toml", "--quiet"]).exits_with(1);
    assert!(merged.err.contains("no estimate in 500 of 1,500 trials"), "{}", merged.err);
    assert_eq!(merged.err, one.err.replace("one/", "results/"));
    assert_eq!(here.contents("results"), here.contents("one"));
}
