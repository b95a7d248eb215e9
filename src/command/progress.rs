//! The progress of a run.

use crate::outside::printable;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use kl_sim::simulation::Meter;
use std::time::{Duration, Instant};

/// The time after which a bar is shown.
const BAR_DELAY: Duration = Duration::from_secs(1);

/// A progress bar with the time left on standard error, after a second, if that is a terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: std::sync::Once,
    watched: bool,
}

impl Progress {
    /// A bar for `symbols` symbols of `experiment`.
    pub(super) fn new(experiment: &str, symbols: u128, watched: bool) -> Self {
        let bar = ProgressBar::with_draw_target(
            Some(u64::try_from(symbols).unwrap_or(u64::MAX)),
            ProgressDrawTarget::hidden(),
        );
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent:>3} %  {eta} left") {
            bar.set_style(style);
        }
        bar.set_message(printable(experiment));
        Self { bar, started: Instant::now(), shown: std::sync::Once::new(), watched }
    }
}

impl Meter for Progress {
    fn advanced(&self, symbols: u64) {
        self.bar.inc(symbols);
        if self.watched && self.started.elapsed() >= BAR_DELAY {
            self.shown.call_once(|| self.bar.set_draw_target(ProgressDrawTarget::stderr()));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
