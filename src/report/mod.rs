//! Rows for people. It knows rows, not how their numbers were computed.

mod column;
mod data;
pub mod figure;
mod finding;
mod format;
mod html;
mod rounding;
mod selection;
mod table;
mod value;
mod verb;

pub use crate::outside::printable;
pub use data::{ExperimentData, ExperimentTable, Lines, write_csv, write_json};
pub use format::{Captioned, SpliceError, gallery, latex, markdown, picture_file, splice};
pub use html::{Links, index, link_to, page};
pub use rounding::{
    counted, fixed, grouped, grouped_decimal, json_number, p_value, signed, significant, with_error,
    with_error_in_parentheses,
};
pub use selection::{Filter, Listing, Pivot, Selection, SelectionError};
pub use table::{Align, Cell, Column, Table, Tone};
pub use value::{ErrorStyle, Value};
pub use verb::{
    CheckReport, Derivation, EstimatorsReport, FamiliesReport, PairReport, PlanReport, Progress, Report, SCORE_HEADER,
    ScoreRow, SelftestReport, TrialsReport, caption, junit_xml, score_json,
};
