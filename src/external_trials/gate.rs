//! Gates: limits that the performance of each group must keep.

use super::{GroupMeasure, GroupPerformance, TrialsError};
use kl_math::statistics::Measure;

/// A value and its Monte Carlo standard error, if it has one.
type Measured = (f64, Option<f64>);

/// The side of a limit on which values pass; the limit itself passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Values must not be above it.
    AtMost,
    /// Values must not be below it.
    AtLeast,
}

impl Side {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::AtMost => "at most",
            Self::AtLeast => "at least",
        }
    }
}

/// What a gate is on.
#[derive(Debug)]
pub struct GateKind {
    /// The name of its flag, without the dashes.
    pub name: &'static str,
    /// The line in the help text.
    pub help: &'static str,
    /// The side that passes.
    pub side: Side,
    /// The largest limit that makes sense; the smallest is 0.
    pub most: f64,
    /// The measure in words.
    pub measure: &'static str,
    /// What the measure takes.
    pub needs: &'static str,
    /// The value of a group and its Monte Carlo standard error, if it has them.
    value: fn(&GroupPerformance) -> Option<Measured>,
}

const TRUTH: &str =
    "an estimand (--truth or --truth-column, or a results folder whose closed form is finite) and a finite estimate";
const SPREAD: &str =
    "an estimand (--truth or --truth-column, or a results folder whose closed form is finite) and two finite estimates";
const STD_ERRORS: &str = "a column of standard errors (--se-column) and a finite estimate";
const BOTH: &str =
    "an estimand (--truth or --truth-column), a column of standard errors (--se-column) and a finite estimate";

/// Every gate, one entry each.
#[rustfmt::skip]
pub static GATES: &[GateKind] = {
    use Side::{AtLeast, AtMost};
    const ANY: f64 = f64::MAX;
    &[
        GateKind { name: "max-bias-z", side: AtMost, most: ANY, measure: "bias in standard errors", needs: SPREAD,
            help: "Limit of |bias| / its Monte Carlo standard error, such as 4", value: |group| Some((bias_z(group)?, None)) },
        GateKind { name: "max-abs-bias", side: AtMost, most: ANY, measure: "bias", needs: TRUTH,
            help: "Limit of |bias|, in the unit of the estimates", value: |group| absolute(group, Measure::Bias) },
        GateKind { name: "max-relative-bias", side: AtMost, most: ANY, measure: "relative bias", needs: TRUTH,
            help: "Limit of |bias / estimand|, such as 0.05", value: |group| absolute(group, Measure::RelativeBias) },
        GateKind { name: "max-rmse", side: AtMost, most: ANY, measure: "RMSE", needs: TRUTH,
            help: "Limit of the root mean square error", value: |group| measured(group, Measure::Rmse) },
        GateKind { name: "max-model-se-error", side: AtMost, most: ANY, measure: "error of the standard error",
            needs: "a column of standard errors (--se-column) and two finite estimates",
            help: "Limit of |average standard error / empirical standard error − 1|, in percent", value: |group| absolute(group, Measure::ModelSeError) },
        GateKind { name: "min-coverage", side: AtLeast, most: 1.0, measure: "coverage", needs: BOTH,
            help: "Smallest allowed share of intervals that contain the estimand, such as 0.93", value: |group| measured(group, Measure::Coverage) },
        GateKind { name: "max-coverage", side: AtMost, most: 1.0, measure: "coverage", needs: BOTH,
            help: "Largest allowed share of intervals that contain the estimand, such as 0.97", value: |group| measured(group, Measure::Coverage) },
        GateKind { name: "min-rejection", side: AtLeast, most: 1.0, measure: "rejection of 0", needs: STD_ERRORS,
            help: "Smallest allowed share of intervals that exclude 0: the power, if the truth is not 0", value: |group| measured(group, Measure::Rejection) },
        GateKind { name: "max-rejection", side: AtMost, most: 1.0, measure: "rejection of 0", needs: STD_ERRORS,
            help: "Largest allowed share of intervals that exclude 0: the type I error rate, if the truth is 0", value: |group| measured(group, Measure::Rejection) },
        GateKind { name: "min-trials", side: AtLeast, most: ANY, measure: "finite estimate", needs: "rows",
            help: "Least number of finite estimates", value: |group| Some((group.trials as f64, None)) },
        GateKind { name: "max-missing", side: AtMost, most: ANY, measure: "missing estimate", needs: "rows",
            help: "Largest number of missing estimates", value: |group| Some((group.missing as f64, None)) },
        GateKind { name: "max-infinite", side: AtMost, most: ANY, measure: "infinite estimate", needs: "rows",
            help: "Largest number of infinite estimates", value: |group| Some((group.infinite as f64, None)) },
    ]
};

