//! The schema refuses what it can know, and nothing that the reader accepts.

mod validator;

use super::{COIN, read_text};
use crate::experiment_file::key::Key;
use crate::experiment_file::keys::{KEYS, TESTS};
use crate::experiment_file::{schema, words};
use crate::programs::Program;
use kl_math::distribution::{Domain, FAMILIES};
use serde_json::{Value as Json, json};
use std::path::Path;
use std::sync::LazyLock;
use validator::Validator;

/// One schema for all tests: a program checks many files by it.
static SCHEMA: LazyLock<Json> = LazyLock::new(schema);

/// Why the schema refuses a text; `None` if it accepts it, or if the text is no TOML.
fn refusal(text: &str) -> Option<String> {
    let file: Json = toml::from_str(text).ok()?;
    Validator(&SCHEMA).refusal(&file)
}

/// Holds the schema against what the reader says of a text.
#[track_caller]
pub(super) fn check(text: &str, titles: Option<Vec<&str>>) {
    let refusal = refusal(text);
    match titles {
        None => assert_eq!(refusal, None, "the reader accepts {text}"),
        Some(titles) => {
            let known = titles.into_iter().find(|title| is_knowable(title, text));
            assert!(
                known.is_none() || refusal.is_some() || toml::from_str::<Json>(text).is_err(),
                "{known:?} of {text}"
            );
        }
    }
}

/// Whether a schema can know of a mistake: it is about one key or one value.
fn is_knowable(title: &str, text: &str) -> bool {
    let of_keys = ["there is no key", "has no key", "has no parameter", "there is no distribution", "the key `"];
    let of_values = ["must be \"", "must be a whole number", "must be a string", "must be a list of names"];
    // Not the value of a fraction, nor that of a step of a range.
    let is_written = !title.split(' ').next().unwrap_or_default().contains('/') && !text.contains("from =");
    let is_of_numbers = title.ends_with("is not a probability: a probability lies between 0 and 1") && is_written;
    of_keys.iter().chain(&of_values).any(|part| title.contains(part)) || is_of_numbers
}

#[test]
fn every_shipped_experiment_is_accepted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments");
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut count = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a text");
        assert_eq!(refusal(&text), None, "{}", file.display());
        count += 1;
    }
    assert!(count > 20);
}

/// Every part of the schema is reached, and every reference leads somewhere.
#[test]
fn every_reference_has_its_definition() {
    let text = SCHEMA.to_string();
    let definitions = SCHEMA["definitions"].as_object().expect("definitions");
    let used = |name: &str| text.contains(&format!("\"#/definitions/{name}\""));
    for reference in text.split("\"#/definitions/").skip(1) {
        let name = reference.split('"').next().unwrap_or_default();
        assert!(definitions.contains_key(name), "{name}");
    }
    for name in definitions.keys() {
        assert!(used(name), "{name} is not used");
    }
}

/// A key has a meaning, which is a sentence, and stands in the schema with it.
#[test]
fn every_key_has_a_meaning() {
    let own = |keys: &[Key]| keys.iter().map(|key| (key.name, key.meaning)).collect::<Vec<_>>();
    for (name, meaning) in own(&KEYS) {
        assert!(meaning.ends_with('.') && meaning.chars().count() > 20, "{name}: {meaning}");
        assert_eq!(SCHEMA["properties"][name]["description"], meaning, "{name}");
    }
    for (test, keys) in TESTS {
        for (name, meaning) in own(keys) {
            assert_eq!(SCHEMA["properties"][test]["properties"][name]["description"], meaning, "{test}.{name}");
        }
    }
}

#[test]
fn the_keys_of_a_program_are_those_that_are_listed_for_users() {
    let keys = SCHEMA["definitions"]["program"]["properties"].as_object().expect("keys");
    assert_eq!(keys.keys().map(String::as_str).collect::<Vec<_>>(), Program::KEYS);
}

