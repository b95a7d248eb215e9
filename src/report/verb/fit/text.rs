//! Fits as text.

use super::{Fit, FitReport, MINIMISED, NAMES};
use crate::report::{Align, Cell, Table, grouped, printable, significant};
use kl_math::divergence::fit::{NormalFit, Start, StartPoint};
use kl_math::statistics::Unit;
use std::fmt;

/// At most this many symbols are written out.
const SYMBOLS: usize = 40;

/// At most this many searches are.
const SEARCHES: usize = 12;

/// Divergences that differ by less are equal but for rounding.
const LEVEL: f64 = 1e-12;

const NONE: &str = "–";

fn number(value: f64) -> String {
    significant(value, 6)
}

/// A mean: of a symmetric law about 0 it is 0 but for rounding.
fn mean_of(mean: f64, std_dev: f64) -> String {
    const ROUNDING: f64 = 1e-13;
    number(if mean.abs() <= ROUNDING * std_dev { 0.0 } else { mean })
}

fn within(error: Option<f64>) -> String {
    error.map_or_else(|| NONE.to_owned(), |error| format!("± {}", significant(error, 2)))
}

impl FitReport {
    /// The fits, a column each.
    fn table(&self) -> Table {
        let mut table = Table::new();
        table.column("", Align::Left);
        for (place, _) in self.found() {
            table.column(format!("{}, argmin {}", NAMES[place], MINIMISED[place]), Align::Right);
        }
        let mut row = |name: &str, text: &dyn Fn(&Fit) -> String| {
            let cells = self.found().map(|(_, fit)| Cell::from(text(fit)));
            table.row([Cell::from(name.to_owned())].into_iter().chain(cells).collect());
        };
        if self.classes.is_none() {
            let of = |fit: &Fit, value: &dyn Fn(&NormalFit) -> String| {
                fit.normal.as_ref().map_or_else(|| NONE.to_owned(), value)
            };
            row("mean", &|fit| of(fit, &|normal| mean_of(normal.mean, normal.std_dev)));
            row("  error", &|fit| of(fit, &|normal| within(normal.mean_error)));
            row("std_dev", &|fit| of(fit, &|normal| number(normal.std_dev)));
            row("  error", &|fit| of(fit, &|normal| within(normal.std_dev_error)));
        }
        for (place, name) in MINIMISED.into_iter().enumerate() {
            let of = |fit: &Fit, value: &dyn Fn(f64) -> String| {
                fit.divergences[place].as_ref().map_or_else(|_| NONE.to_owned(), |found| value(found.mean))
            };
            row(&format!("{name}, nats"), &|fit| of(fit, &number));
            row(&format!("{name}, bits"), &|fit| of(fit, &|nats| number(Unit::Bits.of_nats(nats))));
            let error = |fit: &Fit| fit.divergences[place].as_ref().ok().and_then(|found| found.error);
            if self.found().any(|(_, fit)| error(fit).is_some()) {
                row("  error, nats", &|fit| within(error(fit)));
            }
        }
        let elbo = |fit: &Fit, unit: Unit| {
            self.elbo(fit).map_or_else(
                || NONE.to_owned(),
                |nats| number(if unit == Unit::Bits { unit.of_nats(nats) } else { nats }),
            )
        };
        row("ELBO(Q) = ln Z − KL(Q‖P), nats", &|fit| elbo(fit, Unit::Nats));
        row("ELBO(Q), bits", &|fit| elbo(fit, Unit::Bits));
        table
    }

    /// The probability of each symbol.
    fn symbols(&self, classes: &[usize]) -> Table {
        let mut table = Table::new();
        table.column("symbol", Align::Left);
        table.column("class", Align::Right);
        table.column("P", Align::Right);
        for (place, _) in self.found() {
            table.column(NAMES[place], Align::Right);
        }
        let masses = self.p.mass_function();
        let rows = masses.alphabet().symbols().iter().zip(masses.probabilities()).zip(classes).enumerate();
        for (at, ((symbol, p), class)) in rows.take(SYMBOLS) {
            let fitted = self.found().map(|(_, fit)| {
                let q = fit.q.mass_function().probabilities().get(at).map(|q| q.to_f64());
                Cell::from(q.map_or_else(String::new, number))
            });
            let cells = [printable(symbol), (class + 1).to_string(), number(p.to_f64())].map(Cell::from);
            table.row(cells.into_iter().chain(fitted).collect());
        }
        table
    }

