//! Pages: the index of several experiments, long tables, `report --open` and `demo`.

use crate::harness::{COIN, Workspace};
use kl_runner::record::SavedResults;
use kl_runner::report::figure::thumbnail;
use std::path::Path;
use std::time::{Duration, Instant};

/// A workspace with a browser that writes down what it is to open.
#[cfg(unix)]
fn with_browser(workspace: Workspace) -> Workspace {
    use std::os::unix::fs::PermissionsExt;
    let workspace = workspace.file("browser", "#!/bin/sh\nprintf '%s' \"$*\" >opened.new && mv opened.new opened\n");
    std::fs::set_permissions(workspace.path("browser"), std::fs::Permissions::from_mode(0o755)).unwrap();
    workspace
}

/// Runs the program with this `BROWSER`, and no display.
#[cfg(unix)]
fn browsing(here: &Workspace, browser: &str, words: &[&str]) -> crate::harness::Ended {
    let mut command = here.command(words.iter().copied());
    command.env("BROWSER", browser).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WSL_DISTRO_NAME");
    crate::harness::Ended::new(command.output().unwrap())
}

/// What the browser was asked to open; it starts on its own.
#[cfg(unix)]
fn opened(here: &Workspace) -> String {
    let start = Instant::now();
    while !here.path("opened").exists() {
        assert!(start.elapsed() < Duration::from_secs(60), "nothing was opened");
        std::thread::sleep(Duration::from_millis(10));
    }
    let opened = here.read("opened");
    std::fs::remove_file(here.path("opened")).unwrap();
    opened
}

#[cfg(unix)]
#[test]
fn a_page_is_opened_in_the_browser_that_the_user_names() {
    let here = with_browser(Workspace::with_spec(COIN).file("other.toml", COIN));
    here.run(["coin.toml", "other.toml", "--quiet"]).succeeds();
    let page = |path: &str| here.path(path).display().to_string();
    // --open alone makes pages.
    let ended = browsing(&here, "./browser", &["report", "results/coin", "--open"]).succeeds();
    assert_eq!(ended.out, "results/coin/report.html\n");
    assert_eq!(ended.err, "opened results/coin/report.html in the browser\n");
    assert_eq!(opened(&here), page("results/coin/report.html"));
    // Of several it is the index; `%s` stands for the page, and the first browser that can be started is taken.
    browsing(
        &here,
        "no-such-browser:./browser --new %s now",
        &["report", "--open", "--format", "html", "--out", "site"],
    )
    .succeeds()
    .says("opened site/index.html in the browser");
    assert_eq!(opened(&here), format!("--new {} now", page("site/index.html")));
}

#[cfg(unix)]
#[test]
fn without_a_browser_the_page_is_there_and_is_told() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--quiet"]).succeeds();
    for browser in ["", "no-such-browser"] {
        let ended = browsing(&here, browser, &["report", "results/coin", "--open"]).succeeds();
        let reason = if browser.is_empty() { "there is no display" } else { "BROWSER names \"no-such-browser\"" };
        let address = format!("open file://{}", here.path("results/coin/report.html").display());
        let ended = ended.says("note: results/coin/report.html is not opened, since ").says(reason).says(&address);
        assert_eq!(ended.out, "results/coin/report.html\n");
        assert!(here.path("results/coin/report.html").exists());
        std::fs::remove_file(here.path("results/coin/report.html")).unwrap();
    }
}

#[test]
fn only_pages_can_be_opened() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--quiet"]).succeeds();
    let before = here.contents("");
    for format in ["terminal", "csv", "json", "markdown", "latex", "pdf", "png", "svg"] {
        here.run(["report", "results/coin", "--open", "--format", format])
            .refuses()
            .says(&format!("--open has no effect with --format {format}"))
            .says("these formats have it: html");
    }
    here.run(["report", "--splice", "README.md", "--open"]).refuses();
    assert_eq!(here.contents(""), before);
}

#[test]
fn a_demo_leaves_an_experiment_its_results_and_a_page() {
    let here = Workspace::new();
    let ended = here.run(["demo", "--no-open"]).succeeds().shows("all 4 conditions agree with theory");
    let ended = ended.says("wrote kl-demo/results/coin/report.html").says("next: change kl-demo/coin.toml");
    assert!(!ended.err.contains("opened"), "{}", ended.err);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    assert_eq!(here.read("kl-demo/coin.toml"), shipped("experiments/coin.toml"));
    assert_eq!(here.read("kl-demo/results/coin/summary.csv"), shipped("results/coin/summary.csv"));
    assert!(here.read("kl-demo/results/coin/report.html").contains("<h1>coin</h1>"));
    // What it says to write works.
    here.run(["kl-demo/coin.toml", "--out", "kl-demo/results"]).succeeds();
    // Once more, it leaves the same.
    let before = here.contents("");
    here.run(["demo", "--no-open"]).succeeds();
    assert_eq!(here.contents(""), before);
}

