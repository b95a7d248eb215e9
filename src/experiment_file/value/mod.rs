//! The contents of a file as written: each value and each key with its place.

pub(crate) mod exact;
pub(crate) mod rules;

use super::diagnostics::Place;
use kl_math::distribution::Number;
use toml::de::{DeString, DeTable, DeValue};

/// A value and its place.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) place: Place,
    pub(crate) form: Form,
}

/// The kinds of values.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    Number(Numeral),
    Text(String),
    /// `true`, a date and so on, which no key accepts, as written.
    Other(String),
    List(Vec<Value>),
    Table(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_place: Place,
    pub(crate) value: Value,
}

/// A number: the nearest double, and the exact text if there is one.
#[derive(Clone, Debug)]
pub(crate) struct Numeral {
    pub(crate) value: f64,
    pub(crate) text: Option<Box<str>>,
}

impl Value {
    pub(crate) fn new(place: Place, form: Form) -> Self {
        Self { place, form }
    }

    /// Makes a number without a text, such as a step of a range.
    pub(crate) fn number(place: Place, value: f64) -> Self {
        Self::new(place, Form::Number(Numeral { value, text: None }))
    }

    /// Converts a value of the TOML parser; `place` converts a span of its text.
    pub(crate) fn of_toml(read: &toml::Spanned<DeValue<'_>>, place: &impl Fn(std::ops::Range<usize>) -> Place) -> Self {
        let form = match read.get_ref() {
            DeValue::Integer(integer) => Form::Number(Numeral::of_integer(integer.to_string(), integer.radix())),
            DeValue::Float(float) => {
                let value = float.as_str().parse().unwrap_or(f64::NAN);
                Form::Number(Numeral { value, text: Some(float.as_str().into()) })
            }
            DeValue::String(text) => Form::Text(text.to_string()),
            DeValue::Boolean(truth) => Form::Other(truth.to_string()),
            DeValue::Datetime(date) => Form::Other(date.to_string()),
            DeValue::Array(items) => Form::List(items.iter().map(|item| Self::of_toml(item, place)).collect()),
            DeValue::Table(table) => Form::Table(Self::entries_of_toml(table, place)),
        };
        Self::new(place(read.span()), form)
    }

    pub(crate) fn entries_of_toml(table: &DeTable<'_>, place: &impl Fn(std::ops::Range<usize>) -> Place) -> Vec<Entry> {
        let entry = |(key, value): (&toml::Spanned<DeString<'_>>, &_)| Entry {
            key: key.get_ref().to_string(),
            key_place: place(key.span()),
            value: Self::of_toml(value, place),
        };
        table.iter().map(entry).collect()
    }

    /// The nearest double, if it is a number.
    pub(crate) fn as_f64(&self) -> Option<f64> {
        match &self.form {
            Form::Number(numeral) => Some(numeral.value),
            _ => None,
        }
    }

    /// Its keys, if it is a table.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.form {
            Form::Table(entries) => entries,
            _ => &[],
        }
    }

    /// The value in a message: 0.5 is `0.5`, `"abc"` is `the string "abc"`.
    pub(crate) fn described(&self) -> String {
        match &self.form {
            Form::Number(numeral) => numeral.text.as_deref().map_or_else(|| numeral.value.to_string(), str::to_owned),
            Form::Text(text) if text.chars().count() <= 40 => format!("the string {text:?}"),
            Form::Text(_) => "a string".into(),
            Form::Other(spelling) => spelling.clone(),
            Form::List(_) => "a list".into(),
            Form::Table(_) => "a table".into(),
        }
    }

    /// The value on one line, as in a CSV cell: `0.4`, `1/6`, `{ H = 0.4, T = "3/5" }`.
    pub(crate) fn shown(&self) -> String {
        match &self.form {
            Form::Text(text) => fraction(text).unwrap_or_else(|| text.clone()),
            _ => self.toml(),
        }
    }

    /// The value as TOML on one line; equal values have the same text.
    pub(crate) fn toml(&self) -> String {
        match &self.form {
            Form::Number(numeral) => numeral.value.to_string(),
            Form::Text(text) => format!("{:?}", fraction(text).as_ref().unwrap_or(text)),
            Form::Other(spelling) => spelling.clone(),
            Form::List(items) => format!("[{}]", items.iter().map(Self::toml).collect::<Vec<_>>().join(", ")),
            Form::Table(entries) if entries.is_empty() => "{}".into(),
            Form::Table(entries) => {
                let entry = |entry: &Entry| format!("{} = {}", quoted_key(&entry.key), entry.value.toml());
                format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// The value as JSON; whole numbers are integers, so that `1.0` and `1` are the same.
    pub(crate) fn json(&self) -> serde_json::Value {
        const HELD: f64 = 9_007_199_254_740_992.0; // 2^53
        match &self.form {
            Form::Number(Numeral { value, .. }) if value.fract() == 0.0 && value.abs() <= HELD => {
                (*value as i64).into()
            }
            Form::Number(numeral) => numeral.value.into(),
            Form::Text(text) => fraction(text).unwrap_or_else(|| text.clone()).into(),
            Form::Other(spelling) => spelling.as_str().into(),
            Form::List(items) => items.iter().map(Self::json).collect(),
            Form::Table(entries) => entries.iter().map(|entry| (entry.key.clone(), entry.value.json())).collect(),
        }
    }
}

impl Numeral {
    fn of_integer(text: String, radix: u32) -> Self {
        let value = match (radix, text.get(2..)) {
            (10, _) | (_, None) => text.parse().unwrap_or(f64::NAN),
            // The parser has checked the digits: a failure means that the number is too large.
            (_, Some(digits)) => u128::from_str_radix(digits, radix).map_or(f64::INFINITY, |value| value as f64),
        };
        Self { value, text: Some(text.into()) }
    }
}

/// The normal form of an exact fraction, if the text is one.
fn fraction(text: &str) -> Option<String> {
    Number::fraction(text).ok().map(|number| number.to_string())
}

/// The key in TOML: quoted if it is not a bare key.
pub(crate) fn quoted_key(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(bare) {
        return key.to_owned();
    }
    let escaped = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", key.chars().map(escaped).collect::<String>())
}

/// The number with its digits in groups of three: `1_000_000`.
pub fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}

/// The number in JSON; a whole number has no decimal point.
pub(crate) fn number_json(value: f64) -> serde_json::Value {
    if value.fract() == 0.0 && value.abs() < 1e15 { (value as i64).into() } else { value.into() }
}
