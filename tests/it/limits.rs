//! Memory that a grid, a file or a table takes, and what is said where there is not enough of it.

#![cfg(target_os = "linux")]
use crate::harness::{Ended, Workspace};
use kl_math::distribution::Pair;
use kl_math::law::Bins;
use kl_runner::experiment::{RunContext, carry_out, planned_sampling};
use kl_runner::experiment_file::{self, Source};
use kl_runner::plan::PlannedEstimator;
use kl_runner::record::Recorder;
use kl_sim::estimator::{Estimator, LogRatio, Scorer, Settings, Theory};
use kl_sim::simulation::{Cancel, Engine, Meter};
use std::borrow::Cow;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The program on one thread, in no more than so many megabytes of addresses.
fn run_within(here: &Workspace, megabytes: u64, arguments: &str) -> Ended {
    let runner = env!("CARGO_BIN_EXE_runner");
    let script = format!("ulimit -v {}; '{runner}' {arguments}", 1_000 * megabytes);
    let mut command = Command::new("sh");
    command.args(["-c", &script]).current_dir(here.path("")).stdin(Stdio::null());
    Ended::new(command.env("MALLOC_ARENA_MAX", "1").output().unwrap())
}

fn grid(conditions: usize, n: u64) -> String {
    format!(
        "seed = 1\ntrials = 4_096\nN = {n}\nP.bernoulli.p = 0.5\n\n[grid]\n\
         \"Q.bernoulli.p\" = {{ from = 0.01, to = 0.99, steps = {conditions} }}\n"
    )
}

/// It scored every condition and kept all estimates: 130 KiB a condition of one symbol, 400 MB here.
#[test]
fn a_plan_of_thousands_of_conditions_takes_little_memory() {
    let here = Workspace::with_spec(&grid(3_000, 1));
    run_within(&here, 100, "plan coin.toml --threads 1").succeeds().shows("3,000 conditions");
}

/// Everything was kept as text, as fields, as a table, and as JSON: 400 MB here.
#[test]
fn a_report_of_thousands_of_conditions_takes_little_memory() {
    let here = Workspace::with_spec(&grid(20_000, 10));
    here.run(["coin.toml", "--quiet", "--trials", "10", "--sampler", "counts"]).succeeds();
    for format in ["json", "csv", "terminal"] {
        let ended = run_within(&here, 110, &format!("report results/coin --format {format}")).succeeds();
        assert!(ended.out.lines().count() > 20_000);
    }
    let json: serde_json::Value =
        serde_json::from_str(&run_within(&here, 110, "report results/coin --format json").succeeds().out).unwrap();
    assert_eq!(json["experiments"][0]["rows"].as_array().map(Vec::len), Some(20_000));
    // Whoever has read enough may go.
    let closed = run_within(&here, 110, "report results/coin --format csv | head -1").succeeds();
    assert_eq!((closed.out.lines().count(), closed.err.as_str()), (1, ""));
    // Where even that is too much, it is told.
    let ended = run_within(&here, 40, "report results/coin --format csv").refuses();
    ended.says("summary.csv about ").says(" MB of memory are needed and cannot be had");
}

/// An allocation that fails ends a program without a word of what to do.
#[test]
fn a_grid_that_is_too_large_for_the_memory_is_refused() {
    let here = Workspace::with_spec(&grid(200_000, 10));
    let ended = run_within(&here, 100, "coin.toml --threads 1 --quiet --sampler counts").refuses();
    ended
        .says("for 200_000 conditions about 300 MB of memory are needed and cannot be had")
        .says("vary fewer parameters");
    assert!(!here.path("results").exists());
    // A small one does with less.
    let here = here.file("small.toml", grid(2_000, 10));
    run_within(&here, 100, "small.toml --threads 1 --quiet --sampler counts").succeeds();
}

