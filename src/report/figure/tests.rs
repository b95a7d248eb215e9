//! Pictures of shipped results and of results made to be hard.

use super::{Figure, Width};
use crate::record::{
    ApproximationRow, DecisionRow, FORMAT, Manifest, Named, Overview, SavedBin, SavedCurvePoint, SavedInterval,
    SavedPoint, SavedResults, SummaryRow,
};
use kl_math::statistics::{Measure, Unit};
use kl_sim::comparison::{Comparison, Performance, Verdict};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

fn figures(results: &SavedResults) -> Vec<Figure> {
    super::figures(results, Width::WIDE)
}

fn figure(results: &SavedResults, name: &str) -> Option<Figure> {
    super::figure(results, name, Width::WIDE)
}

fn shipped(name: &str) -> SavedResults {
    SavedResults::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("results").join(name)).unwrap()
}

/// Results by hand: a condition for each of the lengths and settings, and a row for each estimator.
fn made(
    lengths: &[u64],
    settings: &[&str],
    estimators: &[&str],
    numbers: impl Fn(u64, &str) -> Comparison,
) -> SavedResults {
    let conditions: Vec<(&str, u64)> =
        settings.iter().flat_map(|&setting| lengths.iter().map(move |&n| (setting, n))).collect();
    let row = |place: usize, setting: &str, n: u64, estimator: &str| SummaryRow {
        condition: place + 1,
        source: Named::Label("P".to_owned()),
        model: Named::Label("Q".to_owned()),
        n,
        estimator: estimator.to_owned().into(),
        unit: Unit::Nats,
        comparison: numbers(n, estimator),
        verdict: Verdict::Agree,
        settings: vec![setting.to_owned()].into(),
        label: "".into(),
        reverse: Some(0.2),
        ruled_out: None,
        measures: Vec::new(),
        decisions: Vec::new(),
    };
    let rows = conditions.iter().enumerate();
    let rows = rows.flat_map(|(place, &(setting, n))| estimators.iter().map(move |&name| (place, setting, n, name)));
    SavedResults {
        folder: "made".into(),
        manifest: Manifest {
            format: FORMAT,
            program: String::new(),
            version: String::new(),
            stream_version: 1,
            experiment: "a <b> & \"c\"".to_owned(),
            spec: serde_json::Map::new(),
            spec_sha256: String::new(),
            distributions: BTreeMap::new(),
            external: Vec::new(),
            pilots: Vec::new(),
            files: BTreeMap::new(),
        },
        overview: Overview {
            experiment: "a <b> & \"c\"".to_owned(),
            question: None,
            seed: 0,
            sampler: "sequence".to_owned(),
            unit: Unit::Nats,
            setting_names: vec!["Q.bernoulli.p".to_owned()],
            estimators: estimators.iter().map(ToString::to_string).collect(),
        },
        rows: rows.map(|(place, setting, n, name)| row(place, setting, n, name)).collect(),
        bins: Vec::new(),
        points: Vec::new(),
        intervals: Vec::new(),
        curve: Vec::new(),
        lengths: Vec::new(),
        approximations: Vec::new(),
    }
}

fn plain(mean: f64, n: u64) -> Comparison {
    let variance = 0.5 / n as f64;
    Comparison {
        trials: 100,
        closed_form: Some(0.25),
        expected: Some(0.25),
        mean: Some(mean),
        mcse: Some((variance / 100.0).sqrt()),
        bias: Some(mean - 0.25),
        z: Some((mean - 0.25) / (variance / 100.0).sqrt()),
        closed_form_variance: Some(variance),
        variance: Some(variance * 1.1),
        variance_mcse: Some(variance * 0.1),
        variance_ratio: Some(1.1),
        ..Comparison::default()
    }
}

fn bin(ends: (f64, f64), observed: f64, exact: Option<f64>) -> SavedBin {
    let trials = (observed * 100.0) as u64;
    SavedBin { condition: 1, estimator: "log_ratio".into(), ends, trials, observed, exact, approximate: None }
}

fn curve_point(value: f64, closed_form: f64, reverse: Option<f64>) -> SavedCurvePoint {
    SavedCurvePoint { condition: 1, parameter: "Q.bernoulli.p".into(), value, closed_form, reverse }
}

/// How many elements of a picture have this name and class.
fn count(figure: &Figure, name: &str, class: &str) -> usize {
    let document = roxmltree::Document::parse(&figure.svg).unwrap();
    let has_class = |node: &roxmltree::Node<'_, '_>| {
        node.attribute("class").is_some_and(|classes| classes.split(' ').any(|one| one == class))
    };
    document.descendants().filter(|node| node.tag_name().name() == name && has_class(node)).count()
}

