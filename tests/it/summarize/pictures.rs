//! Pages and pictures of other people's trials.

use crate::harness::{Ended, Workspace};
use std::collections::BTreeMap;

const MISSING: &str = include_str!("../../reference/studies/missing.csv");
const HAZARDS: &str = include_str!("../../reference/studies/hazards.csv");
const T_TESTS: &str = include_str!("../../reference/studies/t_tests.csv");

const OF_MISSING: [&str; 10] =
    ["--estimate-column", "b", "--truth", "0.5", "--by", "method", "--reference", "CC", "--trial-column", "dataset"];

const OF_HAZARDS: [&str; 8] =
    ["--estimate-column", "theta", "--truth", "-0.5", "--by", "baseline,n,model", "--decimal", ","];

/// The files that a summary of `text` writes to `out`, by name.
fn files(text: &str, format: &str, arguments: &[&str]) -> BTreeMap<String, String> {
    let here = Workspace::new().file("study.csv", text);
    let command = ["summarize", "study.csv", "--format", format, "--out", "out"];
    let ended = here.run(command.iter().chain(arguments).copied()).succeeds();
    let written: BTreeMap<String, String> = here
        .contents("out")
        .into_iter()
        .map(|(path, bytes)| (path.display().to_string(), String::from_utf8(bytes).unwrap()))
        .collect();
    let printed: Vec<String> = ended.out.lines().map(|path| path.replace("out/", "")).collect();
    assert_eq!(printed.iter().collect::<std::collections::BTreeSet<_>>(), written.keys().collect());
    written
}

