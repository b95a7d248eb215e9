//! Pictures and tables of what tests between P and Q decided.

use crate::harness::Workspace;
use kl_runner::record::SavedResults;
use kl_runner::report::figure::{Figure, Width, figures};
use kl_runner::report::significant;

/// A sequential test of two coins.
const SEQUENTIAL: &str =
    "trials = 400\nP.bernoulli.p = 0.7\nQ.bernoulli.p = 0.5\n[stop]\nalpha = 0.05\nbeta = 0.05\nmax = 500\n";

/// The results of a spec.
fn results(workspace: &Workspace) -> SavedResults {
    workspace.run(["spec.toml", "--quiet"]).succeeds();
    SavedResults::read(&workspace.path("results/spec")).unwrap()
}

fn run(spec: &str) -> SavedResults {
    results(&Workspace::new().file("spec.toml", spec))
}

/// The picture of this name, which is checked.
fn picture(results: &SavedResults, name: &str) -> Option<Figure> {
    let figure = figures(results, Width::WIDE).into_iter().find(|figure| figure.name == name)?;
    no_text_covers_another(&figure);
    assert!(figure.caption.ends_with('.') && !figure.caption.contains("  "), "{}", figure.caption);
    for forbidden in ["NaN", "inf\"", "\"-0\""] {
        assert!(!figure.svg.contains(forbidden), "{forbidden}");
    }
    Some(figure)
}

/// Every text is within the picture, and letters of two texts are never in the same place.
fn no_text_covers_another(figure: &Figure) {
    let document = roxmltree::Document::parse(&figure.svg).unwrap();
    let height: f64 = document.root_element().attribute("height").unwrap().parse().unwrap();
    let mut taken: Vec<(f64, f64, f64, String)> = Vec::new();
    for node in document.descendants().filter(|node| node.tag_name().name() == "text") {
        let number = |name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
        let (x, y, size, text) = (number("x"), number("y"), number("font-size"), node.text().unwrap());
        // Narrower than most letters.
        let width = text.chars().count() as f64 * size * 0.42;
        let left = match node.attribute("text-anchor") {
            Some("middle") => x - width / 2.0,
            Some("end") => x - width,
            _ => x,
        };
        assert!(left >= 0.0 && left + width <= 720.0 && y <= height, "{}: {text}", figure.name);
        for (from, to, line, other) in &taken {
            let is_apart = left >= *to || left + width <= *from || (y - line).abs() >= 10.0;
            assert!(is_apart, "{}: {text:?} and {other:?}", figure.name);
        }
        taken.push((left, left + width, y, text.to_owned()));
    }
}

/// The parts of a picture with this name and class.
fn count(figure: &Figure, name: &str, class: &str) -> usize {
    let document = roxmltree::Document::parse(&figure.svg).unwrap();
    let has_class = |node: &roxmltree::Node<'_, '_>| {
        node.attribute("class").is_some_and(|classes| classes.split(' ').any(|one| one == class))
    };
    document.descendants().filter(|node| node.tag_name().name() == name && has_class(node)).count()
}

fn texts(figure: &Figure) -> Vec<String> {
    let document = roxmltree::Document::parse(&figure.svg).unwrap();
    let texts = document.descendants().filter(|node| node.tag_name().name() == "text");
    texts.filter_map(|node| Some(node.text()?.to_owned())).collect()
}

