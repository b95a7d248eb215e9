//! Markov chains: each symbol depends on the one before.

use crate::chain::{ChainLaw, MAX_STATES, stationary};
use crate::distribution::{
    Alphabet, Declaration, Example, Family, Fault, Form, Length, MassFunction, Parameter, ParameterError,
    ParameterErrors, Sample,
};
use crate::numeric::DoubleDouble;

/// A Markov chain: each symbol depends on the one before.
///
/// # Probabilities
///
/// P(x₁ … x_N) = a(x₁) P(x₁, x₂) … P(x_{N−1}, x_N), over 2 to 64 states.
///
/// # Parameters
///
/// - `initial`: the probabilities a of the first symbol, or `"stationary"`, which makes it the chain's own a = aP.
/// - `transition`: for each state a row of the probabilities of what comes after it.
/// - `symbols`: names of the states; may be left out.
///
/// Probabilities are numbers or exact fractions that sum to 1 within 1e-9, row by row, and are divided by their sum.
///
/// # D and V, in nats and nats²
///
/// Per symbol: D is the KL rate Σ πᵢ Σ P(i, j) ln(P(i, j)/Q(i, j)), π the stationary distribution, and V the limit of
/// Var\[S\]/N. [`ChainTheory`](crate::chain::ChainTheory) has both for every N.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let p = MarkovChain::from_stationary([[0.75, 0.25], [0.5, 0.5]])?;
/// assert_eq!(p.initial()[1].to_f64(), 1.0 / 3.0);
/// let q = MarkovChain::new([0.5, 0.5], [[0.5, 0.5], [0.5, 0.5]])?;
/// // The rows have 0.131 and 0 nats; the first state takes two thirds of the time.
/// assert!((kl(&p, &q)?.mean - 0.087_208_023_960_757_98).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Rached, Alajaji & Campbell 2004, "The Kullback–Leibler divergence rate between Markov sources".
#[derive(Clone, Debug, PartialEq)]
pub struct MarkovChain {
    label: String,
    alphabet: Alphabet,
    initial: Vec<DoubleDouble>,
    /// Row by row.
    transition: Vec<DoubleDouble>,
    is_stationary: bool,
}

/// The word that asks for the chain's own initial probabilities.
const STATIONARY: &str = "stationary";

impl MarkovChain {
    /// The chain whose symbols are independent: every row is the law of a symbol. None over too many symbols, or one.
    pub(in crate::distribution) fn independent(label: String, probabilities: &MassFunction) -> Option<Self> {
        let initial = probabilities.probabilities().to_vec();
        let states = initial.len();
        let transition = initial.repeat(states);
        let alphabet = probabilities.alphabet().clone();
        (2..=MAX_STATES).contains(&states).then_some(Self {
            label,
            alphabet,
            initial,
            transition,
            is_stationary: false,
        })
    }

    /// Its probabilities as plain numbers.
    pub fn law(&self) -> ChainLaw<'_> {
        ChainLaw { initial: &self.initial, transition: &self.transition }
    }

    /// The states.
    pub fn alphabet(&self) -> &Alphabet {
        &self.alphabet
    }

    /// The probability of each state as the first symbol, to 106 bits.
    pub fn initial(&self) -> &[DoubleDouble] {
        &self.initial
    }

    /// Whether the law of the first symbol was asked for as that of the transitions, so that it is no parameter.
    ///
    /// ```
    /// use kl_math::distribution::MarkovChain;
    /// let rows = [[0.5, 0.5], [0.5, 0.5]];
    /// assert!(MarkovChain::from_stationary(rows)?.starts_stationary() && !MarkovChain::new([0.5, 0.5], rows)?.starts_stationary());
    /// # Ok::<(), kl_math::distribution::ParameterErrors>(())
    /// ```
    pub fn starts_stationary(&self) -> bool {
        self.is_stationary
    }

    /// The K×K matrix of transition probabilities, row by row, to 106 bits.
    pub fn transition(&self) -> &[DoubleDouble] {
        &self.transition
    }
}

