//! P and the distributions that are nearest to it.

use super::draw::{Canvas, Colour, Dash, Kind, Mark, Panel, Point, Scale, Sign, Width};
use super::frame::{Figure, Frame};
use crate::report::{FitReport, printable, significant};
use kl_math::distribution::{Distribution, Value};

/// Points of a curve.
const POINTS: usize = 600;

/// The height of the axes.
const HEIGHT: f64 = 280.0;

/// Standard deviations to either side of a fit that are shown.
const WIDE: f64 = 3.5;

/// Symbols of which all are named on the axis.
const SYMBOLS: usize = 200;

/// Draws P and its fits: densities of real numbers, or probabilities of symbols.
pub fn fit_figure(report: &FitReport, width: Width) -> Figure {
    let frame = Frame::new("fit", "fit", None, width);
    let fits: Vec<Curve<'_>> = report.fitted().map(|(name, law)| Curve::new(name, law)).collect();
    if report.source().is_finite() {
        symbols(frame, report.source(), &fits)
    } else {
        densities(frame, report.source(), &fits)
    }
}

/// A fit with its style.
struct Curve<'a> {
    name: &'static str,
    label: &'static str,
    law: &'a Distribution,
    colour: Colour,
    dash: Dash,
    mark: Mark,
}

impl<'a> Curve<'a> {
    fn new(name: &'static str, law: &'a Distribution) -> Self {
        if name == "forward" {
            let (label, mark) = ("forward, argmin KL(P‖Q)", Mark::Square);
            Self { name, label, law, colour: Colour::A, dash: Dash::Dashed, mark }
        } else {
            let (label, mark) = ("reverse, argmin KL(Q‖P)", Mark::Triangle);
            Self { name, label, law, colour: Colour::B, dash: Dash::Mixed, mark }
        }
    }
}

fn density(law: &Distribution, x: f64) -> f64 {
    let log = law.values().map_or(f64::NEG_INFINITY, |values| {
        if Value::Real(x).lies_in(values.support()) { values.ln_prob(Value::Real(x)) } else { f64::NEG_INFINITY }
    });
    libm::exp(log)
}

