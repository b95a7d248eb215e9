//! What was varied, in few words: labels, and settings cut to what tells conditions apart.

use super::Cell;
use crate::outside::printable;
use crate::record::{Overview, SummaryRow};
use std::collections::{HashMap, HashSet};

/// The name of the column of labels.
pub(super) const LABEL: &str = "label";

/// A text of more characters is shortened.
const LONG: usize = 24;

/// The most characters of a shortened text.
const MOST: usize = 40;

/// How conditions are named where people read: by their label, and by the settings that it does not determine.
pub(super) struct Shown {
    parts: Vec<Part>,
    is_as_written: bool,
}

enum Part {
    Label,
    Setting {
        name: String,
        place: usize,
        /// The short form of each long text.
        texts: HashMap<String, String>,
    },
}

impl Shown {
    /// The names of conditions, each with its label and its settings, of which `names` are the names.
    pub(super) fn of<'r>(names: &[String], conditions: impl Iterator<Item = (&'r str, &'r [String])> + Clone) -> Self {
        let has_labels = conditions.clone().any(|(label, _)| !label.is_empty());
        let mut parts: Vec<Part> = has_labels.then_some(Part::Label).into_iter().collect();
        let mut is_as_written = !has_labels;
        for (place, name) in names.iter().enumerate() {
            let values =
                conditions.clone().map(|(label, settings)| (label, settings.get(place).map_or("", String::as_str)));
            if has_labels && is_determined(values.clone()) {
                continue;
            }
            let texts = shortened(&distinct(values.map(|(_, value)| value)));
            is_as_written &= texts.is_empty();
            parts.push(Part::Setting { name: name.clone(), place, texts });
        }
        Self { parts, is_as_written }
    }

    /// The names of what is shown.
    pub(super) fn names(&self) -> Vec<String> {
        let name = |part: &Part| match part {
            Part::Label => LABEL.to_owned(),
            Part::Setting { name, .. } => name.clone(),
        };
        self.parts.iter().map(name).collect()
    }

    /// What is shown of a condition.
    pub(super) fn values(&self, label: &str, settings: &[String]) -> Vec<String> {
        let value = |part: &Part| match part {
            Part::Label => label.to_owned(),
            Part::Setting { place, texts, .. } => {
                let setting = settings.get(*place).cloned().unwrap_or_default();
                texts.get(&setting).cloned().unwrap_or(setting)
            }
        };
        self.parts.iter().map(value).collect()
    }

    /// The whole of what is shown shortened: a setting as it is written, or a label with the settings that it stands for.
    fn whole(&self, names: &[String], label: &str, settings: &[String]) -> Vec<Option<String>> {
        let is_shown =
            |other: usize| self.parts.iter().any(|part| matches!(part, Part::Setting { place, .. } if *place == other));
        let behind = names.iter().zip(settings).enumerate();
        let behind = behind.filter(|(place, (_, value))| !is_shown(*place) && !value.is_empty());
        let behind: Vec<String> = behind.map(|(_, (name, value))| format!("{name} = {value}")).collect();
        let whole = |part: &Part| match part {
            Part::Label => (!behind.is_empty()).then(|| format!("{label}: {}", behind.join(", "))),
            Part::Setting { place, texts, .. } => {
                let setting = settings.get(*place)?;
                texts.get(setting).is_some_and(|short| short != setting).then(|| setting.clone())
            }
        };
        self.parts.iter().map(|part| whole(part).map(|text| printable(&text))).collect()
    }

    /// The cells of a condition, each with the whole of what it shortens.
    pub(super) fn cells(&self, names: &[String], label: &str, settings: &[String]) -> Vec<Cell> {
        let values = self.values(label, settings).into_iter().zip(self.whole(names, label, settings));
        values.map(|(value, whole)| Cell { whole, ..printable(&value).into() }).collect()
    }

    /// A condition in a sentence: `flat`, `Q.bernoulli.p = 0.6`.
    pub(super) fn sentence(&self, label: &str, settings: &[String]) -> Vec<String> {
        let named = self.names().into_iter().zip(self.values(label, settings));
        named.map(|(name, value)| if name == LABEL { value } else { format!("{name} = {value}") }).collect()
    }
}

/// The same rows with what is shown in place of their settings; `None` if that is the same.
pub(super) fn shown_rows<'a>(overview: &Overview, rows: &[&SummaryRow<'a>]) -> Option<(Overview, Vec<SummaryRow<'a>>)> {
    let shown = Shown::of(&overview.setting_names, rows.iter().map(|row| (&*row.label, &*row.settings)));
    if shown.is_as_written {
        return None;
    }
    let overview = Overview { setting_names: shown.names(), ..overview.clone() };
    let rows = rows.iter().map(|&row| {
        let settings = shown.values(&row.label, &row.settings).into();
        SummaryRow { settings, ..row.clone() }
    });
    Some((overview, rows.collect()))
}

