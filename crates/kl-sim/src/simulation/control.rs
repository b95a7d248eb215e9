//! What a run listens to, and what hears of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Asks a run to stop; it does within a batch. Clones share the request.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicUsize>);

impl Cancel {
    /// Asks, for a reason that is not 0.
    pub fn cancel(&self, reason: usize) {
        self.0.store(reason, Ordering::Relaxed);
    }

    /// The reason, if anybody asked.
    pub fn reason(&self) -> Option<usize> {
        Some(self.0.load(Ordering::Relaxed)).filter(|&reason| reason != 0)
    }

    /// The place where a signal handler leaves the reason.
    pub fn flag(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.0)
    }
}

/// Hears how far the simulation is.
pub trait Meter: Sync {
    /// So many more symbols have been drawn.
    fn advanced(&self, symbols: u64);
}

/// Nobody watches.
impl Meter for () {
    fn advanced(&self, _: u64) {}
}
