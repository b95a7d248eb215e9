//! Ctrl-C and its kin.

use crate::error::Error;
use kl_sim::simulation::Cancel;
use signal_hook::consts::{SIGINT, SIGTERM};

/// A closed terminal counts as an interruption, where there is such a signal.
#[cfg(unix)]
const SIGNALS: [i32; 3] = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
#[cfg(not(unix))]
const SIGNALS: [i32; 2] = [SIGINT, SIGTERM];

/// A request to stop that SIGINT, SIGTERM or SIGHUP makes, with the signal's number as its reason.
pub(super) fn watch() -> Result<Cancel, Error> {
    let cancel = Cancel::default();
    for signal in SIGNALS.into_iter().filter(|&signal| !is_ignored(signal)) {
        signal_hook::flag::register_usize(signal, cancel.flag(), signal.unsigned_abs() as usize)
            .map_err(Error::Signals)?;
    }
    Ok(cancel)
}

/// Lets a write beyond the limit on the size of files (`ulimit -f`) fail, which is told, in place of a signal that ends the program
/// without a word. Programs that this one starts do not inherit it.
pub(crate) fn survive_file_size_limit() {
    #[cfg(unix)]
    {
        let heard = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        // Where it cannot be done the program ends as before.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, heard);
    }
}

/// Whether whoever started the program wants it to go on after this signal, as `nohup` does.
fn is_ignored(signal: i32) -> bool {
    let is_hangup = !matches!(signal, SIGINT | SIGTERM);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    is_hangup && mask >> (signal - 1) & 1 == 1
}
