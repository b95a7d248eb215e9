//! The few loops that are worth a machine's own vectors. What they make is the same without.

#[cfg(target_arch = "x86_64")]
mod x86;

mod chacha;

pub(super) use chacha::ChaCha8;
