//! What sequences are drawn from, P and Q, event by event.

use super::component::{PathComponent, holds_start};
use crate::chain::ChainLaw;
use crate::distribution::{Alphabet, Behaviour, Pair, SymbolLaws};
use crate::divergence::Side;
use crate::numeric::{DoubleDouble, precise_log_or};

/// S, from which sequences are drawn, P and Q: the probability of each symbol after each other one, in S's order.
///
/// Independent symbols have one row of probabilities, chains one for the first symbol and one for each state before.
///
/// ```
/// use kl_math::distribution::{Bernoulli, Pair};
/// use kl_math::path::PathLaws;
/// let pair = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.25)?)?;
/// assert_eq!(PathLaws::of(&pair).expect("a coin").symbols(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PathLaws {
    symbols: usize,
    has_memory: bool,
    /// Row by row.
    events: Vec<Event>,
    /// KL of each row; meaningful where it is finite.
    divergences: Vec<DoubleDouble>,
    /// The rows that S or P can be in.
    reached: Vec<bool>,
    is_source: bool,
    /// The place in S's order of each symbol of P's.
    places: Vec<usize>,
    of_target: OfTarget,
}

/// What components P and Q have.
#[derive(Clone, Copy, Debug)]
struct OfTarget {
    /// Whether symbols are independent under both, so that all rows share their logits.
    is_tied: bool,
    /// Whether the start of P, of Q, is held fixed.
    held: [bool; 2],
}

impl OfTarget {
    fn new(pair: &Pair) -> Self {
        let held = [Side::Source, Side::Model].map(|side| holds_start(pair, side));
        Self { is_tied: pair.symbols().is_some(), held }
    }
}

/// One symbol after another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    /// Its probability under S, P and Q.
    pub(super) drawn: DoubleDouble,
    pub(super) source: DoubleDouble,
    pub(super) model: DoubleDouble,
    /// p/s and its logarithm; 0 where P has no mass.
    pub(super) weight: DoubleDouble,
    pub(super) log_weight: DoubleDouble,
    /// l = ln(p/q), r − 1 + l and r − 1 where P and Q have mass, else 0.
    pub(super) log_ratio: DoubleDouble,
    pub(super) excess: DoubleDouble,
    pub(super) relative: DoubleDouble,
}

impl Event {
    fn new(drawn: DoubleDouble, source: DoubleDouble, model: DoubleDouble) -> Self {
        let is_positive = |mass: DoubleDouble| mass > DoubleDouble::ZERO;
        let zero = DoubleDouble::ZERO;
        let (log_ratio, excess, relative) = if is_positive(source) && is_positive(model) && !is_rounding(source, model)
        {
            let (log, excess) = precise_log_or(source, model, log_of_quotient(source, model));
            (-log, excess, (model - source) / source)
        } else {
            (zero, zero, zero)
        };
        let (weight, log_weight) = if !is_positive(source) || !is_positive(drawn) {
            (zero, zero)
        } else if is_rounding(drawn, source) {
            (DoubleDouble::ONE, zero)
        } else {
            (source / drawn, precise_log_or(drawn, source, log_of_quotient(drawn, source)).0)
        };
        Self { drawn, source, model, weight, log_weight, log_ratio, excess, relative }
    }

    pub(super) fn can_happen(&self) -> bool {
        self.drawn > DoubleDouble::ZERO
    }

    pub(super) fn is_of_source(&self) -> bool {
        self.source > DoubleDouble::ZERO
    }

    fn is_uncovered(&self) -> bool {
        self.is_of_source() && self.model == DoubleDouble::ZERO
    }

    /// The probability under P, or under Q.
    pub(super) fn of(&self, side: Side) -> DoubleDouble {
        if side == Side::Source { self.source } else { self.model }
    }
}

/// Whether two probabilities differ by what stationary ones are rounded by.
fn is_rounding(p: DoubleDouble, q: DoubleDouble) -> bool {
    (p - q).to_f64().abs() < 1e-29 * p.to_f64()
}

/// ln(p/q) where q/p is beyond the doubles.
fn log_of_quotient(p: DoubleDouble, q: DoubleDouble) -> f64 {
    libm::log(p.to_f64()) - libm::log(q.to_f64())
}

/// The rows of one side.
struct Rows {
    memory: bool,
    masses: Vec<DoubleDouble>,
}

