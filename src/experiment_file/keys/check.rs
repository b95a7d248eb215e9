//! `[check]`: how strict regression checks are.

use crate::experiment_file::diagnostics::{Diagnostic, Report};
use crate::experiment_file::key::fragment::{chance as above_0_below_1, from_to_below, table, with_default};
use crate::experiment_file::key::{Key, names};
use crate::experiment_file::value::rules::wrong;
use crate::experiment_file::value::{Entry, Form, Value};
use crate::experiment_file::words::{listed, nearest};
use crate::plan::{Chance, CheckSettings, Tolerance};

/// The keys of `[check]`.
pub(crate) const KEYS: [Key; 4] = [
    Key::new("false_alarm", "The chance that a correct program fails any test of one check.", || {
        with_default(above_0_below_1(), CheckSettings::default().false_alarm.get())
    }),
    Key::new(
        "nominal_false_alarm",
        "The nominal chance of the same for Student's t-tests of estimators of your own.",
        || with_default(above_0_below_1(), CheckSettings::default().nominal_false_alarm.get()),
    ),
    Key::new(
        "detect",
        "A bias, as a fraction of KL(P‖Q), that must be detected: a check that could miss it is inconclusive.",
        above_0_below_1,
    ),
    Key::new("tolerance", "How far numbers of estimators of your own may be from the committed ones.", || {
        table(&TOLERANCE_KEYS)
    }),
];

/// The keys of a tolerance.
const TOLERANCE_KEYS: [Key; 2] = [
    Key::new("standard_errors", "In standard errors of the number.", || with_default(from_to_below(0.0, 1.0), 0)),
    Key::new("relative", "As a part of the number's size.", || with_default(from_to_below(0.0, 1.0), 0)),
];

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
            "nominal_false_alarm" => {
                settings.nominal_false_alarm = chance(entry, "1e-6", report).unwrap_or(settings.nominal_false_alarm);
            }
            "tolerance" => settings.tolerance = tolerance(&entry.value, report),
            "detect" => settings.detect = chance(entry, "0.01", report),
            key => {
                let keys = names(&KEYS);
                let help = nearest(key, &keys)
                    .map_or_else(|| format!("it has {}", listed(&keys)), |near| format!("did you mean `{near}`?"));
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

/// Reads how far numbers of users' own estimators may be apart.
fn tolerance(value: &Value, report: &mut Report) -> Option<Tolerance> {
    const EXAMPLE: &str = "write for example: tolerance = { standard_errors = 0.01, relative = 1e-9 }";
    let Form::Table(entries) = &value.form else {
        let rule = "a table that says of what: standard errors, the number itself, or both";
        report.push(wrong(value, "check.tolerance", rule).help(EXAMPLE));
        return None;
    };
    let mut tolerance = Tolerance::default();
    for Entry { key, key_place, value } in entries {
        let place = match key.as_str() {
            "standard_errors" => &mut tolerance.standard_errors,
            "relative" => &mut tolerance.relative,
            _ => {
                let title = format!("`check.tolerance` has no key `{key}`");
                report.push(Diagnostic::new(title).at(*key_place).help(EXAMPLE));
                continue;
            }
        };
        match value.as_f64().filter(|number| (0.0..1.0).contains(number)) {
            Some(number) => *place = number,
            None => {
                let key = format!("check.tolerance.{key}");
                report.push(wrong(value, &key, "a number from 0 to below 1").help(EXAMPLE));
            }
        }
    }
    Some(tolerance)
}
