//! The operating characteristic of tests between P and Q, and their mean length: the chance to decide P, and the mean number of symbols,
//! against a numeric setting such as a parameter of the law S that the sequences are drawn from.

mod axes;
mod by_condition;
mod caption;
mod names;

use crate::record::SavedResults;
use crate::report::figure::decided::{Beside, Decided};
use crate::report::figure::draw::{Canvas, Colour, Dash, Font, Kind, LEFT, Mark, Panel, Scale, Sign, range};
use crate::report::figure::frame::{Figure, Frame};
use crate::report::figure::numeric::is_geometric;
use crate::report::figure::words::key_in_full;
use axes::{Axes, Line, Own};

/// With more lines, readers cannot distinguish them.
const LINES: usize = Colour::SERIES.len();

/// The least number of points of a line.
const POINTS: usize = 3;

/// With more points than this, points are drawn small.
const DOTS: usize = 60;

/// The height of a panel's axes.
const HEIGHT: f64 = 200.0;

/// From the lower edge of a panel's axes to the upper edge of those of the next.
const BETWEEN: f64 = 84.0;

/// Smaller chances to decide nothing cannot be seen.
const VISIBLE: f64 = 0.01;

/// Draws both panels over one numeric setting, or the conditions one below the other; none without a test.
pub(super) fn plot(results: &SavedResults, frame: Frame) -> Option<Figure> {
    let decided: Vec<Decided<'_>> = results.rows.iter().flat_map(Decided::of).collect();
    match Axes::of(results, &decided) {
        Some(axes) => along(axes, frame),
        None => by_condition::plot(results, &decided, frame),
    }
}

/// The decision whose chance is shown.
#[derive(Clone, Copy)]
struct Shown {
    /// What is decided.
    name: &'static str,
    /// Its chance.
    of: fn(&Decided<'_>) -> Beside,
}

impl Shown {
    /// P; Q of tests that never decide P, such as those that look for a reason to reject it.
    fn of<'a>(all: impl Iterator<Item = &'a Decided<'a>>) -> Self {
        let can_be_p = all.filter_map(|decided| decided.p.best()).any(|chance| chance > 0.0);
        if can_be_p { Self { name: "P", of: |decided| decided.p } } else { Self { name: "Q", of: |decided| decided.q } }
    }
}

/// The title of a picture with or without lengths.
fn title(has_lengths: bool) -> &'static str {
    if has_lengths { "Operating characteristic and average sample number" } else { "Operating characteristic" }
}

/// Whether a test may end without a decision often enough to be seen.
fn is_visible(decided: &Decided<'_>) -> bool {
    decided.undecided.and_then(Beside::best).is_some_and(|chance| chance >= VISIBLE)
}

/// Draws lines over the setting of the x axis.
fn along(axes: Axes<'_>, mut frame: Frame) -> Option<Figure> {
    let lines = axes.lines.get(..axes.lines.len().min(LINES))?;
    let points = || lines.iter().flat_map(|line| &line.points);
    let xs = range(points().map(|&(x, _)| x))?;
    let has_lengths = points().any(|(_, decided)| decided.is_sequential());
    let shown = Shown::of(points().map(|&(_, decided)| decided));
    // Of tests that never decide P that is the rest.
    let has_undecided = shown.name == "P" && points().any(|(_, decided)| is_visible(decided));
    let styles: Vec<Style> = Style::all(lines.len());
    let signs = signs(lines, &styles, has_undecided);
    let signs: Vec<(Sign, &str)> = signs.iter().map(|(sign, words)| (*sign, words.as_str())).collect();
    let top = frame.head(title(has_lengths), &signs, 54.0);
    let is_log = lines.iter().all(|line| is_geometric(line.points.iter().map(|&(x, _)| x)));
    let kind = if is_log { Kind::Log } else { Kind::Linear };
    let x = Scale::new(kind, xs, frame.canvas.across()).padded(0.02);
    let own: Vec<&Own> = axes.own.iter().filter(|own| x.holds(own.value)).collect();
    let canvas = &mut frame.canvas;
    let panel = |y: Scale| Panel { x: x.clone(), y };
    let chances = panel(Scale::new(Kind::Linear, (0.0, 1.0), (top + HEIGHT, top)).padded(0.03));
    let or_nothing = if has_undecided { ", and to decide nothing" } else { "" };
    draw_axes(canvas, &chances, &format!("chance to decide {}{or_nothing}", shown.name), &own);
    for (line, style) in lines.iter().zip(&styles) {
        if has_undecided && line.points.iter().any(|(_, decided)| is_visible(decided)) {
            let of = |decided: &Decided<'_>| decided.undecided.unwrap_or_default();
            style.undecided().draw(canvas, &chances, line, of);
        }
        style.draw(canvas, &chances, line, shown.of);
    }
    let mut bottom = top + HEIGHT;
    let mut last = chances;
    if has_lengths {
        let lengths = || points().map(|(_, decided)| decided.length);
        let ends = lengths().filter_map(Beside::bar).map(|(_, high)| high).chain(lengths().filter_map(|one| one.exact));
        let (_, highest) = range(ends)?;
        let top = bottom + BETWEEN;
        bottom = top + HEIGHT;
        last = panel(Scale::new(Kind::Linear, (0.0, highest.max(0.0)), (bottom, top)).padded(0.03));
        draw_axes(canvas, &last, "mean number of symbols", &own);
        for (line, style) in lines.iter().zip(&styles) {
            style.draw(canvas, &last, line, |decided| decided.length);
        }
    }
    last.name_x(canvas, &key_in_full(axes.across));
    let caption = caption::caption(&axes, lines, shown, has_lengths);
    let lengths = if has_lengths { " and the mean number of symbols" } else { "" };
    let shows = format!("The chance to decide {}{lengths} against {}.", shown.name, key_in_full(axes.across));
    Some(frame.finish(bottom + 46.0, &shows, caption))
}