impl PathLaws {
    /// The laws of a pair from whose P sequences are drawn; none for numbers.
    pub fn of(pair: &Pair) -> Option<Self> {
        let size = size(pair)?;
        let (source, model) = sides(pair)?;
        Some(Self::new(size, None, source, model, ((0..size).collect(), OfTarget::new(pair))))
    }

    /// The laws of a pair whose sequences are drawn from S; none for numbers.
    pub fn of_behaviour(behaviour: &Behaviour) -> Option<Self> {
        let (weights, drawn) = (behaviour.weights(), behaviour.drawn());
        let size = size(drawn)?;
        let of_target = OfTarget::new(behaviour.target());
        if let Some(SymbolLaws { drawn: Some(drawn), source, model, .. }) = behaviour.symbols() {
            let [drawn, source, model] =
                [drawn, source, model].map(|masses| Rows { memory: false, masses: masses.to_vec() });
            let places = (0..size).map(|place| behaviour.place_in_drawn(place)).collect();
            return Some(Self::new(size, Some(drawn), source, model, (places, of_target)));
        }
        let ((drawn_rows, source), (_, model)) = (sides(weights)?, sides(drawn)?);
        let places = matched(alphabet(behaviour.target())?, alphabet(drawn)?);
        Some(Self::new(size, Some(drawn_rows), source, model, (places, of_target)))
    }

    fn new(
        size: usize,
        drawn: Option<Rows>,
        source: Rows,
        model: Rows,
        (places, of_target): (Vec<usize>, OfTarget),
    ) -> Self {
        let has_memory = source.memory || model.memory || drawn.as_ref().is_some_and(|drawn| drawn.memory);
        let is_source = drawn.is_none();
        let spread = |rows: Rows| {
            if has_memory && !rows.memory { rows.masses.repeat(size + 1) } else { rows.masses }
        };
        let (source, model) = (spread(source), spread(model));
        let drawn = drawn.map_or_else(|| source.clone(), spread);
        let events = drawn.iter().zip(source.iter().zip(&model)).map(|(&s, (&p, &q))| Event::new(s, p, q));
        let mut laws = Self {
            symbols: size,
            has_memory,
            events: events.collect(),
            divergences: Vec::new(),
            reached: Vec::new(),
            is_source,
            places,
            of_target,
        };
        laws.divergences = (0..laws.rows()).map(|row| divergence(laws.row(row))).collect();
        laws.reached = laws.reached_rows();
        laws
    }

    /// The same with sequences from P itself.
    #[must_use]
    pub fn on_source(&self) -> Self {
        let event = |event: &Event| Event::new(event.source, event.source, event.model);
        let mut laws = Self { events: self.events.iter().map(event).collect(), is_source: true, ..self.clone() };
        laws.reached = laws.reached_rows();
        laws
    }

    /// The number of symbols, or of states.
    pub fn symbols(&self) -> usize {
        self.symbols
    }

    /// Whether a symbol depends on the one before.
    pub fn has_memory(&self) -> bool {
        self.has_memory
    }

    /// Whether S is P.
    pub(super) fn is_source(&self) -> bool {
        self.is_source
    }

    /// How many rows of probabilities there are.
    pub(super) fn rows(&self) -> usize {
        if self.has_memory { self.symbols + 1 } else { 1 }
    }

    /// What may come in a row; row 0 is the start.
    pub(super) fn row(&self, row: usize) -> &[Event] {
        self.events.get(row * self.symbols..(row + 1) * self.symbols).unwrap_or_default()
    }

    /// The row after a symbol.
    pub(super) fn after(&self, symbol: usize) -> usize {
        if self.has_memory { symbol + 1 } else { 0 }
    }

    /// KL of a row.
    pub(super) fn divergence(&self, row: usize) -> DoubleDouble {
        self.divergences.get(row).copied().unwrap_or(DoubleDouble::ZERO)
    }

    pub(super) fn is_reached(&self, row: usize) -> bool {
        self.reached.get(row).copied().unwrap_or(false)
    }

    /// Whether P can make what Q cannot.
    pub(super) fn is_infinite(&self) -> bool {
        let mut rows = (0..self.rows()).filter(|&row| self.is_reached(row));
        rows.any(|row| self.row(row).iter().any(Event::is_uncovered))
    }

