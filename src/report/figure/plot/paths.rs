//! The running estimates of single sequences.

use crate::record::{SavedPoint, SavedResults};
use crate::report::figure::draw::{Canvas, Colour, Dash, Font, Kind, LEFT, Mark, Panel, Point, Scale, Sign, range};
use crate::report::figure::frame::{Area, Figure, Frame};
use crate::report::figure::series::{Row, Series, headings, of_which_estimator};
use crate::report::figure::words::{capital, estimate_label, number, number_of, shown_of, some};
use crate::report::{counted, grouped};
use std::collections::{BTreeMap, BTreeSet};

/// The largest number of panels that can be read.
const PANELS: usize = 4;

/// If the estimates span more than this many interquartile ranges, the axis is cut.
const FAR: f64 = 30.0;

/// Draws the running estimates of the longest sequences; none if the order of symbols was not drawn.
pub(super) fn plot(results: &SavedResults, mut frame: Frame) -> Option<Figure> {
    let drawn: BTreeSet<usize> =
        results.points.iter().filter(|point| point.length > 1).map(|point| point.condition).collect();
    let all: Vec<&Row> = Series::all(results).iter().filter_map(Series::longest).collect();
    let all: Vec<&Row> = all.into_iter().filter(|row| drawn.contains(&row.condition)).collect();
    let shown: Vec<(&Row, Vec<&SavedPoint>)> =
        some(&all, PANELS).into_iter().map(|&row| (row, results.points_of(row))).collect();
    let (first, points) = shown.first()?;
    let mut signs = vec![(Sign::Line(Colour::A, Dash::Solid), "running estimate of a sequence")];
    if shown.iter().any(|(_, points)| points.iter().any(|point| point.std_dev.is_some_and(|spread| spread > 0.0))) {
        signs.push((Sign::Band(Colour::Core), "expected, ± 2 standard deviations"));
    }
    if shown.iter().any(|(_, points)| points.iter().any(|point| point.expected.is_some_and(f64::is_finite))) {
        signs.push((Sign::Line(Colour::Ink, Dash::Dashed), "exact mean"));
    }
    let top = frame.head("Running estimates of single sequences", &signs, 24.0);
    let width = frame.heading_width(shown.len());
    let rows: Vec<&Row> = shown.iter().map(|&(row, _)| row).collect();
    let headings = headings(&results.overview, &rows, width, false);
    let height = if shown.len() == 1 { 330.0 } else { 250.0 };
    let bottom = frame.panels(top, height, &headings, |canvas, place, area| {
        if let Some((row, points)) = shown.get(place) {
            draw(canvas, row, points, area, height);
        }
    });
    frame.name_shared_x(bottom, "symbols seen so far (log scale)");
    let sequences = by_trial(points).len();
    let caption = caption(&shown, all.len()) + &of_which_estimator(results);
    let shows = format!(
        "Running estimates of {} of N = {} against the number of symbols seen.",
        number_of(sequences, "sequence"),
        grouped(first.n)
    );
    Some(frame.finish(bottom + 16.0, &shows, caption))
}

/// The points of each sequence.
fn by_trial<'a>(points: &[&'a SavedPoint]) -> BTreeMap<u64, Vec<&'a SavedPoint>> {
    let mut trials: BTreeMap<u64, Vec<&SavedPoint>> = BTreeMap::new();
    points.iter().for_each(|point| trials.entry(point.trial).or_default().push(point));
    trials
}

