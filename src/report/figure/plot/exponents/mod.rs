//! The chances of an error of tests of fixed length against N, with what approximations and bounds say of them.

mod caption;
mod rates;

use crate::record::SavedResults;
use crate::report::figure::decided::Decided;
use crate::report::figure::draw::{Canvas, Colour, Dash, Kind, LEFT, Mark, Panel, Point, Scale, Sign, range};
use crate::report::figure::frame::{Area, Figure, Frame};
use crate::report::figure::series::setting;
use crate::report::figure::words::and;
use crate::report::verb::approximation_name;
use rates::{Rate, Rates};

/// The least number of lengths.
const LENGTHS: usize = 3;

/// The height of a panel's axes.
const HEIGHT: f64 = 230.0;

/// Smaller chances are not drawn.
const SMALLEST: f64 = 1e-290;

/// The colours of approximations; bounds have the same ones, and another dash.
const COLOURS: [Colour; 4] = [Colour::B, Colour::C, Colour::D, Colour::Muted];

/// Draws a panel for each kind of error of the first setting; none without tests of at least three lengths.
pub(super) fn plot(results: &SavedResults, mut frame: Frame) -> Option<Figure> {
    let decided: Vec<Decided<'_>> = results.rows.iter().flat_map(Decided::of).collect();
    let rates = Rates::of(results, &decided);
    let panels: Vec<&Rate<'_>> = rates.panels.iter().filter(|rate| rate.lengths().len() >= LENGTHS).collect();
    if panels.is_empty() {
        return None;
    }
    let styles = styles(&panels);
    let names: Vec<String> = styles.iter().map(|(name, _)| approximation_name(name)).collect();
    let mut signs = vec![(Sign::Line(Colour::Ink, Dash::Solid), "exact")];
    if panels.iter().any(|rate| rate.observed().next().is_some()) {
        signs.push((Sign::Mark(Mark::Circle, Colour::A), "in the trials, ± 2 standard errors"));
    }
    let of_styles = styles.iter().zip(&names);
    signs.extend(of_styles.map(|((_, (colour, dash)), name)| (Sign::Line(*colour, *dash), name.as_str())));
    let which = match rates.first {
        Some(row) if rates.settings > 1 => setting(&results.overview, row),
        _ => String::new(),
    };
    let top = frame.head_of("The chances of an error against N", &which, &signs, 26.0);
    let headings: Vec<Vec<String>> = panels.iter().map(|rate| vec![rate.kind.heading().to_owned()]).collect();
    let lengths: Vec<u64> = panels.iter().flat_map(|rate| rate.lengths()).collect();
    let bottom = frame.panels(top, HEIGHT + 62.0, &headings, |canvas, place, area| {
        if let Some(rate) = panels.get(place) {
            draw(canvas, rate, &styles, &lengths, area);
        }
    });
    frame.name_shared_x(bottom + 2.0, "N, symbols per sequence (log scale)");
    let caption = caption::caption(results, &rates, &panels);
    let kinds: Vec<String> = panels.iter().map(|rate| rate.kind.name().to_owned()).collect();
    let shows = format!("On logarithmic axes against N: {}, exact and by {}.", and(&kinds), and(&names));
    Some(frame.finish(bottom + 18.0, &shows, caption))
}

/// How a line looks.
type Style = (Colour, Dash);

/// The style of each approximation by its name: bounds are dashed, others dotted.
fn styles<'a>(panels: &[&Rate<'a>]) -> Vec<(&'a str, Style)> {
    let mut styles: Vec<(&str, Style)> = Vec::new();
    let (mut bounds, mut others) = (0, 0);
    for said in panels.iter().flat_map(|rate| &rate.said) {
        if styles.iter().any(|(name, _)| *name == said.name) {
            continue;
        }
        let (count, dash) = if said.is_bound { (&mut bounds, Dash::Dashed) } else { (&mut others, Dash::Dotted) };
        let dash = if *count < COLOURS.len() { dash } else { Dash::Mixed };
        let colour = COLOURS.get(*count % COLOURS.len()).copied().unwrap_or(Colour::Muted);
        *count += 1;
        styles.push((said.name, (colour, dash)));
    }
    styles
}

/// The range of the y axis: what is exact or observed, and up to a quarter of its decades more for approximations.
fn heights(rate: &Rate<'_>) -> (f64, f64) {
    let known = rate.exact.iter().map(|&(_, chance)| chance).chain(rate.observed().map(|(_, (chance, _))| chance));
    let said = rate.said.iter().flat_map(|said| said.points.iter().map(|&(_, chance)| chance));
    let visible = |chance: &f64| *chance >= SMALLEST;
    let (said_low, said_high) = range(said.filter(visible)).unwrap_or((1.0, 1.0));
    let (low, high) = range(known.filter(visible)).unwrap_or((said_low, said_high));
    let farther = libm::pow(low, 1.25).min(low / 3.0);
    (low.min(said_low.max(farther)), high.max(said_high.min(1.0)))
}

fn draw(
    canvas: &mut Canvas,
    rate: &Rate<'_>,
    styles: &[(&str, Style)],
    lengths: &[u64],
    Area { left, top, width }: Area,
) {
    let panel = Panel {
        x: Scale::of_counts(lengths.iter().copied(), (left + LEFT, left + width - 14.0)),
        y: Scale::new(Kind::Log, heights(rate), (top + 28.0 + HEIGHT, top + 28.0)).padded(0.04),
    };
    panel.grid(canvas);
    panel.name_y(canvas, "chance (log scale)");
    panel.clipped(canvas, |canvas| {
        let places = |points: &[(u64, f64)]| -> Vec<Point> {
            let visible = points.iter().filter(|(_, chance)| *chance >= SMALLEST);
            visible.map(|&(n, chance)| panel.at(n as f64, chance)).collect()
        };
        for said in &rate.said {
            if let Some(&(_, (colour, dash))) = styles.iter().find(|(name, _)| *name == said.name) {
                canvas.line(&places(&said.points), colour, 2.0, dash);
            }
        }
        canvas.line(&places(&rate.exact), Colour::Ink, 1.5, Dash::Solid);
        for (n, (chance, error)) in rate.observed() {
            let low = (chance - 2.0 * error).max(SMALLEST);
            let ends = [panel.at(n as f64, low), panel.at(n as f64, chance + 2.0 * error)];
            canvas.line(&ends, Colour::A, 1.5, Dash::Solid);
            canvas.mark(Mark::Circle, panel.at(n as f64, chance), 3.6, Colour::A);
        }
    });
}
