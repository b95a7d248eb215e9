//! What sampling costs beside the random bytes themselves, as ratios within one run, against the targets.
//!
//! `cargo bench --bench targets` prints the table; with `-- --write` it also takes its place in docs/benchmarks.md.

#![allow(clippy::unwrap_used, missing_docs)]

mod cases;

use cases::named;
use kl_math::distribution::{Distribution, Pair};
use kl_runner::experiment_file::{Argument, read_pair};
use kl_sim::estimator::{Batch, Detail, ESTIMATORS, Rows, Settings, View};
use kl_sim::simulation::{Blocks, ChainBlocks, CountsBlocks, Engine, Segment, SequenceBlocks, SumBlocks, ValueBlocks};
use std::sync::Arc;
use std::time::Instant;

/// Measurements of each kind, taken in turn: the quickest counts.
const ROUNDS: usize = 9;

/// Symbols, or bytes, a measurement.
const SYMBOLS: u64 = 1 << 24;

/// Trials a measurement.
const TRIALS: u64 = 1 << 19;

/// What a line is to reach, at most.
#[derive(Clone, Copy)]
enum Target {
    None,
    /// So many bytes of ChaCha8, by rand_chacha.
    Bytes(f64),
    Nanoseconds(f64),
    Milliseconds(f64),
    /// So many times another line of this name.
    Times(f64, &'static str),
}

use Target::{Bytes, Milliseconds, Nanoseconds, Times};

impl Target {
    /// The target, and whether `line` meets it.
    fn shown(self, line: &Line, lines: &[Line]) -> String {
        let each = line.each();
        let (goal, reached, unit) = match self {
            Self::None => return String::new(),
            Bytes(goal) => (goal, each / lines[0].each(), "bytes".to_owned()),
            Nanoseconds(goal) => (goal, each, "ns".to_owned()),
            Milliseconds(goal) => (goal, each / 1e6, "ms".to_owned()),
            Times(goal, name) => {
                let Some(other) = lines.iter().find(|line| line.name == name) else { return String::new() };
                (goal, each / other.each(), format!("times {name}"))
            }
        };
        let found = if matches!(self, Times(..)) { format!(", {reached:.2} times") } else { String::new() };
        let goal = (1e3 * goal).round() / 1e3;
        format!("≤ {goal} {unit}: {}{found}", if reached <= goal { "met" } else { "**missed**" })
    }
}

/// A line of the table.
struct Line {
    name: String,
    /// How many of what.
    count: u64,
    unit: &'static str,
    target: Target,
    run: Box<dyn Fn()>,
    best: f64,
}

impl Line {
    fn new(name: impl Into<String>, count: u64, unit: &'static str, target: Target, run: impl Fn() + 'static) -> Self {
        Self { name: name.into(), count, unit, target, run: Box::new(run), best: f64::INFINITY }
    }

    fn measure(&mut self) {
        let start = Instant::now();
        (self.run)();
        self.best = self.best.min(start.elapsed().as_secs_f64());
    }