impl MarkovChain {
    /// By the probabilities of the first symbol and the rows of transition probabilities.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::MarkovChain;
    /// assert!(MarkovChain::new([0.5, 0.5], [[0.9, 0.1], [0.4, 0.6]]).is_ok() && MarkovChain::new([0.5, 0.5], [[0.9, 0.2], [0.4, 0.6]]).is_err());
    /// ```
    pub fn new(initial: impl Into<Parameter>, transition: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("initial", initial.into()), ("transition", transition.into())])
    }

    /// The chain that starts from its own stationary distribution.
    ///
    /// # Errors
    ///
    /// Rows that do not sum to 1, and chains with several stationary distributions.
    ///
    /// ```
    /// use kl_math::distribution::MarkovChain;
    /// let chain = MarkovChain::from_stationary([[0.75, 0.25], [0.5, 0.5]])?;
    /// assert_eq!(chain.initial()[1].to_f64(), 1.0 / 3.0);
    /// # Ok::<(), kl_math::distribution::ParameterErrors>(())
    /// ```
    pub fn from_stationary(transition: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("initial", Parameter::Text(STATIONARY.into())), ("transition", transition.into())])
    }
}

impl Family for MarkovChain {
    const NAME: &'static str = "markov_chain";
    const PARAMETERS: &'static [Declaration] = &[
        Declaration::new("initial", Form::ProbabilitiesOr(STATIONARY)),
        Declaration::new("transition", Form::TransitionMatrix),
        Declaration::new("symbols", Form::Names).optional(),
    ];
    const EXAMPLES: [Example; 2] = [
        &[("initial", Sample::Word(STATIONARY)), ("transition", Sample::Rows(&[&[0.9, 0.1], &[0.4, 0.6]]))],
        &[("initial", Sample::Numbers(&[0.5, 0.5])), ("transition", Sample::Rows(&[&[0.7, 0.3], &[0.3, 0.7]]))],
    ];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let transition = given.probabilities("transition").unwrap_or_default().to_vec();
        let states = transition.len().isqrt();
        let mut errors = Vec::new();
        let unequal = |found: usize, item: &'static str| Fault::Length {
            found,
            expected: Length::Rows { item, parameter: "transition" },
        };
        let initial = match given.probabilities("initial") {
            Some(initial) => {
                if initial.len() != states {
                    errors.push(ParameterError::at("initial", unequal(initial.len(), "probability")));
                }
                initial.to_vec()
            }
            None => stationary(&transition).unwrap_or_else(|| {
                errors.push(ParameterError::at("initial", Fault::SeveralStationary { parameter: "initial" }));
                Vec::new()
            }),
        };
        let names = given.names("symbols");
        if let Some(names) = names.filter(|names| names.len() != states) {
            errors.push(ParameterError::at("symbols", unequal(names.len(), "name")));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let alphabet = names.map_or_else(|| Alphabet::unnamed(states), Alphabet::named);
        let is_stationary = given.probabilities("initial").is_none();
        Ok(Self { label: given.label(), alphabet, initial, transition, is_stationary })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        self.initial.iter().chain(&self.transition).map(|mass| mass.to_f64()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{Number, Step};

    fn text(word: &str) -> Parameter {
        Parameter::Text(word.into())
    }

    fn list(numbers: &[f64]) -> Parameter {
        Parameter::List(numbers.iter().map(|&number| Parameter::Number(Number::new(number))).collect())
    }

    fn rows<const K: usize>(rows: &[[f64; K]]) -> Parameter {
        Parameter::List(rows.iter().map(|row| list(row)).collect())
    }

    fn read(entries: &[(&str, Parameter)]) -> Result<MarkovChain, Vec<ParameterError>> {
        let entries = entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
        MarkovChain::read(&Parameter::Table(entries.collect()))
    }

    /// The faults, each with its place.
    fn faults(entries: &[(&str, Parameter)]) -> String {
        let place = |error: &ParameterError| {
            let steps = error.path.iter().map(|step| match step {
                Step::Key(key) => format!(".{key}"),
                Step::Index(index) => format!("[{index}]"),
            });
            format!("{}: {error}", steps.collect::<String>())
        };
        read(entries).unwrap_err().iter().map(place).collect::<Vec<_>>().join("\n")
    }

    const GOOD: [[f64; 2]; 2] = [[0.9, 0.1], [0.4, 0.6]];

    #[test]
    fn a_chain_reads_with_a_list_or_its_own_initial_probabilities() {
        let chain = read(&[("initial", list(&[0.3, 0.7])), ("transition", rows(&GOOD))]).unwrap();
        assert_eq!(chain.label(), "markov_chain(initial=[0.3, 0.7], transition=[[0.9, 0.1], [0.4, 0.6]])");
        assert_eq!(chain.normalised_parameters(), [0.3, 0.7, 0.9, 0.1, 0.4, 0.6]);
        assert_eq!(chain.alphabet().symbols(), ["H", "T"]);
        let own = read(&[("initial", text("stationary")), ("transition", rows(&GOOD))]).unwrap();
        assert!((own.initial()[0].to_f64() - 0.8).abs() < 1e-15);
    }

    #[test]
    fn rows_are_divided_by_their_exact_sums() {
        let third = || Parameter::Number(Number::fraction("1/3").unwrap());
        let row = Parameter::List(vec![third(), third(), third()]);
        let transition = Parameter::List(vec![row.clone(), row.clone(), list(&[0.1, 0.2, 0.7])]);
        let chain = read(&[("initial", row), ("transition", transition)]).unwrap();
        for row in chain.transition().chunks(3) {
            let sum: DoubleDouble = row.iter().copied().sum();
            assert!((sum - DoubleDouble::ONE).abs().to_f64() < 1e-31);
        }
        assert!(chain.label().contains("[1/3, 1/3, 1/3]"));
    }

    #[test]
    fn states_can_be_named() {
        let named = |names: &[&str]| Parameter::List(names.iter().map(|name| text(name)).collect());
        let with = |symbols| [("initial", text("stationary")), ("transition", rows(&GOOD)), ("symbols", symbols)];
        let chain = read(&with(named(&["dry", "wet"]))).unwrap();
        assert_eq!(chain.alphabet(), &Alphabet::named(vec!["dry".to_owned(), "wet".to_owned()]));
        let shown = [
            faults(&with(named(&["dry", "dry"]))),
            faults(&with(named(&["dry", ""]))),
            faults(&with(named(&["dry", "wet", "snow"]))),
            faults(&with(list(&[1.0, 2.0]))),
            faults(&with(text("dry"))),
        ];
        insta::assert_snapshot!(shown.join("\n"), @r#"
        .symbols[1]: the symbol "dry" is given twice
        .symbols[1]: a symbol needs a name
        .symbols: a list of 3 is not one name for each row of `transition`
        .symbols[0]: expected a name, found a number
        .symbols[1]: expected a name, found a number
        .symbols: expected a list of names, found a text
        "#);
    }

    #[test]
    fn every_fault_is_told_at_its_place() {
        let with = |initial: Parameter, transition: Parameter| [("initial", initial), ("transition", transition)];
        let shown = [
            faults(&with(text("stationary"), rows(&[[0.9, 0.1], [0.4, 1.6]]))),
            faults(&with(text("stationary"), rows(&[[0.9, 0.1], [0.4, 0.5]]))),
            faults(&with(text("stationary"), rows(&[[0.9, 0.1, 0.0], [0.4, 0.5, 0.1]]))),
            faults(&with(text("stationary"), rows(&[[1.0, 0.0], [0.0, 1.0]]))),
            faults(&with(text("stationary"), rows(&[[1.0]]))),
            faults(&with(text("stationary"), Parameter::List(vec![list(&[0.5; 2]); 65]))),
            faults(&with(text("stationary"), list(&[0.5, 0.5]))),
            faults(&with(text("stationary"), text("uniform"))),
            faults(&with(text("uniform"), rows(&GOOD))),
            faults(&with(Parameter::Number(Number::new(0.5)), rows(&GOOD))),
            faults(&with(list(&[0.5, 0.25, 0.25]), rows(&GOOD))),
            faults(&with(list(&[0.5, f64::NAN]), rows(&GOOD))),
            faults(&with(list(&[0.5, 0.6]), rows(&GOOD))),
            faults(&[("transition", rows(&GOOD)), ("initials", text("stationary"))]),
            faults(&[]),
        ];
        insta::assert_snapshot!(shown.join("\n"), @r#"
        .transition[1][1]: 1.6 is not a probability: a probability lies between 0 and 1
        .transition[1]: the probabilities sum to 0.9, not to 1
        .transition[0]: a list of 3 is not one probability for each row of `transition`
        .transition[1]: a list of 3 is not one probability for each row of `transition`
        .initial: the stationary distribution is not unique: this chain can end up in any of several sets of states for good, so `initial` must be a list
        .transition: a list of 1 is not a list of 2 to 64 rows
        .transition: a list of 65 is not a list of 2 to 64 rows
        .transition[0]: expected a list of probabilities, found a number
        .transition[1]: expected a list of probabilities, found a number
        .transition: expected a list of rows, found a text
        .initial: "uniform" is not "stationary" or a list of probabilities
        .initial: 0.5 is not "stationary" or a list of probabilities
        .initial: a list of 3 is not one probability for each row of `transition`
        .initial[1]: NaN is not a probability: a probability lies between 0 and 1
        .initial: the probabilities sum to 1.1, not to 1
        .initials: markov_chain has no parameter `initials`
        : markov_chain needs its parameter `initial`
        : markov_chain needs its parameter `initial`
        : markov_chain needs its parameter `transition`
        "#);
    }
}
