//! Labels of cases and of values of the grid.

use crate::experiment_file::tests::message;
use insta::assert_snapshot;

fn grid(values: &str) -> String {
    message(&format!("trials = 10\nN = 10\nP = [0.5, 0.5]\n[grid]\n\"Q\" = [\n{values}\n]\n"))
}

#[test]
fn some_labels() {
    assert_snapshot!(grid("{ label = \"flat\", value = [0.4, 0.6] },\n[0.3, 0.7]"), @r#"
    error: value 2 has no label, but another one has
     --> coin.toml:7:1
      |
    6 | { label = "flat", value = [0.4, 0.6] },
      |           ------ a label
    7 | [0.3, 0.7]
      | ^^^^^^^^^^
      |
      = help: label every value, or none
    "#);
}

#[test]
fn equal_labels() {
    assert_snapshot!(grid("{ label = \"flat\", value = [0.4, 0.6] },\n{ label = \" flat\", value = [0.3, 0.7] }"), @r#"
    error: the label "flat" is given twice
     --> coin.toml:7:11
      |
    6 | { label = "flat", value = [0.4, 0.6] },
      |           ------ first here
    7 | { label = " flat", value = [0.3, 0.7] }
      |           ^^^^^^^
      |
      = help: give each its own, so that they can be told apart
    "#);
}

#[test]
fn what_is_no_label() {
    assert_snapshot!(grid("{ label = \"\", value = [0.4, 0.6] },\n{ label = [1], value = [0.3, 0.7] },\n{ label = \"z\", valeu = [0.1, 0.9] }"), @r#"
    error: a label is empty
     --> coin.toml:6:11
      |
    6 | { label = "", value = [0.4, 0.6] },
      |           ^^
      |
      = help: write a short name in quotes: label = "flat"

    error: a label is a list, but must be a text
     --> coin.toml:7:11
      |
    7 | { label = [1], value = [0.3, 0.7] },
      |           ^^^
      |
      = help: write a short name in quotes: label = "flat"

    error: a labelled value needs its key `value`
     --> coin.toml:8:1
      |
    8 | { label = "z", valeu = [0.1, 0.9] }
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write { label = "flat", value = … }
    "#);
}

/// Symbols may be called `label` and `value`.
#[test]
fn a_label_or_a_symbol() {
    let p = "trials = 10\nN = 10\nP.categorical = { label = 0.5, value = 0.5 }\n[grid]\n";
    assert_snapshot!(message(&format!("{p}\"Q.categorical\" = [{{ label = 0.4, value = 0.6 }}]\n")), @r#"
    error: this may be a labelled value, or probabilities of the symbols `label` and `value`
     --> coin.toml:5:20
      |
    5 | "Q.categorical" = [{ label = 0.4, value = 0.6 }]
      |                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: of the symbols write { label = "a name", value = { label = 0.5, value = 0.5 } }, else give a label that is not a number
    "#);
    let source = crate::experiment_file::Source {
        name: "coin.toml".into(),
        text: format!("{p}\"Q.categorical\" = [{{ label = \"a name\", value = {{ label = 0.4, value = 0.6 }} }}]\n"),
    };
    let plan = crate::experiment_file::read(&source, "coin", &[]).unwrap();
    assert_eq!(&*plan.conditions[0].label, "a name");
    assert_eq!(plan.conditions[0].settings, ["{ label = 0.4, value = 0.6 }"]);
    // A symbol called `label` among others is no label.
    let three = message(
        "trials = 1\nN = 1\nP.categorical = { label = \"1/2\", b = 0.5 }\n[grid]\n\"Q.categorical\" = [{ label = \"1/3\", b = 1 }]\n",
    );
    assert!(!three.contains("labelled"), "{three}");
}

#[test]
fn lengths_have_no_labels() {
    assert_snapshot!(message("trials = 10\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n[grid]\nN = [{ label = \"short\", value = 10 }]\n"), @r#"
    error: values of `N` have no labels
     --> coin.toml:5:16
      |
    5 | N = [{ label = "short", value = 10 }]
      |                ^^^^^^^
      |
      = help: write the numbers alone: they are shown as they are
    "#);
    assert_snapshot!(message("trials = 10\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n[[case]]\nlabel = \"short\"\nN = 10\n"), @r#"
    error: cases that set `N` alone have no labels
     --> coin.toml:5:9
      |
    5 | label = "short"
      |         ^^^^^^^
      |
      = help: remove the labels, or write N = […] above the cases
    "#);
}