    /// Nanoseconds for one.
    fn each(&self) -> f64 {
        1e9 * self.best / self.count as f64
    }
}

fn grouped(n: u64) -> String {
    kl_runner::report::grouped(n)
}

fn sequence(name: &'static str, n: u64, target: Target) -> Line {
    let source = named(name);
    let blocks = SequenceBlocks::new(1, &source, n);
    let trials = SYMBOLS / n;
    Line::new(format!("`sequence`, {name}, N = {}", grouped(n)), trials * n, "symbol", target, move || {
        cases::draw(&blocks, n, trials);
    })
}

/// The symbols themselves, one after the other.
fn symbols(name: &'static str, n: u64, target: Target) -> Line {
    let source = named(name);
    let blocks = SequenceBlocks::new(1, &source, n);
    let trials = SYMBOLS / 4 / n;
    Line::new(format!("… in order, {name}, N = {}", grouped(n)), trials * n, "symbol", target, move || {
        cases::draw_in(&blocks, n, trials, Detail::Sequence);
    })
}

fn counts(name: &'static str, n: u64, target: Target) -> Line {
    counts_of(TRIALS, name, n, target)
}

fn counts_of(trials: u64, name: &'static str, n: u64, target: Target) -> Line {
    let source = named(name);
    let blocks = CountsBlocks::new(1, &source, n);
    // Whole blocks only.
    let block = blocks.sizes().block;
    let trials = trials / block * block;
    Line::new(format!("`counts`, {name}, N = {}", grouped(n)), trials, "trial", target, move || {
        cases::draw(&blocks, n, trials);
    })
}

/// Counts of six symbols scored by an estimator, and none drawn.
fn scoring(kind: &'static str, target: Target) -> Line {
    let (n, p) = (1_000, written(SIX));
    let pair = Pair::new(Arc::clone(&p), written(OTHER_SIX)).unwrap();
    let estimator =
        ESTIMATORS.iter().find(|known| known.name == kind).map(|known| (known.make)(&Settings::new())).unwrap();
    // The trials of some batches, again and again, by a new scorer for each block.
    let trials = 1 << 12;
    let counts: Vec<u64> = {
        let blocks = CountsBlocks::new(1, &p, n);
        let mut sampler = blocks.sampler(0);
        sampler.draw(Segment::whole(trials, n), Detail::Totals).counts().flatten().copied().collect()
    };
    Line::new(format!("`{kind}` of counts, six symbols, N = {}", grouped(n)), TRIALS, "trial", target, move || {
        for _ in 0..TRIALS as usize / trials {
            let mut scorer = estimator.scorer(&pair, n);
            let mut scored = Vec::new();
            for (first, counts) in (0..).step_by(512).zip(counts.chunks(512 * 6)) {
                let view = View::Counts(Rows::new(6, counts));
                let batch = Batch { trials: counts.len() / 6, first, start: 0, end: n, view, model: None };
                scored.clear();
                scorer.score(&batch, &mut scored);
                std::hint::black_box(&scored);
            }
        }
    })
}

/// The theory of one condition: D, V, the law and its tails, as a run works them out.
fn theory(name: &str, kind: &'static str, n: u64, (p, q): (&str, &str), target: Target) -> Line {
    let pair = Pair::new(written(p), written(q)).unwrap();
    let kind_of = ESTIMATORS.iter().find(|known| known.name == kind).unwrap();
    let name = format!("theory of `{kind}`, {name}, N = {}", grouped(n));
    Line::new(name, 1, "condition", target, move || {
        // A new one each time: it keeps what it has worked out.
        std::hint::black_box((kind_of.make)(&Settings::new()).theory(&pair, n));
    })
}

/// All of a run but its files, for many conditions with few trials.
fn conditions(name: &str, p: &str, q: impl Fn(u32) -> String, target: Target) -> Line {
    const CONDITIONS: u32 = 100;
    let models: Vec<String> = (0..CONDITIONS).map(q).collect();
    let (plan, engine) = (cases::plan(p, &models.join(", "), "counts", 1_000), Engine::new(Some(1)).unwrap());
    let name = format!("{name}: a condition of 1,000 trials and its tests");
    Line::new(name, u64::from(CONDITIONS), "condition", target, move || cases::whole_job(&plan, &engine))
}

/// The whole process of a run of one trial, its files on the disk.
fn start_up(target: Target) -> Line {
    let folder = std::env::temp_dir().join(format!("kl-runner-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let spec = folder.join("one.toml");
    std::fs::write(&spec, "seed = 1\ntrials = 1\nN = 1_000\nP = [0.4, 0.6]\nQ = [0.5, 0.5]\n").unwrap();
    Line::new("one trial, the whole process", 1, "process", target, move || {
        let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_runner"));
        assert!(run.arg(&spec).arg("--quiet").arg("--out").arg(&folder).status().unwrap().success());
    })
}

/// A distribution as it is written on the command line.
fn written(text: &str) -> Arc<Distribution> {
    let argument = Argument { name: "--p", text };
    Arc::clone(read_pair(argument, argument).unwrap().source())
}

/// Values that are no symbols, each drawn and its statistics summed.
fn values(text: &'static str, target: Target) -> Line {
    let (n, source) = (1_000, written(text));
    let blocks = ValueBlocks::new(1, &source, n).unwrap();
    let trials = SYMBOLS / 4 / n;
    Line::new(format!("`sequence`, {text}, N = {}", grouped(n)), trials * n, "value", target, move || {
        cases::draw(&blocks, n, trials);
    })
}

/// Their sum, drawn at once.
fn sums(text: &'static str, n: u64, target: Target) -> Line {
    let source = written(text);
    let blocks = SumBlocks::new(1, &source, n).unwrap();
    let block = blocks.sizes().block;
    let trials = TRIALS / block * block;
    Line::new(format!("`counts`, {text}, N = {}", grouped(n)), trials, "trial", target, move || {
        cases::draw(&blocks, n, trials);
    })
}

/// Symbols with a memory.
fn chain(name: &str, transition: &[f64], target: Target) -> Line {
    let n = 1_000;
    let states = transition.len().isqrt();
    let rows: Vec<String> = transition.chunks(states).map(|row| format!("{row:?}")).collect();
    let source = written(&format!("markov_chain(initial=stationary, transition=[{}])", rows.join(", ")));
    let blocks = ChainBlocks::of(1, &source, source.chain().unwrap().law(), n);
    let trials = SYMBOLS / n;
    Line::new(format!("`sequence`, {name}, N = {}", grouped(n)), trials * n, "symbol", target, move || {
        cases::draw(&blocks, n, trials);
    })
}

/// Rows of probabilities that differ, K² in all.
fn uneven_rows<const SIZE: usize>() -> [f64; SIZE] {
    let states = SIZE.isqrt();
    let weight = |place: usize| (1 + (place / states + 3 * (place % states)) % states) as f64;
    std::array::from_fn(|place| weight(place) / (states * (states + 1) / 2) as f64)
}

fn tally(trials: u64, target: Target) -> Line {
    let name = format!("`tally`, coin of 0.4, N = 1,000, {} trials", grouped(trials));
    Line::new(name, 1, "tally", target, move || {
        cases::tally(&named("coin of 0.4"), 1_000, trials);
    })
}

fn job(name: &str, models: &'static str, threads: usize, target: Target) -> Line {
    let weights = "[0.1, 0.2, 0.3, 0.15, 0.05, 0.2]";
    let trials = 1 << 19;
    let (plan, engine) = (cases::plan(weights, models, "sequence", trials), Engine::new(Some(threads)).unwrap());
    Line::new(name, trials * 1_000, "symbol", target, move || cases::whole_job(&plan, &engine))
}

const SIX: &str = "[0.1, 0.2, 0.3, 0.15, 0.05, 0.2]";
const OTHER_SIX: &str = "[0.2, 0.1, 0.3, 0.15, 0.05, 0.2]";
const FIRST: &str = "[0.2, 0.1, 0.3, 0.15, 0.05, 0.2]";
const BOTH: &str = "[0.2, 0.1, 0.3, 0.15, 0.05, 0.2], [0.1, 0.1, 0.1, 0.2, 0.25, 0.25]";

/// The names of lines that others are measured by.
const COIN: &str = "`sequence`, coin of 0.4, N = 1,000";
const FOUR: &str = "`sequence`, four symbols, N = 1,000";
const EIGHT: &str = "`sequence`, eight symbols, N = 1,000";
const DRAWING: &str = "`counts`, six symbols, N = 1,000";
const ONE_THREAD: &str = "six symbols, the whole job on one thread";

fn main() {
    let mut lines = vec![
        Line::new("a byte of ChaCha8, by rand_chacha", SYMBOLS, "byte", Target::None, || cases::fill_plainly(SYMBOLS)),
        Line::new("the same byte, by our streams", SYMBOLS, "byte", Target::None, || cases::fill(SYMBOLS)),
        sequence("coin of one half", 1_000, Target::None),
        sequence("coin of 0.4", 10, Target::None),
        sequence("coin of 0.4", 100, Bytes(1.2)),
        sequence("coin of 0.4", 1_000, Bytes(0.5)),
        sequence("coin of 0.3", 1_000, Bytes(0.5)),
        sequence("coin of 0.4", 100_000, Bytes(0.38)),
        sequence("four symbols", 1_000, Bytes(1.0)),
        sequence("six symbols", 1_000, Bytes(1.0)),
        sequence("eight symbols", 1_000, Target::None),
        sequence("16 symbols", 1_000, Bytes(1.5)),
        sequence("256 symbols", 1_000, Bytes(4.0)),
        sequence("50,000 symbols", 100_000, Bytes(8.0)),
        symbols("coin of one half", 1_000, Target::None),
        symbols("coin of 0.4", 10, Target::None),
        symbols("coin of 0.4", 1_000, Target::None),
        symbols("six symbols", 1_000, Target::None),
        symbols("16 symbols", 1_000, Target::None),
        symbols("256 symbols", 1_000, Target::None),
        counts("coin of 0.4", 10, Nanoseconds(5.0)),
        counts("coin of 0.4", 1_000, Nanoseconds(5.0)),
        counts("coin of 0.4", 10_000_000, Nanoseconds(5.0)),
        counts("six symbols", 1_000, Nanoseconds(40.0)),
        Line {
            count: TRIALS / 4 * 100,
            unit: "symbol",
            ..counts_of(TRIALS / 4, "100 symbols", 1_000, Nanoseconds(8.0))
        },
        scoring("log_ratio", Target::None),
        scoring("plug_in", Times(2.0, DRAWING)),
        scoring("miller_madow", Times(2.0, DRAWING)),
        scoring("grassberger_schurmann", Times(2.0, DRAWING)),
        scoring("chao_shen", Times(2.0, DRAWING)),
        theory("coin", "log_ratio", 1_000, ("[0.4, 0.6]", "[0.5, 0.5]"), Milliseconds(0.2)),
        theory("six symbols", "log_ratio", 1_000, (SIX, OTHER_SIX), Milliseconds(0.2)),
        // 65,341 vectors of counts, nearly the most that are listed.
        theory("three symbols", "plug_in", 360, ("[0.2, 0.3, 0.5]", "[0.3, 0.3, 0.4]"), Milliseconds(50.0)),
        theory("three symbols", "chao_shen", 360, ("[0.2, 0.3, 0.5]", "[0.3, 0.3, 0.4]"), Milliseconds(50.0)),
        conditions(
            "coin",
            "[0.45, 0.55]",
            |step| format!("[{:.4}, {:.4}]", 0.3 + f64::from(step) * 1e-4, 0.7 - f64::from(step) * 1e-4),
            Milliseconds(0.2),
        ),
        conditions(
            "six symbols",
            SIX,
            |step| {
                format!(
                    "[{:.4}, {:.4}, 0.3, 0.15, 0.05, 0.2]",
                    0.2 + f64::from(step) * 1e-4,
                    0.1 - f64::from(step) * 1e-4
                )
            },
            Milliseconds(0.2),
        ),
        start_up(Milliseconds(3.0)),
        chain("chain of two states", &[0.6, 0.4, 0.3, 0.7], Times(1.5, COIN)),
        chain("chain of four states", &uneven_rows::<16>(), Times(1.5, FOUR)),
        chain("chain of eight states", &uneven_rows::<64>(), Times(1.5, EIGHT)),
        chain("chain of 32 states", &uneven_rows::<1024>(), Target::None),
        values("normal(mean=0, std_dev=1)", Nanoseconds(3.0)),
        values("exponential(rate=1)", Nanoseconds(3.0)),
        values("poisson(rate=3)", Nanoseconds(3.0)),
        values("gamma(shape=2.5, rate=1)", Nanoseconds(12.0)),
        values("beta(alpha=2, beta=3)", Nanoseconds(25.0)),
        values("cauchy(location=0, scale=1)", Target::None),
        sums("normal(mean=0, std_dev=1)", 1_000_000, Nanoseconds(150.0)),
        sums("exponential(rate=1)", 1_000_000, Nanoseconds(150.0)),
        sums("poisson(rate=3)", 1_000_000, Nanoseconds(150.0)),
        sums("geometric(p=0.2)", 1_000_000, Nanoseconds(150.0)),
        tally(1_000_000_000_000, Milliseconds(1.0)),
        tally(1_000_000_000_000_000, Milliseconds(1.0)),
        job("six symbols, the whole job on one thread", FIRST, 1, Target::None),
        job("… with a second Q", BOTH, 1, Times(1.05, ONE_THREAD)),
        job("… on two threads", FIRST, 2, Times(1.0 / 1.9, ONE_THREAD)),
    ];
    // `-- --only TEXT` measures those lines alone that have it in their name.
    if let Some(text) = std::env::args().skip_while(|argument| argument != "--only").nth(1) {
        lines.retain(|line| line.unit == "byte" || line.name.contains(&text));
    }
    for _ in 0..ROUNDS {
        lines.iter_mut().for_each(Line::measure);
    }
    let byte = lines[0].each();
    let mut table = String::from("| one core | time | in bytes of ChaCha8 | target |\n|---|---|---|---|\n");
    for line in &lines {
        let time = match line.each() {
            long if long > 1e4 => format!("{:.2} ms a {}", long / 1e6, line.unit),
            short => format!("{short:.2} ns a {}", line.unit),
        };
        let ratio = if matches!(line.unit, "tally" | "condition" | "process") {
            String::new()
        } else {
            format!("{:.2}", line.each() / byte)
        };
        table.push_str(&format!("| {} | {time} | {ratio} | {} |\n", line.name, line.target.shown(line, &lines)));
    }
    print!("{table}");
    if std::env::args().any(|argument| argument == "--write") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/benchmarks.md");
        let text = std::fs::read_to_string(path).unwrap();
        let (before, rest) = text.split_once("<!-- bench -->\n").unwrap();
        let (_, after) = rest.split_once("<!-- end of bench -->").unwrap();
        std::fs::write(path, format!("{before}<!-- bench -->\n{table}<!-- end of bench -->{after}")).unwrap();
    }
}
