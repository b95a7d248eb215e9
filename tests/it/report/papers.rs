//! Figures and tables for papers: formats, widths, places, and flags that a format does not have.

use super::{finished, shipped_results};
use crate::harness::Workspace;
use kl_runner::record::SavedResults;
use kl_runner::report::figure::{Figure, PictureFormat, Width, figure, figures};
use std::process::Command;

fn shipped(name: &str) -> SavedResults {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    SavedResults::read(&root.join(name)).unwrap()
}

/// What is written in a picture, and where: left end, right end and line. Letters are taken to be narrower than most are.
fn texts(figure: &Figure) -> Vec<(f64, f64, f64, String)> {
    let document = roxmltree::Document::parse(&figure.svg).unwrap();
    let texts = document.descendants().filter(|node| node.tag_name().name() == "text");
    let text = |node: roxmltree::Node<'_, '_>| {
        let number = |name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
        let (x, y, size, text) = (number("x"), number("y"), number("font-size"), node.text().unwrap_or_default());
        let width = text.chars().count() as f64 * size * 0.42;
        let left = match node.attribute("text-anchor") {
            Some("middle") => x - width / 2.0,
            Some("end") => x - width,
            _ => x,
        };
        (left, left + width, y, text.to_owned())
    };
    texts.map(text).filter(|(.., text)| !text.is_empty()).collect()
}

/// A narrow picture is laid out again: its letters have the size of a wide one's, nothing leaves the paper, nothing covers anything, and
/// panels stand below each other.
#[test]
fn pictures_of_every_width_hold_their_words() {
    for width in [Width::of_pixels(300.0).unwrap(), Width::NARROW, Width::WIDE, Width::of_pixels(1200.0).unwrap()] {
        for folder in shipped_results() {
            for drawn in figures(&SavedResults::read(&folder).unwrap(), width) {
                let name = format!("{}, {}, {} px", folder.display(), drawn.name, width.pixels());
                let document = roxmltree::Document::parse(&drawn.svg).unwrap();
                let root = document.root_element();
                assert_eq!(root.attribute("width").unwrap().parse::<f64>().unwrap(), width.pixels(), "{name}");
                let height: f64 = root.attribute("height").unwrap().parse().unwrap();
                let mut taken: Vec<(f64, f64, f64, String)> = Vec::new();
                for (left, right, y, text) in texts(&drawn) {
                    assert!(left >= -1.0 && right <= width.pixels() + 1.0 && y <= height, "{name}: {text}");
                    for (from, to, line, other) in &taken {
                        let is_apart = left >= *to || right <= *from || (y - line).abs() >= 9.0;
                        assert!(is_apart, "{name}: {text:?} and {other:?}");
                    }
                    taken.push((left, right, y, text));
                }
            }
        }
    }
    let starts = |width: Width| {
        let law = figure(&shipped("coin"), "law", width).unwrap();
        let mut starts: Vec<i64> =
            texts(&law).iter().filter(|text| text.3.starts_with("N = ")).map(|text| text.0 as i64).collect();
        starts.dedup();
        starts.len()
    };
    assert_eq!((starts(Width::NARROW), starts(Width::WIDE)), (1, 4));
}

/// A paper has the title in the caption: without it a picture is as much lower, and nothing else moves.
#[test]
fn pictures_without_titles_are_lower() {
    let mut seen = 0;
    for folder in shipped_results() {
        for width in [Width::NARROW, Width::WIDE] {
            for drawn in figures(&SavedResults::read(&folder).unwrap(), width) {
                let name = format!("{}, {}", folder.display(), drawn.name);
                let bare = drawn.clone().without_title();
                let size = |figure: &Figure| {
                    let document = roxmltree::Document::parse(&figure.svg).unwrap();
                    let view = document.root_element().attribute("viewBox").unwrap().to_owned();
                    let height = document.root_element().attribute("height").unwrap().parse::<f64>().unwrap();
                    (view.split(' ').map(|number| number.parse::<f64>().unwrap()).collect::<Vec<_>>(), height)
                };
                let ((_, whole), (view, height)) = (size(&drawn), size(&bare));
                let (with, without) = (texts(&drawn), texts(&bare));
                let lines = with.len() - without.len();
                assert!((1..=3).contains(&lines), "{name}: {lines}");
                assert_eq!(with[lines..], without, "{name}");
                let title: Vec<&str> = with[..lines].iter().map(|text| text.3.as_str()).collect();
                assert_eq!(title.join(" "), drawn.title, "{name}");
                assert_eq!((view[1], view[3]), (whole - height, height), "{name}");
                assert!(without.iter().all(|text| text.2 - 9.0 > view[1]), "{name}");
                assert_eq!(bare.clone().without_title(), bare);
                seen += 1;
            }
        }
    }
    assert!(seen > 200, "{seen}");
    let here = Workspace::new();
    let coin = concat!(env!("CARGO_MANIFEST_DIR"), "/results/coin");
    here.run(["report", coin, "--picture", "law", "--no-title", "--out", "law.svg"]).succeeds();
    assert_eq!(here.read("law.svg"), figure(&shipped("coin"), "law", Width::WIDE).unwrap().without_title().svg);
    here.run(["report", coin, "--picture", "law", "--no-title", "--out", "law.pdf"]).succeeds();
    // Four panels below each other are too much for a page, and two are not.
    let column = ["report", coin, "--picture", "law", "--width", "229.5pt", "--out", "law.pdf"];
    let ended = here.run(column).succeeds();
    assert!(
        ended.err.starts_with("note: law.pdf is 6") && ended.err.contains("draw fewer rows with --where"),
        "{}",
        ended.err
    );
    assert_eq!(here.run(column.into_iter().chain(["--where", "N>=1000"])).succeeds().err, "");
}