#[test]
fn a_file_that_is_too_large_for_the_memory_is_refused() {
    let keys: String = (0..100_000).map(|key| format!("key_{key} = {key}\n")).collect();
    let here = Workspace::with_spec(&keys).file("trials.csv", format!("estimate\n{}", "0.5\n".repeat(1_500_000)));
    run_within(&here, 50, "coin.toml").refuses().says("to read coin.toml about ").says("cannot be had");
    let ended = run_within(&here, 40, "summarize trials.csv").refuses();
    ended.says("no memory is left for the trials from here on").says("a part of it at a time");
    let ended = run_within(&here, 100, "summarize trials.csv").refuses();
    ended.says("to summarize 1500000 trials about 120 MB of memory are needed");
    run_within(&here, 500, "summarize trials.csv").succeeds().shows("1,500,000 estimates");
}

/// The log ratio, which counts how often it is asked for its moments.
#[derive(Debug)]
struct Asked(Arc<AtomicU64>);

impl Estimator for Asked {
    fn name(&self) -> &str {
        "asked"
    }

    fn written(&self) -> (&'static str, Settings) {
        LogRatio.written()
    }

    fn suits(&self, pair: &Pair, n: u64) -> Result<(), String> {
        LogRatio.suits(pair, n)
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        LogRatio.theory(pair, n)
    }

    fn moments(&self, pair: &Pair, n: u64) -> (Option<f64>, Option<f64>) {
        self.0.fetch_add(1, Ordering::Relaxed);
        LogRatio.moments(pair, n)
    }

    fn bins(&self, pair: &Pair, n: u64) -> Bins {
        LogRatio.bins(pair, n)
    }

    fn symbol_values<'a>(&self, pair: &'a Pair) -> Option<Cow<'a, [f64]>> {
        LogRatio.symbol_values(pair)
    }

    fn is_symbol_mean(&self, pair: &Pair) -> bool {
        LogRatio.is_symbol_mean(pair)
    }

    fn scorer<'a>(&'a self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
        // Its own may outlive this one.
        static LOG_RATIO: LogRatio = LogRatio;
        LOG_RATIO.scorer(pair, n)
    }
}

/// Asks the run to stop when so many symbols are drawn.
struct StopAt {
    symbols: u64,
    drawn: AtomicU64,
    cancel: Cancel,
}

impl Meter for StopAt {
    fn advanced(&self, symbols: u64) {
        if self.drawn.fetch_add(symbols, Ordering::Relaxed) + symbols >= self.symbols {
            self.cancel.cancel(2);
        }
    }
}

/// Moments of count estimators at two hundred lengths take seconds: who has pressed Ctrl-C does not wait for them.
#[test]
fn a_run_that_is_cancelled_asks_for_no_more_theory() {
    let text = "seed = 1\ntrials = 8\nN = 1_000\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n";
    let asked = |stop: u64| {
        let source = Source { name: "coin.toml".to_owned(), text: text.to_owned() };
        let mut plan = experiment_file::read(&source, "coin", &[]).unwrap();
        let count = Arc::new(AtomicU64::new(0));
        plan.estimators = vec![PlannedEstimator::Estimator(Arc::new(Asked(Arc::clone(&count))))];
        let cancel = Cancel::default();
        let meter = StopAt { symbols: stop, drawn: AtomicU64::new(0), cancel: cancel.clone() };
        let mut sink = Recorder::start(&plan, |_| Ok::<_, std::io::Error>(Vec::new())).unwrap();
        let engine = Engine::new(Some(1)).unwrap();
        let run = RunContext { engine: &engine, cancel: &cancel, meter: &meter };
        let found = carry_out(&plan, &planned_sampling, run, &mut sink).unwrap();
        (count.load(Ordering::Relaxed), found.complete)
    };
    let (whole, complete) = asked(u64::MAX);
    assert!(whole > 50 && complete, "{whole}");
    // The last symbol is drawn: what is left is theory.
    assert_eq!(asked(8_000), (0, false));
}