#[test]
fn the_operating_characteristic_is_drawn_over_s() {
    let grid = "[grid]\n\"S.bernoulli.p\" = [0.4, 0.5, 0.6, 0.7, 0.8]\n";
    let results = run(&format!("{SEQUENTIAL}{grid}"));
    let figure = picture(&results, "operating").unwrap();
    assert_eq!(figure.title, "Operating characteristic and average sample number");
    // Five points in each panel, and one in the legend.
    assert_eq!(count(&figure, "circle", "kl-a"), 11);
    let texts = texts(&figure);
    assert_eq!(texts.iter().filter(|text| *text == "P").count(), 2);
    assert_eq!(texts.iter().filter(|text| *text == "Q").count(), 2);
    for words in ["chance to decide P", "mean number of symbols", "p of Bernoulli S", "exact"] {
        assert!(texts.iter().any(|text| text == words), "{words}: {texts:?}");
    }
    assert!(figure.caption.starts_with("The chance to decide P: at that of P, 0.7, "), "{}", figure.caption);
    let of_p =
        results.rows.iter().flat_map(|row| &row.decisions).find(|one| (&*one.truth, &*one.outcome) == ("P", "P"));
    let percent = |share: f64| format!("{} %", significant(share * 100.0, 3));
    let (rate, exact) = of_p.map(|one| (percent(one.rate.unwrap()), percent(one.exact.unwrap()))).unwrap();
    assert!(figure.caption.contains(&format!("{rate} in the trials and {exact} exactly")), "{}", figure.caption);
    assert!(figure.caption.contains("5 conditions"), "{}", figure.caption);
    assert!(picture(&results, "exponents").is_none());
}

/// A test that may take few symbols often decides nothing, which has a line of its own.
#[test]
fn tests_without_a_decision_are_seen() {
    let short = SEQUENTIAL.replace("max = 500", "max = 20");
    let grid = "[grid]\n\"S.bernoulli.p\" = [0.5, 0.6, 0.7]\n\"stop.alpha\" = [0.05, 0.2]\n";
    let figure = picture(&run(&format!("{short}{grid}")), "operating").unwrap();
    assert!(texts(&figure).iter().any(|text| text == "undecided"));
    assert!(texts(&figure).iter().any(|text| text == "stop.alpha = 0.2"));
    assert!(figure.caption.contains("end without a decision"), "{}", figure.caption);
    // Five lines are too many to tell apart.
    let grid = "[grid]\n\"S.bernoulli.p\" = [0.5, 0.6, 0.7]\n\"stop.alpha\" = [0.01, 0.02, 0.05, 0.1, 0.2]\n";
    let figure = picture(&run(&format!("{SEQUENTIAL}{grid}")), "operating").unwrap();
    assert!(figure.caption.contains("Four of 5 lines are shown."), "{}", figure.caption);
}

#[test]
fn without_a_number_conditions_are_rows() {
    let results = run(&format!("{SEQUENTIAL}[grid]\nS = [\"P\", \"Q\"]\n"));
    let figure = picture(&results, "operating").unwrap();
    assert_eq!(texts(&figure).iter().filter(|text| *text == "Q is true").count(), 2, "{:?}", texts(&figure));
    assert_eq!(count(&figure, "circle", "kl-a"), 5);
    // One condition has a table.
    assert!(picture(&run(SEQUENTIAL), "operating").is_none());
}

/// A test that rejects P or goes on never decides for it: the chance of the other decision is drawn.
#[test]
fn the_chance_to_reject_is_drawn_where_p_is_never_decided() {
    let spec = "trials = 300\nP.bernoulli.p = 0.5\nQ.bernoulli.p = 0.6\n[stop]\nz = 1.96\nfirst = 10\n\
                [grid]\n\"stop.max\" = [10, 30, 100]\n";
    let figure = picture(&run(spec), "operating").unwrap();
    let texts = texts(&figure);
    assert!(texts.iter().any(|text| text == "chance to decide Q") && !texts.iter().any(|text| text == "undecided"));
    assert!(figure.caption.contains("The chance to decide Q"), "{}", figure.caption);
    assert!(!figure.caption.contains("0 % to 0 %"), "{}", figure.caption);
}

