//! What is wrong with parts is said at once, and nothing is written.

use super::{MIXED, merges_to_the_same, shard, shard_all};
use crate::harness::{COIN, Workspace};

fn spec() -> String {
    COIN.replace("1_000", "500_000")
}

/// The parts of a coin, seven in all.
fn sevenths() -> Workspace {
    let here = Workspace::with_spec(&spec());
    shard_all(&here, "coin.toml", 7, &["--quiet"]);
    here
}

fn part(number: u32) -> String {
    format!("parts/coin/{number}-of-7.part")
}

/// Each fault alone: what is told of it.
#[test]
fn each_fault_alone_is_told_and_nothing_is_written() {
    let here = sevenths();
    let whole = |number: u32| std::fs::read(here.path(&part(number))).unwrap();
    let (third, fourth) = (whole(3), whole(4));
    let foreign = {
        shard(&here, "coin.toml", "3/7", &["--seed", "58", "--out", "foreign", "--quiet"]).succeeds();
        std::fs::read(here.path("foreign/coin/3-of-7.part")).unwrap()
    };
    let replaced = |from: &str, to: &str| {
        let text: Vec<u8> = third.clone();
        let at = text.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
        let mut text = [&text[..at], to.as_bytes(), &text[at + from.len()..]].concat();
        sign(&mut text);
        text
    };
    let changed = |text: &[u8]| {
        let mut text = text.to_vec();
        // The last byte before the digest.
        let last = text.len() - 66;
        text[last] ^= 1;
        text
    };
    let other = {
        let mut text = changed(&fourth);
        sign(&mut text);
        text
    };
    for (name, content, told) in [
        ("3-of-7.part", None, "missing: part 3 of 7"),
        ("3-of-7.part", Some(third[..third.len() - 10].to_vec()), "damaged: parts/coin/3-of-7.part: it is cut short"),
        ("3-of-7.part", Some(Vec::new()), "damaged: parts/coin/3-of-7.part: it is cut short"),
        ("3-of-7.part", Some(changed(&third)), "its bytes are not those that were written"),
        ("3-of-7.part", Some(foreign), "is of another seed: 58, and the spec has 57"),
        ("3-of-7.part", Some(replaced("\"stream_version\":3", "\"stream_version\":2")), "is of stream version 2"),
        ("3-of-7.part", Some(replaced("\"version\":\"0.1.0\"", "\"version\":\"0.0.9\"")), "is of kl-runner 0.0.9"),
        ("3-of-7.part", Some(replaced("\"kl_runner_part\":1", "\"kl_runner_part\":2")), "has layout 2"),
        ("3-of-7.part", Some(replaced("\"part\":\"3/7\"", "\"part\":\"2/7\"")), "says that it is part 2/7"),
        ("copy.part", Some(other), "are the same part with different contents"),
    ] {
        let path = here.path(&format!("parts/coin/{name}"));
        match &content {
            Some(content) => std::fs::write(&path, content).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        let refused = here.run(["merge", "coin.toml"]).refuses();
        assert!(refused.err.contains(told), "{told:?} is not in:\n{}", refused.err);
        assert!(refused.err.contains("  help: "), "{}", refused.err);
        assert_eq!(refused.err.matches("error").count(), 1, "{}", refused.err);
        assert!(!here.path("results").exists());
        std::fs::write(here.path(&part(3)), &third).unwrap();
        let _ = std::fs::remove_file(here.path("parts/coin/copy.part"));
    }
    // An exact copy does no harm.
    std::fs::write(here.path("parts/coin/3-of-7 (copy).part"), &third).unwrap();
    let merged = here.run(["merge", "coin.toml"]).succeeds();
    assert!(
        merged.err.contains("(copy).part is a copy of")
            || merged.err.contains("is a copy of parts/coin/3-of-7 (copy).part"),
        "{}",
        merged.err
    );
    merges_to_the_same(&here, "coin.toml", &[]);
}

/// What is missing is what no file holds, whatever the files are called.
#[test]
fn a_copy_with_the_name_of_another_part_does_not_hide_that_this_one_is_missing() {
    let here = sevenths();
    std::fs::copy(here.path(&part(4)), here.path(&part(3))).unwrap();
    let refused = here.run(["merge", "coin.toml"]).refuses();
    assert!(refused.err.contains("missing: part 3 of 7"), "{}", refused.err);
    assert!(refused.err.contains("4-of-7.part is a copy of parts/coin/3-of-7.part"), "{}", refused.err);
    assert!(!here.path("results").exists());
    assert_eq!(here.run(["merge", "coin.toml", "--missing", "--quiet"]).succeeds().out, "3\n");
}

/// Replaces the digest at the end.
pub(super) fn sign(text: &mut Vec<u8>) {
    use sha2::{Digest, Sha256};
    text.truncate(text.len() - 65);
    let digest: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
    text.extend_from_slice(digest.as_bytes());
    text.push(b'\n');
}

#[test]
fn all_faults_are_told_at_once() {
    let here = sevenths();
    let parts = |number: u32| here.path(&part(number));
    std::fs::remove_file(parts(1)).unwrap();
    std::fs::remove_file(parts(5)).unwrap();
    std::fs::remove_file(parts(6)).unwrap();
    let text = std::fs::read(parts(2)).unwrap();
    std::fs::write(parts(2), &text[..text.len() / 2]).unwrap();
    std::fs::remove_file(parts(3)).unwrap();
    shard(&here, "coin.toml", "3/7", &["--set", "N=[10, 101]", "--quiet"]).succeeds();
    std::fs::rename(parts(4), here.path("parts/coin/4-of-7.unfinished")).unwrap();
    let refused = here.run(["merge", "coin.toml"]).refuses();
    for told in [
        "missing: parts 1,5-6 of 7",
        "damaged: parts/coin/2-of-7.part: it is cut short",
        "parts/coin/3-of-7.part is of another spec: N differs",
        "unfinished: parts/coin/4-of-7.unfinished has 100 % of its part",
    ] {
        assert!(refused.err.contains(told), "{told:?} is not in:\n{}", refused.err);
    }
    assert!(!here.path("results").exists());
    let missing = here.run(["merge", "coin.toml", "--missing"]).succeeds();
    assert_eq!(missing.out, "1-6\n");
    // Doing what it says ends it.
    std::fs::remove_file(parts(3)).unwrap();
    shard_all(&here, "coin.toml", 7, &["--quiet"]);
    assert_eq!(here.run(["merge", "coin.toml", "--missing"]).succeeds().out, "");
    merges_to_the_same(&here, "coin.toml", &[]);
}

#[test]
fn missing_parts_are_listed_for_a_job_array() {
    let here = Workspace::with_spec(&spec());
    let missing = |more: &[&str]| here.run(["merge", "coin.toml", "--missing"].into_iter().chain(more.iter().copied()));
    missing(&[]).refuses().says("parts/coin holds no part").says("runner shard");
    assert_eq!(missing(&["--of", "12"]).succeeds().out, "1-12\n");
    assert!(!here.path("parts").exists());
    for part in ["1/12", "2/12", "4/12", "6/12", "7/12", "8/12"] {
        shard(&here, "coin.toml", part, &["--quiet"]).succeeds();
    }
    assert_eq!(missing(&[]).succeeds().out, "3,5,9-12\n");
    shard(&here, "coin.toml", "2/5", &["--quiet"]).succeeds();
    missing(&[]).refuses().says("the parts of 5 and of 12 do not go together to all").says("--of");
    assert_eq!(missing(&["--of", "12"]).succeeds().out, "3,5,9-12\n");
    assert_eq!(missing(&["--of", "5"]).succeeds().out, "1,3-5\n");
}

/// Parts of a run with --trials, merged without: it was the same error once for each part.
#[test]
fn a_flag_that_is_forgotten_is_one_error() {
    let here = Workspace::with_spec(COIN);
    for part in ["1/3", "2/3", "3/3"] {
        shard(&here, "coin.toml", part, &["--trials", "300", "--quiet"]).succeeds();
    }
    let refused = here.run(["merge", "coin.toml"]).refuses();
    assert!(refused.err.starts_with(
        "error: parts/coin/1-of-3.part is of another spec: trials differs (and so are 2 more parts)\n  help: give the same --trials as `runner \
         shard` had"
    ), "{}", refused.err);
    assert_eq!(refused.err.matches("is of another spec").count(), 1, "{}", refused.err);
    here.run(["merge", "coin.toml", "--trials", "300"]).succeeds();
}

#[test]
fn a_part_of_another_spec_is_never_overwritten() {
    let here = Workspace::with_spec(COIN);
    shard(&here, "coin.toml", "1/2", &["--quiet"]).succeeds();
    let before = here.contents("parts");
    shard(&here, "coin.toml", "1/2", &["--seed", "9"]).refuses().says("is of another seed: 57, and the spec has 9");
    shard(&here, "coin.toml", "1/2", &["--record"]).refuses().says("is of another spec: record differs");
    assert_eq!(here.contents("parts"), before);
    // One that is damaged is of no use to anyone.
    let path = here.path("parts/coin/1-of-2.part");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    let again = shard(&here, "coin.toml", "1/2", &[]).succeeds();
    assert!(
        again.err.contains("note: parts/coin/1-of-2.part is of no use (it is cut short): starting anew"),
        "{}",
        again.err
    );
    assert_eq!(here.contents("parts"), before);
}

#[test]
fn rows_that_are_damaged_are_told() {
    let here = Workspace::new().file("mixed.toml", MIXED);
    shard_all(&here, "mixed.toml", 3, &["--quiet"]);
    let segment = here.contents("parts/mixed/2-of-3.trials").into_keys().next().unwrap();
    let path = here.path("parts/mixed/2-of-3.trials").join(segment);
    let rows = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, rows.replacen('1', "2", 1)).unwrap();
    here.run(["merge", "mixed.toml"]).refuses().says("damaged: the rows of parts/mixed/2-of-3.part in");
    assert_eq!(here.run(["merge", "mixed.toml", "--missing"]).succeeds().out, "2\n");
    shard(&here, "mixed.toml", "2/3", &["--quiet"]).succeeds();
    merges_to_the_same(&here, "mixed.toml", &[]);
}

