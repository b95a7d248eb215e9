//! `runner fit`: the member of a family that is nearest to P.

use crate::command::error::Error;
use crate::command::flags::DISTRIBUTIONS;
use crate::command::outcome::Outcome;
use crate::command::output::{say, show_data, show_json, show_report};
use crate::command::verb::report::write;
use crate::experiment_file::{Argument, FittedFamily, read_fit};
use crate::outside::printable;
use crate::report::figure::{Width, fit_figure};
use crate::report::{FitDirection, FitReport};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Find the normal or categorical distribution that is nearest to P, by either direction of KL
#[derive(Args, Clone, Debug)]
#[command(after_help = DISTRIBUTIONS)]
pub(crate) struct Arguments {
    /// The distribution P, such as 'mixture = [{ weight = 0.5, normal = { … } }, …]'
    #[arg(long, value_name = "DISTRIBUTION", allow_hyphen_values = true)]
    p: String,

    /// The family of Q [default: normal for real numbers, categorical for symbols]
    #[arg(long, value_name = "FAMILY")]
    family: Option<Family>,

    /// Symbols that have one probability in Q, such as A,B; may be repeated
    #[arg(long, value_name = "SYMBOLS", allow_hyphen_values = true)]
    tie: Vec<String>,

    /// Which divergence Q minimises: forward is KL(P‖Q), reverse is KL(Q‖P)
    #[arg(long, value_name = "DIRECTION", default_value = "both")]
    direction: Direction,

    /// ln Z in nats, where P is known up to the factor Z, for the ELBO
    #[arg(long, value_name = "NATS", default_value = "0", value_parser = finite, allow_negative_numbers = true)]
    log_z: f64,

    /// Draw P and the fits, and write the picture to this file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    /// Print JSON (see docs/json.md)
    #[arg(long)]
    json: bool,

    /// Print CSV, a row for each fit
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

/// The families that are fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Family {
    /// To laws of real numbers
    Normal,
    /// To laws of symbols, with --tie
    Categorical,
}

/// Which divergence is minimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Direction {
    /// KL(P‖Q): Q covers P
    Forward,
    /// KL(Q‖P): Q stays where P is dense
    Reverse,
    /// Each of them
    Both,
}

fn finite(text: &str) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| format!("{text} is not a finite number of nats"))
}

impl Arguments {
    /// Fits, prints the fits, and draws them.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let family = self.family.map(|family| match family {
            Family::Normal => FittedFamily::Normal,
            Family::Categorical => FittedFamily::Categorical,
        });
        let direction = match self.direction {
            Direction::Forward => FitDirection::Forward,
            Direction::Reverse => FitDirection::Reverse,
            Direction::Both => FitDirection::Both,
        };
        let ties: Vec<Argument<'_>> = self.tie.iter().map(|text| Argument { name: "--tie", text }).collect();
        let task = read_fit(Argument { name: "--p", text: &self.p }, family, &ties)
            .map_err(|mistakes| Error::Specs(vec![mistakes]))?;
        let report = FitReport::new(&task, direction, self.log_z).map_err(Error::Fits)?;
        if let Some(path) = &self.svg {
            write(path, fit_figure(&report, Width::WIDE).svg.as_bytes())?;
        }
        if self.json {
            show_json(&format!("{:#}\n", report.json()))?;
        } else if self.csv {
            show_data(&report.csv().map_err(|error| Error::Output(error.into()))?)?;
        } else {
            show_report(&report)?;
        }
        if let Some(path) = &self.svg {
            say(&format!("wrote {}\n", printable(&path.display().to_string())));
        }
        Ok(Outcome::Agreed)
    }
}