    /// The searches for the reverse fit.
    fn searches(&self) -> Option<(Table, String)> {
        let found = self.searches.as_ref()?;
        let mut table = Table::new();
        for (name, align) in [
            ("start", Align::Left),
            ("mean", Align::Right),
            ("std_dev", Align::Right),
            ("ends at mean", Align::Right),
            ("std_dev", Align::Right),
            ("KL(Q‖P), nats", Align::Right),
            ("", Align::Left),
        ] {
            table.column(name, align);
        }
        for (place, start) in found.starts.iter().enumerate().take(SEARCHES) {
            let name = match start.point {
                StartPoint::Component(place) => format!("component {}", place + 1),
                StartPoint::Centre => "the centre of P".to_owned(),
                StartPoint::Forward => "the forward fit".to_owned(),
            };
            let end = |value: Option<f64>| value.map_or_else(|| NONE.to_owned(), number);
            let best = if place == found.best { "the best" } else { "" };
            let cells = [
                name,
                mean_of(start.mean, start.std_dev),
                number(start.std_dev),
                start.end.map_or_else(|| NONE.to_owned(), |end| mean_of(end.mean, end.std_dev)),
                end(start.end.map(|end| end.std_dev)),
                end(start.divergence),
                best.to_owned(),
            ];
            table.row(cells.map(Cell::from).into_iter().collect());
        }
        let mut note = String::new();
        // Closer than this, in standard deviations, ends are one place.
        const PLACE: f64 = 1e-6;
        let is_other = |start: &Start| {
            let least = found.starts.get(found.best).and_then(|best| best.divergence);
            let away = start.end.map(|end| (end.mean - found.fit.mean).abs() / found.fit.std_dev);
            let is_as_low =
                start.divergence.zip(least).is_some_and(|(here, least)| here <= least + LEVEL * (1.0 + least));
            is_as_low && away.is_some_and(|away| away > PLACE)
        };
        if found.starts.iter().any(is_other) {
            note.push_str("\nAnother end is as low: the reverse fit is not the only one.\n");
        }
        let more = found.starts.len().saturating_sub(SEARCHES);
        if more > 0 {
            note.push_str(&format!("\nAnd {more} more, of which --json tells.\n"));
        }
        if found.left_out > 0 {
            let left_out = grouped(found.left_out as u64);
            note.push_str(&format!("\nNo search started from the {left_out} components that weigh least.\n"));
        }
        Some((table, note))
    }

    /// What each fit is for, in a sentence.
    fn meaning(&self) -> Vec<String> {
        self.found()
            .filter_map(|(place, fit)| {
                let lost = fit.divergences.get(place)?.as_ref().ok()?.mean;
                let [nats, bits] = [lost, Unit::Bits.of_nats(lost)].map(number);
                Some(match place {
                    0 => format!(
                        "Forward covers all of P: a code made for Q wastes KL(P‖Q) = {nats} nats ({bits} bits) per value of P."
                    ),
                    _ => format!(
                        "Reverse stays where P is dense: the best ELBO is KL(Q‖P) = {nats} nats ({bits} bits) below ln Z."
                    ),
                })
            })
            .collect()
    }
}

impl fmt::Display for FitReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "P = {}", printable(&self.name()))?;
        match &self.classes {
            None => writeln!(out, "Q is normal.\n")?,
            Some(_) => writeln!(out, "Q is categorical: the symbols of a class have one probability.\n")?,
        }
        fmt::Display::fmt(&self.table(), out)?;
        if let Some(classes) = &self.classes {
            writeln!(out, "\nProbabilities:\n")?;
            fmt::Display::fmt(&self.symbols(classes), out)?;
            let more = classes.len().saturating_sub(SYMBOLS);
            if more > 0 {
                writeln!(out, "\nAnd {} more symbols, of which --json tells.", grouped(more as u64))?;
            }
        }
        if let Some((table, note)) = self.searches() {
            writeln!(out, "\nSearches for the reverse fit:\n")?;
            fmt::Display::fmt(&table, out)?;
            out.write_str(&note)?;
        }
        let sentences = self.meaning();
        if !sentences.is_empty() {
            writeln!(out, "\n{}", sentences.join("\n"))?;
        }
        for (place, error) in self.missing() {
            writeln!(out, "\nThere is no {} fit: {error}.", NAMES[place])?;
        }
        for (_, fit) in self.found() {
            for (name, error) in MINIMISED.into_iter().zip(&fit.divergences) {
                if let Err(error) = error {
                    writeln!(out, "\n{name} of Q = {} cannot be computed: {error}.", printable(&fit.q.to_string()))?;
                }
            }
        }
        Ok(())
    }
}