/// A file with some of these lines below the coin is accepted by the schema if and only if the reader accepts it.
#[track_caller]
fn agree_on_subsets(before: &str, lines: &[&str], after: &str) {
    for set in 0..1u32 << lines.len() {
        let chosen: Vec<&str> = (0..lines.len()).filter(|line| set >> line & 1 == 1).map(|line| lines[line]).collect();
        let text = format!("{before}{}{after}", chosen.join(", "));
        let (read, refused) = (read_text(&text, &[]), refusal(&text));
        match read {
            Ok(_) => assert_eq!(refused, None, "{text}"),
            // A rule of one family alone.
            Err(mistakes) if mistakes.to_string().contains("truncated_normal needs `low` or `high`") => {}
            Err(mistakes) => assert!(refused.is_some(), "{text}\n{mistakes}"),
        }
    }
}

/// Of each table: all sets of its keys, with values that are right.
#[test]
fn the_keys_that_a_table_may_have_together_are_those_of_the_reader() {
    const PAIR: &str = "P.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 0.5, std_dev = 1 }\n";
    let fixed = format!("trials = 10\nN = 5\n{PAIR}");
    agree_on_subsets(
        &format!("{fixed}decide = {{ "),
        &["alpha = 0.1", "beta = 0.1", "threshold = 0", "prior = 0.5"],
        " }\n",
    );
    let stop = ["alpha = 0.1", "beta = 0.1", "upper = 2", "lower = -2", "z = 2", "first = 2", "tau = 1", "max = 9"];
    agree_on_subsets(&format!("trials = 10\n{PAIR}stop = {{ "), &stop, " }\n");
    let goal = ["mcse = 0.1", "relative_error = 0.1", "detect = 0.1", "max = 1000"];
    agree_on_subsets(&format!("N = 5\n{PAIR}trials = {{ "), &goal, " }\n");
    let range = ["from = 0.1", "to = 0.9", "steps = 3", "scale = \"log\""];
    agree_on_subsets("trials = 10\nN = 5\nP = [0.5, 0.5]\ngrid = { \"Q.bernoulli.p\" = { ", &range, " } }\n");
    let check = ["false_alarm = 0.1", "nominal_false_alarm = 0.1", "detect = 0.1", "tolerance = { relative = 0.1 }"];
    agree_on_subsets(&format!("{fixed}check = {{ "), &check, " }\n");
    let own = [
        "command = [\"./mine\"]",
        "M = 5",
        "timeout = 1",
        "max_failures = 3",
        "expected = 1",
        "same_as = \"k3\"",
        "tolerance = 0.1",
    ];
    agree_on_subsets(&format!("{COIN}estimators = [{{ name = \"mine\", "), &own[..1], " }]\n");
    for one in &own[1..6] {
        agree_on_subsets(&format!("{COIN}estimators = [{{ name = \"mine\", "), &[own[0], one, own[6]], " }]\n");
    }
}

/// Of each family: all sets of its parameters, with those of an example.
#[test]
fn the_parameters_that_a_family_may_have_together_are_those_of_the_reader() {
    for family in FAMILIES {
        let example = words::example(family);
        let names = family.parameter_names();
        let Some(inner) = example.split_once("= { ").and_then(|(_, rest)| rest.strip_suffix(" }")) else { continue };
        if names.is_empty() || inner.contains('[') {
            continue;
        }
        let mut lines: Vec<String> = inner.split(", ").map(str::to_owned).collect();
        // Those that an example leaves out; a wrong order of two ends is beyond a schema.
        let left = names.iter().filter(|name| !lines.iter().any(|line| line.starts_with(&format!("{name} ="))));
        let left: Vec<String> =
            left.map(|name| format!("{name} = {}", if *name == "low" { "-50" } else { "50" })).collect();
        lines.extend(left);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        agree_on_subsets(&format!("trials = 10\nN = 5\nQ.{example}\nP.{} = {{ ", family.name), &lines, " }\n");
    }
}

