//! Where the trials of a run come from.

use super::group::AtWork;
use super::sink::Sink;
use kl_sim::simulation::{GroupPart, Keeper};
use std::ops::Range;

/// Supplies the blocks of one group after another.
pub trait Supply<S: Sink> {
    /// Why it cannot.
    type Error: From<S::Error>;

    /// Some blocks of a group, with the rows of their trials for `sink`. Returns what is done of them, from the first on, and whether
    /// that is all.
    fn blocks(
        &mut self,
        group: &AtWork<'_>,
        blocks: Range<u64>,
        sink: &mut S,
    ) -> Result<(GroupPart, bool), Self::Error>;
}

/// All are simulated.
#[derive(Clone, Copy, Debug)]
pub struct Simulated;

impl<S: Sink + Send> Supply<S> for Simulated {
    type Error = S::Error;

    fn blocks(&mut self, group: &AtWork<'_>, blocks: Range<u64>, sink: &mut S) -> Result<(GroupPart, bool), S::Error> {
        let mut part = GroupPart::new(blocks.start);
        let complete = group.engine().extend(&group.simulation(), &mut part, blocks.end, &mut Rows(sink))?;
        Ok((part, complete))
    }
}

/// Hands rows to a sink.
struct Rows<'a, S>(&'a mut S);

impl<S: Sink + Send> Keeper for Rows<'_, S> {
    type Error = S::Error;

    fn rows(&mut self, text: &[u8]) -> Result<(), S::Error> {
        self.0.trials(text)
    }

    fn reached(&mut self, _: &mut GroupPart) -> Result<(), S::Error> {
        Ok(())
    }
}
