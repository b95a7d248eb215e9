//! What the README shows is what the program prints. `UPDATE_README=1 cargo test --test readme` splices it in.

#![allow(clippy::unwrap_used)]

mod harness;

use harness::Workspace;
use std::path::Path;

/// Text with each block after `<!-- output: SPEC -->` replaced by what `runner SPEC` prints.
fn spliced(text: &str, root: &Path) -> String {
    let here = Workspace::new();
    let mut spliced = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        spliced.push_str(line);
        spliced.push('\n');
        let Some(spec) = line.strip_prefix("<!-- output: ").and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        assert_eq!(lines.next(), Some("```text"), "a block follows the marker");
        let shown = here.run([root.join(spec).to_str().unwrap()]).succeeds().out;
        spliced.push_str(&format!("```text\n{}\n```\n", shown.trim_end()));
        assert!(lines.by_ref().any(|line| line == "```"), "the block ends");
    }
    spliced
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("README.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let expected = spliced(&text, root);
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(path, expected).unwrap();
    } else {
        assert!(text == expected, "README.md is outdated: run UPDATE_README=1 cargo test --test readme");
    }
}

#[test]
fn every_shipped_experiment_is_in_the_readme() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("README.md")).unwrap();
    for entry in std::fs::read_dir(root.join("experiments")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(text.contains(&format!("experiments/{name}")), "{name}");
    }
}
