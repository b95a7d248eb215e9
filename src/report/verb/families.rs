//! The families of distributions, as a table and as JSON.

use crate::experiment_file::{Argument, read_pair, written};
use crate::report::{Align, Table};
use kl_math::distribution::{Example, FAMILIES, FamilyEntry, Form, Pair, Space};
use kl_sim::estimator::{Estimator, LogRatio};
use serde_json::{Value, json};
use std::fmt;

/// Every family, with the facts about two of its members.
pub struct FamiliesReport {
    families: Vec<Facts>,
}

struct Facts {
    family: &'static FamilyEntry,
    values: String,
    exact: Vec<String>,
    samplers: Vec<&'static str>,
}

impl FamiliesReport {
    /// Finds the facts from the two examples of each family.
    pub fn new() -> Self {
        let facts = |family: &'static FamilyEntry| {
            let text = |member: Example| format!("{{ {} }}", written(family, member));
            let (p, q) = (text(family.examples[0]), text(family.examples[1]));
            let pair = read_pair(Argument { name: "P =", text: &p }, Argument { name: "Q =", text: &q }).ok()?;
            Some(Facts { values: values(&pair), exact: exact(family, &pair), samplers: samplers(&pair), family })
        };
        Self { families: FAMILIES.iter().filter_map(facts).collect() }
    }

    /// The table.
    pub fn table(&self) -> Table {
        let mut table = Table::new();
        for name in ["family", "parameters", "values", "exact", "samplers", "in a file, after P. or Q."] {
            table.column(name, Align::Left);
        }
        for facts in &self.families {
            let names = facts.family.parameter_names();
            let parameters = match names.as_slice() {
                [] => "symbol = probability, …".to_owned(),
                _ if facts.family.parameters.iter().any(|declared| declared.form == Form::Component) => {
                    "weight and family, …".to_owned()
                }
                some => some.join(", "),
            };
            table.row(vec![
                facts.family.name.into(),
                parameters.into(),
                facts.values.as_str().into(),
                facts.exact.join(", ").into(),
                facts.samplers.join(", ").into(),
                written(facts.family, facts.family.examples[0]).into(),
            ]);
        }
        table
    }

    /// The JSON document; its schema is in `docs/json.md`.
    pub fn json(&self) -> Value {
        let family = |facts: &Facts| {
            json!({
                "family": facts.family.name,
                "parameters": facts.family.parameter_names(),
                "values": facts.values,
                "exact": facts.exact,
                "samplers": facts.samplers,
                "example": written(facts.family, facts.family.examples[0]),
            })
        };
        json!({ "schema": "kl-runner/families/1", "families": self.families.iter().map(family).collect::<Vec<_>>() })
    }
}

impl Default for FamiliesReport {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for FamiliesReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.table(), out)?;
        writeln!(out)?;
        writeln!(
            out,
            "exact: what is known exactly for two members of the family. D = KL(P‖Q) and V, the variance of ln(p/q), for \
             every family; K, the cumulant generating function of ln(p/q), and with it the third and fourth cumulants; law, the \
             law of L for any N. Two families over the same values can be compared, too: D and V are then sums or integrals \
             with an error of about 1e-14, and the output says so."
        )
    }
}

/// The values of P.
fn values(pair: &Pair) -> String {
    let values = match pair {
        Pair::Symbols(_) => return "symbols".to_owned(),
        Pair::Values(values) => values,
        Pair::Chains(_) => return "sequences of states".to_owned(),
    };
    let has_end = || values.source().values().is_some_and(|values| values.support().iter().any(|end| end.is_finite()));
    match values.space() {
        Space::Line if has_end() => "real numbers in a range".to_owned(),
        space => space.to_string(),
    }
}

fn exact(family: &FamilyEntry, pair: &Pair) -> Vec<String> {
    let mut exact = vec!["D".to_owned(), "V".to_owned()];
    if pair.values().is_none_or(|values| values.form().is_some()) {
        exact.push("K".to_owned());
    }
    if LogRatio.theory(pair, 10).law.is_some() {
        exact.push("law".to_owned());
    } else if !family.law.is_empty() {
        exact.push(format!("law ({})", family.law));
    }
    exact
}

fn samplers(pair: &Pair) -> Vec<&'static str> {
    match pair {
        Pair::Symbols(_) => vec!["sequence", "counts", "tally"],
        Pair::Values(pair) if pair.form().is_some_and(|form| form.has_known_sum()) => vec!["sequence", "counts"],
        Pair::Values(_) | Pair::Chains(_) => vec!["sequence"],
    }
}
