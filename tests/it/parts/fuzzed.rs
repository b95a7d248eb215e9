//! What a part file says is never trusted.

use super::faults::sign;
use super::shard_all;
use crate::harness::Workspace;
use kl_runner::experiment::{RunContext, carry_out_with, planned_sampling};
use kl_runner::experiment_file::{self, Source};
use kl_runner::plan::{BlockRow, Plan};
use kl_runner::record::Recorder;
use kl_runner::store::{Identity, PartsFolder};
use kl_sim::simulation::{Cancel, Engine};

/// Sums, moments, bins, intervals and kept estimates, with theory that is quick.
const SPEC: &str = "seed = 57\ntrials = 600\nN = [20, 300]\nP.normal = { mean = 0, std_dev = 1 }\n\
                    Q.normal = { mean = 1, std_dev = 2 }\nestimators = [\"log_ratio\", \"k3\"]\nlevel = 0.9\nrecord = \"csv\"\n";

fn plan() -> Plan {
    let source = Source { name: "mixed.toml".to_owned(), text: SPEC.to_owned() };
    experiment_file::read(&source, "mixed", &[]).unwrap()
}

/// Many files that are not what was written, each with the right digest: most are refused, none leads to a panic or to
/// something that is no number, and those that are as good as the right one change nothing but sums.
#[test]
fn parts_with_any_content_are_refused_or_read() {
    let here = Workspace::new().file("mixed.toml", SPEC);
    shard_all(&here, "mixed.toml", 2, &["--quiet"]);
    let plan = plan();
    let engine = Engine::new(Some(1)).unwrap();
    let cancel = Cancel::default();
    let row = BlockRow::of(&plan, planned_sampling);
    let folder = PartsFolder::new(&here.path("parts"), "mixed");
    let path = here.path("parts/mixed/1-of-2.part");
    let whole = std::fs::read(&path).unwrap();
    let content = whole.len() - 65;
    let start = whole.iter().position(|&byte| byte == b'\n').unwrap();
    let mut state = 57u64;
    let mut random = |most: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % most.max(1)
    };
    let (mut refused, mut read) = (0, 0);
    for round in 0..1_500 {
        let mut text = whole.clone();
        // Every tenth time in the header.
        let from = if round % 10 == 0 { 0 } else { start };
        for _ in 0..=random(3) {
            let at = from + random(content - from);
            match random(5) {
                0 => text[at] ^= 1 << random(8),
                1 => text[at] = [0, 0xff, 0x7f, 0x80][random(4)],
                2 => {
                    text.remove(at);
                }
                3 => text.insert(at, random(256) as u8),
                _ => {
                    let end = (at + random(12)).min(text.len() - 65);
                    text[at..end].fill(0xff);
                }
            }
        }
        sign(&mut text);
        std::fs::write(&path, &text).unwrap();
        let gathered = folder.gather(&Identity::new(&plan, Some(&row)), &row, None).unwrap();
        let Some(mut parts) = gathered.parts else {
            assert!(!gathered.faults.is_empty());
            refused += 1;
            continue;
        };
        let mut recorder = Recorder::start(&plan, |_| Ok::<_, std::io::Error>(Vec::new())).unwrap();
        let run = RunContext { engine: &engine, cancel: &cancel, meter: &() };
        match carry_out_with(&mut parts, &plan, &planned_sampling, run, &mut recorder) {
            Ok(_) => read += 1,
            Err(_) => refused += 1,
        }
    }
    println!("{refused} refused, {read} read");
    assert!(refused > 500 && read > 0, "{refused} {read}");
}
