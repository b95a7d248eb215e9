//! The output of each verb, a file each.

mod annotation;
mod approximations;
mod check;
mod check_annotations;
mod check_markdown;
mod decisions;
mod estimate;
mod estimate_tokens;
mod estimators;
mod experiment_json;
mod families;
mod fit;
mod gradients;
#[cfg(feature = "cli")]
mod junit;
mod kl;
mod lengths;
mod models;
mod neighbours;
mod plan;
mod planned_decisions;
mod run;
mod saved_check;
mod score;
mod selftest;
mod summarize;
mod unseen;

pub use annotation::{Annotation, AnnotationLevel};
pub(super) use approximations::{approximation_name, approximation_table};
pub use check::CheckReport;
pub(super) use decisions::decision_table;
pub use estimate::{EstimateReport, GivenData};
pub use estimate_tokens::TokenReport;
pub use estimators::EstimatorsReport;
pub use experiment_json::RunDocument;
pub use families::FamiliesReport;
pub use fit::{FitDirection, FitReport};
#[cfg(feature = "cli")]
pub use junit::{gates_junit, junit_xml};
pub use kl::{PairReport, shown_names};
pub(super) use lengths::length_table;
pub use models::ModelReport;
pub use neighbours::{MEASURES, NamedMeasure, neighbour_cells, neighbour_columns};
pub use plan::{PlanReport, PlannedParts};
pub use run::{Report, caption};
pub use saved_check::{MeasureChange, SavedCheck, SavedChecks, SavedVerdict};
pub use score::{Derivation, SCORE_HEADER, ScoreRow, score_json};
pub use selftest::SelftestReport;
pub use summarize::{GatesReport, TrialsReport};
pub use unseen::unseen_by_behaviour;
