//! What the documents show is what the program prints. `UPDATE_DOCUMENTS=1 cargo test --test it documents` splices it
//! in.

use crate::harness::Workspace;
use kl_runner::record::RESULT_FILES;
use kl_runner::record::file::MEASURE_COLUMNS;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The documents whose outputs are checked: the README, and every page of the guide.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = crate::harness::contents(&docs()).into_keys().map(|page| docs().join(page));
    let mut documents: Vec<PathBuf> = [root.join("README.md")].into_iter().chain(pages).collect();
    documents.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    documents
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

/// The words of a command line; experiments and results of the repository are meant where the workspace has none.
fn words(command: &str, here: &Workspace) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let in_root = |word: String| {
        let is_of_root = ["experiments/", "results/"].iter().any(|folder| word.starts_with(folder));
        if is_of_root && !here.path(&word).exists() { root.join(word).display().to_string() } else { word }
    };
    shlex::split(command).unwrap().into_iter().map(in_root).collect()
}

/// What a marker of a document asks for: the block below it is kept up to date, or is written to a file.
enum Marker<'a> {
    /// `<!-- file NAME -->`: a file of `docs/`.
    File(&'a str),
    /// `<!-- write NAME -->`: the block is a file of the page's workspace, which later commands read.
    Write(&'a str),
    /// `<!-- runner … -->`, or `<!-- fails runner … -->`: the command and what it prints, all of a page in one workspace.
    Run { command: &'a str, code: i32 },
}

impl<'a> Marker<'a> {
    /// The marker that this line is, above a block that starts with `next`.
    fn new(line: &'a str, next: &str) -> Option<Self> {
        let marker = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
        // Any other text below it is a table that `runner report --splice` keeps up to date.
        if !next.starts_with("```") {
            let is_command = marker.starts_with("runner ") || marker.starts_with("fails runner ");
            assert!(!is_command || marker.starts_with("runner report"), "{line} has no block below it");
            return None;
        }
        if let Some(name) = marker.strip_prefix("file ") {
            return Some(Self::File(name));
        }
        if let Some(name) = marker.strip_prefix("write ") {
            return Some(Self::Write(name));
        }
        // A command that reports from results would be a marker for `--splice`, but for the dollar sign.
        let shown = marker.strip_prefix("$ ").unwrap_or(marker);
        match shown.strip_prefix("fails ") {
            Some(command) => Some(Self::Run { command: command.strip_prefix("runner ")?, code: 2 }),
            None => Some(Self::Run { command: shown.strip_prefix("runner ")?, code: 0 }),
        }
    }
}

/// Text with each block below a [`Marker`] brought up to date.
fn spliced(text: &str) -> String {
    let here = Workspace::new();
    let mut spliced = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        spliced.push_str(line);
        spliced.push('\n');
        let Some(marker) = Marker::new(line, lines.peek().unwrap_or(&"")) else { continue };
        let fence = lines.next().unwrap();
        let block: Vec<&str> = lines.by_ref().take_while(|&line| line != "```").collect();
        let block = match marker {
            Marker::File(name) => std::fs::read_to_string(docs().join(name)).unwrap(),
            Marker::Write(name) => {
                let (path, text) = (here.path(name), block.join("\n") + "\n");
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, &text).unwrap();
                text
            }
            Marker::Run { command, code } => {
                let words = words(command, &here);
                let ended = here.run(words.iter().map(String::as_str)).exits_with(code);
                format!("$ runner {command}\n{}", if code == 0 { ended.out } else { ended.err })
            }
        };
        spliced.push_str(&format!("{fence}\n{}\n```\n", block.trim_end()));
    }
    spliced
}

/// A table in Markdown.
fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | ").replace("  |", " |"));
    let rule: String = head.iter().map(|_| "|---").collect();
    let head: Vec<String> = head.iter().map(|&name| name.to_owned()).collect();
    format!("{}{rule}|\n{}", line(&head), rows.map(|cells| line(&cells)).collect::<String>())
}

