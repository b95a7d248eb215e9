//! `runner report` as somebody who writes a paper, a pull request or a lecture uses it.

mod decisions;
mod papers;
mod saved;

use crate::harness::{COIN, Workspace, contents};
use kl_runner::record::{SavedResults, SummaryRow, write_summary};
use kl_runner::report::figure::{Width, figures};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Two experiments and their results.
fn finished() -> Workspace {
    let grid = "trials = 500\nN = [5, 50]\nP.bernoulli.p = 0.5\n[grid]\n\"Q.bernoulli.p\" = [0.25, 0.5, 0.75]\n";
    let workspace = Workspace::with_spec(COIN).file("grid.toml", grid);
    workspace.run(["coin.toml", "grid.toml", "--quiet"]).succeeds();
    workspace
}

fn shipped_results() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

#[test]
fn a_report_is_what_the_run_printed() {
    let workspace = Workspace::with_spec(COIN);
    let run = workspace.run(["coin.toml"]).succeeds().out;
    assert_eq!(workspace.run(["report", "results/coin"]).succeeds().out, run.trim_end().to_owned() + "\n");
    // Any file of the folder names it, and so does what it lies in.
    assert_eq!(
        workspace.run(["report", "results/coin/law.csv"]).succeeds().out,
        workspace.run(["report"]).succeeds().out
    );
    // Nothing is read but results.
    std::fs::remove_file(workspace.path("coin.toml")).unwrap();
    workspace.run(["report", "results/coin"]).succeeds().shows("both conditions agree with theory");
}

/// Reading and writing lose nothing.
#[test]
fn saved_rows_come_back_whole() {
    for folder in shipped_results() {
        let results = SavedResults::read(&folder).unwrap();
        let written = write_summary(&results.overview, results.rows.iter().cloned(), Vec::new()).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert_eq!(written, std::fs::read_to_string(folder.join("summary.csv")).unwrap(), "{}", folder.display());
    }
}

/// The last point of a path has the moments of the row, and those before it are exact, too: a path of a chain is enumerated.
#[test]
fn paths_have_their_exact_moments() {
    for folder in shipped_results() {
        let results = SavedResults::read(&folder).unwrap();
        // Where tests end sequences the moments after so many symbols are not known.
        let is_stopped = |row: &&SummaryRow<'_>| row.decisions.iter().any(|found| found.outcome == "undecided");
        for row in results.rows.iter().filter(|row| !is_stopped(row)) {
            let found = &row.comparison;
            for point in results.points_of(row).iter().filter(|point| point.length == row.n) {
                let near = |one: Option<f64>, other: Option<f64>| match (one, other) {
                    (Some(one), Some(other)) => one == other || (one - other).abs() <= 4e-15 * other.abs(),
                    (None, None) => true,
                    _ => false,
                };
                assert!(near(point.expected, found.expected), "{} {point:?}", folder.display());
                assert!(
                    near(point.std_dev, found.closed_form_variance.map(f64::sqrt)),
                    "{} {point:?}",
                    folder.display()
                );
            }
        }
    }
    let chain = "trials = 8\nN = 3\nP.markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.4, 0.6]] }\nQ = [0.5, 0.5]\n";
    let workspace = Workspace::with_spec(chain);
    workspace.run(["coin.toml", "--quiet"]).succeeds();
    let steps = [[0.9f64, 0.1], [0.4, 0.6]];
    for row in workspace.rows("results/coin/paths.csv") {
        let length: u32 = row["length"].parse().unwrap();
        let (mut mean, mut square) = (0.0, 0.0);
        for sequence in 0..1usize << length {
            let state = |place: u32| (sequence >> place) & 1;
            let moves = (1..length).map(|place| steps[state(place - 1)][state(place)]);
            let probability = 0.5 * moves.product::<f64>();
            let estimate = libm::log(probability * (1u64 << length) as f64) / f64::from(length);
            mean += probability * estimate;
            square += probability * estimate * estimate;
        }
        let value = |column: &str| row[column].parse::<f64>().unwrap();
        assert!((value("expected") - mean).abs() < 1e-14, "{row:?}");
        assert!((value("std_dev") - (square - mean * mean).max(0.0).sqrt()).abs() < 1e-8, "{row:?}");
    }
}