/// Well-formed, of finite numbers, and with ids that occur once.
fn check(figures: &[Figure]) {
    let mut ids = Vec::new();
    for figure in figures {
        let document =
            roxmltree::Document::parse(&figure.svg).unwrap_or_else(|error| panic!("{}: {error}", figure.name));
        for node in document.descendants().filter(|node| node.is_element()) {
            ids.extend(node.attribute("id").map(str::to_owned));
            for attribute in
                node.attributes().filter(|attribute| !["id", "aria-labelledby"].contains(&attribute.name()))
            {
                let words = attribute.value().split([' ', ',']);
                assert!(words.clone().all(|word| !["NaN", "inf", "-inf", "-0"].contains(&word)), "{attribute:?}");
            }
            if ["rect", "polyline", "polygon", "circle", "text"].contains(&node.tag_name().name())
                && node.parent().is_some_and(|parent| parent.tag_name().name() != "clipPath")
            {
                assert!(node.attribute("class").is_some_and(|class| class.contains("kl-")), "{node:?}");
            }
        }
        let root = document.root_element();
        let labels = root.attribute("aria-labelledby").unwrap().split(' ');
        assert!(labels.into_iter().all(|label| ids.iter().any(|id| id == label)));
        assert!(!figure.caption.contains("  ") && figure.caption.ends_with('.'), "{}", figure.caption);
        assert!(!figure.svg.contains("style="));
    }
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

fn names(figures: &[Figure]) -> Vec<&str> {
    figures.iter().map(|figure| figure.name.as_str()).collect()
}

fn caption<'a>(figures: &'a [Figure], name: &str) -> &'a str {
    &figures.iter().find(|figure| figure.name == name).unwrap().caption
}

#[test]
fn shipped_results_give_their_pictures() {
    let expected: [(&str, &[&str]); 9] = [
        ("coin", &["law", "mean", "variance", "paths"]),
        ("how-soon", &["operating", "exponents", "law", "mean", "variance", "paths", "curve"]),
        ("sprt", &["operating", "law", "mean", "paths"]),
        ("stein", &["exponents", "law", "mean", "variance"]),
        ("identical", &["law", "paths"]),
        ("impossible", &["law", "mean", "paths"]),
        ("mixed", &["law", "mean", "variance", "paths"]),
        ("poisson", &["law", "mean", "variance", "curve"]),
        ("trillion", &["law", "mean", "variance"]),
    ];
    for (name, pictures) in expected {
        let results = shipped(name);
        let drawn = figures(&results);
        assert_eq!(names(&drawn), pictures, "{name}");
        check(&drawn);
        assert_eq!(drawn, figures(&results));
    }
}

#[test]
fn captions_say_what_the_numbers_say() {
    let coin = figures(&shipped("coin"));
    let within_two = shipped("coin").rows.iter().all(|row| row.comparison.z.unwrap().abs() <= 2.0);
    assert_eq!(caption(&coin, "mean").starts_with("All four means lie within two standard errors"), within_two);
    let how_soon = shipped("how-soon");
    assert!(how_soon.rows.iter().all(|row| row.reverse.unwrap() <= row.comparison.estimand()));
    assert!(caption(&figures(&how_soon), "curve").contains("is never above it"));
    let impossible = shipped("impossible");
    let longest = impossible.rows.last().unwrap();
    let ends = impossible.points_of(longest);
    let infinite = ends.iter().filter(|point| point.length == longest.n && point.estimate == f64::INFINITY).count();
    assert!(
        infinite == 5 && caption(&figures(&impossible), "paths").starts_with("Five of 8 sequences become infinite")
    );
    let off = figures(&made(&[10, 100], &["0.5"], &["log_ratio"], |n, _| plain(0.9, n)));
    assert!(caption(&off, "mean").starts_with("0 of 2 means lie within one"), "{}", caption(&off, "mean"));
}

/// Three hundred values are drawn in groups whose masses are not joined by a line.
#[test]
fn many_values_are_drawn_in_groups() {
    let mut results = made(&[10], &["0.1"], &["log_ratio"], |n, _| plain(0.25, n));
    results.rows[0].comparison.trials = 10_000;
    let value = |place: u32| f64::from(place) + if place.is_multiple_of(2) { 0.3 } else { 0.0 };
    results.bins = (0..300).map(|place| bin((value(place), value(place)), 1.0 / 300.0, Some(1.0 / 300.0))).collect();
    let law = figures(&results).remove(0);
    let dots = count(&law, "circle", "kl-b") - 1;
    assert!((30..=44).contains(&dots), "{dots}");
    assert_eq!((count(&law, "polyline", "kl-b"), count(&law, "rect", "kl-bar")), (0, dots + 1));
    assert!(law.caption.contains("the largest of "), "{}", law.caption);
}

