//! The member Q of a family that is nearest to P, by KL(P‖Q) or by KL(Q‖P), and where KL as a loss leads.
//!
//! The two directions are two losses. KL(P‖Q) is infinite where Q has no mass and P has some: its minimiser covers all of P. KL(Q‖P) is
//! infinite where P has none and Q has some: its minimiser stays where P is dense, on one mode of several.

mod error;
mod expectations;
mod moments;
mod normal;
mod policy;
mod search;
mod tied;

#[cfg(test)]
mod tests;

pub use error::FitError;
pub use moments::forward_normal;
pub use normal::{MOST_STARTS, NormalFit, ReverseFit, Start, StartPoint, normal_against, reverse_normal};
pub use policy::{PolicyError, k1_reward_policy, k3_loss_policy};
pub use tied::TiedFit;
