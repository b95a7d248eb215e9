//! P and Q on the command line, or in the cells of a table.

use super::Source;
use super::diagnostic::{Diagnostic, Diagnostics, Place, Report};
use super::distributions::read_distribution;
use super::value::{Entry, Form, Value, quoted_key};
use super::words::{example, pair_help};
use kl_math::distribution::{Distribution, FamilyEntry, Pair};
use std::ops::Range;
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

/// A distribution as written outside of a file: `0.5,0.5`, `1/6,5/6`, `H=0.4,T=0.6`, `bernoulli.p=0.5`, or
/// whatever may stand after `P =` in a file.
#[derive(Clone, Copy, Debug)]
pub struct Argument<'a> {
    /// What it is called in messages, such as `--p`.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
}

/// Reads P and Q, and reports every mistake in either.
///
/// ```
/// use kl_runner::spec::{Argument, read_pair};
/// let p = Argument { name: "--p", text: "0.5, 0.5" };
/// let pair = read_pair(p, Argument { name: "--q", text: "bernoulli.p=1/4" })?;
/// assert_eq!(pair.model().to_string(), "bernoulli(p=1/4)");
/// # Ok::<(), kl_runner::spec::Diagnostics>(())
/// ```
pub fn read_pair(p: Argument<'_>, q: Argument<'_>) -> Result<Pair, Diagnostics> {
    let mut report = Report::default();
    let source = p.read(0, &mut report);
    let model = q.read(1, &mut report);
    if let (Some((source, p_place)), Some((model, q_place))) = (source, model) {
        match Pair::new(source, model) {
            Ok(pair) => return Ok(pair),
            Err(error) => report.push(
                Diagnostic::new(error.to_string()).at(q_place).context(p_place, "P is here").help(pair_help(&error)),
            ),
        }
    }
    Err(report.into_diagnostics(vec![p.source(), q.source()]))
}

impl Argument<'_> {
    /// What mistakes point into: the argument as it was given.
    fn source(&self) -> Source {
        Source { name: "<command line>".into(), text: format!("{} {}", self.name, self.text) }
    }

    fn read(&self, text: usize, report: &mut Report) -> Option<(Arc<Distribution>, Place)> {
        let offset = self.name.len() + 1;
        let place = |span: Range<usize>| Place { text, start: offset + span.start, end: offset + span.end };
        match self.value(&place) {
            Ok(value) => read_distribution(&value, report),
            Err(mistake) => {
                let name = self.text.split(['(', '{', '=', '.']).next().unwrap_or_default().trim();
                report.push(mistake.help(match FamilyEntry::named(name) {
                    Some(family) => format!("write for example: {} '{}'", self.name, example(family)),
                    None => {
                        format!("write for example: {0} 0.5,0.5 or {0} H=0.5,T=0.5 or {0} bernoulli.p=0.5", self.name)
                    }
                }));
                None
            }
        }
    }

    /// The value that was meant.
    fn value(&self, place: &impl Fn(Range<usize>) -> Place) -> Result<Value, Box<Diagnostic>> {
        let text = self.text;
        if text.trim_start().starts_with(['[', '{']) {
            return Ok(named(toml_value(text, 0, place)?));
        }
        let whole = place(0..text.len());
        let is_family = |name: &str| FamilyEntry::named(name.trim()).is_some();
        if is_family(text) {
            // Its parameters are missing, not its probabilities.
            let value = Value::new(whole, Form::Table(Vec::new()));
            let entry = Entry { key: text.trim().to_owned(), key_place: whole, value };
            return Ok(Value::new(whole, Form::Table(vec![entry])));
        }
        if let Some((name, _)) = text.split_once('(').filter(|(name, _)| is_family(name) && call(text).is_none()) {
            return Err(mistake("this bracket is not closed at the end".into(), place(name.len()..name.len() + 1)));
        }
        if let Some((name, inner)) = call(text) {
            let value = match text.get(inner.clone()).unwrap_or_default() {
                table if table.starts_with('{') => toml_value(table, inner.start, place)?,
                nothing if nothing.trim().is_empty() => Value::new(whole, Form::Table(Vec::new())),
                _ => Value::new(whole, written_out(text, inner, true, place)?),
            };
            let key_place = place(0..name.len());
            return Ok(Value::new(whole, Form::Table(vec![Entry { key: name.to_owned(), key_place, value }])));
        }
        match written_out(text, 0..text.len(), false, place)? {
            list @ Form::List(_) => {
                Ok(Value::new(whole, Form::Table(vec![family("categorical", Value::new(whole, list))])))
            }
            table => Ok(named(Value::new(whole, table))),
        }
    }
}