/// What is approximate is a dashed line, and says so; what has no law says why.
#[test]
fn approximate_laws_are_told_from_exact_ones() {
    let mut results = made(&[10], &["0.1"], &["log_ratio"], |n, _| plain(0.25, n));
    let range = |place: u32| (f64::from(place), f64::from(place + 1));
    results.bins = (0..160).map(|place| bin(range(place), 1.0 / 160.0, None)).collect();
    let law = figures(&results).remove(0);
    assert!(law.caption.contains("No law is drawn: it has too many values to list"), "{}", law.caption);
    results.bins.iter_mut().for_each(|bin| bin.approximate = Some(1.0 / 160.0));
    let law = figures(&results).remove(0);
    assert_eq!((count(&law, "circle", "kl-b"), count(&law, "polyline", "kl-b")), (0, 2));
    assert!(law.svg.contains("approximate law (saddlepoint)"));
    assert!(law.caption.contains("which is approximate") && !law.caption.contains("No law"), "{}", law.caption);
}

/// Both divergences go through all saved points.
#[test]
fn curves_are_drawn_through_saved_points() {
    let mut results = made(&[10], &["0.1", "0.5", "0.9"], &["log_ratio"], |n, _| plain(0.25, n));
    let of_line = |results: &SavedResults| {
        let drawn = figures(results);
        let curve = drawn.iter().find(|figure| figure.name == "curve").unwrap();
        let document = roxmltree::Document::parse(&curve.svg).unwrap();
        let lines = document.descendants().filter_map(|node| node.attribute("points"));
        lines.map(|points| points.split(' ').count()).max().unwrap()
    };
    assert_eq!(of_line(&results), 3);
    let value = |place: u32| 0.1 + 0.8 * f64::from(place) / 199.0;
    results.curve = (0..200).map(|place| curve_point(value(place), 0.25, Some(0.2))).collect();
    assert_eq!(of_line(&results), 200);
}

#[test]
fn several_estimators_are_compared() {
    let results = made(&[10, 100], &["0.1", "0.2"], &["log_ratio", "plug <in>"], |n, estimator| {
        plain(if estimator == "log_ratio" { 0.25 } else { 0.25 + 1.0 / n as f64 }, n)
    });
    let drawn = figures(&results);
    check(&drawn);
    assert_eq!(names(&drawn), ["mean", "variance", "estimators", "errors"]);
    let caption = caption(&drawn, "estimators");
    assert_eq!(caption, "More than two standard errors off: log_ratio in 0 of 4 and plug <in> in 2 of 4.");
}

/// The law of each estimator has a panel of its own, which says whose it is.
#[test]
fn the_law_shows_every_estimator() {
    let names = ["log_ratio", "k2", "k3", "plug_in", "zhang"];
    for some in 2..=names.len() {
        let mut results = made(&[10, 100, 1_000], &["0.1", "0.2"], &names[..some], |n, _| plain(0.25, n));
        let bins = results.rows.iter().map(|row| SavedBin {
            condition: row.condition,
            estimator: row.estimator.clone(),
            ..bin((0.1, 0.1), 1.0, (row.estimator != "k3").then_some(1.0))
        });
        results.bins = bins.collect();
        let law = figures(&results).remove(0);
        let document = roxmltree::Document::parse(&law.svg).unwrap();
        let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
        for name in &names[..some] {
            let heading = format!("{name}, N = 10, p of Q = 0.1");
            assert!(texts.contains(&heading.as_str()), "{heading}: {texts:?}");
        }
        assert_eq!(law.caption.contains("No law is drawn for k3: "), some > 2, "{}", law.caption);
        assert!(law.caption.ends_with(" shown. Each panel has axes of its own."), "{}", law.caption);
    }
}

/// Neither a title nor a number on an axis of shipped results ends in an ellipsis that the results do not have.
#[test]
fn titles_and_numbers_are_not_cut() {
    for name in ["averaged-steps", "coverage", "k-estimators", "nearest-neighbours", "trillion"] {
        for figure in figures(&shipped(name)) {
            let document = roxmltree::Document::parse(&figure.svg).unwrap();
            let texts = document.descendants().filter(|node| node.tag_name().name() == "text");
            for text in texts.filter(|node| {
                node.attribute("font-size") == Some("15") || node.attribute("text-anchor") == Some("end")
            }) {
                let words = text.text().unwrap();
                assert!(!words.ends_with('…') || words.ends_with(", …"), "{name}, {}: {words}", figure.name);
            }
        }
    }
}

