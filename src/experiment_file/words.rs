//! The words that tell a person what to write: help for what the mathematics refuses, and families in the syntax of a file.

use super::value::quoted_key;
use kl_math::chain::MAX_STATES;
use kl_math::distribution::{
    CovarianceFault, Domain, Example, Expected, FAMILIES, FamilyEntry, Fault, Form, FractionError, Length, PairError,
    Sample,
};

/// How a member of a family is written under `P` or `Q`.
///
/// ```
/// use kl_math::distribution::FamilyEntry;
/// let gamma = FamilyEntry::named("gamma").expect("a family");
/// assert_eq!(kl_runner::experiment_file::written(gamma, gamma.examples[1]), "gamma = { shape = 3, rate = 1.5 }");
/// ```
pub fn written(family: &FamilyEntry, member: Example) -> String {
    format!("{} = {}", family.name, parameters(member))
}

/// Parameters as a table, or components as a list.
fn parameters(member: Example) -> String {
    if let [(_, Sample::Component(..)), ..] = member {
        return format!("[{}]", member.iter().map(|(_, sample)| value(*sample)).collect::<Vec<_>>().join(", "));
    }
    let parameters = member.iter().map(|(name, sample)| format!("{} = {}", quoted_key(name), value(*sample)));
    format!("{{ {} }}", parameters.collect::<Vec<_>>().join(", "))
}

/// The first example of a family.
pub(crate) fn example(family: &FamilyEntry) -> String {
    written(family, family.examples[0])
}

fn value(sample: Sample) -> String {
    let list = |numbers: &[f64]| format!("[{}]", numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(", "));
    match sample {
        Sample::Number(number) => number.to_string(),
        Sample::Numbers(numbers) => list(numbers),
        Sample::Rows(rows) => format!("[{}]", rows.iter().map(|row| list(row)).collect::<Vec<_>>().join(", ")),
        Sample::Word(word) => format!("{word:?}"),
        Sample::Component(weight, family, member) => {
            format!("{{ weight = {weight}, {family} = {} }}", parameters(member))
        }
    }
}

/// What to write instead of a parameter at fault, where that can be said; `family` is the one it stands under, if there is
/// one.
pub(crate) fn parameter_help(fault: &Fault, family: Option<&FamilyEntry>) -> Option<String> {
    let for_example = |family: Option<&FamilyEntry>| family.map(|family| format!("for example: {}", example(family)));
    Some(match fault {
        Fault::OutsideDomain { domain, .. } | Fault::NotANumber { domain, .. } => number(*domain).into(),
        Fault::WrongKind { expected: Expected::Parameters | Expected::Symbols, .. } | Fault::Rule { .. } => {
            return for_example(family);
        }
        Fault::WrongKind { expected, .. } => format!("for example: {}", of_kind(*expected)),
        Fault::MissingKey { family, .. } | Fault::Either { family, .. } => {
            return for_example(FamilyEntry::named(family));
        }
        Fault::Both { .. } => "remove one of the two".into(),
        Fault::NeitherWordNorList { word, .. } => {
            let parameter =
                family.and_then(|family| named_by(family, Form::ProbabilitiesOr(word))).unwrap_or("initial");
            format!("write {parameter} = {word:?}, or a list such as {parameter} = [0.5, 0.5]")
        }
        Fault::TooShort { least: 1, .. } => "write a list such as [0, 0]".into(),
        Fault::TooShort { .. } => "write a list such as [1, 2, 3]".into(),
        Fault::RowCount { found, .. } if *found > MAX_STATES => {
            format!("put states together: a chain has up to {MAX_STATES}")
        }
        Fault::RowCount { .. } => "write a row for each state, such as [[0.9, 0.1], [0.4, 0.6]]".into(),
        Fault::Length { expected: Length::Rows { item: "name", .. }, .. } => {
            "name every state, or leave `symbols` out".into()
        }
        Fault::Length { expected: Length::Rows { .. }, .. } => {
            "give every row, and `initial`, as many probabilities as there are rows".into()
        }
        Fault::Length { expected: Length::Numbers { parameter, .. }, .. } => {
            format!("write as many rows, and as many numbers in each, as `{parameter}` has")
        }
        Fault::NotAbove { other, .. } => match family.and_then(|family| above(family, other)) {
            Some(higher) => format!("exchange `{other}` and `{higher}`, or raise `{higher}`"),
            None => format!("write a number above `{other}`"),
        },
        Fault::TooFar { other, .. } => match family.and_then(|family| above(family, other)) {
            Some(higher) => format!("bring `{other}` and `{higher}` together"),
            None => format!("write a number nearer to `{other}`"),
        },
        Fault::NoReciprocal { .. } => "write a number from 1e-308 up".into(),
        Fault::Covariance(fault) => covariance(*fault).into(),
        Fault::SeveralStationary { parameter } => {
            format!("write the probabilities of the first symbol, such as {parameter} = [0.5, 0.5]")
        }
        Fault::WeightSum { .. } => "they must sum to 1 within 1e-9; exact fractions such as \"1/6\" help".into(),
        Fault::DuplicateSymbol { .. } => "give each symbol its own name".into(),
        Fault::AlphabetSize { found: 0..=1, .. } => "name at least two symbols".into(),
        Fault::AlphabetSize { .. } => "put symbols together".into(),
        Fault::UnknownKey { family, key } => {
            let known = FamilyEntry::named(family).map(FamilyEntry::parameter_names).unwrap_or_default();
            nearest(key, &known)
                // One letter is as near to any other.
                .filter(|near| key.len() > 1 || known.len() == 1 || near.eq_ignore_ascii_case(key))
                .map_or_else(|| format!("it has {}", listed(&known)), |near| format!("did you mean `{near}`?"))
        }
        Fault::UnknownFamily { name } => {
            let known = family_names();
            nearest(name, &known)
                .map_or_else(|| format!("there are {}", listed(&known)), |near| format!("did you mean `{near}`?"))
        }
        Fault::FamilyCount { .. } => "for example: P.bernoulli.p = 0.5, or P = [0.5, 0.5]".into(),
        Fault::NamelessSymbol => "write a name between the quotes, such as \"H\"".into(),
    })
}

