//! Estimates from counts of symbols.

use super::Arguments;
use super::inputs::{Known, short, usage};
use crate::command::error::Error;
use crate::given_samples::{CountList, SampleError, SymbolCounts, Texts};
use crate::report::{EstimateReport, GivenData};
use kl_math::distribution::{Distribution, Pair, Space, Value};
use kl_math::divergence::{SymbolFunction, SymbolValues, ValueMoments};
use kl_sim::data::{CountData, DataEstimate, estimate_counts, estimate_log_ratios};
use kl_sim::estimator::{Estimator, KnownModel, LogRatio};
use std::collections::{HashMap, HashSet};

/// Counts, before Q's symbols are matched with them.
pub(super) struct Counts {
    source: Source,
    known: Known,
    /// What the data are, in words, and what was assumed of them.
    pub(super) title: String,
    pub(super) notes: Vec<String>,
}

enum Source {
    Lists(CountList, Option<CountList>),
    Samples(Vec<Texts>),
}

/// Counts over an alphabet, and ln q of its symbols if Q is known.
struct Matched {
    counts: SymbolCounts,
    log_model: Option<Vec<f64>>,
    is_finite: bool,
}

impl Counts {
    pub(super) fn of_lists(source: CountList, model: Option<CountList>, known: Known) -> Self {
        Self { source: Source::Lists(source, model), known, title: "counts".to_owned(), notes: Vec::new() }
    }

    pub(super) fn of_samples(samples: Vec<Texts>, known: Known, title: String, notes: Vec<String>) -> Self {
        Self { source: Source::Samples(samples), known, title, notes }
    }

    /// Estimates KL(P‖Q) from the counts.
    pub(super) fn estimate(&self, arguments: &Arguments) -> Result<EstimateReport, Error> {
        let matched = self.matched(arguments).map_err(|mistake| Error::Samples(vec![mistake]))?;
        let [source, model] = [0, 1].map(|place| matched.counts.counts.get(place).map_or(&[][..], Vec::as_slice));
        let known_model = matched.log_model.as_deref().map_or(KnownModel::Counts(model), KnownModel::Logs);
        let data = CountData { counts: source, model: known_model, is_finite: matched.is_finite };
        let study = estimate_counts(&data, arguments.level, &arguments.resampling());
        let n = study.sizes.0;
        let mut report = EstimateReport {
            data: GivenData {
                title: self.title.clone(),
                model: self.known.q.as_ref().map(ToString::to_string),
                sizes: study.sizes,
                symbols: Some(data.counts.len()),
                dimensions: None,
                seen: Some(study.seen),
            },
            level: arguments.level,
            resampling: arguments.resampling(),
            equality: study.equality,
            expected: None,
            estimates: Vec::new(),
            notes: self.notes.clone(),
            warnings: Vec::new(),
        };
        if let Some(pair) = &self.known.pair {
            let (found, expected) = of_log_ratios(pair, &matched.counts.symbols, source, arguments.level)?;
            report.estimates = found;
            report.expected = expected.map(|mean| (mean, LogRatio.moments(pair, n).1));
        }
        report.estimates.extend(study.estimates);
        if !study.unsupported.is_empty() {
            let names: Vec<String> = study
                .unsupported
                .iter()
                .filter_map(|&place| matched.counts.symbols.get(place))
                .take(8)
                .map(|name| format!("{name:?}"))
                .collect();
            let more = study.unsupported.len() - names.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let (which, what) = match matched.log_model {
                Some(_) => ("to which Q gives no probability", "KL(P‖Q) is infinite"),
                None => ("that were not seen from Q", "estimates without smoothing are infinite"),
            };
            report.warnings.push(format!("P has symbols {which}, {}{more}: {what}", names.join(", ")));
        }
        report.warn_of_size();
        report.warn_of_bias();
        Ok(report)
    }

    fn matched(&self, arguments: &Arguments) -> Result<Matched, SampleError> {
        let sized = |counts: SymbolCounts| match arguments.data.size() {
            Some(size) => counts.with_size(size),
            None => Ok(counts),
        };
        let Some(q) = &self.known.q else {
            let counts = match &self.source {
                Source::Lists(source, model) => SymbolCounts::of_lists(source, model.as_ref())?,
                Source::Samples(samples) => SymbolCounts::of(samples, arguments.data.alphabet.as_deref())?,
            };
            return Ok(Matched { counts: sized(counts)?, log_model: None, is_finite: true });
        };
        if arguments.data.size().is_some() {
            let what = "--symbols=K is for two samples: the symbols that are possible are those of --q".to_owned();
            return Err(SampleError::Usage { what, help: "leave out the number".to_owned() });
        }
        if !q.is_finite() {
            return self.over_counts(q);
        }
        let function = q.mass_function();
        let (alphabet, is_named) = (function.alphabet().symbols(), function.alphabet().is_named());
        let mut log_model: Vec<f64> = function.probabilities().iter().map(|mass| libm::log(mass.to_f64())).collect();
        let mut symbols = alphabet.to_vec();
        let list = match &self.source {
            Source::Lists(source, _) => match &source.symbols {
                Some(named) if is_named => Some((named.clone(), source.counts.clone())),
                _ if source.counts.len() == alphabet.len() => Some((symbols.clone(), source.counts.clone())),
                _ => {
                    return Err(SampleError::Symbols {
                        what: format!("--p-counts has {} counts and Q {} symbols", source.counts.len(), alphabet.len()),
                        help: "write a count for each symbol, zeros too".to_owned(),
                    });
                }
            },
            Source::Samples(_) => None,
        };
        let seen: Vec<String> = match (&list, &self.source) {
            (Some((symbols, _)), _) => symbols.clone(),
            (None, Source::Samples(samples)) => SymbolCounts::seen(samples),
            (None, Source::Lists(..)) => Vec::new(),
        };
        let possible: HashSet<&String> = alphabet.iter().collect();
        let beyond: Vec<String> = seen.into_iter().filter(|symbol| !possible.contains(symbol)).collect();
        if !beyond.is_empty() && !is_named {
            let shown: Vec<String> = beyond.iter().take(5).map(|symbol| format!("{symbol:?}")).collect();
            let example: Vec<String> = beyond.iter().take(3).map(|symbol| format!("{symbol}=…")).collect();
            return Err(SampleError::Symbols {
                what: format!("Q has the symbols {}, and the data have {}", cut(alphabet), shown.join(", ")),
                help: format!("name the symbols of Q, as in --q {}", example.join(",")),
            });
        }
        log_model.extend(beyond.iter().map(|_| f64::NEG_INFINITY));
        symbols.extend(beyond);
        let counts = match (list, &self.source) {
            (Some((names, counts)), _) => {
                let of_list = CountList { symbols: Some(names), counts };
                let zeros = CountList { symbols: Some(symbols.clone()), counts: vec![0; symbols.len()] };
                let both = SymbolCounts::of_lists(&zeros, Some(&of_list))?;
                SymbolCounts { counts: both.counts.into_iter().skip(1).collect(), ..both }
            }
            (None, Source::Samples(samples)) => SymbolCounts::of(samples, Some(&symbols))?,
            (None, Source::Lists(source, _)) => SymbolCounts::of_lists(source, None)?,
        };
        Ok(Matched { counts, log_model: Some(log_model), is_finite: true })
    }