fn draw(canvas: &mut Canvas, row: &Row, points: &[&SavedPoint], Area { left, top, width }: Area, height: f64) {
    let trials = by_trial(points);
    let one: &[&SavedPoint] = trials.values().next().map_or(&[], Vec::as_slice);
    let (y, _) = scale(points, (top + height - 40.0, top + 38.0));
    let lengths = points.iter().map(|point| point.length);
    let panel = Panel { x: Scale::of_counts(lengths, (left + LEFT, left + width - 14.0)), y };
    let band = |sign: f64| {
        let edge = move |point: &&SavedPoint| Some((point.length as f64, point.expected? + sign * point.std_dev?));
        one.iter().filter_map(edge).map(|(x, y)| panel.at(x, y))
    };
    let area: Vec<Point> = band(2.0).chain(band(-2.0).rev()).collect();
    if area.len() > 3 {
        panel.clipped(canvas, |canvas| canvas.area(&area, Colour::Core));
    }
    panel.grid(canvas);
    panel.name_y(canvas, &estimate_label(row.unit));
    let (_, edge) = panel.y.ends();
    let (mut infinite, mut beyond) = (Vec::<f64>::new(), Vec::new());
    panel.clipped(canvas, |canvas| {
        for path in trials.values() {
            let mut line: Vec<Point> = Vec::new();
            for point in path {
                let (x, y) = panel.at(point.length as f64, point.estimate);
                if point.estimate.is_finite() {
                    line.push((x, y));
                } else {
                    line.push((x, if point.estimate > 0.0 { edge } else { y }));
                    infinite.push(x);
                    break;
                }
            }
            canvas.line(&line, Colour::A, 1.2, Dash::Solid);
            beyond.extend(beyond_axis(&panel, &line));
        }
        let mean =
            one.iter().filter_map(|point| Some((point.length as f64, point.expected.filter(|mean| mean.is_finite())?)));
        let mean: Vec<Point> = mean.map(|(x, y)| panel.at(x, y)).collect();
        canvas.line(&mean, Colour::Ink, 1.8, Dash::Dashed);
    });
    for (x, is_above) in beyond {
        let (bottom, top) = panel.y.ends();
        let (base, tip) = if is_above { (top + 7.0, top) } else { (bottom - 7.0, bottom) };
        canvas.area(&[(x - 4.5, base), (x + 4.5, base), (x, tip)], Colour::A);
    }
    infinite.sort_by(f64::total_cmp);
    infinite.dedup();
    let mut free = f64::NEG_INFINITY;
    for x in infinite {
        canvas.mark(Mark::Triangle, (x, edge + 4.0), 4.5, Colour::B);
        if x > free {
            canvas.text((x - 7.0, edge + 12.0), "∞", 20.0, Font::BODY.end());
            free = x + 26.0;
        }
    }
}

/// Where a path is beyond the axis and on which side: at the point of each part that is farthest out.
fn beyond_axis(panel: &Panel, line: &[Point]) -> Vec<(f64, bool)> {
    let (bottom, top) = panel.y.ends();
    let side = |y: f64| if y < top { -1 } else { i32::from(y > bottom) };
    let parts = line.chunk_by(|one, next| side(one.1) == side(next.1));
    let farthest = parts.filter_map(|part| {
        let is_above = part.first().filter(|point| side(point.1) != 0)?.1 < top;
        let out = |point: &&Point| if is_above { top - point.1 } else { point.1 - bottom };
        part.iter().max_by(|one, other| out(one).total_cmp(&out(other))).map(|point| (point.0, is_above))
    });
    farthest.collect()
}

/// How the y axis shows the estimates.
#[derive(Clone, Copy, PartialEq)]
enum Reach {
    /// All estimates are shown.
    All,
    /// The estimates of short sequences are cut off.
    Cut,
    /// On a logarithmic scale: the estimates have no finite standard deviation.
    Heavy,
}

