//! Ctrl-C and similar signals.

use super::outcome::Outcome;
use crate::command::error::Error;
use kl_sim::simulation::Cancel;
use signal_hook::consts::{SIGINT, SIGTERM};

/// A closed terminal is an interruption on systems that have a signal for it.
#[cfg(unix)]
const SIGNALS: [i32; 3] = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
#[cfg(not(unix))]
const SIGNALS: [i32; 2] = [SIGINT, SIGTERM];

/// Returns a request to stop that is set by SIGINT, SIGTERM or SIGHUP, with the number of the signal as its reason.
pub(super) fn watch() -> Result<Cancel, Error> {
    let cancel = Cancel::default();
    for signal in SIGNALS.into_iter().filter(|&signal| !is_ignored(signal)) {
        signal_hook::flag::register_usize(signal, cancel.flag(), signal.unsigned_abs() as usize)
            .map_err(Error::Signals)?;
    }
    Ok(cancel)
}

/// The outcome of a command that a signal has stopped.
pub(super) fn outcome(cancel: &Cancel) -> Outcome {
    let signal = cancel.reason().map(|reason| u8::try_from(reason).unwrap_or_default());
    signal.map_or(Outcome::Stopped, Outcome::Interrupted)
}

/// Makes a write beyond the limit on file sizes (`ulimit -f`) fail with an error, in place of a signal that ends the program
/// without a message. Programs that this one starts do not inherit this.
pub(crate) fn survive_file_size_limit() {
    #[cfg(unix)]
    {
        let received = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        // If this fails, the signal ends the program as before.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, received);
    }
}

/// Whether the parent process asked to ignore this signal, as `nohup` does.
fn is_ignored(signal: i32) -> bool {
    let is_hangup = !matches!(signal, SIGINT | SIGTERM);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    is_hangup && mask >> (signal - 1) & 1 == 1
}
