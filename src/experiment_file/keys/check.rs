//! `[check]`: how strict regression checks are.

use crate::experiment_file::diagnostics::{Diagnostic, Report};
use crate::experiment_file::value::rules::wrong;
use crate::experiment_file::value::{Entry, Form, Value};
use crate::experiment_file::words::{listed, nearest};
use crate::plan::{Chance, CheckSettings};

const KEYS: [&str; 2] = ["false_alarm", "detect"];

/// Reads the table `[check]`.
pub(crate) fn read_check(value: &Value, report: &mut Report) -> CheckSettings {
    let mut settings = CheckSettings::default();
    let Form::Table(entries) = &value.form else {
        report.push(wrong(value, "check", "a table").help("write [check] on a line, and below it false_alarm = 1e-6"));
        return settings;
    };
    for entry in entries {
        match entry.key.as_str() {
            "false_alarm" => settings.false_alarm = chance(entry, "1e-6", report).unwrap_or(settings.false_alarm),
            "detect" => settings.detect = chance(entry, "0.01", report),
            key => {
                let help = nearest(key, &KEYS)
                    .map_or_else(|| format!("it has {}", listed(&KEYS)), |near| format!("did you mean `{near}`?"));
                report.push(Diagnostic::new(format!("`check` has no key `{key}`")).at(entry.key_place).help(help));
            }
        }
    }
    settings
}

fn chance(entry: &Entry, example: &str, report: &mut Report) -> Option<Chance> {
    let found = entry.value.as_f64().and_then(Chance::new);
    if found.is_none() {
        let rule = "a number above 0 and below 1";
        let help = format!("write for example: {} = {example}", entry.key);
        report.push(wrong(&entry.value, &format!("check.{}", entry.key), rule).help(help));
    }
    found
}