/// The texts of a picture.
fn texts(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

/// How many elements have a name and a class.
fn count(svg: &str, name: &str, class: &str) -> usize {
    let document = roxmltree::Document::parse(svg).unwrap();
    let is_wanted = |node: &roxmltree::Node<'_, '_>| {
        node.has_tag_name(name) && node.attribute("class").is_some_and(|found| found.contains(class))
    };
    document.descendants().filter(is_wanted).count()
}

#[test]
fn each_study_has_the_pictures_that_it_can_have() {
    let names = |text: &str, arguments: &[&str]| files(text, "svg", arguments).into_keys().collect::<Vec<_>>();
    assert_eq!(names(MISSING, &OF_MISSING), ["study-lollipops.svg", "study-scatter.svg", "study-zip.svg"]);
    let all = ["study-lollipops.svg", "study-nested.svg", "study-scatter.svg", "study-zip.svg"];
    assert_eq!(names(HAZARDS, &OF_HAZARDS), all);
    // Without an estimand there is no zip, and without standard errors no scatter.
    let columns = ["--estimate-column", "b", "--by", "method"];
    assert_eq!(names(MISSING, &columns), ["study-lollipops.svg", "study-scatter.svg"]);
    let limits = ["--estimate-column", "diff", "--by", "dgm,method", "--truth", "-1"];
    let limits = [limits.as_slice(), &["--low-column", "conf.low", "--high-column", "conf.high"]].concat();
    let without = T_TESTS.replacen("diff,se,", "diff,own,", 1);
    assert_eq!(names(&without, &limits), ["study-lollipops.svg", "study-zip.svg"]);
    assert_eq!(names("estimate\n1\n2\n", &[]), ["study-lollipops.svg"]);
}

#[test]
fn a_zip_shows_a_share_of_misses_as_large_as_that_of_all_intervals() {
    let zip = files(MISSING, "svg", &OF_MISSING).remove("study-zip.svg").unwrap();
    let found = super::measures(MISSING, &OF_MISSING);
    let misses: f64 = ["CC", "MI_T", "MI_LOGT"]
        .iter()
        .map(|method| 100.0 * (1.0 - found[&format!("{method}/coverage")][0].parse::<f64>().unwrap()))
        .sum();
    // One line is in the legend; each of the three panels has a hundred intervals.
    let (holding, missing) = (count(&zip, "polyline", "kl-a") - 1, count(&zip, "polyline", "kl-b") - 1);
    assert_eq!(holding + missing, 300);
    assert!((missing as f64 - misses).abs() < 3.0, "{missing} of 300, and {misses} by coverage");
}

#[test]
fn lollipops_have_every_method_in_every_condition() {
    let picture = files(HAZARDS, "svg", &OF_HAZARDS).remove("study-lollipops.svg").unwrap();
    let texts = texts(&picture);
    let times = |text: &str| texts.iter().filter(|found| *found == text).count();
    // Five measures of twelve groups: nothing is compared with a reference.
    let panels =
        ["Bias", "Empirical standard error", "Root mean square error", "Error of the standard error, %", "Coverage"];
    assert!(panels.iter().all(|panel| times(panel) == 1), "{texts:?}");
    assert_eq!(["Cox", "Exp", "RP(2)"].map(times), [24; 3]);
    assert_eq!(times("baseline = Weibull, n = 250"), 6);
    assert_eq!(count(&picture, "circle", "kl-a"), 1 + 6 * 12);
}

#[test]
fn nested_loops_are_in_the_order_of_their_levels() {
    let picture = files(HAZARDS, "svg", &OF_HAZARDS).remove("study-nested.svg").unwrap();
    let texts = texts(&picture);
    for expected in ["The bias in all conditions", "baseline: Exponential, Weibull", "n: 50, 250", "Cox", "RP(2)"] {
        assert!(texts.iter().any(|text| text == expected), "{expected}: {texts:?}");
    }
    // Rows from last to first: numbers are sorted all the same.
    let mut lines: Vec<&str> = HAZARDS.lines().collect();
    lines[1..].reverse();
    let turned = files(&(lines.join("\n") + "\n"), "svg", &OF_HAZARDS).remove("study-nested.svg").unwrap();
    assert!(turned.contains("n: 50, 250"), "{turned}");
}

#[test]
fn a_page_has_the_pictures_and_all_measures() {
    let page = files(MISSING, "html", &OF_MISSING).remove("study.html").unwrap();
    for expected in ["<h1>study</h1>", "358 estimates, estimand 0.5", "picture-zip", "Precision is compared with CC."] {
        assert!(page.contains(expected), "{expected}");
    }
    let found = super::measures(MISSING, &OF_MISSING);
    let bias: f64 = found["CC/bias"][0].parse().unwrap();
    assert!(page.contains(&format!("{bias:.3} ± ")), "{bias}");
    assert_eq!(files(MISSING, "html", &OF_MISSING).remove("study.html").unwrap(), page);
}

#[test]
fn gates_are_on_the_page_and_in_the_exit_code() {
    let here = Workspace::new().file("study.csv", MISSING);
    let command = ["summarize", "study.csv", "--format", "html", "--max-abs-bias", "0.0001"];
    here.run(command.iter().chain(&OF_MISSING).copied())
        .exits_with(1)
        .says("gates: 3 of 3 values are beyond their limits");
    let page = here.read("study.html");
    assert!(page.contains("beyond a limit") && page.contains("max-abs-bias"), "{page}");
}

/// Names and values of columns are others' words.
#[test]
fn hostile_words_are_text() {
    let text = "<b>m</b>,n,k\u{202e},estimate,se\n\
        </svg><script>alert(1)</script>,1,\u{1b}[31m,1,0.1\n&amp;\",1,\u{7},2,0.1\n</title>,2,x,1.5,0.2\n";
    let by = ["--by", "n,k\u{202e},<b>m</b>", "--truth", "1"];
    let page = files(text, "html", &by).remove("study.html").unwrap();
    // The page's own script comes last.
    let (page, script) = page.rsplit_once("<script>").unwrap();
    assert!(script.starts_with(include_str!("../../../src/report/html/page.js")));
    for word in ["<script>", "\u{1b}", "\u{202e}", "\u{7}", "<b>m"] {
        let found = page.matches(word).count();
        assert_eq!(found, 0, "{word:?} in the page");
    }
    for (name, svg) in files(text, "svg", &by) {
        roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!svg.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{name}");
    }
}

#[test]
fn files_are_named_after_the_first_input() {
    let here = Workspace::new().file("a b.csv", "estimate\n1\n2\n");
    let show = |ended: Ended| ended.succeeds().out;
    assert_eq!(show(here.run(["summarize", "a b.csv", "--format", "html"])), "./a b.html\n");
    assert_eq!(
        show(here.run(["summarize", "./a b.csv", "--format", "svg", "--out", "x/y"])),
        "x/y/a b-lollipops.svg\n"
    );
    let here = here.file("taken", "");
    here.run(["summarize", "a b.csv", "--format", "svg", "--out", "taken"]).refuses().says("cannot write taken");
}

/// Settings that are too long with the names of their columns are written without them.
#[test]
fn long_settings_keep_what_differs() {
    let mut text = "the mechanism by which values are missing in the data,size,method,estimate,se\n".to_owned();
    for (setting, trial) in ["completely at random", "at random"].iter().flat_map(|one| (0..6).map(move |i| (one, i))) {
        text += &format!("missing {setting},{},m,{}.5,2\n", 50 + trial % 2, trial);
    }
    let by = ["--by", "the mechanism by which values are missing in the data,size,method", "--truth", "1"];
    let pictures = files(&text, "svg", &by);
    for name in ["study-zip.svg", "study-scatter.svg", "study-lollipops.svg"] {
        let texts = texts(&pictures[name]);
        for setting in ["missing completely at random, 50", "missing at random, 51"] {
            assert!(texts.iter().any(|text| text == setting), "{name}, {setting}: {texts:?}");
        }
    }
}

/// No label of an axis is beyond the edge of the picture.
#[test]
fn labels_are_within_the_picture() {
    let rows: String =
        (0..40).map(|i| format!("{},{},{}\n", i % 2, 1_000_000 + (i * 7919) % 4_001, 1_000 + i)).collect();
    let pictures = files(&format!("k,estimate,se\n{rows}"), "svg", &["--by", "k", "--truth", "1002000"]);
    for (name, svg) in pictures {
        let document = roxmltree::Document::parse(&svg).unwrap();
        for node in document.descendants().filter(|node| node.attribute("text-anchor") == Some("middle")) {
            let (x, words): (f64, &str) = (node.attribute("x").unwrap().parse().unwrap(), node.text().unwrap());
            let half = 2.5 * words.chars().count() as f64;
            assert!(x - half > 0.0 && x + half < 720.0, "{name}: {words:?} at {x}");
        }
    }
}
