//! How a run is stopped, and how its progress is followed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Stops a run at the end of the current batch. Clones share the request.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicUsize>);

impl Cancel {
    /// Stops the run, for a reason that is not 0.
    pub fn cancel(&self, reason: usize) {
        self.0.store(reason, Ordering::Relaxed);
    }

    /// The reason, if the run is to stop.
    pub fn reason(&self) -> Option<usize> {
        Some(self.0.load(Ordering::Relaxed)).filter(|&reason| reason != 0)
    }

    /// The flag in which a signal handler stores the reason.
    pub fn flag(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.0)
    }
}

/// Follows the progress of a simulation.
pub trait Meter: Sync {
    /// Is called when this many more symbols have been drawn.
    fn advanced(&self, symbols: u64);
}

/// Progress is not followed.
impl Meter for () {
    fn advanced(&self, _: u64) {}
}