#[test]
fn tests_of_fixed_length_have_no_mean_length() {
    let spec = "trials = 200\nN = [20, 50]\nP.bernoulli.p = 0.7\nQ.bernoulli.p = 0.5\n[decide]\nalpha = 0.05\n\
                [grid]\n\"S.bernoulli.p\" = [0.5, 0.6, 0.7]\n";
    let figure = picture(&run(spec), "operating").unwrap();
    assert_eq!(figure.title, "Operating characteristic");
    let texts = texts(&figure);
    assert!(texts.iter().any(|text| text == "N = 50") && !texts.iter().any(|text| text.contains("number of symbols")));
}

#[test]
fn error_chances_are_drawn_with_what_approximations_say() {
    let three = "trials = 1_000\nN = [10, 30, 100]\nP.categorical = [0.5, 0.3, 0.2]\nQ.categorical = [0.3, 0.3, 0.4]\n\
                 [decide]\nalpha = 0.05\nbeta = 0.01\n";
    let results = run(three);
    let figure = picture(&results, "exponents").unwrap();
    let texts = texts(&figure);
    for words in ["Chernoff bound", "Hoeffding bound", "Stein", "Strassen", "Bahadur–Rao", "normal", "exact"] {
        assert!(texts.iter().any(|text| text == words), "{words}: {texts:?}");
    }
    assert!(texts.iter().any(|text| text == "beta: P is decided though Q is true"));
    // Three shares of trials under P, and one in the legend: nothing is drawn from Q.
    assert_eq!(count(&figure, "circle", "kl-a"), 4);
    assert!(figure.caption.contains("Bounds are dashed"), "{}", figure.caption);
    assert!(picture(&results, "operating").is_none());
    // With two lengths there is a table.
    assert!(picture(&run(&three.replace("N = [10, 30, 100]", "N = [10, 30]")), "exponents").is_none());
}

/// Chances down to 10⁻²⁹⁰ have a place, and trials without an error have none.
#[test]
fn tiny_chances_are_drawn() {
    let far = "trials = 300\nunit = \"bits\"\nN = [10, 100, 1_000, 3_000, 10_000]\nP.bernoulli.p = 0.95\nQ.bernoulli.p = 0.5\n\
               [decide]\nthreshold = 0\n";
    let figure = picture(&run(far), "exponents").unwrap();
    let texts = texts(&figure);
    assert!(texts.iter().any(|text| text == "mean error: (alpha + beta)/2"), "{texts:?}");
    assert!(texts.iter().any(|text| text == "10⁻²¹⁰"), "{texts:?}");
    assert!(figure.caption.contains("Chances below 10⁻²⁹⁰ are not drawn."), "{}", figure.caption);
    assert!(
        figure.caption.contains("Where no trial ended in the error, in 4 of 5 conditions, there is no point."),
        "{}",
        figure.caption
    );
}

#[test]
fn a_page_has_the_tables_of_decisions() {
    let page = |spec: &str| {
        let workspace = Workspace::new().file("spec.toml", spec);
        workspace.run(["spec.toml", "--quiet"]).succeeds();
        workspace.run(["report", "results/spec", "--format", "html"]).succeeds();
        workspace.read("results/spec/report.html")
    };
    let sequential = page(&format!("{SEQUENTIAL}[grid]\nS = [\"P\", \"Q\"]\n"));
    for part in
        ["Decisions between P and Q", "decides P", "Symbols up to the end of a test", "50 % by", "decisions.csv"]
    {
        assert!(sequential.contains(part), "{part}");
    }
    let fixed =
        page("trials = 100\nN = [10, 20, 40]\nP.bernoulli.p = 0.7\nQ.bernoulli.p = 0.5\n[decide]\nalpha = 0.05\n");
    for part in ["Approximations beside exact values", "value/exact", "Bahadur–Rao", "id=\"picture-exponents\""] {
        assert!(fixed.contains(part), "{part}");
    }
    assert!(!fixed.contains("Symbols up to the end of a test"));
    let coin = page("trials = 100\nN = 10\nP.bernoulli.p = 0.7\nQ.bernoulli.p = 0.5\n");
    assert!(!coin.contains("Decisions between P and Q"));
}