/// What the signs mean, line by line if there are several.
fn signs(lines: &[Line<'_>], styles: &[Style], has_undecided: bool) -> Vec<(Sign, String)> {
    let mut signs = Vec::new();
    let one = match styles {
        [one] => *one,
        _ => Style::GENERAL,
    };
    if lines.len() > 1 {
        let named = lines.iter().zip(styles);
        signs.extend(named.map(|(line, style)| (Sign::Mark(style.mark, style.observed), line.name.clone())));
    }
    signs.push((Sign::Line(one.exact, Dash::Solid), "exact".to_owned()));
    if lines.iter().flat_map(|line| &line.points).any(|(_, decided)| decided.p.observed.is_some()) {
        signs.push((Sign::Mark(one.mark, one.observed), "in the trials, ± 2 standard errors".to_owned()));
    }
    if has_undecided {
        signs.push((Sign::Line(one.undecided().exact, Dash::Dashed), "undecided".to_owned()));
    }
    signs
}

/// Draws the grid, the name above it, and lines where the parameter is that of P or Q.
fn draw_axes(canvas: &mut Canvas, panel: &Panel, name: &str, own: &[&Own]) {
    panel.grid(canvas);
    let ((left, right), (_, top)) = (panel.x.ends(), panel.y.ends());
    canvas.text((left - LEFT + 10.0, top - 24.0), name, right - left, Font::BODY);
    let places: Vec<f64> = own.iter().map(|own| panel.x.at(own.value)).collect();
    let is_near = matches!(*places.as_slice(), [one, other] if (one - other).abs() < 20.0);
    for (own, &x) in own.iter().zip(&places) {
        panel.upright(canvas, own.value, Colour::Muted, Dash::Dashed);
        let is_left = places.iter().all(|&other| x <= other);
        let (aside, font) = match (is_near, is_left) {
            (false, _) => (0.0, Font::SMALL.middle()),
            (true, true) => (-1.0, Font::SMALL.end()),
            (true, false) => (1.0, Font::SMALL),
        };
        canvas.text((x + aside, top - 6.0), own.name, 40.0, font);
    }
}

/// How a line is drawn.
#[derive(Clone, Copy)]
struct Style {
    exact: Colour,
    dash: Dash,
    observed: Colour,
    mark: Mark,
    is_one: bool,
}

impl Style {
    /// What stands for every line in the legend.
    const GENERAL: Self =
        Self { exact: Colour::Muted, dash: Dash::Solid, observed: Colour::Muted, mark: Mark::Circle, is_one: false };

    /// The styles of so many lines.
    fn all(count: usize) -> Vec<Self> {
        if count == 1 {
            return vec![Self { exact: Colour::B, observed: Colour::A, is_one: true, ..Self::GENERAL }];
        }
        let each = Colour::SERIES.into_iter().zip(Mark::SERIES).take(count);
        each.map(|(colour, mark)| Self { exact: colour, observed: colour, mark, ..Self::GENERAL }).collect()
    }

    /// The style of its chance to decide nothing.
    fn undecided(self) -> Self {
        let dashed = Self { dash: Dash::Dashed, ..self };
        if self.is_one { Self { exact: Colour::C, observed: Colour::C, mark: Mark::Square, ..dashed } } else { dashed }
    }

    /// Draws what is exact as a line, and the trials as points.
    fn draw(self, canvas: &mut Canvas, panel: &Panel, line: &Line<'_>, of: impl Fn(&Decided<'_>) -> Beside) {
        let exact = |(x, decided): &(f64, &Decided<'_>)| Some(panel.at(*x, of(decided).exact?));
        for known in line.points.chunk_by(|one, next| exact(one).is_some() == exact(next).is_some()) {
            let known: Vec<_> = known.iter().filter_map(exact).collect();
            canvas.line(&known, self.exact, 2.0, self.dash);
            if let [alone] = *known.as_slice() {
                canvas.line(&[(alone.0 - 5.0, alone.1), (alone.0 + 5.0, alone.1)], self.exact, 2.0, Dash::Solid);
            }
        }
        let radius = if line.points.len() > DOTS { 1.6 } else { 3.6 };
        for (x, decided) in &line.points {
            let found = of(decided);
            let (Some((value, _)), Some((low, high))) = (found.observed, found.bar()) else { continue };
            canvas.line(&[panel.at(*x, low), panel.at(*x, high)], self.observed, 1.5, Dash::Solid);
            canvas.mark(self.mark, panel.at(*x, value), radius, self.observed);
        }
    }
}
