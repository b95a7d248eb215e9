//! Rows for people. It knows rows, not how their numbers were computed.

pub mod figure;
mod finding;
mod format;
mod html;
mod shown;
mod tables;
mod verb;

pub use crate::outside::{printable, printable_lines};
pub use finding::{sentence, verdict};
pub use format::{Captioned, SpliceError, gallery, latex, markdown, picture_file, splice};
pub use html::{Choice, IndexEntry, Links, PageParts, index, link_to, page, trials_page};
pub use tables::{
    Align, Cell, Column, ErrorStyle, ExperimentData, ExperimentTable, Filter, Lines, Listing, Pivot, Selection,
    SelectionError, Table, Tone, Value, counted, fixed, grouped, grouped_decimal, json_number, p_value, signed,
    significant, significant_padded, with_error, with_error_in_parentheses, wrapped, write_csv, write_json,
};
pub use verb::{
    Annotation, AnnotationLevel, CheckReport, Derivation, EstimateReport, EstimatorsReport, FamiliesReport,
    FitDirection, FitReport, GatesReport, GivenData, MEASURES, MeasureChange, ModelReport, NamedMeasure, PairReport,
    PlanReport, PlannedParts, Report, RunDocument, SCORE_HEADER, SavedCheck, SavedChecks, SavedVerdict, ScoreRow,
    SelftestReport, TokenReport, TrialsReport, caption, neighbour_cells, neighbour_columns, score_json, shown_names,
    unseen_by_behaviour,
};
#[cfg(feature = "cli")]
pub use verb::{gates_junit, junit_xml};
