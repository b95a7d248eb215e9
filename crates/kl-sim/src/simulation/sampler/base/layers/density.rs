//! What layers are cut from.

/// A density f with its top at 0, whose logarithm is concave.
pub(in crate::simulation::sampler) trait Density {
    /// Which numbers have a density.
    const SIDES: Sides;

    /// ln f(x)/f(0), which is 0 at 0 and at most 0 elsewhere, right to a few ulp of 1 + |itself|.
    fn log(&self, x: f64) -> f64;

    /// The derivative of that.
    fn slope(&self, x: f64) -> f64;

    /// 1/f(0): the area under f/f(0).
    fn area(&self) -> f64;
}

/// Which numbers have a density.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulation::sampler) enum Sides {
    /// Those above 0.
    Above,
    /// Those below 0, too.
    Both,
}

/// The x on one `side` (±1) at which f falls to the height e^`log_height` < 1, or a little nearer to the top: f is
/// nowhere less between 0 and that x. The search starts at `from` > 0.
///
/// Newton's steps: since ln f is concave none ends on the near side. Where one leads nowhere the interval is halved.
pub(super) fn reach(density: &impl Density, side: f64, log_height: f64, from: f64) -> f64 {
    /// Enough to halve any interval of doubles until nothing is left.
    const MOST: usize = 2_200;
    /// A step that is no larger, in shares of the place, ends the search.
    const NEAR: f64 = 1e-14;
    let log = |size: f64| density.log(side * size);
    let (mut inside, mut outside, mut size) = (0.0, f64::INFINITY, from);
    for _ in 0..MOST {
        let excess = log(size) - log_height;
        if excess >= 0.0 {
            inside = size;
        } else {
            outside = size;
        }
        let next = size - excess / (side * density.slope(side * size));
        if (next - size).abs() <= NEAR * size || outside - inside <= NEAR * inside {
            break;
        }
        size = if next > inside && next < outside {
            next
        } else if outside == f64::INFINITY {
            2.0 * size
        } else {
            0.5 * (inside + outside)
        };
    }
    // A little nearer, until it is inside for certain.
    let (mut share, mut found) = (NEAR, size);
    while log(found) < log_height && found > inside {
        found = size * (1.0 - share);
        share *= 4.0;
    }
    side * found.max(inside)
}