/// A value in TOML's own form, from `start` on.
fn toml_value(text: &str, start: usize, place: &impl Fn(Range<usize>) -> Place) -> Result<Value, Box<Diagnostic>> {
    let place = |span: Range<usize>| place(start + span.start..start + span.end);
    let value = DeValue::parse(text).map_err(|error| {
        mistake(format!("broken TOML: {}", error.message()), place(error.span().unwrap_or_default()))
    })?;
    Ok(Value::of_toml(&value, &place))
}

/// The name and what stands between the brackets of `normal(mean=0, std_dev=1)`, which is how distributions are shown, or
/// the table of `normal={ mean = 0, std_dev = 1 }`.
fn call(text: &str) -> Option<(&str, Range<usize>)> {
    let end = text.trim_end().len();
    let open = text.find(['(', '{'])?;
    let (name, inner) = match text.get(open..open + 1)? {
        "(" => (text.get(..open)?, open + 1..text.get(..end)?.strip_suffix(')')?.len()),
        _ => (text.get(..open)?.trim_end().strip_suffix('=')?, open..end),
    };
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    Some((name.trim(), inner)).filter(|(name, _)| is_name(name))
}

/// The numbers, or the `key=value` pairs, of a part of the text; a value may be a word if `has_words`.
fn written_out(
    text: &str,
    part: Range<usize>,
    has_words: bool,
    place: &impl Fn(Range<usize>) -> Place,
) -> Result<Form, Box<Diagnostic>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut items = Vec::new();
    for range in parts(text, part) {
        let part = text.get(range.clone()).unwrap_or_default();
        match part.split_once('=') {
            None => items.push(number(part, range.start, place)?),
            Some((key, value)) => {
                if has_words && entries.iter().any(|entry| entry.key == key.trim()) {
                    return Err(mistake(format!("the key `{}` stands twice", key.trim()), place(range)));
                }
                let start = range.start + key.len() + 1;
                let word = value.trim();
                let value = if has_words && !word.is_empty() && word.chars().all(char::is_alphabetic) {
                    Value::new(place(start..range.end), Form::Text(word.to_owned()))
                } else {
                    number(value, start, place)?
                };
                insert(&mut entries, key, value, place(range))?;
            }
        }
    }
    match (entries.is_empty(), items.first()) {
        (true, _) => Ok(Form::List(items)),
        (false, None) => Ok(Form::Table(entries)),
        (false, Some(item)) => Err(mistake("a probability without a symbol among named ones".into(), item.place)),
    }
}

/// What stands between commas, those within brackets aside.
fn parts(text: &str, whole: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (whole.start, 0);
    for (index, c) in text.get(whole.clone()).unwrap_or_default().char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            ',' if depth <= 0 => {
                parts.push(start..whole.start + index);
                start = whole.start + index + 1;
            }
            _ => {}
        }
    }
    parts.push(start..whole.end);
    parts
}

fn mistake(title: String, place: Place) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(title).at(place))
}

/// A number or a fraction, without quotes, or a list of such.
fn number(text: &str, start: usize, place: &impl Fn(Range<usize>) -> Place) -> Result<Value, Box<Diagnostic>> {
    let written = text.trim();
    let start = start + text.len() - text.trim_start().len();
    let here = place(start..start + written.len());
    if let Some(inner) = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let items = parts(inner, 0..inner.len())
            .into_iter()
            .map(|range| number(inner.get(range.clone()).unwrap_or_default(), start + 1 + range.start, place));
        return Ok(Value::new(here, Form::List(items.collect::<Result<_, _>>()?)));
    }
    let unquoted = written.trim_matches(['"', '\'']);
    if unquoted.contains('/') {
        return Ok(Value::new(here, Form::Text(unquoted.to_owned())));
    }
    // `.5` is what people type; TOML wants 0.5.
    let (sign, size) = written.split_at(usize::from(written.starts_with(['-', '+'])));
    let typed = if size.starts_with('.') { format!("{sign}0{size}") } else { written.to_owned() };
    match DeValue::parse(&typed) {
        Ok(value) => Ok(Value::of_toml(&value, &|_| here)),
        Err(_) if written.is_empty() => Err(mistake("a probability is missing".into(), here)),
        Err(_) => Err(mistake(format!("{written} is no number"), here)),
    }
}

