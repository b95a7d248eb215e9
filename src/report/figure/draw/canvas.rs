//! The elements of an SVG file, each with a colour and a class by which a page can change the colour.

use super::paint::{Colour, Dash, Font, Mark};
use super::panel::LEFT;
use super::text::{clean, shortened};
use super::width::Width;
use svg::node::element::Element;
use svg::node::{Node, Text};

/// A point in pixels.
pub(crate) type Point = (f64, f64);

/// A picture that is being drawn.
pub(crate) struct Canvas {
    id: String,
    width: f64,
    elements: Vec<Element>,
    clips: usize,
}

impl Canvas {
    /// An empty canvas. The ids of its elements start with `id`.
    pub(crate) fn new(id: String, width: Width) -> Self {
        Self { id, width: width.pixels(), elements: Vec::new(), clips: 0 }
    }

    /// The width of the picture.
    pub(crate) fn width(&self) -> f64 {
        self.width
    }

    /// The pixels between which the x axis of a panel of full width lies.
    pub(crate) fn across(&self) -> (f64, f64) {
        (LEFT + 8.0, self.width - 16.0)
    }

    /// Returns the file, `height` pixels high.
    pub(crate) fn into_svg(mut self, height: f64, title: &str, description: &str) -> String {
        let paper = painted("rect", Colour::Paper, Paint::Fill);
        let paper = with(paper, &[("x", 0.0), ("y", 0.0), ("width", self.width), ("height", height)]);
        let mut root = Element::new("svg");
        root.assign("xmlns", "http://www.w3.org/2000/svg");
        root.assign("width", coordinate(self.width));
        root.assign("height", coordinate(height));
        root.assign("viewBox", format!("0 0 {} {}", coordinate(self.width), coordinate(height)));
        root.assign("role", "img");
        root.assign("font-family", "system-ui, 'Helvetica Neue', Arial, sans-serif");
        let ids = ["title", "desc"].map(|part| format!("{}-{part}", self.id));
        root.assign("aria-labelledby", ids.join(" "));
        for ((name, id), text) in ["title", "desc"].into_iter().zip(ids).zip([title, description]) {
            let mut element = Element::new(name);
            element.assign("id", id);
            element.append(Text::new(clean(text)));
            root.append(element);
        }
        root.append(paper);
        self.elements.drain(..).for_each(|element| root.append(element));
        format!("{root}\n")
    }

    /// Draws a filled rectangle between two corners.
    pub(crate) fn rect(&mut self, (x, y): Point, (to_x, to_y): Point, colour: Colour) {
        let size = [("x", x.min(to_x)), ("y", y.min(to_y)), ("width", (to_x - x).abs()), ("height", (to_y - y).abs())];
        self.elements.push(with(painted("rect", colour, Paint::Fill), &size));
    }

    /// Draws a line through points.
    pub(crate) fn line(&mut self, points: &[Point], colour: Colour, width: f64, dash: Dash) {
        if points.len() < 2 {
            return;
        }
        let mut line = painted("polyline", colour, Paint::Stroke);
        line.assign("points", listed(points));
        line.assign("stroke-width", coordinate(width));
        line.assign("stroke-linejoin", "round");
        if let Some(pattern) = dash.pattern() {
            line.assign("stroke-dasharray", pattern);
        }
        self.elements.push(line);
    }

    /// Draws a filled area.
    pub(crate) fn area(&mut self, points: &[Point], colour: Colour) {
        let mut area = painted("polygon", colour, Paint::Fill);
        area.assign("points", listed(points));
        self.elements.push(area);
    }

    /// Draws a mark.
    pub(crate) fn mark(&mut self, mark: Mark, (x, y): Point, radius: f64, colour: Colour) {
        match mark {
            Mark::Circle => {
                let circle = painted("circle", colour, Paint::Fill);
                self.elements.push(with(circle, &[("cx", x), ("cy", y), ("r", radius)]));
            }
            Mark::Square => {
                let half = radius * 0.9;
                self.rect((x - half, y - half), (x + half, y + half), colour);
            }
            Mark::Diamond => {
                let far = radius * 1.3;
                self.area(&[(x, y - far), (x + far, y), (x, y + far), (x - far, y)], colour);
            }
            Mark::Triangle => {
                let far = radius * 1.2;
                self.area(&[(x, y - far), (x + far, y + far * 0.8), (x - far, y + far * 0.8)], colour);
            }
        }
    }

    /// Writes text, shortened to `room` pixels.
    pub(crate) fn text(&mut self, (x, y): Point, text: &str, room: f64, font: Font) {
        let mut element = painted("text", font.colour, Paint::Fill);
        element = with(element, &[("x", x), ("y", y), ("font-size", font.size)]);
        if let Some(anchor) = font.anchor.name() {
            element.assign("text-anchor", anchor);
        }
        if font.is_bold {
            element.assign("font-weight", "600");
        }
        element.append(Text::new(shortened(&clean(text), room, font.wide())));
        self.elements.push(element);
    }

