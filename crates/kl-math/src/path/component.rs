//! The parameters that a gradient of sequences has components for.

use crate::distribution::{Distribution, Pair};
use crate::divergence::Side;

/// A logit of P or of Q, its symbols by their places in P's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathComponent {
    /// Of a symbol, the same at each step, where symbols are independent.
    Symbol(usize),
    /// Of the state that a chain begins with.
    Initial(usize),
    /// Of the step of a chain from one state to another.
    Transition(usize, usize),
}

/// The logits of one side of a pair of symbols or of chains, each with its name: the symbol, or `initial a` and `a → b`; none for
/// numbers.
///
/// A chain that starts stationary has no parameters for its start: it follows from the transitions and is held fixed. Independent
/// symbols beside a chain are a chain, whose rows have parameters of their own.
///
/// ```
/// use kl_math::distribution::{Bernoulli, MarkovChain, Pair};
/// use kl_math::divergence::Side;
/// use kl_math::path::path_components;
/// let rows = [[0.5, 0.5], [0.25, 0.75]];
/// let pair = Pair::of(MarkovChain::from_stationary(rows)?, MarkovChain::new([0.5, 0.5], rows)?)?;
/// let names = |side| path_components(&pair, side).into_iter().flatten().map(|(_, name)| name).collect::<Vec<_>>();
/// assert_eq!(names(Side::Source), ["H → H", "H → T", "T → H", "T → T"]);
/// assert_eq!(names(Side::Model)[..3], ["initial H", "initial T", "H → H"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn path_components(pair: &Pair, side: Side) -> Option<Vec<(PathComponent, String)>> {
    match pair {
        Pair::Symbols(symbols) => {
            let names = symbols.symbols().iter().cloned().enumerate();
            Some(names.map(|(place, name)| (PathComponent::Symbol(place), name)).collect())
        }
        Pair::Chains(chains) => {
            let states = chains.states();
            let first = states.iter().enumerate().filter(|_| !holds_start(pair, side));
            let first = first.map(|(place, name)| (PathComponent::Initial(place), format!("initial {name}")));
            let steps = states.iter().enumerate().flat_map(|(from, before)| {
                let to = states.iter().enumerate();
                to.map(move |(to, after)| (PathComponent::Transition(from, to), format!("{before} → {after}")))
            });
            Some(first.chain(steps).collect())
        }
        Pair::Values(_) => None,
    }
}

/// Whether the start of that side is held fixed.
pub(super) fn holds_start(pair: &Pair, side: Side) -> bool {
    let own = if side == Side::Source { pair.source() } else { pair.model() };
    Distribution::chain(own).is_some_and(|chain| chain.starts_stationary())
}