/// At both ends of each domain.
#[test]
fn numbers_have_the_domains_of_the_mathematics() {
    let numbers = [-1e300, -1.5, -1.0, 0.0, 1e-300, 0.05, 0.1, 0.5, 1.0, 1.5, 2.0, 1e12, 1e12 + 1.0, 1e30, 1e31];
    for (name, domain) in [
        ("number", Domain::Real),
        ("positive_number", Domain::Positive),
        ("non_negative_number", Domain::NonNegative),
        ("probability", Domain::Probability),
        ("positive_probability", Domain::PositiveProbability),
        ("count", Domain::Count),
        ("degrees_of_freedom", Domain::DegreesOfFreedom),
    ] {
        for number in numbers {
            let refused = Validator(&SCHEMA).refusal_by(&SCHEMA["definitions"][name], &json!(number));
            assert_eq!(refused.is_none(), domain.contains(number), "{name}: {number}");
        }
    }
}

/// At both ends of what a whole number, a chance or a size may be.
#[test]
fn the_bounds_of_keys_are_those_of_the_reader() {
    let coin = |key: &str, line: &str| {
        let others = COIN.lines().filter(|other| other.split(['=', '.', ' ']).next() != Some(key));
        others.chain([line]).map(|line| format!("{line}\n")).collect::<String>()
    };
    for (key, values) in [
        ("seed", &["-1", "0", "9223372036854775807", "0.5"][..]),
        ("trials", &["0", "1", "1e15", "1000000000000001", "1.5"]),
        (
            "trials",
            &[
                "{ mcse = 0 }",
                "{ mcse = 1 }",
                "{ detect = 1 }",
                "{ detect = 0.5, max = 1 }",
                "{ detect = 0.5, max = 2 }",
            ],
        ),
        ("N", &["0", "1", "1e12", "1000000000001", "[]", "[1, 2]", "[1, 1]", "[0]"]),
        ("level", &["0", "0.5", "1"]),
        (
            "check",
            &[
                "{ detect = 0 }",
                "{ detect = 1 }",
                "{ detect = 0.5 }",
                "{ false_alarm = 0 }",
                "{ tolerance = { relative = 1 } }",
            ],
        ),
        (
            "check",
            &["{ tolerance = { relative = 0 } }", "{ tolerance = { relative = -1 } }", "{ nominal_false_alarm = 1 }"],
        ),
        ("decide", &["{ alpha = 1 }", "{ alpha = 1e-300 }", "{ alpha = 0 }", "{ prior = 1 }", "{ threshold = -5 }"]),
        (
            "estimators",
            &[
                "[]",
                "[\"k3\"]",
                "[\"k4\"]",
                "\"k3\"",
                "[{ name = \"dirichlet\", a = 0 }]",
                "[{ name = \"dirichlet\", a = 1 }]",
            ],
        ),
        (
            "estimators",
            &[
                "[{ name = \"k3\", a = 1 }]",
                "[{ name = \"k3\", command = [\"x\"] }]",
                "[{ name = \"a b\", command = [\"x\"] }]",
            ],
        ),
        (
            "estimators",
            &[
                "[{ name = \"m\", command = [] }]",
                "[{ name = \"m\", command = [\"\"] }]",
                "[{ name = \"m\", command = [\"x\", \"\"] }]",
            ],
        ),
        (
            "estimators",
            &[
                "[{ name = \"m\", command = [\"x\"], timeout = 86400 }]",
                "[{ name = \"m\", command = [\"x\"], timeout = 86401 }]",
            ],
        ),
        ("gradient", &["\"P\"", "\"Q\"", "\"R\"", "\"P.categorical.H\"", "\"P.categorical\""]),
        ("unit", &["\"bits\"", "\"bit\""]),
        ("S", &["\"P\"", "\"Q\"", "\"R\"", "[0.5, 0.5]", "{ categorical = { H = 0.9, T = 0.1 } }", "5"]),
        (
            "P",
            &[
                "[0.5, 0.5]",
                "[1]",
                "[\"1/2\", \"1/2\"]",
                "[\"0.5\", 0.5]",
                "{ }",
                "{ bernoulli = { p = 0.5 }, normal = {} }",
            ],
        ),
        ("P", &["{ categorical = { H = 0.5, T = 1.5 } }", "{ categorical = { H = 1 } }", "{ bernouli = { p = 0.5 } }"]),
        (
            "grid",
            &["{ N = [1, 2] }", "{ N = [0] }", "{ N = { from = 1, to = 3, steps = 3 } }", "{ }", "{ seed = [1, 2] }"],
        ),
        ("case", &["[{ N = 5 }]", "[{ N = 0 }]", "[{ N = [5] }]", "[{ }]", "[]", "{ N = 5 }", "[{ n = 5 }]"]),
    ] {
        for value in values {
            let text = coin(key, &format!("{key} = {value}"));
            match read_text(&text, &[]) {
                Ok(_) => assert_eq!(refusal(&text), None, "{text}"),
                Err(mistakes) => assert!(refusal(&text).is_some(), "{text}\n{mistakes}"),
            }
        }
    }
}