    /// Clips what `draw` draws to the rectangle between two corners.
    pub(crate) fn clipped(&mut self, from: Point, to: Point, draw: impl FnOnce(&mut Self)) {
        self.clips += 1;
        let id = format!("{}-clip-{}", self.id, self.clips);
        let before = std::mem::take(&mut self.elements);
        draw(self);
        let inside = std::mem::replace(&mut self.elements, before);
        let mut clip = Element::new("clipPath");
        clip.assign("id", id.as_str());
        let (width, height) = ((to.0 - from.0).abs(), (to.1 - from.1).abs());
        let size = [("x", from.0.min(to.0)), ("y", from.1.min(to.1)), ("width", width), ("height", height)];
        clip.append(with(Element::new("rect"), &size));
        let mut group = Element::new("g");
        group.assign("clip-path", format!("url(#{id})"));
        inside.into_iter().for_each(|element| group.append(element));
        self.elements.extend([clip, group]);
    }
}

/// A file that a canvas made, without its first `texts` lines of text, and without `height` pixels at its top.
pub(crate) fn without_head(svg: &str, texts: usize, height: f64) -> String {
    let attribute = |line: &str, name: &str| {
        let (_, rest) = line.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    let mut left = texts;
    let mut lines = svg.lines();
    let first = lines.next().unwrap_or_default();
    let size = ["width", "height"].map(|name| attribute(first, name).and_then(|size| size.parse::<f64>().ok()));
    let [Some(width), Some(whole)] = size else { return svg.to_owned() };
    let (from, to) = (coordinate(height), coordinate(whole - height));
    let (width, whole) = (coordinate(width), coordinate(whole));
    let first = first.replacen(&format!(" height=\"{whole}\""), &format!(" height=\"{to}\""), 1).replacen(
        &format!("\"0 0 {width} {whole}\""),
        &format!("\"0 {from} {width} {to}\""),
        1,
    );
    let is_kept = |line: &&str| {
        let is_head = left > 0 && line.starts_with("<text ");
        left -= usize::from(is_head);
        !is_head
    };
    let rest: String = lines.filter(is_kept).flat_map(|line| [line, "\n"]).collect();
    format!("{first}\n{rest}")
}

/// The part of an element that is coloured.
#[derive(Clone, Copy)]
enum Paint {
    Fill,
    Stroke,
}

/// An element in a colour, with the classes of the colour and of the coloured part.
fn painted(name: &str, colour: Colour, paint: Paint) -> Element {
    let mut element = Element::new(name);
    let (fill, stroke, class) = match paint {
        Paint::Fill => (colour.hex(), None, "kl-fill"),
        Paint::Stroke => ("none", Some(colour.hex()), "kl-stroke"),
    };
    element.assign("fill", fill);
    if let Some(stroke) = stroke {
        element.assign("stroke", stroke);
    }
    element.assign("class", format!("{class} {}", colour.class()));
    element
}

fn with(mut element: Element, numbers: &[(&str, f64)]) -> Element {
    numbers.iter().for_each(|&(name, number)| element.assign(name, coordinate(number)));
    element
}

fn listed(points: &[Point]) -> String {
    let points = points.iter().map(|&(x, y)| format!("{},{}", coordinate(x), coordinate(y)));
    points.collect::<Vec<_>>().join(" ")
}

/// A number of pixels with two decimals, clamped to a finite range near the picture.
fn coordinate(number: f64) -> String {
    let number = if number.is_nan() { 0.0 } else { number.clamp(-1e5, 1e5) };
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_finite() {
        let numbers = [1.0, 0.125, -0.001, 100.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        assert_eq!(numbers.map(coordinate), ["1", "0.12", "0", "100", "0", "100000", "-100000"]);
    }

    #[test]
    fn text_is_escaped_and_attributes_are_in_order() {
        let mut canvas = Canvas::new("kl".to_owned(), Width::WIDE);
        canvas.text((1.0, 2.0), "a<&\"\u{1b}", 100.0, Font::SMALL);
        insta::assert_snapshot!(canvas.into_svg(30.0, "t & t", "d < d"), @r###"
        <svg aria-labelledby="kl-title kl-desc" font-family="system-ui, &apos;Helvetica Neue&apos;, Arial, sans-serif" height="30" role="img" viewBox="0 0 720 30" width="720" xmlns="http://www.w3.org/2000/svg">
        <title id="kl-title">t &amp; t</title>
        <desc id="kl-desc">d &lt; d</desc>
        <rect class="kl-fill kl-paper" fill="#ffffff" height="30" width="720" x="0" y="0"/>
        <text class="kl-fill kl-ink" fill="#1a1a1a" font-size="11" x="1" y="2">a&lt;&amp;"\u{1b}</text>
        </svg>
        "###);
    }
}
