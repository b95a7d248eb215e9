//! The measures beside KL(P‖Q), as a table, as JSON and as columns of CSV.

use crate::report::{Align, Cell, Table, json_number, significant};
use kl_math::divergence::{Absent, Found, Neighbours};
use kl_math::numeric::shortest;
use kl_math::statistics::Unit;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// A measure of P and Q that has a name.
pub struct NamedMeasure {
    /// The key in JSON; columns of CSV have it, too.
    pub key: &'static str,
    /// Its name in tables.
    title: &'static str,
    /// Whether it is in nats; else it is a plain number.
    is_in_nats: bool,
    of: fn(&Neighbours) -> Found,
}

/// The measures of every pair, in the order of tables and columns.
pub const MEASURES: [NamedMeasure; 11] = [
    NamedMeasure::nats("entropy_p", "entropy H(P)", |found| found.entropies[0]),
    NamedMeasure::nats("entropy_q", "entropy H(Q)", |found| found.entropies[1]),
    NamedMeasure::nats("cross_entropy", "cross-entropy H(P, Q)", |found| found.cross_entropy),
    NamedMeasure::nats("jensen_shannon", "Jensen–Shannon", |found| found.jensen_shannon),
    NamedMeasure::number("total_variation", "total variation", |found| found.total_variation),
    NamedMeasure::number("hellinger_squared", "squared Hellinger", |found| found.hellinger_squared),
    NamedMeasure::number("chi_squared", "χ²(P‖Q)", |found| found.chi_squared),
    NamedMeasure::nats("bhattacharyya", "Bhattacharyya", |found| found.bhattacharyya),
    NamedMeasure::nats("renyi_half", "Rényi, order 1/2", |found| found.renyi_half),
    NamedMeasure::nats("renyi_two", "Rényi, order 2", |found| found.renyi_two),
    NamedMeasure::nats("chernoff", "Chernoff", |found| found.chernoff.map(|chernoff| chernoff.information)),
];

impl NamedMeasure {
    const fn nats(key: &'static str, title: &'static str, of: fn(&Neighbours) -> Found) -> Self {
        Self { key, title, is_in_nats: true, of }
    }

    const fn number(key: &'static str, title: &'static str, of: fn(&Neighbours) -> Found) -> Self {
        Self { key, title, is_in_nats: false, of }
    }

    /// What is found of it.
    pub fn of(&self, neighbours: &Neighbours) -> Found {
        (self.of)(neighbours)
    }

    fn column(&self) -> String {
        if self.is_in_nats { format!("{}_nats", self.key) } else { self.key.to_owned() }
    }

    fn json(&self, found: Found) -> Value {
        found.map_or(Value::Null, |measure| {
            let error = measure.error.map(json_number);
            if self.is_in_nats {
                let bits = Unit::Bits.of_nats(measure.value);
                json!({ "nats": json_number(measure.value), "bits": json_number(bits), "error": error })
            } else {
                json!({ "value": json_number(measure.value), "error": error })
            }
        })
    }
}

/// The measure of the order that was asked for.
const OTHER: NamedMeasure = NamedMeasure::nats("renyi", "", |found| match found.renyi_other {
    Some((_, other)) => other,
    None => Err(Absent::Order),
});

/// The order of Chernoff information.
const ORDER: &str = "chernoff_order";

/// The table, with what each may be off by, or why it is not computed.
pub(super) fn table(found: &Neighbours) -> Table {
    let mut table = Table::new();
    table.column("", Align::Left);
    table.column("nats", Align::Right);
    table.column("bits", Align::Right);
    table.column("number", Align::Right);
    table.column("error", Align::Left);
    let number = |value: f64| Cell::from(significant(value, 6));
    let mut row = |title: Cow<'_, str>, measure: &NamedMeasure| {
        let (name, empty, absent) = (Cell::from(title.into_owned()), || Cell::from(""), || Cell::from("–"));
        let found = measure.of(found);
        let note = match found {
            Ok(measure) => measure.error.map_or_else(String::new, |error| format!("± {}", significant(error, 2))),
            Err(reason) => reason.to_string(),
        };
        let cells = match found {
            Err(_) if measure.is_in_nats => [absent(), absent(), empty()],
            Err(_) => [empty(), empty(), absent()],
            Ok(found) if measure.is_in_nats => [number(found.value), number(Unit::Bits.of_nats(found.value)), empty()],
            Ok(found) => [empty(), empty(), number(found.value)],
        };
        table.row([name].into_iter().chain(cells).chain([Cell::from(note)]).collect());
    };
    for measure in &MEASURES {
        let order = found.chernoff.ok().and_then(|chernoff| chernoff.order).filter(|_| measure.key == "chernoff");
        let title = order.map(|order| format!("{}, order {}", measure.title, significant(order, 3)));
        row(title.map_or(Cow::Borrowed(measure.title), Cow::Owned), measure);
    }
    if let Some((order, _)) = found.renyi_other {
        row(Cow::Owned(format!("Rényi, order {}", shortest(order))), &OTHER);
    }
    table
}

/// The object of all measures; its schema is in `docs/json.md`.
pub(super) fn json(found: &Neighbours) -> Value {
    let mut object: Map<String, Value> =
        MEASURES.iter().map(|measure| (measure.key.to_owned(), measure.json(measure.of(found)))).collect();
    let order = found.chernoff.ok().and_then(|chernoff| chernoff.order);
    object.insert(ORDER.to_owned(), json!(order));
    if let Some((order, other)) = found.renyi_other {
        let mut renyi = json!({ "order": order });
        if let (Some(whole), Value::Object(numbers)) = (renyi.as_object_mut(), OTHER.json(other)) {
            whole.extend(numbers);
        }
        object.insert(OTHER.key.to_owned(), renyi);
    }
    let measures = || MEASURES.iter().chain(found.renyi_other.map(|_| &OTHER));
    let absent =
        measures().filter_map(|measure| Some((measure.key.to_owned(), json!(measure.of(found).err()?.to_string()))));
    object.insert("absent".to_owned(), Value::Object(absent.collect()));
    Value::Object(object)
}

/// The names of the columns: the measures, the order of Chernoff information, then the error of each measure. `has_other`: with the
/// Rényi divergence of an order that was asked for.
pub fn neighbour_columns(has_other: bool) -> Vec<String> {
    let measures = || MEASURES.iter().chain(has_other.then_some(&OTHER));
    let values = measures().map(NamedMeasure::column).chain([ORDER.to_owned()]);
    values.chain(measures().map(|measure| format!("{}_error", measure.column()))).collect()
}

/// The cells of these columns: what is not computed is empty, and so is the error of what has none.
pub fn neighbour_cells(found: &Neighbours) -> Vec<String> {
    let measures = || MEASURES.iter().chain(found.renyi_other.map(|_| &OTHER)).map(|measure| measure.of(found));
    let cell = |value: Option<f64>| value.map(shortest).unwrap_or_default();
    let values = measures().map(|found| cell(found.ok().map(|measure| measure.value)));
    let order = cell(found.chernoff.ok().and_then(|chernoff| chernoff.order));
    values.chain([order]).chain(measures().map(|found| cell(found.ok().and_then(|measure| measure.error)))).collect()
}
