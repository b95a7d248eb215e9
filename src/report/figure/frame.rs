//! The frame of a picture: title, legend, panels, caption and description.

use super::draw::{Canvas, Font, Point, Sign, Width, legend, shortened, without_head, wrapped};

/// The height of a line of a heading.
const LINE: f64 = 15.0;

/// The height of a line of the title.
const TITLE: f64 = 18.0;

/// What is shown is said in about as many lines.
const LINES: f64 = 3.0;

/// Narrower pictures have one panel in a row.
const TWO_COLUMNS: f64 = 560.0;

/// A picture of results, as a file of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The name of its file, without `.svg`: that of a plot, such as `law` or `variance`.
    pub name: String,
    /// The title.
    pub title: String,
    /// What it shows, in a sentence or two.
    pub caption: String,
    /// What it shows, with the main numbers, for readers who cannot see it.
    pub description: String,
    /// The file.
    pub svg: String,
    /// Its height in pixels.
    height: f64,
    /// The lines of the title at the top of it.
    title_lines: usize,
}

impl Figure {
    /// The height in points of print, as [`Width::points`] is the width.
    pub fn points_high(&self) -> f64 {
        self.height / Width::TO_A_POINT
    }

    /// The picture without its title, for a caption that says it: as much lower.
    #[must_use]
    pub fn without_title(self) -> Self {
        let title = TITLE * self.title_lines as f64;
        let svg = without_head(&self.svg, self.title_lines, title);
        Self { svg, height: self.height - title, title_lines: 0, ..self }
    }
}

/// A picture that is being drawn. A plot writes its head, draws its panels, and finishes it.
pub(super) struct Frame {
    name: &'static str,
    title: String,
    title_lines: usize,
    /// The estimator, if the picture is of one of several.
    estimator: Option<String>,
    /// What the plot draws on.
    pub(super) canvas: Canvas,
}

/// The place of one of several panels, below its heading.
#[derive(Clone, Copy)]
pub(super) struct Area {
    /// The left edge.
    pub(super) left: f64,
    /// The upper edge.
    pub(super) top: f64,
    /// The width.
    pub(super) width: f64,
}

impl Frame {
    /// A blank frame for the plot of this name. No two pictures of a page have the same ids.
    pub(super) fn new(experiment: &str, name: &'static str, estimator: Option<String>, width: Width) -> Self {
        let safe = |letter: char| match letter {
            letter if letter.is_ascii_alphanumeric() || letter == '-' => letter.to_string(),
            letter => format!("_{:x}", u32::from(letter)),
        };
        let experiment: String = experiment.chars().map(safe).collect();
        let at = if width == Width::WIDE { String::new() } else { format!("-{}", width.pixels()) };
        let canvas = Canvas::new(format!("kl-{experiment}-{name}{at}"), width);
        Self { name, title: String::new(), title_lines: 0, estimator, canvas }
    }

    /// Writes the title and the legend; returns the y that is `gap` pixels below them.
    pub(super) fn head(&mut self, title: &str, signs: &[(Sign, &str)], gap: f64) -> f64 {
        self.head_of(title, "", signs, gap)
    }

    /// The same with a second line that says what is shown. It is broken into lines where it is long.
    pub(super) fn head_of(&mut self, title: &str, which: &str, signs: &[(Sign, &str)], gap: f64) -> f64 {
        self.title = title.to_owned();
        let width = self.canvas.width();
        let room = width - 20.0;
        let lines = wrapped(title, room, Font::TITLE.wide());
        self.title_lines = lines.len();
        for (place, line) in lines.iter().enumerate() {
            self.canvas.text((10.0, 24.0 + TITLE * place as f64), line, room, Font::TITLE);
        }
        let mut top = 48.0 + TITLE * (lines.len() - 1) as f64;
        let estimator = self.estimator.iter().map(|name| format!("estimator {name}"));
        let which: Vec<String> = estimator.chain([which.to_owned()]).filter(|part| !part.is_empty()).collect();
        let which = shortened(&which.join(", "), LINES * room, Font::BODY.size);
        for line in wrapped(&which, room, Font::BODY.size).iter().filter(|line| !line.is_empty()) {
            self.canvas.text((10.0, top - 5.0), line, room, Font::BODY.muted());
            top += LINE + 2.0;
        }
        legend(&mut self.canvas, (10.0, top), width - 10.0, signs) + gap
    }

    /// The width of the heading above each of `count` panels.
    pub(super) fn heading_width(&self, count: usize) -> f64 {
        self.panel_width(count) - 20.0
    }

    /// How many panels are in a row.
    fn columns(&self, count: usize) -> usize {
        if count == 1 || self.canvas.width() < TWO_COLUMNS { 1 } else { 2 }
    }

    fn panel_width(&self, count: usize) -> f64 {
        (self.canvas.width() - 10.0) / self.columns(count) as f64
    }

    /// Draws panels below `top`, in two columns if there are several and room for them, each below its heading; `height` is that of a
    /// panel and one line of heading. Returns the lower edge of the last.
    pub(super) fn panels(
        &mut self,
        top: f64,
        height: f64,
        headings: &[Vec<String>],
        mut draw: impl FnMut(&mut Canvas, usize, Area),
    ) -> f64 {
        let (columns, width) = (self.columns(headings.len()), self.panel_width(headings.len()));
        let lines = headings.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let more = LINE * (lines as f64 - 1.0);
        let height = height + more;
        for (place, heading) in headings.iter().enumerate() {
            let (left, top) = (width * (place % columns) as f64, top + height * (place / columns) as f64);
            write_heading(&mut self.canvas, heading, (left + 10.0, top), width - 20.0);
            draw(&mut self.canvas, place, Area { left, top: top + more, width });
        }
        top + height * headings.len().div_ceil(columns) as f64
    }

    /// Writes the name of the x axis that all panels share.
    pub(super) fn name_shared_x(&mut self, y: f64, name: &str) {
        let width = self.canvas.width();
        self.canvas.text((width / 2.0, y), name, width - 20.0, Font::BODY.middle());
    }

    /// Returns the picture, `height` pixels high. Its description is `shows`, followed by the caption.
    pub(super) fn finish(self, height: f64, shows: &str, caption: String) -> Figure {
        let estimator = self.estimator.map(|name| format!(" Shown is the estimator {name}."));
        let caption = caption + &estimator.unwrap_or_default();
        let description = format!("{shows} {caption}");
        let svg = self.canvas.into_svg(height, &self.title, &description);
        let title_lines = self.title_lines;
        Figure { name: self.name.to_owned(), title: self.title, caption, description, svg, height, title_lines }
    }
}

/// Writes the heading of a panel, with its first line in bold.
fn write_heading(canvas: &mut Canvas, lines: &[String], (x, y): Point, room: f64) {
    for (place, words) in lines.iter().enumerate() {
        let font = if place == 0 { Font::HEADING } else { Font::SMALL };
        canvas.text((x, y + LINE * place as f64), words, room, font);
    }
}
