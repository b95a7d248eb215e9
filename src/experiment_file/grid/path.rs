//! Key paths: the parameters that a grid or a case may vary.

use crate::experiment_file::column_file;
use crate::experiment_file::diagnostics::{Diagnostic, Place};
use crate::experiment_file::distribution::has_components;
use crate::experiment_file::key::names;
use crate::experiment_file::keys::keys_of_test;
use crate::experiment_file::value::{Entry, Form, Value};
use crate::experiment_file::words::{family_names, listed, nearest};
use kl_math::distribution::FamilyEntry;

/// A path that names N, P, Q, or a whole parameter of P or Q.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    /// The name of its CSV column, such as `Q.bernoulli.p`.
    pub(crate) name: String,
    pub(crate) keys: Vec<String>,
    /// Its place in the file.
    pub(crate) place: Place,
}

impl Path {
    /// Checks that the keys name something that may vary.
    pub(crate) fn new(keys: Vec<String>, place: Place) -> Result<Self, Box<Diagnostic>> {
        let name = dotted(&keys);
        match refusal(&keys.iter().map(String::as_str).collect::<Vec<_>>()) {
            Some((reason, help)) => Err(Box::new(Diagnostic::new(format!("`{name}` {reason}")).at(place).help(help))),
            None => Ok(Self { name, keys, place }),
        }
    }

    /// Whether it is N.
    pub(crate) fn is_length(&self) -> bool {
        self.side() == "N"
    }

    /// `N`, `P`, `Q`, `S`, or the table of a test.
    pub(crate) fn side(&self) -> &str {
        self.keys.first().map_or("", String::as_str)
    }

    /// The mistake of setting both, if they conflict.
    pub(crate) fn conflict(&self, earlier: &Self) -> Option<Diagnostic> {
        let title = match self.keys.iter().zip(&earlier.keys).position(|(key, other)| key != other) {
            None if self.keys.len() == earlier.keys.len() => format!("`{}` is given twice", self.name),
            None => format!("`{}` and `{}` set the same parameter", earlier.name, self.name),
            Some(1) if keys_of_test(self.side()).is_some() => return None,
            Some(1) => format!("`{}` and `{}` conflict: a distribution has one family", earlier.name, self.name),
            Some(_) => return None,
        };
        Some(Diagnostic::new(title).at(self.place).context(earlier.place, "set here").help("remove one of the two"))
    }
}

/// Why the keys cannot vary, and what to write instead; `None` if they can.
fn refusal(keys: &[&str]) -> Option<(String, String)> {
    let nothing = || "is not a parameter".to_owned();
    match keys {
        ["N" | "P" | "Q" | "S"] => None,
        [test, rest @ ..] if keys_of_test(test).is_some() => {
            let known = &names(keys_of_test(test).unwrap_or_default());
            match rest {
                [key] if known.contains(key) => None,
                [key, ..] => Some((
                    nothing(),
                    match nearest(key, known) {
                        Some(near) => format!("did you mean `{test}.{near}`?"),
                        None => format!("`{test}` has {}", listed(known)),
                    },
                )),
                [] => {
                    let first = known.first().copied().unwrap_or_default();
                    Some(("is a table, of which one key may vary".to_owned(), format!("write for example: \"{test}.{first}\" = [0.05, 0.01]")))
                }
            }
        }
        [side @ ("P" | "Q" | "S"), name, parameters @ ..] => {
            if *name == column_file::KEY {
                return match parameters {
                    [] => None,
                    [key] if names(&column_file::KEYS).contains(key) => None,
                    _ => Some((nothing(), format!("a file has {}", listed(&names(&column_file::KEYS))))),
                };
            }
            let Some(family) = FamilyEntry::named(name) else {
                let names = family_names();
                let help = match nearest(name, &names) {
                    Some(near) => format!("did you mean `{side}.{near}`?"),
                    None => format!("the families are {}", listed(&names)),
                };
                return Some((format!("is not a parameter: there is no distribution called `{name}`"), help));
            };
            match parameters {
                [] => None,
                [_, ..] if has_components(name) => refusal_within(side, name, parameters),
                [_, ..] if family.parameters.is_empty() => Some((
                    "is a single probability, which cannot vary alone".into(),
                    format!("vary all probabilities together: \"{side}.{name}\" = [{{ H = 0.4, T = 0.6 }}, {{ H = 0.1, T = 0.9 }}]"),
                )),
                [parameter] if family.has(parameter) => None,
                [parameter, ..] => {
                    let known = family.parameter_names();
                    let near = nearest(parameter, &known);
                    let (word, near) = match near.or(known.first().copied()) {
                        Some(first) if near.is_none() => (", such as", first),
                        found => (": write", found.unwrap_or_default()),
                    };
                    let known = listed(&known);
                    Some((nothing(), format!("{name} has {known}{word} \"{side}.{name}.{near}\"")))
                }
            }
        }
        [key @ ("n" | "p" | "q" | "s"), rest @ ..] => {
            let meant: Vec<String> =
                std::iter::once(key.to_uppercase()).chain(rest.iter().map(|&key| key.into())).collect();
            Some((nothing(), format!("keys are case-sensitive: write `{}`", dotted(&meant))))
        }
        [
            key @ ("seed" | "trials" | "unit" | "record" | "sampler" | "estimators" | "gradient" | "reference" | "level"
            | "question"),
        ] => Some((
            "applies to the whole experiment and cannot vary".into(),
            format!("write `{key}` at the top of the file; only N, P and Q can vary"),
        )),
        _ => Some((
            nothing(),
            "only `N`, `P`, `Q` and whole parameters of P and Q can vary, such as \"Q.bernoulli.p\" or \"Q.categorical\"".into(),
        )),
    }
}