/// For each row the whole of what [`shown_rows`] shortens.
pub(super) fn whole_settings(overview: &Overview, rows: &[&SummaryRow<'_>]) -> Vec<Vec<Option<String>>> {
    let names = &overview.setting_names;
    let shown = Shown::of(names, rows.iter().map(|row| (&*row.label, &*row.settings)));
    rows.iter().map(|row| shown.whole(names, &row.label, &row.settings)).collect()
}

/// Whether equal labels have equal values.
fn is_determined<'r>(mut values: impl Iterator<Item = (&'r str, &'r str)>) -> bool {
    let mut known: HashMap<&str, &str> = HashMap::new();
    values.all(|(label, value)| *known.entry(label).or_insert(value) == value)
}

/// The values in the order in which they first occur.
fn distinct<'r>(values: impl Iterator<Item = &'r str>) -> Vec<&'r str> {
    let mut seen = HashSet::new();
    values.filter(|value| seen.insert(*value)).collect()
}

/// The short form of each value, if one of them is long.
fn shortened(values: &[&str]) -> HashMap<String, String> {
    if values.iter().all(|value| value.chars().count() <= LONG || value.parse::<f64>().is_ok()) {
        return HashMap::new();
    }
    let written: Vec<Written<'_>> = values.iter().map(|value| Written::of(value)).collect();
    let short: Vec<String> = match differing(&written) {
        // Nothing tells them apart.
        places if places.is_empty() => values.iter().map(|&value| value.to_owned()).collect(),
        places => written.iter().map(|one| one.only(&places, &written)).collect(),
    };
    let cut: Vec<String> = short.iter().map(|text| cut(text, MOST)).collect();
    let unique = cut.iter().collect::<HashSet<_>>().len() == cut.len();
    let numbered = |(place, text): (usize, &String)| {
        if unique { text.clone() } else { format!("{} #{}", self::cut(text, MOST - 6), place + 1) }
    };
    let short = cut.iter().enumerate().map(numbered);
    values.iter().zip(short).map(|(value, short)| ((*value).to_owned(), short)).collect()
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}

/// A value in parts: `normal(mean=0, std_dev=1)`, `{ H = 0.4, T = 0.6 }` or `[0.4, 0.6]`.
struct Written<'a> {
    head: &'a str,
    items: Vec<&'a str>,
}

impl<'a> Written<'a> {
    fn of(value: &'a str) -> Self {
        let inner = |open: char, close: char| {
            let (head, rest) = value.split_once(open)?;
            let is_name = head.chars().all(|c| c.is_alphanumeric() || c == '_');
            Some((head, rest.strip_suffix(close)?)).filter(|_| is_name)
        };
        match inner('(', ')').or_else(|| inner('{', '}')).or_else(|| inner('[', ']')) {
            Some((head, inner)) => Self { head, items: items(inner) },
            None => Self { head: "", items: vec![value] },
        }
    }

    fn item(&self, place: usize) -> &'a str {
        self.items.get(place).copied().unwrap_or_default()
    }

    /// The items at these places, and whether others differ, too; with the head if heads differ.
    fn only(&self, places: &[usize], all: &[Self]) -> String {
        let shown = places.iter().map(|&place| self.item(place)).filter(|item| !item.is_empty());
        let mut shown: Vec<&str> = shown.collect();
        let differs = |place: usize| all.iter().any(|other| other.item(place) != self.item(place));
        if (0..self.items.len()).any(|place| !places.contains(&place) && differs(place)) {
            shown.push("…");
        }
        // As distributions are written: `p=0.5`.
        let shown = shown.join(", ").replace(" = ", "=");
        if all.iter().all(|other| other.head == self.head) { shown } else { format!("{}({shown})", self.head) }
    }
}

/// The parts between commas that are not within brackets or quotes.
fn items(inner: &str) -> Vec<&str> {
    let (mut items, mut depth, mut is_quoted, mut start) = (Vec::new(), 0_i32, false, 0);
    for (place, c) in inner.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            '(' | '[' | '{' if !is_quoted => depth += 1,
            ')' | ']' | '}' if !is_quoted => depth -= 1,
            ',' if !is_quoted && depth == 0 => {
                items.push(inner[start..place].trim());
                start = place + 1;
            }
            _ => {}
        }
    }
    items.push(inner[start..].trim());
    items
}

