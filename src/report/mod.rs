//! Floor 4: rows for people. It knows rows, not how their numbers arose.

mod check;
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
mod score;
mod selftest;
mod splice;
mod summarize;
mod tables;
mod terminal;

pub use crate::outside::printable;
pub use check::CheckReport;
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
pub use score::{Derivation, SCORE_HEADER, ScoreRow, score_json};
pub use selftest::SelftestReport;
pub use splice::{SpliceError, splice};
pub use summarize::TrialsReport;
pub use tables::{
    Align, Cell, Column, ErrorStyle, ExperimentData, ExperimentTable, Filter, Lines, Listing, Pivot, Selection,
    SelectionError, Table, Tone, Value, counted, fixed, grouped, grouped_decimal, json_number, p_value, signed,
    significant, with_error, with_error_in_parentheses, write_csv, write_json,
};
pub use terminal::{Report, caption};
