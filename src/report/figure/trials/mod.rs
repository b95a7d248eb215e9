//! Pictures of external trials, a file for each plot.

use super::draw::{Font, Width, width};
use super::frame::{Figure, Frame};
use crate::external_trials::{GroupMeasure, GroupPerformance, PicturedGroup};
use crate::report::printable;
use kl_math::statistics::Measure;

/// The largest number of groups whose trials are shown.
pub const PICTURED_GROUPS: usize = 6;

/// What pictures of external trials are made of.
#[derive(Clone, Copy, Debug)]
pub struct PicturedTrials<'a> {
    /// The name of the study, which the ids of the pictures begin with.
    pub name: &'a str,
    /// The columns that distinguish groups; the last one has the methods.
    pub by: &'a [String],
    /// The level of the intervals, if there are any.
    pub level: Option<f64>,
    /// The group that precision is compared with.
    pub reference: Option<&'a str>,
    /// The measures of each group.
    pub groups: &'a [GroupPerformance],
    /// Trials of some groups.
    pub pictured: &'a [PicturedGroup],
}

/// Draws the trials into a blank frame; returns none if they lack what the plot shows.
type TrialsPlot = fn(&PicturedTrials<'_>, Frame) -> Option<Figure>;

/// Declares each plot's module and lists its function `plot` under the module's name, which is that of its files.
macro_rules! trials_plots {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        /// Every plot, in reading order.
        const PLOTS: &[(&str, TrialsPlot)] = &[$((stringify!($name), $name::plot)),*];
    };
}

trials_plots! {
    lollipops,
    nested,
    zip,
    scatter,
}

/// The names of all pictures that trials may have, in reading order.
pub fn trials_figure_names() -> impl Iterator<Item = &'static str> {
    PLOTS.iter().map(|&(name, _)| name)
}

/// The pictures of these trials, in reading order. A plot that would show nothing is left out.
pub fn trials_figures(trials: &PicturedTrials<'_>, width: Width) -> Vec<Figure> {
    let frame = |name| Frame::new(trials.name, name, None, width);
    PLOTS.iter().filter_map(|&(name, plot)| plot(trials, frame(name))).collect()
}

impl<'a> PicturedTrials<'a> {
    /// The groups by condition, in order of first occurrence.
    fn conditions(&self) -> Vec<Vec<&'a GroupPerformance>> {
        let mut all: Vec<Vec<&GroupPerformance>> = Vec::new();
        let mut places: std::collections::HashMap<&[String], usize> = std::collections::HashMap::new();
        for group in self.groups {
            let place = *places.entry(settings(&group.keys)).or_insert(all.len());
            match all.get_mut(place) {
                Some(groups) => groups.push(group),
                None => all.push(vec![group]),
            }
        }
        all
    }

    /// The methods, in order of first occurrence.
    fn methods(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for method in self.groups.iter().map(|group| method(&group.keys)) {
            if !all.contains(&method) {
                all.push(method);
            }
        }
        all
    }

    /// The columns whose values vary, but for that of the methods, each with its value in a group.
    fn varying<'k>(&'k self, keys: &'k [String]) -> impl Iterator<Item = (&'k String, &'k String)> {
        let varies =
            |place: usize, value: &String| self.groups.iter().any(|group| group.keys.get(place) != Some(value));
        let named = self.by.iter().zip(settings(keys)).enumerate();
        named.filter(move |(place, (_, value))| varies(*place, value)).map(|(_, named)| named)
    }

    /// The setting of a group without its method: `n = 50, baseline = Weibull`; empty if nothing varies.
    fn condition(&self, keys: &[String]) -> String {
        let named = self.varying(keys).map(|(name, value)| format!("{} = {}", printable(name), printable(value)));
        named.collect::<Vec<_>>().join(", ")
    }

    /// The setting of a group in `room` pixels: without the names of the columns if it is too long with them.
    fn condition_within(&self, keys: &[String], room: f64) -> String {
        let whole = self.condition(keys);
        if width(&whole, Font::SMALL.size) <= room {
            return whole;
        }
        self.varying(keys).map(|(_, value)| printable(value)).collect::<Vec<_>>().join(", ")
    }

    /// The heading of each of the panels of some groups: the method, and the setting.
    fn panel_headings(&self, frame: &Frame, groups: &[&PicturedGroup]) -> Vec<Vec<String>> {
        let room = frame.heading_width(groups.len());
        let heading = |group: &&PicturedGroup| {
            let lines = [method(&group.keys), self.condition_within(&group.keys, room)];
            lines.into_iter().filter(|line| !line.is_empty()).collect()
        };
        groups.iter().map(heading).collect()
    }

    /// The method and the setting of a group, in lines.
    fn headings(&self, keys: &[String]) -> Vec<String> {
        [method(keys), self.condition(keys)].into_iter().filter(|line| !line.is_empty()).collect()
    }

    /// The measure that says how far off the estimates are: the bias, or the mean where there is no estimand.
    fn position(&self) -> Measure {
        let has_bias = self.groups.iter().any(|group| measured(group, Measure::Bias).is_some());
        if has_bias { Measure::Bias } else { Measure::Mean }
    }
}

/// The values of all keys but the last.
fn settings(keys: &[String]) -> &[String] {
    keys.split_last().map_or(&[], |(_, rest)| rest)
}

/// The value of the last key.
fn method(keys: &[String]) -> String {
    keys.last().map_or_else(|| "all trials".to_owned(), |key| printable(key))
}

/// A finite measure of a group.
fn measured(group: &GroupPerformance, measure: Measure) -> Option<&GroupMeasure> {
    group.measures.iter().find(|found| found.measure == measure && found.estimate.is_finite())
}
