//! Colours, dashes, marks and letters.

/// A colour, named by what it is for. Those of data are Okabe and Ito's, chosen for different luminance, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    /// Words and closed forms.
    Ink,
    /// Words of less weight.
    Muted,
    /// Lines of the grid.
    Grid,
    /// What all is drawn on.
    Paper,
    /// Where estimates are expected.
    Band,
    /// The part of it that is more likely.
    Core,
    /// Bars of what was observed.
    Bar,
    /// The first of several, and what was observed.
    A,
    /// The second, and what is exact.
    B,
    /// The third.
    C,
    /// The fourth.
    D,
}

impl Colour {
    /// Of several lines.
    pub(crate) const SERIES: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    /// Its value on white.
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

/// How a line is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dash {
    /// Not.
    Solid,
    /// In dashes.
    Dashed,
    /// In dots.
    Dotted,
    /// In both.
    Mixed,
}

impl Dash {
    /// Of several lines.
    pub(crate) const SERIES: [Self; 4] = [Self::Solid, Self::Dashed, Self::Mixed, Self::Dotted];

    /// Lengths of strokes and gaps.
    pub(crate) fn pattern(self) -> Option<&'static str> {
        match self {
            Self::Solid => None,
            Self::Dashed => Some("6 4"),
            Self::Dotted => Some("1.5 3"),
            Self::Mixed => Some("8 3 2 3"),
        }
    }
}

/// The shape of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A full circle.
    Circle,
    /// A square.
    Square,
    /// A square on its corner.
    Diamond,
    /// A triangle.
    Triangle,
}

impl Mark {
    /// Of several lines.
    pub(crate) const SERIES: [Self; 4] = [Self::Circle, Self::Square, Self::Triangle, Self::Diamond];
}

/// Where a text is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// At its start.
    Start,
    /// In the middle.
    Middle,
    /// At its end.
    End,
}

impl Anchor {
    /// Its name in SVG, if it must be said.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Start => None,
            Self::Middle => Some("middle"),
            Self::End => Some("end"),
        }
    }
}

/// How a text is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Font {
    /// Pixels.
    pub(crate) size: f64,
    /// Where it is held.
    pub(crate) anchor: Anchor,
    /// Its colour.
    pub(crate) colour: Colour,
    /// Whether it is bold.
    pub(crate) is_bold: bool,
}

impl Font {
    /// Numbers on axes and words beside points.
    pub(crate) const SMALL: Self = Self { size: 11.0, anchor: Anchor::Start, colour: Colour::Ink, is_bold: false };
    /// What axes and keys say.
    pub(crate) const BODY: Self = Self { size: 12.0, ..Self::SMALL };
    /// Above a panel.
    pub(crate) const HEADING: Self = Self { is_bold: true, ..Self::BODY };
    /// Above the picture.
    pub(crate) const TITLE: Self = Self { size: 15.0, ..Self::HEADING };

    /// Of less weight.
    pub(crate) const fn muted(self) -> Self {
        self.of(Colour::Muted)
    }

    /// In a colour.
    pub(crate) const fn of(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// Around its place.
    pub(crate) const fn middle(self) -> Self {
        Self { anchor: Anchor::Middle, ..self }
    }

    /// Up to its place.
    pub(crate) const fn end(self) -> Self {
        Self { anchor: Anchor::End, ..self }
    }
}
