//! The answer of a program to a trial, and what may be wrong with it.

use super::process::clipped;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An estimate of a program's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// The estimate, nats per symbol; may be +∞.
    pub estimate: f64,
    /// Its standard error, if there is one.
    pub std_error: Option<f64>,
}

/// Why a trial has no estimate.
///
/// Failures are ordered, so that one of several is chosen in the same way on any number of threads: what is only found out after
/// the last answer comes after the others.
#[derive(Clone, Debug, PartialEq, PartialOrd, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The program does not exist, or may not be started.
    #[error("it cannot be started: {reason}")]
    CannotStart {
        /// What the system said.
        reason: String,
    },
    /// The program exited, or closed its output, before it answered.
    #[error("{how}{}", quoted(.said))]
    Ended {
        /// How it ended.
        how: String,
        /// The last line it wrote to its standard error.
        said: Option<String>,
    },
    /// The program did not answer in time.
    #[error("no answer within {seconds} s{}", quoted(.said))]
    TimedOut {
        /// The timeout.
        seconds: f64,
        /// The last line it wrote to its standard error.
        said: Option<String>,
    },
    /// The answer cannot be read.
    #[error("the answer `{answer}` {rule}")]
    Malformed {
        /// The answer.
        answer: String,
        /// What is wrong with it.
        rule: AnswerFault,
    },
    /// The program wrote a line before a trial was sent.
    #[error(
        "it wrote `{answer}` before the trial was sent: for each trial it may write one line, all else to its standard error"
    )]
    TooMuch {
        /// The line.
        answer: String,
    },
    /// The answer to another trial.
    #[error("the answer is for trial {found}")]
    OfAnother {
        /// The number in it.
        found: String,
    },
    /// The program reported an error.
    #[error("it reported: {0}")]
    Reported(String),
    /// The function raised an exception.
    #[error("it raised {error}")]
    Raised {
        /// The exception.
        error: String,
        /// The calls that led to it.
        traceback: String,
    },
    /// What the function returned is not a list of estimates.
    #[error("{reason}")]
    Unfit {
        /// What is wrong with it.
        reason: String,
    },
    /// The program wrote another line after its last answer.
    #[error(
        "it wrote `{answer}` after its last answer: without trial numbers it is not known which line answers which trial"
    )]
    Surplus {
        /// The line.
        answer: String,
    },
    /// The trial was not sent: the run was being stopped.
    #[error("not sent: too many trials had failed")]
    NotAsked,
}

/// `; it said: …`.
fn quoted(said: &Option<String>) -> String {
    said.as_ref().map_or_else(String::new, |said| format!("; it said: {said}"))
}

/// What is wrong with an answer that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum AnswerFault {
    /// It is not UTF-8.
    #[error("is not text")]
    NotText,
    /// It has no estimate.
    #[error("is not a number: write a number, inf, or {{\"estimate\": …, \"se\": …}}")]
    NotANumber,
    /// It is NaN or -∞.
    #[error("is not an estimate: that is a number or inf")]
    NotAnEstimate,
    /// It has unknown keys.
    #[error("has other keys than estimate, se, trial and error")]
    OtherKeys,
    /// Its standard error is not a number.
    #[error("has an se that is not a number")]
    StdErrorNotANumber,
    /// Its standard error is negative, infinite or NaN.
    #[error("has an se that is negative or not finite")]
    StdErrorOutOfRange,
}

