//! What is known of the test of a condition.

use crate::plan::{Condition, FixedKind, PlannedFixedTest, PlannedSequentialTest, PlannedTest};
use kl_math::decision::fixed::{APPROXIMATIONS, ErrorRate, Setting, Truth, rates, smallest_length};
use kl_math::decision::{ApproximatedQuantity, Decision, SequentialLaw, StepLaw, approximations};
use kl_math::distribution::Pair;
use kl_math::statistics::Decisions;
use kl_sim::comparison::{DecisionComparison, DecisionTheory};
use kl_sim::estimator::Estimator;
use std::sync::Arc;

/// What sequences are drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TruthName {
    /// P.
    P,
    /// Q.
    Q,
    /// A third law.
    S,
}

impl TruthName {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::P => "P",
            Self::Q => "Q",
            Self::S => "S",
        }
    }

    /// What the sequences of a condition are drawn from.
    pub fn of(condition: &Condition) -> Self {
        match &condition.drawn {
            None => Self::P,
            Some(behaviour) if behaviour.is_model() => Self::Q,
            Some(_) => Self::S,
        }
    }
}

/// What is known of the test of a condition, beside what its trials decided.
#[derive(Clone, Debug)]
pub struct DecidedCondition {
    /// What the sequences were drawn from.
    pub truth: TruthName,
    /// What the trials decided.
    pub found: Option<DecisionComparison>,
    /// The chances under that truth, where they are known.
    pub theory: Option<DecisionTheory>,
    /// What does not depend on the trials.
    pub beyond: Beyond,
}

/// What is known of a test beside its trials.
#[derive(Clone, Debug, Default)]
pub struct Beyond {
    /// The chances where Q is true, if no condition draws from it.
    pub under_model: Option<DecisionTheory>,
    /// The smallest length of a test of fixed length that keeps both chances of an error that are wanted.
    pub smallest_n: Option<u64>,
    /// What approximations say of the chances, and of the mean length.
    pub approximations: Vec<Approximated>,
}

/// What an approximation or a bound says, beside the exact value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Approximated {
    /// Of what it is.
    pub quantity: &'static str,
    /// The name of the approximation.
    pub name: &'static str,
    /// Whether it is a bound of the chance.
    pub is_bound: bool,
    /// What it says.
    pub value: f64,
    /// −ln of that over N, nats per symbol, of a chance.
    pub exponent: Option<f64>,
    /// The exact value, if it is known.
    pub exact: Option<f64>,
    /// −ln of that over N, nats per symbol, of a chance.
    pub exact_exponent: Option<f64>,
}

impl DecidedCondition {
    /// What the trials of a condition decided, whose estimator `by` ends its sequences where its test is sequential.
    pub(super) fn of(condition: &Condition, by: &dyn Estimator, decisions: &Decisions) -> Option<Self> {
        let (truth, theory) = (TruthName::of(condition), decision_theory(condition, by));
        let found = DecisionComparison::new(decisions, theory.as_ref(), condition.rule().is_none());
        Some(Self { truth, found, theory, beyond: Beyond::default() })
    }

    /// Adds what does not depend on the trials; `alone` says that no condition draws from another law than P.
    pub(super) fn look_beyond(&mut self, condition: &Condition, alone: bool) {
        let (Some(test), Some(pair)) = (condition.test.as_deref(), condition.pair()) else { return };
        let under_model = match test {
            _ if !alone => None,
            PlannedTest::Fixed(planned) => of_fixed(pair, Truth::Q, planned),
            PlannedTest::Sequential(planned) => {
                let steps = StepLaw::of_model(pair);
                let law = steps.and_then(|steps| SequentialLaw::of(&steps, &planned.rule));
                law.map(|law| DecisionTheory::of_law(Arc::new(law)))
            }
        };
        let smallest_n = test.wanted().and_then(|(alpha, beta)| smallest_length(pair, alpha, beta));
        let approximations = match test {
            PlannedTest::Fixed(planned) => of_fixed_length(pair, planned),
            PlannedTest::Sequential(planned) => of_sequence(condition, planned, self.truth, self.theory.as_ref()),
        };
        self.beyond = Beyond { under_model, smallest_n: smallest_n.map(|found| found.n), approximations };
    }
}

