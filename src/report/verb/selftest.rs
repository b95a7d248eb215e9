//! The results of the calibration cases.

use crate::check::selftest::{BATCHES, CaseResult, Selftest};
use crate::report::{Align, Cell, ErrorStyle, Table, Tone, Value, fixed, grouped, p_value};
use std::fmt;

/// The output of `runner selftest`.
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
        self.0.results.iter().for_each(|result| table.row(self.row(result)));
        table
    }

    fn row(&self, result: &CaseResult) -> Vec<Cell> {
        let case = result.case;
        let (verdict, tone) = match result.holds(self.0.limit) {
            Some(true) => ("pass", Tone::Good),
            Some(false) => ("FAIL", Tone::Bad),
            None => ("not tested", Tone::Plain),
        };
        let ratio =
            Value::Estimate { value: result.ratio(), error: Some(result.ratio_error), style: ErrorStyle::PlusMinus };
        let tolerance = case.tolerance.map(|part| format!("{} %", fixed(100.0 * part, 0))).unwrap_or_default();
        vec![
            case.measure.name().replace('_', " ").into(),
            case.assumption.name().into(),
            case.law.name().into(),
            Value::Whole(case.trials as u64).into(),
            Value::Exact(result.std_dev, 4).into(),
            Value::Exact(result.mcse, 4).into(),
            ratio.into(),
            tolerance.into(),
            Cell { tone, ..verdict.into() },
        ]
    }
}

impl fmt::Display for SelftestReport<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let test = self.0;
        let tested = test.results.iter().filter(|result| result.case.tolerance.is_some()).count();
        let studies = grouped(test.studies);
        writeln!(
            out,
            "{studies} studies of each law, seed {}: the standard deviation of each measure over the studies, and its Monte \
             Carlo standard error (the root mean square)\n",
            test.seed
        )?;
        fmt::Display::fmt(&self.table(), out)?;
        writeln!(out)?;
        writeln!(
            out,
            "A formula fails if its standard error is off in the same direction by more than the tolerance in {} or more of \
             {BATCHES} batches of studies. If all formulas are right, the probability that any of the {tested} tests fails is \
             at most {} (exact binomial bound).",
            test.limit,
            p_value(test.false_alarm)
        )?;
        let failed = test.results.iter().filter(|result| result.holds(test.limit) == Some(false)).count();
        match failed {
            0 => writeln!(out, "PASS: {tested} of {tested}"),
            _ => writeln!(out, "FAIL: {failed} of {tested}"),
        }
    }
}
