//! The functions that the page calls: numbers in, numbers out.
//!
//! Each leaves its answer in one buffer and returns how many numbers it has; 0 says that the question makes no sense. The page reads
//! the buffer in place, at [`kl_play_answer`], before it asks for more. Nothing here reads memory through a pointer. What is unsafe is
//! to export a name, which another function could have, too: hence the prefix.
#![allow(unsafe_code)]

use crate::Coins;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The longest sequence.
pub(crate) const LONGEST: u32 = 10_000;

/// The most sequences at once.
const MOST_TRIALS: u32 = 10_000;

static ANSWER: Mutex<Vec<f64>> = Mutex::new(Vec::new());

fn answer() -> MutexGuard<'static, Vec<f64>> {
    ANSWER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps an answer, if there is one.
fn keep(found: Option<Vec<f64>>) -> u32 {
    let found = found.unwrap_or_default();
    let length = u32::try_from(found.len()).unwrap_or(0);
    *answer() = found;
    length
}

fn length(n: u32) -> Option<u64> {
    (1..=LONGEST).contains(&n).then(|| n.into())
}

/// Where the last answer is, until the next one.
#[unsafe(no_mangle)]
pub extern "C" fn kl_play_answer() -> *const f64 {
    answer().as_ptr()
}

/// [`Coins::divergences`].
#[unsafe(no_mangle)]
pub extern "C" fn kl_play_divergences(p: u32, q: u32) -> u32 {
    keep(Coins::of(p, q).map(|coins| coins.divergences()))
}

/// [`Coins::decisions`].
#[unsafe(no_mangle)]
pub extern "C" fn kl_play_decisions(p: u32, q: u32, n: u32) -> u32 {
    keep(Coins::of(p, q).zip(length(n)).and_then(|(coins, n)| coins.decisions(n)))
}

/// [`Coins::law`].
#[unsafe(no_mangle)]
pub extern "C" fn kl_play_law(p: u32, q: u32, n: u32) -> u32 {
    keep(Coins::of(p, q).zip(length(n)).and_then(|(coins, n)| coins.law(n)))
}

/// [`Coins::band`].
#[unsafe(no_mangle)]
pub extern "C" fn kl_play_band(p: u32, q: u32, n: u32) -> u32 {
    keep(Coins::of(p, q).zip(length(n)).and_then(|(coins, n)| coins.band(n)))
}

/// [`Coins::path`].
#[unsafe(no_mangle)]
pub extern "C" fn kl_play_path(p: u32, q: u32, n: u32, seed: u64, trial: u64) -> u32 {
    keep(Coins::of(p, q).zip(length(n)).and_then(|(coins, n)| coins.path(seed, trial, n)))
}

/// [`Coins::toss`].
#[unsafe(no_mangle)]
pub extern "C" fn kl_play_toss(p: u32, q: u32, n: u32, seed: u64, trial: u64) -> u32 {
    let tosses = Coins::of(p, q).zip(length(n)).map(|(coins, n)| coins.toss(seed, trial, n));
    keep(tosses.map(|tosses| tosses.into_iter().map(f64::from).collect()))
}

/// [`Coins::toss_many`].
#[unsafe(no_mangle)]
pub extern "C" fn kl_play_toss_many(p: u32, q: u32, n: u32, seed: u64, first: u64, trials: u32) -> u32 {
    let asked = Coins::of(p, q).zip(length(n)).filter(|_| trials <= MOST_TRIALS);
    keep(asked.and_then(|(coins, n)| coins.toss_many(seed, first, trials.into(), n)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_without_sense_have_no_answer() {
        assert_eq!(kl_play_divergences(5_000, 4_000), 6);
        assert!((answer()[0] - 0.020_410_997).abs() < 1e-9 && !kl_play_answer().is_null());
        assert_eq!(kl_play_divergences(0, 4_000), 0);
        assert_eq!(kl_play_law(5_000, 4_000, 0) + kl_play_law(5_000, 4_000, 10_001), 0);
        assert_eq!(kl_play_toss_many(5_000, 4_000, 10, 1, 1, 10_001), 0);
    }
}