#[test]
fn part_numbers_and_times_that_are_none_are_refused() {
    let here = Workspace::with_spec(COIN);
    for (part, told) in [
        ("3", "write it as K/M"),
        ("8/7", "the parts of 7 are 1/7 to 7/7"),
        ("0/7", "1/7 to 7/7"),
        ("1/4294967295", "at most 1000000 parts"),
    ] {
        shard(&here, "coin.toml", part, &[]).refuses().says(told);
    }
    shard(&here, "coin.toml", "1/2", &["--checkpoint", "60"]).refuses().says("write a time as 0.2s, 60s, 5m or 2h");
    assert!(!here.path("parts").exists());
}

/// The parts have no rows, and what is recorded took time.
#[test]
fn a_merge_without_rows_keeps_the_recorded_trials() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--record", "--quiet"]).succeeds();
    let before = here.contents("results");
    shard_all(&here, "coin.toml", 2, &["--quiet"]);
    here.run(["merge", "coin.toml"]).refuses().says("does not record its trials, and would remove").says("--replace");
    assert_eq!(here.contents("results"), before);
    here.run(["merge", "coin.toml", "--replace", "--quiet"]).succeeds();
    assert!(!here.path("results/coin/trials.csv").exists());
}

/// A task that makes a part of another seed again would be refused again.
#[test]
fn missing_parts_are_listed_with_what_keeps_them_from_being_made() {
    let here = Workspace::with_spec(&spec());
    shard_all(&here, "coin.toml", 2, &["--quiet"]);
    let missing = here.run(["merge", "coin.toml", "--seed", "58", "--missing"]).succeeds();
    assert_eq!(missing.out, "1-2\n");
    assert!(
        missing.err.contains("note: parts/coin/1-of-2.part is of another seed: 57, and the spec has 58"),
        "{}",
        missing.err
    );
}

#[test]
fn a_stray_file_is_to_be_moved_away() {
    let here = Workspace::with_spec(COIN);
    shard_all(&here, "coin.toml", 1, &["--quiet"]);
    std::fs::write(here.path("parts/coin/a-of-3.part"), "stray").unwrap();
    here.run(["merge", "coin.toml"]).refuses().says("move it away: it has not the name of a part");
    std::fs::remove_file(here.path("parts/coin/a-of-3.part")).unwrap();
    std::fs::create_dir(here.path("parts/coin/1-of-2.part")).unwrap();
    shard(&here, "coin.toml", "1/2", &[]).refuses().says("it is a directory, not a file").says("move it away");
}
