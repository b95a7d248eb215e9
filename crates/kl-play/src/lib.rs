//! What the page `docs/play` asks for: two coins, their tosses, and the exact theory of both.
//!
//! The page is the only caller. It knows nothing of probability: each number of theory that it shows is computed here, by [`kl_math`] and
//! [`kl_sim`], and is the same that `runner` prints; the page counts tosses and sequences, and averages. `.ci/play` compiles this crate to
//! WebAssembly and puts it into the page.
//!
//! ```
//! use kl_play::Coins;
//! let coins = Coins::of(5_000, 4_000).expect("chances above 0 and below 1");
//! // Trial 7 of 10 tosses with seed 57, as `runner replay` shows it: HTTHHHTTHH.
//! assert_eq!(coins.toss(57, 7, 10), [0, 1, 1, 0, 0, 0, 1, 1, 0, 0]);
//! ```

mod coins;
mod decision;
pub mod door;
mod law;
mod path;
mod tosses;

pub use coins::Coins;