/// The same below a mixture: a component by its number from 1, its weight, or a parameter of its distribution.
fn refusal_within(side: &str, name: &str, keys: &[&str]) -> Option<(String, String)> {
    let is_number = |key: &str| key.parse::<usize>().is_ok_and(|number| number > 0 && number.to_string() == key);
    match keys {
        [number] | [number, "weight"] if is_number(number) => None,
        [number, family, parameters @ ..] if is_number(number) => {
            refusal(&[&[side, *family], parameters].concat()).map(|(reason, _)| (reason, within_help(side, name)))
        }
        _ => Some(("is not a parameter".into(), within_help(side, name))),
    }
}

fn within_help(side: &str, name: &str) -> String {
    format!("components count from 1: write \"{side}.{name}.2.normal.mean\"")
}

/// Joins the keys with dots.
pub(crate) fn dotted(keys: &[String]) -> String {
    keys.join(".")
}

/// The leaves of `[grid]` with their paths: lists and ranges, or wrong values in their place.
pub(crate) fn flattened(entries: Vec<Entry>) -> Vec<(Vec<String>, Entry)> {
    let is_range = |entries: &[Entry]| {
        entries.is_empty() || entries.iter().any(|entry| names(&super::range::KEYS).contains(&entry.key.as_str()))
    };
    leaves(entries, &|_, inner| is_range(inner))
}

/// The leaves of a `[[case]]` with their paths: whole parameters, or whole distributions on the sides named in `whole`.
pub(crate) fn case_leaves(entries: Vec<Entry>, whole: &[&str]) -> Vec<(Vec<String>, Entry)> {
    leaves(entries, &|keys, inner| {
        if let [side] = keys {
            return inner.is_empty() || whole.contains(&side.as_str());
        }
        let family = keys.get(1).and_then(|name| FamilyEntry::named(name));
        inner.is_empty() || keys.len() > 2 || family.is_some_and(|family| family.parameters.is_empty())
    })
}

fn leaves(entries: Vec<Entry>, is_leaf: &dyn Fn(&[String], &[Entry]) -> bool) -> Vec<(Vec<String>, Entry)> {
    let mut found = Vec::new();
    let mut open: Vec<(Vec<String>, Entry)> = entries.into_iter().rev().map(|entry| (Vec::new(), entry)).collect();
    while let Some((mut keys, entry)) = open.pop() {
        keys.extend(entry.key.split('.').map(str::to_owned));
        match entry.value.form {
            Form::Table(inner) if !is_leaf(&keys, &inner) => {
                open.extend(inner.into_iter().rev().map(|inner| {
                    let key_place = joined(entry.key_place, inner.key_place);
                    (keys.clone(), Entry { key_place, ..inner })
                }));
            }
            form => found.push((keys, Entry { value: Value { form, ..entry.value }, ..entry })),
        }
    }
    found
}

/// The place of both keys of a dotted key; only the inner one if they are not adjacent.
fn joined(outer: Place, inner: Place) -> Place {
    // There may be a space and a quotation mark on either side of the dot.
    let stand_together = outer.text == inner.text && (0..=5).contains(&inner.start.wrapping_sub(outer.end));
    if stand_together { Place { start: outer.start, ..inner } } else { inner }
}
