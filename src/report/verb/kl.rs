//! The divergences of a pair of distributions in both directions, as a table and as JSON.

use super::neighbours;
use crate::record::Label;
use crate::report::{Align, Cell, Table, grouped, json_number, printable, significant};
use kl_math::distribution::{ClosedFormSource, Pair, PairError, Space};
use kl_math::divergence::{Direction, Directions, Neighbours};
use kl_math::law::{Length, length_for};
use kl_math::statistics::Unit;
use serde_json::{Value, json};
use std::fmt;

/// The sign error probabilities for which lengths are shown.
const CHANCES: [f64; 2] = [0.05, 0.001];

/// The facts about P and Q.
pub struct PairReport {
    names: [String; 2],
    has_symbols: bool,
    has_memory: bool,
    /// P against Q, and Q against P if that can be computed.
    ways: [Option<Way>; 2],
    /// Why Q against P cannot be computed.
    missing: Option<PairError>,
    jeffreys: Option<f64>,
    neighbours: Neighbours,
    /// Whether values are real numbers, whose entropies are those of densities.
    has_densities: bool,
}

/// One direction.
struct Way {
    direction: Direction,
    /// The lengths for [`CHANCES`].
    lengths: [Option<Length>; 2],
}

/// P and Q as text, long lists of symbols cut.
pub fn shown_names(pair: &Pair) -> [String; 2] {
    [pair.source(), pair.model()].map(|side| Label::new(&side.to_string()).shown().to_owned())
}

impl PairReport {
    /// Computes both directions, and the measures beside them; one of these is the Rényi divergence of an order, if that is given.
    pub fn new(pair: &Pair, order: Option<f64>) -> Result<Self, PairError> {
        let both = Directions::of(pair)?;
        let jeffreys = both.jeffreys();
        let way = |pair: &Pair, direction| Way { direction, lengths: CHANCES.map(|chance| length_for(pair, chance)) };
        let there = way(pair, both.there);
        let (back, missing) = match both.back {
            Ok(direction) => (both.reversed.map(|reversed| way(&reversed, direction)), None),
            Err(error) => (None, Some(error)),
        };
        Ok(Self {
            names: shown_names(pair),
            has_symbols: matches!(pair, Pair::Symbols(_)),
            has_memory: matches!(pair, Pair::Chains(_)),
            ways: [Some(there), back],
            missing,
            jeffreys,
            neighbours: order.map_or_else(|| Neighbours::of(pair), |order| Neighbours::with_order(pair, order)),
            has_densities: pair.values().is_some_and(|pair| pair.space() != Space::Counts),
        })
    }

    fn directions(&self) -> impl Iterator<Item = &Direction> {
        self.ways.iter().flatten().map(|way| &way.direction)
    }