impl GateKind {
    /// Reads a limit; the error is the rule that the text breaks.
    pub fn limit(&self, text: &str) -> Result<f64, String> {
        let number = text.parse().ok().filter(|limit| (0.0..=self.most).contains(limit));
        number.ok_or_else(|| match self.most {
            1.0 => "the limit of a part is a number from 0 to 1 such as 0.93".to_owned(),
            _ => "a limit is a number, 0 or more".to_owned(),
        })
    }
}

/// A limit that every group must keep.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// What it is on.
    pub kind: &'static GateKind,
    /// The limit.
    pub limit: f64,
}

/// A gate held against a group.
#[derive(Clone, Copy, Debug)]
pub struct GateResult<'a> {
    /// The gate.
    pub gate: Gate,
    /// The group.
    pub group: &'a GroupPerformance,
    /// The group's value.
    pub value: f64,
    /// Its Monte Carlo standard error, if it has one.
    pub mcse: Option<f64>,
}

impl GateResult<'_> {
    /// Whether the value keeps the limit.
    pub fn passes(&self) -> bool {
        match self.gate.kind.side {
            Side::AtMost => self.value <= self.gate.limit,
            Side::AtLeast => self.value >= self.gate.limit,
        }
    }
}

/// Holds each gate against each group.
///
/// # Errors
///
/// A group lacks the measure of a gate: to pass it by would let a fault through.
pub fn judge_gates<'a>(
    gates: &[Gate],
    by: &[String],
    groups: &'a [GroupPerformance],
) -> Result<Vec<GateResult<'a>>, TrialsError> {
    let mut results = Vec::with_capacity(gates.len() * groups.len());
    for &gate in gates {
        for group in groups {
            let Some((value, mcse)) = (gate.kind.value)(group) else {
                let (gate, measure, needs) = (gate.kind.name, gate.kind.measure, gate.kind.needs);
                let keys: Vec<String> = by.iter().zip(&group.keys).map(|(name, key)| format!("{name} {key}")).collect();
                let group = if keys.is_empty() { "the file".to_owned() } else { keys.join(", ") };
                return Err(TrialsError::NoMeasure { gate, group, measure, needs });
            };
            results.push(GateResult { gate, group, value, mcse });
        }
    }
    Ok(results)
}

fn find(group: &GroupPerformance, measure: Measure) -> Option<&GroupMeasure> {
    group.measures.iter().find(|found| found.measure == measure)
}

fn measured(group: &GroupPerformance, measure: Measure) -> Option<Measured> {
    find(group, measure).map(|found| (found.estimate, found.mcse))
}

fn absolute(group: &GroupPerformance, measure: Measure) -> Option<Measured> {
    measured(group, measure).map(|(value, mcse)| (value.abs(), mcse))
}

/// |bias| in standard errors; infinite where estimates are constant and wrong.
fn bias_z(group: &GroupPerformance) -> Option<f64> {
    let (bias, mcse) = absolute(group, Measure::Bias)?;
    if bias == 0.0 { mcse.map(|_| 0.0) } else { Some(bias / mcse?) }
}