/// The y axis between two pixels.
fn scale(points: &[&SavedPoint], ends: (f64, f64)) -> (Scale, Reach) {
    let bands = points.iter().filter_map(|point| {
        let (mean, spread) = (point.expected?, point.std_dev?);
        Some([mean - 2.0 * spread, mean + 2.0 * spread])
    });
    let mut values: Vec<f64> =
        points.iter().map(|point| point.estimate).filter(|estimate| estimate.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let quantile = |part: usize| values.get(values.len() * part / 40).copied().unwrap_or(0.0);
    let whole = range(values.iter().copied().chain(bands.flatten())).unwrap_or((0.0, 0.0));
    let middle = quantile(30) - quantile(10);
    let (kind, shown, reach) = match middle > 0.0 && whole.1 - whole.0 > FAR * middle {
        false => (Kind::Linear, whole, Reach::All),
        true if points.iter().any(|point| point.std_dev.is_some()) => {
            (Kind::Linear, (quantile(2), quantile(38)), Reach::Cut)
        }
        true => (Kind::Symmetric(middle), whole, Reach::Heavy),
    };
    (Scale::new(kind, shown, ends).padded(0.05), reach)
}

fn caption(shown: &[(&Row, Vec<&SavedPoint>)], all: usize) -> String {
    let mut parts = Vec::new();
    let last = |points: &[&SavedPoint]| -> Vec<SavedPoint> {
        by_trial(points).values().filter_map(|path| path.last().map(|&point| point.clone())).collect()
    };
    let ends: Vec<SavedPoint> = shown.iter().flat_map(|(_, points)| last(points)).collect();
    let within = ends.iter().filter_map(|point| {
        let (mean, spread) = (point.expected?, point.std_dev?);
        (mean.is_finite() && spread > 0.0).then_some((point.estimate - mean).abs() <= 2.0 * spread)
    });
    let within: Vec<bool> = within.collect();
    if !within.is_empty() {
        let inside = within.iter().filter(|&&inside| inside).count();
        let spread = |points: &[&SavedPoint], of: fn(f64, f64) -> f64| {
            points.iter().filter_map(|point| point.std_dev.filter(|&spread| spread > 0.0)).reduce(of)
        };
        let narrows = shown.iter().all(|(_, points)| {
            let last = points.iter().max_by_key(|point| point.length).and_then(|point| point.std_dev);
            last <= spread(points, f64::min) && last < spread(points, f64::max) || last.is_none()
        });
        let how = if narrows { ", which narrows as sequences grow" } else { "" };
        let which = match (inside, within.len()) {
            (1, 1) => "The sequence ends".to_owned(),
            (inside, all) if inside == all => format!("All {} sequences end", number(all)),
            (inside, all) => format!("{inside} of {all} sequences end"),
        };
        parts.push(format!("{which} within the band of two standard deviations about the exact mean{how}."));
    }
    let infinite = ends.iter().filter(|point| point.estimate == f64::INFINITY).count();
    if infinite > 0 {
        let verb = if infinite == 1 { "becomes" } else { "become" };
        parts.push(format!(
            "{} of {} {verb} infinite, at a symbol that Q gives probability 0.",
            capital(&number(infinite)),
            counted(ends.len() as u64, "sequence")
        ));
    }
    if parts.is_empty() {
        parts.push(if ends.iter().all(|point| Some(point.estimate) == point.expected) {
            "Every sequence follows the exact mean: the estimates are constant.".to_owned()
        } else if shown.iter().any(|(row, _)| row.decisions.iter().any(|found| found.outcome == "undecided")) {
            "Each line ends where the test of its sequence does.".to_owned()
        } else if shown.iter().all(|(row, _)| row.comparison.closed_form_variance == Some(f64::INFINITY)) {
            "The estimate has no finite standard deviation here: it does not settle at any length.".to_owned()
        } else {
            "Theory gives no standard deviation of the running estimate here.".to_owned()
        });
    }
    let has = |wanted: Reach| shown.iter().any(|(_, points)| scale(points, (1.0, 0.0)).1 == wanted);
    if has(Reach::Cut) {
        parts.push(
            "The shortest sequences reach beyond the axis, which is cut: a triangle marks each place.".to_owned(),
        );
    }
    if has(Reach::Heavy) {
        parts.push("The axis is logarithmic on both sides of 0.".to_owned());
    }
    if let Some(words) = shown_of(shown.len(), all, "setting") {
        parts.push(words);
        parts.push("Each is at its largest N.".to_owned());
    }
    parts.join(" ")
}