#[test]
fn estimators_over_a_grid_are_steps_over_its_keys() {
    let biased = |n: u64, estimator: &str| plain(if estimator == "k1" { 0.25 } else { 0.25 + 1.0 / n as f64 }, n);
    let results = made(&[10, 100, 1_000], &["0.1", "0.2"], &["k1", "k2"], biased);
    let drawn = figures(&results);
    check(&drawn);
    assert_eq!(names(&drawn), ["mean", "variance", "estimators", "errors", "nested"]);
    assert!(
        caption(&drawn, "nested").starts_with("The largest bias of each over 6 conditions: k1 "),
        "{}",
        caption(&drawn, "nested")
    );
    let svg = &drawn.iter().find(|figure| figure.name == "nested").unwrap().svg;
    assert!(svg.contains("p of Q: 0.1, 0.2") && svg.contains("N: 10, 100, 1,000"));
    // One key, one estimator, or too few conditions: other pictures say it.
    for (lengths, settings, estimators) in [
        (&[10, 20, 30, 40, 50, 60][..], &["0.1"][..], &["k1", "k2"][..]),
        (&[10, 20, 30], &["0.1", "0.2"], &["k1"]),
        (&[10, 20], &["0.1", "0.2"], &["k1", "k2"]),
    ] {
        assert!(!names(&figures(&made(lengths, settings, estimators, biased))).contains(&"nested"));
    }
}

#[test]
fn intervals_are_ranked_and_those_without_width_are_seen() {
    let mut results = made(&[10], &["0.1"], &["log_ratio"], |n, _| plain(0.25, n));
    assert!(!names(&figures(&results)).contains(&"zip"));
    let interval = |centile: f64, ends: (f64, f64)| SavedInterval {
        condition: 1,
        estimator: "log_ratio".into(),
        centile,
        ends,
        holds: ends.0 <= 0.25 && ends.1 >= 0.25,
        ..SavedInterval::default()
    };
    results.intervals = vec![
        interval(12.5, (0.2, 0.3)),
        interval(37.5, (f64::NEG_INFINITY, 0.3)),
        interval(62.5, (0.3, f64::MAX)),
        interval(87.5, (0.4, 0.4)),
    ];
    // Without a level there is nothing to hold them against.
    assert!(!names(&figures(&results)).contains(&"zip"));
    results.manifest.spec.insert("level".to_owned(), serde_json::json!(0.95));
    results.rows[0].measures =
        vec![Performance { measure: Measure::Coverage, estimate: 0.5, mcse: None, expected: None }];
    let drawn = figures(&results);
    check(&drawn);
    let expected = "Intervals at a level of 95 %, the farthest from the closed form in standard errors at the top. Share that contains the closed form: 50 % of log_ratio at N = 10";
    assert!(caption(&drawn, "zip").starts_with(expected), "{}", caption(&drawn, "zip"));
}

#[test]
fn long_and_hostile_names_stay_in_the_picture() {
    let long = "a very long & <strange> name\u{0}\u{ffff}, ".repeat(30);
    let results = made(&[10, 100], &[&long, "0.2"], &["log_ratio"], |n, _| plain(0.26, n));
    let drawn = figures(&results);
    check(&drawn);
    for figure in &drawn {
        let document = roxmltree::Document::parse(&figure.svg).unwrap();
        let texts = document.descendants().filter(|node| node.tag_name().name() == "text");
        assert!(texts.filter_map(|node| node.text()).all(|text| text.chars().count() < 140), "{}", figure.name);
    }
}

#[test]
fn no_rows_give_no_picture() {
    assert_eq!(figures(&made(&[], &[], &["log_ratio"], |n, _| plain(0.0, n))), []);
}

#[test]
fn very_many_conditions_are_one_histogram() {
    let settings: Vec<String> = (0..1000).map(|place| format!("{}", f64::from(place) / 1000.0)).collect();
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    let drawn = figures(&made(&[10, 100], &settings, &["log_ratio"], |n, _| plain(0.26, n)));
    check(&drawn);
    assert!(drawn.iter().all(|figure| figure.svg.len() < 400_000));
}