    /// The table, with a column for each direction.
    pub fn table(&self) -> Table {
        let mut table = Table::new();
        table.column("", Align::Left);
        table.column("KL(P‖Q), if P is true", Align::Right);
        table.column("KL(Q‖P), if Q is true", Align::Right);
        let number = |value: f64| significant(value, 6);
        let maybe = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), number);
        let mut row = |name: &str, text: &dyn Fn(&Way) -> String| {
            let cell = |way: &Option<Way>| Cell::from(way.as_ref().map_or_else(|| "–".to_owned(), text));
            let [p, q] = &self.ways;
            table.row(vec![name.into(), cell(p), cell(q)]);
        };
        row("divergence, nats per symbol", &|way| number(way.direction.divergence));
        row("divergence, bits per symbol", &|way| number(Unit::Bits.of_nats(way.direction.divergence)));
        row("variance per symbol, nats²", &|way| maybe(way.direction.variance));
        row("variance per symbol, bits²", &|way| maybe(way.direction.variance.map(|v| Unit::Bits.of_square_nats(v))));
        let is_numeric = |found: &Direction| found.source != ClosedFormSource::ClosedForm || found.error.is_some();
        if self.directions().any(is_numeric) {
            row("found by", &|way| match way.direction.error {
                Some(error) => format!("{}, ± {} nats", way.direction.source.name(), significant(error, 2)),
                None => way.direction.source.name().to_owned(),
            });
        }
        if self.directions().any(|direction| direction.dominant.is_some()) || self.has_symbols {
            row("dominant term, by symbol", &|way| match &way.direction.dominant {
                Some((symbol, term)) => format!("{}, {} nats", printable(symbol), significant(*term, 3)),
                None => "–".to_owned(),
            });
        }
        row("bits per symbol wasted by the other's code", &|way| number(Unit::Bits.of_nats(way.direction.divergence)));
        row("N for one standard deviation, V/D²", &|way| maybe(way.direction.symbols_for_one_deviation));
        let length = |length: Option<Length>| match length {
            None => "never".to_owned(),
            Some(Length::Exact(n)) => grouped(n),
            Some(Length::About(n)) => format!("about {}", significant(n, 3)),
        };
        row("sign error probability below 5 % from N =", &|way| length(way.lengths[0]));
        row("sign error probability below 0.1 % from N =", &|way| length(way.lengths[1]));
        table
    }

    /// The JSON document; its schema is in `docs/json.md`.
    pub fn json(&self) -> Value {
        let nats_and_bits =
            |nats: f64| json!({ "nats": json_number(nats), "bits": json_number(Unit::Bits.of_nats(nats)) });
        let way = |way: &Way| {
            let length = |length: Option<Length>| match length {
                None => Value::Null,
                Some(Length::Exact(n)) => json!({ "n": n, "exact": true }),
                Some(Length::About(n)) => json!({ "n": n, "exact": false }),
            };
            json!({
                "divergence": nats_and_bits(way.direction.divergence),
                "variance": way.direction.variance.map(|variance| json!({
                    "nats2": json_number(variance),
                    "bits2": json_number(Unit::Bits.of_square_nats(variance)),
                })),
                "carrier": way.direction.dominant.as_ref().map(|(symbol, term)| json!({
                    "symbol": symbol,
                    "nats": json_number(*term),
                })),
                "source": way.direction.source.name(),
                "error": way.direction.error,
                "wasted_bits": json_number(Unit::Bits.of_nats(way.direction.divergence)),
                "one_deviation": way.direction.symbols_for_one_deviation.map(json_number),
                "wrong_below_5_percent": length(way.lengths[0]),
                "wrong_below_0.1_percent": length(way.lengths[1]),
            })
        };
        let way = |found: &Option<Way>| found.as_ref().map(way);
        let [p, q] = &self.ways;
        json!({
            "schema": "kl-runner/kl/1",
            "p": self.names[0],
            "q": self.names[1],
            "p_against_q": way(p),
            "q_against_p": way(q),
            "jeffreys": self.jeffreys.map(nats_and_bits),
            "neighbours": neighbours::json(&self.neighbours),
            "missing": self.missing.as_ref().map(ToString::to_string),
        })
    }
}

impl fmt::Display for PairReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "P = {}\nQ = {}\n", printable(&self.names[0]), printable(&self.names[1]))?;
        fmt::Display::fmt(&self.table(), out)?;
        if let Some(missing) = &self.missing {
            writeln!(out, "\nKL(Q‖P) cannot be computed: {missing}")?;
        }
        if let Some(jeffreys) = self.jeffreys {
            let bits = significant(Unit::Bits.of_nats(jeffreys), 6);
            writeln!(out, "\nJeffreys' J, the sum of both: {} nats ({bits} bits)", significant(jeffreys, 6))?;
        }
        write!(out, "\nOther measures of P and Q:\n\n{}", neighbours::table(&self.neighbours))?;
        if self.has_densities {
            writeln!(
                out,
                "\nEntropies are those of densities: they depend on the unit of the values, and may be negative."
            )?;
        }
        if self.has_memory {
            writeln!(
                out,
                "\nEach symbol depends on the previous one: these are the KL rate, the asymptotic variance, and rates of entropy."
            )?;
        }
        if self.jeffreys == Some(0.0) {
            writeln!(out, "\nP and Q are the same: no sequence favours either.")?;
        }
        Ok(())
    }
}
