//! What parts make together is what one run makes.

use super::{MIXED, leftovers, merges_to_the_same, shard, shard_all};
use crate::harness::{COIN, Workspace, contents};
use std::path::Path;

/// Every shipped experiment in seven parts, last part first, on any number of threads: the committed bytes.
#[test]
fn shipped_experiments_in_parts_are_those_of_one_run() {
    let here = Workspace::new();
    let mut specs: Vec<_> = std::fs::read_dir("experiments").unwrap().map(|entry| entry.unwrap().path()).collect();
    specs.sort();
    assert!(specs.len() >= 18);
    for (index, spec) in specs.iter().enumerate() {
        let name = spec.file_stem().unwrap().to_str().unwrap();
        let spec = std::path::absolute(spec).unwrap();
        let spec = spec.to_str().unwrap();
        let of = [1, 2, 7][index % 3];
        for part in (1..=of).rev() {
            shard(&here, spec, &format!("{part}/{of}"), &["--threads", &(1 + part % 3).to_string(), "--quiet"])
                .succeeds();
        }
        let merged = here.run(["merge", spec, "--quiet"]);
        assert!(matches!(merged.code, Some(0 | 1)), "{name}: {}", merged.err);
        assert_eq!(
            contents(&here.path(&format!("results/{name}"))),
            contents(&Path::new("results").join(name)),
            "{name}"
        );
    }
    assert_eq!(leftovers(&here, "parts"), Vec::<String>::new());
}

/// Groups that are cut, groups that are not, and parts with nothing in them; rows of trials, too.
#[test]
fn any_number_of_parts_makes_the_same_rows() {
    let here = Workspace::new().file("mixed.toml", MIXED);
    for of in [1, 3, 40] {
        shard_all(&here, "mixed.toml", of, &["--quiet"]);
        merges_to_the_same(&here, "mixed.toml", &[]);
        std::fs::remove_dir_all(here.path("parts")).unwrap();
    }
}

#[test]
fn every_sampler_and_unit_is_cut() {
    let chain = "seed = 3\ntrials = 5_000\nN = 50\nunit = \"bits\"\n\
                 P.markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.4, 0.6]] }\nQ = [0.5, 0.5]\n";
    let normal = "seed = 3\ntrials = 20_000\nN = [4, 7]\nP.normal = { mean = 0, std_dev = 1 }\n\
                  Q.normal = { mean = 1, std_dev = 2 }\nestimators = [\"log_ratio\", \"k3\", { name = \"knn\", M = 5 }]\n";
    let far = "seed = 3\ntrials = 9_000\nN = 12\nP = [0.5, 0.4, 0.1]\nQ = [0.5, 0.5, 0]\n";
    for (name, text, sampler) in [
        ("chain", chain, "sequence"),
        ("normal", normal, "sequence"),
        ("far", far, "sequence"),
        ("far-counts", far, "counts"),
        ("coin-counts", COIN, "counts"),
        ("coin-tally", COIN, "tally"),
    ] {
        let spec = format!("{name}.toml");
        let here = Workspace::new().file(&spec, text);
        let more = ["--sampler", sampler, "--quiet"];
        shard_all(&here, &spec, 5, &more);
        merges_to_the_same(&here, &spec, &more[..2]);
    }
}

/// As after a job that was submitted again with another M.
#[test]
fn parts_of_several_numbers_go_together_where_they_meet() {
    let here = Workspace::with_spec(&COIN.replace("1_000", "100_000"));
    for part in ["1/2", "3/4", "7/8", "8/8", "2/8"] {
        shard(&here, "coin.toml", part, &["--quiet"]).succeeds();
    }
    let merged = here.run(["merge", "coin.toml"]).succeeds();
    assert!(merged.err.contains("note: parts/coin/2-of-8.part is not needed"), "{}", merged.err);
    merges_to_the_same(&here, "coin.toml", &["--replace"]);
}

#[test]
fn a_part_that_is_done_is_not_done_again() {
    let here = Workspace::with_spec(COIN);
    let first = shard(&here, "coin.toml", "2/3", &[]).succeeds();
    assert!(first.err.contains("wrote parts/coin/2-of-3.part") && first.out.is_empty(), "{}", first.err);
    let before = std::fs::metadata(here.path("parts/coin/2-of-3.part")).unwrap().modified().unwrap();
    let second = shard(&here, "coin.toml", "2/3", &[]).succeeds();
    assert!(second.err.contains("parts/coin/2-of-3.part is done already"), "{}", second.err);
    assert_eq!(std::fs::metadata(here.path("parts/coin/2-of-3.part")).unwrap().modified().unwrap(), before);
    // The first line is for people.
    let text = std::fs::read(here.path("parts/coin/2-of-3.part")).unwrap();
    let line = text.split(|&byte| byte == b'\n').next().unwrap();
    let header: serde_json::Value = serde_json::from_slice(line).unwrap();
    assert_eq!((&header["experiment"], &header["part"], &header["seed"]), (&"coin".into(), &"2/3".into(), &57.into()));
    assert_eq!(header["wanted"], header["done"]);
}

/// Two machines write the same bytes, on any number of threads and with any checkpoints.
#[test]
fn two_writers_of_a_part_write_the_same_file() {
    let here = Workspace::new().file("mixed.toml", MIXED);
    shard(&here, "mixed.toml", "2/3", &["--out", "one", "--threads", "1"]).succeeds();
    shard(&here, "mixed.toml", "2/3", &["--out", "other", "--threads", "3", "--checkpoint", "1ms"]).succeeds();
    assert_eq!(here.contents("one"), here.contents("other"));
}

/// Where together they are too many to be kept, no part keeps its own.
#[test]
fn estimates_that_exceed_the_room_are_in_no_part() {
    let text = "seed = 1\ntrials = 17e6\nN = 1\nsampler = \"counts\"\nP.normal = { mean = 0, std_dev = 1 }\n\
                Q.normal = { mean = 0.5, std_dev = 1.5 }\nlevel = 0.9\n";
    let here = Workspace::new().file("many.toml", text);
    let length = |trials: &str| {
        shard(&here, "many.toml", "9/1000", &["--trials", trials, "--out", trials, "--quiet"]).succeeds();
        std::fs::metadata(here.path(&format!("{trials}/many/9-of-1000.part"))).unwrap().len()
    };
    let (within, beyond) = (length("16e6"), length("17e6"));
    assert!(within > 8 * 10_000 && beyond < 10_000, "{within} {beyond}");
}