/// A PDF holds letters with their fonts and no pixels; a PNG has 300 pixels to an inch. The same picture is the same bytes.
#[test]
fn pictures_are_converted_with_their_fonts() {
    let law = figure(&shipped("coin"), "law", Width::of_points(3.4 * 72.0).unwrap()).unwrap();
    let pdf = law.file(PictureFormat::Pdf).unwrap();
    let has = |text: &str| pdf.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(
        pdf.starts_with(b"%PDF-") && has("/FontFile2") && has("DejaVuSansCondensed-Bold") && !has("/Subtype /Image")
    );
    assert!(has("/MediaBox [0 0 244.8"));
    for _ in 0..8 {
        assert_eq!(pdf, law.file(PictureFormat::Pdf).unwrap());
    }
    let png = law.file(PictureFormat::Png).unwrap();
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!((&png[..8], number(16)), (&b"\x89PNG\r\n\x1a\n"[..], 1020));
    let pixels = png.windows(4).position(|part| part == b"pHYs").unwrap() + 4;
    assert_eq!((number(pixels), number(pixels + 4), png[pixels + 8]), (11_811, 11_811, 1));
    assert_eq!(law.file(PictureFormat::Svg).unwrap(), law.svg.as_bytes());
}

#[test]
fn a_flag_without_effect_is_refused() {
    let here = finished();
    let before = here.contents("results");
    for (arguments, flag) in [
        (&["--format", "svg", "--columns", "N"][..], "--columns has no effect with --format svg"),
        (&["--format", "pdf", "--rows", "N", "--columns", "N", "--cell", "mean"], "--columns has no effect"),
        (&["--format", "png", "--errors", "columns"], "--errors has no effect with --format png"),
        (&["--picture", "law", "--format", "latex"], "--picture has no effect with --format latex"),
        (&["--no-title"], "--no-title has no effect with --format terminal"),
        (&["--picture", "law", "--out", "law.eps"], "law.eps is that of a file in a format that is not written here"),
        (&["--width", "3in"], "--width has no effect with --format terminal"),
        (&["--width", "3in", "--format", "html"], "--width has no effect with --format html"),
        (&["--picture", "lwa"], "there is no picture called `lwa`"),
        (&["--picture", "errors"], "results/coin/ has no picture `errors`"),
        (&["--picture", "law,mean", "--out", "law.svg"], "2 pictures do not fit in one file, law.svg"),
        (&["--picture", "law", "--format", "pdf", "--out", "law.png"], "law.png is not that of a file of --format pdf"),
    ] {
        let ended =
            here.run(["report", "results/coin"].into_iter().chain(arguments.iter().copied())).refuses().says(flag);
        assert!(ended.err.contains("help: "), "{}", ended.err);
    }
    here.run(["report", "results/coin", "--picture", "law", "--width", "3"]).refuses().says("such as 3.4in");
    here.run(["report", "results/coin", "--picture", "law", "--width", "1in"]).refuses().says("a width is from 2.22in");
    assert_eq!(here.contents("results"), before);
}

