//! The plots, a file or a folder each.

use super::frame::{Figure, Frame};
use crate::record::SavedResults;

pub(super) use law::sketch;

/// Draws the results into a blank frame; returns none if they lack what the plot shows.
pub(super) type Plot = fn(&SavedResults, Frame) -> Option<Figure>;

/// Declares each plot's module and lists its function `plot` under the module's name, which is that of its files.
macro_rules! plots {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        /// Every plot, in reading order.
        pub(super) const PLOTS: &[(&str, Plot)] = &[$((stringify!($name), $name::plot)),*];
    };
}

/// Plots that are drawn if they are asked for: they show a part of another.
pub(super) const ON_DEMAND: &[(&str, Plot)] = &[("rmse", errors::plot_rmse)];

plots! {
    operating,
    exponents,
    law,
    mean,
    variance,
    paths,
    curve,
    estimators,
    errors,
    nested,
    zip,
}
