//! A regression check as JUnit XML.

use super::super::check::{allowing_commands, change_text, failure, place};
use crate::check::{Baseline, Check, CheckVerdict, ExperimentCheck, JudgedTest};
use crate::outside::xml_text;
use crate::plan::SamplerKind;
use crate::report::{counted, grouped, significant};
use junit_report::{Duration, Error, OffsetDateTime, ReportBuilder, TestCase, TestCaseBuilder, TestSuiteBuilder};

/// Returns a suite for each experiment, with a case for the committed bytes and one for each test of its fresh trials.
/// It contains no time: two checks of the same state give the same bytes.
pub fn junit_xml(check: &Check, files: &[String]) -> Result<Vec<u8>, Error> {
    let mut report = ReportBuilder::new();
    for (experiment, file) in check.experiments.iter().zip(files) {
        let (name, file) = (xml_text(&experiment.plan.experiment), &xml_text(file));
        let mut suite = TestSuiteBuilder::new(&name);
        suite.set_timestamp(OffsetDateTime::UNIX_EPOCH);
        let class = format!("kl-runner.{name}");
        if let Some(baseline) = &experiment.bytes {
            suite.add_testcase(bytes_case(baseline, &class, file));
        }
        for judged in experiment.theory.iter().flat_map(|law| &law.tests) {
            suite.add_testcase(law_case(experiment, judged, &class, file));
        }
        report.add_testsuite(suite.build());
    }
    let mut xml = Vec::new();
    report.build().write_xml(&mut xml)?;
    xml.push(b'\n');
    Ok(xml)
}

fn bytes_case(baseline: &Baseline, class: &str, file: &str) -> TestCase {
    let name = "bytes: the committed results";
    let verdict = |kind: &str, message: &str| TestCaseBuilder::failure(name, Duration::ZERO, kind, &xml_text(message));
    let mut case = match baseline {
        Baseline::Same { .. } => TestCaseBuilder::success(name, Duration::ZERO),
        Baseline::Missing => verdict(CheckVerdict::Changed.name(), "there are no committed results"),
        Baseline::OtherSpec(differences) => {
            let keys: Vec<&str> = differences.iter().map(|difference| difference.key.as_str()).collect();
            verdict(CheckVerdict::Changed.name(), &format!("the spec changed: {}", keys.join(", ")))
        }
        Baseline::OtherStream { .. } => {
            verdict(CheckVerdict::Changed.name(), "the committed results have another stream version")
        }
        Baseline::Newer { .. } => {
            verdict(CheckVerdict::Changed.name(), "a newer version of the program wrote the committed results")
        }
        Baseline::Unreadable { file, reason } => {
            verdict(CheckVerdict::Regressed.name(), &format!("{file} cannot be read: {reason}"))
        }
        Baseline::Changed { changes, .. } => {
            let lines: Vec<String> = changes.iter().map(change_text).collect();
            verdict(CheckVerdict::Regressed.name(), &lines.join("\n"))
        }
    };
    case.set_classname(class).set_filepath(file).build()
}

fn law_case(experiment: &ExperimentCheck, judged: &JudgedTest, class: &str, file: &str) -> TestCase {
    let plan = &experiment.plan;
    let name = xml_text(&format!("{}: {}", judged.test.kind.name(), place(plan, judged)));
    let mut case = if judged.is_rejected {
        TestCaseBuilder::failure(
            &name,
            Duration::ZERO,
            CheckVerdict::Regressed.name(),
            &xml_text(&failure(plan, judged)),
        )
    } else if experiment.is_inconclusive(judged) {
        TestCaseBuilder::error(
            &name,
            Duration::ZERO,
            CheckVerdict::Inconclusive.name(),
            "a bias that must be detected could be missed",
        )
    } else {
        TestCaseBuilder::success(&name, Duration::ZERO)
    };
    let seed = experiment.theory.as_ref().map(|law| law.seed.to_string()).unwrap_or_default();
    let condition = judged.test.condition + 1;
    // Tallied trials cannot be replayed.
    let one = if plan.sampler == SamplerKind::Tally {
        String::new()
    } else {
        let trial = judged.test.first_trial.unwrap_or(1);
        let allowed = allowing_commands(plan);
        format!(
            "one of the trials: runner replay {file} --condition {condition} --trial {trial} --seed {seed}{allowed}\n"
        )
    };
    let planned = plan.conditions.get(judged.test.condition).map_or(0, |condition| condition.trials);
    let number = |value: Option<f64>| value.map_or_else(|| "unknown".to_owned(), |value| significant(value, 4));
    case.set_system_out(&cdata(&format!(
        "p-value {:e} of {} of {}\neffect {}\ndetectable effect {}\nto reproduce: runner {file} --seed {seed} --out DIR{}\n{one}",
        judged.test.p_value,
        grouped(judged.test.trials),
        counted(planned, "trial"),
        number(judged.test.effect),
        number(judged.power.map(|power| power.detectable)),
        allowing_commands(plan),
    )));
    case.set_classname(class).set_filepath(file).build()
}

/// Text for a CDATA section. Since `]]>` would end it, each is split between two sections.
fn cdata(text: &str) -> String {
    xml_text(text).replace("]]>", "]]]]><![CDATA[>")
}
