//! The same of conditions that no number orders, one below the other.

use super::caption::{agreement, chance, undecided};
use super::names::Names;
use super::{Shown, title};
use crate::record::SavedResults;
use crate::report::figure::decided::{Beside, Decided};
use crate::report::figure::draw::{Canvas, Colour, Dash, Font, Kind, Mark, Panel, Scale, Sign, range, widest};
use crate::report::figure::frame::{Area, Figure, Frame};
use crate::report::figure::words::{and, shown_of, some};
use crate::report::grouped;

/// The most rows of a panel.
const ROWS: usize = 16;

/// The height of a row.
const ROW: f64 = 22.0;

/// The height of a panel without its rows, with one line of heading.
const AROUND: f64 = 52.0;

/// The heading of a panel, and what it shows.
type Panelled = (String, fn(&Decided<'_>) -> Beside);

/// Draws both panels; none unless there are several conditions of sequential tests.
pub(super) fn plot(results: &SavedResults, decided: &[Decided<'_>], mut frame: Frame) -> Option<Figure> {
    let all: Vec<&Decided<'_>> = decided.iter().filter(|one| one.is_sequential()).collect();
    let (first, last) = (all.first()?, all.last()?);
    if first.row.condition == last.row.condition {
        return None;
    }
    let shown: Vec<&Decided<'_>> = some(&all, ROWS).into_iter().copied().collect();
    let names = names(results, decided, &shown);
    let decision = Shown::of(shown.iter().copied());
    let panels: [Panelled; 2] = [
        (format!("Chance to decide {}", decision.name), decision.of),
        ("Mean number of symbols".to_owned(), |decided| decided.length),
    ];
    let signs = [
        (Sign::Mark(Mark::Diamond, Colour::B), "exact"),
        (Sign::Mark(Mark::Circle, Colour::A), "in the trials, ± 2 standard errors"),
    ];
    let top = frame.head(title(true), &signs, 26.0);
    let room = widest(names.iter().map(String::as_str), Font::SMALL.size);
    let headings: Vec<Vec<String>> = panels.iter().map(|(name, _)| vec![name.clone()]).collect();
    let height = AROUND + ROW * shown.len() as f64;
    let bottom = frame.panels(top, height, &headings, |canvas, place, area| {
        if let Some((_, of)) = panels.get(place) {
            let ends = (place == 0).then_some((0.0, 1.0));
            draw(canvas, (&shown, &names), *of, ends, area, room.min(area.width * 0.45));
        }
    });
    let words =
        shown.iter().zip(&names).filter_map(|(one, name)| Some(format!("{} ({name})", chance((decision.of)(one))?)));
    let words: Vec<String> = words.take(4).collect();
    let words = if words.is_empty() { "not known".to_owned() } else { and(&words) };
    let mut parts = vec![format!("The chance to decide {}: {words}.", decision.name)];
    parts.extend(agreement(shown.iter().copied(), decision, true));
    parts.extend(undecided(shown.iter().copied()));
    parts.extend(shown_of(shown.len(), all.len(), "row"));
    let shows = format!("The chance to decide {} and the mean number of symbols of each condition.", decision.name);
    Some(frame.finish(bottom + 4.0, &shows, parts.join(" ")))
}

/// What tells conditions apart.
fn names(results: &SavedResults, decided: &[Decided<'_>], shown: &[&Decided<'_>]) -> Vec<String> {
    let told = Names::of(&results.overview.setting_names, decided, None);
    let has_lengths = decided.iter().any(|one| Some(one.row.n) != decided.first().map(|first| first.row.n));
    let name = |one: &&Decided<'_>| {
        let length = has_lengths.then(|| format!("max = {}", grouped(one.row.n)));
        told.settings(one).into_iter().chain(length).collect::<Vec<_>>().join(", ")
    };
    shown.iter().map(name).collect()
}

fn draw(
    canvas: &mut Canvas,
    (shown, names): (&[&Decided<'_>], &[String]),
    of: fn(&Decided<'_>) -> Beside,
    ends: Option<(f64, f64)>,
    Area { left, top, width }: Area,
    room: f64,
) {
    let bars = shown.iter().filter_map(|one| of(one).bar()).flat_map(|(low, high)| [low, high]);
    let exact = shown.iter().filter_map(|one| of(one).exact);
    let (low, high) = ends.or(range(bars.chain(exact).chain([0.0]))).unwrap_or((0.0, 1.0));
    let bottom = top + 12.0 + ROW * shown.len() as f64;
    let panel = Panel {
        x: Scale::new(Kind::Linear, (low, high), (left + room + 22.0, left + width - 14.0)).padded(0.04),
        y: Scale::new(Kind::Linear, (0.0, 1.0), (bottom, top + 8.0)),
    };
    panel.grid_across(canvas);
    for (place, (one, name)) in shown.iter().zip(names).enumerate() {
        let y = top + 10.0 + ROW * (place as f64 + 0.5);
        canvas.text((left + 10.0 + room, y + 4.0), name, room, Font::SMALL.end());
        let (found, at) = (of(one), |value: f64| (panel.x.at(value), y));
        if let Some(exact) = found.exact {
            canvas.mark(Mark::Diamond, at(exact), 5.5, Colour::B);
        }
        if let (Some((value, _)), Some((low, high))) = (found.observed, found.bar()) {
            canvas.line(&[at(low), at(high)], Colour::A, 1.5, Dash::Solid);
            canvas.mark(Mark::Circle, at(value), 3.0, Colour::A);
        }
    }
}