/// Each way to write a path.
#[test]
fn paths_of_grids_and_cases_are_accepted_as_the_reader_accepts_them() {
    let base = "trials = 10\nN = 5\nP.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 1, std_dev = 1 }\n";
    let mixed = "trials = 10\nN = 5\nP.normal = { mean = 0, std_dev = 1 }\nQ.mixture = [{ weight = 0.5, normal = { mean = 0, std_dev = 1 } }, { weight = 0.5, normal = { mean = 1, std_dev = 1 } }]\n";
    for (before, lines) in [
        (base, "[grid]\n\"Q.normal.mean\" = [1, 2]\n"),
        (base, "[grid]\nQ.normal.mean = [1, 2]\n"),
        (base, "[grid.Q]\n\"normal.mean\" = { from = 1, to = 2, steps = 2 }\n"),
        (base, "[grid]\n\"Q.normal\" = [{ mean = 1, std_dev = 1 }, { mean = 2, std_dev = 1 }]\n"),
        (base, "[grid]\n\"Q.normal\" = { mean = [1, 2] }\n"),
        (base, "[grid]\nQ.normal.mean = [{ label = \"a\", value = 1 }, { label = \"b\", value = 2 }]\n"),
        (base, "[grid]\nQ = [{ label = \"a\", value = { normal = { mean = 1, std_dev = 1 } } }]\n"),
        (base, "[grid]\n\"Q.normal.mena\" = [1, 2]\n"),
        (base, "[grid]\n\"Q.normal.std_dev\" = [0, 2]\n"),
        (base, "[grid]\n\"Q.normal.mean\" = 5\n"),
        (base, "[grid]\n\"q.normal.mean\" = [5]\n"),
        (base, "[[case]]\nQ.normal.mean = 5\n[[case]]\nQ.normal.mean = 6\n"),
        (base, "[[case]]\n\"Q.normal.mean\" = 5\n"),
        (base, "[[case]]\nlabel = \"far\"\nQ.normal.mean = 5\n"),
        (base, "[[case]]\nlabel = \"\"\nQ.normal.mean = 5\n"),
        (base, "[[case]]\nQ.normal.mena = 5\n"),
        (base, "[decide]\nalpha = 0.1\n[grid]\n\"decide.alpha\" = [0.1, 0.2]\n"),
        (base, "[decide]\nbeta = 0.1\n[grid]\ndecide.alpha = [0.1, 0.2]\n"),
        (base, "[grid]\n\"decide.alpa\" = [0.1, 0.2]\n"),
        (mixed, "[grid]\n\"Q.mixture.2.normal.mean\" = [1, 2]\n"),
        (mixed, "[grid]\nQ.mixture.2.normal.mean = [1, 2]\n"),
        (mixed, "[grid]\n\"Q.mixture.0.normal.mean\" = [1, 2]\n"),
        (mixed, "[grid]\n\"Q.mixture.2.normal.mena\" = [1, 2]\n"),
    ] {
        let text = format!("{before}{lines}");
        match read_text(&text, &[]) {
            Ok(_) => assert_eq!(refusal(&text), None, "{text}"),
            Err(mistakes) => assert!(refusal(&text).is_some(), "{text}\n{mistakes}"),
        }
    }
}

/// What is filled in where nothing is written is what the schema calls the default.
#[test]
fn defaults_are_those_of_the_reader() {
    let plan = super::plan("trials = 10\nN = 5\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n");
    for key in ["seed", "unit", "record", "sampler", "estimators"] {
        assert_eq!(SCHEMA["properties"][key]["default"], plan.resolved[key], "{key}");
    }
}
