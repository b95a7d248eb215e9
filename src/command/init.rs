//! `runner init`: a commented experiment file to start from.

use super::{Outcome, show};
use crate::error::Error;

/// The template: it runs as it stands.
const TEMPLATE: &str = include_str!("template.toml");

pub(super) fn init() -> Result<Outcome, Error> {
    show(TEMPLATE)?;
    Ok(Outcome::Agreed)
}
