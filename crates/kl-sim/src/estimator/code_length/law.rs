//! What a law says of the next symbol, as tables to code by.

use super::bits::Bits;
use super::coder::{Decoder, Encoder};
use super::table::Table;
use kl_math::distribution::Pair;
use kl_math::numeric::DoubleDouble;

/// The table of each symbol: of a chain that of the first one, and then that of each state before; else one for all.
#[derive(Clone, Debug)]
pub(super) struct CodedLaw {
    tables: Vec<Table>,
}

impl CodedLaw {
    /// P and Q; none if their values are no symbols.
    pub(super) fn of_pair(pair: &Pair) -> Option<[Self; 2]> {
        match pair {
            Pair::Symbols(pair) => Some(
                [pair.source_probabilities(), pair.model_probabilities()]
                    .map(|masses| Self { tables: vec![Table::new(masses)] }),
            ),
            Pair::Chains(pair) => {
                let chains = pair.chains();
                let of = |events: &[f64]| {
                    let rows = events.chunks_exact(chains.states().max(1));
                    let masses = |row: &[f64]| row.iter().map(|&mass| DoubleDouble::from(mass)).collect::<Vec<_>>();
                    Self { tables: rows.map(|row| Table::new(&masses(row))).collect() }
                };
                Some([of(chains.source_events()), of(chains.model_events())])
            }
            Pair::Values(_) => None,
        }
    }

    /// The table of the symbol that comes after another, or of the first.
    fn after(&self, before: Option<usize>) -> Option<&Table> {
        let row = if self.tables.len() > 1 { before.map_or(0, |before| before + 1) } else { 0 };
        self.tables.get(row)
    }

    /// The table of row `row`: 0 for independent symbols and for the first one.
    pub(super) fn table(&self, row: usize) -> Option<&Table> {
        self.tables.get(row)
    }

    /// Codes a symbol; none if it has no mass.
    pub(super) fn encode(&self, encoder: &mut Encoder, before: Option<usize>, symbol: usize) -> Option<()> {
        encoder.push(self.after(before)?, symbol)
    }

    /// Whether these bits are the code of these symbols.
    pub(super) fn decodes(&self, bits: &Bits, symbols: &[u32]) -> bool {
        let (mut decoder, mut before) = (Decoder::new(bits), None);
        symbols.iter().all(|&symbol| {
            let found = self.after(before).and_then(|table| decoder.next(table));
            before = found;
            found == usize::try_from(symbol).ok()
        })
    }
}
