//! Floor 4: rows for people. It knows rows, not how their numbers arose.

mod check;
mod families;
mod finding;
mod junit;
mod pair;
mod plan;
mod progress;
mod rounding;
mod score;
mod table;
mod terminal;

pub use check::CheckReport;
pub use families::FamiliesReport;
pub use junit::junit_xml;
pub use pair::PairReport;
pub use plan::PlanReport;
pub use progress::Progress;
pub use rounding::{
    counted, fixed, grouped, grouped_decimal, json_number, p_value, printable, signed, significant, with_error,
};
pub use score::{Derivation, SCORE_HEADER, ScoreRow, score_json};
pub use table::{Align, Cell, Table, Tone};
pub use terminal::{Report, conditions};
