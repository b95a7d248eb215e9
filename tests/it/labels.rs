//! Labels of conditions, and what is shown of those that have none.

use crate::harness::Workspace;

const P: &str = "seed = 3\ntrials = 200\nN = [5, 20]\n";
const VALUES: [(&str, &str); 4] = [
    ("flat", "{ apple = 0.25, pear = 0.25, plum = 0.25, fig = 0.25 }"),
    ("steep", "{ apple = 0.7, pear = 0.1, plum = 0.1, fig = 0.1 }"),
    ("two", "{ apple = 0.45, pear = 0.45, plum = 0.05, fig = 0.05 }"),
    ("rare", "{ apple = 0.33, pear = 0.33, plum = 0.339, fig = 0.001 }"),
];

/// A grid of three sources and four models.
fn grid(value: impl Fn((&str, &str)) -> String) -> String {
    let list = |some: &[(&str, &str)]| some.iter().map(|&one| value(one)).collect::<Vec<_>>().join(",\n");
    format!("{P}[grid]\n\"P.categorical\" = [{}]\n\"Q.categorical\" = [{}]\n", list(&VALUES[..3]), list(&VALUES))
}

fn labelled() -> String {
    grid(|(label, value)| format!("{{ label = \"{label}\", value = {value} }}"))
}

#[test]
fn labels_change_no_number() {
    let here = Workspace::new().file("with.toml", labelled()).file("without.toml", grid(|(_, value)| value.to_owned()));
    here.run(["with.toml", "without.toml", "--quiet"]).succeeds();
    let (with, without) = (here.rows("results/with/summary.csv"), here.rows("results/without/summary.csv"));
    assert_eq!(with.len(), 24);
    for (mut one, mut other) in with.into_iter().zip(without) {
        let label = one.remove("label").unwrap();
        let (p, q) = label.split_once(", ").unwrap();
        for (key, part) in [("P.categorical", p), ("Q.categorical", q)] {
            let value = VALUES.iter().find(|(label, _)| *label == part).unwrap().1;
            assert_eq!(one[key], value);
        }
        assert_eq!(other.remove("label").unwrap(), "");
        one.remove("experiment");
        other.remove("experiment");
        assert_eq!(one, other);
    }
    here.run(["check", "with.toml", "--only", "bytes"]).succeeds();
    let manifest: serde_json::Value = serde_json::from_str(&here.read("results/with/manifest.json")).unwrap();
    assert_eq!(manifest["spec"]["grid"]["P.categorical"][1]["label"], "steep");
    assert_eq!(manifest["spec"]["grid"]["P.categorical"][1]["value"]["apple"], 0.7);
}

#[test]
fn labels_are_shown_everywhere() {
    let here = Workspace::new().file("grid.toml", labelled());
    let out = here.run(["grid.toml"]).succeeds().out;
    let head: Vec<&str> = out.lines().filter(|line| line.contains("label") || line.contains("steep, rare")).collect();
    assert_eq!(head.len(), 3, "{out}");
    assert!(!out.contains("apple"), "{out}");
    // Conditions share sequences: three sources by two lengths; where P is Q there is nothing to test.
    assert!(out.contains("the 18 conditions have 6 independent sets of sequences"), "{out}");
    for arguments in [
        &["plan", "grid.toml"][..],
        &["report", "results/grid", "--format", "markdown"],
        &["report", "results/grid", "--format", "latex"],
    ] {
        let shown = here.run(arguments.iter().copied()).succeeds().shows("two, steep").out;
        assert!(!shown.contains("apple"), "{shown}");
    }
    here.run(["plan", "grid.toml", "--json"]).succeeds().shows("\"label\": \"two, steep\"");
    here.run(["report", "results/grid", "--format", "html", "--out", "."]).succeeds();
    assert!(here.read("grid.html").contains("two, steep"));
    here.run(["report", "results/grid", "--format", "svg", "--out", "."]).succeeds();
    let pictures = std::fs::read_dir(here.path(".")).unwrap().map(|entry| entry.unwrap().path());
    let pictures: Vec<String> = pictures
        .filter(|path| path.extension().is_some_and(|extension| extension == "svg"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    assert!(pictures.iter().any(|picture| picture.contains("steep, flat")));
    assert!(pictures.iter().all(|picture| !picture.contains("apple")));
}

/// A case has one label for all that it sets.
#[test]
fn a_case_has_a_label() {
    let chain =
        |stay: f64| format!("{{ initial = \"stationary\", transition = [[{stay}, {}], [0.4, 0.6]] }}", 1.0 - stay);
    let case = |label: &str, p: f64| {
        format!("[[case]]\nlabel = \"{label}\"\nP.markov_chain = {}\nQ.markov_chain = {}\n", chain(p), chain(0.5))
    };
    let here = Workspace::new().file("weather.toml", format!("{P}{}{}", case("sticky", 0.75), case("loose", 0.25)));
    let out = here.run(["weather.toml"]).succeeds().shows("sticky").out;
    assert!(!out.contains("P.markov_chain"), "{out}");
    assert_eq!(here.rows("results/weather/summary.csv")[2]["label"], "loose");
}

/// Without labels, what differs is shown, and the column stays empty.
#[test]
fn long_settings_are_shortened() {
    let here = Workspace::new().file("grid.toml", grid(|(_, value)| value.to_owned()));
    let out = here.run(["grid.toml"]).succeeds().shows("apple=0.33, …").out;
    assert!(out.lines().all(|line| !line.contains("plum")), "{out}");
    assert!(here.rows("results/grid/summary.csv").iter().all(|row| row["label"].is_empty()));
    // A column that is named is shown in full.
    here.run(["report", "results/grid", "--columns", "Q.categorical,mean"]).succeeds().shows("plum = 0.339");
}