#[test]
fn a_demo_replaces_nothing_of_the_users_own() {
    let refused = |here: &Workspace, path: &str| {
        let before = here.contents("");
        here.run(["demo", "--no-open", "--out", "."])
            .refuses()
            .says(&format!("{path} is not what a demo left, and is not replaced"))
            .says("choose another folder with --out");
        assert_eq!(here.contents(""), before);
    };
    refused(&Workspace::with_spec(COIN), "./coin.toml");
    // The folder is looked at before the experiment is written.
    let here = Workspace::new();
    std::fs::create_dir_all(here.path("results/coin")).unwrap();
    std::fs::write(here.path("results/coin/mine.txt"), "mine").unwrap();
    refused(&here, "./results/coin");
    let here = Workspace::new();
    here.run(["demo", "--no-open", "--out", "."]).succeeds();
    // Results of another spec, and a folder of something else.
    here.run(["coin.toml", "--quiet", "--seed", "1"]).succeeds();
    refused(&here, "./results/coin");
    std::fs::remove_dir_all(here.path("results")).unwrap();
    std::fs::create_dir_all(here.path("results/coin")).unwrap();
    std::fs::write(here.path("results/coin/report.html"), "mine").unwrap();
    refused(&here, "./results/coin");
}

/// The lines of the index: of rows without tests, of none but decisions, of saved trials.
#[test]
fn the_index_says_what_is_known_of_each() {
    let impossible = "trials = 50\nN = [3, 5]\nP.bernoulli.p = 0.5\nQ.bernoulli.p = 1\n";
    let decided = "trials = 200\nN = 30\nP.bernoulli.p = 0.5\nQ.bernoulli.p = 0.7\n[decide]\nalpha = 0.05\n";
    let some = "trials = 200\nN = [2, 10]\nestimators = [\"log_ratio\", \"knn\"]\nP.normal = { mean = 0, std_dev = 1 }\n\
                Q.normal = { mean = 1, std_dev = 1 }\n";
    let here = Workspace::with_spec(COIN)
        .file("impossible.toml", impossible)
        .file("decided.toml", decided)
        .file("some.toml", some)
        .file("study.csv", "estimate,method\n1,a\n2,a\n1.5,b\n2.5,b\n");
    here.run(["coin.toml", "impossible.toml", "decided.toml", "some.toml", "--quiet"]).succeeds();
    here.run(["summarize", "study.csv", "--truth", "2", "--by", "method", "--save", "results/study"]).succeeds();
    let told = here.run(["report", "results", "--format", "html"]).succeeds().out;
    assert!(told.ends_with("results/study/report.html\nresults/index.html\n"), "{told}");
    let index = here.read("results/index.html");
    assert!(index.contains("5 experiments: "), "{index}");
    let line = |name: &str| {
        let start = index.find(&format!("<a href=\"{name}/report.html\">{name}</a>")).unwrap();
        index[start..].split("</tr>").next().unwrap().to_owned()
    };
    // The same numbers as in the results.
    let rows = here.rows("results/coin/summary.csv");
    let farthest = rows.iter().max_by(|a, b| z(a).total_cmp(&z(b))).unwrap();
    let coin = line("coin");
    assert!(coin.contains(&format!("data-value=\"{}\">", z(farthest))), "{coin}");
    assert!(coin.contains(&format!("N\u{a0}=\u{a0}{}</span>", farthest["n"])), "{coin}");
    assert!(coin.contains(">agrees</strong>") && coin.contains("data-value=\"2\">2<"), "{coin}");
    assert!(coin.contains("<svg") && coin.contains("class=\"kl-fill kl-bar\""), "{coin}");
    let impossible = line("impossible");
    assert!(impossible.contains(">infinite</strong>") && impossible.contains(">none</td>"), "{impossible}");
    let untested = here.rows("results/some/summary.csv").iter().filter(|row| row["verdict"] == "untested").count();
    assert_eq!(untested, 2);
    assert!(line("some").contains("data-value=\"4\">4 <span class=\"where\">2 untested</span>"), "{}", line("some"));
    assert!(line("decided").contains(">agrees</strong>"), "{}", line("decided"));
    let study = line("study");
    assert!(study.contains(">no limits</strong>") && study.contains("data-value=\"2\">2<"), "{study}");
    assert!(here.read("results/study/report.html").contains("href=\"../index.html\""));
}

fn z(row: &std::collections::BTreeMap<String, String>) -> f64 {
    row["z"].parse::<f64>().unwrap().abs()
}

/// Every shipped experiment has a small picture, without words that nobody could read; where no law is kept it shows the means.
#[test]
fn small_pictures_are_of_the_estimates_or_of_their_means() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    let folders = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let mut count = 0;
    for folder in folders {
        let results = SavedResults::read(&folder).unwrap();
        let small = thumbnail(&results).unwrap_or_else(|| panic!("{} has none", folder.display()));
        check_picture(&small, "a histogram of the estimates");
        let has_means = results.rows.iter().any(|row| row.comparison.z.is_some());
        let without_law = SavedResults { bins: Vec::new(), ..results };
        let means = thumbnail(&without_law);
        assert_eq!(means.is_some(), has_means, "{}", folder.display());
        means.iter().for_each(|means| check_picture(means, "beside theory"));
        count += 1;
    }
    assert!(count > 20);
}

fn check_picture(svg: &str, shows: &str) {
    let document = roxmltree::Document::parse(svg).unwrap();
    let named = |name: &'static str| {
        document.descendants().filter(move |node| node.has_tag_name(("http://www.w3.org/2000/svg", name)))
    };
    assert!(named("title").next().unwrap().text().unwrap().contains(shows), "{svg}");
    assert_eq!(named("text").count(), 0);
    assert!(named("rect").count() > 1, "{svg}");
    let painted = document.descendants().filter(|node| node.has_attribute("fill") || node.has_attribute("stroke"));
    assert!(painted.clone().count() > 2 && painted.into_iter().all(|node| node.has_attribute("class")), "{svg}");
    assert!(svg.len() < 40_000, "{} bytes", svg.len());
}