    /// Of Q over 0, 1, 2, …: the symbols are the counts that were seen.
    fn over_counts(&self, q: &Distribution) -> Result<Matched, SampleError> {
        let counts = match &self.source {
            Source::Samples(samples) => SymbolCounts::of(samples, None)?,
            Source::Lists(source @ CountList { symbols: Some(_), .. }, _) => SymbolCounts::of_lists(source, None)?,
            Source::Lists(..) => {
                let what =
                    format!("{} is over the counts 0, 1, 2, …, and the counts of --p-counts have no names", short(q));
                let help = "name the values, as in --p-counts 0=12,1=30,2=8".to_owned();
                return Err(SampleError::Symbols { what, help });
            }
        };
        let values: Vec<Option<f64>> = counts.symbols.iter().map(|symbol| symbol.parse().ok()).collect();
        let is_count = |value: &Option<f64>| value.is_some_and(|value| value >= 0.0 && value == value.trunc());
        if q.values().is_none_or(|values| values.space() != Space::Counts) || !values.iter().all(is_count) {
            let wrong = counts.symbols.iter().zip(&values).find(|(_, value)| !is_count(value));
            let found = wrong.map(|(symbol, _)| format!(", and the data have {symbol:?}")).unwrap_or_default();
            let taken = q.values().map(|values| values.space().to_string()).unwrap_or_default();
            let what = format!("{} takes {taken}{found}", short(q));
            return Err(SampleError::Symbols { what, help: "name another --q, or another column".to_owned() });
        }
        let log = |value: Option<f64>| {
            let point = Value::Real(value.unwrap_or(f64::NAN));
            q.values().map_or(f64::NEG_INFINITY, |values| values.ln_prob(point))
        };
        let log_model = values.into_iter().map(log).collect();
        Ok(Matched { counts, log_model: Some(log_model), is_finite: false })
    }
}

/// The means of functions of ln(p/q), and what that of ln(p/q) is expected to be.
fn of_log_ratios(
    pair: &Pair,
    symbols: &[String],
    counts: &[u64],
    level: f64,
) -> Result<(Vec<DataEstimate>, Option<f64>), Error> {
    let of_symbols: HashMap<&String, f64> = match pair {
        Pair::Symbols(pair) => pair.symbols().iter().zip(pair.log_ratios().iter().copied()).collect(),
        Pair::Values(_) | Pair::Chains(_) => HashMap::new(),
    };
    let log_ratio = |symbol: &String| -> Option<f64> {
        match pair {
            Pair::Symbols(_) => of_symbols.get(symbol).copied(),
            Pair::Values(pair) => {
                let point = Value::Real(symbol.parse().ok()?);
                (pair.ln_probs(point)[0] > f64::NEG_INFINITY).then(|| pair.precise_log_ratio_at(point))
            }
            Pair::Chains(_) => None,
        }
    };
    let mut ratios = Vec::with_capacity(counts.len());
    for (symbol, &count) in symbols.iter().zip(counts).filter(|(_, count)| **count > 0) {
        match log_ratio(symbol).filter(|ratio| *ratio > f64::NEG_INFINITY) {
            Some(ratio) => ratios.push((ratio, count)),
            None => {
                return Err(usage(
                    format!("the data have {symbol:?}, to which P gives no probability: they are not from P"),
                    "correct --p, or leave it out",
                ));
            }
        }
    }
    let control = best_control(pair);
    Ok((estimate_log_ratios(&ratios, control, level), LogRatio.moments(pair, 1).0))
}

/// The control variate of least variance.
pub(super) fn best_control(pair: &Pair) -> Option<SymbolFunction> {
    match pair {
        Pair::Symbols(pair) => Some(SymbolValues::best_control(pair)),
        Pair::Values(pair) => Some(ValueMoments::best_control(pair)),
        Pair::Chains(_) => None,
    }
}

/// The first symbols of an alphabet.
fn cut(symbols: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown = symbols.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if symbols.len() > SHOWN { format!("{shown}, …") } else { shown }
}