    /// Whether S can draw what P cannot.
    pub(super) fn leaves_source(&self) -> bool {
        let mut rows = (0..self.rows()).filter(|&row| self.is_reached(row));
        rows.any(|row| self.row(row).iter().any(|event| event.can_happen() && !event.is_of_source()))
    }

    /// The row of a component, none if it is of all rows, and its symbol, in S's order.
    pub(super) fn place(&self, side: Side, component: PathComponent) -> Option<(Option<usize>, usize)> {
        let place = |symbol: usize| self.places.get(symbol).copied();
        let OfTarget { is_tied, held: [source, model] } = self.of_target;
        let is_held = if side == Side::Source { source } else { model };
        match component {
            PathComponent::Symbol(symbol) if is_tied => Some((None, place(symbol)?)),
            PathComponent::Initial(symbol) if !is_tied && !is_held => Some((Some(0), place(symbol)?)),
            PathComponent::Transition(from, to) if !is_tied => Some((Some(place(from)? + 1), place(to)?)),
            _ => None,
        }
    }

    fn reached_rows(&self) -> Vec<bool> {
        let mut reached = vec![false; self.rows()];
        let mut open = vec![0];
        while let Some(row) = open.pop() {
            if let Some(seen) = reached.get_mut(row).filter(|seen| !**seen) {
                *seen = true;
                let next = self.row(row).iter().enumerate();
                let next = next.filter(|(_, event)| event.can_happen() || event.is_of_source());
                open.extend(next.map(|(symbol, _)| self.after(symbol)));
            }
        }
        reached
    }
}

/// Σ p l in terms that do not cancel: r − 1 + l, and the mass of Q where P has none.
fn divergence(row: &[Event]) -> DoubleDouble {
    row.iter().map(|event| if event.is_of_source() { event.source * event.excess } else { event.model }).sum()
}

/// The number of symbols of a pair.
fn size(pair: &Pair) -> Option<usize> {
    match pair {
        Pair::Symbols(symbols) => Some(symbols.symbols().len()),
        Pair::Chains(chains) => Some(chains.states().len()),
        Pair::Values(_) => None,
    }
}

/// The rows of both sides, in the order of the first.
fn sides(pair: &Pair) -> Option<(Rows, Rows)> {
    match pair {
        Pair::Symbols(symbols) => {
            let rows = |masses: &[DoubleDouble]| Rows { memory: false, masses: masses.to_vec() };
            Some((rows(symbols.source_probabilities()), rows(symbols.model_probabilities())))
        }
        Pair::Chains(chains) => {
            let (source, model) = (chains.source().chain()?, chains.model().chain()?);
            let order = matched(source.alphabet(), model.alphabet());
            let own: Vec<usize> = (0..order.len()).collect();
            Some((ordered(source.law(), &own), ordered(model.law(), &order)))
        }
        Pair::Values(_) => None,
    }
}

/// First symbols and transitions in that order, each row divided by its sum.
fn ordered(law: ChainLaw<'_>, order: &[usize]) -> Rows {
    let states = order.len();
    let rows = std::iter::once(law.initial)
        .chain(order.iter().filter_map(|&from| law.transition.get(from * states..(from + 1) * states)));
    let normalised = |row: &[DoubleDouble]| {
        let sum: DoubleDouble = row.iter().copied().sum();
        let masses = order.iter().map(|&place| row.get(place).copied().unwrap_or(DoubleDouble::ZERO) / sum);
        masses.collect::<Vec<_>>()
    };
    Rows { memory: true, masses: rows.flat_map(normalised).collect() }
}

/// The alphabet of a pair's first side.
fn alphabet(pair: &Pair) -> Option<&Alphabet> {
    match pair {
        Pair::Symbols(symbols) => Some(symbols.source().mass_function().alphabet()),
        Pair::Chains(chains) => Some(chains.source().chain()?.alphabet()),
        Pair::Values(_) => None,
    }
}

/// The place in `other` of each symbol of `own`: by name if both have names.
fn matched(own: &Alphabet, other: &Alphabet) -> Vec<usize> {
    let are_named = own.is_named() && other.is_named();
    let place = |(place, name): (usize, &String)| match are_named {
        true => other.symbols().iter().position(|symbol| symbol == name).unwrap_or(place),
        false => place,
    };
    own.symbols().iter().enumerate().map(place).collect()
}
