//! What the documents show is what the program prints. `UPDATE_DOCUMENTS=1 cargo test --test it documents` splices it
//! in.

use crate::harness::Workspace;
use std::path::{Path, PathBuf};

/// The documents whose outputs are checked.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents = vec![root.join("README.md")];
    documents.extend(std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path()));
    documents.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    documents
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

/// The words of a command line without quotes.
fn words(command: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let in_root = |word: &str| match word.strip_prefix("experiments/") {
        Some(_) => root.join(word).display().to_string(),
        None => word.to_owned(),
    };
    command.split_whitespace().map(in_root).collect()
}

/// Text with each block after a line `<!-- file … -->` replaced by that file of `docs/`, and each after a line `<!-- runner … -->` replaced by that command and what it prints.
fn spliced(text: &str) -> String {
    let here = Workspace::new();
    let mut spliced = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        spliced.push_str(line);
        spliced.push('\n');
        if let Some(name) = line.strip_prefix("<!-- file ").and_then(|rest| rest.strip_suffix(" -->")) {
            let text = std::fs::read_to_string(docs().join(name)).unwrap();
            let fence = lines.next().unwrap();
            spliced.push_str(&format!("{fence}\n{}\n```\n", text.trim_end()));
            assert!(lines.by_ref().any(|line| line == "```"), "the block of {name} ends");
            continue;
        }
        let Some(command) = line.strip_prefix("<!-- runner ").and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        if command.starts_with("report ") {
            continue;
        }
        assert_eq!(lines.next(), Some("```text"), "a block follows the marker of {command}");
        let words = words(command);
        let shown = here.run(words.iter().map(String::as_str)).succeeds().out;
        spliced.push_str(&format!("```text\n$ runner {command}\n{}\n```\n", shown.trim_end()));
        assert!(lines.by_ref().any(|line| line == "```"), "the block of {command} ends");
    }
    spliced
}

#[test]
fn documents_show_what_the_program_prints() {
    for path in documents() {
        let text = std::fs::read_to_string(&path).unwrap();
        let expected = spliced(&text);
        if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
            std::fs::write(path, expected).unwrap();
        } else {
            let name = path.display();
            assert!(text == expected, "{name} is outdated: run UPDATE_DOCUMENTS=1 cargo test --test it documents");
        }
    }
}

#[test]
fn tables_and_the_gallery_are_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let update = std::env::var_os("UPDATE_DOCUMENTS").is_some();
    let report = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_runner"));
        let ended = command.arg("report").args(arguments).current_dir(root).output().unwrap();
        String::from_utf8_lossy(&ended.stderr).into_owned()
    };
    if update {
        report(&["--splice", "README.md"]);
        report(&["results", "--format", "svg", "--out", "docs/gallery"]);
        return;
    }
    assert_eq!(report(&["--splice", "README.md", "--check"]), "");
    let fresh = tempfile::tempdir().unwrap();
    report(&["results", "--format", "svg", "--out", fresh.path().to_str().unwrap()]);
    let (committed, fresh) =
        (crate::harness::contents(&root.join("docs/gallery")), crate::harness::contents(fresh.path()));
    for (name, bytes) in &fresh {
        let name = name.display();
        assert!(
            committed.values().any(|other| other == bytes),
            "{name}: run UPDATE_DOCUMENTS=1 cargo test --test it documents"
        );
    }
    assert_eq!(committed.keys().collect::<Vec<_>>(), fresh.keys().collect::<Vec<_>>());
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

#[test]
fn links_within_the_documents_lead_somewhere() {
    for path in documents() {
        let text = std::fs::read_to_string(&path).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !target.starts_with("http") && !target.starts_with('#') {
                assert!(path.parent().unwrap().join(target).exists(), "{}: {target}", path.display());
            }
        }
    }
}