/// The fewest places of items, taken in turn, that tell the values apart: of items with names those that differ most, else the
/// first ones.
fn differing(all: &[Written<'_>]) -> Vec<usize> {
    let most = all.iter().map(|one| one.items.len()).max().unwrap_or(0);
    let kinds = |place: usize| all.iter().map(|one| one.item(place)).collect::<HashSet<_>>().len();
    let have_names = all.iter().all(|one| one.items.iter().all(|item| item.contains('=')));
    let mut order: Vec<usize> = (0..most).filter(|&place| !have_names || kinds(place) > 1).collect();
    if have_names {
        order.sort_by_key(|&place| std::cmp::Reverse(kinds(place)));
    }
    let groups = |places: &[usize]| {
        let key = |one: &Written<'_>| {
            let items: Vec<String> = places.iter().map(|&place| one.item(place).to_owned()).collect();
            (one.head.to_owned(), items)
        };
        all.iter().map(key).collect::<HashSet<_>>().len()
    };
    let mut places: Vec<usize> = Vec::new();
    for place in order {
        if groups(&places) == all.len() && !places.is_empty() {
            break;
        }
        let before = groups(&places);
        places.push(place);
        if have_names && places.len() > 1 && groups(&places) == before {
            places.pop();
        }
    }
    places.sort_unstable();
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(values: &[&str]) -> Vec<String> {
        let short = shortened(values);
        values.iter().map(|value| short.get(*value).cloned().unwrap_or_else(|| (*value).to_owned())).collect()
    }

    #[test]
    fn short_texts_stay() {
        assert_eq!(short(&["0.55", "{ H = 0.4, T = 0.6 }"]), ["0.55", "{ H = 0.4, T = 0.6 }"]);
    }

    #[test]
    fn only_what_differs_is_shown() {
        let five = |b: &str, e: &str| format!("{{ A = 0.2, B = {b}, C = 0.2, D = 0.2, E = {e} }}");
        let values = [five("0.1", "0.3"), five("0.2", "0.2"), five("0.15", "0.25")];
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        assert_eq!(short(&values), ["B=0.1, …", "B=0.2, …", "B=0.15, …"]);
        assert_eq!(
            short(&["normal(mean=0, std_dev=1)", "normal(mean=0, std_dev=2)", "normal(mean=1, std_dev=2)"]),
            ["mean=0, std_dev=1", "mean=0, std_dev=2", "mean=1, std_dev=2"]
        );
        assert_eq!(
            short(&["categorical(one=1/6, two=1/3, three=1/2)", "normal(mean=0, std_dev=1)"]),
            ["categorical(one=1/6, …)", "normal(mean=0, …)"]
        );
        assert_eq!(short(&["[0.2, 0.2, 0.2, 0.2, 0.2]", "[0.2, 0.3, 0.2, 0.2, 0.1]"]), ["0.2, 0.2, …", "0.2, 0.3, …"]);
    }

    /// Texts that cannot be told apart when they are cut get numbers.
    #[test]
    fn cut_texts_stay_unique() {
        let long = |end: &str| format!("{}{end}", "x".repeat(60));
        let (one, other) = (long("1"), long("2"));
        let shown = short(&[&one, &other]);
        assert_eq!(shown, [format!("{}… #1", "x".repeat(33)), format!("{}… #2", "x".repeat(33))]);
    }

    #[test]
    fn labels_stand_for_what_they_determine() {
        let names = ["P".to_owned(), "Q.bernoulli.p".to_owned()];
        let rows: Vec<(&str, Vec<String>)> = vec![
            ("flat", vec!["{ A = 0.2, B = 0.8 }".into(), "0.1".into()]),
            ("flat", vec!["{ A = 0.2, B = 0.8 }".into(), "0.2".into()]),
            ("steep", vec!["{ A = 0.9, B = 0.1 }".into(), "0.1".into()]),
        ];
        let shown = Shown::of(&names, rows.iter().map(|(label, settings)| (*label, settings.as_slice())));
        assert_eq!(shown.names(), ["label", "Q.bernoulli.p"]);
        assert_eq!(shown.values("flat", &rows[1].1), ["flat", "0.2"]);
        assert_eq!(shown.sentence("steep", &rows[2].1), ["steep", "Q.bernoulli.p = 0.1"]);
        let whole = shown.cells(&names, "steep", &rows[2].1).into_iter().map(|cell| cell.whole);
        assert_eq!(whole.collect::<Vec<_>>(), [Some("steep: P = { A = 0.9, B = 0.1 }".to_owned()), None]);
    }
}
