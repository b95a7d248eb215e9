//! Floor 4: rows for people. It knows rows, not how their numbers arose.

mod check;
mod column;
mod data;
mod estimators;
mod families;
pub mod figure;
mod finding;
mod gallery;
mod html;
mod junit;
mod latex;
mod markdown;
mod pair;
mod plan;
mod progress;
mod rounding;
mod score;
mod selection;
mod selftest;
mod splice;
mod summarize;
mod table;
mod terminal;
mod value;

pub use crate::outside::printable;
pub use check::CheckReport;
pub use data::{ExperimentData, ExperimentTable, Lines, write_csv, write_json};
pub use estimators::EstimatorsReport;
pub use families::FamiliesReport;
pub use gallery::{file_name as picture_file, gallery};
pub use html::{Links, index, link_to, page};
pub use junit::junit_xml;
pub use latex::{Captioned, latex};
pub use markdown::markdown;
pub use pair::PairReport;
pub use plan::PlanReport;
pub use progress::Progress;
pub use rounding::{
    counted, fixed, grouped, grouped_decimal, json_number, p_value, signed, significant, with_error,
    with_error_in_parentheses,
};
pub use score::{Derivation, SCORE_HEADER, ScoreRow, score_json};
pub use selection::{Filter, Listing, Pivot, Selection, SelectionError};
pub use selftest::SelftestReport;
pub use splice::{SpliceError, splice};
pub use summarize::TrialsReport;
pub use table::{Align, Cell, Column, Table, Tone};
pub use terminal::{Report, caption};
pub use value::{ErrorStyle, Value};
