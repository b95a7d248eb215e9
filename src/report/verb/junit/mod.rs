//! JUnit XML, which continuous-integration servers read.

mod check;
mod gates;

pub use check::junit_xml;
pub use gates::gates_junit;
