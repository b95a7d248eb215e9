//! Ctrl-C and its kin.

use crate::error::Error;
use crate::simulation::Cancel;
use signal_hook::consts::{SIGINT, SIGTERM};

/// A request to stop that the first SIGINT or SIGTERM makes, with the signal's number as its reason.
pub(super) fn watch() -> Result<Cancel, Error> {
    let cancel = Cancel::default();
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register_usize(signal, cancel.flag(), signal.unsigned_abs() as usize)
            .map_err(Error::Signals)?;
    }
    Ok(cancel)
}
