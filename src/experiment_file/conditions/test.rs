//! The test of each condition, from what the file writes of it.

use crate::experiment_file::diagnostics::{Diagnostic, Place, Report};
use crate::experiment_file::keys::{Keys, Limits, TESTS, Threshold, WrittenTest};
use crate::plan::{DECIDING, FixedKind, PlannedFixedTest, PlannedSequentialTest, PlannedTest, SequentialKind};
use kl_math::decision::StoppingRule;
use kl_math::decision::fixed::FixedTest;
use kl_math::distribution::{Distribution, Pair};
use kl_math::divergence::Cumulants;

/// The table that the file or its grid has, if any: `decide` or `stop`. Reports two of them, and what does not go with them.
pub(super) fn table_of(keys: &Keys, report: &mut Report) -> Option<&'static str> {
    let varied = |name: &str| keys.axes().flat_map(|axis| &axis.paths).find(|path| path.side() == name);
    let place = |name: &str| {
        let written = keys.tests.iter().find(|(test, ..)| *test == name).map(|&(_, place, _)| place);
        written.or_else(|| varied(name).map(|path| path.place))
    };
    let mut given = TESTS.iter().filter_map(|&(name, _)| Some((name, place(name)?)));
    let (name, at) = given.next()?;
    if let Some((second, other)) = given.next() {
        let title = format!("`{name}` and `{second}` exclude each other");
        let help = "a test has a fixed length, [decide], or ends by itself, [stop]: remove one of the two";
        report.push(Diagnostic::new(title).at(other).context(at, "given here").help(help));
    }
    if let Some(at) = place("stop") {
        let in_axes = || keys.axes().flat_map(|axis| &axis.paths).find(|path| path.is_length()).map(|path| path.place);
        if let Some(length) = keys.lengths_place.or_else(in_axes) {
            let title = "`N` has no place beside `stop`: a test ends by itself";
            let help = "write the length of the longest sequence as max in [stop], and remove N";
            report.push(Diagnostic::new(title).at(length).context(at, "given here").help(help));
        }
    }
    if let Some(gradient) = &keys.gradient {
        let title = format!("`{name}` has no place beside `gradient`: a gradient decides nothing");
        let help = "remove one of the two";
        report.push(Diagnostic::new(title).at(gradient.place()).context(at, "given here").help(help));
    } else if !keys.estimators.iter().any(|listed| listed.estimator.name() == DECIDING) && !keys.estimators.is_empty() {
        let title = format!("`{name}` decides by the estimator `{DECIDING}`, which is not listed");
        report.push(Diagnostic::new(title).at(at).help(format!("add {DECIDING:?} to `estimators`")));
    }
    Some(name)
}

/// The test of sequences of `n` symbols; none, with a report, if there is no such test.
pub(super) fn planned(
    (written, place): &(WrittenTest, Place),
    pair: &Pair,
    n: u64,
    report: &mut Report,
) -> Option<PlannedTest> {
    match *written {
        WrittenTest::Fixed(threshold, beta) => {
            let (made, kind) = match threshold {
                Threshold::At(threshold) => (FixedTest::at(threshold, n), FixedKind::Threshold),
                Threshold::Prior(prior) => (FixedTest::of_prior(prior, n), FixedKind::Bayes),
                Threshold::Alpha(wanted) => {
                    let Some(found) = FixedTest::neyman_pearson(pair, n, wanted) else {
                        let title = format!(
                            "no threshold is known for alpha = {wanted}: the law of the log ratio of N = {n} is not known exactly"
                        );
                        let help = "write a threshold in nats, such as threshold = 0.0, or take shorter sequences";
                        report.push_first(Diagnostic::new(title).at(*place).help(help));
                        return None;
                    };
                    (Ok(found.test), FixedKind::NeymanPearson { wanted, found: Box::new(found) })
                }
            };
            match made {
                Ok(test) => Some(PlannedTest::Fixed(PlannedFixedTest { test: test.for_pair(pair), kind, beta })),
                Err(error) => {
                    report.push_first(Diagnostic::new(error.to_string()).at(*place));
                    None
                }
            }
        }
        WrittenTest::Sequential(limits, max) => {
            let moments = || {
                let cumulants = Cumulants::of(pair);
                let variance = cumulants.spread.map(|spread| spread.variance).filter(|variance| *variance > 0.0);
                variance
                    .filter(|variance| variance.is_finite() && cumulants.mean.is_finite())
                    .map(|found| (cumulants.mean, found))
            };
            let made = match limits {
                Limits::Wald { alpha, beta } => {
                    StoppingRule::wald(alpha, beta, max).map(|rule| (rule, SequentialKind::Wald, Some((alpha, beta))))
                }
                Limits::Own { lower, upper } => {
                    StoppingRule::between(lower, upper, max).map(|rule| (rule, SequentialKind::Limits, None))
                }
                Limits::Peeking { z, first } => {
                    let Some((mean, variance)) = moments() else {
                        let title =
                            "a look at z needs a log ratio whose variance under P is positive, finite and known";
                        let help = "take another Q, or the limits alpha and beta";
                        report.push_first(Diagnostic::new(title).at(*place).help(help));
                        return None;
                    };
                    StoppingRule::peeking(z, first, mean, variance, max)
                        .map(|rule| (rule, SequentialKind::Peeking, None))
                }
                Limits::Mixture { alpha, tau } => {
                    let have_one_width = match (pair.source().as_ref(), pair.model().as_ref()) {
                        (Distribution::Normal(p), Distribution::Normal(q)) => p.std_dev() == q.std_dev(),
                        _ => false,
                    };
                    let known = moments().filter(|_| have_one_width);
                    let Some((mean, variance)) = known else {
                        let title = "`stop.tau` is of the mixture test of a normal mean: P and Q must be normals of one width and two means";
                        let help = "write for example P.normal = { mean = 0, std_dev = 1 } and Q.normal = { mean = 0.5, std_dev = 1 }";
                        report.push_first(Diagnostic::new(title).at(*place).help(help));
                        return None;
                    };
                    StoppingRule::mixture(alpha, tau, mean, variance, max)
                        .map(|rule| (rule, SequentialKind::Mixture { alpha }, None))
                }
            };
            match made {
                Ok((rule, kind, wanted)) => Some(PlannedTest::Sequential(PlannedSequentialTest { rule, kind, wanted })),
                Err(error) => {
                    report.push_first(Diagnostic::new(error.to_string()).at(*place));
                    None
                }
            }
        }
    }
}
