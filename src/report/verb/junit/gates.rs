//! Gates as JUnit XML.

use super::super::summarize::GatesReport;
use super::super::summarize::gates::{limit, value};
use crate::outside::xml_text;
use junit_report::{Duration, Error, OffsetDateTime, ReportBuilder, TestCaseBuilder, TestSuiteBuilder};

/// Returns one suite with a case for each gate and group. It contains no time.
pub fn gates_junit(files: &str, gates: &GatesReport<'_>) -> Result<Vec<u8>, Error> {
    let mut suite = TestSuiteBuilder::new(&xml_text(files));
    suite.set_timestamp(OffsetDateTime::UNIX_EPOCH);
    for result in gates.results {
        let keys: Vec<String> =
            gates.by.iter().zip(&result.group.keys).map(|(name, key)| format!("{name}={key}")).collect();
        let gate = result.gate.kind.name;
        let name = xml_text(&if keys.is_empty() { gate.to_owned() } else { format!("{gate}: {}", keys.join(", ")) });
        let mut case = if result.passes() {
            TestCaseBuilder::success(&name, Duration::ZERO)
        } else {
            let message =
                format!("{} is {}, and may be {}", result.gate.kind.measure, value(result), limit(&result.gate));
            TestCaseBuilder::failure(&name, Duration::ZERO, gate, &xml_text(&message))
        };
        suite.add_testcase(case.set_classname("kl-runner.summarize").build());
    }
    let mut report = ReportBuilder::new();
    report.add_testsuite(suite.build());
    let mut xml = Vec::new();
    report.build().write_xml(&mut xml)?;
    xml.push(b'\n');
    Ok(xml)
}