/// The x of what is to be seen: the centre of each component, and the fits, each some widths wide.
fn shown_range(p: &Distribution, fits: &[Curve<'_>]) -> (f64, f64) {
    let laws: Vec<&Distribution> = match p {
        Distribution::Mixture(mixture) => mixture.weighed().map(|(_, law)| law).collect(),
        other => vec![other],
    };
    let mut ends: Vec<f64> = Vec::new();
    for law in laws.into_iter().chain(fits.iter().map(|fit| fit.law)) {
        let Some(values) = law.values() else { continue };
        let change = values.change_of_variable();
        let [low, high] = values.support();
        ends.extend([-WIDE, WIDE].map(|v| change.at(v).0.value().clamp(low, high)));
    }
    let low = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let high = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (low, high)
}

fn densities(mut frame: Frame, p: &Distribution, fits: &[Curve<'_>]) -> Figure {
    let signs: Vec<(Sign, &str)> = std::iter::once((Sign::Line(Colour::Ink, Dash::Solid), "P"))
        .chain(fits.iter().map(|fit| (Sign::Line(fit.colour, fit.dash), fit.label)))
        .collect();
    let top = frame.head_of(
        "The normal distributions nearest to P",
        &format!("P = {}", printable(&p.to_string())),
        &signs,
        34.0,
    );
    let (low, high) = shown_range(p, fits);
    let places: Vec<f64> = (0..=POINTS).map(|at| low + (high - low) * at as f64 / POINTS as f64).collect();
    let curve = |law: &Distribution| -> Vec<(f64, f64)> { places.iter().map(|&x| (x, density(law, x))).collect() };
    let of_p = curve(p);
    let of_fits: Vec<(&Curve<'_>, Vec<(f64, f64)>)> = fits.iter().map(|fit| (fit, curve(fit.law))).collect();
    let heights = of_p.iter().chain(of_fits.iter().flat_map(|(_, points)| points)).map(|point| point.1);
    let highest = heights.filter(|height| height.is_finite()).fold(0.0, f64::max);
    let panel = Panel {
        x: Scale::new(Kind::Linear, (low, high), frame.canvas.across()),
        y: Scale::new(Kind::Linear, (0.0, highest), (top + HEIGHT, top)).padded(0.03),
    };
    let canvas = &mut frame.canvas;
    panel.grid(canvas);
    panel.name_y(canvas, "density");
    panel.name_x(canvas, "x");
    let trace = |canvas: &mut Canvas, points: &[(f64, f64)], colour: Colour, dash: Dash| {
        let finite = points.iter().filter(|point| point.1.is_finite());
        let line: Vec<Point> = finite.map(|&(x, y)| panel.at(x, y)).collect();
        canvas.line(&line, colour, 2.0, dash);
    };
    trace(canvas, &of_p, Colour::Ink, Dash::Solid);
    for (fit, points) in &of_fits {
        trace(canvas, points, fit.colour, fit.dash);
    }
    let named = |fit: &Curve<'_>| match fit.law {
        Distribution::Normal(normal) => format!(
            "{} has mean {} and standard deviation {}",
            fit.name,
            significant(normal.mean(), 4),
            significant(normal.std_dev(), 4)
        ),
        other => format!("{} is {other}", fit.name),
    };
    let shows = format!("Densities of P = {} and of its normal fits over x.", printable(&p.to_string()));
    frame.finish(top + HEIGHT + 46.0, &shows, sentence(fits, named))
}

fn symbols(mut frame: Frame, p: &Distribution, fits: &[Curve<'_>]) -> Figure {
    let signs: Vec<(Sign, &str)> = std::iter::once((Sign::Mark(Mark::Circle, Colour::Ink), "P"))
        .chain(fits.iter().map(|fit| (Sign::Mark(fit.mark, fit.colour), fit.label)))
        .collect();
    let top = frame.head("The categorical distributions nearest to P", &signs, 34.0);
    let masses = p.mass_function();
    let size = masses.alphabet().size().min(SYMBOLS);
    let of = |law: &Distribution| -> Vec<f64> {
        law.mass_function().probabilities().iter().take(size).map(|mass| mass.to_f64()).collect()
    };
    let of_p = of(p);
    let of_fits: Vec<(&Curve<'_>, Vec<f64>)> = fits.iter().map(|fit| (fit, of(fit.law))).collect();
    let highest = of_p.iter().chain(of_fits.iter().flat_map(|(_, all)| all)).copied().fold(0.0, f64::max);
    let panel = Panel {
        x: Scale::new(Kind::Linear, (0.5, size as f64 + 0.5), frame.canvas.across()),
        y: Scale::new(Kind::Linear, (0.0, highest), (top + HEIGHT, top)).padded(0.03),
    };
    let canvas = &mut frame.canvas;
    panel.grid_up(canvas);
    panel.name_y(canvas, "probability");
    let (left, right) = panel.x.ends();
    let (bottom, _) = panel.y.ends();
    canvas.line(&[(left, bottom), (right, bottom)], Colour::Muted, 1.0, Dash::Solid);
    let room = (right - left) / size.max(1) as f64;
    let font = super::draw::Font::SMALL.muted().middle();
    let names = masses.alphabet().symbols();
    // Names that do not fit beside each other are left out evenly.
    let widest = super::draw::widest(names.iter().take(size).map(String::as_str), font.size).min(120.0);
    let every = ((widest + 8.0) / room).ceil().max(1.0) as usize;
    for (at, name) in names.iter().take(size).enumerate().step_by(every) {
        let x = panel.x.at(at as f64 + 1.0);
        canvas.text((x, bottom + 15.0), &printable(name), room * every as f64, font);
    }
    let shift = (room / 4.0).min(9.0);
    let mut draw = |heights: &[f64], mark: Mark, colour: Colour, aside: f64| {
        for (at, &height) in heights.iter().enumerate() {
            let (x, y) = panel.at(at as f64 + 1.0, height);
            canvas.line(&[(x + aside, panel.y.at(0.0)), (x + aside, y)], colour, 1.5, Dash::Solid);
            canvas.mark(mark, (x + aside, y), 3.4, colour);
        }
    };
    draw(&of_p, Mark::Circle, Colour::Ink, -shift);
    for (place, (fit, heights)) in of_fits.iter().enumerate() {
        draw(heights, fit.mark, fit.colour, shift * place as f64);
    }
    canvas.text(((left + right) / 2.0, bottom + 34.0), "symbol", right - left, super::draw::Font::BODY.middle());
    let named = |fit: &Curve<'_>| {
        let largest = of(fit.law).into_iter().fold(0.0, f64::max);
        format!("the largest probability of {} is {}", fit.name, significant(largest, 4))
    };
    let more = masses.alphabet().size() - size;
    let cut = if more > 0 { format!(" {more} more symbols are not shown.") } else { String::new() };
    let shows = "Probabilities of the symbols under P and under its fits with tied symbols.";
    frame.finish(top + HEIGHT + 46.0, shows, sentence(fits, named) + &cut)
}

/// What is said of each fit, as one sentence.
fn sentence(fits: &[Curve<'_>], named: impl Fn(&Curve<'_>) -> String) -> String {
    let all: Vec<String> = fits.iter().map(named).collect();
    let joined = all.join("; ");
    let mut letters = joined.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
