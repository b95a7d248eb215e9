//! The Python package `kl_runner`, as far as it is Rust: P and Q come as text, numbers go back. The rest of the package, in
//! `python/kl_runner/`, writes what Python programs hold as text and gives the numbers names.

mod compare;
#[allow(unsafe_code)]
mod memory;
mod pair;
mod results;
mod run;
mod score;
mod table;

use kl_runner::report::FamiliesReport;
use pyo3::create_exception;
use pyo3::exceptions::{PyOSError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use std::ffi::OsString;
use std::io::Write;

create_exception!(
    kl_runner,
    SpecError,
    PyValueError,
    "P, Q or a sequence that cannot be used. The text says what is wrong, underlines it, and says what to write."
);

create_exception!(
    kl_runner,
    ResultsError,
    PyOSError,
    "Results that cannot be read, or that lack what is asked for. The text says what is wrong, and what to do."
);

create_exception!(kl_runner, RunError, PyRuntimeError, "A run that cannot be done. The text says why, and what to do.");

/// `runner families --json`.
#[pyfunction]
fn families_json() -> String {
    FamiliesReport::new().json().to_string()
}

/// Executes the command line of `runner` and returns its exit code.
#[pyfunction]
fn execute(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| {
        let code = kl_runner::cli::exit_code(arguments);
        // A library's standard output is not flushed at the end of the process. A reader that is gone is no failure.
        let _ = std::io::stdout().flush();
        code
    })
}

/// The Rust part of `kl_runner`.
#[pymodule]
mod _kl_runner {
    #[pymodule_export]
    use super::ResultsError;
    #[pymodule_export]
    use super::RunError;
    #[pymodule_export]
    use super::SpecError;
    #[pymodule_export]
    use super::compare::compare;
    #[pymodule_export]
    use super::execute;
    #[pymodule_export]
    use super::families_json;
    #[pymodule_export]
    use super::memory::NumberBuffer;
    #[pymodule_export]
    use super::pair::distribution_json;
    #[pymodule_export]
    use super::pair::kl;
    #[pymodule_export]
    use super::pair::neighbours;
    #[pymodule_export]
    use super::pair::renyi;
    #[pymodule_export]
    use super::results::SavedRun;
    #[pymodule_export]
    use super::results::picture_file;
    #[pymodule_export]
    use super::run::KeptEstimates;
    #[pymodule_export]
    use super::run::Request;
    #[pymodule_export]
    use super::run::one_trial::trial;
    #[pymodule_export]
    use super::run::run;
    #[pymodule_export]
    use super::score::score;
    #[pymodule_export]
    use super::table::TableData;
}