impl Answer {
    /// Reads the answer to a trial, counted from 1: a number, or `{"estimate": …, "se": …, "trial": …}`, of which
    /// the first alone must be there, or `{"error": "…"}`.
    ///
    /// ```
    /// use kl_runner::programs::Answer;
    /// assert_eq!(Answer::read(b"0.5\n", 1)?, Answer { estimate: 0.5, std_error: None });
    /// assert_eq!(Answer::read(br#"{"estimate": 0.5, "se": 0.1}"#, 1)?, Answer { estimate: 0.5, std_error: Some(0.1) });
    /// assert!(Answer::read(b"nan", 1).is_err() && Answer::read(br#"{"error": "too few symbols"}"#, 1).is_err());
    /// # Ok::<(), kl_runner::programs::Failure>(())
    /// ```
    pub fn read(line: &[u8], trial: u64) -> Result<Self, Failure> {
        let malformed = |rule| Failure::Malformed { answer: clipped(line), rule };
        let text = std::str::from_utf8(line).map_err(|_| malformed(AnswerFault::NotText))?.trim();
        if let Ok(estimate) = text.parse() {
            return Self { estimate, std_error: None }.checked().map_err(malformed);
        }
        let Ok(Value::Object(fields)) = serde_json::from_str(text) else {
            return Err(malformed(AnswerFault::NotANumber));
        };
        if let Some(error) = fields.get("error") {
            let text = error.as_str().map_or_else(|| error.to_string(), str::to_owned);
            return Err(Failure::Reported(clipped(text.as_bytes())));
        }
        if fields.keys().any(|key| !["estimate", "se", "trial"].contains(&key.as_str())) {
            return Err(malformed(AnswerFault::OtherKeys));
        }
        if let Some(found) = fields.get("trial").filter(|found| found.as_u64() != Some(trial)) {
            return Err(Failure::OfAnother { found: found.to_string() });
        }
        let number = |value: &Value| match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        let estimate = fields.get("estimate").and_then(number).ok_or_else(|| malformed(AnswerFault::NotANumber))?;
        let std_error = match fields.get("se") {
            None | Some(Value::Null) => None,
            Some(value) => Some(number(value).ok_or_else(|| malformed(AnswerFault::StdErrorNotANumber))?),
        };
        Self { estimate, std_error }.checked().map_err(malformed)
    }

    pub(super) fn checked(self) -> Result<Self, AnswerFault> {
        match self {
            Self { estimate, .. } if estimate.is_nan() || estimate == f64::NEG_INFINITY => Err(AnswerFault::NotANumber),
            Self { std_error: Some(error), .. } if !(0.0..f64::INFINITY).contains(&error) => {
                Err(AnswerFault::StdErrorOutOfRange)
            }
            answer => Ok(answer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_answer() {
        let read = |text: &str| Answer::read(text.as_bytes(), 3).map(|answer| (answer.estimate, answer.std_error));
        assert_eq!(read("  -1e-3 \r\n"), Ok((-1e-3, None)));
        assert_eq!(read("inf"), Ok((f64::INFINITY, None)));
        assert_eq!(read("Infinity"), Ok((f64::INFINITY, None)));
        assert_eq!(read(r#"{"estimate": 2}"#), Ok((2.0, None)));
        assert_eq!(read(r#"{"se": null, "estimate": "inf"}"#), Ok((f64::INFINITY, None)));
        assert_eq!(read(r#"{"estimate": 2, "se": 0}"#), Ok((2.0, Some(0.0))));
        assert_eq!(read(r#"{"trial": 3, "estimate": 2}"#), Ok((2.0, None)));
    }

    #[test]
    fn what_is_none() {
        let faults = [
            "",
            "\n",
            "nan",
            "-inf",
            "0.5 0.1",
            "0,5",
            "[0.5]",
            "null",
            "{\"se\": 0.1}",
            "{\"estimate\": null}",
            "{\"estimate\": 1, \"se\": -1}",
            "{\"estimate\": 1, \"se\": \"nan\"}",
            "{\"estimate\": 1, \"std_error\": 1}",
            "{\"estimate\": NaN}",
            "0x10",
            "\u{1b}[31m0.5",
        ];
        for text in faults {
            assert!(matches!(Answer::read(text.as_bytes(), 3), Err(Failure::Malformed { .. })), "{text:?}");
        }
        let refused = |line: &[u8]| Answer::read(line, 3).unwrap_err();
        assert_eq!(refused(b"{\"error\": \"no symbols\\n\"}"), Failure::Reported("no symbols".to_owned()));
        assert_eq!(refused(b"{\"trial\": 2, \"estimate\": 1}"), Failure::OfAnother { found: "2".to_owned() });
        assert_eq!(refused(&[0xff, b'\n']).to_string(), "the answer `\u{fffd}` is not text");
        assert_eq!(
            refused(b"x").to_string(),
            "the answer `x` is not a number: write a number, inf, or {\"estimate\": …, \"se\": …}"
        );
    }
}
