//! A flag for each gate.

use crate::external_trials::{GATES, Gate, GateKind};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

/// The gates that are named.
#[derive(Clone, Debug, Default)]
pub(super) struct GateFlags(Vec<Gate>);

impl GateFlags {
    /// The gates, in the order of [`GATES`].
    pub(super) fn gates(&self) -> &[Gate] {
        &self.0
    }
}

impl FromArgMatches for GateFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let gate = |kind: &'static GateKind| matches.get_one::<f64>(kind.name).map(|&limit| Gate { kind, limit });
        Ok(Self(GATES.iter().filter_map(gate).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for GateFlags {
    fn augment_args(command: Command) -> Command {
        let flag = |command: Command, kind: &'static GateKind| {
            let flag = Arg::new(kind.name).long(kind.name).value_name("LIMIT").help(kind.help);
            let flag = flag.allow_hyphen_values(true).value_parser(move |text: &str| kind.limit(text));
            command.arg(flag.help_heading("Gates (exit code 1 if a group is beyond a limit)"))
        };
        GATES.iter().fold(command, flag)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