fn hard() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => any::<f64>().prop_filter("no NaN is read", |number| !number.is_nan()),
        1 => Just(f64::INFINITY),
        1 => Just(f64::NEG_INFINITY),
        2 => Just(0.0),
        1 => Just(5e-324),
        1 => Just(f64::MAX),
        4 => -1.0..1.0,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever numbers a folder holds, the pictures are well-formed and finite.
    #[test]
    fn any_numbers_can_be_drawn(numbers in prop::collection::vec(hard(), 12), some in any::<[bool; 8]>(), rows in 1usize..4) {
        let number = |place: usize| numbers[place];
        let maybe = |place: usize| some[place % 8].then(|| number(place));
        let lengths = &[1, 1_000_000_000_000, 10][..rows];
        let mut results = made(lengths, &["0.1", "1/6", "3", "2"], if some[7] { &["log_ratio", "k2"][..] } else { &["log_ratio"] }, |_, _| Comparison {
            closed_form: maybe(0),
            expected: maybe(1),
            mean: maybe(2),
            mcse: maybe(3).map(f64::abs),
            bias: maybe(4),
            z: maybe(5),
            closed_form_variance: maybe(6).map(f64::abs),
            variance: maybe(7).map(f64::abs),
            variance_mcse: maybe(8).map(f64::abs),
            variance_ratio: maybe(9),
            infinite_expected: maybe(10),
            ..plain(0.0, 1)
        });
        let mut edges = numbers.clone();
        edges.sort_by(f64::total_cmp);
        let share = |place: usize| number(place).abs().min(1.0);
        results.bins = (0..11).map(|place| bin((edges[place], edges[place + 1 - usize::from(some[place % 8])]), share(place), some[place % 7].then(|| share(place + 1)))).collect();
        results.points = (0..12)
            .map(|place| SavedPoint {
                condition: 1,
                trial: place as u64 % 3,
                length: place as u64 + 1,
                estimator: "log_ratio".into(),
                estimate: number(place),
                expected: maybe(place),
                std_dev: maybe(place + 1 - usize::from(place == 11)).map(f64::abs),
            })
            .collect();
        results.curve = (0..12).map(|place| curve_point(number(place), number(11 - place), maybe(place))).collect();
        for row in &mut results.rows {
            let ends = ["P", "Q", "undecided"].into_iter().take(if some[6] { 3 } else { 2 });
            let each = ["P", "Q"].into_iter().flat_map(|truth| ends.clone().map(move |outcome| (truth, outcome)));
            row.decisions = each.enumerate().map(|(place, (truth, outcome))| DecisionRow {
                condition: row.condition,
                truth: truth.into(),
                outcome: outcome.into(),
                rate: maybe(place),
                mcse: maybe(place + 1),
                exact: maybe(place + 2),
                mean_length: maybe(place + 3),
                length_mcse: maybe(place + 4),
                expected_length: maybe(place + 5),
                ..DecisionRow::default()
            }).collect();
        }
        results.approximations = results.rows.iter().enumerate().flat_map(|(place, row)| ["alpha", "beta", "mean_error"].map(|quantity| ApproximationRow {
            condition: row.condition,
            n: row.n,
            quantity: quantity.into(),
            approximation: ["chernoff", "a <b>"][place % 2].into(),
            bound: some[place % 8],
            value: number(place % 12),
            exact: maybe(place % 12),
            ..ApproximationRow::default()
        })).collect();
        let drawn = figures(&results);
        check(&drawn);
        prop_assert_eq!(drawn, figures(&results));
    }
}

#[test]
fn a_picture_by_its_name_is_that_of_all() {
    for name in ["coin", "coverage", "biased-coin", "impossible"] {
        let results = shipped(name);
        let all = figures(&results);
        for name in super::figure_names().filter(|name| *name != "rmse") {
            let expected = all.iter().find(|figure| figure.name == name);
            assert_eq!(figure(&results, name).as_ref(), expected, "{name}");
        }
        assert_eq!(figure(&results, "pie"), None);
    }
}

#[test]
fn pictures_of_some_rows_show_those_only() {
    let results = shipped("k-estimators");
    let estimators = |figure: &Figure| {
        let named = |name: &&String| figure.svg.contains(name.as_str());
        results.overview.estimators.iter().filter(named).cloned().collect::<Vec<_>>()
    };
    assert!(estimators(&figure(&results, "law").unwrap()).len() > 1);
    let [first, .., last] = results.overview.estimators.as_slice() else { panic!() };
    for one in [first, last] {
        let some = results.of_estimators(|name| name == one);
        assert_eq!(some.overview.estimators, std::slice::from_ref(one));
        for figure in figures(&some) {
            assert_eq!(estimators(&figure), std::slice::from_ref(one), "{}", figure.name);
            let (shown, named) = (&figure.caption, format!("Shown is the estimator {one}."));
            assert_eq!(shown.matches("estimator").count(), 1, "{shown}");
            assert!(shown.ends_with(&named), "{shown}");
        }
        check(&figures(&some));
    }
    assert_eq!(figures(&results.of_rows(|_| false)), []);
}
