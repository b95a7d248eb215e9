//! Ctrl-C and its kin.

use crate::error::Error;
use crate::simulation::Cancel;
use signal_hook::consts::{SIGINT, SIGTERM};

/// A closed terminal counts as an interruption, where there is such a signal.
#[cfg(unix)]
const SIGNALS: [i32; 3] = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
#[cfg(not(unix))]
const SIGNALS: [i32; 2] = [SIGINT, SIGTERM];

/// A request to stop that SIGINT, SIGTERM or SIGHUP makes, with the signal's number as its reason.
pub(super) fn watch() -> Result<Cancel, Error> {
    let cancel = Cancel::default();
    for signal in SIGNALS {
        signal_hook::flag::register_usize(signal, cancel.flag(), signal.unsigned_abs() as usize)
            .map_err(Error::Signals)?;
    }
    Ok(cancel)
}