/// Adds `key = value`, where the key may be dotted.
fn insert(entries: &mut Vec<Entry>, key: &str, value: Value, place: Place) -> Result<(), Box<Diagnostic>> {
    let no_key = || mistake(format!("`{}` is no key", key.trim()), place);
    let line = format!("{} = 0", quoted(key.trim()));
    let table = DeTable::parse(&line).map_err(|_| no_key())?;
    let mut path = Vec::new();
    let mut level = table.get_ref();
    while let Some((key, value)) = level.iter().next() {
        path.push(key.get_ref().to_string());
        match value.get_ref() {
            DeValue::Table(inner) => level = inner,
            _ => break,
        }
    }
    let (last, tables) = path.split_last().ok_or_else(no_key)?;
    let mut entries = entries;
    for name in tables {
        let found = entries.iter().position(|entry| entry.key == *name).unwrap_or_else(|| {
            let value = Value::new(place, Form::Table(Vec::new()));
            entries.push(Entry { key: name.clone(), key_place: place, value });
            entries.len() - 1
        });
        match &mut entries[found].value.form {
            Form::Table(inner) => entries = inner,
            _ => return Err(no_key()),
        }
    }
    let is_family_key = entries.iter().any(|entry| entry.key == *last) && !tables.is_empty();
    if is_family_key {
        return Err(mistake(format!("the key `{}` stands twice", key.trim()), place));
    }
    entries.push(Entry { key: last.clone(), key_place: place, value });
    Ok(())
}

/// A symbol that TOML would want in quotes, in quotes: `ä=0.5` is as good as `"ä"=0.5`.
fn quoted(key: &str) -> String {
    let bare = key.chars().all(|c| c.is_ascii_alphanumeric() || "._-\"'".contains(c));
    if bare { key.to_owned() } else { quoted_key(key) }
}

/// Keys that are no family name symbols: `H=0.4,T=0.6` is short for `categorical = { H = 0.4, T = 0.6 }`.
fn named(value: Value) -> Value {
    let is_family = |entry: &Entry| FamilyEntry::named(&entry.key).is_some();
    let is_symbols = match &value.form {
        Form::List(_) => true,
        Form::Table(entries) => entries.len() > 1 && !entries.iter().any(is_family),
        _ => false,
    };
    if !is_symbols {
        return value;
    }
    let place = value.place;
    Value::new(place, Form::Table(vec![family("categorical", value)]))
}

