//! `curve.csv`: both divergences over a parameter, between the values of the grid.

use super::{FinishedRun, ReadInto, ResultFile};
use crate::plan::{Curve, Plan};
use crate::record::csv_file::RowWriter;
use crate::record::schema::{Column, Row, columns};
use rayon::prelude::*;
use std::borrow::Cow;
use std::io;

/// The divergence at one value of a parameter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CurveRow<'a> {
    /// The first condition of the curve, counted from 1.
    pub condition: usize,
    /// The parameter that runs.
    pub parameter: Cow<'a, str>,
    /// Its value.
    pub value: f64,
    /// KL(P‖Q).
    pub closed_form: f64,
    /// KL(Q‖P), if it can be had.
    pub reverse: Option<f64>,
}

/// A point of a curve that was read from a file, in the unit of the experiment.
pub type SavedCurvePoint = CurveRow<'static>;

columns! { CurveRow<'_>, |row|
    "condition", None, row.condition, "The first condition of the curve, from 1: all keys but the parameter and N are as there.";
    "parameter", None, row.parameter, "The key path of the parameter that runs.";
    "value", None, row.value, "Its value, from the smallest to the largest of the grid.";
    "closed_form", Information, row.closed_form, "KL(P‖Q); of sequences with memory that of the largest N, over N.";
    "reverse_closed_form", Information, row.reverse, "KL(Q‖P); empty where it is not known.";
}

/// `curve.csv`.
pub(super) struct CurveFile;

impl ResultFile for CurveFile {
    fn name(&self) -> &'static str {
        "curve.csv"
    }

    fn content(&self) -> &'static str {
        "Both divergences by theory at 200 values of the numeric parameter of P or Q that takes most values in the grid, by equal \
         steps, or by equal factors where the grid is so; values that the parameter cannot have are left out."
    }

    fn columns(&self) -> Vec<Column> {
        CurveRow::COLUMNS.to_vec()
    }

    fn condition(&self) -> Option<&'static str> {
        Some("a numeric parameter of P or Q takes three values or more, and there are at most 16 curves")
    }

    fn is_planned(&self, plan: &Plan) -> bool {
        !Curve::all(plan).is_empty()
    }

    fn write_run(&self, run: &FinishedRun<'_>, rows: &mut RowWriter<'_>) -> io::Result<()> {
        for curve in Curve::all(run.plan) {
            let values = curve.values();
            let points: Vec<_> = values.into_par_iter().map(|value| (value, curve.at(value))).collect();
            for (value, found) in points {
                let Some((closed_form, reverse)) = found else { continue };
                let (condition, parameter) = (curve.condition + 1, curve.parameter.into());
                rows.push(CurveRow { condition, parameter, value, closed_form, reverse })?;
            }
        }
        Ok(())
    }

    fn read(&self) -> Option<ReadInto> {
        Some(|file, results| {
            results.curve = file.rows()?;
            Ok(())
        })
    }
}