#[test]
fn markdown_has_units_and_numbers_to_their_own_error() {
    let workspace = finished();
    let shown = workspace.run(["report", "results/coin", "--format", "markdown"]).succeeds();
    insta::assert_snapshot!(shown.out, @"
    | N | closed form (nats) | mean (nats) | z | p-value | variance ratio | p of ratio | verdict |
    |---:|---:|---:|---:|---:|---:|---:|---|
    | 10 | 0.020411 | 0.0193 ± 0.0020 | -0.6 | 0.58 | 1.046 ± 0.042 | 0.29 | agree |
    | 100 | 0.020411 | 0.02054 ± 0.00064 | 0.2 | 0.84 | 1.020 ± 0.045 | 0.67 | agree |
    ");
    let shown = workspace
        .run([
            "report",
            "results/coin",
            "--format",
            "markdown",
            "--columns",
            "N,mean,closed_form_variance",
            "--errors",
            "columns",
        ])
        .succeeds();
    insta::assert_snapshot!(shown.out, @"
    | N | mean (nats) | mcse of mean (nats) | exact variance (nats²) |
    |---:|---:|---:|---:|
    | 10 | 0.0193 | 0.0020 | 0.00411005 |
    | 100 | 0.02054 | 0.00064 | 0.000411005 |
    ");
    let shown = workspace.run(["report", "results/coin", "--columns", "N,mean", "--errors", "parentheses"]).succeeds();
    insta::assert_snapshot!(shown.out, @"
    coin
      P = categorical(H=0.5, T=0.5)
      Q = categorical(H=0.4, T=0.6)
      1,000 trials per condition, seed 57, sampler sequence, in nats

        N         mean
       10   0.0193(20)
      100  0.02054(64)

    KL(P‖Q) is 0.020411 nats (0.029447 bits) per symbol, and 1,000 sequences of N = 100 gave 0.02054 ± 0.00064 nats (0.02963 ± 0.00092 bits); both conditions agree with theory (4 tests, joint false-alarm rate 1e-6).
    ");
}

#[test]
fn programs_get_every_digit() {
    let workspace = finished();
    let summary = workspace.rows("results/coin/summary.csv");
    let shown =
        workspace.run(["report", "results/coin", "--format", "csv", "--columns", "n,mean,verdict"]).succeeds().out;
    let lines: Vec<String> =
        summary.iter().map(|row| format!("{},{},{}\n", row["n"], row["mean"], row["verdict"])).collect();
    assert_eq!(shown, format!("n,mean,verdict\n{}", lines.concat()));
    // Of several experiments, the columns of all.
    let shown = workspace.run(["report", "results", "--format", "csv"]).succeeds().out;
    let mut reader = csv::Reader::from_reader(shown.as_bytes());
    assert!(reader.headers().unwrap().iter().any(|name| name == "Q.bernoulli.p"));
    assert_eq!(reader.records().map(Result::unwrap).filter(|row| &row[0] == "grid").count(), 6);
    let shown = workspace.run(["report", "results/coin", "--format", "json"]).succeeds().out;
    let json: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let row = &json["experiments"][0]["rows"][1];
    assert_eq!(row["mean"].as_f64().unwrap().to_string(), summary[1]["mean"]);
    assert_eq!((&row["n"], &row["infinite_expected"]), (&100.into(), &serde_json::Value::Null));
    assert!(json["experiments"][0]["finding"].as_str().unwrap().starts_with("KL(P‖Q) is 0.020411 nats"));
}

#[test]
fn rows_are_chosen_by_what_they_hold() {
    let workspace = finished();
    let table = |conditions: &[&str]| {
        let mut arguments = vec!["report", "results/grid", "--format", "csv", "--columns", "Q.bernoulli.p,N"];
        conditions.iter().for_each(|condition| arguments.extend(["--where", condition]));
        workspace.run(arguments).succeeds().out
    };
    assert_eq!(table(&["N=50"]), "Q.bernoulli.p,n\n0.25,50\n0.5,50\n0.75,50\n");
    assert_eq!(
        table(&["N == 5_0", "Q.bernoulli.p > 0.25", "verdict != disagree"]),
        "Q.bernoulli.p,n\n0.5,50\n0.75,50\n"
    );
    assert_eq!(table(&["closed_form=0", "n<=5"]), "Q.bernoulli.p,n\n0.5,5\n");
    let refused = |condition: &str| workspace.run(["report", "results/grid", "--where", condition]).refuses();
    refused("N").says("`N` is not a condition").says("--where N=1000");
    refused("M=5").says("grid has no column M").says("there are condition, p, q, n");
    refused("N=7").says("no row of grid has N = 7").says("N is 5; 50");
    refused("verdict<agree").says("only numbers are larger or smaller");
    workspace.run(["report", "results/grid", "--columns", "mena"]).refuses().says("do you mean mean?");
}

#[test]
fn one_column_goes_by_two_keys() {
    let workspace = finished();
    let pivot = ["report", "results/grid", "--rows", "Q.bernoulli.p", "--columns", "N", "--cell", "closed_form"];
    insta::assert_snapshot!(workspace.run(pivot.into_iter().chain(["--format", "markdown"])).succeeds().out, @"
    | Q.bernoulli.p | closed form, N = 5 (nats) | closed form, N = 50 (nats) |
    |---:|---:|---:|
    | 0.25 | 0.143841 | 0.143841 |
    | 0.5 | 0 | 0 |
    | 0.75 | 0.143841 | 0.143841 |
    ");
    let twice = ["report", "results/grid", "--rows", "verdict", "--columns", "N", "--cell", "mean"];
    workspace.run(twice).refuses().says("two rows of grid have one cell").says("they differ in q, Q.bernoulli.p");
    workspace.run(["report", "results/grid", "--rows", "N"]).refuses().says("--cell");
}

/// Compiles what a paper would take in, with names that mean something to LaTeX, where LaTeX is installed.
#[test]
fn latex_compiles_as_it_stands_and_in_a_paper() {
    let hostile = r#"
        question = "50 % of {σ_1} & \\input{x} ~ #1 $y$ ^ 🎲 “ñ” <b>?"
        trials = 100
        N = [1, 10]
        P.categorical = { "α_β" = 0.5, "100 %" = 0.5 }
        Q.categorical = { "α_β" = 1.0, "100 %" = 0.0 }
    "#;
    let long = "trials = 10\nN = 1\nP = [0.5, 0.5]\nQ.bernoulli.p = 0.5\nunit = \"bits\"\n[grid]\n\"P.bernoulli.p\" = { from = 0.1, to = 0.9, steps = 60 }\n";
    let long = long.replace("P = [0.5, 0.5]\n", "");
    let workspace = finished().file("hostile.toml", hostile).file("long.toml", long);
    workspace.run(["hostile.toml", "long.toml", "--quiet"]).succeeds();
    let latex = |arguments: &[&str]| {
        let arguments = ["report", "--format", "latex"].into_iter().chain(arguments.iter().copied());
        workspace.run(arguments).succeeds().out
    };
    let files = [
        ("coin.tex", latex(&["results/coin"])),
        ("errors.tex", latex(&["results/coin", "--errors", "plus-minus"])),
        ("apart.tex", latex(&["results/grid", "--errors", "columns"])),
        ("pivot.tex", latex(&["results/grid", "--rows", "Q.bernoulli.p", "--columns", "N", "--cell", "bias"])),
        ("hostile.tex", latex(&["results/hostile"])),
        ("long.tex", latex(&["results/long"])),
    ];
    assert!(files[0].1.contains(r"\toprule") && files[0].1.contains("S[table-format="), "{}", files[0].1);
    let inputs: String = files.iter().map(|(name, _)| format!("\\input{{{name}}}\n")).collect();
    let paper = format!(
        "\\documentclass[11pt]{{article}}\n\\usepackage[T1]{{fontenc}}\n\\usepackage{{booktabs,graphicx,siunitx}}\n\
         \\begin{{document}}\n{inputs}\\end{{document}}\n"
    );
    for (name, text) in files.into_iter().chain([("paper.tex", paper)]) {
        std::fs::write(workspace.path(name), text).unwrap();
        let compiled = Command::new("pdflatex")
            .args(["-interaction=nonstopmode", "-halt-on-error", name])
            .current_dir(workspace.path(""))
            .output();
        match compiled {
            Ok(compiled) => {
                assert!(compiled.status.success(), "{name}:\n{}", String::from_utf8_lossy(&compiled.stdout))
            }
            Err(_) if std::env::var_os("RUNNER_NEEDS_LATEX").is_none() => return,
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn pages_stand_on_their_own() {
    let hostile = "question = \"<script>alert(1)</script> & \\\"x\\\"\"\ntrials = 50\nN = 3\nP.categorical = { \"<b>\" = 0.5, \"&\" = 0.5 }\n\
                   Q.categorical = { \"<b>\" = 0.4, \"&\" = 0.6 }\n";
    let workspace = finished().file("hostile.toml", hostile);
    workspace.run(["hostile.toml", "--quiet"]).succeeds();
    let shown = workspace.run(["report", "results", "--format", "html"]).succeeds().out;
    assert_eq!(
        shown,
        "results/coin/report.html\nresults/grid/report.html\nresults/hostile/report.html\nresults/index.html\n"
    );
    let before = contents(&workspace.path("results"));
    for (path, bytes) in before.iter().filter(|(path, _)| path.extension().is_some_and(|kind| kind == "html")) {
        let text = String::from_utf8(bytes.clone()).unwrap();
        // The page's own script comes last, and has nothing of anybody's.
        let (text, script) = text.rsplit_once("<script>").unwrap();
        assert!(script.starts_with(include_str!("../../../src/report/html/page.js")), "{}", path.display());
        for forbidden in ["<script", "http://", "https://", "url(", "<b>", "NaN"] {
            // The one address is the name of SVG, which nobody fetches; `url(#…)` is within the page.
            let text = text.replace("http://www.w3.org/2000/svg", "").replace("url(#", "");
            assert!(!text.contains(forbidden), "{} has {forbidden}", path.display());
        }
    }
    let page = workspace.read("results/coin/report.html");
    for part in [
        "<h1>coin</h1>",
        "agrees with theory",
        "How to reproduce it",
        "<figcaption>",
        "href=\"../index.html\"",
        "href=\"summary.csv\"",
    ] {
        assert!(page.contains(part), "{part}");
    }
    // Made again, with what the first left beside the results, the bytes are the same.
    let paths = ["results/coin", "results/grid", "results/hostile", "results/index.html"];
    workspace.run(["report", "--format", "html"].into_iter().chain(paths)).succeeds();
    assert_eq!(contents(&workspace.path("results")), before);
    // They are no part of the results.
    workspace.run(["coin.toml", "--quiet"]).succeeds();
    workspace.run(["check", "coin.toml", "--only", "bytes"]).succeeds();
    workspace.run(["report", "results/coin", "--format", "html", "--out", "site"]).succeeds().shows("site/coin.html");
    assert!(!workspace.read("site/coin.html").contains("href=\"summary.csv\""));
}

/// What a page says is enough to make the results again, to the last byte.
#[test]
fn the_spec_on_a_page_makes_the_same_results() {
    // One takes as long as all others, and has the keys of another.
    for folder in shipped_results().into_iter().filter(|folder| !folder.ends_with("chess")) {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let workspace = Workspace::new();
        workspace.run(["report", folder.to_str().unwrap(), "--format", "html", "--out", "."]).succeeds();
        let page = workspace.read(&format!("{name}.html"));
        let spec = page.split("with every default</h3><pre tabindex=\"0\"><code>").nth(1).unwrap();
        let spec = spec.split("</code>").next().unwrap();
        let spec = spec.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        std::fs::write(workspace.path(&format!("{name}.toml")), spec).unwrap();
        workspace.run([format!("{name}.toml").as_str(), "--quiet"]).succeeds();
        let made = contents(&workspace.path(&format!("results/{name}")));
        for (file, bytes) in made {
            assert_eq!(bytes, std::fs::read(folder.join(&file)).unwrap(), "{name}/{}", file.display());
        }
    }
}

#[test]
fn pictures_are_files() {
    let workspace = finished();
    let shown = workspace.run(["report", "results/coin", "--format", "svg"]).succeeds().out;
    assert_eq!(
        shown,
        "results/coin/law.svg\nresults/coin/mean.svg\nresults/coin/variance.svg\nresults/coin/paths.svg\n"
    );
    let shown = workspace.run(["report", "--format", "svg", "--out", "gallery"]).succeeds().out;
    assert!(shown.ends_with("gallery/gallery.md\n"), "{shown}");
    let gallery = workspace.read("gallery/gallery.md");
    for line in shown.lines().filter_map(|line| line.strip_suffix(".svg")) {
        let file = line.strip_prefix("gallery/").unwrap();
        assert!(gallery.contains(&format!("]({file}.svg)")), "{file}");
        let svg = workspace.read(&format!("{line}.svg"));
        let document = roxmltree::Document::parse(&svg).unwrap();
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        // Every part has a class, so that a page can give it another colour.
        for part in root.descendants().filter(|part| part.has_attribute("fill") || part.has_attribute("stroke")) {
            assert!(
                part.attribute("class").is_some_and(|class| class.contains("kl-")),
                "{line}: {:?}",
                part.tag_name()
            );
        }
        for forbidden in ["NaN", "inf\"", "\"-0\"", "href"] {
            assert!(!svg.contains(forbidden), "{line} has {forbidden}");
        }
    }
}

/// Each shipped experiment has the pictures that its rows allow, with words for who cannot see them.
#[test]
fn every_shipped_experiment_has_pictures() {
    for folder in shipped_results() {
        let figures = figures(&SavedResults::read(&folder).unwrap(), Width::WIDE);
        let names: Vec<&str> = figures.iter().map(|figure| figure.name.as_str()).collect();
        assert!(names.contains(&"law"), "{}: {names:?}", folder.display());
        for figure in &figures {
            assert!(figure.caption.len() > 20 && figure.description.len() > 20, "{}: {figure:?}", folder.display());
            assert!(figure.svg.contains("<title") && figure.svg.contains("<desc"), "{}", folder.display());
        }
    }
}