fn family(name: &str, value: Value) -> Entry {
    Entry { key: name.to_owned(), key_place: value.place, value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(p: &str, q: &str) -> Result<Pair, Diagnostics> {
        read_pair(Argument { name: "--p", text: p }, Argument { name: "--q", text: q })
    }

    #[test]
    fn there_are_many_ways_to_write_a_coin() {
        for p in [
            "0.5,0.5",
            ".5, .5",
            "1/2,1/2",
            "[0.5, 0.5]",
            "['1/2', 0.5]",
            "H=0.5,T=0.5",
            "H=1/2, T=1/2",
            "{ H = 0.5, T = 0.5 }",
            "{ categorical = { H = 0.5, T = 0.5 } }",
            "categorical.H=0.5,categorical.T=0.5",
            "bernoulli.p=0.5",
            "bernoulli.p=1/2",
            "{ bernoulli = { p = 0.5 } }",
            "bernoulli(p=0.5)",
            "bernoulli(p=1/2)",
            "bernoulli={p=0.5}",
            "bernoulli = { p = 0.5 } ",
            "categorical(H=0.5, T=0.5)",
            "categorical(0.5, 0.5)",
        ] {
            let pair = read(p, "[0.4, 0.6]").unwrap_or_else(|mistakes| panic!("{p}: {mistakes}"));
            assert_eq!(pair.source().masses().probabilities()[0].to_f64(), 0.5, "{p}");
        }
    }

    #[test]
    fn mistakes_point_at_the_argument() {
        let shown = |p: &str, q: &str| read(p, q).map(|_| ()).unwrap_err().to_string();
        insta::assert_snapshot!(shown("0.5,0.6", "0.4,x"), @r#"
        error: the probabilities sum to 1.1, not to 1
         --> <command line>:1:5
          |
        1 | --p 0.5,0.6
          |     ^^^^^^^
          |
          = help: they must sum to 1 within 1e-9; exact fractions such as "1/6" help

        error: x is no number
         --> <command line>:1:9
          |
        1 | --q 0.4,x
          |         ^
          |
          = help: write for example: --q 0.5,0.5 or --q H=0.5,T=0.5 or --q bernoulli.p=0.5
        "#);
        insta::assert_snapshot!(shown("H=0.5,T=0.5", "H=0.5,E=0.5"), @r#"
        error: P and Q have different alphabets: only P has "T", only Q has "E"
         --> <command line>:1:5
          |
        1 | --q H=0.5,E=0.5
          |     ^^^^^^^^^^^
          |
         ::: <command line>:1:5
          |
        1 | --p H=0.5,T=0.5
          |     ----------- P is here
          |
          = help: name the same symbols in both; one that cannot occur gets probability 0
        "#);
        insta::assert_snapshot!(shown("0.5,0.5", "0.4,0.3,0.3"), @"
        error: P has 2 symbols and Q has 3: they need one alphabet
         --> <command line>:1:5
          |
        1 | --q 0.4,0.3,0.3
          |     ^^^^^^^^^^^
          |
         ::: <command line>:1:5
          |
        1 | --p 0.5,0.5
          |     ------- P is here
          |
          = help: give both the same number of probabilities
        ");
        insta::assert_snapshot!(shown("bernouli.p=0.5", "bernoulli.p=1.5"), @r#"
        error: there is no distribution called `bernouli`
         --> <command line>:1:5
          |
        1 | --p bernouli.p=0.5
          |     ^^^^^^^^^^^^^^
          |
          = help: did you mean `bernoulli`?

        error: 1.5 is not a probability: a probability lies between 0 and 1
         --> <command line>:1:17
          |
        1 | --q bernoulli.p=1.5
          |                 ^^^
          |
          = help: write a number such as 0.4, or an exact fraction such as "1/6"
        "#);
        insta::assert_snapshot!(shown("", "[0.5, 0.5"), @"
        error: a probability is missing
         --> <command line>:1:5
          |
        1 | --p 
          |     ^
          |
          = help: write for example: --p 0.5,0.5 or --p H=0.5,T=0.5 or --p bernoulli.p=0.5

        error: broken TOML: unclosed array, expected `]`
         --> <command line>:1:14
          |
        1 | --q [0.5, 0.5
          |              ^
          |
          = help: write for example: --q 0.5,0.5 or --q H=0.5,T=0.5 or --q bernoulli.p=0.5
        ");
        insta::assert_snapshot!(shown("H=0.5,0.5", "1/0,1"), @r#"
        error: a probability without a symbol among named ones
         --> <command line>:1:11
          |
        1 | --p H=0.5,0.5
          |           ^^^
          |
          = help: write for example: --p 0.5,0.5 or --p H=0.5,T=0.5 or --p bernoulli.p=0.5

        error: "1/0" is no number: a fraction cannot have the denominator 0
         --> <command line>:1:5
          |
        1 | --q 1/0,1
          |     ^^^
          |
          = help: write a denominator of 1 or more, such as "1/6"
        "#);
        insta::assert_snapshot!(shown("H=0.5,H=0.5", "nan,0.5"), @r#"
        error: the symbol "H" is given twice
         --> <command line>:1:5
          |
        1 | --p H=0.5,H=0.5
          |     ^^^^^
          |
          = help: give each symbol its own name

        error: NaN is not a probability: a probability lies between 0 and 1
         --> <command line>:1:5
          |
        1 | --q nan,0.5
          |     ^^^
          |
          = help: write a number such as 0.4, or an exact fraction such as "1/6"
        "#);
    }

    /// Texts made of what might stand in an argument.
    fn texts() -> impl Strategy<Value = String> {
        let pieces = [
            "0.5",
            ".",
            "1/2",
            "/",
            "H",
            "T",
            "=",
            ",",
            "[",
            "]",
            "{",
            "}",
            " ",
            "\"",
            "'",
            "ä",
            "bernoulli",
            "p",
            "\n",
            "=",
        ];
        let piece = proptest::sample::select(pieces.map(str::to_owned).to_vec());
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    /// A bracket left open once made `normal(mean` a symbol, and a parameter given twice was taken once.
    #[test]
    fn families_on_the_command_line_are_read_to_the_end() {
        let shown = |p: &str| read(p, "normal(mean=0, std_dev=1)").map(|_| ()).unwrap_err().to_string();
        let all = [
            "normal(mean=0, std_dev=1",
            "normal(mean=0, mean=1, std_dev=1)",
            "normal()",
            "normal",
            "normal(0, 1)",
            "Normal(mean=0, std_dev=1)",
            "normal(mean=0 std_dev=1)",
            "normal(mean=, std_dev=1)",
            "normal.mean=0",
            "normal(mean=[0, std_dev=1)",
        ];
        insta::assert_snapshot!(all.map(shown).join("\n\n"), @"
        error: this bracket is not closed at the end
         --> <command line>:1:11
          |
        1 | --p normal(mean=0, std_dev=1
          |           ^
          |
          = help: write for example: --p 'normal = { mean = 0, std_dev = 1 }'

        error: the key `mean` stands twice
         --> <command line>:1:19
          |
        1 | --p normal(mean=0, mean=1, std_dev=1)
          |                   ^^^^^^^
          |
          = help: write for example: --p 'normal = { mean = 0, std_dev = 1 }'

        error: normal needs its parameter `mean`
         --> <command line>:1:5
          |
        1 | --p normal()
          |     ^^^^^^^^
          |
          = help: for example: normal = { mean = 0, std_dev = 1 }

        error: normal needs `std_dev` or `variance`
         --> <command line>:1:5
          |
        1 | --p normal()
          |     ^^^^^^^^
          |
          = help: for example: normal = { mean = 0, std_dev = 1 }

        error: normal needs its parameter `mean`
         --> <command line>:1:5
          |
        1 | --p normal
          |     ^^^^^^
          |
          = help: for example: normal = { mean = 0, std_dev = 1 }

        error: normal needs `std_dev` or `variance`
         --> <command line>:1:5
          |
        1 | --p normal
          |     ^^^^^^
          |
          = help: for example: normal = { mean = 0, std_dev = 1 }

        error: a list where a table of parameters should stand
         --> <command line>:1:5
          |
        1 | --p normal(0, 1)
          |     ^^^^^^^^^^^^
          |
          = help: for example: normal = { mean = 0, std_dev = 1 }

        error: there is no distribution called `Normal`
         --> <command line>:1:5
          |
        1 | --p Normal(mean=0, std_dev=1)
          |     ^^^^^^
          |
          = help: did you mean `normal`?

        error: 0 std_dev=1 is no number
         --> <command line>:1:17
          |
        1 | --p normal(mean=0 std_dev=1)
          |                 ^^^^^^^^^^^
          |
          = help: write for example: --p 'normal = { mean = 0, std_dev = 1 }'

        error: a probability is missing
         --> <command line>:1:17
          |
        1 | --p normal(mean=, std_dev=1)
          |                 ^
          |
          = help: write for example: --p 'normal = { mean = 0, std_dev = 1 }'

        error: normal needs `std_dev` or `variance`
         --> <command line>:1:5
          |
        1 | --p normal.mean=0
          |     ^^^^^^^^^^^^^
          |
          = help: for example: normal = { mean = 0, std_dev = 1 }

        error: [0, std_dev=1 is no number
         --> <command line>:1:17
          |
        1 | --p normal(mean=[0, std_dev=1)
          |                 ^^^^^^^^^^^^^
          |
          = help: write for example: --p 'normal = { mean = 0, std_dev = 1 }'
        ");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(p in texts(), q in texts()) {
            if let Err(mistakes) = read(&p, &q) {
                prop_assert!(!mistakes.render(false).is_empty());
            }
        }
    }
}
