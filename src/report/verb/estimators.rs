//! The estimators, as a table and as JSON.

use crate::programs::Program;
use crate::report::{Align, Table};
use kl_sim::estimator::{ESTIMATORS, EstimatorKind, GRADIENTS, Setting, SettingForm};
use serde_json::{Value, json};
use std::fmt;

/// Every estimator that a file may name.
#[derive(Clone, Copy, Debug, Default)]
pub struct EstimatorsReport;

impl EstimatorsReport {
    /// The table.
    pub fn table(&self) -> Table {
        let mut table = Table::new();
        for name in ["in estimators = […]", "settings", "what it is"] {
            table.column(name, Align::Left);
        }
        for kind in ESTIMATORS {
            let settings: Vec<&str> = kind.settings.iter().map(|setting| setting.name).collect();
            table.row(vec![written(kind).into(), settings.join(", ").into(), kind.meaning.into()]);
        }
        table.row(vec![Program::EXAMPLE.into(), "expected, same_as, …".into(), Program::MEANING.into()]);
        table
    }

    /// The estimators of a gradient.
    pub fn gradients(&self) -> Table {
        let mut table = Table::new();
        for name in ["beside gradient = \"P\" or \"Q\"", "settings", "what it is"] {
            table.column(name, Align::Left);
        }
        for kind in GRADIENTS {
            let settings: Vec<&str> = kind.settings().iter().map(|setting| setting.name).collect();
            table.row(vec![format!("{:?}", kind.name).into(), settings.join(", ").into(), kind.meaning.into()]);
        }
        table
    }

    /// The JSON document; its schema is in `docs/json.md`.
    pub fn json(&self) -> Value {
        let settings_json = |settings: &[Setting]| {
            let all = settings.iter().map(|setting| {
                let (least, most, is_whole, words) = match setting.form {
                    SettingForm::Number(least, most) => (Some(least), Some(most), false, &[][..]),
                    SettingForm::Whole(least, most) => (Some(least), Some(most), true, &[][..]),
                    SettingForm::WordOrNumber(words, least, most) => (Some(least), Some(most), false, words),
                    SettingForm::Word(words) => (None, None, false, words),
                    SettingForm::Flag => (None, None, false, &["true", "false"][..]),
                };
                let name = setting.name;
                json!({ "setting": name, "least": least, "most": most, "is_whole": is_whole, "words": words })
            });
            all.collect::<Vec<_>>()
        };
        let estimators = ESTIMATORS.iter().map(|kind| {
            json!({
                "estimator": kind.name,
                "meaning": kind.meaning,
                "settings": settings_json(kind.settings),
                "example": written(kind),
            })
        });
        let gradients = GRADIENTS.iter().map(|kind| {
            json!({ "estimator": kind.name, "meaning": kind.meaning, "settings": settings_json(kind.settings()) })
        });
        let gradients: Vec<Value> = gradients.collect();
        let own = json!({ "keys": Program::KEYS, "meaning": Program::MEANING, "example": Program::EXAMPLE });
        json!({
            "schema": "kl-runner/estimators/1",
            "estimators": estimators.collect::<Vec<_>>(),
            "gradients": gradients,
            "own": own,
        })
    }
}

impl fmt::Display for EstimatorsReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.table(), out)?;
        writeln!(out)?;
        fmt::Display::fmt(&self.gradients(), out)
    }
}

/// The estimator as an experiment file names it, with a setting if it has any.
fn written(kind: &EstimatorKind) -> String {
    // Weights are of sequences from S.
    match kind.settings.first().filter(|setting| !setting.is_weight()) {
        None => format!("{:?}", kind.name),
        Some(setting) => format!("{{ name = {:?}, {} }}", kind.name, setting.example),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment_file::{Source, read};

    /// Each example is valid in an experiment file, for symbols, numbers or a chain.
    #[test]
    fn every_example_can_be_read() {
        let pairs = [
            "P = [0.5, 0.5]\nQ = [0.4, 0.6]\n",
            "P.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 1, std_dev = 1 }\n",
            "P.markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.4, 0.6]] }\nQ = [0.5, 0.5]\n",
        ];
        for kind in ESTIMATORS {
            let readable = pairs.iter().any(|pair| {
                let text = format!("trials = 10\nN = 9\nestimators = [{}]\n{pair}", written(kind));
                read(&Source { name: "example.toml".into(), text }, "example", &[]).is_ok()
            });
            assert!(readable, "{}", written(kind));
        }
    }
}
