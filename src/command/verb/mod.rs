//! The verbs. A file holds the arguments of its verb, with their help texts, and `execute`.

use super::outcome::Outcome;
use crate::command::error::Error;
use clap::Subcommand;

pub(crate) use report::RequestError;
pub(crate) use run::Arguments as RunArguments;

/// Declares the module of each verb, and the enum that clap reads the verb from.
macro_rules! verbs {
    ($($variant:ident($file:ident)),* $(,)?) => {
        $(mod $file;)*

        /// A verb and its arguments.
        #[derive(Debug, Subcommand)]
        pub(crate) enum Verb {
            $(#[allow(missing_docs)] $variant($file::Arguments)),*
        }

        impl Verb {
            /// Executes the command.
            pub(crate) fn execute(&self) -> Result<Outcome, Error> {
                match self {
                    $(Self::$variant(arguments) => arguments.execute()),*
                }
            }
        }
    };
}

// In the order of the help text.
verbs! {
    Run(run),
    Shard(shard),
    Merge(merge),
    Plan(plan),
    Check(check),
    Report(report),
    Replay(replay),
    Demo(demo),
    Init(init),
    Families(families),
    Estimators(estimators),
    Kl(kl),
    Fit(fit),
    Score(score),
    Estimate(estimate),
    Summarize(summarize),
    Selftest(selftest),
    Schema(schema),
    Completions(completions),
    Man(man),
}