/// The name of every family.
pub(crate) fn family_names() -> Vec<&'static str> {
    FAMILIES.iter().map(|family| family.name).collect()
}

/// A number of a domain, in words.
fn number(domain: Domain) -> &'static str {
    match domain {
        Domain::Real => "write a number such as 0 or -1.5, or an exact fraction such as \"1/3\"",
        Domain::Positive | Domain::NonNegative | Domain::DegreesOfFreedom => {
            "write a number such as 1.5, or an exact fraction such as \"1/3\""
        }
        Domain::Probability | Domain::PositiveProbability => {
            "write a number such as 0.4, or an exact fraction such as \"1/6\""
        }
        Domain::Count => "write a whole number such as 10 or 1e6",
    }
}

/// An example of a kind of value.
fn of_kind(expected: Expected) -> &'static str {
    match expected {
        Expected::Distribution => "P.bernoulli.p = 0.5, or P.categorical = { H = 0.5, T = 0.5 }",
        Expected::Parameters | Expected::Symbols => "{ H = 0.5, T = 0.5 }",
        Expected::Component | Expected::Components => {
            "mixture = [{ weight = 0.5, poisson = { rate = 1 } }, { weight = 0.5, poisson = { rate = 5 } }]"
        }
        Expected::Numbers => "[1, 2.5, \"1/3\"]",
        Expected::Matrix => "[[1, 0.5], [0.5, 2]]",
        Expected::TransitionMatrix => "[[0.9, 0.1], [0.4, 0.6]]",
        Expected::Probabilities => "[0.5, 0.5]",
        Expected::Names => "[\"dry\", \"wet\"]",
        Expected::Name => "\"dry\"",
    }
}

fn covariance(fault: CovarianceFault) -> &'static str {
    match fault {
        CovarianceFault::Variance { .. } => "write a number such as 1.5",
        CovarianceFault::Asymmetric { .. } => "write one number in both places",
        CovarianceFault::TooLarge { .. } => "its square must be below their product",
        CovarianceFault::NotPositiveDefinite => "every weighted sum of the variables must have a variance above 0",
    }
}

/// The parameter of a family that has this form.
fn named_by(family: &FamilyEntry, form: Form) -> Option<&'static str> {
    family.parameters.iter().find(|declared| declared.form == form).map(|declared| declared.name)
}

/// The parameter that is declared after another one.
fn above(family: &FamilyEntry, other: &str) -> Option<&'static str> {
    let place = family.parameters.iter().position(|declared| declared.name == other)?;
    family.parameters.get(place + 1).map(|declared| declared.name)
}

/// What to write instead of a text that is no fraction.
pub(crate) fn fraction_help(error: &FractionError) -> &'static str {
    match error {
        FractionError::ZeroDenominator => "write a denominator of 1 or more, such as \"1/6\"",
        FractionError::Form => "write only digits on both sides, such as \"1/6\"",
        FractionError::TooLarge => "write it with smaller parts, or as a decimal",
    }
}

/// What to write instead of a P and a Q that cannot be compared.
///
/// ```
/// use kl_math::distribution::{Bernoulli, Normal, Pair};
/// let error = Pair::of(Bernoulli::new(0.5)?, Normal::new(0.0, 1.0)?).unwrap_err();
/// assert_eq!(kl_runner::experiment_file::pair_help(&error), "take both over the same values: see `runner families`");
/// # Ok::<(), kl_math::distribution::ParameterErrors>(())
/// ```
pub fn pair_help(error: &PairError) -> &'static str {
    match error {
        PairError::Spaces { .. } => "take both over the same values: see `runner families`",
        PairError::Families { .. } | PairError::Chains(_) => "take both of one family",
        PairError::TooWide { .. } => "take a narrower P, or Q of the same family",
        PairError::Overflow { .. } | PairError::Unresolved { .. } => "take parameters that are less extreme",
        PairError::NotIntegrable { .. } => "take parameters of similar size, or both of one family",
        PairError::Sizes { .. } => "give both the same number of probabilities",
        PairError::Symbols { .. } => "name the same symbols in both; one that cannot occur gets probability 0",
    }
}

/// The known word nearest to `word`, if any is near enough to be what was meant.
///
/// ```
/// use kl_runner::experiment_file::nearest;
/// assert_eq!(nearest("trails", &["seed", "trials"]), Some("trials"));
/// assert_eq!(nearest("banana", &["seed", "trials"]), None);
/// ```
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .iter()
        .map(|&candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, candidate)| distance <= candidate.chars().count().max(word.chars().count()).div_ceil(3))
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// `` `a`, `b` and `c` ``.
pub fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