/// The exact chances of each end of the test of a condition, whose estimator `by` ends its sequences where that is sequential; none where
/// they are not known, or nothing is decided.
pub fn decision_theory(condition: &Condition, by: &dyn Estimator) -> Option<DecisionTheory> {
    let (test, pair) = (condition.test.as_deref()?, condition.pair()?);
    match test {
        PlannedTest::Fixed(planned) => match (TruthName::of(condition), condition.drawn.as_deref()) {
            (TruthName::S, Some(behaviour)) => of_fixed(pair, Truth::S(behaviour), planned),
            (TruthName::Q, _) => of_fixed(pair, Truth::Q, planned),
            _ => of_fixed(pair, Truth::P, planned),
        },
        PlannedTest::Sequential(_) => by.sequential_law(condition.sampled_pair()?).map(DecisionTheory::of_law),
    }
}

/// The chances of a test of fixed length.
fn of_fixed(pair: &Pair, truth: Truth<'_>, planned: &PlannedFixedTest) -> Option<DecisionTheory> {
    let found = rates(pair, truth, &planned.test)?;
    Some(DecisionTheory { chances: [found.p, found.q, 0.0], error: found.error, law: None })
}

/// What approximations say of the chance of an error and of the mean length of a sequential test; where a third law is true, of the chance
/// to decide P.
fn of_sequence(
    condition: &Condition,
    planned: &PlannedSequentialTest,
    truth: TruthName,
    theory: Option<&DecisionTheory>,
) -> Vec<Approximated> {
    let steps = match (truth, condition.drawn.as_deref(), condition.pair()) {
        (TruthName::P, _, Some(pair)) => StepLaw::of(pair),
        (TruthName::Q, _, Some(pair)) => StepLaw::of_model(pair),
        (TruthName::S, Some(behaviour), _) => StepLaw::of_behaviour(behaviour),
        _ => None,
    };
    let Some(steps) = steps else { return Vec::new() };
    let wanted = |decision: Decision| match (truth, decision) {
        (TruthName::P, Decision::Q) => Some("alpha"),
        (TruthName::Q, Decision::P) => Some("beta"),
        (TruthName::S, Decision::P) => Some("decides_P"),
        _ => None,
    };
    let all = approximations(&steps, &planned.rule).into_iter().filter_map(|found| {
        let (quantity, exact) = match found.quantity {
            ApproximatedQuantity::Chance(decision) => (wanted(decision)?, theory.map(|theory| theory.chance(decision))),
            ApproximatedQuantity::MeanLength => {
                let law = theory.and_then(|theory| theory.law.as_deref());
                ("mean_length", law.map(SequentialLaw::mean_length))
            }
        };
        let (name, is_bound, value) = (found.name, found.is_bound, found.value);
        Some(Approximated { quantity, name, is_bound, value, exponent: None, exact, exact_exponent: None })
    });
    all.collect()
}

/// What approximations say of both chances of an error of a test of fixed length, and of their mean where it decides by which of P and Q
/// is likelier.
fn of_fixed_length(pair: &Pair, planned: &PlannedFixedTest) -> Vec<Approximated> {
    let (test, n) = (&planned.test, planned.test.n() as f64);
    let level = match &planned.kind {
        FixedKind::NeymanPearson { wanted, .. } => Some(*wanted),
        FixedKind::Threshold | FixedKind::Bayes => None,
    };
    let setting = Setting::new(pair, test, level);
    let alpha = rates(pair, Truth::P, test).map(|found| found.q);
    let beta = rates(pair, Truth::Q, test).map(|found| found.p);
    let all = APPROXIMATIONS.iter().filter_map(|approximation| {
        let (quantity, exact) = match approximation.rate {
            ErrorRate::Alpha => ("alpha", alpha),
            ErrorRate::Beta => ("beta", beta),
            ErrorRate::Mean if test.threshold() == 0.0 => {
                ("mean_error", alpha.zip(beta).map(|(alpha, beta)| 0.5 * (alpha + beta)))
            }
            ErrorRate::Mean => return None,
        };
        let ln = approximation.ln_of(&setting).filter(|ln| ln.is_finite())?;
        let exact_exponent = exact.filter(|exact| *exact > 0.0).map(|exact| -libm::log(exact) / n);
        Some(Approximated {
            quantity,
            name: approximation.name,
            is_bound: approximation.is_bound,
            value: libm::exp(ln),
            exponent: Some(-ln / n),
            exact,
            exact_exponent,
        })
    });
    all.collect()
}