/// --out is a file for one document and else a folder, for every format; its ending says the format.
#[test]
fn documents_go_where_out_says() {
    let here = finished();
    let report = |arguments: &[&str]| here.run(["report"].into_iter().chain(arguments.iter().copied())).succeeds().out;
    for file in ["t.tex", "t.md", "t.csv", "t.json", "t.txt", "deep/t.html"] {
        assert_eq!(report(&["results/coin", "--out", file]), format!("{file}\n"));
    }
    assert_eq!(here.read("t.csv"), report(&["results/coin", "--format", "csv"]));
    assert_eq!(here.read("t.tex"), report(&["results/coin", "--format", "latex"]));
    assert!(here.read("t.txt").contains("agree with theory") && here.read("deep/t.html").contains("<h1>coin</h1>"));
    assert_eq!(report(&["results/coin", "--picture", "law", "--out", "law.pdf"]), "law.pdf\n");
    assert_eq!(
        report(&["results/coin", "--picture", "law,mean", "--width", "86mm", "--format", "pdf", "--out", "f"]),
        "f/coin-law.pdf\nf/coin-mean.pdf\n"
    );
    assert_eq!(report(&["results", "--format", "markdown", "--out", "tables"]), "tables/coin.md\ntables/grid.md\n");
    assert_eq!(here.read("tables/grid.md"), report(&["results/grid", "--format", "markdown"]));
    here.run(["report", "results", "--out", "both.html"]).refuses().says("2 pages do not fit in one file");
}

/// --where chooses the rows of pictures and pages, too.
#[test]
fn pictures_and_pages_show_the_rows_that_are_chosen() {
    let here = finished();
    let law = |name: &str, filters: &[&str]| {
        let filters = filters.iter().flat_map(|filter| ["--where", filter]);
        here.run(["report", "results/grid", "--picture", "law", "--out", name].into_iter().chain(filters)).succeeds();
        here.read(name)
    };
    let (all, some) = (law("all.svg", &[]), law("some.svg", &["N=50", "Q.bernoulli.p=0.75"]));
    assert!(all.contains("N = 5,") && all.contains("p of Q = 0.25"));
    assert!(!some.contains("N = 5,") && !some.contains("0.25, ") && some.contains("N = 50"), "{some}");
    here.run([
        "report",
        "results/grid",
        "--out",
        "p.html",
        "--where",
        "N=50",
        "--columns",
        "N,mean",
        "--picture",
        "law",
    ])
    .succeeds();
    let page = here.read("p.html");
    assert!(page.contains("This page shows 3 of 6 rows: those with N = 50."));
    assert!(page.contains("picture-law") && !page.contains("picture-mean"));
    assert!(!page.contains("#column-verdict"), "only columns that are named");
    here.run(["report", "results/grid", "--picture", "law", "--where", "N=7"]).refuses().says("N is 5");
}

/// In a document of two columns nothing is too wide, whatever the table; it is as it should be with --width, too.
#[test]
fn tables_and_figures_fit_a_paper_of_two_columns() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/results");
    let here = Workspace::new();
    let mut inputs = String::new();
    for (name, more) in [
        ("coin", &[][..]),
        ("k-estimators", &[]),
        ("how-soon", &["--columns", "Q.bernoulli.p,N,rmse,p_value"]),
        // Long names in a narrow column: many columns below each other.
        ("coding", &["--width", "3.3in"]),
    ] {
        let file = format!("{name}.tex");
        let folder = format!("{root}/{name}");
        here.run(["report", &folder, "--out", &file].into_iter().chain(more.iter().copied())).succeeds();
        inputs += &format!("\\input{{{file}}}\n");
    }
    let coin = here.read("coin.tex");
    assert!(coin.contains("0.70 &") && coin.contains("& 1.0 &"), "{coin}");
    let k = here.read("k-estimators.tex");
    assert!(k.contains("$P_{1}$ = categorical(H=0.5, T=0.5).") && k.contains("$P_{1}$ & $Q_{1}$ & 1 &"), "{k}");
    assert!(here.read("coding.tex").contains("Part 1 of "));
    assert!(here.read("how-soon.tex").contains("0.03208(21)"), "{}", here.read("how-soon.tex"));
    for (name, width) in [("mean", "3.3in"), ("curve", "7in")] {
        let (folder, file) = (format!("{root}/how-soon"), format!("{name}.pdf"));
        here.run(["report", &folder, "--picture", name, "--width", width, "--out", &file]).succeeds();
    }
    let paper = format!(
        "\\documentclass[twocolumn]{{article}}\n\\usepackage[T1]{{fontenc}}\n\\usepackage{{booktabs,graphicx,siunitx}}\n\\begin{{document}}\nText.\n{inputs}\
         \\begin{{figure}}\\includegraphics[width=\\columnwidth]{{mean.pdf}}\\end{{figure}}\n\
         \\begin{{figure*}}\\includegraphics[width=\\textwidth]{{curve.pdf}}\\end{{figure*}}\n\\end{{document}}\n"
    );
    std::fs::write(here.path("paper.tex"), paper).unwrap();
    let compiled =
        Command::new("pdflatex").args(["-interaction=nonstopmode", "paper.tex"]).current_dir(here.path("")).output();
    match compiled {
        Ok(compiled) => {
            let said = String::from_utf8_lossy(&compiled.stdout);
            assert!(compiled.status.success(), "{said}");
            for fault in ["Overfull", "too large for page", "\n!"] {
                assert!(!said.contains(fault), "{fault}: {said}");
            }
        }
        Err(_) if std::env::var_os("RUNNER_NEEDS_LATEX").is_none() => return,
        Err(error) => panic!("{error}"),
    }
    if let Ok(fonts) = Command::new("pdffonts").arg(here.path("paper.pdf")).output() {
        let fonts = String::from_utf8_lossy(&fonts.stdout).into_owned();
        assert!(fonts.contains("DejaVuSansCondensed"), "{fonts}");
        // The column `emb` of every font.
        for line in fonts.lines().skip(2) {
            assert_eq!(line.split_whitespace().rev().nth(4), Some("yes"), "{fonts}");
        }
    }
}

