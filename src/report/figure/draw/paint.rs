//! Colours, dashes, marks and fonts.

/// A colour, named for its use. Those of data are from Okabe and Ito's palette, chosen to differ in luminance too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    /// Text and closed forms.
    Ink,
    /// Secondary text.
    Muted,
    /// Lines of the grid.
    Grid,
    /// The background.
    Paper,
    /// Where estimates are expected.
    Band,
    /// The part of that band that is more likely.
    Core,
    /// Bars of observed values.
    Bar,
    /// The first series, and observed values.
    A,
    /// The second series, and exact values.
    B,
    /// The third series.
    C,
    /// The fourth series.
    D,
}

impl Colour {
    /// The values for several series, in order.
    pub(crate) const SERIES: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    /// Its value on a white background.
    pub(crate) fn hex(self) -> &'static str {
        match self {
            Self::Ink => "#1a1a1a",
            Self::Muted => "#5f5f5f",
            Self::Grid => "#e3e3e3",
            Self::Paper => "#ffffff",
            Self::Band => "#eaf1f6",
            Self::Core => "#d3e3ef",
            Self::Bar => "#56b4e9",
            Self::A => "#0072b2",
            Self::B => "#d55e00",
            Self::C => "#009e73",
            Self::D => "#cc79a7",
        }
    }

    /// Its name in style sheets.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Ink => "kl-ink",
            Self::Muted => "kl-muted",
            Self::Grid => "kl-grid",
            Self::Paper => "kl-paper",
            Self::Band => "kl-band",
            Self::Core => "kl-core",
            Self::Bar => "kl-bar",
            Self::A => "kl-a",
            Self::B => "kl-b",
            Self::C => "kl-c",
            Self::D => "kl-d",
        }
    }
}

/// The dash pattern of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dash {
    /// An unbroken line.
    Solid,
    /// Dashes.
    Dashed,
    /// Dots.
    Dotted,
    /// Dashes and dots.
    Mixed,
}

impl Dash {
    /// The values for several series, in order.
    pub(crate) const SERIES: [Self; 4] = [Self::Solid, Self::Dashed, Self::Mixed, Self::Dotted];

    /// The lengths of strokes and gaps.
    pub(crate) fn pattern(self) -> Option<&'static str> {
        match self {
            Self::Solid => None,
            Self::Dashed => Some("6 4"),
            Self::Dotted => Some("2 3"),
            Self::Mixed => Some("8 3 2 3"),
        }
    }
}

/// The shape of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A filled circle.
    Circle,
    /// A square.
    Square,
    /// A square on its corner.
    Diamond,
    /// A triangle.
    Triangle,
}

impl Mark {
    /// The values for several series, in order.
    pub(crate) const SERIES: [Self; 4] = [Self::Circle, Self::Square, Self::Triangle, Self::Diamond];
}

/// The point of a text that is at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// Its start.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

impl Anchor {
    /// Its name in SVG; none for the default.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Start => None,
            Self::Middle => Some("middle"),
            Self::End => Some("end"),
        }
    }
}

/// The style of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Font {
    /// The size in pixels.
    pub(crate) size: f64,
    /// The anchor.
    pub(crate) anchor: Anchor,
    /// Its colour.
    pub(crate) colour: Colour,
    /// Whether it is bold.
    pub(crate) is_bold: bool,
}

impl Font {
    /// For numbers on axes and labels of points.
    pub(crate) const SMALL: Self = Self { size: 11.0, anchor: Anchor::Start, colour: Colour::Ink, is_bold: false };
    /// For names of axes and legends.
    pub(crate) const BODY: Self = Self { size: 12.0, ..Self::SMALL };
    /// For the heading of a panel.
    pub(crate) const HEADING: Self = Self { is_bold: true, ..Self::BODY };
    /// For the title of the picture.
    pub(crate) const TITLE: Self = Self { size: 15.0, ..Self::HEADING };

    /// The size of ordinary letters that are as wide as these.
    pub(crate) fn wide(self) -> f64 {
        if self.is_bold { self.size * 1.08 } else { self.size }
    }

    /// The same in the colour of secondary text.
    pub(crate) const fn muted(self) -> Self {
        self.of(Colour::Muted)
    }

    /// The same in this colour.
    pub(crate) const fn of(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// The same with its middle at its position.
    pub(crate) const fn middle(self) -> Self {
        Self { anchor: Anchor::Middle, ..self }
    }

    /// The same with its end at its position.
    pub(crate) const fn end(self) -> Self {
        Self { anchor: Anchor::End, ..self }
    }
}