/// The files that a run may leave.
fn result_files() -> String {
    let rows = RESULT_FILES.iter().map(|file| {
        let condition = file.condition().map_or("always".to_owned(), |condition| format!("where {condition}"));
        vec![format!("`{}`", file.name()), condition, file.content().to_owned()]
    });
    let manifest = "The experiment file with every default, its digest, the versions of the program and of its random streams, and the \
                    digest of each file.";
    let manifest = ["`manifest.json`", "always", manifest].map(str::to_owned).to_vec();
    table(&["file", "there", "what it holds"], rows.chain([manifest]))
}

/// The columns of a file.
fn columns(file: &str) -> String {
    let file = RESULT_FILES.iter().find(|found| found.name() == file).unwrap();
    let columns = file.columns();
    let rows = columns.iter().map(|column| {
        vec![format!("`{}`", column.name), column.dimension.words().to_owned(), column.meaning.replace('|', "\\|")]
    });
    table(&["column", "unit", "meaning"], rows)
}

/// The measures of `measures.csv`.
fn measures() -> String {
    let rows = MEASURE_COLUMNS.iter().map(|column| {
        let name = format!("`{}`", column.measure.name());
        vec![name, column.dimension().words().to_owned(), column.meaning.to_owned()]
    });
    table(&["measure", "unit", "meaning"], rows)
}

/// Text with the tables of the result files, which are made from their schemas, between their markers.
fn with_tables(text: &str) -> String {
    let mut result = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        result.push_str(line);
        result.push('\n');
        let marker = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
        let (table, end) = match marker {
            Some("result files") => (result_files(), "<!-- end of result files -->"),
            Some("measures") => (measures(), "<!-- end of measures -->"),
            Some(marker) if marker.starts_with("columns of ") => {
                (columns(&marker["columns of ".len()..]), "<!-- end of columns -->")
            }
            _ => continue,
        };
        result.push_str(&format!("{table}{end}\n"));
        assert!(lines.by_ref().any(|line| line == end), "{end} follows {line}");
    }
    result
}

/// The schemas of experiment files and of the result files, one file each, are those of the program.
#[test]
fn schemas_are_current() {
    let folder = docs().join("schema");
    let name = |file: &str| format!("{}.json", file.strip_suffix(".csv").unwrap());
    let of_experiments = ("experiment.schema.json".to_owned(), format!("{:#}\n", kl_runner::experiment_file::schema()));
    let of_results = RESULT_FILES.iter().map(|file| (name(file.name()), format!("{:#}\n", file.schema())));
    let expected: BTreeMap<String, String> = of_results.chain([of_experiments]).collect();
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        expected.iter().for_each(|(name, text)| std::fs::write(folder.join(name), text).unwrap());
    }
    let committed: BTreeMap<String, String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap()))
        .collect();
    assert!(committed == expected, "docs/schema/ is outdated: run UPDATE_DOCUMENTS=1 cargo test --test it documents");
}

/// Every column of every file is in a document.
#[test]
fn every_result_file_has_its_table() {
    let text = std::fs::read_to_string(docs().join("results.md")).unwrap();
    for file in RESULT_FILES {
        assert!(text.contains(&format!("<!-- columns of {} -->", file.name())), "{}", file.name());
    }
}

#[test]
fn documents_show_what_the_program_prints() {
    for path in documents() {
        let text = std::fs::read_to_string(&path).unwrap();
        let expected = with_tables(&spliced(&text));
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
        report(&["--splice", "docs/guide/papers.md"]);
        report(&["results", "--format", "svg", "--out", "docs/gallery"]);
        return;
    }
    assert_eq!(report(&["--splice", "docs/guide/papers.md", "--check"]), "");
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
fn every_shipped_experiment_is_in_the_guide() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(docs().join("experiments.md")).unwrap();
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
            let target = target.split('#').next().unwrap();
            if !target.starts_with("http") && !target.is_empty() {
                assert!(path.parent().unwrap().join(target).exists(), "{}: {target}", path.display());
            }
        }
    }
}