/// The error of a root mean square error without a file of measures is that from the trials, as near as these know it, where an estimator has
/// no bias; else it is a bound. What importance weights do to an error that is measured is left out: their fourth moment is not seen in the
/// trials.
#[test]
fn the_error_of_an_rmse_is_that_of_the_trials() {
    let (mut compared, mut unbiased) = (0, 0);
    for name in ["k-estimators", "small-samples"] {
        for row in shipped(name).rows {
            let measured = row.measures.iter().find(|found| found.measure == kl_math::statistics::Measure::Rmse);
            let Some((measured, theory)) = measured.and_then(|found| found.mcse).zip(row.comparison.rmse_mcse()) else {
                continue;
            };
            if measured <= 1e-9 || row.comparison.infinite_trials > 0 {
                continue;
            }
            let (ratio, place) = (theory / measured, format!("{name}: {} at N = {}", row.estimator, row.n));
            assert!((0.94..2.5).contains(&ratio), "{place}: {theory} and {measured}");
            compared += 1;
            let found = &row.comparison;
            if name == "small-samples" && (found.expected.unwrap() - found.estimand()).abs() < 1e-9 {
                assert!((0.95..1.05).contains(&ratio), "{place}: {theory} and {measured}");
                unbiased += 1;
            }
        }
    }
    assert_eq!((compared, unbiased), (92, 12));
}

/// Of two experiments with one name one document was lost without a word.
#[test]
fn documents_of_one_name_are_refused() {
    let here = finished();
    here.run(["coin.toml", "--quiet", "--out", "other"]).succeeds();
    let study = "estimate\n1\n2\n1.5\n";
    let here = here.file("study.csv", study);
    for out in ["a", "b"] {
        here.run(["summarize", "study.csv", "--truth", "2", "--save", &format!("{out}/study")]).succeeds();
    }
    let before = here.contents("");
    for (folders, format) in [
        (["results/coin", "other/coin"], "csv"),
        (["results/coin", "other/coin"], "markdown"),
        (["results/coin", "other/coin"], "svg"),
        (["results/coin", "other/coin"], "html"),
        (["a/study", "b/study"], "markdown"),
        (["a/study", "b/study"], "svg"),
    ] {
        let ended = here.run(["report", folders[0], folders[1], "--format", format, "--out", "documents"]).refuses();
        assert!(ended.err.contains("would both write to"), "{format}: {}", ended.err);
        assert_eq!(here.contents(""), before, "{format}");
    }
}

/// A column that the second experiment does not have left the page of the first one there.
#[test]
fn a_mistake_in_one_folder_writes_no_page_of_another() {
    let here = finished();
    let before = here.contents("");
    here.run(["report", "results/grid", "results/coin", "--format", "html", "--columns", "Q.bernoulli.p,mean"])
        .refuses();
    assert_eq!(here.contents(""), before);
    for (file, format) in [("summary.csv", "csv"), ("manifest.json", "json"), ("law.csv", "csv")] {
        let out = format!("results/coin/{file}");
        let ended = here.run(["report", "results/coin", "--format", format, "--out", &out]).refuses();
        assert!(
            ended.err.contains(&format!("{out} is a file of results, which a report does not replace")),
            "{}",
            ended.err
        );
    }
    assert_eq!(here.contents(""), before);
    // Anywhere else the name is free, and what a report wrote is no results folder.
    here.run(["report", "results/coin", "--out", "summary.csv"]).succeeds();
    here.run(["report", "results", "--out", "results", "--format", "csv"]).succeeds();
    here.run(["report", "results/coin", "results/coin.csv", "results/grid", "results/grid.csv"]).succeeds();
}
