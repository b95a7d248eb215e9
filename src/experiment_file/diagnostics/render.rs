//! Draws mistakes: the line of the file with the fault underlined.

use super::diagnostic::{Diagnostic, Diagnostics, Place};
use super::source::Source;
use crate::outside::{pictured, printable};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::ops::Range;

/// The most mistakes that are shown; the others are counted.
const MOST_SHOWN: usize = 20;

/// Two marks that are further apart than this many bytes are drawn separately.
const NEAR: usize = 20_000;

impl Diagnostics {
    /// Renders each mistake with its file, line and column, the underlined line, and what to write instead.
    pub fn render(&self, color: bool) -> String {
        self.drawings(color, None).join("\n\n")
    }

    /// Renders each mistake as a text of its own; lines of the file are cut to `width` columns, if there is a terminal.
    pub fn drawings(&self, color: bool, width: Option<usize>) -> Vec<String> {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let renderer = width.map_or(renderer.clone(), |width| renderer.term_width(width));
        let mut shown: Vec<String> = self.list.iter().take(MOST_SHOWN).map(|one| self.draw(one, &renderer)).collect();
        if let Some(rest @ 1..) = self.len().checked_sub(shown.len()) {
            let title = format!("and {rest} more");
            shown.push(renderer.render(&[Group::with_title(Level::ERROR.primary_title(title))]));
        }
        shown
    }

    fn draw(&self, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
        let title = printable(&diagnostic.title);
        let mut group = Group::with_title(Level::ERROR.primary_title(&title));
        let mark = diagnostic.place.and_then(|place| Mark::new(&self.texts, place, AnnotationKind::Primary, None));
        let context = diagnostic.context.as_ref();
        let context =
            context.and_then(|(place, label)| Mark::new(&self.texts, *place, AnnotationKind::Context, Some(label)));
        match (mark, context) {
            (Some(mark), Some(context)) if mark.is_near(&context) => group = group.element(snippet(&[mark, context])),
            (mark, context) => {
                if mark.is_none()
                    && let Some(source) = self.texts.first()
                {
                    group = group.element(Origin::path(printable(&source.name)));
                }
                for mark in mark.iter().chain(&context) {
                    group = group.element(snippet(std::slice::from_ref(mark)));
                }
            }
        }
        for help in &diagnostic.help {
            group = group.element(Level::HELP.message(printable(help)));
        }
        renderer.render(&[group])
    }
}

/// A marked range of one line. The renderer gets only the marked lines, since it scans all of its input.
struct Mark<'a> {
    source: &'a Source,
    line: Range<usize>,
    span: Range<usize>,
    kind: AnnotationKind,
    label: Option<&'a String>,
}

impl<'a> Mark<'a> {
    /// Makes a mark of a place, cut to its first line and to whole characters.
    fn new(texts: &'a [Source], place: Place, kind: AnnotationKind, label: Option<&'a String>) -> Option<Self> {
        let source = texts.get(place.text)?;
        let text = &source.text;
        let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let start = boundary(place.start);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let line_end = line_start + text[line_start..line_end].trim_end_matches('\r').len();
        let start = start.min(line_end);
        let end = boundary(place.end).clamp(start, line_end);
        Some(Self { source, line: line_start..line_end, span: start..end, kind, label })
    }

    fn is_near(&self, other: &Self) -> bool {
        std::ptr::eq(self.source, other.source) && self.line.start.abs_diff(other.line.start) < NEAR
    }
}

/// The lines from the first mark to the last, all in one source. Control characters become visible symbols of one column, so
/// that the marks stay in place.
fn snippet<'a>(marks: &[Mark<'a>]) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let start = marks.iter().map(|mark| mark.line.start).min().unwrap_or_default();
    let end = marks.iter().map(|mark| mark.line.end).max().unwrap_or_default();
    let source = marks.first().map(|mark| mark.source);
    let (name, text) = source.map_or(("", ""), |source| (source.name.as_str(), source.text.as_str()));
    let first_line = text[..start].matches('\n').count() + 1;
    // A carriage return and a byte order mark are not characters of the line.
    let shown = |text: &str| {
        let text = if start == 0 { text.trim_start_matches('\u{feff}') } else { text };
        pictured(&text.replace("\r\n", "\n"))
    };
    let place = |at: usize| shown(&text[start..at]).len();
    let annotations = marks.iter().map(|mark| {
        let span = place(mark.span.start)..place(mark.span.end);
        mark.kind.span(span).label(mark.label.map(|label| printable(label)))
    });
    Snippet::source(shown(&text[start..end])).line_start(first_line).path(printable(name)).annotations(annotations)
}
