//! What came of the program's test of its own standard errors.

use super::{Align, Cell, ErrorStyle, Table, Tone, Value, fixed, grouped, p_value};
use crate::selftest::{BATCHES, Finding, Selftest};
use std::fmt;

/// As `runner selftest` prints it.
pub struct SelftestReport<'a>(pub &'a Selftest);

impl SelftestReport<'_> {
    fn table(&self) -> Table {
        let mut table = Table::new();
        for name in ["measure", "formula", "law"] {
            table.column(name, Align::Left);
        }
        for name in ["trials", "true sd", "mean mcse", "ratio", "tolerance"] {
            table.column(name, Align::Right);
        }
        table.column("verdict", Align::Left);
        self.0.findings.iter().for_each(|finding| table.row(self.row(finding)));
        table
    }

    fn row(&self, finding: &Finding) -> Vec<Cell> {
        let claim = finding.claim;
        let (verdict, tone) = match finding.holds(self.0.limit) {
            Some(true) => ("pass", Tone::Good),
            Some(false) => ("FAIL", Tone::Bad),
            None => ("not claimed", Tone::Plain),
        };
        let ratio =
            Value::Estimate { value: finding.ratio(), error: Some(finding.ratio_error), style: ErrorStyle::PlusMinus };
        let tolerance = claim.tolerance.map(|part| format!("{} %", fixed(100.0 * part, 0))).unwrap_or_default();
        vec![
            claim.measure.name().replace('_', " ").into(),
            claim.assumption.name().into(),
            claim.law.name().into(),
            Value::Whole(claim.trials as u64).into(),
            Value::Exact(finding.std_dev, 4).into(),
            Value::Exact(finding.mcse, 4).into(),
            ratio.into(),
            tolerance.into(),
            Cell { tone, ..verdict.into() },
        ]
    }
}

impl fmt::Display for SelftestReport<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let test = self.0;
        let claimed = test.findings.iter().filter(|finding| finding.claim.tolerance.is_some()).count();
        let studies = grouped(test.studies);
        writeln!(
            out,
            "{studies} studies of each law, seed {}: the standard deviation of a measure over them, and its",
            test.seed
        )?;
        writeln!(out, "Monte Carlo standard error (the root of its mean square)\n")?;
        write!(out, "{}", self.table())?;
        writeln!(out)?;
        writeln!(
            out,
            "A formula fails if in {} or more of {BATCHES} batches of studies its standard error is off in the same",
            test.limit
        )?;
        writeln!(
            out,
            "direction by more than the tolerance. One whose batches are off no more often than not fails by chance"
        )?;
        writeln!(
            out,
            "with a rate of no more than {} in all {claimed} tests together, exactly.",
            p_value(test.false_alarm)
        )?;
        let failed = test.findings.iter().filter(|finding| finding.holds(test.limit) == Some(false)).count();
        match failed {
            0 => writeln!(out, "PASS: {claimed} of {claimed}"),
            _ => writeln!(out, "FAIL: {failed} of {claimed}"),
        }
    }
}
